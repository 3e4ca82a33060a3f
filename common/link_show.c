// SPDX-License-Identifier: GPL-2.0
/*
 * What debugfs shows of a link: its state, and its last exchanges
 *
 * The state is read while the link takes its steps: each number is whole on
 * 64-bit machines, and two of them may be of different moments.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include <linux/time64.h>

#include "cfgblk_trace.h"
#include "debugfs.h"
#include "pf_link.h"
#include "vf_link.h"

static const char *const pf_states[] = {
	[CFGBLK_PF_DOWN] = "down",
	[CFGBLK_PF_IDLE] = "idle",
	[CFGBLK_PF_RECEIVING] = "receiving",
	[CFGBLK_PF_ANSWERING] = "answering",
};

static const char *const vf_states[] = {
	[CFGBLK_VF_DOWN] = "down",
	[CFGBLK_VF_KNOCKING] = "knocking",
	[CFGBLK_VF_GREETING] = "greeting",
	[CFGBLK_VF_IDLE] = "idle",
	[CFGBLK_VF_SENDING] = "sending",
	[CFGBLK_VF_WAITING] = "waiting",
	[CFGBLK_VF_RECEIVING] = "receiving",
	[CFGBLK_VF_REFUSED] = "refused",
};

static const char *op_name(u8 op)
{
	static const struct {
		u8 op;
		const char *name;
	} names[] = { CFGBLK_OP_NAMES };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].op == op)
			return names[i].name;
	return "?";
}

static void show_state(struct seq_file *seq, const char *state)
{
	seq_printf(seq, "state      %s\n", state);
}

static void show_agreed(struct seq_file *seq, u8 version, u32 features,
			u32 epoch, u32 instance)
{
	seq_printf(seq, "version    %u\n", version);
	seq_printf(seq, "features   %#x\n", features);
	seq_printf(seq, "epoch      %u\n", epoch);
	seq_printf(seq, "instance   %#010x\n", instance);
}

static void show_bells(struct seq_file *seq, unsigned int bells)
{
	seq_printf(seq, "bells      %s%s%s%s%s\n", bells ? "" : "none",
		   bells & CFGBLK_BELL_MESSAGE ? "message " : "",
		   bells & CFGBLK_BELL_ACK ? "ack " : "",
		   bells & CFGBLK_BELL_RESET ? "reset " : "",
		   bells & CFGBLK_BELL_DOWN ? "down " : "");
}

static void show_exchange(struct seq_file *seq, u32 now,
			  const struct cfgblk_exchange *exchange)
{
	unsigned int age = now - exchange->at;

	seq_printf(seq, "%8u.%03u  %-5s  %2u  %10u  %5u  %9u  ",
		   age / 1000, age % 1000, op_name(exchange->op),
		   exchange->id, exchange->block, exchange->len,
		   exchange->took);
	if (exchange->err)
		seq_printf(seq, "%pe\n", ERR_PTR(-(long)exchange->err));
	else
		seq_puts(seq, "ok\n");
}

static u64 journal_total(struct cfgblk_journal *journal)
{
	u64 n;

	spin_lock_bh(&journal->lock);
	n = journal->n;
	spin_unlock_bh(&journal->lock);
	return n;
}

/* Exchange number @i; false if it was overwritten meanwhile */
static bool journal_get(struct cfgblk_journal *journal, u64 i,
			struct cfgblk_exchange *exchange)
{
	bool there;

	spin_lock_bh(&journal->lock);
	there = journal->n - i <= CFGBLK_JOURNAL_LEN;
	*exchange = journal->last[i % CFGBLK_JOURNAL_LEN];
	spin_unlock_bh(&journal->lock);
	return there;
}

/**
 * cfgblk_journal_show - show the last exchanges, oldest first
 * @seq: where
 * @journal: the journal; it goes on meanwhile
 *
 * Context: process; does not sleep.
 */
void cfgblk_journal_show(struct seq_file *seq, struct cfgblk_journal *journal)
{
	u64 all = journal_total(journal);
	u32 n = min_t(u64, all, CFGBLK_JOURNAL_LEN);
	u32 now = div_u64(ktime_get_ns(), NSEC_PER_MSEC);
	struct cfgblk_exchange exchange;
	u64 i;

	seq_printf(seq, "\nlast %u of %llu exchanges\n", n, all);
	if (n)
		seq_puts(seq, "     age [s]  op     id       block  bytes  took [us]  status\n");
	for (i = all - n; i != all; i++)
		if (journal_get(journal, i, &exchange))
			show_exchange(seq, now, &exchange);
}
EXPORT_SYMBOL_GPL(cfgblk_journal_show);

/**
 * cfgblk_pf_link_show - show a link, seen from the PF
 * @seq: where
 * @link: the link
 *
 * Context: process; does not sleep.
 */
void cfgblk_pf_link_show(struct seq_file *seq, struct cfgblk_pf_link *link)
{
	show_state(seq, READ_ONCE(link->on) ? pf_states[READ_ONCE(link->state)] :
					      "off");
	show_agreed(seq, READ_ONCE(link->version), READ_ONCE(link->features),
		    READ_ONCE(link->epoch), READ_ONCE(link->instance));
	show_bells(seq, atomic_read(&link->bells));
	seq_printf(seq, "pending    %#018llx\n",
		   (u64)atomic64_read(&link->pending));
	seq_printf(seq, "unsure     %#018llx\n", READ_ONCE(link->taken));
	seq_printf(seq, "limited    %s\n",
		   str_yes_no(cfgblk_pf_link_limited(link)));
	seq_printf(seq, "patient    %s\n",
		   str_yes_no(READ_ONCE(link->patient)));
	cfgblk_journal_show(seq, &link->journal);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_show);

/**
 * cfgblk_vf_link_show - show a link, seen from the VF
 * @seq: where
 * @link: the link
 *
 * Context: process; does not sleep.
 */
void cfgblk_vf_link_show(struct seq_file *seq, struct cfgblk_vf_link *link)
{
	const struct cfgblk_welcome *welcome = &link->welcome;
	enum cfgblk_vf_state state = READ_ONCE(link->state);
	bool up = cfgblk_vf_state_is_up(state);

	show_state(seq, vf_states[state]);
	show_agreed(seq, up ? READ_ONCE(welcome->version) : 0,
		    up ? READ_ONCE(welcome->features) : 0,
		    up ? READ_ONCE(welcome->epoch) : 0,
		    READ_ONCE(link->instance));
	show_bells(seq, atomic_read(&link->bells));
	seq_printf(seq, "notice     %s\n", str_yes_no(READ_ONCE(link->notice)));
	seq_printf(seq, "wanted     %s\n", str_yes_no(READ_ONCE(link->wanted)));
	seq_printf(seq, "waiting    %u calls\n", READ_ONCE(link->calls.waiting));
	cfgblk_journal_show(seq, &link->journal);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_show);
