// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: processes that call the VF driver, as many at once as a test wants
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/pci.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"

#define WAIT_TRIES	50
#define WAIT_EVERY_MS	10

#define EXCHANGE_EVERY_MS 20

static LIST_HEAD(callers);

/* Callers that write at the same time do not write the same */
static u8 next_seed;

static int caller_write(struct caller *caller)
{
	bench_fill(caller->data, caller->seed);
	return cfgblk_write_cfg_blk(caller->pdev, caller->data,
				    sizeof(caller->data), caller->block);
}

static int caller_read(struct caller *caller)
{
	memset(caller->data, 0, sizeof(caller->data));
	return cfgblk_read_cfg_blk(caller->pdev, caller->data,
				   sizeof(caller->data), caller->block,
				   &caller->len);
}

static int caller_echo(struct caller *caller)
{
	struct cfgblk_vf *vf = cfgblk_vf_of(caller->pdev);
	int n;

	if (!vf)
		return -ENODEV;
	bench_fill(caller->data, caller->seed);
	n = cfgblk_vf_echo(vf, caller->data, sizeof(caller->data));
	if (n < 0)
		return n;
	caller->len = n;
	return 0;
}

static int caller_own(struct caller *caller)
{
	return caller->own(caller->ctx);
}

/* What a call may say when an end was reset */
static bool err_of_reset(int err)
{
	return err == -ECONNRESET || err == -ETIMEDOUT || err == -ENODATA;
}

/* One call, timed */
static int caller_call(struct caller *caller, int (*call)(struct caller *))
{
	unsigned long began = jiffies;

	caller->err = call(caller);
	caller->longest = max(caller->longest, jiffies - began);
	if (err_of_reset(caller->err))
		caller->failed++;
	else if (caller->err)
		caller->strange++;
	return caller->err;
}

static void caller_exchange(struct caller *caller)
{
	u8 written[CFGBLK_BLOCK_MAX];

	caller->seed++;
	bench_fill(written, caller->seed);
	if (caller_call(caller, caller_write) ||
	    caller_call(caller, caller_read))
		return;
	caller->rounds++;
	if (caller->len != sizeof(written) ||
	    memcmp(caller->data, written, sizeof(written)))
		caller->mixed++;
}

static void caller_exchange_for_ever(struct caller *caller)
{
	while (!READ_ONCE(caller->stop)) {
		caller_exchange(caller);
		msleep(EXCHANGE_EVERY_MS);
	}
}

static int caller_thread(void *arg)
{
	struct caller *caller = arg;

	allow_signal(SIGKILL);
	switch (caller->op) {
	case CALLER_READ:
		caller_call(caller, caller_read);
		break;
	case CALLER_WRITE:
		caller_call(caller, caller_write);
		break;
	case CALLER_ECHO:
		caller_call(caller, caller_echo);
		break;
	case CALLER_EXCHANGE:
		caller_exchange_for_ever(caller);
		break;
	case CALLER_OWN:
		caller_call(caller, caller_own);
	}
	complete(&caller->ended);
	return 0;
}

static struct caller *caller_new(struct kunit *test, enum caller_op op)
{
	struct caller *caller = kzalloc(sizeof(*caller), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, caller);
	caller->op = op;
	caller->seed = next_seed++;
	init_completion(&caller->ended);
	caller->task = kthread_create(caller_thread, caller, "cfgblk-caller");
	if (IS_ERR(caller->task)) {
		kfree(caller);
		KUNIT_ASSERT_TRUE_MSG(test, false, "no process");
		return NULL;
	}
	return caller;
}

static void caller_go(struct caller *caller, struct pci_dev *pdev)
{
	caller->pdev = pci_dev_get(pdev);
	list_add_tail(&caller->list, &callers);
	get_task_struct(caller->task);
	wake_up_process(caller->task);
}

/**
 * caller_start - begin to call
 * @test: the test
 * @pdev: the VF
 * @op: what to do
 * @block: block id
 *
 * Return: the caller, valid until callers_fini().
 */
struct caller *caller_start(struct kunit *test, struct pci_dev *pdev,
			    enum caller_op op, u32 block)
{
	struct caller *caller = caller_new(test, op);

	caller->block = block;
	caller_go(caller, pdev);
	return caller;
}

/**
 * caller_start_own - begin to call something that is not the kernel interface
 * @test: the test
 * @pdev: the VF
 * @own: what to call
 * @ctx: for @own
 *
 * Return: the caller, valid until callers_fini().
 */
struct caller *caller_start_own(struct kunit *test, struct pci_dev *pdev,
				int (*own)(void *ctx), void *ctx)
{
	struct caller *caller = caller_new(test, CALLER_OWN);

	caller->own = own;
	caller->ctx = ctx;
	caller_go(caller, pdev);
	return caller;
}

/**
 * caller_result - wait for the end of a caller
 * @test: the test; it fails if the caller hangs
 * @caller: the caller, of one call or stopped
 *
 * Return: what its last call returned.
 */
int caller_result(struct kunit *test, struct caller *caller)
{
	bool ended = wait_for_completion_timeout(&caller->ended,
						 2 * CALLER_WITHIN);

	KUNIT_EXPECT_TRUE_MSG(test, ended, "a call hangs");
	KUNIT_EXPECT_LE(test, caller->longest, CALLER_WITHIN);
	return caller->err;
}

/**
 * caller_stop - end exchanges, and expect that all were as they should be
 * @test: the test
 * @caller: a CALLER_EXCHANGE
 */
void caller_stop(struct kunit *test, struct caller *caller)
{
	WRITE_ONCE(caller->stop, true);
	caller_result(test, caller);
	KUNIT_EXPECT_GT(test, caller->rounds, 0);
	KUNIT_EXPECT_EQ(test, caller->strange, 0);
	KUNIT_EXPECT_EQ(test, caller->mixed, 0);
}

/**
 * caller_kill - send SIGKILL
 * @caller: the caller
 */
void caller_kill(struct caller *caller)
{
	send_sig(SIGKILL, caller->task, 1);
}

/**
 * callers_wait - wait until calls are under way or queued
 * @test: the test; it ends if they are not
 * @vf: the VF
 * @n: how many
 */
void callers_wait(struct kunit *test, struct cfgblk_vf *vf, unsigned int n)
{
	int tries;

	for (tries = 0; tries < WAIT_TRIES; tries++) {
		if (READ_ONCE(vf->calls->waiting) == n)
			return;
		msleep(WAIT_EVERY_MS);
	}
	KUNIT_ASSERT_EQ(test, READ_ONCE(vf->calls->waiting), n);
}

/**
 * callers_wait_unheard - wait until doorbells that get lost have been rung
 * @test: the test; it ends if they are not
 * @vf: VF id, with lost_bells in its faults
 *
 * From the return on a call waits for an answer which does not come.
 */
void callers_wait_unheard(struct kunit *test, unsigned int vf)
{
	struct sim_faults *faults = sim_faults(bench_sim(test), vf);
	int tries;

	for (tries = 0; faults->lost_bells && tries < WAIT_TRIES; tries++)
		msleep(WAIT_EVERY_MS);
	KUNIT_ASSERT_EQ(test, faults->lost_bells, 0);
}

/**
 * callers_fini - end all callers, also of a test that failed
 */
void callers_fini(void)
{
	struct caller *caller, *next;

	list_for_each_entry_safe(caller, next, &callers, list) {
		WRITE_ONCE(caller->stop, true);
		caller_kill(caller);
		kthread_stop(caller->task);
		put_task_struct(caller->task);
		pci_dev_put(caller->pdev);
		list_del(&caller->list);
		kfree(caller);
	}
}
