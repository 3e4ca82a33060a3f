/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Journal of a link: its last exchanges, for debugfs, and each as a tracepoint
 *
 * An exchange is a request of the VF and the answer to it, with all their
 * fragments.  Both ends of a link have a journal; the id tells which entries
 * are the same exchange.
 */
#ifndef CFGBLK_JOURNAL_H
#define CFGBLK_JOURNAL_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

/* What somebody can read on one screen; 1024 bytes of memory for each link */
#define CFGBLK_JOURNAL_LEN	64

/**
 * struct cfgblk_exchange - an exchange that has ended
 * @at: milliseconds of ktime_get() at its end, the low 32 bits: 49 days
 * @took: microseconds from its begin to its end, U32_MAX also if more
 * @block: block id; 0 if it is about no block
 * @op: the request: enum cfgblk_op
 * @err: 0 or a positive errno, at most MAX_ERRNO
 * @id: request id; of KNOCK and HELLO the low bits of the attempt
 * @len: bytes of the block: asked for, or sent, or those that the answer has
 */
struct cfgblk_exchange {
	u32 at;
	u32 took;
	u32 block;
	u16 op : 4;
	u16 err : 12;
	u8 id;
	u8 len;
};

/**
 * struct cfgblk_journal - the last exchanges of one end of a link
 * @name: of the device, or NULL
 * @pf: it is the PF's end
 * @vf: VF id; CFGBLK_VF_ALL on the VF while the PF has not told it
 * @began: nanoseconds of ktime_get() at the begin of @now; 0: nothing is under way
 * @now: the exchange under way
 * @lock: guards @n and @last; a leaf, taken with softirqs off
 * @n: exchanges that were kept, also those that were overwritten since
 * @last: the last of them; exchange number i is where i modulo CFGBLK_JOURNAL_LEN says
 *
 * But for @n and @last all of it belongs to who takes the steps of the link.
 */
struct cfgblk_journal {
	const char *name;
	bool pf;
	u16 vf;
	u64 began;
	struct cfgblk_exchange now;
	spinlock_t lock; /* a leaf, see above */
	u64 n;
	struct cfgblk_exchange last[CFGBLK_JOURNAL_LEN];
};

/* VF id for people: -1 if nobody knows it yet */
static inline int cfgblk_journal_vf(const struct cfgblk_journal *journal)
{
	return journal->vf == CFGBLK_VF_ALL ? -1 : journal->vf;
}

/* The block id was in the message, behind the header */
static inline void cfgblk_journal_block(struct cfgblk_journal *journal,
					u32 block)
{
	journal->now.block = block;
}

/* The answer has so many bytes */
static inline void cfgblk_journal_len(struct cfgblk_journal *journal, u8 len)
{
	journal->now.len = len;
}

void cfgblk_journal_init(struct cfgblk_journal *journal, const char *name,
			 bool pf, u16 vf);
void cfgblk_journal_begin(struct cfgblk_journal *journal, u8 op, u8 id,
			  u32 block, u8 len);
void cfgblk_journal_end(struct cfgblk_journal *journal, int err);
void cfgblk_journal_mask(struct cfgblk_journal *journal, u64 mask);

#endif /* CFGBLK_JOURNAL_H */
