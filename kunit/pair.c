// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a mailbox in memory, with an operation table for each end
 */
#include <linux/module.h>
#include <linux/string.h>

#include "pair.h"
#include "pf_link.h"
#include "vf_link.h"

/* Not exported by the drivers: a module of tests brings its own */
#ifdef MODULE
#include "../common/frag.c"
#include "../common/proto.c"
#include "../common/status.c"
#include "../pf/store.c"
#endif

static void pair_did(struct pair *pair, bool pf, enum pair_op op,
		     unsigned int first)
{
	void (*hook)(struct pair *pair, const struct pair_access *access) =
		READ_ONCE(pair->hook);
	const struct pair_access access = { pf, op, first };

	if (hook)
		hook(pair, &access);
}

static void pair_get(struct pair *pair, u32 *words, unsigned int first,
		     unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	memcpy(words, &pair->words[first], n * sizeof(*words));
	spin_unlock_irqrestore(&pair->lock, flags);
}

/**
 * pair_write - write to the buffer and ring nothing
 * @pair: the mailbox
 * @words: the message
 * @n: its dwords
 */
void pair_write(struct pair *pair, const u32 *words, unsigned int n)
{
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	memcpy(pair->words, words, n * sizeof(*words));
	spin_unlock_irqrestore(&pair->lock, flags);
}

/* What of @bells gets lost this time */
static unsigned int bells_lost(unsigned int *lose, unsigned int bells)
{
	unsigned int lost = bells & *lose;

	*lose &= ~lost;
	return lost;
}

static void pair_ring_pf(struct pair *pair, unsigned int bells)
{
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	bells &= ~bells_lost(&pair->lose_to_pf, bells);
	if (!pair->pf)
		pair->to_pf |= bells;
	spin_unlock_irqrestore(&pair->lock, flags);
	if (pair->pf && bells)
		cfgblk_pf_link_bell(pair->pf, bells);
}

/* An interrupt reports all that was rung, also what lost its own */
static void pair_ring_vf(struct pair *pair, unsigned int bells)
{
	unsigned int lost, heard = 0;
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	lost = bells_lost(&pair->lose_to_vf, bells);
	pair->to_vf |= pair->lose_irq ? bells : bells & ~lost;
	if (pair->vf && bells & ~lost)
		swap(heard, pair->to_vf);
	spin_unlock_irqrestore(&pair->lock, flags);
	if (heard)
		cfgblk_vf_link_bell(pair->vf, heard);
}

static void pf_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	pair_get(ctx, words, first, n);
	pair_did(ctx, true, PAIR_GET, first);
}

static void pf_put(void *ctx, const u32 *words, unsigned int n,
		   unsigned int bells)
{
	struct pair *pair = ctx;

	pair->pf_puts++;
	pair_write(pair, words, n);
	pair_ring_vf(pair, bells);
	pair_did(pair, true, PAIR_PUT, 0);
}

static void pf_ring(void *ctx, unsigned int bells)
{
	struct pair *pair = ctx;

	pair->pf_rings++;
	pair_ring_vf(pair, bells);
	pair_did(pair, true, PAIR_RING, 0);
}

static void pf_wipe(void *ctx)
{
	static const u32 zeroes[CFGBLK_MBX_DWORDS];
	struct pair *pair = ctx;

	pair->wipes++;
	pair_write(pair, zeroes, ARRAY_SIZE(zeroes));
	pair_did(pair, true, PAIR_WIPE, 0);
}

static void vf_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	pair_get(ctx, words, first, n);
	pair_did(ctx, false, PAIR_GET, first);
}

static void vf_put(void *ctx, const u32 *words, unsigned int n,
		   unsigned int bells)
{
	struct pair *pair = ctx;

	pair->vf_puts++;
	pair_write(pair, words, n);
	pair_ring_pf(pair, bells);
	pair_did(pair, false, PAIR_PUT, 0);
}

static void vf_ring(void *ctx, unsigned int bells)
{
	struct pair *pair = ctx;

	pair->vf_rings++;
	pair_ring_pf(pair, bells);
	pair_did(pair, false, PAIR_RING, 0);
}

static unsigned int vf_poll(void *ctx)
{
	struct pair *pair = ctx;
	unsigned int bells = pair_heard_by_vf(pair);

	pair_did(pair, false, PAIR_POLL, 0);
	return READ_ONCE(pair->down) ? bells | CFGBLK_BELL_DOWN : bells;
}

static void vf_prepare(void *ctx)
{
	struct pair *pair = ctx;

	pair->prepared++;
}

const struct cfgblk_mbx_ops pair_pf_ops = {
	.get = pf_get,
	.put = pf_put,
	.ring = pf_ring,
	.wipe = pf_wipe,
};

const struct cfgblk_mbx_ops pair_vf_ops = {
	.get = vf_get,
	.put = vf_put,
	.ring = vf_ring,
	.poll = vf_poll,
	.prepare = vf_prepare,
};

/**
 * pair_init - set up a mailbox with nobody behind either end
 * @pair: the mailbox, zeroed
 */
void pair_init(struct pair *pair)
{
	spin_lock_init(&pair->lock);
}

/**
 * pair_heard_by_vf - take the bells that the VF has not heard
 * @pair: the mailbox
 *
 * Return: CFGBLK_BELL_*.
 */
unsigned int pair_heard_by_vf(struct pair *pair)
{
	unsigned int bells = 0;
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	swap(bells, pair->to_vf);
	spin_unlock_irqrestore(&pair->lock, flags);
	return bells;
}

/**
 * pair_heard_by_pf - take the bells that the PF has not heard
 * @pair: the mailbox
 *
 * Return: CFGBLK_BELL_*.
 */
unsigned int pair_heard_by_pf(struct pair *pair)
{
	unsigned int bells = 0;
	unsigned long flags;

	spin_lock_irqsave(&pair->lock, flags);
	swap(bells, pair->to_pf);
	spin_unlock_irqrestore(&pair->lock, flags);
	return bells;
}

MODULE_DESCRIPTION("KUnit tests of VF configuration blocks");
MODULE_LICENSE("GPL");
