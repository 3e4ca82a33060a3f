// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: many VFs, all of them in use at once
 *
 * No device has 256 mailboxes: the simulator has one that could be, and the
 * drivers are given register maps for it as for any new device id.
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "maps.h"

#define PATIENCE_MS	3000	/* a mask that a lost bell delays comes then */
#define BUSY_MS		200
#define AT_ONCE		(HZ / 10)	/* what an exchange takes when nothing is wrong */

/* As common/maps.c has them for the X550 */
#define STEP(r, value)	{ .reg = (r), .clear = U32_MAX, .set = (value) }
#define STEP_MASK(i)		STEP(SIM_CROWD_MASK + 4 * (i), U32_MAX)

static const struct cfgblk_reg_step crowd_pf_up[] = {
	STEP(0x00888, U32_MAX),		/* EIMC */
	STEP(0x00898, 0xc000c010),		/* GPIE */
	STEP(0x11050, 3),			/* GCR_EXT */
	STEP(0x00a00, BIT(15)),		/* IVAR_MISC */
	STEP_MASK(0), STEP_MASK(1), STEP_MASK(2), STEP_MASK(3),
	STEP_MASK(4), STEP_MASK(5), STEP_MASK(6), STEP_MASK(7),
	STEP(0x00880, BIT(19)),		/* EIMS */
	STEP(0x00018, BIT(14) | BIT(28)),	/* CTRL_EXT */
};

static const struct cfgblk_reg_step crowd_pf_down[] = {
	STEP(0x00888, U32_MAX),
	STEP(0x00018, 0),
};

#define CROWD_FLR(i)	(SIM_CROWD_FLR + 4 * (i))
#define CROWD_FLRS	{ CROWD_FLR(0), CROWD_FLR(1), CROWD_FLR(2), \
			  CROWD_FLR(3), CROWD_FLR(4), CROWD_FLR(5), \
			  CROWD_FLR(6), CROWD_FLR(7) }

static const struct cfgblk_pf_map crowd_pf_map = {
	.name = "crowd",
	.max_vfs = SIM_VFS_MAX,
	.mem = 0x13000,
	.mem_stride = 64,
	.bell = 0x04b00,
	.cause = SIM_CROWD_CAUSE,
	.vfs_per_cause = 16,
	.flr = CROWD_FLRS,
	.flr_clear = CROWD_FLRS,
	.irq_ack = 0x00800,
	.irq_ack_bits = BIT(19),
	.up = crowd_pf_up,
	.up_steps = ARRAY_SIZE(crowd_pf_up),
	.down = crowd_pf_down,
	.down_steps = ARRAY_SIZE(crowd_pf_down),
};

static const struct cfgblk_reg_step crowd_vf_up[] = {
	STEP(0x002fc, 0),			/* VFMAILBOX */
	STEP(0x0010c, 7),			/* VTEIMC */
	STEP(0x00140, BIT(7) | 1),		/* VTIVAR_MISC */
	STEP(0x00110, 7),			/* VTEIAC */
	STEP(0x00108, 7),			/* VTEIMS */
};

static const struct cfgblk_reg_step crowd_vf_down[] = {
	STEP(0x0010c, 7),
};

static const struct cfgblk_vf_map crowd_vf_map = {
	.name = "crowd",
	.mem = 0x00200,
	.bell = 0x002fc,
	.up = crowd_vf_up,
	.up_steps = ARRAY_SIZE(crowd_vf_up),
	.down = crowd_vf_down,
	.down_steps = ARRAY_SIZE(crowd_vf_down),
};

/* As a write to "new_id" in sysfs, which cannot give a map */
static int add_id(const char *name, u16 device, const void *map)
{
	struct device_driver *driver = driver_find(name, &pci_bus_type);

	if (!driver)
		return -ENOENT;
	return pci_add_dynid(to_pci_driver(driver), PCI_VENDOR_ID_INTEL, device,
			     PCI_ANY_ID, PCI_ANY_ID, 0, 0, (unsigned long)map);
}

static int crowd_suite_init(struct kunit_suite *suite)
{
	return add_id("cfgblk_pf", SIM_CROWD_PF_ID, &crowd_pf_map) ?:
	       add_id("cfgblk_vf", SIM_CROWD_VF_ID, &crowd_vf_map);
}

static const struct crowd {
	const char *name;
	struct sim_config config;
	unsigned int vfs;
} crowd_8 = {
	"8", { .model = SIM_82576 }, 8,
};

static const struct crowd crowds[] = {
	{ "63", { .model = SIM_X550 }, 63 },
	{ "256", { .model = SIM_CROWD }, 256 },
};

static void crowd_name(const struct crowd *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(crowd, crowds, crowd_name);

/* All VFs but @but */
static struct caller **start_all(struct kunit *test, enum caller_op op,
				 unsigned int vfs, int but)
{
	struct caller **callers = kunit_kcalloc(test, vfs, sizeof(*callers),
						GFP_KERNEL);
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, callers);
	for (vf = 0; vf < vfs; vf++)
		if (vf != but)
			callers[vf] = caller_start(test,
						   sim_vf_pdev(bench_sim(test),
							       vf),
						   op, BENCH_BLOCK);
	return callers;
}

/* All at once; nobody failed, and nobody waited for anybody */
static void stop_all(struct kunit *test, struct caller **callers,
		     unsigned int vfs)
{
	unsigned int vf;

	for (vf = 0; vf < vfs; vf++)
		if (callers[vf])
			WRITE_ONCE(callers[vf]->stop, true);
	for (vf = 0; vf < vfs; vf++) {
		if (!callers[vf])
			continue;
		caller_stop(test, callers[vf]);
		KUNIT_EXPECT_EQ(test, callers[vf]->failed, 0);
		KUNIT_EXPECT_LE(test, callers[vf]->longest, AT_ONCE);
	}
}

static void expect_no_stray_access(struct kunit *test)
{
	struct sim_counts counts;

	sim_counts(bench_sim(test), SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

static void exchange_at_once(struct kunit *test, const struct crowd *crowd)
{
	struct caller **callers;

	callers = start_all(test, CALLER_EXCHANGE, crowd->vfs, -1);
	msleep(BUSY_MS);
	stop_all(test, callers, crowd->vfs);
	expect_no_stray_access(test);
}

/**
 * struct ear - what one VF has heard
 * @calls: how often
 * @mask: all together
 */
struct ear {
	unsigned int calls;
	u64 mask;
};

static void ear_listen(void *context, u64 block_mask)
{
	struct ear *ear = context;

	ear->calls++;
	ear->mask |= block_mask;
}

static struct ear *listen_all(struct kunit *test, unsigned int vfs, int but)
{
	struct ear *ears = kunit_kcalloc(test, vfs, sizeof(*ears), GFP_KERNEL);
	struct sim *sim = bench_sim(test);
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, ears);
	for (vf = 0; vf < vfs; vf++)
		if (vf != but)
			KUNIT_ASSERT_EQ(test, 0,
					cfgblk_reg_block_invalidate(sim_vf_pdev(sim, vf),
								    &ears[vf],
								    ear_listen));
	return ears;
}

static void unlisten_all(struct kunit *test, unsigned int vfs)
{
	unsigned int vf;

	for (vf = 0; vf < vfs; vf++)
		cfgblk_unreg_block_invalidate(sim_vf_pdev(bench_sim(test), vf));
}

/* Another mask for each VF of any size of crowd */
static u64 mask_of(unsigned int vf)
{
	return BIT_ULL(vf % 64) | BIT_ULL((vf + 1 + vf / 64) % 64);
}

static void hear_masks(struct kunit *test, const struct crowd *crowd)
{
	struct pci_dev *pdev = sim_pf_pdev(bench_sim(test));
	const u64 mask = BIT_ULL(63) | BIT_ULL(BENCH_BLOCK) | 1;
	struct ear *ears = listen_all(test, crowd->vfs, -1);
	unsigned int vf;

	cfgblk_invalidate(pdev, CFGBLK_VF_ALL, mask);
	msleep(BUSY_MS);
	for (vf = 0; vf < crowd->vfs; vf++) {
		KUNIT_EXPECT_EQ(test, ears[vf].mask, mask);
		KUNIT_EXPECT_EQ(test, ears[vf].calls, 1);
		ears[vf].mask = 0;
	}
	for (vf = 0; vf < crowd->vfs; vf++)
		cfgblk_invalidate(pdev, vf, mask_of(vf));
	msleep(BUSY_MS);
	for (vf = 0; vf < crowd->vfs; vf++) {
		KUNIT_EXPECT_EQ(test, ears[vf].mask, mask_of(vf));
		KUNIT_EXPECT_EQ(test, ears[vf].calls, 2);
	}
	unlisten_all(test, crowd->vfs);
}

/* It asked for something, never takes the answer, and keeps the buffer */
static void vf_gets_stuck(struct kunit *test, unsigned int vf)
{
	struct sim *sim = bench_sim(test);
	struct sim_faults *faults = sim_faults(sim, vf);
	struct pci_dev *pdev = sim_vf_pdev(sim, vf);
	u8 byte = 0;

	bench_there_and_back(test, vf);
	faults->keep_lock = true;
	faults->lost_irqs = UINT_MAX;
	caller_start(test, pdev, CALLER_READ, BENCH_BLOCK);
	callers_wait(test, cfgblk_vf_of(pdev), 1);
	faults->lost_bells = UINT_MAX;
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT,
			cfgblk_write_cfg_blk(pdev, &byte, 1, BENCH_BLOCK));
}

static void bear_a_stuck_vf(struct kunit *test, const struct crowd *crowd)
{
	const unsigned int stuck = crowd->vfs / 2;
	struct sim *sim = bench_sim(test);
	struct caller **callers;
	struct ear *ears;
	unsigned int vf;

	vf_gets_stuck(test, stuck);
	ears = listen_all(test, crowd->vfs, stuck);
	callers = start_all(test, CALLER_EXCHANGE, crowd->vfs, stuck);
	cfgblk_invalidate(sim_pf_pdev(sim), CFGBLK_VF_ALL, 2);
	msleep(BUSY_MS);
	stop_all(test, callers, crowd->vfs);
	for (vf = 0; vf < crowd->vfs; vf++)
		KUNIT_EXPECT_EQ(test, ears[vf].mask, vf == stuck ? 0 : 2);
	*sim_faults(sim, stuck) = (struct sim_faults){ };
	bench_vf_up(test, stuck);
	bench_there_and_back(test, stuck);
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(sim_vf_pdev(sim, stuck),
						    &ears[stuck], ear_listen));
	msleep(PATIENCE_MS);
	KUNIT_EXPECT_EQ(test, ears[stuck].mask, 2);
	unlisten_all(test, crowd->vfs);
}

static void bear_an_flr(struct kunit *test, const struct crowd *crowd)
{
	const unsigned int last = crowd->vfs - 1;
	struct sim *sim = bench_sim(test);
	struct cfgblk_pf *pf = bench_pf(test);
	u64 *resets = kunit_kcalloc(test, crowd->vfs, sizeof(*resets),
				    GFP_KERNEL);
	struct caller **callers;
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, resets);
	for (vf = 0; vf < crowd->vfs; vf++)
		resets[vf] = pf->vfs[vf].link.counters.resets;
	callers = start_all(test, CALLER_EXCHANGE, crowd->vfs, last);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(sim, last)));
	msleep(BUSY_MS);
	stop_all(test, callers, crowd->vfs);
	bench_vf_up(test, last);
	bench_there_and_back(test, last);
	for (vf = 0; vf < crowd->vfs; vf++)
		KUNIT_EXPECT_EQ(test, pf->vfs[vf].link.counters.resets,
				resets[vf] + (vf == last));
}

/* Each with a call that nobody hears */
static void go(struct kunit *test, const struct crowd *crowd)
{
	struct sim *sim = bench_sim(test);
	struct caller **callers;
	unsigned int vf;

	bench_pf_is_deaf(test);
	callers = start_all(test, CALLER_WRITE, crowd->vfs, -1);
	for (vf = 0; vf < crowd->vfs; vf++)
		callers_wait(test, cfgblk_vf_of(callers[vf]->pdev), 1);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 0), 0);
	for (vf = 0; vf < crowd->vfs; vf++)
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[vf]),
				-ENODEV);
}

static void come(struct kunit *test, const struct crowd *crowd)
{
	struct sim *sim = bench_sim(test);
	unsigned int vf;

	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, crowd->vfs), crowd->vfs);
	for (vf = 0; vf < crowd->vfs; vf++) {
		bench_vf_up(test, vf);
		bench_there_and_back(test, vf);
	}
}

static const struct crowd *gather(struct kunit *test,
				  const struct crowd *crowd)
{
	bench_with_vfs(test, &crowd->config, crowd->vfs);
	return crowd;
}

static void crowd_exchanges_at_once(struct kunit *test)
{
	exchange_at_once(test, gather(test, &crowd_8));
}

static void each_of_the_crowd_hears_its_mask(struct kunit *test)
{
	hear_masks(test, gather(test, &crowd_8));
}

static void one_stuck_vf_delays_nobody(struct kunit *test)
{
	bear_a_stuck_vf(test, gather(test, &crowd_8));
}

static void flr_of_the_last_vf_is_its_own(struct kunit *test)
{
	bear_an_flr(test, gather(test, &crowd_8));
}

static void crowd_goes_and_comes_again(struct kunit *test)
{
	const struct crowd *crowd = gather(test, &crowd_8);

	go(test, crowd);
	come(test, crowd);
}

/* It takes a second to gather so many: all on one device */
static void all_of_that_with_many_vfs(struct kunit *test)
{
	const struct crowd *crowd = gather(test, test->param_value);

	exchange_at_once(test, crowd);
	hear_masks(test, crowd);
	bear_a_stuck_vf(test, crowd);
	bear_an_flr(test, crowd);
	go(test, crowd);
}

static void crowd_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case crowd_cases[] = {
	KUNIT_CASE(crowd_exchanges_at_once),
	KUNIT_CASE(each_of_the_crowd_hears_its_mask),
	KUNIT_CASE(one_stuck_vf_delays_nobody),
	KUNIT_CASE(flr_of_the_last_vf_is_its_own),
	KUNIT_CASE(crowd_goes_and_comes_again),
	KUNIT_CASE_PARAM(all_of_that_with_many_vfs, crowd_gen_params),
	{ }
};

static struct kunit_suite crowd_suite = {
	.name = "cfgblk_crowd",
	.suite_init = crowd_suite_init,
	.init = bench_init,
	.exit = crowd_exit,
	.test_cases = crowd_cases,
};

kunit_test_suite(crowd_suite);
