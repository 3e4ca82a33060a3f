// SPDX-License-Identifier: GPL-2.0
/*
 * Test bench: a simulated device with the PF and VF drivers on it
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

#define UP_TRIES	1000	/* a VF without interrupts polls once a second */
#define UP_EVERY_MS	20

struct bench {
	struct sim *sim;
};

const struct sim_config bench_82576 = { .model = SIM_82576 };
const struct sim_config bench_bare = { .model = SIM_82576, .bare = true };
const struct sim_config bench_qemu = { .model = SIM_82576, .qemu = true };
const struct sim_config bench_narrow = { .model = SIM_I350 };

int bench_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct bench), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

void bench_exit(struct kunit *test)
{
	bench_pull_out(test);
}

struct sim *bench_sim(struct kunit *test)
{
	struct bench *bench = test->priv;

	return bench->sim;
}

struct cfgblk_pf *bench_pf(struct kunit *test)
{
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(bench_sim(test)));

	KUNIT_ASSERT_NOT_NULL(test, pf);
	return pf;
}

struct cfgblk_pf_link *bench_pf_link(struct kunit *test, unsigned int vf)
{
	return &bench_pf(test)->vfs[vf].link;
}

/*
 * For a second the PF hears nothing: its next interrupt is lost, and the device
 * sends no other one until somebody has looked at the causes.
 */
void bench_pf_is_deaf(struct kunit *test)
{
	mod_delayed_work(system_wq, &bench_pf(test)->poll, HZ);
	sim_faults(bench_sim(test), SIM_PF)->lost_irqs = 1;
}

/* A parameter of one of our modules, "cfgblk_vf.allow_parent" */
const struct kernel_param *bench_param(struct kunit *test, const char *name)
{
	const struct kernel_param *param;

	for (param = __start___param; param < __stop___param; param++)
		if (!strcmp(param->name, name))
			return param;
	KUNIT_FAIL(test, "there is no parameter %s", name);
	return NULL;
}

/* As a write to "bind" in sysfs.  Returns what the driver's probe says */
int bench_bind(struct pci_dev *pdev)
{
	struct device_driver *driver = driver_find(pdev->is_physfn ?
						   "cfgblk_pf" : "cfgblk_vf",
						   &pci_bus_type);

	return driver ? device_driver_attach(driver, &pdev->dev) : -ENOENT;
}

/*
 * As a write to "unbind" in sysfs, which forgets a lock: newer kernels warn of
 * any PF's driver that then takes its VFs away.
 */
void bench_unbind(struct pci_dev *pdev)
{
	bool pf = pdev->is_physfn;

	if (pf)
		pci_lock_rescan_remove();
	device_release_driver(&pdev->dev);
	if (pf)
		pci_unlock_rescan_remove();
}

struct sim *bench_plug_in(struct kunit *test, const struct sim_config *config)
{
	struct bench *bench = test->priv;
	struct sim *sim = sim_create(config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, sim);
	bench->sim = sim;
	return sim;
}

void bench_pull_out(struct kunit *test)
{
	struct bench *bench = test->priv;
	struct sim *sim = bench->sim;

	bench->sim = NULL;
	if (sim)
		KUNIT_EXPECT_EQ(test, sim_destroy(sim), 0);
}

/* Wait until the VF driver's handshake is done */
struct cfgblk_vf *bench_vf_up(struct kunit *test, unsigned int i)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), i);
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

struct cfgblk_store *bench_store(struct kunit *test, unsigned int vf)
{
	return &bench_pf(test)->vfs[vf].store;
}

void bench_define_block(struct kunit *test, unsigned int vf, u32 id,
			unsigned int size, u32 access)
{
	KUNIT_ASSERT_EQ(test, 0, cfgblk_store_define(bench_store(test, vf), id,
						     size, access));
}

void bench_define(struct kunit *test, unsigned int vf)
{
	bench_define_block(test, vf, BENCH_BLOCK, CFGBLK_BLOCK_MAX, BENCH_RW);
}

/* As the host does, quietly */
void bench_publish(struct kunit *test, unsigned int vf, u32 id,
		   const char *text)
{
	cfgblk_store_publish(bench_store(test, vf), id, text, strlen(text));
}

/* What the host would read */
void bench_expect_block(struct kunit *test, unsigned int vf, u32 id,
			const char *text)
{
	u8 bytes[CFGBLK_BLOCK_MAX];
	int n = cfgblk_store_peek(bench_store(test, vf), id, bytes,
				  sizeof(bytes));

	KUNIT_ASSERT_EQ(test, n, strlen(text));
	KUNIT_EXPECT_EQ(test, memcmp(bytes, text, n), 0);
}

/* A device with VFs, BENCH_BLOCK in each, and all handshakes done */
struct sim *bench_with_vfs(struct kunit *test, const struct sim_config *config,
			   unsigned int vfs)
{
	struct sim *sim = bench_plug_in(test, config);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, vfs), vfs);
	for (i = 0; i < vfs; i++) {
		bench_define(test, i);
		bench_vf_up(test, i);
	}
	return sim;
}

/* CFGBLK_BLOCK_MAX bytes that differ by place and by @seed */
void bench_fill(u8 *bytes, u8 seed)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		bytes[i] = seed + i * 7;
}

/* 128 bytes to the PF's store and back again */
void bench_there_and_back(struct kunit *test, unsigned int i)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), i);
	u8 out[CFGBLK_BLOCK_MAX], in[CFGBLK_BLOCK_MAX] = { };
	unsigned int n = 0;

	bench_fill(out, i);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, out, sizeof(out),
						      BENCH_BLOCK));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, in, sizeof(in),
						     BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, n, sizeof(in));
	KUNIT_EXPECT_EQ(test, memcmp(in, out, sizeof(in)), 0);
}
