/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mailbox: what the link needs from whoever owns the device
 *
 * One mailbox is one VF's buffer and doorbells, seen from one end.  The owner
 * gives the operations and reports what it hears with cfgblk_pf_link_bell() or
 * cfgblk_vf_link_bell(), from its interrupt handler.  The link calls the
 * operations from its work, or from where it is turned on, one at a time for
 * each mailbox, and never after it was stopped.
 */
#ifndef CFGBLK_MBX_H
#define CFGBLK_MBX_H

#include <linux/bits.h>
#include <linux/types.h>

/* Doorbells, rung and heard */
#define CFGBLK_BELL_MESSAGE	BIT(0)	/* a message is in the buffer */
#define CFGBLK_BELL_ACK		BIT(1)	/* VF: fragment read; PF: invalidated */
/* Heard only */
#define CFGBLK_BELL_RESET	BIT(2)	/* the other end was reset */
#define CFGBLK_BELL_DOWN	BIT(3)	/* the PF is in reset: do not send */

/**
 * struct cfgblk_mbx_ops - operations of a mailbox; none may sleep
 * @get: read @n dwords of the buffer, from dword @first on
 * @put: write @n dwords (at least one) to the start of the buffer, dword 0
 *	last, then ring @bells.  The other end must not see a later write
 *	before an earlier one
 * @ring: ring @bells and leave the buffer alone
 * @wipe: PF: fill the buffer with zeroes, dword 0 first
 * @poll: VF: bells that were rung and not yet reported, and
 *	CFGBLK_BELL_DOWN while the PF is in reset
 * @prepare: VF: make the doorbells of the PF interrupt us; called when the
 *	PF is ready, before the first message and after each PF reset
 */
struct cfgblk_mbx_ops {
	void (*get)(void *ctx, u32 *words, unsigned int first, unsigned int n);
	void (*put)(void *ctx, const u32 *words, unsigned int n,
		    unsigned int bells);
	void (*ring)(void *ctx, unsigned int bells);
	void (*wipe)(void *ctx);
	unsigned int (*poll)(void *ctx);
	void (*prepare)(void *ctx);
};

/**
 * struct cfgblk_mbx - a mailbox
 * @ops: its operations
 * @ctx: handed to each of them
 */
struct cfgblk_mbx {
	const struct cfgblk_mbx_ops *ops;
	void *ctx;
};

#endif /* CFGBLK_MBX_H */
