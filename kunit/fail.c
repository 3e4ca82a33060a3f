// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: allocations that fail
 *
 * current->fail_nth makes the n-th allocation of a task fail.  The tracepoints
 * of the slab allocator, which also tell of allocations that failed, say which
 * one it was.
 */
#include <kunit/test.h>
#include <linux/debugfs.h>
#include <linux/gfp.h>
#include <linux/init.h>
#include <linux/kallsyms.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <trace/events/kmem.h>

#include "fail.h"
#include "node.h"
#include "pair.h"
#include "proto.h"
#include "vf_link.h"
#include "../pf/pf.h"
#include "../vf/vf.h"

#define SITES_MAX	64

/**
 * struct fail - the one task whose allocations fail
 * @task: it; NULL: none
 * @rest: all that follow the first that failed fail as well
 * @failed: one has failed
 * @proc_files: made in /proc since the last interrupt was requested
 * @paused: what current->fail_nth was when it was taken away
 * @name: of the function that allocates
 */
static struct fail {
	struct task_struct *task;
	bool rest;
	bool failed;
	unsigned int proc_files;
	unsigned int paused;
	char name[KSYM_SYMBOL_LEN];
} fail;

/**
 * struct site - a place in our code that calls kmalloc()
 * @at: where the call returns to
 * @size: bytes, at least
 * @failed: it was made to fail
 */
struct site {
	unsigned long at;
	size_t size;
	bool failed;
};

static DEFINE_RAW_SPINLOCK(sites_lock);
static struct site sites[SITES_MAX];
static unsigned int sites_num;
static unsigned int sites_hit;

/*
 * The linker keeps the order of Kbuild: common/ from its second object on, pf/,
 * vf/, then the tests.  The first object has no function that stays in memory.
 */
static bool is_ours(unsigned long at)
{
	return at >= (unsigned long)cfgblk_hdr_pack &&
	       at < (unsigned long)pair_init;
}

static void note_site(unsigned long at, size_t size, bool failed)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&sites_lock, flags);
	sites_hit++;
	for (i = 0; i < sites_num && sites[i].at != at; i++)
		;
	if (i == sites_num && i < SITES_MAX)
		sites[sites_num++] = (struct site){ .at = at, .size = size };
	if (i < SITES_MAX) {
		sites[i].size = min(sites[i].size, size);
		sites[i].failed |= failed;
	}
	raw_spin_unlock_irqrestore(&sites_lock, flags);
}

/*
 * Whoever asks in this way has another way when it fails: kmemleak, debug
 * objects, the XArray before it drops its lock.  That one has to fail as well.
 */
static bool has_fallback(gfp_t gfp)
{
	return gfp & __GFP_NOWARN || !gfpflags_allow_blocking(gfp);
}

static void fail_hit(gfp_t gfp)
{
	if (!has_fallback(gfp))
		fail.failed = true;
	if (has_fallback(gfp) || fail.rest)
		current->fail_nth = 1;
}

static bool made_by(const char *function)
{
	return !strncmp(fail.name, function, strlen(function));
}

/* For some allocations: none fails, and none is counted */
static void fail_pause(bool pause)
{
	if (pause != !fail.paused)
		return;
	swap(fail.paused, current->fail_nth);
}

/*
 * What the kernel's core does not survive.  The failure of an interrupt
 * descriptor to get into its tree: from the descriptor to what follows it.  The
 * file "spurious" of an interrupt in /proc/irq that was not made: the second
 * one there, after the directory.
 */
static void spare_core(unsigned long at)
{
	sprint_symbol_no_offset(fail.name, at);
	if (made_by("alloc_desc"))
		fail_pause(true);
	else if (made_by("irq_domain_") || made_by("__irq_domain_"))
		fail_pause(false);
	else if (made_by("request_threaded_irq"))
		fail.proc_files = 0;
	else if (made_by("__proc_create"))
		fail_pause(++fail.proc_files == 1);
}

static void allocated(unsigned long at, const void *ptr, gfp_t gfp)
{
	if (!in_task() || READ_ONCE(fail.task) != current)
		return;
	if (!ptr)
		fail_hit(gfp);
	else
		spare_core(at);
}

static void saw_kmalloc(void *data, unsigned long at, const void *ptr,
			size_t req, size_t size, gfp_t gfp, int node)
{
	if (is_ours(at))
		note_site(at, req, !ptr);
	allocated(at, ptr, gfp);
}

static void saw_cache(void *data, unsigned long at, const void *ptr,
		      struct kmem_cache *cache, gfp_t gfp, int node)
{
	allocated(at, ptr, gfp);
}

/**
 * fail_sites_hit - how often our code called kmalloc(), in whatever context
 *
 * Return: times since boot.
 */
unsigned int fail_sites_hit(void)
{
	return READ_ONCE(sites_hit);
}

/* Before any suite, so that the sites of all suites are known */
static int __init fail_watch(void)
{
	return register_trace_kmalloc(saw_kmalloc, NULL) ?:
	       register_trace_kmem_cache_alloc(saw_cache, NULL);
}
late_initcall(fail_watch);

/* What is behind a file of failslab in debugfs, which nobody has mounted */
static void *failslab_value(const char *name)
{
	struct dentry *dir = debugfs_lookup("failslab", NULL);
	struct dentry *file = dir ? debugfs_lookup(name, dir) : NULL;
	void *value = file ? d_inode(file)->i_private : NULL;

	dput(file);
	dput(dir);
	return value;
}

/* Whether failslab spares allocations that may sleep, as it does by default */
static int fail_spare_sleepers(bool spare)
{
	unsigned long *verbose = failslab_value("verbose");
	bool *ignore = failslab_value("ignore-gfp-wait");

	if (!verbose || !ignore)
		return -ENOENT;
	/* A call trace in the log would count as a defect */
	*verbose = 0;
	*ignore = spare;
	return 0;
}

/**
 * fail_init - from now on, allocations can be made to fail
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT without failslab.
 */
int fail_init(void)
{
	return fail_spare_sleepers(false);
}

/**
 * fail_exit - undo fail_init()
 *
 * Context: process, may sleep.
 */
void fail_exit(void)
{
	WRITE_ONCE(fail.task, NULL);
	fail_spare_sleepers(true);
}

/**
 * fail_arm - let an allocation of this task fail
 * @nth: which, counted from 1
 * @rest: and all that follow it
 *
 * Context: process.
 */
void fail_arm(unsigned int nth, bool rest)
{
	fail.rest = rest;
	fail.failed = false;
	fail.paused = 0;
	WRITE_ONCE(fail.task, current);
	current->fail_nth = nth;
}

/**
 * fail_disarm - undo fail_arm(), in the same task
 *
 * Context: process.
 * Return: true if an allocation without a fallback has failed.
 */
bool fail_disarm(void)
{
	current->fail_nth = 0;
	WRITE_ONCE(fail.task, NULL);
	return fail.failed;
}

/**
 * fail_armed - may allocations of any task fail?
 *
 * Context: any.
 * Return: true between fail_arm() and fail_disarm().
 */
bool fail_armed(void)
{
	return READ_ONCE(fail.task);
}

static void expect_known_order(struct kunit *test)
{
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_node_new));
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_call_new));
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_pf_of));
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_pf_ioctl));
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_vf_of));
	KUNIT_ASSERT_TRUE(test, is_ours((unsigned long)cfgblk_vf_ioctl));
	KUNIT_ASSERT_FALSE(test, is_ours((unsigned long)fail_arm));
}

/*
 * What no slab has room for comes as whole pages, which failslab does not see.
 * Return: true if @site is such a one.
 */
static bool is_large(const struct site *site)
{
	return site->size > KMALLOC_MAX_CACHE_SIZE;
}

/**
 * fail_expect_every_site - has every kmalloc() of ours been made to fail?
 * @test: fails for each that any suite reached and that was not
 * @large: how many are too large to be made to fail
 *
 * Context: process, may sleep.
 */
void fail_expect_every_site(struct kunit *test, unsigned int large)
{
	unsigned int i;

	expect_known_order(test);
	KUNIT_ASSERT_GT(test, sites_num, large);
	KUNIT_ASSERT_LT(test, sites_num, SITES_MAX);
	for (i = 0; i < sites_num; i++) {
		const struct site *site = &sites[i];

		kunit_info(test, "%pS, %zu bytes: %s\n", (void *)site->at,
			   site->size, site->failed ? "failed" : "never failed");
		if (is_large(site))
			large--;
		else
			KUNIT_EXPECT_TRUE_MSG(test, site->failed,
					      "%pS was never made to fail",
					      (void *)site->at);
	}
	KUNIT_EXPECT_EQ(test, large, 0);
}
