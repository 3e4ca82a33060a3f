/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mailbox: what the link needs from whoever owns the device
 *
 * One mailbox is one VF's buffer and doorbells, seen from one end.  The owner
 * gives the operations and reports what it hears with cfgblk_pf_link_bell(), or
 * lets cfgblk_vf_link_hear() hear it, from its interrupt handler.  The link calls
 * the operations from its work, or from where it is turned on, one at a time for
 * each mailbox (but for @poll), and never after it was stopped.
 */
#ifndef CFGBLK_MBX_H
#define CFGBLK_MBX_H

#include <linux/bits.h>
#include <linux/types.h>

/* Doorbells, rung and heard */
#define CFGBLK_BELL_MESSAGE	BIT(0)	/* a message is in the buffer */
#define CFGBLK_BELL_ACK		BIT(1)	/* fragment read, go on */
/* PF, both in one: blocks were invalidated, and there may be a message */
#define CFGBLK_BELL_NOTICE	(CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK)
/* Heard only */
#define CFGBLK_BELL_RESET	BIT(2)	/* the other end was reset */
#define CFGBLK_BELL_DOWN	BIT(3)	/* the PF is in reset: do not send */

/**
 * struct cfgblk_mbx_ops - operations of a mailbox; none may sleep
 * @get: read @n dwords of the buffer, from dword @first on
 * @head: read dword 0 of a message that has come, and dword 1 with it, or after
 *	it, if that costs no access more; returns how many were read, 1 or 2.
 *	May be NULL: dword 0 is read with @get then
 * @put: write @n dwords (at least one) to the start of the buffer, dword 0
 *	last and dword 1 before it, then ring @bells.  The other end must not see a later write
 *	before an earlier one
 * @ring: ring @bells and leave the buffer alone
 * @wipe: PF: fill the buffer with zeroes, dword 0 first
 * @poll: VF: bells that were rung and not yet reported, and
 *	CFGBLK_BELL_DOWN while the PF is in reset; also in interrupts, beside
 *	the others, but not twice at once
 * @prepare: VF: make the doorbells of the PF interrupt us; called when the
 *	PF is ready, before the first message and after each PF reset
 */
struct cfgblk_mbx_ops {
	void (*get)(void *ctx, u32 *words, unsigned int first, unsigned int n);
	unsigned int (*head)(void *ctx, u32 *words);
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
 * @name: of the device, as dev_name() gives it, for who traces; may be NULL
 */
struct cfgblk_mbx {
	const struct cfgblk_mbx_ops *ops;
	void *ctx;
	const char *name;
};

/**
 * struct cfgblk_head - what was read of a message to know what it is
 * @words: its first dwords
 * @n: how many, 1 or 2
 *
 * But for these, only dwords that the header announces are read, and each once.
 */
struct cfgblk_head {
	u32 words[2];
	unsigned int n;
};

/**
 * cfgblk_mbx_head - a message has come: read its header
 * @mbx: the mailbox
 * @head: keeps what was read, for cfgblk_mbx_body()
 *
 * Context: as the operations of @mbx.
 * Return: dword 0.
 */
static inline u32 cfgblk_mbx_head(const struct cfgblk_mbx *mbx,
				  struct cfgblk_head *head)
{
	head->n = 1;
	if (mbx->ops->head)
		head->n = mbx->ops->head(mbx->ctx, head->words);
	else
		mbx->ops->get(mbx->ctx, head->words, 0, 1);
	return head->words[0];
}

/**
 * cfgblk_mbx_body - read what follows the header of the same message
 * @mbx: the mailbox
 * @head: what was read of it; no dword of that is read again
 * @words: the whole message; filled from dword @first on
 * @first: first dword wanted
 * @n: dwords wanted
 *
 * Context: as the operations of @mbx.
 */
static inline void cfgblk_mbx_body(const struct cfgblk_mbx *mbx,
				   const struct cfgblk_head *head, u32 *words,
				   unsigned int first, unsigned int n)
{
	for (; n && first < head->n; first++, n--)
		words[first] = head->words[first];
	if (n)
		mbx->ops->get(mbx->ctx, &words[first], first, n);
}

#endif /* CFGBLK_MBX_H */
