// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: registers of the simulated device, without drivers, against what the
 * datasheets say and QEMU does
 */
#include <kunit/test.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/pci.h>

#include "sim.h"

#define VFS		2
#define VF_BAR		0x4000

/* Registers of a family, as common/maps.c has them; found out separately */
struct regs {
	u32 pf_mem, pf_bell, cause, flr, flr_clear;
	u32 vf_mem, vf_bell;
};

static const struct regs regs_igb = {
	.pf_mem = 0x800, .pf_bell = 0xc00, .cause = 0xc80,
	.flr = 0xc88, .flr_clear = 0xc88,
	.vf_mem = 0x800, .vf_bell = 0xc40,
};

static const struct regs regs_82599 = {
	.pf_mem = 0x13000, .pf_bell = 0x4b00, .cause = 0x710,
	.flr = 0x600, .flr_clear = 0x700,
	.vf_mem = 0x200, .vf_bell = 0x2fc,
};

static const struct regs regs_x550 = {
	.pf_mem = 0x13000, .pf_bell = 0x4b00, .cause = 0x710,
	.flr = 0x700, .flr_clear = 0x700,
	.vf_mem = 0x200, .vf_bell = 0x2fc,
};

static const struct regs regs_crowd = {
	.pf_mem = 0x13000, .pf_bell = 0x4b00, .cause = SIM_CROWD_CAUSE,
	.flr = SIM_CROWD_FLR, .flr_clear = SIM_CROWD_FLR,
	.vf_mem = 0x200, .vf_bell = 0x2fc,
};

struct model {
	const char *name;
	struct sim_config config;
	const struct regs *regs;
};

static const struct model models[] = {
	{ "82576", { .model = SIM_82576, .bare = true }, &regs_igb },
	{ "82576 of QEMU",
	  { .model = SIM_82576, .bare = true, .qemu = true }, &regs_igb },
	{ "82599", { .model = SIM_82599, .bare = true }, &regs_82599 },
	{ "x550", { .model = SIM_X550, .bare = true }, &regs_x550 },
	{ "crowd", { .model = SIM_CROWD, .bare = true }, &regs_crowd },
};

static void model_name(const struct model *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(model, models, model_name);

/* A PF without driver, and two VFs without drivers */
struct bench {
	struct sim *sim;
	struct pci_dev *pdev;
	const struct regs *regs;
	bool qemu;
	void __iomem *pf;
	void __iomem *vf[VFS];
};

static void bench_map_vf(struct kunit *test, struct bench *bench, int i)
{
	struct pci_dev *pdev = sim_vf_pdev(bench->sim, i);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	device_release_driver(&pdev->dev);
	bench->vf[i] = ioremap(pci_resource_start(pdev, 0), VF_BAR);
	KUNIT_ASSERT_NOT_NULL(test, bench->vf[i]);
}

/* The core wants its lock for both, and says so since 7.x */
static int vfs_on(struct bench *bench)
{
	int err;

	pci_lock_rescan_remove();
	err = pci_enable_sriov(bench->pdev, VFS);
	pci_unlock_rescan_remove();
	return err;
}

static void vfs_off(struct bench *bench)
{
	pci_lock_rescan_remove();
	pci_disable_sriov(bench->pdev);
	pci_unlock_rescan_remove();
}

static struct bench *bench_set_up(struct kunit *test,
				  const struct model *model)
{
	struct bench *bench = test->priv;
	int i;

	bench->regs = model->regs;
	bench->qemu = model->config.qemu;
	bench->sim = sim_create(&model->config);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, bench->sim);
	bench->pdev = sim_pf_pdev(bench->sim);
	KUNIT_ASSERT_EQ(test, pci_enable_device_mem(bench->pdev), 0);
	bench->pf = pci_ioremap_bar(bench->pdev, 0);
	KUNIT_ASSERT_NOT_NULL(test, bench->pf);
	KUNIT_ASSERT_EQ(test, vfs_on(bench), 0);
	for (i = 0; i < VFS; i++)
		bench_map_vf(test, bench, i);
	return bench;
}

static int regs_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct bench), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void regs_exit(struct kunit *test)
{
	struct bench *bench = test->priv;
	int i;

	if (IS_ERR_OR_NULL(bench->sim))
		return;
	for (i = 0; i < VFS; i++)
		if (bench->vf[i])
			iounmap(bench->vf[i]);
	vfs_off(bench);
	if (bench->pf)
		iounmap(bench->pf);
	pci_disable_device(bench->pdev);
	KUNIT_EXPECT_EQ(test, sim_destroy(bench->sim), 0);
}

static u32 pf_read(struct bench *bench, u32 reg)
{
	return readl(bench->pf + reg);
}

static void pf_write(struct bench *bench, u32 reg, u32 value)
{
	writel(value, bench->pf + reg);
}

static u32 vf_bell(struct bench *bench, int vf)
{
	return readl(bench->vf[vf] + bench->regs->vf_bell);
}

static void vf_ring(struct bench *bench, int vf, u32 value)
{
	writel(value, bench->vf[vf] + bench->regs->vf_bell);
}

static u32 pf_bell(struct bench *bench, int vf)
{
	return pf_read(bench, bench->regs->pf_bell + 4 * vf);
}

static void pf_ring(struct bench *bench, int vf, u32 value)
{
	pf_write(bench, bench->regs->pf_bell + 4 * vf, value);
}

/* CTRL_EXT.PFRSTD */
static void pf_ready(struct bench *bench)
{
	pf_write(bench, 0x18, BIT(14));
}

static void regs_one_owner_at_a_time(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);

	pf_ready(bench);
	vf_bell(bench, 0);
	vf_ring(bench, 0, BIT(2));
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), BIT(2));
	pf_ring(bench, 0, BIT(3));
	KUNIT_EXPECT_EQ(test, pf_bell(bench, 0), BIT(2));
	vf_ring(bench, 0, 0);
	pf_ring(bench, 0, BIT(3));
	KUNIT_EXPECT_EQ(test, pf_bell(bench, 0), BIT(3));
	vf_ring(bench, 0, BIT(2));
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), BIT(3));
	KUNIT_EXPECT_EQ(test, pf_bell(bench, 1), 0);
}

static void regs_doorbells_of_the_pf_clear_when_read(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);

	pf_ready(bench);
	vf_bell(bench, 1);
	pf_ring(bench, 1, BIT(0) | BIT(1));
	KUNIT_EXPECT_EQ(test, pf_bell(bench, 1), 0);
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 1), BIT(4) | BIT(5));
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 1), 0);
}

static void regs_doorbells_of_vfs_clear_when_written(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);
	u32 cause = bench->regs->cause;

	vf_ring(bench, 0, BIT(0));
	vf_ring(bench, 1, BIT(0) | BIT(1));
	KUNIT_EXPECT_EQ(test, pf_read(bench, cause), 0x20003);
	KUNIT_EXPECT_EQ(test, pf_read(bench, cause), 0x20003);
	pf_write(bench, cause, 0x20001);
	KUNIT_EXPECT_EQ(test, pf_read(bench, cause), 0x2);
}

static void regs_vfs_hear_of_resets_of_the_pf(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);

	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), BIT(6));
	pf_ready(bench);
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), BIT(7));
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), 0);
	KUNIT_EXPECT_EQ(test, !!(pf_read(bench, 0x18) & BIT(14)), bench->qemu);
	pf_write(bench, 0, BIT(26));
	KUNIT_EXPECT_EQ(test, pf_read(bench, 0) & BIT(26), 0);
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), BIT(6));
}

static void regs_vf_reset_is_latched(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);
	u32 flr = bench->regs->flr;

	KUNIT_EXPECT_EQ(test, pf_read(bench, flr), 3);
	pf_write(bench, bench->regs->flr_clear, 1);
	KUNIT_EXPECT_EQ(test, pf_read(bench, flr), 2);
	pf_ready(bench);
	pf_ring(bench, 0, BIT(0));
	vf_ring(bench, 0, BIT(0) | BIT(2));
	writel(BIT(26), bench->vf[0]);
	KUNIT_EXPECT_EQ(test, pf_read(bench, flr), 3);
	KUNIT_EXPECT_EQ(test, pf_read(bench, bench->regs->cause), 1);
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0),
			bench->qemu ? BIT(2) | BIT(4) | BIT(7) : 0);
}

static void regs_stuck_vf_can_be_freed(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);

	vf_ring(bench, 0, BIT(0) | BIT(2));
	pf_ring(bench, 0, BIT(4));
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0) & BIT(2), 0);
	KUNIT_EXPECT_EQ(test, pf_read(bench, bench->regs->cause), 0);
	pf_ring(bench, 0, BIT(3));
	KUNIT_EXPECT_EQ(test, pf_bell(bench, 0), bench->qemu ? BIT(2) : BIT(3));
}

static void regs_a_vf_reaches_its_own_mailbox_only(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);
	u32 mem = bench->regs->vf_mem;
	struct sim_counts counts;

	writel(0x1234, bench->vf[1] + mem + 60);
	KUNIT_EXPECT_EQ(test, readl(bench->vf[1] + mem + 60), 0x1234);
	KUNIT_EXPECT_EQ(test, pf_read(bench, bench->regs->pf_mem + 124),
			0x1234);
	KUNIT_EXPECT_EQ(test, readl(bench->vf[0] + mem + 60), 0);
	sim_counts_clear(bench->sim);
	KUNIT_EXPECT_EQ(test, readl(bench->vf[0] + mem + 64), 0);
	sim_counts(bench->sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 1);
}

static void regs_a_disabled_vf_does_not_answer(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, test->param_value);
	u32 silence = bench->qemu ? 0 : U32_MAX;

	vfs_off(bench);
	KUNIT_EXPECT_EQ(test, vf_bell(bench, 0), silence);
	vf_ring(bench, 0, BIT(0));
	KUNIT_EXPECT_EQ(test, pf_read(bench, bench->regs->cause), 0);
}

static irqreturn_t count_irq(int irq, void *data)
{
	++*(unsigned int *)data;
	return IRQ_HANDLED;
}

/* The 82576's way to a mailbox interrupt, each step of it needed */
static void igb_irq_on(struct bench *bench)
{
	pf_write(bench, 0x1514, BIT(0) | BIT(4));
	pf_write(bench, 0x1740, BIT(15));
	pf_write(bench, 0x152c, BIT(0));
	pf_write(bench, 0x1524, BIT(0));
	pf_write(bench, 0xd0, BIT(8));
}

static void regs_82576_interrupts_on_an_edge(struct kunit *test)
{
	struct bench *bench = bench_set_up(test, &models[0]);
	unsigned int irqs = 0;
	int irq;

	pci_set_master(bench->pdev);
	KUNIT_ASSERT_EQ(test, 1, pci_alloc_irq_vectors(bench->pdev, 1, 1,
						       PCI_IRQ_MSIX));
	irq = pci_irq_vector(bench->pdev, 0);
	KUNIT_ASSERT_EQ(test, 0, request_irq(irq, count_irq, 0, "sim", &irqs));
	igb_irq_on(bench);	/* VFLRE is latched already */
	KUNIT_EXPECT_EQ(test, irqs, 1);
	vf_ring(bench, 0, BIT(0));
	KUNIT_EXPECT_EQ(test, irqs, 1);
	pf_write(bench, 0xc0, BIT(8));
	vf_ring(bench, 0, BIT(0));
	KUNIT_EXPECT_EQ(test, irqs, 2);
	pf_write(bench, 0xc84, 0xfe);	/* VF 0 masked */
	pf_write(bench, 0xc0, BIT(8));
	vf_ring(bench, 0, BIT(0));
	KUNIT_EXPECT_EQ(test, irqs, 2);
	vf_ring(bench, 1, BIT(0));
	KUNIT_EXPECT_EQ(test, irqs, 3);
	disable_irq(irq);		/* masked lazily: once sent, then pending */
	pf_write(bench, 0xc0, BIT(8));
	vf_ring(bench, 1, BIT(0));
	KUNIT_EXPECT_EQ(test, irqs, 3);
	enable_irq(irq);
	KUNIT_EXPECT_EQ(test, irqs, 4);
	free_irq(irq, &irqs);
	pci_free_irq_vectors(bench->pdev);
}

static struct kunit_case regs_cases[] = {
	KUNIT_CASE_PARAM(regs_one_owner_at_a_time, model_gen_params),
	KUNIT_CASE_PARAM(regs_doorbells_of_the_pf_clear_when_read,
			 model_gen_params),
	KUNIT_CASE_PARAM(regs_doorbells_of_vfs_clear_when_written,
			 model_gen_params),
	KUNIT_CASE_PARAM(regs_vfs_hear_of_resets_of_the_pf, model_gen_params),
	KUNIT_CASE_PARAM(regs_vf_reset_is_latched, model_gen_params),
	KUNIT_CASE_PARAM(regs_stuck_vf_can_be_freed, model_gen_params),
	KUNIT_CASE_PARAM(regs_a_vf_reaches_its_own_mailbox_only,
			 model_gen_params),
	KUNIT_CASE_PARAM(regs_a_disabled_vf_does_not_answer, model_gen_params),
	KUNIT_CASE(regs_82576_interrupts_on_an_edge),
	{ }
};

static struct kunit_suite regs_suite = {
	.name = "cfgblk_sim_regs",
	.init = regs_init,
	.exit = regs_exit,
	.test_cases = regs_cases,
};

kunit_test_suite(regs_suite);
