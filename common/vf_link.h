/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link, the VF's end: asks the PF
 */
#ifndef CFGBLK_VF_LINK_H
#define CFGBLK_VF_LINK_H

#include <linux/atomic.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/workqueue.h>

#include "calls.h"
#include "counters.h"
#include "journal.h"
#include "mbx.h"
#include "proto.h"

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

/* Is the last WELCOME in force? */
static inline bool cfgblk_vf_state_is_up(enum cfgblk_vf_state state)
{
	return state >= CFGBLK_VF_IDLE && state <= CFGBLK_VF_RECEIVING;
}

/**
 * struct cfgblk_vf_link_ops - what the VF driver is told, from the link's work;
 * none may sleep
 * @come: the buffer is the VF's alone until this returns; follows the COME of
 *	the PF, before HELLO.  May be NULL
 * @mask: blocks were invalidated
 * @up: versions were agreed on
 * @refused: there is no common version
 */
struct cfgblk_vf_link_ops {
	void (*come)(void *ctx);
	void (*mask)(void *ctx, u64 mask);
	void (*up)(void *ctx, const struct cfgblk_welcome *welcome);
	void (*refused)(void *ctx, const struct cfgblk_welcome *welcome);
};

/**
 * struct cfgblk_vf_link - the PF, seen from one VF
 * @mbx: the mailbox
 * @ops: the VF driver
 * @ctx: handed to each of @ops
 * @work: all steps of the link; one run at a time, none sleeps
 * @timer: queues @work when something is due
 * @hearing: held while bells are read and noted; a leaf, taken with interrupts
 *	off
 * @bells: CFGBLK_BELL_* heard and not looked at
 * @wanted: somebody wants masks; otherwise they stay with the PF
 * @calls: calls that have not ended; their limit is also that of an exchange,
 *	all its fragments together
 * @state: what is expected
 * @deadline: jiffies at which the PF is late, or at which to try again
 * @patience: jiffies that the next KNOCK or HELLO waits for its answer
 * @looked_at: jiffies at which an exchange began, or the doorbells were last
 *	read without an interrupt
 * @call: the call under way; NULL for KNOCK, HELLO and TAKE
 * @op: what is under way: enum cfgblk_op
 * @id: its request id
 * @head: of the message that is being received
 * @dword0: dword 0 of the buffer, as we last wrote it or found an answer in it
 * @asked: for a GO in the buffer
 * @notice: the PF has a mask
 * @welcome: the last WELCOME; zero before the first one
 * @instance: our number for life
 * @attempt: number of the last KNOCK and its HELLO
 * @counters: what happened
 * @journal: the last exchanges
 *
 * Lifetime: cfgblk_vf_link_init() to cfgblk_vf_link_fini(); @work may run
 * between cfgblk_vf_link_start() and cfgblk_vf_link_stop().  What is not @bells,
 * @wanted or @calls belongs to @work, or to the owner while stopped.
 */
struct cfgblk_vf_link {
	struct cfgblk_mbx mbx;
	const struct cfgblk_vf_link_ops *ops;
	void *ctx;
	struct work_struct work;
	struct timer_list timer;
	spinlock_t hearing; /* a leaf, see above */
	atomic_t bells;
	bool wanted;
	struct cfgblk_calls calls;
	enum cfgblk_vf_state state;
	unsigned long deadline;
	unsigned long patience;
	unsigned long looked_at;
	struct cfgblk_call *call;
	u8 op;
	u8 id;
	struct cfgblk_head head;
	u32 dword0;
	bool asked;
	bool notice;
	struct cfgblk_welcome welcome;
	u32 instance;
	u32 attempt;
	struct cfgblk_counters counters;
	struct cfgblk_journal journal;
};

void cfgblk_vf_link_init(struct cfgblk_vf_link *link,
			 const struct cfgblk_mbx *mbx,
			 const struct cfgblk_vf_link_ops *ops, void *ctx,
			 unsigned int limit_ms);
void cfgblk_vf_link_start(struct cfgblk_vf_link *link);
void cfgblk_vf_link_stop(struct cfgblk_vf_link *link, int err);
void cfgblk_vf_link_fini(struct cfgblk_vf_link *link);
void cfgblk_vf_link_bell(struct cfgblk_vf_link *link, unsigned int bells);
void cfgblk_vf_link_hear(struct cfgblk_vf_link *link);
void cfgblk_vf_link_want(struct cfgblk_vf_link *link, bool wanted);

#endif /* CFGBLK_VF_LINK_H */
