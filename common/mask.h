/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Block masks: bit n stands for block id n, 0..63
 *
 * A mask that waits for its reader is one atomic64_t.  Writers OR into it from
 * any context; the reader takes the whole value and leaves 0 in one step.  So
 * no bit is lost, none is counted twice, and no lock or memory is needed.
 */
#ifndef CFGBLK_MASK_H
#define CFGBLK_MASK_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

/* The mask of one block; 0 for a block id that has no bit */
static inline u64 cfgblk_mask_of(u32 block)
{
	return block < CFGBLK_MASK_BLOCKS ? BIT_ULL(block) : 0;
}

/* OR @mask into @pending; true if nothing was pending before */
static inline bool cfgblk_mask_or(atomic64_t *pending, u64 mask)
{
	return mask && !atomic64_fetch_or(mask, pending);
}

/* Take all that is pending */
static inline u64 cfgblk_mask_take(atomic64_t *pending)
{
	return atomic64_xchg(pending, 0);
}

#endif /* CFGBLK_MASK_H */
