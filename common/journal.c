// SPDX-License-Identifier: GPL-2.0
/*
 * Journal of a link: its last exchanges, and each as a tracepoint
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "journal.h"
#include "proto.h"

#define CREATE_TRACE_POINTS
#include "cfgblk_trace.h"

/**
 * cfgblk_journal_init - nothing has happened yet
 * @journal: the journal, zeroed
 * @name: of the device, lives as long as the journal; or NULL
 * @pf: it is the PF's end
 * @vf: VF id, or CFGBLK_VF_ALL if that is not known
 *
 * Context: any.
 */
void cfgblk_journal_init(struct cfgblk_journal *journal, const char *name,
			 bool pf, u16 vf)
{
	journal->name = name;
	journal->pf = pf;
	journal->vf = vf;
	spin_lock_init(&journal->lock);
}
EXPORT_SYMBOL_GPL(cfgblk_journal_init);

/**
 * cfgblk_journal_begin - an exchange begins
 * @journal: the journal; if an exchange is under way, it ends with -ECANCELED
 * @op: the request: enum cfgblk_op
 * @id: request id
 * @block: block id, or 0
 * @len: bytes of the block, or 0
 *
 * Context: who takes the steps of the link.
 */
void cfgblk_journal_begin(struct cfgblk_journal *journal, u8 op, u8 id,
			  u32 block, u8 len)
{
	cfgblk_journal_end(journal, -ECANCELED);
	journal->began = ktime_get_ns();
	journal->now = (struct cfgblk_exchange){
		.block = block,
		.op = op,
		.id = id,
		.len = len,
	};
}
EXPORT_SYMBOL_GPL(cfgblk_journal_begin);

static void journal_keep(struct cfgblk_journal *journal)
{
	spin_lock_bh(&journal->lock);
	journal->last[journal->n % CFGBLK_JOURNAL_LEN] = journal->now;
	journal->n++;
	spin_unlock_bh(&journal->lock);
}

static void journal_trace(const struct cfgblk_journal *journal, int err,
			  u64 took)
{
	if (journal->pf)
		trace_cfgblk_pf_exchange(journal, err, took);
	else
		trace_cfgblk_vf_exchange(journal, err, took);
}

/**
 * cfgblk_journal_end - the exchange under way has ended
 * @journal: the journal; if nothing is under way nothing happens
 * @err: 0 or a negative errno
 *
 * A KNOCK is traced and not kept: while there is no PF they would push out all
 * that happened before.
 *
 * Context: who takes the steps of the link; does not sleep.
 */
void cfgblk_journal_end(struct cfgblk_journal *journal, int err)
{
	u64 end, took;

	if (!journal->began)
		return;
	end = ktime_get_ns();
	took = end - journal->began;
	journal->began = 0;
	journal_trace(journal, err, took);
	if (journal->now.op == CFGBLK_OP_KNOCK)
		return;
	journal->now.at = div_u64(end, NSEC_PER_MSEC);
	journal->now.took = min_t(u64, div_u64(took, NSEC_PER_USEC), U32_MAX);
	journal->now.err = -err;
	journal_keep(journal);
}
EXPORT_SYMBOL_GPL(cfgblk_journal_end);

/**
 * cfgblk_journal_mask - blocks were invalidated
 * @journal: the journal
 * @mask: block mask; it waits for the VF, or the VF has it.  0 does nothing
 *
 * Context: any but NMI; does not sleep.
 */
void cfgblk_journal_mask(struct cfgblk_journal *journal, u64 mask)
{
	if (!mask)
		return;
	if (journal->pf)
		trace_cfgblk_pf_invalidate(journal, mask);
	else
		trace_cfgblk_vf_invalidated(journal, mask);
}
EXPORT_SYMBOL_GPL(cfgblk_journal_mask);
