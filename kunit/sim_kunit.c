// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the simulated device, with the real PF and VF drivers on it
 *
 * VF drivers bind because the kernel is booted with cfgblk_vf.allow_parent=1.
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "sim.h"

#define BLOCK		7
#define UP_TRIES	1000	/* a VF without interrupts polls once a second */
#define UP_EVERY_MS	20
#define RECOVER_TRIES	3

/*
 * Accesses of one exchange of 128 bytes, as QEMU's trace counts them.  One of
 * the VF's reads is the look whether an answer was wiped meanwhile.
 */
#define WRITE_VF_READS	6
#define WRITE_VF_WRITES	38
#define WRITE_PF_READS	41
#define WRITE_PF_WRITES	12
#define WRITE_ACCESSES	(WRITE_VF_READS + WRITE_VF_WRITES + \
			 WRITE_PF_READS + WRITE_PF_WRITES)
#define READ_VF_READS	39
#define READ_VF_WRITES	4
#define READ_PF_READS	7
#define READ_PF_WRITES	44

struct sim_test {
	struct sim *sim;
};

static struct sim *sim_of(struct kunit *test)
{
	struct sim_test *ctx = test->priv;

	return ctx->sim;
}

static struct sim *sim_plug_in(struct kunit *test,
			       const struct sim_config *config)
{
	struct sim_test *ctx = test->priv;
	struct sim *sim = sim_create(config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sim);
	ctx->sim = sim;
	return sim;
}

static void sim_pull_out(struct kunit *test)
{
	struct sim_test *ctx = test->priv;
	struct sim *sim = ctx->sim;

	ctx->sim = NULL;
	if (sim)
		KUNIT_EXPECT_EQ(test, sim_destroy(sim), 0);
}

/* Wait until the VF driver's handshake is done */
static struct cfgblk_vf *vf_up(struct kunit *test, unsigned int i)
{
	struct pci_dev *pdev = sim_vf_pdev(sim_of(test), i);
	struct cfgblk_vf *vf;
	int tries;

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	vf = cfgblk_vf_of(pdev);
	KUNIT_ASSERT_NOT_NULL(test, vf);
	for (tries = 0; tries < UP_TRIES; tries++) {
		if (READ_ONCE(vf->link.state) == CFGBLK_VF_IDLE)
			return vf;
		msleep(UP_EVERY_MS);
	}
	KUNIT_ASSERT_LT_MSG(test, tries, UP_TRIES, "VF %u: no handshake", i);
	return NULL;
}

/* A device with VFs, a block of 128 bytes in each, and all handshakes done */
static struct sim *sim_with_vfs(struct kunit *test,
				const struct sim_config *config,
				unsigned int vfs)
{
	struct sim *sim = sim_plug_in(test, config);
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(sim));
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, vfs), vfs);
	for (i = 0; i < vfs; i++) {
		KUNIT_ASSERT_EQ(test, 0,
				cfgblk_store_define(&pf->vfs[i].store, BLOCK,
						    CFGBLK_BLOCK_MAX,
						    CFGBLK_ACCESS_READ |
						    CFGBLK_ACCESS_WRITE));
		vf_up(test, i);
	}
	return sim;
}

static void fill(u8 *bytes, u8 seed)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		bytes[i] = seed + i * 7;
}

/* 128 bytes to the PF's store and back again */
static void there_and_back(struct kunit *test, unsigned int i)
{
	struct pci_dev *pdev = sim_vf_pdev(sim_of(test), i);
	u8 out[CFGBLK_BLOCK_MAX], in[CFGBLK_BLOCK_MAX] = { };
	unsigned int n = 0;

	fill(out, i);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, out, sizeof(out),
						      BLOCK));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, in, sizeof(in),
						     BLOCK, &n));
	KUNIT_EXPECT_EQ(test, n, sizeof(in));
	KUNIT_EXPECT_EQ(test, memcmp(in, out, sizeof(in)), 0);
}

static const struct sim_config config_82576 = { .model = SIM_82576 };
static const struct sim_config config_qemu = {
	.model = SIM_82576, .qemu = true,
};

/* What the PCI core makes of the PF's configuration space */
static void sim_pf_is_found_with_its_capabilities(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_82576, .bare = true };
	struct sim *sim = sim_plug_in(test, &config);
	struct pci_dev *pdev = sim_pf_pdev(sim);

	KUNIT_EXPECT_EQ(test, pdev->vendor, PCI_VENDOR_ID_INTEL);
	KUNIT_EXPECT_EQ(test, pdev->device, 0x10c9);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 0), 0x20000);
	KUNIT_EXPECT_EQ(test, pci_msix_vec_count(pdev), 10);
	KUNIT_EXPECT_EQ(test, pcie_reset_flr(pdev, PCI_RESET_PROBE), 0);
	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(pdev), 8);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, PCI_IOV_RESOURCES),
			8 * 0x4000);
	KUNIT_EXPECT_NULL(test, pci_dev_driver(pdev));
	KUNIT_EXPECT_NULL(test, sim_vf_pdev(sim, 0));
}

static void sim_vfs_come_and_go_with_vf_enable(struct kunit *test)
{
	struct sim *sim = sim_plug_in(test, &config_82576);
	unsigned int i, round;

	for (round = 0; round < 2; round++) {
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 8), 8);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 8);
		for (i = 0; i < 8; i++)
			vf_up(test, i);
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 0), 0);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 0);
		KUNIT_EXPECT_NULL(test, sim_vf_pdev(sim, 0));
	}
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 9), -EINVAL);
}

static void sim_interrupts_reach_both_ends(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_82576, 1);
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(sim));
	struct cfgblk_vf *vf = vf_up(test, 0);
	u64 of_pf = atomic64_read(&pf->interrupts);
	u64 of_vf = atomic64_read(&vf->interrupts);
	struct sim_counts counts;

	sim_counts_clear(sim);
	there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->interrupts) - of_pf, 6);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vf->interrupts) - of_vf, 6);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
	sim_counts(sim, SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.irqs, 6);
	sim_counts(sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.irqs, 6);
}

static void expect_counts(struct kunit *test, int fn, unsigned int reads,
			  unsigned int writes)
{
	struct sim_counts counts;

	sim_counts(sim_of(test), fn, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads, reads);
	KUNIT_EXPECT_EQ(test, counts.writes, writes);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

/* Time stands still while code runs, so no poll falls into an exchange */
static void sim_counts_accesses_as_qemu_does(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_qemu, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	there_and_back(test, 0);
	fill(bytes, 0);
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BLOCK));
	expect_counts(test, 0, WRITE_VF_READS, WRITE_VF_WRITES);
	expect_counts(test, SIM_PF, WRITE_PF_READS, WRITE_PF_WRITES);
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes,
						     sizeof(bytes), BLOCK, &n));
	expect_counts(test, 0, READ_VF_READS, READ_VF_WRITES);
	expect_counts(test, SIM_PF, READ_PF_READS, READ_PF_WRITES);
}

/* A VF's buffer, seen and changed by the hook before the PF reads it */
static void tear(void *ctx, const struct sim_access *access)
{
	struct kunit *test = ctx;

	if (access->fn == SIM_PF && !access->write && access->reg == 0x804)
		sim_poke(sim_of(test), 0, 1, 0xdeadbeef);
}

static void sim_hook_can_tear_the_buffer(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	fill(bytes, 0);
	sim_hook(sim, tear, test);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes, 8, BLOCK));
	sim_hook(sim, NULL, NULL);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes, 8, BLOCK, &n));
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\xef\xbe\xad\xde", 4), 0);
}

/* One after the other, each followed by an exchange that works */
static void sim_faults_are_survived(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_82576, 1);
	struct sim_faults *of_pf = sim_faults(sim, SIM_PF);
	struct sim_faults *of_vf = sim_faults(sim, 0);

	of_pf->dup_irqs = 3;
	of_vf->dup_irqs = 3;
	there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_pf->dup_irqs + of_vf->dup_irqs, 0);
	of_pf->lost_irqs = 1;
	there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_pf->lost_irqs, 0);
	of_vf->lost_irqs = 1;
	there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_vf->lost_irqs, 0);
	of_vf->keep_lock = true;
	there_and_back(test, 0);
}

static void sim_lost_doorbell_times_out(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[8] = { };

	sim_faults(sim, 0)->lost_bells = 1;
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT,
			cfgblk_write_cfg_blk(pdev, bytes, sizeof(bytes),
					     BLOCK));
	vf_up(test, 0);
	there_and_back(test, 0);
}

static void sim_all_ones_do_not_hang(struct kunit *test)
{
	struct sim *sim = sim_with_vfs(test, &config_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[8] = { };

	sim_faults(sim, SIM_PF)->gone = true;
	sim_faults(sim, 0)->gone = true;
	KUNIT_EXPECT_NE(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BLOCK));
	sim_faults(sim, SIM_PF)->gone = false;
	sim_faults(sim, 0)->gone = false;
	vf_up(test, 0);
	there_and_back(test, 0);
}

struct many {
	const char *name;
	struct sim_config config;
	unsigned int vfs;
};

static const struct many many[] = {
	{ "82576", { .model = SIM_82576 }, 8 },
	{ "82576 of QEMU", { .model = SIM_82576, .qemu = true }, 8 },
	{ "i350", { .model = SIM_I350 }, 8 },
	{ "82599", { .model = SIM_82599 }, 64 },
	{ "x540", { .model = SIM_X540 }, 63 },
	{ "x550", { .model = SIM_X550 }, 33 },
};

static void many_name(const struct many *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(many, many, many_name);

static void sim_every_vf_of_every_model_talks(struct kunit *test)
{
	const struct many *param = test->param_value;
	struct sim *sim = sim_with_vfs(test, &param->config, param->vfs);
	struct sim_counts counts;
	unsigned int i;

	for (i = 0; i < param->vfs; i++)
		there_and_back(test, i);
	sim_counts(sim, SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

/* By its own registers, not only by the HELLO that follows */
static void sim_vf_flr_is_heard_by_the_pf(struct kunit *test)
{
	const struct many *param = test->param_value;
	unsigned int last = param->vfs - 1;
	struct sim *sim = sim_with_vfs(test, &param->config, param->vfs);
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(sim));
	struct cfgblk_pf_link *link = &pf->vfs[last].link;
	u64 resets = link->counters.resets;
	u64 of_others = pf->vfs[0].link.counters.resets;
	u32 epoch = READ_ONCE(link->epoch);

	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(sim, last)));
	vf_up(test, last);
	KUNIT_EXPECT_EQ(test, link->counters.resets, resets + 1);
	KUNIT_EXPECT_EQ(test, pf->vfs[0].link.counters.resets, of_others);
	KUNIT_EXPECT_NE(test, READ_ONCE(link->epoch), epoch);
	there_and_back(test, last);
	there_and_back(test, 0);
}

/* The ends may need to fail once or twice before they know of the reset */
static void recovers(struct kunit *test)
{
	struct pci_dev *pdev = sim_vf_pdev(sim_of(test), 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	int tries, err = -EIO;

	fill(bytes, 2);
	for (tries = 0; err && tries < RECOVER_TRIES; tries++)
		err = cfgblk_write_cfg_blk(pdev, bytes, sizeof(bytes), BLOCK);
	KUNIT_ASSERT_EQ(test, err, 0);
	there_and_back(test, 0);
}

/* A VF resets itself (VTCTRL.RST) during a write, at one access after another */
static void sim_vf_reset_at_each_access(struct kunit *test)
{
	const struct many *param = test->param_value;
	struct sim *sim = sim_with_vfs(test, &param->config, 1);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int at;

	fill(bytes, 1);
	for (at = 1; at <= WRITE_ACCESSES; at += 3) {
		sim_reset_at(sim, 0, at);
		cfgblk_write_cfg_blk(sim_vf_pdev(sim, 0), bytes, sizeof(bytes),
				     BLOCK);
		recovers(test);
	}
}

/* More VFs than mailboxes: the driver uses those that have one */
static void sim_has_256_vfs(struct kunit *test)
{
	const struct sim_config config = {
		.model = SIM_X550, .total_vfs = SIM_VFS_MAX,
	};
	struct sim *sim = sim_plug_in(test, &config);

	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(sim_pf_pdev(sim)), 256);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 256), -EINVAL);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 64), 64);
}

static int sim_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct sim_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void sim_test_exit(struct kunit *test)
{
	sim_pull_out(test);
}

static struct kunit_case sim_cases[] = {
	KUNIT_CASE(sim_pf_is_found_with_its_capabilities),
	KUNIT_CASE(sim_vfs_come_and_go_with_vf_enable),
	KUNIT_CASE(sim_interrupts_reach_both_ends),
	KUNIT_CASE(sim_counts_accesses_as_qemu_does),
	KUNIT_CASE_PARAM(sim_vf_flr_is_heard_by_the_pf, many_gen_params),
	KUNIT_CASE(sim_hook_can_tear_the_buffer),
	KUNIT_CASE(sim_faults_are_survived),
	KUNIT_CASE(sim_lost_doorbell_times_out),
	KUNIT_CASE_PARAM(sim_vf_reset_at_each_access, many_gen_params),
	KUNIT_CASE(sim_all_ones_do_not_hang),
	KUNIT_CASE_PARAM(sim_every_vf_of_every_model_talks, many_gen_params),
	KUNIT_CASE(sim_has_256_vfs),
	{ }
};

static struct kunit_suite sim_suite = {
	.name = "cfgblk_sim",
	.init = sim_test_init,
	.exit = sim_test_exit,
	.test_cases = sim_cases,
};

kunit_test_suite(sim_suite);
