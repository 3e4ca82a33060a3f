/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link, the VF's end: asks the PF
 */
#ifndef CFGBLK_VF_LINK_H
#define CFGBLK_VF_LINK_H

#include <linux/atomic.h>
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "counters.h"
#include "frag.h"
#include "mbx.h"
#include "proto.h"

/* Calls that may wait at once; one more is -EAGAIN */
#define CFGBLK_VF_CALLS_MAX	16

/**
 * enum cfgblk_vf_state - what the VF's end is waiting for
 * @CFGBLK_VF_DOWN: the moment to KNOCK
 * @CFGBLK_VF_KNOCKING: the COME
 * @CFGBLK_VF_GREETING: the WELCOME
 * @CFGBLK_VF_IDLE: a call, or a notice
 * @CFGBLK_VF_SENDING: the GO for the next fragment of a request
 * @CFGBLK_VF_WAITING: the answer
 * @CFGBLK_VF_RECEIVING: the next fragment of the answer
 * @CFGBLK_VF_REFUSED: a reset of the PF; there is no common version
 */
enum cfgblk_vf_state {
	CFGBLK_VF_DOWN,
	CFGBLK_VF_KNOCKING,
	CFGBLK_VF_GREETING,
	CFGBLK_VF_IDLE,
	CFGBLK_VF_SENDING,
	CFGBLK_VF_WAITING,
	CFGBLK_VF_RECEIVING,
	CFGBLK_VF_REFUSED,
};

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
 * @ref: one for the caller, one for the link while it has the call
 * @list: in the link's queue
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
	unsigned long expires;
};

/**
 * struct cfgblk_vf_link_ops - what the VF driver is told, from the link's work
 * @mask: blocks were invalidated
 * @up: versions were agreed on
 * @refused: there is no common version
 */
struct cfgblk_vf_link_ops {
	void (*mask)(void *ctx, u64 mask);
	void (*up)(void *ctx, const struct cfgblk_welcome *welcome);
	void (*refused)(void *ctx, const struct cfgblk_welcome *welcome);
};

/**
 * struct cfgblk_vf_link - the PF, seen from one VF
 * @mbx: the mailbox
 * @ops: the VF driver
 * @ctx: handed to each of @ops
 * @wq: where @work runs
 * @work: all steps of the link; one run at a time
 * @timer: queues @work when something is due
 * @bells: CFGBLK_BELL_* heard and not looked at
 * @wanted: somebody wants masks; otherwise they stay with the PF
 * @lock: guards @queue, @waiting and @stopped; a leaf, never in interrupts
 * @queue: calls that have not begun
 * @waiting: calls that have not ended, at most CFGBLK_VF_CALLS_MAX
 * @stopped: 0, or the negative errno that every call ends with
 * @limit: jiffies that one exchange may take, all its fragments together
 * @state: what is expected
 * @deadline: jiffies at which the PF is late, or at which to try again
 * @patience: jiffies that the next KNOCK or HELLO waits for its answer
 * @looked_at: jiffies at which an exchange began, or the doorbells were last
 *	read without an interrupt
 * @call: the call under way; NULL for KNOCK, HELLO and TAKE
 * @op: what is under way: enum cfgblk_op
 * @id: its request id
 * @notice: the PF has a mask
 * @welcome: the last WELCOME; version 0 before the first one
 * @instance: our number for life
 * @attempt: number of the last KNOCK and its HELLO
 * @counters: what happened
 *
 * Lifetime: cfgblk_vf_link_init() to cfgblk_vf_link_fini(); @work may run
 * between cfgblk_vf_link_start() and cfgblk_vf_link_stop().  What is not @bells,
 * @wanted or under @lock belongs to @work, or to the owner while stopped.
 */
struct cfgblk_vf_link {
	struct cfgblk_mbx mbx;
	const struct cfgblk_vf_link_ops *ops;
	void *ctx;
	struct workqueue_struct *wq;
	struct work_struct work;
	struct timer_list timer;
	atomic_t bells;
	bool wanted;
	spinlock_t lock; /* a leaf, see above */
	struct list_head queue;
	unsigned int waiting;
	int stopped;
	unsigned long limit;
	enum cfgblk_vf_state state;
	unsigned long deadline;
	unsigned long patience;
	unsigned long looked_at;
	struct cfgblk_call *call;
	u8 op;
	u8 id;
	bool notice;
	struct cfgblk_welcome welcome;
	u32 instance;
	u32 attempt;
	struct cfgblk_counters counters;
};

struct cfgblk_call *cfgblk_call_new(u8 op, u32 block);
bool cfgblk_call_disown(struct cfgblk_call *call);

void cfgblk_vf_link_init(struct cfgblk_vf_link *link,
			 const struct cfgblk_mbx *mbx,
			 const struct cfgblk_vf_link_ops *ops, void *ctx,
			 unsigned int limit_ms);
void cfgblk_vf_link_start(struct cfgblk_vf_link *link);
void cfgblk_vf_link_stop(struct cfgblk_vf_link *link, int err);
void cfgblk_vf_link_fini(struct cfgblk_vf_link *link);
void cfgblk_vf_link_bell(struct cfgblk_vf_link *link, unsigned int bells);
void cfgblk_vf_link_want(struct cfgblk_vf_link *link, bool wanted);
int cfgblk_vf_link_submit(struct cfgblk_vf_link *link,
			  struct cfgblk_call *call);
int cfgblk_vf_link_wait(struct cfgblk_vf_link *link, struct cfgblk_call *call);
void cfgblk_vf_link_cancel(struct cfgblk_vf_link *link,
			   struct cfgblk_call *call);

#endif /* CFGBLK_VF_LINK_H */
