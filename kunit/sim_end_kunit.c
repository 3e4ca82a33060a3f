// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: what the kernel found wrong while all other suites ran
 *
 * The last suite.  KUnit does not fail on a warning, nor on a report of lockdep
 * or of KASAN: but they mark the kernel, or lockdep turns itself off.
 */
#include <kunit/test.h>
#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/panic.h>

/*
 * kmemleak scans every 600 s, and reports in the second scan after the leak
 * (SECS_SCAN_WAIT and the checksum in mm/kmemleak.c).  What it reports is in
 * the kernel's log.  Without time travel this would take its time.
 */
#define LEAK_SCANS_S	1210

static int end_suite_init(struct kunit_suite *suite)
{
	if (IS_ENABLED(CONFIG_DEBUG_KMEMLEAK) &&
	    IS_ENABLED(CONFIG_UML_TIME_TRAVEL_SUPPORT))
		ssleep(LEAK_SCANS_S);
	return 0;
}

static void end_no_warning(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_taint(TAINT_WARN));
}

static void end_no_crash(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, test_taint(TAINT_DIE));
	KUNIT_EXPECT_FALSE(test, test_taint(TAINT_BAD_PAGE));
}

static void end_no_lockdep_report(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, debug_locks);
}

static struct kunit_case end_cases[] = {
	KUNIT_CASE(end_no_warning),
	KUNIT_CASE(end_no_crash),
	KUNIT_CASE(end_no_lockdep_report),
	{ }
};

static struct kunit_suite end_suite = {
	.name = "cfgblk_end",
	.suite_init = end_suite_init,
	.test_cases = end_cases,
};

kunit_test_suite(end_suite);
