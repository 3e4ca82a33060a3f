/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: a mailbox in memory, with an operation table for each end
 *
 * Behind each end is a real link, or the test: then it writes @words itself
 * and looks at what was rung.
 */
#ifndef CFGBLK_KUNIT_PAIR_H
#define CFGBLK_KUNIT_PAIR_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "mbx.h"
#include "proto.h"

struct cfgblk_pf_link;
struct cfgblk_vf_link;

enum pair_op {
	PAIR_GET,
	PAIR_PUT,
	PAIR_RING,
	PAIR_WIPE,
	PAIR_POLL,
};

/**
 * struct pair_access - what an end has just done
 * @pf: the PF did
 * @op: what
 * @first: PAIR_GET: first dword
 */
struct pair_access {
	bool pf;
	enum pair_op op;
	unsigned int first;
};

/**
 * struct pair - a mailbox
 * @lock: guards @words, @to_pf, @to_vf and the bells to lose; a leaf, taken
 *	with interrupts off
 * @words: the buffer
 * @to_pf: bells for the PF, not delivered
 * @to_vf: bells for the VF, not delivered; what @poll reports
 * @down: the PF is in reset
 * @pf: takes the PF's bells at once; NULL: the test does
 * @vf: takes the VF's bells at once; NULL: the test does
 * @lose_to_pf: bells for the PF that get lost once
 * @lose_to_vf: bells for the VF that get lost once
 * @lose_irq: only the interrupt for the VF is lost, @poll finds the bell
 * @hook: called after each access, in the context of the link
 * @hook_ctx: for @hook
 * @vf_puts: messages of the VF
 * @pf_puts: messages of the PF
 * @vf_rings: bells that the VF rang without a message
 * @pf_rings: bells that the PF rang without a message
 * @wipes: how often the PF wiped the buffer
 * @prepared: how often the VF prepared
 *
 * All but what @lock guards is the test's while no link runs, the counters
 * belong to the end that counts.
 */
struct pair {
	spinlock_t lock; /* guards what is said above */
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int to_pf;
	unsigned int to_vf;
	bool down;
	struct cfgblk_pf_link *pf;
	struct cfgblk_vf_link *vf;
	unsigned int lose_to_pf;
	unsigned int lose_to_vf;
	bool lose_irq;
	void (*hook)(struct pair *pair, const struct pair_access *access);
	void *hook_ctx;
	unsigned int vf_puts;
	unsigned int pf_puts;
	unsigned int vf_rings;
	unsigned int pf_rings;
	unsigned int wipes;
	unsigned int prepared;
};

extern const struct cfgblk_mbx_ops pair_pf_ops;
extern const struct cfgblk_mbx_ops pair_vf_ops;

void pair_init(struct pair *pair);
void pair_write(struct pair *pair, const u32 *words, unsigned int n);
unsigned int pair_heard_by_vf(struct pair *pair);
unsigned int pair_heard_by_pf(struct pair *pair);

#endif /* CFGBLK_KUNIT_PAIR_H */
