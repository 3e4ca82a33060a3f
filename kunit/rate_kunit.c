// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: arithmetic of the rate limit
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/time64.h>

#include "rate.h"

#define START	(1000 * NSEC_PER_SEC)

/* 100 tokens a second, so 10 ms each, and 5 at once */
static struct cfgblk_rate hundred(void)
{
	struct cfgblk_rate rate = { };

	cfgblk_rate_set(&rate, 100, 5);
	return rate;
}

static void empty(struct kunit *test, struct cfgblk_rate *rate, u64 now)
{
	KUNIT_ASSERT_EQ(test, cfgblk_rate_take(rate, 5, now), 0);
}

static void burst_is_given_at_once_and_no_more(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();
	unsigned int i;

	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 1, START), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 1, START),
			10 * NSEC_PER_MSEC);
}

static void wait_is_as_long_as_told(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();
	u64 wait;

	empty(test, &rate, START);
	wait = cfgblk_rate_take(&rate, 3, START);
	KUNIT_EXPECT_EQ(test, wait, 30 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 3, START + wait - 1), 1);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 3, START + wait), 0);
}

static void refusal_takes_nothing(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();
	unsigned int i;

	empty(test, &rate, START);
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 1, START),
				10 * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_rate_take(&rate, 1, START +
						  10 * NSEC_PER_MSEC));
}

static void rate_holds_over_a_long_time(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();
	unsigned int taken = 0;
	u64 now;

	for (now = START; now < START + 10 * NSEC_PER_SEC; now += NSEC_PER_MSEC)
		taken += !cfgblk_rate_take(&rate, 1, now);
	KUNIT_EXPECT_EQ(test, taken, 5 + 999);
}

static void bucket_never_holds_more_than_the_burst(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();

	empty(test, &rate, START);
	empty(test, &rate, 2 * START);
	KUNIT_EXPECT_NE(test, cfgblk_rate_take(&rate, 1, 2 * START), 0);
}

/* Otherwise a burst of 5 would never let through what costs 16 */
static void more_than_the_burst_costs_the_burst(struct kunit *test)
{
	struct cfgblk_rate rate = hundred();

	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 16, START), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 16, START),
			50 * NSEC_PER_MSEC);
}

static void without_a_limit_all_is_given(struct kunit *test)
{
	struct cfgblk_rate rate = { };

	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, U32_MAX, 0), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, U32_MAX, 0), 0);
}

static void lower_limit_does_not_make_wait_for_the_old_one(struct kunit *test)
{
	struct cfgblk_rate rate = { };

	cfgblk_rate_set(&rate, 10, 1000000);
	KUNIT_ASSERT_EQ(test, cfgblk_rate_take(&rate, 1000000, START), 0);
	cfgblk_rate_set(&rate, 1000, 1);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, 1, START), NSEC_PER_MSEC);
}

static void largest_numbers_do_not_overflow(struct kunit *test)
{
	struct cfgblk_rate rate = { };

	cfgblk_rate_set(&rate, 10, 1000000);
	KUNIT_ASSERT_EQ(test, cfgblk_rate_take(&rate, U32_MAX, S64_MAX), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_rate_take(&rate, U32_MAX, S64_MAX),
			100000 * NSEC_PER_SEC);
}

static struct kunit_case rate_cases[] = {
	KUNIT_CASE(burst_is_given_at_once_and_no_more),
	KUNIT_CASE(wait_is_as_long_as_told),
	KUNIT_CASE(refusal_takes_nothing),
	KUNIT_CASE(rate_holds_over_a_long_time),
	KUNIT_CASE(bucket_never_holds_more_than_the_burst),
	KUNIT_CASE(more_than_the_burst_costs_the_burst),
	KUNIT_CASE(without_a_limit_all_is_given),
	KUNIT_CASE(lower_limit_does_not_make_wait_for_the_old_one),
	KUNIT_CASE(largest_numbers_do_not_overflow),
	{ }
};

static struct kunit_suite rate_suite = {
	.name = "cfgblk_rate",
	.test_cases = rate_cases,
};

kunit_test_suite(rate_suite);
