// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the device node: opened files and their watchers, on the simulated
 * device
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/poll.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "node.h"
#include "user.h"

#define EVENTS_MAX	256	/* that a watcher has room for */
#define SOON_TRIES	100
#define SOON_MS		20

/**
 * struct stage - a PF and one VF, and who looks at them
 * @user: a user space
 * @pf: the PF's node
 * @vf: the VF's node
 */
struct stage {
	struct user_space *user;
	struct cfgblk_node *pf;
	struct cfgblk_node *vf;
};

static struct stage *stage_new(struct kunit *test)
{
	struct stage *stage = kunit_kzalloc(test, sizeof(*stage), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, stage);
	stage->user = user_new(test);
	bench_with_vfs(test, &bench_82576, 1);
	stage->pf = bench_pf(test)->node;
	stage->vf = bench_vf_up(test, 0)->node;
	return stage;
}

static struct file *stage_open(struct kunit *test, struct stage *stage,
			       struct cfgblk_node *node)
{
	return user_keep_open(test, stage->user, node);
}

static long watch(struct stage *stage, struct file *file)
{
	return user_ioctl(stage->user, file, CFGBLK_IOC_WATCH, NULL);
}

static struct file *stage_watch(struct kunit *test, struct stage *stage,
				struct cfgblk_node *node)
{
	struct file *file = stage_open(test, stage, node);

	KUNIT_ASSERT_EQ(test, watch(stage, file), 0);
	return file;
}

static long take(struct stage *stage, struct file *file,
		 struct cfgblk_event *event)
{
	memset(event, 0xff, sizeof(*event));
	return user_ioctl(stage->user, file, CFGBLK_IOC_EVENT, event);
}

static __poll_t look(struct file *file)
{
	return vfs_poll(file, NULL);
}

static void vf_writes(struct kunit *test)
{
	u8 bytes[5] = { };

	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(bench_sim(test), 0),
					     bytes, sizeof(bytes),
					     BENCH_BLOCK));
}

static void expect_wrote(struct kunit *test, struct stage *stage,
			 struct file *file, u64 lost)
{
	struct cfgblk_event event, want = {
		.type = CFGBLK_EVENT_WROTE,
		.vf = 0,
		.block = BENCH_BLOCK,
		.len = 5,
		.lost = lost,
	};

	KUNIT_EXPECT_EQ(test, look(file), EPOLLIN | EPOLLRDNORM);
	KUNIT_EXPECT_EQ(test, take(stage, file, &event), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&event, &want, sizeof(event)), 0);
}

static void expect_mask(struct kunit *test, struct stage *stage,
			struct file *file, u64 mask)
{
	struct cfgblk_event event, want = {
		.type = CFGBLK_EVENT_INVALIDATED, .mask = mask,
	};

	KUNIT_EXPECT_EQ(test, look(file), EPOLLIN | EPOLLRDNORM);
	KUNIT_EXPECT_EQ(test, take(stage, file, &event), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&event, &want, sizeof(event)), 0);
}

static void expect_nothing(struct kunit *test, struct stage *stage,
			   struct file *file)
{
	struct cfgblk_event event;

	KUNIT_EXPECT_EQ(test, look(file), 0);
	KUNIT_EXPECT_EQ(test, take(stage, file, &event), -EAGAIN);
}

/* The PF invalidates, and the VF has taken the mask */
static void invalidate(struct kunit *test, u64 mask)
{
	struct cfgblk_pf *pf = bench_pf(test);
	int tries;

	cfgblk_invalidate(pf->pdev, 0, mask);
	for (tries = 0; tries < SOON_TRIES; tries++) {
		if (!atomic64_read(&pf->vfs[0].link.pending))
			break;
		msleep(SOON_MS);
	}
	KUNIT_EXPECT_LT(test, tries, SOON_TRIES);
	msleep(SOON_MS);
}

static void only_a_watcher_is_told(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = stage_open(test, stage, stage->pf);
	struct cfgblk_event event;

	vf_writes(test);
	KUNIT_EXPECT_EQ(test, look(file), 0);
	KUNIT_EXPECT_EQ(test, take(stage, file, &event), -EINVAL);
	KUNIT_EXPECT_EQ(test, watch(stage, file), 0);
	KUNIT_EXPECT_EQ(test, watch(stage, file), -EALREADY);
	expect_nothing(test, stage, file);
}

static void every_watcher_of_a_pf_hears_every_write(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *a = stage_watch(test, stage, stage->pf);
	struct file *b = stage_watch(test, stage, stage->pf);

	vf_writes(test);
	vf_writes(test);
	expect_wrote(test, stage, a, 0);
	expect_wrote(test, stage, a, 0);
	expect_nothing(test, stage, a);
	expect_wrote(test, stage, b, 0);
	expect_wrote(test, stage, b, 0);
	expect_nothing(test, stage, b);
}

static void refused_write_is_no_event(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = stage_watch(test, stage, stage->pf);
	u8 byte = 0;

	KUNIT_EXPECT_EQ(test, -ENOENT,
			cfgblk_write_cfg_blk(sim_vf_pdev(bench_sim(test), 0),
					     &byte, 1, BENCH_BLOCK + 1));
	expect_nothing(test, stage, file);
}

static void late_watcher_is_told_how_many_were_lost(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = stage_watch(test, stage, stage->pf);
	int i;

	for (i = 0; i < EVENTS_MAX + 3; i++)
		vf_writes(test);
	expect_wrote(test, stage, file, 3);
	for (i = 1; i < EVENTS_MAX; i++)
		expect_wrote(test, stage, file, 0);
	expect_nothing(test, stage, file);
}

static void event_that_cannot_be_handed_over_is_lost(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = stage_watch(test, stage, stage->pf);
	struct cfgblk_event event;

	vf_writes(test);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			user_ioctl_readonly(stage->user, file,
					    CFGBLK_IOC_EVENT, &event));
	expect_nothing(test, stage, file);
	vf_writes(test);
	expect_wrote(test, stage, file, 1);
}

static void mask_that_cannot_be_handed_over_is_kept(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = stage_watch(test, stage, stage->vf);
	struct cfgblk_event event;

	invalidate(test, 6);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			user_ioctl_nowhere(stage->user, file,
					   CFGBLK_IOC_EVENT));
	KUNIT_EXPECT_EQ(test, -EFAULT,
			user_ioctl_readonly(stage->user, file,
					    CFGBLK_IOC_EVENT, &event));
	expect_mask(test, stage, file, 6);
	expect_nothing(test, stage, file);
}

static void masks_become_one_event(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *a = stage_watch(test, stage, stage->vf);
	struct file *b = stage_watch(test, stage, stage->vf);

	invalidate(test, 1);
	invalidate(test, BIT_ULL(63));
	expect_mask(test, stage, a, BIT_ULL(63) | 1);
	expect_nothing(test, stage, a);
	expect_mask(test, stage, b, BIT_ULL(63) | 1);
	expect_nothing(test, stage, b);
}

/* Without a watcher it stays where it is: with the PF */
static void mask_waits_for_the_first_watcher(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct cfgblk_pf *pf = bench_pf(test);
	struct file *file;

	cfgblk_invalidate(pf->pdev, 0, 4);
	msleep(SOON_MS);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->vfs[0].link.pending), 4);
	file = stage_watch(test, stage, stage->vf);
	msleep(SOON_MS);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->vfs[0].link.pending), 0);
	expect_mask(test, stage, file, 4);
}

static void mask_not_taken_is_kept_for_the_next_watcher(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *file = user_open(stage->user, stage->vf);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	KUNIT_EXPECT_EQ(test, watch(stage, file), 0);
	invalidate(test, 8);
	KUNIT_EXPECT_EQ(test, cfgblk_node_kept(stage->vf), 0);
	user_close(file);
	KUNIT_EXPECT_EQ(test, cfgblk_node_kept(stage->vf), 8);
	file = stage_watch(test, stage, stage->vf);
	KUNIT_EXPECT_EQ(test, cfgblk_node_kept(stage->vf), 0);
	expect_mask(test, stage, file, 8);
}

/* It may be older than what the others were told */
static void mask_not_taken_goes_to_the_other_watchers(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *stays = stage_watch(test, stage, stage->vf);
	struct file *leaves = user_open(stage->user, stage->vf);

	KUNIT_ASSERT_FALSE(test, IS_ERR(leaves));
	KUNIT_EXPECT_EQ(test, watch(stage, leaves), 0);
	invalidate(test, 16);
	expect_mask(test, stage, stays, 16);
	user_close(leaves);
	expect_mask(test, stage, stays, 16);
	KUNIT_EXPECT_EQ(test, cfgblk_node_kept(stage->vf), 0);
}

/* Whoever sleeps in poll() is woken by an event, and by the driver's end */
static void poll_is_woken(struct kunit *test)
{
	struct poll_wqueues *table = kunit_kzalloc(test, sizeof(*table),
						   GFP_KERNEL);
	struct stage *stage = stage_new(test);
	struct file *file = stage_watch(test, stage, stage->pf);

	KUNIT_ASSERT_NOT_NULL(test, table);
	poll_initwait(table);
	KUNIT_EXPECT_EQ(test, vfs_poll(file, &table->pt), 0);
	KUNIT_EXPECT_EQ(test, table->triggered, 0);
	vf_writes(test);
	KUNIT_EXPECT_EQ(test, table->triggered, 1);
	expect_wrote(test, stage, file, 0);
	table->triggered = 0;
	bench_unbind(sim_pf_pdev(bench_sim(test)));
	KUNIT_EXPECT_EQ(test, table->triggered, 1);
	KUNIT_EXPECT_EQ(test, look(file), EPOLLHUP | EPOLLERR);
	poll_freewait(table);
}

/* The files are closed after the devices are gone, watchers among them */
static void files_outlive_the_drivers(struct kunit *test)
{
	struct stage *stage = stage_new(test);
	struct file *pf = stage_watch(test, stage, stage->pf);
	struct file *vf = stage_watch(test, stage, stage->vf);
	struct file *idle = stage_open(test, stage, stage->vf);
	struct cfgblk_event event;

	vf_writes(test);
	bench_pull_out(test);
	KUNIT_EXPECT_EQ(test, take(stage, pf, &event), -ENODEV);
	KUNIT_EXPECT_EQ(test, take(stage, vf, &event), -ENODEV);
	KUNIT_EXPECT_EQ(test, watch(stage, idle), -ENODEV);
	KUNIT_EXPECT_EQ(test, look(pf) & (EPOLLHUP | EPOLLERR),
			EPOLLHUP | EPOLLERR);
	KUNIT_EXPECT_EQ(test, look(vf), EPOLLHUP | EPOLLERR);
	KUNIT_EXPECT_EQ(test, PTR_ERR(user_open(stage->user, stage->vf)),
			-ENXIO);
}

static struct kunit_case node_cases[] = {
	KUNIT_CASE(only_a_watcher_is_told),
	KUNIT_CASE(every_watcher_of_a_pf_hears_every_write),
	KUNIT_CASE(refused_write_is_no_event),
	KUNIT_CASE(late_watcher_is_told_how_many_were_lost),
	KUNIT_CASE(event_that_cannot_be_handed_over_is_lost),
	KUNIT_CASE(mask_that_cannot_be_handed_over_is_kept),
	KUNIT_CASE(masks_become_one_event),
	KUNIT_CASE(mask_waits_for_the_first_watcher),
	KUNIT_CASE(mask_not_taken_is_kept_for_the_next_watcher),
	KUNIT_CASE(mask_not_taken_goes_to_the_other_watchers),
	KUNIT_CASE(poll_is_woken),
	KUNIT_CASE(files_outlive_the_drivers),
	{ }
};

static struct kunit_suite node_suite = {
	.name = "cfgblk_node",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = node_cases,
};

kunit_test_suite(node_suite);
