// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a second mailbox is a row in common/maps.c
 *
 * That of the 82576 was the first one.  The ixgbe family's has other registers,
 * other steps that bring it up, 64 VFs and two causes for them; the drivers have
 * nothing else for it.  Documentation/porting.rst tells how a row is made.
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "maps.h"

#define HEAR_WITHIN	(10 * HZ)
#define ANEW_TRIES	1000
#define ANEW_EVERY_MS	20
#define LAST		33	/* in the second cause register */
#define VFS		(LAST + 1)

struct second {
	const char *name;
	struct sim_config config;
};

static const struct second second[] = {
	{ "82599", { .model = SIM_82599 } },
	{ "x540", { .model = SIM_X540 } },
};

static void second_name(const struct second *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(second, second, second_name);

static struct sim *second_mailbox(struct kunit *test)
{
	const struct second *param = test->param_value;

	return bench_with_vfs(test, &param->config, VFS);
}

/**
 * struct ear - a client of a VF that is told
 * @vf: which
 * @want: the blocks that it is to be told of
 * @heard: those that it was told of
 * @all: these are all that it wants
 */
struct ear {
	unsigned int vf;
	u64 want;
	atomic64_t heard;
	struct completion all;
};

static void hear(void *context, u64 block_mask)
{
	struct ear *ear = context;

	atomic64_or(block_mask, &ear->heard);
	if ((atomic64_read(&ear->heard) & ear->want) == ear->want)
		complete(&ear->all);
}

/* Both ends found the row, and every access is to a register that is there */
static void second_mailbox_is_found_by_its_id(struct kunit *test)
{
	const struct second *param = test->param_value;
	struct sim *sim = second_mailbox(test);
	struct cfgblk_vf *vf = bench_vf_up(test, LAST);
	struct sim_counts counts;

	KUNIT_EXPECT_STREQ(test, bench_pf(test)->map->name, param->name);
	KUNIT_EXPECT_STREQ(test, vf->map->name, param->name);
	KUNIT_EXPECT_FALSE(test, bench_pf(test)->map->tried);
	bench_there_and_back(test, LAST);
	sim_counts(sim, SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
	sim_counts(sim, LAST, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

static void second_mailbox_carries_blocks_of_every_length(struct kunit *test)
{
	struct pci_dev *vf = sim_vf_pdev(second_mailbox(test), LAST);
	u8 out[CFGBLK_BLOCK_MAX], in[CFGBLK_BLOCK_MAX];
	unsigned int len, n;

	for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
		bench_fill(out, len);
		KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(vf, out, len,
							      BENCH_BLOCK));
		KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(vf, in, sizeof(in),
							     BENCH_BLOCK, &n));
		KUNIT_ASSERT_EQ(test, n, len);
		KUNIT_ASSERT_EQ(test, memcmp(in, out, len), 0);
	}
	/* By interrupts, not by the poll that helps out when one is lost */
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf(test)->polled), 0);
}

/* What only the last VF is told comes first: the others would hear of it by then */
static void second_mailbox_tells_one_vf_or_all(struct kunit *test)
{
	struct ear ears[] = {
		{ .vf = 0, .want = BIT_ULL(1) },
		{ .vf = LAST, .want = BIT_ULL(63) | BIT_ULL(1) },
	};
	struct sim *sim = second_mailbox(test);
	struct pci_dev *vf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ears); i++) {
		init_completion(&ears[i].all);
		vf = sim_vf_pdev(sim, ears[i].vf);
		KUNIT_ASSERT_EQ(test, 0, cfgblk_reg_block_invalidate(vf, &ears[i],
								     hear));
	}
	cfgblk_invalidate(sim_pf_pdev(sim), LAST, BIT_ULL(63));
	cfgblk_invalidate(sim_pf_pdev(sim), CFGBLK_VF_ALL, BIT_ULL(1));
	for (i = 0; i < ARRAY_SIZE(ears); i++)
		KUNIT_EXPECT_NE(test, 0,
				wait_for_completion_timeout(&ears[i].all,
							    HEAR_WITHIN));
	for (i = 0; i < ARRAY_SIZE(ears); i++) {
		cfgblk_unreg_block_invalidate(sim_vf_pdev(sim, ears[i].vf));
		KUNIT_EXPECT_EQ(test, atomic64_read(&ears[i].heard),
				ears[i].want);
	}
}

/* By the row's registers for it, and not by the HELLO that follows */
static void second_mailbox_notices_a_vf_reset(struct kunit *test)
{
	struct sim *sim = second_mailbox(test);
	struct cfgblk_pf_link *link = bench_pf_link(test, LAST);
	u64 resets = link->counters.resets;
	u64 of_first = bench_pf_link(test, 0)->counters.resets;

	bench_publish(test, LAST, BENCH_BLOCK, "stays");
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(sim, LAST)));
	bench_vf_up(test, LAST);
	KUNIT_EXPECT_EQ(test, link->counters.resets, resets + 1);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, 0)->counters.resets, of_first);
	bench_expect_block(test, LAST, BENCH_BLOCK, "stays");
	bench_there_and_back(test, LAST);
	bench_there_and_back(test, 0);
}

static u64 handshakes(struct kunit *test, unsigned int vf)
{
	struct cfgblk_vf *end = cfgblk_vf_of(sim_vf_pdev(bench_sim(test), vf));

	return READ_ONCE(end->link.counters.handshakes);
}

/* A VF that does not know of the reset yet is still up, as it was */
static void wait_for_another_handshake(struct kunit *test, unsigned int vf,
				       u64 before)
{
	unsigned int tries = ANEW_TRIES;

	while (handshakes(test, vf) == before && --tries)
		msleep(ANEW_EVERY_MS);
	KUNIT_ASSERT_GT_MSG(test, tries, 0, "VF %u: no other handshake", vf);
}

/* The row's steps bring the mailboxes up again */
static void second_mailbox_comes_back_after_a_pf_reset(struct kunit *test)
{
	static const unsigned int vfs[] = { 0, LAST };
	struct sim *sim = second_mailbox(test);
	u64 before[ARRAY_SIZE(vfs)];
	unsigned int i;

	bench_there_and_back(test, LAST);
	for (i = 0; i < ARRAY_SIZE(vfs); i++)
		before[i] = handshakes(test, vfs[i]);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_pf_pdev(sim)));
	for (i = 0; i < ARRAY_SIZE(vfs); i++) {
		wait_for_another_handshake(test, vfs[i], before[i]);
		bench_vf_up(test, vfs[i]);
		bench_there_and_back(test, vfs[i]);
	}
}

static struct kunit_case maps_cases[] = {
	KUNIT_CASE_PARAM(second_mailbox_is_found_by_its_id, second_gen_params),
	KUNIT_CASE_PARAM(second_mailbox_carries_blocks_of_every_length,
			 second_gen_params),
	KUNIT_CASE_PARAM(second_mailbox_tells_one_vf_or_all, second_gen_params),
	KUNIT_CASE_PARAM(second_mailbox_notices_a_vf_reset, second_gen_params),
	KUNIT_CASE_PARAM(second_mailbox_comes_back_after_a_pf_reset,
			 second_gen_params),
	{ }
};

static struct kunit_suite maps_suite = {
	.name = "cfgblk_maps",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = maps_cases,
};

kunit_test_suite(maps_suite);
