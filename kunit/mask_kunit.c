// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: block masks that wait for their reader
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/prandom.h>
#include <linux/workqueue.h>

#include "mask.h"

#define SEED	0xcf9b11

static void mask_of_each_block_is_one_bit(struct kunit *test)
{
	u32 block;

	for (block = 0; block < CFGBLK_MASK_BLOCKS; block++)
		KUNIT_EXPECT_EQ(test, cfgblk_mask_of(block), 1ULL << block);
}

static void blocks_above_63_have_no_bit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, cfgblk_mask_of(64), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_mask_of(128), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_mask_of(1u << 31), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_mask_of(U32_MAX), 0);
}

static void or_reports_only_the_first_bits(struct kunit *test)
{
	atomic64_t pending = ATOMIC64_INIT(0);

	KUNIT_EXPECT_FALSE(test, cfgblk_mask_or(&pending, 0));
	KUNIT_EXPECT_TRUE(test, cfgblk_mask_or(&pending, BIT_ULL(63)));
	KUNIT_EXPECT_FALSE(test, cfgblk_mask_or(&pending, BIT_ULL(63)));
	KUNIT_EXPECT_FALSE(test, cfgblk_mask_or(&pending, BIT_ULL(0)));
	KUNIT_EXPECT_FALSE(test, cfgblk_mask_or(&pending, 0));
	KUNIT_EXPECT_EQ(test, cfgblk_mask_take(&pending),
			BIT_ULL(63) | BIT_ULL(0));
	KUNIT_EXPECT_TRUE(test, cfgblk_mask_or(&pending, U64_MAX));
}

static void take_leaves_nothing(struct kunit *test)
{
	atomic64_t pending = ATOMIC64_INIT(0);

	KUNIT_EXPECT_EQ(test, cfgblk_mask_take(&pending), 0);
	cfgblk_mask_or(&pending, U64_MAX);
	KUNIT_EXPECT_EQ(test, cfgblk_mask_take(&pending), U64_MAX);
	KUNIT_EXPECT_EQ(test, cfgblk_mask_take(&pending), 0);
}

/* The same bits one by one, as a table of what is pending */
struct model {
	bool pending[CFGBLK_MASK_BLOCKS];
};

static bool model_or(struct model *model, u64 mask)
{
	bool any = false;
	unsigned int i;

	for (i = 0; i < CFGBLK_MASK_BLOCKS; i++) {
		any |= model->pending[i];
		model->pending[i] |= mask >> i & 1;
	}
	return mask && !any;
}

static u64 model_take(struct model *model)
{
	u64 mask = 0;
	unsigned int i;

	for (i = 0; i < CFGBLK_MASK_BLOCKS; i++) {
		mask |= (u64)model->pending[i] << i;
		model->pending[i] = false;
	}
	return mask;
}

/* Mostly few bits, now and then none at all */
static u64 random_mask(struct rnd_state *rnd)
{
	u32 n = prandom_u32_state(rnd);
	u64 mask;

	if (n % 8 == 0)
		return 0;
	mask = cfgblk_mask_of(n >> 8 & 63);
	return n % 3 ? mask : mask | cfgblk_mask_of(n >> 16 & 63);
}

static void random_operations_match_a_naive_model(struct kunit *test)
{
	atomic64_t pending = ATOMIC64_INIT(0);
	struct model model = { };
	struct rnd_state rnd;
	unsigned int i;
	u64 mask;

	prandom_seed_state(&rnd, SEED);
	for (i = 0; i < 20000; i++) {
		if (prandom_u32_state(&rnd) % 4) {
			mask = random_mask(&rnd);
			KUNIT_ASSERT_EQ(test, model_or(&model, mask),
					cfgblk_mask_or(&pending, mask));
		} else {
			KUNIT_ASSERT_EQ(test, model_take(&model),
					cfgblk_mask_take(&pending));
		}
	}
}

#define WRITERS		8
#define BITS_EACH	(CFGBLK_MASK_BLOCKS / WRITERS)
#define ROUNDS		200

/*
 * Writers that own some bits each, and OR each of them once in a round; they
 * sleep in between, so that they meet even on one CPU
 */
struct race {
	struct workqueue_struct *wq;
	atomic64_t pending;
	atomic_t edges;
	atomic_t done;
	struct writer {
		struct work_struct work;
		struct race *race;
		unsigned int first;
	} writers[WRITERS];
};

static void race_write(struct work_struct *work)
{
	struct writer *writer = container_of(work, struct writer, work);
	struct race *race = writer->race;
	unsigned int i;

	for (i = 0; i < BITS_EACH; i++) {
		if (cfgblk_mask_or(&race->pending,
				   cfgblk_mask_of(writer->first + i)))
			atomic_inc(&race->edges);
		usleep_range(1, 4);
	}
	atomic_inc(&race->done);
}

static void race_start(struct race *race)
{
	unsigned int i;

	atomic_set(&race->edges, 0);
	atomic_set(&race->done, 0);
	for (i = 0; i < WRITERS; i++)
		queue_work(race->wq, &race->writers[i].work);
}

/*
 * The sum of what was taken has each bit once: one lost would be missing, one
 * taken twice would carry.  Every take that got something had its one edge.
 */
static void race_round(struct kunit *test, struct race *race)
{
	unsigned int takes = 0, i;
	bool last;
	u64 sum = 0, mask;

	race_start(race);
	do {
		last = atomic_read(&race->done) == WRITERS;
		mask = cfgblk_mask_take(&race->pending);
		takes += !!mask;
		sum += mask;
		usleep_range(1, 4);
	} while (!last);
	for (i = 0; i < WRITERS; i++)
		flush_work(&race->writers[i].work);
	KUNIT_EXPECT_EQ(test, sum, U64_MAX);
	KUNIT_EXPECT_EQ(test, takes, atomic_read(&race->edges));
}

static void concurrent_or_and_take_lose_nothing(struct kunit *test)
{
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->wq = alloc_workqueue("cfgblk-race", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, race->wq);
	for (i = 0; i < WRITERS; i++) {
		race->writers[i].race = race;
		race->writers[i].first = i * BITS_EACH;
		INIT_WORK(&race->writers[i].work, race_write);
	}
	for (i = 0; i < ROUNDS; i++)
		race_round(test, race);
	destroy_workqueue(race->wq);
}

static struct kunit_case mask_cases[] = {
	KUNIT_CASE(mask_of_each_block_is_one_bit),
	KUNIT_CASE(blocks_above_63_have_no_bit),
	KUNIT_CASE(or_reports_only_the_first_bits),
	KUNIT_CASE(take_leaves_nothing),
	KUNIT_CASE(random_operations_match_a_naive_model),
	KUNIT_CASE(concurrent_or_and_take_lose_nothing),
	{ }
};

static struct kunit_suite mask_suite = {
	.name = "cfgblk_mask",
	.test_cases = mask_cases,
};

kunit_test_suite(mask_suite);
