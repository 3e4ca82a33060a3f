// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: life and death of the PF driver, on the simulated device
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/pm.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"

/* Registers of the 82576's PF; the buffer is that of VF 0 */
#define CTRL		0x000
#define CTRL_RST	BIT(26)
#define IMC		0x0d8
#define MEM		0x800
#define CAUSE		0xc80

#define REQ		BIT(0)
#define ACK		BIT(1)

#define QUIET_MS	3500	/* both ends look by hand once a second */

static struct pci_dev *pf_pdev(struct kunit *test)
{
	return sim_pf_pdev(bench_sim(test));
}

/* VFs that begin from nothing, and talk */
static void new_vfs(struct kunit *test, unsigned int vfs)
{
	unsigned int i;

	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), vfs), vfs);
	for (i = 0; i < vfs; i++) {
		bench_vf_up(test, i);
		bench_there_and_back(test, i);
	}
}

static void renew_vfs(struct kunit *test, unsigned int vfs)
{
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 0), 0);
	new_vfs(test, vfs);
}

static void expect_no_vfs(struct kunit *test)
{
	struct cfgblk_pf *pf = bench_pf(test);

	KUNIT_EXPECT_EQ(test, sim_num_vfs(bench_sim(test)), 0);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf_pdev(test)), 0);
	KUNIT_EXPECT_EQ(test, pf->num_vfs, 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&pf->poll));
}

/* A write that waits for an answer which does not come */
static struct caller *start_unheard(struct kunit *test, unsigned int vf)
{
	struct pci_dev *pdev = bench_vf_up(test, vf)->pdev;
	struct caller *caller;

	sim_faults(bench_sim(test), vf)->lost_bells = 1;
	caller = caller_start(test, pdev, CALLER_WRITE, BENCH_BLOCK);
	callers_wait_unheard(test, vf);
	return caller;
}

static int write_byte(struct kunit *test, unsigned int vf)
{
	u8 byte = 0x5a;

	return cfgblk_write_cfg_blk(sim_vf_pdev(bench_sim(test), vf), &byte, 1,
				    BENCH_BLOCK);
}

static int store_len(struct kunit *test, unsigned int vf, u8 *bytes)
{
	return cfgblk_store_peek(bench_store(test, vf), BENCH_BLOCK, bytes,
				 CFGBLK_BLOCK_MAX);
}

/* Resets of the PF */

struct variant {
	const char *name;
	const struct sim_config *config;
};

static const struct variant variants[] = {
	{ "82576", &bench_82576 },
	{ "82576 of QEMU", &bench_qemu },
};

static void variant_name(const struct variant *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(variant, variants, variant_name);

/* What VFs wrote is theirs still: no tenant has changed */
static void pf_flr_ends_calls_with_econnreset(struct kunit *test)
{
	const struct variant *variant = test->param_value;
	struct sim *sim = bench_with_vfs(test, variant->config, 2);
	struct caller *caller = start_unheard(test, 0);
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_there_and_back(test, 1);
	KUNIT_EXPECT_EQ(test, pci_reset_function(sim_pf_pdev(sim)), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ECONNRESET);
	KUNIT_EXPECT_EQ(test, bench_pf(test)->num_vfs, 2);
	KUNIT_EXPECT_EQ(test, store_len(test, 1, bytes), CFGBLK_BLOCK_MAX);
	bench_vf_up(test, 0);
	bench_vf_up(test, 1);
	KUNIT_EXPECT_EQ(test, store_len(test, 1, bytes), CFGBLK_BLOCK_MAX);
	bench_there_and_back(test, 0);
}

/* By interrupts on both ends, as before */
static void vfs_work_on_after_pf_flr(struct kunit *test)
{
	const struct variant *variant = test->param_value;
	struct sim *sim = bench_with_vfs(test, variant->config, 2);
	struct cfgblk_vf *vf;
	u64 of_pf, of_vf, polled;
	int i;

	KUNIT_EXPECT_EQ(test, pci_reset_function(sim_pf_pdev(sim)), 0);
	msleep(QUIET_MS);
	for (i = 0; i < 2; i++) {
		vf = bench_vf_up(test, i);
		polled = vf->link.counters.polled;
		of_pf = atomic64_read(&bench_pf(test)->interrupts);
		of_vf = atomic64_read(&vf->interrupts);
		bench_there_and_back(test, i);
		KUNIT_EXPECT_EQ(test, vf->link.counters.polled, polled);
		KUNIT_EXPECT_EQ(test, atomic64_read(&vf->interrupts),
				of_vf + 6);
		KUNIT_EXPECT_EQ(test, of_pf + 6,
				atomic64_read(&bench_pf(test)->interrupts));
	}
}

static void vfs_are_told_to_read_everything_after_pf_flr(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);

	bench_publish(test, 0, BENCH_BLOCK, "x");
	KUNIT_EXPECT_EQ(test, pci_reset_function(sim_pf_pdev(sim)), 0);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf_link(test, 0)->pending),
			BIT_ULL(BENCH_BLOCK));
}

/* As the PCI core does, the VFs first; the device loses nothing here */
static void all_sleep_and_wake(struct kunit *test)
{
	struct device *pf, *vf;

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	pf = &pf_pdev(test)->dev;
	vf = &sim_vf_pdev(bench_sim(test), 0)->dev;
	KUNIT_ASSERT_EQ(test, vf->driver->pm->suspend(vf), 0);
	KUNIT_ASSERT_EQ(test, pf->driver->pm->suspend(pf), 0);
	KUNIT_EXPECT_EQ(test, write_byte(test, 0), -ECONNRESET);
	KUNIT_EXPECT_EQ(test, bench_pf(test)->num_vfs, 0);
	KUNIT_ASSERT_EQ(test, pf->driver->pm->resume(pf), 0);
	KUNIT_ASSERT_EQ(test, vf->driver->pm->resume(vf), 0);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

static void device_that_does_not_wake_is_told(struct kunit *test)
{
	struct device *pf;

	bench_with_vfs(test, &bench_82576, 1);
	pf = &pf_pdev(test)->dev;
	KUNIT_ASSERT_EQ(test, pf->driver->pm->suspend(pf), 0);
	sim_faults(bench_sim(test), SIM_PF)->reset_stuck = true;
	KUNIT_EXPECT_EQ(test, pf->driver->pm->resume(pf), -EIO);
	sim_faults(bench_sim(test), SIM_PF)->reset_stuck = false;
	KUNIT_EXPECT_EQ(test, bench_pf(test)->num_vfs, 0);
}

/* CTRL.RST by the driver: configuration space stays, and so do interrupts */
static void pf_reset_makes_vfs_begin_again(struct kunit *test)
{
	struct cfgblk_pf *pf;
	struct caller *caller;
	u32 epochs[2];
	int i;

	bench_with_vfs(test, &bench_82576, 2);
	pf = bench_pf(test);
	for (i = 0; i < 2; i++)
		epochs[i] = pf->vfs[i].link.epoch;
	caller = start_unheard(test, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_pf_hw_up(pf), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ECONNRESET);
	msleep(QUIET_MS);
	for (i = 0; i < 2; i++) {
		bench_vf_up(test, i);
		KUNIT_EXPECT_NE(test, pf->vfs[i].link.epoch, epochs[i]);
		bench_there_and_back(test, i);
	}
}

/* Nobody tells the driver, so the mailboxes stay down until VFs are new */
static void unknown_reset_ends_calls_in_time(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct caller *caller = start_unheard(test, 0);

	sim_reset_at(sim, SIM_PF, 1);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ECONNRESET);
	KUNIT_EXPECT_EQ(test, write_byte(test, 0), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, write_byte(test, 1), -ETIMEDOUT);
	renew_vfs(test, 2);
}

struct resets {
	unsigned int seen;
};

static void count_resets(void *ctx, const struct sim_access *access)
{
	struct resets *resets = ctx;

	resets->seen += access->fn == SIM_PF && access->write &&
			access->reg == CTRL && (access->value & CTRL_RST);
}

/* [X550 datasheet 4.2.1]: when the number of VFs changes */
static void device_is_reset_before_vfs_are_enabled(struct kunit *test)
{
	struct resets *resets = kunit_kzalloc(test, sizeof(*resets), GFP_KERNEL);
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);

	KUNIT_ASSERT_NOT_NULL(test, resets);
	sim_hook(sim, count_resets, resets);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), 0);
	KUNIT_EXPECT_EQ(test, resets->seen, 0);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 2), 2);
	KUNIT_EXPECT_EQ(test, resets->seen, 1);
	sim_hook(sim, NULL, NULL);
}

/* A reset that does not end */

static void stuck_reset_fails_probe_with_eio(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);

	sim_faults(sim, SIM_PF)->reset_stuck = true;
	KUNIT_EXPECT_EQ(test, bench_bind(pf_pdev(test)), -EIO);
	KUNIT_EXPECT_NULL(test, cfgblk_pf_of(pf_pdev(test)));
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pf_pdev(test)));
	sim_faults(sim, SIM_PF)->reset_stuck = false;
	KUNIT_ASSERT_EQ(test, bench_bind(pf_pdev(test)), 0);
	bench_define(test, 0);
	new_vfs(test, 1);
}

static void stuck_reset_enables_no_vfs(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);

	sim_faults(sim, SIM_PF)->reset_stuck = true;
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 2), -EIO);
	expect_no_vfs(test);
	sim_faults(sim, SIM_PF)->reset_stuck = false;
	bench_define(test, 0);
	new_vfs(test, 1);
}

static void stuck_reset_after_flr_answers_no_vf(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct cfgblk_pf *pf = bench_pf(test);

	sim_faults(sim, SIM_PF)->reset_stuck = true;
	KUNIT_EXPECT_EQ(test, pci_reset_function(sim_pf_pdev(sim)), 0);
	KUNIT_EXPECT_EQ(test, pf->num_vfs, 0);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&pf->poll));
	KUNIT_EXPECT_NE(test, write_byte(test, 0), 0);
	sim_faults(sim, SIM_PF)->reset_stuck = false;
	renew_vfs(test, 2);
}

/* A device that is gone */

/* Before the PCI core makes MSI-X of all ones */
static void gone_device_is_not_driven(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);

	sim_faults(sim, SIM_PF)->gone = true;
	KUNIT_EXPECT_EQ(test, bench_bind(pf_pdev(test)), -ENODEV);
	KUNIT_EXPECT_NULL(test, cfgblk_pf_of(pf_pdev(test)));
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pf_pdev(test)));
	sim_faults(sim, SIM_PF)->gone = false;
}

/* With its first register */
static void goes_at_once(void *ctx, const struct sim_access *access)
{
	sim_faults(ctx, SIM_PF)->gone = true;
}

static void gone_device_fails_probe_with_eio(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);

	sim_hook(sim, goes_at_once, sim);
	KUNIT_EXPECT_EQ(test, bench_bind(pf_pdev(test)), -EIO);
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_NULL(test, cfgblk_pf_of(pf_pdev(test)));
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pf_pdev(test)));
	sim_faults(sim, SIM_PF)->gone = false;
}

/* All ones is not "every VF was reset": what they wrote would be erased */
static void gone_device_tells_nobody(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct cfgblk_pf *pf = bench_pf(test);
	u64 interrupts, resets = pf->vfs[0].link.counters.resets;
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_there_and_back(test, 0);
	interrupts = atomic64_read(&pf->interrupts);
	sim_faults(sim, SIM_PF)->gone = true;
	sim_ring_as_vf(sim, 1, REQ);
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->interrupts), interrupts + 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
	KUNIT_EXPECT_EQ(test, pf->vfs[0].link.counters.resets, resets);
	KUNIT_EXPECT_EQ(test, store_len(test, 0, bytes), CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, write_byte(test, 0), -ETIMEDOUT);
	sim_faults(sim, SIM_PF)->gone = false;
	msleep(QUIET_MS);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* The PF is gone from its read of the header on */
static void goes_at_header(void *ctx, const struct sim_access *access)
{
	struct sim *sim = ctx;

	if (access->fn == SIM_PF && !access->write && access->reg == MEM)
		sim_faults(sim, SIM_PF)->gone = true;
}

static void device_that_goes_during_service_is_survived(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct cfgblk_pf_link *link = &bench_pf(test)->vfs[0].link;
	u64 malformed = link->counters.malformed;

	sim_hook(sim, goes_at_header, sim);
	KUNIT_EXPECT_EQ(test, write_byte(test, 0), -ETIMEDOUT);
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_EQ(test, link->counters.malformed, malformed + 1);
	sim_faults(sim, SIM_PF)->gone = false;
	msleep(QUIET_MS);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* The PF has read a good header, and the bytes are all ones: QEMU's splits a pair */
static void goes_at_bytes(void *ctx, const struct sim_access *access)
{
	struct sim *sim = ctx;

	if (access->fn == SIM_PF && !access->write && access->reg == MEM + 4)
		sim_faults(sim, SIM_PF)->gone = true;
}

static void write_of_a_device_that_goes_is_not_stored(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_qemu, 1);
	struct cfgblk_pf_link *link = &bench_pf(test)->vfs[0].link;
	u64 malformed = link->counters.malformed;
	u8 bytes[CFGBLK_BLOCK_MAX] = { };

	sim_hook(sim, goes_at_bytes, sim);
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT,
			cfgblk_write_cfg_blk(sim_vf_pdev(sim, 0), bytes, 8,
					     BENCH_BLOCK));
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_EQ(test, store_len(test, 0, bytes), -ENODATA);
	KUNIT_EXPECT_EQ(test, link->counters.malformed, malformed + 1);
	sim_faults(sim, SIM_PF)->gone = false;
}

static void block_of_all_ones_is_stored(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	u8 bytes[CFGBLK_BLOCK_MAX], stored[CFGBLK_BLOCK_MAX] = { };

	memset(bytes, 0xff, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(sim, 0), bytes,
					     sizeof(bytes), BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, store_len(test, 0, stored), sizeof(stored));
	KUNIT_EXPECT_EQ(test, memcmp(bytes, stored, sizeof(bytes)), 0);
}

static void gone_device_is_removed(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct caller *caller = start_unheard(test, 0);
	int fn;

	for (fn = SIM_PF; fn < 2; fn++)
		sim_faults(sim, fn)->gone = true;
	bench_unbind(pf_pdev(test));
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ENODEV);
	KUNIT_EXPECT_EQ(test, pci_num_vf(pf_pdev(test)), 0);
	for (fn = SIM_PF; fn < 2; fn++)
		sim_faults(sim, fn)->gone = false;
}

/* Binding and unbinding */

static void unbind_ends_calls_with_enodev(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct caller *callers[2];
	int i;

	for (i = 0; i < 2; i++)
		callers[i] = start_unheard(test, i);
	bench_unbind(pf_pdev(test));
	for (i = 0; i < 2; i++)
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[i]), -ENODEV);
	KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 0);
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pf_pdev(test)));
	KUNIT_ASSERT_EQ(test, bench_bind(pf_pdev(test)), 0);
	expect_no_vfs(test);
	bench_define(test, 0);
	new_vfs(test, 1);
}

/* Number of VFs */

static void any_number_of_vfs_comes_and_goes(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	for (n = 0; n < 8; n++)
		bench_define(test, n);
	for (n = 1; n <= 8; n++) {
		new_vfs(test, n);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), n);
		KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, n), -EBUSY);
		KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 9 - n), -EBUSY);
		KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 9), -EINVAL);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), n);
		bench_there_and_back(test, n - 1);
		KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), 0);
		KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), -EBUSY);
		expect_no_vfs(test);
		KUNIT_EXPECT_EQ(test, store_len(test, 0, bytes), -ENODATA);
	}
}

/* The PCI core finds no room for the VFs' BARs */
static void vfs_that_cannot_be_enabled_leave_nothing(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	struct resource *bar = &pf_pdev(test)->resource[PCI_IOV_RESOURCES];
	struct resource *parent = bar->parent;

	bar->parent = NULL;
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 2), -ENOMEM);
	bar->parent = parent;
	expect_no_vfs(test);
	bench_define(test, 0);
	new_vfs(test, 1);
}

/* Interrupts */

/* An exchange takes a second then, of the two that it may take */
static void pf_without_interrupts_serves_all_the_same(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	struct cfgblk_pf *pf = bench_pf(test);
	int i;

	sim_faults(sim, SIM_PF)->lost_irqs = UINT_MAX;
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	bench_define(test, 0);
	bench_vf_up(test, 0);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, write_byte(test, 0), 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->interrupts), 0);
	KUNIT_EXPECT_GE(test, atomic64_read(&pf->polled), 7);
}

static void expect_served_by_interrupts(struct kunit *test, unsigned int vf)
{
	struct cfgblk_pf *pf = bench_pf(test);
	u64 interrupts = atomic64_read(&pf->interrupts);
	u64 polled = atomic64_read(&pf->polled);

	bench_there_and_back(test, vf);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->interrupts), interrupts + 6);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), polled);
}

static void vf_that_keeps_the_lock_delays_nobody(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);

	sim_faults(sim, 0)->keep_lock = true;
	bench_there_and_back(test, 0);
	expect_served_by_interrupts(test, 1);
	expect_served_by_interrupts(test, 0);
}

static void vf_that_does_not_go_on_delays_nobody(struct kunit *test)
{
	struct caller *caller;

	bench_with_vfs(test, &bench_82576, 2);
	caller = start_unheard(test, 0);
	expect_served_by_interrupts(test, 1);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ETIMEDOUT);
}

static void causes_of_absent_vfs_are_dropped(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct cfgblk_pf *pf = bench_pf(test);
	struct cfgblk_pf_link *absent = &pf->vfs[5].link;
	u64 interrupts = atomic64_read(&pf->interrupts);

	sim_ring_as_vf(sim, 5, REQ | ACK);
	sim_flr(sim, 5);
	msleep(QUIET_MS);
	KUNIT_EXPECT_GT(test, atomic64_read(&pf->interrupts), interrupts);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&absent->bells), 0);
	KUNIT_EXPECT_EQ(test, absent->counters.resets, 0);
	KUNIT_EXPECT_EQ(test, absent->counters.spurious, 0);
	expect_served_by_interrupts(test, 1);
}

/* Registers of which every bit is set are not those of a device that is gone */
static void all_vfs_of_a_register_are_heard_at_once(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_X550 };
	struct sim *sim = bench_plug_in(test, &config);
	struct cfgblk_pf *pf = bench_pf(test);
	u64 resets[32], spurious[16];
	unsigned long flags;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 32), 32);
	msleep(QUIET_MS);
	for (i = 0; i < 32; i++)
		resets[i] = pf->vfs[i].link.counters.resets;
	for (i = 0; i < 16; i++)
		spurious[i] = pf->vfs[i].link.counters.spurious;
	local_irq_save(flags);
	for (i = 0; i < 16; i++)
		sim_ring_as_vf(sim, i, REQ | ACK);
	local_irq_restore(flags);
	msleep(QUIET_MS);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, pf->vfs[i].link.counters.spurious,
				spurious[i] + 1);
	local_irq_save(flags);
	for (i = 0; i < 32; i++)
		sim_flr(sim, i);
	local_irq_restore(flags);
	msleep(QUIET_MS);
	for (i = 0; i < 32; i++)
		KUNIT_EXPECT_EQ(test, pf->vfs[i].link.counters.resets,
				resets[i] + 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
}

/**
 * struct late - an interrupt on its way while the driver is removed
 * @sim: the device
 * @rings: so many yet
 */
struct late {
	struct sim *sim;
	unsigned int rings;
};

/* The first write of those that silence the device */
static void ring_late(void *ctx, const struct sim_access *access)
{
	struct late *late = ctx;

	if (access->fn != SIM_PF || !access->write || access->reg != IMC ||
	    !late->rings)
		return;
	late->rings--;
	sim_ring_as_vf(late->sim, 0, REQ);
}

/* A shared handler would also be called on free; this one is not shared */
static void interrupt_during_remove_is_harmless(struct kunit *test)
{
	struct late *late = kunit_kzalloc(test, sizeof(*late), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, late);
	late->sim = bench_with_vfs(test, &bench_82576, 1);
	late->rings = 1;
	sim_faults(late->sim, SIM_PF)->dup_irqs = 1;
	sim_hook(late->sim, ring_late, late);
	bench_unbind(pf_pdev(test));
	sim_hook(late->sim, NULL, NULL);
	KUNIT_EXPECT_EQ(test, late->rings, 0);
	KUNIT_EXPECT_EQ(test, sim_faults(late->sim, SIM_PF)->dup_irqs, 0);
	KUNIT_ASSERT_EQ(test, bench_bind(pf_pdev(test)), 0);
	bench_define(test, 0);
	new_vfs(test, 1);
}

static void pf_driver_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case pf_driver_cases[] = {
	KUNIT_CASE_PARAM(pf_flr_ends_calls_with_econnreset, variant_gen_params),
	KUNIT_CASE_PARAM(vfs_work_on_after_pf_flr, variant_gen_params),
	KUNIT_CASE(vfs_are_told_to_read_everything_after_pf_flr),
	KUNIT_CASE(all_sleep_and_wake),
	KUNIT_CASE(device_that_does_not_wake_is_told),
	KUNIT_CASE(pf_reset_makes_vfs_begin_again),
	KUNIT_CASE(unknown_reset_ends_calls_in_time),
	KUNIT_CASE(device_is_reset_before_vfs_are_enabled),
	KUNIT_CASE(stuck_reset_fails_probe_with_eio),
	KUNIT_CASE(stuck_reset_enables_no_vfs),
	KUNIT_CASE(stuck_reset_after_flr_answers_no_vf),
	KUNIT_CASE(gone_device_is_not_driven),
	KUNIT_CASE(gone_device_fails_probe_with_eio),
	KUNIT_CASE(gone_device_tells_nobody),
	KUNIT_CASE(device_that_goes_during_service_is_survived),
	KUNIT_CASE(write_of_a_device_that_goes_is_not_stored),
	KUNIT_CASE(block_of_all_ones_is_stored),
	KUNIT_CASE(gone_device_is_removed),
	KUNIT_CASE(unbind_ends_calls_with_enodev),
	KUNIT_CASE(any_number_of_vfs_comes_and_goes),
	KUNIT_CASE(vfs_that_cannot_be_enabled_leave_nothing),
	KUNIT_CASE(pf_without_interrupts_serves_all_the_same),
	KUNIT_CASE(vf_that_keeps_the_lock_delays_nobody),
	KUNIT_CASE(vf_that_does_not_go_on_delays_nobody),
	KUNIT_CASE(causes_of_absent_vfs_are_dropped),
	KUNIT_CASE(all_vfs_of_a_register_are_heard_at_once),
	KUNIT_CASE(interrupt_during_remove_is_harmless),
	{ }
};

static struct kunit_suite pf_driver_suite = {
	.name = "cfgblk_pf_driver",
	.init = bench_init,
	.exit = pf_driver_exit,
	.test_cases = pf_driver_cases,
};

kunit_test_suite(pf_driver_suite);
