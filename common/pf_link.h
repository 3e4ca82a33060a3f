/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Link, the PF's end: answers one VF
 */
#ifndef CFGBLK_PF_LINK_H
#define CFGBLK_PF_LINK_H

#include <linux/atomic.h>
#include <linux/workqueue.h>

#include "counters.h"
#include "frag.h"
#include "journal.h"
#include "mbx.h"
#include "proto.h"
#include "rate.h"

/**
 * enum cfgblk_pf_state - what the PF's end is waiting for
 * @CFGBLK_PF_DOWN: a KNOCK or a HELLO; all else is refused
 * @CFGBLK_PF_IDLE: a request
 * @CFGBLK_PF_RECEIVING: the next fragment of a request
 * @CFGBLK_PF_ANSWERING: the VF's ACK for a fragment of the answer
 */
enum cfgblk_pf_state {
	CFGBLK_PF_DOWN,
	CFGBLK_PF_IDLE,
	CFGBLK_PF_RECEIVING,
	CFGBLK_PF_ANSWERING,
};

/**
 * struct cfgblk_pf_link_ops - the server behind the link
 * @read: fill @buf with at most @len bytes of a block.  Returns their number,
 *	1..@len, or a negative errno
 * @write: take @len bytes for a block, whole or not at all.  Returns 0 or a
 *	negative errno
 * @came: a VF driver finished its handshake.  @version 0: it was refused
 * @went: the VF that was there is gone: forget what it wrote
 * @published: block mask of what a VF that knows nothing has to read
 * @limited: the VF is over its limit and nobody listens to it for a while, or
 *	that while is over.  What it rang meanwhile has to be reported then
 * @patient: a server to be asked instead where it may sleep; NULL: the same
 *
 * The link's steps are taken in a softirq, where none of these may sleep, or in
 * a work item: see cfgblk_pf_link_patient().
 */
struct cfgblk_pf_link_ops {
	int (*read)(void *ctx, u32 block, void *buf, unsigned int len);
	int (*write)(void *ctx, u32 block, const void *buf, unsigned int len);
	void (*came)(void *ctx, const struct cfgblk_hello *hello, u8 version);
	void (*went)(void *ctx);
	u64 (*published)(void *ctx);
	void (*limited)(void *ctx, bool limited);
	const struct cfgblk_pf_link_ops *patient;
};

/**
 * struct cfgblk_pf_link - one VF, seen from the PF
 * @mbx: its mailbox
 * @ops: the server
 * @server: @ops or its patient one, whichever is asked in this step
 * @ctx: handed to each of them
 * @work: takes the steps of the link, or has @slow take them; one run at a time.
 *	While the VF is over its limit it is delayed, and only a reset hurries it
 * @slow: takes the steps if @patient
 * @patient: somebody wants to sleep when he is asked
 * @is_slow: the steps are @slow's, which gives them back.  Otherwise they are
 *	@work's
 * @pending: block mask that the VF has not taken
 * @bells: CFGBLK_BELL_* heard and not looked at
 * @on: the VF exists; @work does nothing otherwise
 * @rate: messages that the VF may send
 * @limited: it sent more
 * @limited_at: jiffies at which that was seen last
 * @vf: VF id
 * @state: what is expected
 * @epoch: goes up whenever either end starts afresh
 * @instance: of the VF driver that said HELLO last
 * @known: @instance is valid
 * @version: agreed on, 0 in CFGBLK_PF_DOWN
 * @features: agreed on
 * @peer_min: oldest version of the VF
 * @peer_max: newest version of the VF
 * @told: the VF's bell was rung for @pending
 * @remind_at: jiffies at which to ring again
 * @patience: jiffies from the next ring to the one after it
 * @taken: mask of a TAKE whose answer the VF may not have got
 * @head: of the message that is being received
 * @dword0: dword 0 of the buffer, as we last read or wrote it
 * @op: request that is being served: enum cfgblk_op
 * @id: its request id
 * @last_id: request id seen last in this epoch, -1 for none
 * @asked: the VF asked for a GO in the buffer, after its last message
 * @block: its block id
 * @in: its bytes
 * @out: bytes of its answer
 * @counters: what happened
 * @journal: the last exchanges
 *
 * Lifetime: cfgblk_pf_link_init() to the owner's free; between
 * cfgblk_pf_link_on() and cfgblk_pf_link_off() steps are taken.  @pending, @bells,
 * @on, @patient and the limit in @rate belong to everybody; all else to who takes
 * the steps, or to the owner while the link is off.  What others look at, to show
 * or to save it, is written with WRITE_ONCE(), but @counters, and may be of
 * different moments.
 */
struct cfgblk_pf_link {
	struct cfgblk_mbx mbx;
	const struct cfgblk_pf_link_ops *ops;
	const struct cfgblk_pf_link_ops *server;
	void *ctx;
	struct delayed_work work;
	struct work_struct slow;
	bool patient;
	bool is_slow;
	atomic64_t pending;
	atomic_t bells;
	bool on;
	struct cfgblk_rate rate;
	bool limited;
	unsigned long limited_at;
	u16 vf;
	enum cfgblk_pf_state state;
	u32 epoch;
	u32 instance;
	bool known;
	u8 version;
	u32 features;
	u8 peer_min;
	u8 peer_max;
	bool told;
	unsigned long remind_at;
	unsigned long patience;
	u64 taken;
	struct cfgblk_head head;
	u32 dword0;
	u8 op;
	u8 id;
	int last_id;
	bool asked;
	u32 block;
	struct cfgblk_bytes in;
	struct cfgblk_bytes out;
	struct cfgblk_counters counters;
	struct cfgblk_journal journal;
};

/*
 * Limit of a link that nobody gave another: a VF that keeps to it costs the
 * host about a tenth of a processor at the ten microseconds or so that a
 * message takes on real PCIe, most of them register reads.  The burst lets
 * through what somebody does by hand or measures.
 */
#define CFGBLK_RATE_DEFAULT	10000	/* messages a second */
#define CFGBLK_BURST_DEFAULT	20000	/* messages */

void cfgblk_pf_link_init(struct cfgblk_pf_link *link, u16 vf,
			 const struct cfgblk_mbx *mbx,
			 const struct cfgblk_pf_link_ops *ops, void *ctx);
void cfgblk_pf_link_patient(struct cfgblk_pf_link *link, bool patient);
void cfgblk_pf_link_on(struct cfgblk_pf_link *link);
void cfgblk_pf_link_off(struct cfgblk_pf_link *link);
void cfgblk_pf_link_forget(struct cfgblk_pf_link *link);
void cfgblk_pf_link_expect(struct cfgblk_pf_link *link, u32 instance);
bool cfgblk_pf_link_bell(struct cfgblk_pf_link *link, unsigned int bells);
void cfgblk_pf_link_remind(struct cfgblk_pf_link *link);
void cfgblk_pf_link_invalidate(struct cfgblk_pf_link *link, u64 mask);
bool cfgblk_pf_link_limited(const struct cfgblk_pf_link *link);

#endif /* CFGBLK_PF_LINK_H */
