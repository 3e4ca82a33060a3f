/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Calls of a VF: those that wait for their turn, whatever carries them
 */
#ifndef CFGBLK_CALLS_H
#define CFGBLK_CALLS_H

#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "frag.h"

/* Calls that may wait at once; one more is -EAGAIN */
#define CFGBLK_VF_CALLS_MAX	16

/**
 * struct cfgblk_call - one read, write or echo
 * @op: CFGBLK_OP_READ, CFGBLK_OP_WRITE or CFGBLK_OP_ECHO
 * @block: block id
 * @bytes: write, echo: what goes out
 * @wanted: read: bytes wanted
 * @answer: read, echo: what came back
 * @err: 0 or a negative errno, valid once it is @ended
 * @done: called when the call ends, if nobody waits for it; NULL once somebody
 *	has taken it, to call it or so that it is never called
 * @context: handed to @done
 * @buf: receives @answer before @done is called, or NULL
 * @ended: completed when the call has ended and @done has returned
 * @ref: one for the caller, one for the queue or the transport that has it
 * @list: in the queue, or among those to be told of
 * @queued: it has not begun
 * @expires: jiffies at which it is no longer worth to begin
 */
struct cfgblk_call {
	u8 op;
	u8 wanted;
	u32 block;
	struct cfgblk_bytes bytes;
	struct cfgblk_bytes answer;
	int err;
	cfgblk_done_t done;
	void *context;
	void *buf;
	struct completion ended;
	struct kref ref;
	struct list_head list;
	bool queued;
	unsigned long expires;
};

/**
 * struct cfgblk_calls - the calls of one VF
 * @lock: guards @queue, @ended, @waiting and @stopped; a leaf, taken with
 *	softirqs off
 * @queue: calls that have not begun
 * @ended: calls that have, and whose &struct cfgblk_call.done has to be called
 * @waiting: calls that have not ended, or nobody was told, at most
 *	CFGBLK_VF_CALLS_MAX
 * @stopped: 0, or the negative errno that every call ends with
 * @limit: jiffies that a call may wait for its turn, and then again for its
 *	answer
 * @work: the transport's: begins and ends calls, one after the other
 * @wq: where @work runs
 * @teller: calls what wants to be called when a call has ended: it may sleep
 */
struct cfgblk_calls {
	spinlock_t lock; /* a leaf, see above */
	struct list_head queue;
	struct list_head ended;
	unsigned int waiting;
	int stopped;
	unsigned long limit;
	struct work_struct *work;
	struct workqueue_struct *wq;
	struct work_struct teller;
};

/* For the work, which may run before or after: if not, all is set up */
static inline bool cfgblk_calls_stopped(const struct cfgblk_calls *calls)
{
	/* Pairs with cfgblk_calls_start() */
	return smp_load_acquire(&calls->stopped);
}

struct cfgblk_call *cfgblk_call_new(u8 op, u32 block);
bool cfgblk_call_disown(struct cfgblk_call *call);

/* For who calls */
int cfgblk_calls_submit(struct cfgblk_calls *calls, struct cfgblk_call *call);
int cfgblk_calls_wait(struct cfgblk_calls *calls, struct cfgblk_call *call);
void cfgblk_calls_cancel(struct cfgblk_calls *calls, struct cfgblk_call *call);

/* For the transport */
void cfgblk_calls_init(struct cfgblk_calls *calls, struct work_struct *work,
		       unsigned int limit_ms);
void cfgblk_calls_start(struct cfgblk_calls *calls);
void cfgblk_calls_kick(struct cfgblk_calls *calls);
void cfgblk_calls_stop(struct cfgblk_calls *calls, int err);
struct cfgblk_call *cfgblk_calls_pop(struct cfgblk_calls *calls, u64 *timeouts);
void cfgblk_calls_end(struct cfgblk_calls *calls, struct cfgblk_call *call,
		      int err);
void cfgblk_calls_end_late(struct cfgblk_calls *calls, u64 *timeouts);
void cfgblk_calls_end_all(struct cfgblk_calls *calls, int err);
void cfgblk_calls_drain(struct cfgblk_calls *calls);
void cfgblk_calls_arm(struct cfgblk_calls *calls, struct timer_list *timer,
		      unsigned long when);

#endif /* CFGBLK_CALLS_H */
