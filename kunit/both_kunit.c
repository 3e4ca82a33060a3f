// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: both drivers on the simulated device, when one of them goes or is
 * reset while all VFs are busy
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"

#define VFS		4
#define CALLS		(CALLER_KINDS * VFS)
#define RESET		2	/* the VF that is reset */
#define RESETS		5

static void all_talk(struct kunit *test)
{
	unsigned int vf;

	for (vf = 0; vf < VFS; vf++) {
		bench_vf_up(test, vf);
		bench_there_and_back(test, vf);
	}
}

/* Calls of each kind on each VF, none of which the PF hears for a second */
static void start_calls(struct kunit *test, struct caller **callers)
{
	struct sim *sim = bench_sim(test);
	unsigned int i;

	bench_pf_is_deaf(test);
	for (i = 0; i < CALLS; i++)
		callers[i] = caller_start(test, sim_vf_pdev(sim, i % VFS),
					  i / VFS, BENCH_BLOCK);
	for (i = 0; i < VFS; i++)
		callers_wait(test, cfgblk_vf_of(callers[i]->pdev),
			     CALLER_KINDS);
}

/* Everything once more, from nothing */
static void again_from_nothing(struct kunit *test)
{
	struct sim *sim = bench_sim(test);
	unsigned int vf;

	KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 0);
	KUNIT_ASSERT_EQ(test, bench_bind(sim_pf_pdev(sim)), 0);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, VFS), VFS);
	for (vf = 0; vf < VFS; vf++)
		bench_define(test, vf);
	all_talk(test);
}

static void go_pf_first(struct kunit *test, struct caller **callers)
{
	bench_unbind(sim_pf_pdev(bench_sim(test)));
}

static void go_vfs_first(struct kunit *test, struct caller **callers)
{
	unsigned int vf;

	for (vf = 0; vf < VFS; vf++)
		bench_unbind(callers[vf]->pdev);
	bench_unbind(sim_pf_pdev(bench_sim(test)));
}

static void go_numvfs_first(struct kunit *test, struct caller **callers)
{
	KUNIT_EXPECT_EQ(test, 0, sim_set_num_vfs(bench_sim(test), 0));
	bench_unbind(sim_pf_pdev(bench_sim(test)));
}

/**
 * struct going - a VF driver that is unbound by another process
 * @pdev: the VF
 * @work: unbinds it
 */
struct going {
	struct pci_dev *pdev;
	struct work_struct work;
};

static void going_work(struct work_struct *work)
{
	struct going *going = container_of(work, struct going, work);

	bench_unbind(going->pdev);
}

static void go_at_once(struct kunit *test, struct caller **callers)
{
	struct going *going = kunit_kcalloc(test, VFS, sizeof(*going),
					    GFP_KERNEL);
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, going);
	for (vf = 0; vf < VFS; vf++) {
		going[vf].pdev = callers[vf]->pdev;
		INIT_WORK(&going[vf].work, going_work);
		queue_work(system_unbound_wq, &going[vf].work);
	}
	bench_unbind(sim_pf_pdev(bench_sim(test)));
	for (vf = 0; vf < VFS; vf++)
		flush_work(&going[vf].work);
}

static const struct order {
	const char *name;
	void (*go)(struct kunit *test, struct caller **callers);
} orders[] = {
	{ "PF first", go_pf_first },
	{ "VFs first", go_vfs_first },
	{ "sriov_numvfs 0 first", go_numvfs_first },
	{ "all at once", go_at_once },
};

static void order_name(const struct order *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(order, orders, order_name);

static void unbind_with_calls_in_any_order_is_enodev(struct kunit *test)
{
	const struct order *order = test->param_value;
	struct caller *callers[CALLS];
	unsigned int i;

	bench_with_vfs(test, &bench_82576, VFS);
	all_talk(test);
	start_calls(test, callers);
	order->go(test, callers);
	for (i = 0; i < CALLS; i++) {
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[i]), -ENODEV);
		KUNIT_EXPECT_LE(test, callers[i]->longest, HZ);
	}
	again_from_nothing(test);
}

static void exchange_on_all(struct kunit *test, struct caller **callers)
{
	unsigned int vf;

	for (vf = 0; vf < VFS; vf++)
		callers[vf] = caller_start(test,
					   sim_vf_pdev(bench_sim(test), vf),
					   CALLER_EXCHANGE, BENCH_BLOCK);
	msleep(100);
}

static void stop_all(struct kunit *test, struct caller **callers)
{
	unsigned int vf;

	for (vf = 0; vf < VFS; vf++)
		caller_stop(test, callers[vf]);
}

static void flr_of_one_vf_costs_the_others_nothing(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, VFS);
	struct caller *callers[VFS];
	unsigned int i, vf;

	exchange_on_all(test, callers);
	for (i = 0; i < RESETS; i++) {
		KUNIT_ASSERT_EQ(test, 0,
				pci_reset_function(sim_vf_pdev(sim, RESET)));
		msleep(300);
	}
	stop_all(test, callers);
	for (vf = 0; vf < VFS; vf++)
		if (vf != RESET)
			KUNIT_EXPECT_EQ(test, callers[vf]->failed, 0);
	KUNIT_EXPECT_EQ(test, callers[RESET]->err, 0);
	all_talk(test);
}

/* The PF gives the VFs back what the PCI core does not */
static void flr_of_the_pf_ends_calls_in_time(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, VFS);
	struct caller *callers[VFS];
	unsigned int vf;

	exchange_on_all(test, callers);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_pf_pdev(sim)));
	ssleep(10);
	stop_all(test, callers);
	for (vf = 0; vf < VFS; vf++)
		KUNIT_EXPECT_GT(test, callers[vf]->failed, 0);
	all_talk(test);
}

/* A reset that spares configuration space: nobody has to do anything */
static void reset_of_the_device_heals_by_itself(struct kunit *test)
{
	struct caller *callers[VFS];
	unsigned int i, vf;

	bench_with_vfs(test, &bench_82576, VFS);
	exchange_on_all(test, callers);
	for (i = 0; i < RESETS; i++) {
		KUNIT_ASSERT_EQ(test, 0, cfgblk_pf_hw_up(bench_pf(test)));
		ssleep(5);
	}
	stop_all(test, callers);
	for (vf = 0; vf < VFS; vf++) {
		KUNIT_EXPECT_EQ(test, callers[vf]->err, 0);
		KUNIT_EXPECT_LE(test, callers[vf]->failed, 2 * RESETS);
	}
	all_talk(test);
}

/* In the middle of an exchange, at one register access after another */
#define RESET_AT_LAST	200
#define RESET_AT_STEP	11

static void reset_of_the_device_at_any_access_heals(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, VFS);
	struct caller *callers[VFS];
	unsigned int at;

	exchange_on_all(test, callers);
	for (at = 1; at < RESET_AT_LAST; at += RESET_AT_STEP) {
		sim_reset_at(sim, SIM_PF, at);
		ssleep(3);
		KUNIT_ASSERT_EQ(test, 0, cfgblk_pf_hw_up(bench_pf(test)));
		ssleep(3);
	}
	stop_all(test, callers);
	all_talk(test);
}

static void both_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case both_cases[] = {
	KUNIT_CASE_PARAM(unbind_with_calls_in_any_order_is_enodev,
			 order_gen_params),
	KUNIT_CASE(flr_of_one_vf_costs_the_others_nothing),
	KUNIT_CASE(flr_of_the_pf_ends_calls_in_time),
	KUNIT_CASE(reset_of_the_device_heals_by_itself),
	KUNIT_CASE(reset_of_the_device_at_any_access_heals),
	{ }
};

static struct kunit_suite both_suite = {
	.name = "cfgblk_both",
	.init = bench_init,
	.exit = both_exit,
	.test_cases = both_cases,
};

kunit_test_suite(both_suite);
