// SPDX-License-Identifier: GPL-2.0
/*
 * Calls of a VF: those that wait for their turn, whatever carries them
 */
#include <linux/bottom_half.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/processor.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "calls.h"
#include "link_wq.h"
#include "proto.h"

static void call_free(struct kref *ref)
{
	kfree_sensitive(container_of(ref, struct cfgblk_call, ref));
}

/**
 * cfgblk_call_new - a call, not submitted
 * @op: CFGBLK_OP_READ, CFGBLK_OP_WRITE or CFGBLK_OP_ECHO
 * @block: block id
 *
 * Context: process, may sleep.
 * Return: the call, to be put with cfgblk_call_put(), or NULL without memory.
 */
struct cfgblk_call *cfgblk_call_new(u8 op, u32 block)
{
	struct cfgblk_call *call = kzalloc(sizeof(*call), GFP_KERNEL);

	if (!call)
		return NULL;
	call->op = op;
	call->block = block;
	kref_init(&call->ref);
	init_completion(&call->ended);
	INIT_LIST_HEAD(&call->list);
	return call;
}
EXPORT_SYMBOL_GPL(cfgblk_call_new);

/**
 * cfgblk_call_put - done with a call
 * @call: the call
 *
 * Context: any.
 */
void cfgblk_call_put(struct cfgblk_call *call)
{
	kref_put(&call->ref, call_free);
}
EXPORT_SYMBOL_GPL(cfgblk_call_put);

/**
 * cfgblk_call_disown - nobody wants to be told of the end of a call any more
 * @call: the call
 *
 * Context: any.
 * Return: true if nobody will be told; false if somebody was, or is right now.
 */
bool cfgblk_call_disown(struct cfgblk_call *call)
{
	return xchg(&call->done, NULL);
}
EXPORT_SYMBOL_GPL(cfgblk_call_disown);

/* Tell whoever does not wait; the buffer is his again from then on */
static void call_tell(struct cfgblk_call *call)
{
	cfgblk_done_t done = xchg(&call->done, NULL);
	unsigned int len = call->op == CFGBLK_OP_WRITE ? call->bytes.len :
							 call->answer.len;

	if (!done)
		return;
	if (call->err)
		len = 0;
	else if (call->buf)
		memcpy(call->buf, call->answer.data, len);
	done(call->context, call->err, len);
}

/* The transport is done with it, and so is who wanted to be told */
static void call_finish(struct cfgblk_call *call)
{
	complete(&call->ended);
	cfgblk_call_put(call);
}

/**
 * cfgblk_calls_submit - begin a call
 * @calls: the VF's calls
 * @call: the call; on success the transport has a reference of its own until
 *	@call->ended
 *
 * Context: process; does not sleep.
 * Return: 0; -EAGAIN if CFGBLK_VF_CALLS_MAX calls wait; what they were stopped
 * with.
 */
int cfgblk_calls_submit(struct cfgblk_calls *calls, struct cfgblk_call *call)
{
	int err;

	call->expires = jiffies + calls->limit;
	spin_lock_bh(&calls->lock);
	err = calls->stopped;
	if (!err && calls->waiting >= CFGBLK_VF_CALLS_MAX)
		err = -EAGAIN;
	if (!err) {
		kref_get(&call->ref);
		list_add_tail(&call->list, &calls->queue);
		call->queued = true;
		calls->waiting++;
	}
	spin_unlock_bh(&calls->lock);
	if (!err)
		cfgblk_calls_kick(calls);
	return err;
}
EXPORT_SYMBOL_GPL(cfgblk_calls_submit);

/**
 * cfgblk_calls_cancel - take back a call that has not begun
 * @calls: the VF's calls
 * @call: the call; if it has begun it ends on its own
 *
 * Context: process; does not sleep.
 */
void cfgblk_calls_cancel(struct cfgblk_calls *calls, struct cfgblk_call *call)
{
	bool queued;

	spin_lock_bh(&calls->lock);
	queued = call->queued;
	if (queued) {
		call->queued = false;
		list_del_init(&call->list);
		calls->waiting--;
	}
	spin_unlock_bh(&calls->lock);
	if (queued)
		call_finish(call);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_cancel);

/*
 * Who goes to sleep and is woken on another CPU pays for it with more time than
 * most exchanges take.  So look at memory first, for about as long as the largest
 * block takes on real PCIe: 45 register reads of a microsecond each, and six
 * interrupts.  Only the first in the queue has a reason to, and none whose call
 * goes to a thread.
 */
#define CALL_POLL_NS	(100 * NSEC_PER_USEC)

static bool call_poll(struct cfgblk_calls *calls, struct cfgblk_call *call)
{
	u64 end = ktime_get_ns() + CALL_POLL_NS;

	if (calls->wq != cfgblk_link_wq)
		return false;
	while (!completion_done(&call->ended)) {
		if (READ_ONCE(calls->waiting) > 1 || need_resched() ||
		    fatal_signal_pending(current) || ktime_get_ns() > end)
			return false;
		cpu_relax();
	}
	return true;
}

/**
 * cfgblk_calls_wait - wait until a submitted call has ended
 * @calls: the VF's calls
 * @call: the call
 *
 * Each call ends within two time limits: one in the queue and one with the
 * other end.
 *
 * Context: process, may sleep.
 * Return: the call's own error; -EINTR if the caller was killed, a call that
 * had not begun then never does.
 */
int cfgblk_calls_wait(struct cfgblk_calls *calls, struct cfgblk_call *call)
{
	might_sleep();
	if (call_poll(calls, call) ||
	    !wait_for_completion_killable(&call->ended))
		return call->err;
	cfgblk_calls_cancel(calls, call);
	return -EINTR;
}
EXPORT_SYMBOL_GPL(cfgblk_calls_wait);

/* One more of those that have ended, and may begin another one now */
static struct cfgblk_call *calls_pop_ended(struct cfgblk_calls *calls)
{
	struct cfgblk_call *call;

	spin_lock_bh(&calls->lock);
	call = list_first_entry_or_null(&calls->ended, struct cfgblk_call,
					list);
	if (call) {
		list_del_init(&call->list);
		calls->waiting--;
	}
	spin_unlock_bh(&calls->lock);
	return call;
}

/* One call a run: who is told may begin another call at once, and so for ever */
static void calls_teller(struct work_struct *work)
{
	struct cfgblk_calls *calls =
		container_of(work, struct cfgblk_calls, teller);
	struct cfgblk_call *call = calls_pop_ended(calls);

	if (!call)
		return;
	queue_work(cfgblk_wq, &calls->teller);
	call_tell(call);
	call_finish(call);
}

/**
 * cfgblk_calls_init - there are none yet; they are stopped
 * @calls: the VF's calls
 * @work: queued when a call was submitted, on cfgblk_wq unless the transport
 *	chooses another workqueue
 * @limit_ms: milliseconds that a call may wait for its turn
 *
 * Context: any.
 */
void cfgblk_calls_init(struct cfgblk_calls *calls, struct work_struct *work,
		       unsigned int limit_ms)
{
	spin_lock_init(&calls->lock);
	INIT_LIST_HEAD(&calls->queue);
	INIT_LIST_HEAD(&calls->ended);
	calls->limit = msecs_to_jiffies(limit_ms);
	calls->stopped = -ENODEV;
	calls->work = work;
	calls->wq = cfgblk_wq;
	INIT_WORK(&calls->teller, calls_teller);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_init);

/**
 * cfgblk_calls_start - take calls from now on
 * @calls: the VF's calls, stopped
 *
 * Context: process; does not sleep.
 */
void cfgblk_calls_start(struct cfgblk_calls *calls)
{
	spin_lock_bh(&calls->lock);
	/* Pairs with cfgblk_calls_stopped(): what was set up before is seen */
	smp_store_release(&calls->stopped, 0);
	spin_unlock_bh(&calls->lock);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_start);

/**
 * cfgblk_calls_kick - have the transport's work look what there is to do
 * @calls: the VF's calls
 *
 * If the work runs in a softirq, it does so here and now, on this CPU.
 *
 * Context: process or softirq, interrupts on; does not sleep.
 */
void cfgblk_calls_kick(struct cfgblk_calls *calls)
{
	if (calls->wq != cfgblk_link_wq) {
		queue_work(calls->wq, calls->work);
		return;
	}
	local_bh_disable();
	queue_work(calls->wq, calls->work);
	local_bh_enable();
}
EXPORT_SYMBOL_GPL(cfgblk_calls_kick);

/**
 * cfgblk_calls_stop - take none any more; those that wait are left alone
 * @calls: the VF's calls; they may be stopped already
 * @err: negative errno that who submits one is told
 *
 * Context: process; does not sleep.
 */
void cfgblk_calls_stop(struct cfgblk_calls *calls, int err)
{
	spin_lock_bh(&calls->lock);
	WRITE_ONCE(calls->stopped, err);
	spin_unlock_bh(&calls->lock);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_stop);

/* The first call of the queue, with @late only if it waited too long, or NULL */
static struct cfgblk_call *calls_pop(struct cfgblk_calls *calls, bool late)
{
	struct cfgblk_call *call;

	/* Who puts one there has the work look again */
	if (list_empty(&calls->queue))
		return NULL;
	spin_lock_bh(&calls->lock);
	call = list_first_entry_or_null(&calls->queue, struct cfgblk_call,
					list);
	if (call && late && time_before(jiffies, call->expires))
		call = NULL;
	if (call) {
		call->queued = false;
		list_del_init(&call->list);
	}
	spin_unlock_bh(&calls->lock);
	return call;
}

/**
 * cfgblk_calls_end - a call has ended
 * @calls: the VF's calls
 * @call: one that was popped; the transport's reference goes
 * @err: 0 or the negative errno that it ends with
 *
 * Context: as cfgblk_calls_pop().
 */
void cfgblk_calls_end(struct cfgblk_calls *calls, struct cfgblk_call *call,
		      int err)
{
	bool tell = READ_ONCE(call->done);

	call->err = err;
	spin_lock_bh(&calls->lock);
	if (tell)
		list_add_tail(&call->list, &calls->ended);
	else
		calls->waiting--;
	spin_unlock_bh(&calls->lock);
	if (tell)
		queue_work(cfgblk_wq, &calls->teller);
	else
		call_finish(call);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_end);

static void calls_end_late(struct cfgblk_calls *calls, struct cfgblk_call *call,
			   u64 *timeouts)
{
	++*timeouts;
	cfgblk_calls_end(calls, call, -ETIMEDOUT);
}

/**
 * cfgblk_calls_pop - the call whose turn it is
 * @calls: the VF's calls; those that waited too long for their turn end
 * @timeouts: counts them
 *
 * Context: the transport's work, or its owner while that does not run.
 * Return: the call, to be ended with cfgblk_calls_end(), or NULL.
 */
struct cfgblk_call *cfgblk_calls_pop(struct cfgblk_calls *calls, u64 *timeouts)
{
	struct cfgblk_call *call;

	while ((call = calls_pop(calls, false)) &&
	       time_after_eq(jiffies, call->expires))
		calls_end_late(calls, call, timeouts);
	return call;
}
EXPORT_SYMBOL_GPL(cfgblk_calls_pop);

/**
 * cfgblk_calls_end_late - end calls that waited too long for their turn
 * @calls: the VF's calls; later ones wait less long
 * @timeouts: counts them
 *
 * Context: as cfgblk_calls_pop().
 */
void cfgblk_calls_end_late(struct cfgblk_calls *calls, u64 *timeouts)
{
	struct cfgblk_call *call;

	while ((call = calls_pop(calls, true)))
		calls_end_late(calls, call, timeouts);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_end_late);

/**
 * cfgblk_calls_end_all - end as many calls as may wait: all that are there
 * @calls: the VF's calls
 * @err: negative errno that they end with
 *
 * Who is told of an end may begin another call at once, and so for ever.
 *
 * Context: as cfgblk_calls_pop().
 */
void cfgblk_calls_end_all(struct cfgblk_calls *calls, int err)
{
	unsigned int n = CFGBLK_VF_CALLS_MAX;
	struct cfgblk_call *call;

	while (n-- && (call = calls_pop(calls, false)))
		cfgblk_calls_end(calls, call, err);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_end_all);

/**
 * cfgblk_calls_drain - wait until everybody was told of the calls that ended
 * @calls: the VF's calls, stopped, and none waits
 *
 * Who calls this holds the device lock, as a rule: see cfgblk_done_t.
 *
 * Context: process, may sleep; not from a cfgblk_done_t.
 */
void cfgblk_calls_drain(struct cfgblk_calls *calls)
{
	while (flush_work(&calls->teller))
		;
}
EXPORT_SYMBOL_GPL(cfgblk_calls_drain);

/* Nobody but who arms it moves it */
static bool timer_early(const struct timer_list *timer, unsigned long when)
{
	return timer_pending(timer) && time_before_eq(timer->expires, when);
}

/**
 * cfgblk_calls_arm - let a timer come when a call is late, unless stopped
 * @calls: the VF's calls
 * @timer: the timer
 * @when: jiffies at which it comes if none is late before
 *
 * One that comes before is left alone: moving it with each exchange costs more
 * than that it comes once in vain.
 *
 * Context: as cfgblk_calls_pop().
 */
void cfgblk_calls_arm(struct cfgblk_calls *calls, struct timer_list *timer,
		      unsigned long when)
{
	struct cfgblk_call *call;

	if (list_empty(&calls->queue) && timer_early(timer, when))
		return;
	spin_lock_bh(&calls->lock);
	call = list_first_entry_or_null(&calls->queue, struct cfgblk_call,
					list);
	if (call && time_before(call->expires, when))
		when = call->expires;
	if (!calls->stopped && !timer_early(timer, when))
		mod_timer(timer, when);
	spin_unlock_bh(&calls->lock);
}
EXPORT_SYMBOL_GPL(cfgblk_calls_arm);
