// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the VF driver, on the simulated device: where it binds, how its calls
 * end, and what it does when interrupts or the PF fail
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "user.h"

#define CALLS		5	/* at once, where any number will do */
#define NO_BLOCK	(BENCH_BLOCK + 1)	/* never defined */
#define SOME_SECONDS	(10 * HZ)

/* 82576 */
#define PF_CTRL		0x00000
#define PF_CTRL_RST	BIT(26)
#define VF_EICS		0x01520
#define STS		BIT(0)

/* As on the kernel's command line */
static void set_allow_parent(struct kunit *test, const char *value)
{
	const struct kernel_param *param =
		bench_param(test, "cfgblk_vf.allow_parent");
	int err;

	kernel_param_lock(NULL);
	err = param->ops->set(value, param);
	kernel_param_unlock(NULL);
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void pf_is_mute(struct kunit *test, unsigned int vf)
{
	cfgblk_pf_link_off(bench_pf_link(test, vf));
}

static void pf_speaks(struct kunit *test, unsigned int vf)
{
	cfgblk_pf_link_on(bench_pf_link(test, vf));
}

static struct pci_dev *vf_pdev(struct kunit *test, unsigned int vf)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), vf);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	return pdev;
}

/* Reads, writes and echoes of VF 0, all of them under way or queued */
static void start_calls(struct kunit *test, struct caller **callers,
			unsigned int n)
{
	struct pci_dev *pdev = vf_pdev(test, 0);
	unsigned int i;

	for (i = 0; i < n; i++)
		callers[i] = caller_start(test, pdev, i % CALLER_KINDS,
					  BENCH_BLOCK);
	callers_wait(test, cfgblk_vf_of(pdev), n);
}

static void expect_results(struct kunit *test, struct caller **callers,
			   unsigned int n, int err)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[i]), err);
}

static void expect_works(struct kunit *test)
{
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* Not as if it had never been bound, but as good as */
static void expect_left_alone(struct kunit *test, struct pci_dev *pdev)
{
	KUNIT_EXPECT_NULL(test, pci_dev_driver(pdev));
	KUNIT_EXPECT_NULL(test, pci_get_drvdata(pdev));
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pdev));
	KUNIT_EXPECT_FALSE(test, pdev->is_busmaster);
	KUNIT_EXPECT_FALSE(test, pci_dev_msi_enabled(pdev));
}

static void vf_in_the_parent_is_refused_unless_allowed(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	struct sim_counts counts;
	struct pci_dev *pdev;

	set_allow_parent(test, "0");
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	pdev = vf_pdev(test, 0);
	expect_left_alone(test, pdev);
	KUNIT_EXPECT_EQ(test, bench_bind(pdev), -ENODEV);
	expect_left_alone(test, pdev);
	sim_counts(sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads + counts.writes, 0);
	set_allow_parent(test, "1");
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	KUNIT_EXPECT_TRUE(test, cfgblk_vf_in_parent(pdev));
	bench_define(test, 0);
	expect_works(test);
}

static u32 partition(struct kunit *test, struct pci_dev *pdev)
{
	struct desk *desk = desk_new(test, cfgblk_vf_of(pdev)->node);
	struct cfgblk_info info = { };

	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	return info.partition;
}

/* To a guest the VF is an ordinary device */
static void vf_in_a_child_needs_no_permission(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	struct pci_dev *pdev;

	set_allow_parent(test, "0");
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	bench_define(test, 0);
	pdev = vf_pdev(test, 0);
	pdev->is_virtfn = 0;	/* vf_driver_exit() puts it back */
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	KUNIT_EXPECT_FALSE(test, cfgblk_vf_in_parent(pdev));
	KUNIT_EXPECT_EQ(test, partition(test, pdev), CFGBLK_PARTITION_CHILD);
	expect_works(test);
	bench_unbind(pdev);
	expect_left_alone(test, pdev);
}

/* What the PCI core hands over for driver_override is an id without a map */
static void vf_without_a_map_is_refused(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = vf_pdev(test, 0);
	struct pci_driver *driver = pci_dev_driver(pdev);
	const struct pci_device_id any = { PCI_DEVICE(PCI_ANY_ID, PCI_ANY_ID) };
	struct sim_counts counts;

	bench_unbind(pdev);
	sim_counts_clear(sim);
	device_lock(&pdev->dev);
	KUNIT_EXPECT_EQ(test, driver->probe(pdev, &any), -ENODEV);
	device_unlock(&pdev->dev);
	expect_left_alone(test, pdev);
	sim_counts(sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads + counts.writes, 0);
}

static void calls_before_the_handshake_time_out(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);
	struct caller *callers[CALLS];
	struct cfgblk_vf *vf;

	KUNIT_ASSERT_EQ(test, pci_enable_sriov(sim_pf_pdev(sim), 1), 0);
	vf = cfgblk_vf_of(vf_pdev(test, 0));
	KUNIT_ASSERT_NOT_NULL(test, vf);
	start_calls(test, callers, CALLS);
	expect_results(test, callers, CALLS, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vf->link.state, CFGBLK_VF_DOWN);
	KUNIT_EXPECT_EQ(test, vf->link.counters.fragments_out, 0);
	KUNIT_EXPECT_EQ(test, vf->link.counters.timeouts, CALLS);
	KUNIT_ASSERT_EQ(test, bench_bind(sim_pf_pdev(sim)), 0);
	bench_define(test, 0);
	expect_works(test);
}

/* They wait for the handshake and are answered after it */
static void calls_during_the_reset_of_the_pf_are_answered_later(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);
	struct caller *callers[CALLER_KINDS];

	KUNIT_ASSERT_EQ(test, pci_enable_sriov(sim_pf_pdev(sim), 1), 0);
	start_calls(test, callers, CALLER_KINDS);
	KUNIT_ASSERT_EQ(test, bench_bind(sim_pf_pdev(sim)), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, callers[CALLER_READ]),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, caller_result(test, callers[CALLER_WRITE]),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, caller_result(test, callers[CALLER_ECHO]), 0);
	bench_define(test, 0);
	expect_works(test);
}

static void silent_pf_costs_its_caller_the_time_limit(struct kunit *test)
{
	struct cfgblk_vf *vf;
	struct caller *caller;

	bench_with_vfs(test, &bench_82576, 2);
	vf = cfgblk_vf_of(vf_pdev(test, 0));
	pf_is_mute(test, 0);
	start_calls(test, &caller, 1);
	bench_there_and_back(test, 1);
	KUNIT_EXPECT_EQ(test, vf->link.calls.waiting, 1);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, caller->longest, vf->link.calls.limit);
	KUNIT_EXPECT_EQ(test, vf->link.counters.timeouts, 1);
	pf_speaks(test, 0);
	expect_works(test);
}

static void one_call_too_many_is_refused_and_the_others_served(struct kunit *test)
{
	struct caller *callers[CFGBLK_VF_CALLS_MAX];
	struct pci_dev *pdev;
	u8 byte = 0;
	unsigned int n;

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	pdev = vf_pdev(test, 0);
	bench_pf_is_deaf(test);
	start_calls(test, callers, CFGBLK_VF_CALLS_MAX);
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			cfgblk_write_cfg_blk(pdev, &byte, 1, BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			cfgblk_read_cfg_blk(pdev, &byte, 1, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, -EAGAIN,
			cfgblk_vf_echo(cfgblk_vf_of(pdev), &byte, 1));
	expect_results(test, callers, CFGBLK_VF_CALLS_MAX, 0);
	expect_works(test);
}

/* Each in turn: the one under way, then the one in the queue */
static void killed_caller_takes_no_answer_from_others(struct kunit *test)
{
	struct caller *killed[2], *other;
	struct pci_dev *pdev;
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);	/* seed 0 */
	pdev = vf_pdev(test, 0);
	bench_pf_is_deaf(test);
	killed[0] = caller_start(test, pdev, CALLER_READ, NO_BLOCK);
	killed[1] = caller_start(test, pdev, CALLER_WRITE, BENCH_BLOCK);
	other = caller_start(test, pdev, CALLER_READ, BENCH_BLOCK);
	killed[1]->seed = 99;
	callers_wait(test, cfgblk_vf_of(pdev), 3);
	caller_kill(killed[0]);
	caller_kill(killed[1]);
	KUNIT_EXPECT_EQ(test, caller_result(test, killed[0]), -EINTR);
	KUNIT_EXPECT_EQ(test, caller_result(test, killed[1]), -EINTR);
	callers_wait(test, cfgblk_vf_of(pdev), 2);
	KUNIT_EXPECT_EQ(test, caller_result(test, other), 0);
	bench_fill(bytes, 0);
	KUNIT_EXPECT_EQ(test, other->len, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, memcmp(other->data, bytes, sizeof(bytes)), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_of(pdev)->link.calls.waiting, 0);
	expect_works(test);
}

static void vf_flr_ends_calls_with_econnreset(struct kunit *test)
{
	struct caller *callers[CALLS];
	struct pci_dev *pdev;
	unsigned int n;
	u8 byte;

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	pdev = vf_pdev(test, 0);
	bench_pf_is_deaf(test);
	start_calls(test, callers, CALLS);
	KUNIT_ASSERT_EQ(test, pci_reset_function(pdev), 0);
	expect_results(test, callers, CALLS, -ECONNRESET);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, -ENODATA,
			cfgblk_read_cfg_blk(pdev, &byte, 1, BENCH_BLOCK, &n));
	expect_works(test);
}

static void vf_unbind_ends_calls_with_enodev(struct kunit *test)
{
	struct caller *callers[CALLS];
	struct pci_dev *pdev;
	u8 byte = 0;

	bench_with_vfs(test, &bench_82576, 1);
	pdev = vf_pdev(test, 0);
	bench_pf_is_deaf(test);
	start_calls(test, callers, CALLS);
	bench_unbind(pdev);
	expect_results(test, callers, CALLS, -ENODEV);
	expect_left_alone(test, pdev);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			cfgblk_write_cfg_blk(pdev, &byte, 1, BENCH_BLOCK));
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	expect_works(test);
}

/**
 * struct strike - something that is done to the VF in the middle of calls
 * @test: the test
 * @in: register accesses until then
 * @flr: reset it, otherwise unbind it
 * @err: what that returned
 * @hit: calls that it ended
 * @work: does it
 */
struct strike {
	struct kunit *test;
	unsigned int in;
	bool flr;
	int err;
	unsigned int hit;
	struct work_struct work;
};

static void strike_work(struct work_struct *work)
{
	struct strike *strike = container_of(work, struct strike, work);
	struct pci_dev *pdev = vf_pdev(strike->test, 0);

	if (strike->flr)
		strike->err = pci_reset_function(pdev);
	else
		bench_unbind(pdev);
}

static void strike_hook(void *ctx, const struct sim_access *access)
{
	struct strike *strike = ctx;

	if (strike->in && !--strike->in)
		queue_work(system_unbound_wq, &strike->work);
}

/* Reads, writes and echoes go on while, after @in accesses, it happens */
static void strike_in(struct strike *strike, unsigned int in)
{
	struct sim *sim = bench_sim(strike->test);
	struct caller *callers[CALLER_KINDS];
	struct pci_dev *pdev = vf_pdev(strike->test, 0);
	unsigned int i;
	int err;

	strike->in = in;
	sim_hook(sim, strike_hook, strike);
	for (i = 0; i < CALLER_KINDS; i++)
		callers[i] = caller_start(strike->test, pdev, i, BENCH_BLOCK);
	for (i = 0; i < CALLER_KINDS; i++) {
		err = caller_result(strike->test, callers[i]);
		KUNIT_EXPECT_TRUE(strike->test, !err ||
				  err == (strike->flr ? -ECONNRESET : -ENODEV) ||
				  (err == -ENODATA && i == CALLER_READ));
		strike->hit += err && err != -ENODATA;
	}
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_EQ(strike->test, strike->in, 0);
	flush_work(&strike->work);
	KUNIT_EXPECT_EQ(strike->test, strike->err, 0);
}

/* Accesses of one read, one write and one echo of 128 bytes, about */
#define STRIKE_ACCESSES	150
#define STRIKE_STEP	6

static void strike_everywhere(struct kunit *test, bool flr)
{
	struct strike *strike = kunit_kzalloc(test, sizeof(*strike), GFP_KERNEL);
	unsigned int in;

	KUNIT_ASSERT_NOT_NULL(test, strike);
	strike->test = test;
	strike->flr = flr;
	INIT_WORK(&strike->work, strike_work);
	bench_with_vfs(test, &bench_82576, 1);
	for (in = 1; in < STRIKE_ACCESSES; in += STRIKE_STEP) {
		strike_in(strike, in);
		if (!flr)
			KUNIT_ASSERT_EQ(test, bench_bind(vf_pdev(test, 0)), 0);
		expect_works(test);
	}
	KUNIT_EXPECT_GT(test, strike->hit, STRIKE_ACCESSES / STRIKE_STEP);
}

static void vf_flr_at_any_moment_is_survived(struct kunit *test)
{
	strike_everywhere(test, true);
}

static void vf_unbind_at_any_moment_is_survived(struct kunit *test)
{
	strike_everywhere(test, false);
}

static int no_bar(struct pci_dev *pdev)
{
	pdev->resource[0].flags = 0;
	return 0;
}

static void bar_again(struct pci_dev *pdev)
{
	pdev->resource[0].flags = pdev->resource[3].flags;
}

static int take_bar(struct pci_dev *pdev)
{
	return pci_request_region(pdev, 0, "somebody else");
}

static void give_bar(struct pci_dev *pdev)
{
	pci_release_region(pdev, 0);
}

static int no_msix(struct pci_dev *pdev)
{
	pdev->msix_cap = 0;
	return 0;
}

static void msix_again(struct pci_dev *pdev)
{
	pdev->msix_cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
}

/* What a probe may lack, and how to give it back */
static const struct lack {
	const char *name;
	int (*take)(struct pci_dev *pdev);
	void (*give)(struct pci_dev *pdev);
	int err;
} lacks[] = {
	{ "no BAR 0", no_bar, bar_again, -ENOMEM },
	{ "BAR 0 is somebody else's", take_bar, give_bar, -EBUSY },
	{ "no MSI-X", no_msix, msix_again, -EINVAL },
};

static void lack_name(const struct lack *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lack, lacks, lack_name);

static void failed_probe_gives_all_back(struct kunit *test)
{
	const struct lack *lack = test->param_value;
	struct pci_dev *pdev;

	bench_with_vfs(test, &bench_82576, 1);
	pdev = vf_pdev(test, 0);
	bench_unbind(pdev);
	KUNIT_ASSERT_EQ(test, lack->take(pdev), 0);
	KUNIT_EXPECT_EQ(test, bench_bind(pdev), lack->err);
	expect_left_alone(test, pdev);
	lack->give(pdev);
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	expect_works(test);
}

/* The mailbox may have either of two vectors */
static void vf_with_one_vector_is_refused(struct kunit *test)
{
	const struct sim_config config = {
		.model = SIM_82576, .vf_vectors = 1,
	};
	struct sim *sim = bench_plug_in(test, &config);

	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	KUNIT_EXPECT_EQ(test, bench_bind(vf_pdev(test, 0)), -ENOSPC);
	expect_left_alone(test, vf_pdev(test, 0));
}

/* It looks once a second; what takes one answer fits into the time limit */
static void vf_without_interrupts_polls(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = vf_pdev(test, 0);
	struct cfgblk_vf *vf = cfgblk_vf_of(pdev);
	u64 interrupts = atomic64_read(&vf->interrupts);
	unsigned int i, n;
	u8 bytes[8];

	sim_faults(sim, 0)->lost_irqs = UINT_MAX;
	for (i = 1; i < 20; i++) {
		memset(bytes, i, sizeof(bytes));
		KUNIT_EXPECT_EQ(test, 0,
				cfgblk_write_cfg_blk(pdev, bytes, sizeof(bytes),
						     BENCH_BLOCK));
		memset(bytes, 0, sizeof(bytes));
		KUNIT_EXPECT_EQ(test, 0,
				cfgblk_read_cfg_blk(pdev, bytes, sizeof(bytes),
						    BENCH_BLOCK, &n));
		KUNIT_EXPECT_EQ(test, bytes[7], i);
		KUNIT_EXPECT_EQ(test, vf->link.counters.polled, 2 * i);
	}
	KUNIT_EXPECT_EQ(test, atomic64_read(&vf->interrupts), interrupts);
}

/* Nothing was rung: it is counted, and nothing else happens */
static void interrupt_without_a_bell_does_nothing(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct cfgblk_vf *vf = bench_vf_up(test, 0);
	struct cfgblk_counters before = vf->link.counters;
	u64 interrupts = atomic64_read(&vf->interrupts);
	struct sim_counts counts;

	sim_counts_clear(sim);
	writel(BIT(0) | BIT(1), vf->bar + VF_EICS);
	flush_work(&vf->link.work);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vf->interrupts), interrupts + 2);
	sim_counts(sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads, 2);
	KUNIT_EXPECT_EQ(test, counts.writes, 1);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&before, &vf->link.counters,
					sizeof(before)));
	expect_works(test);
}

static void bell_without_a_message_is_counted(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct cfgblk_vf *vf = bench_vf_up(test, 0);
	u64 spurious = vf->link.counters.spurious;

	sim_ring_as_pf(sim, 0, STS);
	flush_work(&vf->link.work);
	KUNIT_EXPECT_EQ(test, vf->link.counters.spurious, spurious + 1);
	KUNIT_EXPECT_EQ(test, vf->link.state, CFGBLK_VF_IDLE);
	expect_works(test);
}

/* No interrupt tells of it: the VF sees RSTI when it looks */
static void vf_sees_that_the_pf_is_in_reset(struct kunit *test)
{
	struct caller *callers[CALLS];
	struct cfgblk_pf *pf;
	struct cfgblk_vf *vf;
	u64 resets;

	bench_with_vfs(test, &bench_82576, 1);
	pf = bench_pf(test);
	vf = bench_vf_up(test, 0);
	resets = vf->link.counters.resets;
	pf_is_mute(test, 0);
	start_calls(test, callers, 1);
	writel(PF_CTRL_RST, pf->bar + PF_CTRL);
	KUNIT_EXPECT_EQ(test, caller_result(test, callers[0]), -ECONNRESET);
	KUNIT_EXPECT_LE(test, callers[0]->longest, HZ + HZ / 4);
	KUNIT_EXPECT_EQ(test, vf->link.state, CFGBLK_VF_DOWN);
	KUNIT_EXPECT_EQ(test, vf->link.counters.resets, resets + 1);
	start_calls(test, callers, CALLS);
	expect_results(test, callers, CALLS, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, vf->link.state, CFGBLK_VF_DOWN);
	KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(pf), 0);
	pf_speaks(test, 0);
	expect_works(test);
}

/*
 * The reset came and went between two looks: RSTD alone tells of it.  During a
 * call the buffer would, too, which is found wiped.
 */
static void idle_vf_sees_that_the_pf_was_in_reset(struct kunit *test)
{
	struct cfgblk_pf *pf;
	struct cfgblk_vf *vf;
	u64 resets;

	bench_with_vfs(test, &bench_82576, 1);
	pf = bench_pf(test);
	vf = bench_vf_up(test, 0);
	resets = vf->link.counters.resets;
	KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(pf), 0);
	ssleep(2);
	KUNIT_EXPECT_EQ(test, vf->link.counters.resets, resets + 1);
	expect_works(test);
}

static void call_is_cut_off_by_a_reset_of_the_pf(struct kunit *test)
{
	struct caller *caller;
	struct cfgblk_pf *pf;
	struct cfgblk_vf *vf;
	u64 resets;

	bench_with_vfs(test, &bench_82576, 1);
	pf = bench_pf(test);
	vf = bench_vf_up(test, 0);
	resets = vf->link.counters.resets;
	pf_is_mute(test, 0);
	start_calls(test, &caller, 1);
	KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(pf), 0);
	pf_speaks(test, 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ECONNRESET);
	KUNIT_EXPECT_LE(test, caller->longest, HZ + HZ / 4);
	KUNIT_EXPECT_EQ(test, vf->link.counters.resets, resets + 1);
	expect_works(test);
}

/**
 * struct ear - a listener that can be made to take its time
 * @pdev: its VF
 * @called: it was called
 * @go: it may return
 * @mask: what it was told, all together
 * @back: it has returned
 * @err: what a read from within it said
 * @unregistered: cfgblk_unreg_block_invalidate() has returned
 * @work: unregisters it
 */
struct ear {
	struct pci_dev *pdev;
	struct completion called;
	struct completion go;
	u64 mask;
	bool back;
	int err;
	bool unregistered;
	struct work_struct work;
};

static void ear_listen(void *context, u64 block_mask)
{
	struct ear *ear = context;
	unsigned int n;
	u8 byte;

	ear->mask |= block_mask;
	complete(&ear->called);
	wait_for_completion(&ear->go);
	ear->err = cfgblk_read_cfg_blk(ear->pdev, &byte, 1, BENCH_BLOCK, &n);
	WRITE_ONCE(ear->back, true);
}

static void ear_unregister(struct work_struct *work)
{
	struct ear *ear = container_of(work, struct ear, work);

	cfgblk_unreg_block_invalidate(ear->pdev);
	WRITE_ONCE(ear->unregistered, true);
}

static struct ear *ear_new(struct kunit *test)
{
	struct ear *ear = kunit_kzalloc(test, sizeof(*ear), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ear);
	ear->pdev = vf_pdev(test, 0);
	init_completion(&ear->called);
	init_completion(&ear->go);
	INIT_WORK(&ear->work, ear_unregister);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_reg_block_invalidate(ear->pdev, ear,
							     ear_listen));
	return ear;
}

static bool ear_called(struct ear *ear)
{
	return wait_for_completion_timeout(&ear->called, SOME_SECONDS);
}

static int unbind_own(void *ctx)
{
	bench_unbind(ctx);
	return 0;
}

static void unregister_waits_for_a_running_listener(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct ear *ear, *next;

	bench_there_and_back(test, 0);
	ear = ear_new(test);
	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(3));
	KUNIT_ASSERT_TRUE(test, ear_called(ear));
	queue_work(system_unbound_wq, &ear->work);
	ssleep(5);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(ear->unregistered));
	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(4));
	complete_all(&ear->go);
	flush_work(&ear->work);
	KUNIT_EXPECT_TRUE(test, ear->back);
	KUNIT_EXPECT_EQ(test, ear->err, 0);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(3));
	next = ear_new(test);
	complete_all(&next->go);
	KUNIT_ASSERT_TRUE(test, ear_called(next));
	cfgblk_unreg_block_invalidate(next->pdev);
	KUNIT_EXPECT_EQ(test, next->mask, BIT_ULL(4));
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(3));
}

/* Registered while the one before it still runs */
static void next_listener_misses_nothing(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct ear *ear = ear_new(test), *next;

	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(3));
	KUNIT_ASSERT_TRUE(test, ear_called(ear));
	queue_work(system_unbound_wq, &ear->work);
	ssleep(1);
	next = ear_new(test);
	complete_all(&next->go);
	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(4));
	ssleep(1);
	complete_all(&ear->go);
	flush_work(&ear->work);
	KUNIT_EXPECT_TRUE(test, ear_called(next));
	KUNIT_EXPECT_EQ(test, next->mask, BIT_ULL(4));
	cfgblk_unreg_block_invalidate(next->pdev);
}

/* Who unregisters meanwhile may free what the listener uses */
static void unbind_waits_for_a_running_listener(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = vf_pdev(test, 0);
	struct ear *ear = ear_new(test);
	struct caller *caller;

	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(3));
	KUNIT_ASSERT_TRUE(test, ear_called(ear));
	caller = caller_start_own(test, pdev, unbind_own, pdev);
	ssleep(1);
	KUNIT_EXPECT_FALSE(test, completion_done(&caller->ended));
	queue_work(system_unbound_wq, &ear->work);
	ssleep(1);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(ear->unregistered));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	complete_all(&ear->go);
	flush_work(&ear->work);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(ear->back));
	KUNIT_EXPECT_EQ(test, ear->err, -ENODEV);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), 0);
	KUNIT_EXPECT_EQ(test, bench_bind(pdev), 0);
}

static void masks_during_a_listener_come_after_it(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct ear *ear = ear_new(test);

	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(3));
	KUNIT_ASSERT_TRUE(test, ear_called(ear));
	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(0));
	cfgblk_invalidate(sim_pf_pdev(sim), 0, BIT_ULL(63));
	ssleep(1);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(3));
	complete_all(&ear->go);
	KUNIT_EXPECT_TRUE(test, ear_called(ear));
	ssleep(1);
	cfgblk_unreg_block_invalidate(ear->pdev);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(3) | BIT_ULL(0) | BIT_ULL(63));
}

/* A caller that was killed goes on in the driver for a moment */
static void vf_unbind_waits_for_who_is_inside(struct kunit *test)
{
	struct pci_dev *pdev =
		sim_vf_pdev(bench_with_vfs(test, &bench_82576, 1), 0);
	struct cfgblk_vf *vf = cfgblk_vf_get(pdev);
	struct caller *caller;
	u8 byte = 0;

	KUNIT_ASSERT_NOT_NULL(test, vf);
	caller = caller_start_own(test, pdev, unbind_own, pdev);
	msleep(100);
	KUNIT_EXPECT_FALSE(test, completion_done(&caller->ended));
	KUNIT_EXPECT_NULL(test, cfgblk_vf_get(pdev));
	KUNIT_EXPECT_EQ(test, cfgblk_write_cfg_blk(pdev, &byte, 1, BENCH_BLOCK),
			-ENODEV);
	cfgblk_vf_put(vf);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), 0);
	KUNIT_EXPECT_EQ(test, bench_bind(pdev), 0);
	bench_there_and_back(test, 0);
}

static void vf_driver_exit(struct kunit *test)
{
	struct sim *sim = bench_sim(test);
	struct pci_dev *pdev = sim ? sim_vf_pdev(sim, 0) : NULL;

	callers_fini();
	set_allow_parent(test, "1");
	if (pdev)
		pdev->is_virtfn = 1;
	bench_exit(test);
}

static struct kunit_case vf_driver_cases[] = {
	KUNIT_CASE(vf_in_the_parent_is_refused_unless_allowed),
	KUNIT_CASE(vf_in_a_child_needs_no_permission),
	KUNIT_CASE(vf_without_a_map_is_refused),
	KUNIT_CASE(calls_before_the_handshake_time_out),
	KUNIT_CASE(calls_during_the_reset_of_the_pf_are_answered_later),
	KUNIT_CASE(silent_pf_costs_its_caller_the_time_limit),
	KUNIT_CASE(one_call_too_many_is_refused_and_the_others_served),
	KUNIT_CASE(killed_caller_takes_no_answer_from_others),
	KUNIT_CASE(vf_flr_ends_calls_with_econnreset),
	KUNIT_CASE(vf_unbind_ends_calls_with_enodev),
	KUNIT_CASE(vf_flr_at_any_moment_is_survived),
	KUNIT_CASE(vf_unbind_at_any_moment_is_survived),
	KUNIT_CASE(vf_unbind_waits_for_who_is_inside),
	KUNIT_CASE_PARAM(failed_probe_gives_all_back, lack_gen_params),
	KUNIT_CASE(vf_with_one_vector_is_refused),
	KUNIT_CASE(vf_without_interrupts_polls),
	KUNIT_CASE(interrupt_without_a_bell_does_nothing),
	KUNIT_CASE(bell_without_a_message_is_counted),
	KUNIT_CASE(vf_sees_that_the_pf_is_in_reset),
	KUNIT_CASE(idle_vf_sees_that_the_pf_was_in_reset),
	KUNIT_CASE(call_is_cut_off_by_a_reset_of_the_pf),
	KUNIT_CASE(unregister_waits_for_a_running_listener),
	KUNIT_CASE(next_listener_misses_nothing),
	KUNIT_CASE(unbind_waits_for_a_running_listener),
	KUNIT_CASE(masks_during_a_listener_come_after_it),
	{ }
};

static struct kunit_suite vf_driver_suite = {
	.name = "cfgblk_vf_driver",
	.init = bench_init,
	.exit = vf_driver_exit,
	.test_cases = vf_driver_cases,
};

kunit_test_suite(vf_driver_suite);
