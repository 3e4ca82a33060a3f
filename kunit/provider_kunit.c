// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a provider that answers before the block store does, on the simulated
 * device
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"

#define VFS	2
#define MINE	5	/* the provider's block; BENCH_BLOCK is the store's */
#define ANSWER	"of the provider"
#define ASKED_WITHIN	(10 * HZ)

/**
 * struct desk - a provider, and what it was asked
 * @err: what it answers instead, if not 0
 * @len: how many bytes it says that it has read, if not 0
 * @hold: a read of VF 0 waits for @go
 * @pf: a read invalidates BENCH_BLOCK there
 * @asked: a read is waiting
 * @go: it may end
 * @calls: all calls but those of @went and @gone
 * @came: how often each VF came
 * @went: how often each went
 * @gone: the PF is gone
 * @wrote: bytes that a VF wrote to MINE
 * @wrote_len: their number
 * @wrote_vf: which VF
 */
struct desk {
	int err;
	int len;
	bool hold;
	struct pci_dev *pf;
	struct completion asked;
	struct completion go;
	unsigned int calls;
	unsigned int came[VFS];
	unsigned int went[VFS];
	unsigned int gone;
	u8 wrote[CFGBLK_BLOCK_MAX];
	unsigned int wrote_len;
	u16 wrote_vf;
};

static int desk_read(void *ctx, u16 vf, u32 block, void *buf, unsigned int len)
{
	struct desk *desk = ctx;

	desk->calls++;
	if (desk->hold && !vf) {
		complete(&desk->asked);
		wait_for_completion(&desk->go);
	}
	if (block != MINE)
		return -ENOENT;
	if (desk->err || desk->len)
		return desk->err ?: desk->len;
	if (desk->pf)
		cfgblk_invalidate(desk->pf, vf, BIT_ULL(BENCH_BLOCK));
	len = min_t(unsigned int, len, strlen(ANSWER));
	memcpy(buf, ANSWER, len);
	return len;
}

static int desk_write(void *ctx, u16 vf, u32 block, const void *buf,
		      unsigned int len)
{
	struct desk *desk = ctx;

	desk->calls++;
	if (block != MINE)
		return -ENOENT;
	if (desk->err)
		return desk->err;
	memcpy(desk->wrote, buf, len);
	desk->wrote_len = len;
	desk->wrote_vf = vf;
	return 0;
}

static void desk_came(void *ctx, u16 vf)
{
	struct desk *desk = ctx;

	desk->calls++;
	desk->came[vf]++;
}

static void desk_went(void *ctx, u16 vf)
{
	struct desk *desk = ctx;

	desk->went[vf]++;
}

static u64 desk_published(void *ctx, u16 vf)
{
	struct desk *desk = ctx;

	desk->calls++;
	return BIT_ULL(MINE);
}

static void desk_gone(void *ctx)
{
	struct desk *desk = ctx;

	desk->gone++;
}

static const struct cfgblk_provider_ops desk_ops = {
	.read = desk_read,
	.write = desk_write,
	.came = desk_came,
	.went = desk_went,
	.published = desk_published,
	.gone = desk_gone,
};

/* The fewest that a provider has */
static const struct cfgblk_provider_ops short_ops = {
	.read = desk_read,
	.write = desk_write,
};

static struct desk *desk_new(struct kunit *test)
{
	struct desk *desk = kunit_kzalloc(test, sizeof(*desk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, desk);
	init_completion(&desk->asked);
	init_completion(&desk->go);
	return desk;
}

static struct cfgblk_provider *desk_open(struct kunit *test, struct desk *desk)
{
	struct cfgblk_provider *provider =
		cfgblk_register_provider(bench_pf(test)->pdev, &desk_ops, desk);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, provider);
	return provider;
}

static struct pci_dev *vf_pdev(struct kunit *test, unsigned int vf)
{
	return sim_vf_pdev(bench_sim(test), vf);
}

static int vf_reads(struct kunit *test, unsigned int vf, u8 *buf,
		    unsigned int *n)
{
	return cfgblk_read_cfg_blk(vf_pdev(test, vf), buf, CFGBLK_BLOCK_MAX,
				   MINE, n);
}

static void expect_answer(struct kunit *test, unsigned int vf)
{
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n;

	KUNIT_ASSERT_EQ(test, 0, vf_reads(test, vf, buf, &n));
	KUNIT_ASSERT_EQ(test, n, strlen(ANSWER));
	KUNIT_EXPECT_EQ(test, memcmp(buf, ANSWER, n), 0);
}

/* What the VF would be told of next */
static u64 pending(struct kunit *test, unsigned int vf)
{
	return atomic64_read(&bench_pf_link(test, vf)->pending);
}

static void provider_answers_for_its_blocks_and_the_store_for_others(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	u8 bytes[] = "of VF 1";

	bench_with_vfs(test, &bench_82576, VFS);
	provider = desk_open(test, desk);
	expect_answer(test, 0);
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_write_cfg_blk(vf_pdev(test, 1), bytes,
					     sizeof(bytes), MINE));
	KUNIT_EXPECT_EQ(test, desk->wrote_vf, 1);
	KUNIT_ASSERT_EQ(test, desk->wrote_len, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, memcmp(desk->wrote, bytes, sizeof(bytes)), 0);
	bench_there_and_back(test, 0);
	cfgblk_unregister_provider(provider);
}

static void error_of_the_provider_is_told(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	u8 buf[CFGBLK_BLOCK_MAX] = { 1 };
	unsigned int n;

	bench_with_vfs(test, &bench_82576, 1);
	provider = desk_open(test, desk);
	desk->err = -EACCES;
	KUNIT_EXPECT_EQ(test, -EACCES, vf_reads(test, 0, buf, &n));
	KUNIT_EXPECT_EQ(test, -EACCES,
			cfgblk_write_cfg_blk(vf_pdev(test, 0), buf, 1, MINE));
	/* Not its own, and not the store's either */
	desk->err = -ENOENT;
	KUNIT_EXPECT_EQ(test, -ENOENT, vf_reads(test, 0, buf, &n));
	desk->err = 0;
	expect_answer(test, 0);
	cfgblk_unregister_provider(provider);
}

static void length_that_is_none_is_eio(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	struct cfgblk_pf_vf *vf;
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_with_vfs(test, &bench_82576, 1);
	vf = &bench_pf(test)->vfs[0];
	provider = desk_open(test, desk);
	desk->len = CFGBLK_BLOCK_MAX + 1;
	KUNIT_EXPECT_EQ(test, -EIO, vf_reads(test, 0, buf, &n));
	n = cfgblk_pf_provider_read(vf, MINE, buf, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, -EIO, (int)n);
	desk->len = 0;
	expect_answer(test, 0);
	cfgblk_unregister_provider(provider);
}

static int refusal(struct pci_dev *pdev, const struct cfgblk_provider_ops *ops,
		   struct desk *desk)
{
	return PTR_ERR_OR_ZERO(cfgblk_register_provider(pdev, ops, desk));
}

static void refusals_are_as_documented(struct kunit *test)
{
	static const struct cfgblk_provider_ops no_read = { .write = desk_write };
	static const struct cfgblk_provider_ops no_write = { .read = desk_read };
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	struct pci_dev *pf;

	bench_with_vfs(test, &bench_82576, 1);
	pf = bench_pf(test)->pdev;
	KUNIT_EXPECT_EQ(test, -ENODEV, refusal(vf_pdev(test, 0), &desk_ops, desk));
	KUNIT_EXPECT_EQ(test, -EINVAL, refusal(pf, &no_read, desk));
	KUNIT_EXPECT_EQ(test, -EINVAL, refusal(pf, &no_write, desk));
	provider = desk_open(test, desk);
	KUNIT_EXPECT_EQ(test, -EBUSY, refusal(pf, &desk_ops, desk));
	expect_answer(test, 0);
	cfgblk_unregister_provider(provider);
	cfgblk_unregister_provider(desk_open(test, desk));
}

static void few_calls_are_enough(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_plug_in(test, &bench_82576);
	provider = cfgblk_register_provider(bench_pf(test)->pdev, &short_ops,
					    desk);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, provider);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 1), 1);
	bench_vf_up(test, 0);
	expect_answer(test, 0);
	KUNIT_EXPECT_EQ(test, pending(test, 0), 0);
	bench_pull_out(test);
	cfgblk_unregister_provider(provider);
}

static void provider_hears_who_is_there_comes_and_goes(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_with_vfs(test, &bench_82576, VFS);
	provider = desk_open(test, desk);
	KUNIT_EXPECT_EQ(test, desk->came[0], 1);
	KUNIT_EXPECT_EQ(test, desk->came[1], 1);
	bench_unbind(vf_pdev(test, 1));
	KUNIT_ASSERT_EQ(test, 0, bench_bind(vf_pdev(test, 1)));
	bench_vf_up(test, 1);
	KUNIT_EXPECT_EQ(test, desk->went[1], 1);
	KUNIT_EXPECT_EQ(test, desk->came[1], 2);
	KUNIT_EXPECT_EQ(test, desk->went[0], 0);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(bench_sim(test), 0), 0);
	KUNIT_EXPECT_EQ(test, desk->went[0], 1);
	KUNIT_EXPECT_EQ(test, desk->went[1], 2);
	KUNIT_EXPECT_EQ(test, desk->came[0], 1);
	cfgblk_unregister_provider(provider);
}

/* A handshake of the same driver is none of another one; it has to read again */
static void same_driver_comes_once(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_with_vfs(test, &bench_82576, 1);
	provider = desk_open(test, desk);
	atomic64_set(&bench_pf_link(test, 0)->pending, 0);
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(bench_pf(test)->pdev));
	ssleep(2);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, 0)->counters.handshakes, 2);
	expect_answer(test, 0);
	KUNIT_EXPECT_EQ(test, desk->came[0], 1);
	KUNIT_EXPECT_EQ(test, desk->went[0], 0);
	cfgblk_unregister_provider(provider);
}

static void vfs_are_told_what_a_provider_brings_and_takes(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_with_vfs(test, &bench_82576, 1);
	KUNIT_EXPECT_EQ(test, pending(test, 0), 0);
	provider = desk_open(test, desk);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	atomic64_set(&bench_pf_link(test, 0)->pending, 0);
	cfgblk_unregister_provider(provider);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	KUNIT_EXPECT_EQ(test, -ENOENT, vf_reads(test, 0, buf, &n));
}

static void vf_that_comes_is_told_what_is_published(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_plug_in(test, &bench_82576);
	provider = desk_open(test, desk);
	KUNIT_EXPECT_EQ(test, desk->calls, 0);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 1), 1);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, desk->came[0], 1);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	cfgblk_unregister_provider(provider);
}

/* Its number is expected, so that what it wrote is kept */
static void vf_of_a_restored_state_is_told_of_the_provider(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	u8 bytes[CFGBLK_BLOCK_MAX];
	struct cfgblk_pf_vf *vf;
	unsigned int n;
	size_t len;
	u8 *state;

	bench_with_vfs(test, &bench_82576, 1);
	vf = &bench_pf(test)->vfs[0];
	state = cfgblk_pf_save_vf(vf, &len);
	KUNIT_ASSERT_NOT_NULL(test, state);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_pf_restore_vf(vf, state, len));
	kvfree_sensitive(state, len);
	provider = desk_open(test, desk);
	KUNIT_EXPECT_EQ(test, desk->came[0], 0);
	KUNIT_EXPECT_EQ(test, pending(test, 0), 0);
	KUNIT_EXPECT_EQ(test, -ECONNRESET, vf_reads(test, 0, bytes, &n));
	bench_vf_up(test, 0);
	expect_answer(test, 0);
	KUNIT_EXPECT_EQ(test, desk->came[0], 1);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	atomic64_set(&vf->link.pending, 0);
	state = cfgblk_pf_save_vf(vf, &len);
	KUNIT_ASSERT_NOT_NULL(test, state);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_pf_restore_vf(vf, state, len));
	kvfree_sensitive(state, len);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(MINE));
	cfgblk_unregister_provider(provider);
}

static void provider_may_invalidate(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_with_vfs(test, &bench_82576, 1);
	provider = desk_open(test, desk);
	atomic64_set(&bench_pf_link(test, 0)->pending, 0);
	desk->pf = bench_pf(test)->pdev;
	expect_answer(test, 0);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(BENCH_BLOCK));
	cfgblk_unregister_provider(provider);
}

/* What it knows of a VF it has to forget: another may be there when it returns */
static void vfs_have_gone_for_a_provider_that_leaves(struct kunit *test)
{
	struct desk *desk = desk_new(test);

	bench_with_vfs(test, &bench_82576, VFS);
	cfgblk_unregister_provider(desk_open(test, desk));
	KUNIT_EXPECT_EQ(test, desk->went[0], 1);
	KUNIT_EXPECT_EQ(test, desk->went[1], 1);
	cfgblk_unregister_provider(desk_open(test, desk));
	KUNIT_EXPECT_EQ(test, desk->came[0], 2);
	KUNIT_EXPECT_EQ(test, desk->went[0], 2);
}

static int leave(void *ctx)
{
	cfgblk_unregister_provider(ctx);
	return 0;
}

/* Not for ever: the one who is to ask may never do */
static void wait_until_asked(struct kunit *test, struct desk *desk)
{
	KUNIT_ASSERT_NE(test, 0, wait_for_completion_timeout(&desk->asked,
							     ASKED_WITHIN));
}

/* ... and another VF does not */
static void unregister_waits_for_a_running_call(struct kunit *test)
{
	struct caller *reader, *leaver;
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);

	bench_with_vfs(test, &bench_82576, VFS);
	provider = desk_open(test, desk);
	desk->hold = true;
	reader = caller_start(test, vf_pdev(test, 0), CALLER_READ, MINE);
	wait_until_asked(test, desk);
	leaver = caller_start_own(test, vf_pdev(test, 0), leave, provider);
	msleep(100);
	bench_there_and_back(test, 1);
	KUNIT_EXPECT_FALSE(test, completion_done(&leaver->ended));
	complete(&desk->go);
	KUNIT_EXPECT_EQ(test, caller_result(test, leaver), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, reader), 0);
	KUNIT_EXPECT_EQ(test, reader->len, strlen(ANSWER));
}

/* From the softirq to where it may sleep and back, with an exchange under way */
static void no_exchange_is_lost_when_providers_come_and_go(struct kunit *test)
{
	struct desk *desk = desk_new(test);
	struct caller *caller;
	unsigned int i;

	bench_with_vfs(test, &bench_82576, 1);
	caller = caller_start(test, vf_pdev(test, 0), CALLER_EXCHANGE,
			      BENCH_BLOCK);
	for (i = 0; i < 50; i++) {
		struct cfgblk_provider *provider = desk_open(test, desk);

		msleep(i % 7 * 10);
		cfgblk_unregister_provider(provider);
		msleep(i % 5 * 10);
	}
	caller_stop(test, caller);
	KUNIT_EXPECT_GT(test, caller->rounds, 50);
	KUNIT_EXPECT_EQ(test, caller->failed + caller->strange, 0);
	KUNIT_EXPECT_EQ(test, caller->mixed, 0);
	KUNIT_EXPECT_GT(test, desk->calls, 50);
	KUNIT_EXPECT_FALSE(test, bench_pf_link(test, 0)->is_slow);
}

/*
 * Rung during a step that gives the steps back when it ends, as the one does
 * during which a provider leaves.
 */
static void message_during_the_last_slow_step_is_served(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	struct cfgblk_pf_link *link;
	struct caller *reader;

	bench_with_vfs(test, &bench_82576, 1);
	link = bench_pf_link(test, 0);
	provider = desk_open(test, desk);
	desk->hold = true;
	reader = caller_start(test, vf_pdev(test, 0), CALLER_READ, MINE);
	wait_until_asked(test, desk);
	desk->hold = false;
	cfgblk_pf_link_patient(link, false);
	cfgblk_pf_link_bell(link, CFGBLK_BELL_MESSAGE);
	flush_work(&link->work.work);
	complete(&desk->go);
	KUNIT_EXPECT_EQ(test, caller_result(test, reader), 0);
	flush_work(&link->slow);
	flush_work(&link->work.work);
	KUNIT_EXPECT_FALSE(test, link->is_slow);
	KUNIT_EXPECT_EQ(test, atomic_read(&link->bells), 0);
	cfgblk_unregister_provider(provider);
	bench_there_and_back(test, 0);
}

static void pf_may_go_before_its_provider(struct kunit *test)
{
	struct cfgblk_provider *provider;
	struct desk *desk = desk_new(test);
	unsigned int calls;

	bench_with_vfs(test, &bench_82576, VFS);
	provider = desk_open(test, desk);
	bench_unbind(sim_pf_pdev(bench_sim(test)));
	KUNIT_EXPECT_EQ(test, desk->gone, 1);
	KUNIT_EXPECT_EQ(test, desk->went[0], 1);
	KUNIT_EXPECT_EQ(test, desk->went[1], 1);
	calls = desk->calls;
	KUNIT_ASSERT_EQ(test, 0, bench_bind(sim_pf_pdev(bench_sim(test))));
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 1), 1);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, desk->calls, calls);
	cfgblk_unregister_provider(provider);
	KUNIT_EXPECT_EQ(test, desk->gone, 1);
}

static void provider_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case provider_cases[] = {
	KUNIT_CASE(provider_answers_for_its_blocks_and_the_store_for_others),
	KUNIT_CASE(error_of_the_provider_is_told),
	KUNIT_CASE(length_that_is_none_is_eio),
	KUNIT_CASE(refusals_are_as_documented),
	KUNIT_CASE(few_calls_are_enough),
	KUNIT_CASE(provider_hears_who_is_there_comes_and_goes),
	KUNIT_CASE(same_driver_comes_once),
	KUNIT_CASE(vfs_are_told_what_a_provider_brings_and_takes),
	KUNIT_CASE(vf_that_comes_is_told_what_is_published),
	KUNIT_CASE(vf_of_a_restored_state_is_told_of_the_provider),
	KUNIT_CASE(provider_may_invalidate),
	KUNIT_CASE(vfs_have_gone_for_a_provider_that_leaves),
	KUNIT_CASE(unregister_waits_for_a_running_call),
	KUNIT_CASE(no_exchange_is_lost_when_providers_come_and_go),
	KUNIT_CASE(message_during_the_last_slow_step_is_served),
	KUNIT_CASE(pf_may_go_before_its_provider),
	{ }
};

static struct kunit_suite provider_suite = {
	.name = "cfgblk_provider",
	.init = bench_init,
	.exit = provider_exit,
	.test_cases = provider_cases,
};

kunit_test_suite(provider_suite);

MODULE_LICENSE("GPL");
