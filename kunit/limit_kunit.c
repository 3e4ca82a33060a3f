// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a VF that sends more than its limit allows, on the simulated device
 *
 * Time stands still while code runs, and jumps while all wait.
 */
#include <linux/bottom_half.h>
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "maps.h"
#include "bench.h"

#define RATE	100	/* messages a second */
#define BURST	20
#define FLOOD	1000	/* doorbells */

#define VF_BELL_REQ	BIT(0)

/* VFs that are attached, the last with a limit that a test can reach */
static unsigned int limited_vf(struct kunit *test,
			       const struct sim_config *config,
			       unsigned int vfs)
{
	bench_with_vfs(test, config, vfs);
	/* Until what the handshake cost is paid back */
	msleep(20);
	cfgblk_rate_set(&bench_pf_link(test, vfs - 1)->rate, RATE, BURST);
	return vfs - 1;
}

/* One message each */
static void vf_writes(struct kunit *test, unsigned int vf, unsigned int times)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), vf);
	u8 byte = 1;

	while (times--)
		KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, &byte, 1,
							      BENCH_BLOCK));
}

static void flood(struct kunit *test, unsigned int vf)
{
	unsigned int i;

	for (i = 0; i < FLOOD; i++)
		sim_ring_as_vf(bench_sim(test), vf, VF_BELL_REQ);
}

/* The same, while nothing but interrupts is heard on this CPU */
static void storm(struct kunit *test, unsigned int vf)
{
	local_bh_disable();
	flood(test, vf);
	local_bh_enable();
}

/* Rings again and again, until the PF has seen that it is too often */
static void flood_to_the_limit(struct kunit *test, unsigned int vf)
{
	struct cfgblk_pf_link *link = bench_pf_link(test, vf);
	unsigned int i;

	for (i = 0; i < FLOOD && !READ_ONCE(link->limited); i++) {
		sim_ring_as_vf(bench_sim(test), vf, VF_BELL_REQ);
		flush_work(&link->work.work);
	}
	KUNIT_ASSERT_TRUE(test, READ_ONCE(link->limited));
}

static bool muted(struct kunit *test, unsigned int vf)
{
	struct cfgblk_pf *pf = bench_pf(test);

	return !(readl(pf->bar + pf->map->mute + vf / 32 * 4) & BIT(vf % 32));
}

static u64 interrupts(struct kunit *test)
{
	return atomic64_read(&bench_pf(test)->interrupts);
}

static void vf_within_its_limit_is_not_made_to_wait(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	u64 before = ktime_get_ns();

	vf_writes(test, vf, BURST);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, vf)->counters.limited, 0);
	KUNIT_EXPECT_FALSE(test, cfgblk_pf_link_limited(bench_pf_link(test, vf)));
	KUNIT_EXPECT_LT(test, ktime_get_ns() - before, NSEC_PER_SEC / RATE);
}

static void vf_over_its_limit_is_served_late_and_whole(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	u64 before = ktime_get_ns();
	u64 took;

	vf_writes(test, vf, BURST + 2 * RATE);
	took = ktime_get_ns() - before;
	KUNIT_EXPECT_GE(test, took, 2 * NSEC_PER_SEC - NSEC_PER_SEC / RATE);
	KUNIT_EXPECT_LT(test, took, 5 * NSEC_PER_SEC);
	KUNIT_EXPECT_TRUE(test, cfgblk_pf_link_limited(bench_pf_link(test, vf)));
}

static void limit_is_over_when_the_vf_was_quiet(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	u64 limited;

	flood_to_the_limit(test, vf);
	ssleep(3);
	limited = bench_pf_link(test, vf)->counters.limited;
	KUNIT_EXPECT_FALSE(test, cfgblk_pf_link_limited(bench_pf_link(test, vf)));
	KUNIT_EXPECT_FALSE(test, muted(test, vf));
	vf_writes(test, vf, BURST);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, vf)->counters.limited, limited);
}

static void flood_costs_no_more_work_than_the_limit(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	u64 spurious = bench_pf_link(test, vf)->counters.spurious;
	unsigned int i;

	for (i = 0; i < 10; i++) {
		flood(test, vf);
		msleep(100);
	}
	spurious = bench_pf_link(test, vf)->counters.spurious - spurious;
	KUNIT_EXPECT_GT(test, spurious, 0);
	KUNIT_EXPECT_LE(test, spurious, BURST + RATE + 1);
}

static void other_vfs_do_not_notice(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 2);
	u64 before;

	flood_to_the_limit(test, vf);
	before = ktime_get_ns();
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_LT(test, ktime_get_ns() - before, NSEC_PER_SEC / RATE);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(bench_pf_link(test, vf)->limited));
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, 0)->counters.limited, 0);
}

struct family {
	const char *name;
	struct sim_config config;
	unsigned int vfs;
};

static const struct family families[] = {
	{ "82576", { .model = SIM_82576 }, 8 },
	{ "x550", { .model = SIM_X550 }, 34 },
};

static void family_name(const struct family *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(family, families, family_name);

static void flooding_vf_interrupts_nobody_for_a_while(struct kunit *test)
{
	const struct family *param = test->param_value;
	unsigned int vf = limited_vf(test, &param->config, param->vfs);
	u64 before;

	flood_to_the_limit(test, vf);
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
	KUNIT_EXPECT_FALSE(test, muted(test, 0));
	before = interrupts(test);
	flood(test, vf);
	KUNIT_EXPECT_EQ(test, interrupts(test), before);
	sim_ring_as_vf(bench_sim(test), 0, VF_BELL_REQ);
	KUNIT_EXPECT_EQ(test, interrupts(test), before + 1);
	ssleep(1);
	KUNIT_EXPECT_FALSE(test, muted(test, vf));
	bench_there_and_back(test, vf);
}

static void storm_of_bells_ends_without_any_work(struct kunit *test)
{
	const struct family *param = test->param_value;
	unsigned int vf = limited_vf(test, &param->config, param->vfs);
	u64 before = interrupts(test);
	u64 polled;

	polled = atomic64_read(&bench_pf(test)->polled);
	storm(test, vf);
	KUNIT_EXPECT_LE(test, interrupts(test) - before, FLOOD / 10);
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
	KUNIT_EXPECT_FALSE(test, muted(test, 0));
	ssleep(2);
	KUNIT_EXPECT_FALSE(test, muted(test, vf));
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf(test)->vfs[vf].storms), 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf(test)->polled), polled);
	bench_there_and_back(test, vf);
}

/* The device forgot that the VF was muted: so must we */
static void storm_after_a_reset_of_the_pf_ends_as_well(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 2);
	u64 before;

	storm(test, vf);
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(bench_pf(test)->pdev));
	KUNIT_EXPECT_FALSE(test, muted(test, vf));
	before = interrupts(test);
	storm(test, vf);
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
	KUNIT_EXPECT_LE(test, interrupts(test) - before, FLOOD / 10);
}

/* The next poll forgives its storm, but not that it sends too much */
static void storm_of_a_limited_vf_ends_with_its_limit(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 2);

	flood_to_the_limit(test, vf);
	cfgblk_pf_mute(bench_pf(test), vf, false);
	storm(test, vf);
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
	mod_delayed_work(system_wq, &bench_pf(test)->poll, 0);
	flush_delayed_work(&bench_pf(test)->poll);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(bench_pf_link(test, vf)->limited));
	KUNIT_EXPECT_TRUE(test, muted(test, vf));
}

/* Nobody interrupts for it, and the poll is not due either */
static void what_was_rung_meanwhile_is_served_afterwards(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	u64 before;

	flood_to_the_limit(test, vf);
	before = ktime_get_ns();
	vf_writes(test, vf, 1);
	KUNIT_EXPECT_LT(test, ktime_get_ns() - before, NSEC_PER_SEC / 2);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf(test)->polled), 0);
}

static void resets_in_a_loop_are_limited(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	struct cfgblk_pf_link *link = bench_pf_link(test, vf);
	u64 resets = link->counters.resets;
	unsigned int i;

	for (i = 0; i < FLOOD; i++) {
		sim_flr(bench_sim(test), vf);
		flush_work(&link->work.work);
	}
	KUNIT_EXPECT_LE(test, link->counters.resets - resets, 2);
	KUNIT_EXPECT_GE(test, link->counters.resets - resets, 1);
	ssleep(3);
	bench_vf_up(test, vf);
}

/* The next tenant may look at the buffer long before anybody is served */
static void reset_of_a_limited_vf_wipes_its_buffer_at_once(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);
	struct cfgblk_pf_link *link = bench_pf_link(test, vf);
	unsigned int i;

	cfgblk_rate_set(&link->rate, CFGBLK_LIMIT_RATE_MIN, BURST);
	flood_to_the_limit(test, vf);
	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		sim_poke(bench_sim(test), vf, i, 0x5ec2e7);
	sim_flr(bench_sim(test), vf);
	flush_work(&link->work.work);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(link->limited));
	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		KUNIT_EXPECT_EQ(test, sim_peek(bench_sim(test), vf, i), 0);
}

static void vf_without_a_limit_never_waits(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 1);

	cfgblk_rate_set(&bench_pf_link(test, vf)->rate, 0, 0);
	vf_writes(test, vf, 10 * BURST);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, vf)->counters.limited, 0);
}

static void vfs_can_be_disabled_while_one_is_limited(struct kunit *test)
{
	unsigned int vf = limited_vf(test, &bench_82576, 2);

	flood_to_the_limit(test, vf);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 0), 0);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(bench_pf_link(test, vf)->limited));
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 2), 2);
	bench_vf_up(test, vf);
	KUNIT_EXPECT_FALSE(test, muted(test, vf));
	bench_there_and_back(test, vf);
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(vf_within_its_limit_is_not_made_to_wait),
	KUNIT_CASE(vf_over_its_limit_is_served_late_and_whole),
	KUNIT_CASE(limit_is_over_when_the_vf_was_quiet),
	KUNIT_CASE(flood_costs_no_more_work_than_the_limit),
	KUNIT_CASE(other_vfs_do_not_notice),
	KUNIT_CASE_PARAM(flooding_vf_interrupts_nobody_for_a_while,
			 family_gen_params),
	KUNIT_CASE_PARAM(storm_of_bells_ends_without_any_work,
			 family_gen_params),
	KUNIT_CASE(storm_after_a_reset_of_the_pf_ends_as_well),
	KUNIT_CASE(storm_of_a_limited_vf_ends_with_its_limit),
	KUNIT_CASE(what_was_rung_meanwhile_is_served_afterwards),
	KUNIT_CASE(resets_in_a_loop_are_limited),
	KUNIT_CASE(reset_of_a_limited_vf_wipes_its_buffer_at_once),
	KUNIT_CASE(vf_without_a_limit_never_waits),
	KUNIT_CASE(vfs_can_be_disabled_while_one_is_limited),
	{ }
};

static struct kunit_suite limit_suite = {
	.name = "cfgblk_limit",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
