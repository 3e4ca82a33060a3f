// SPDX-License-Identifier: GPL-2.0
/*
 * Mailbox over registers: the operations of struct cfgblk_mbx on a mapped BAR
 *
 * Writes to the buffer and to the doorbell behind it are posted writes to one
 * BAR: they arrive in order, so nothing is read back in between.
 */
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/io.h>

#include "maps.h"
#include "mbx.h"
#include "mmio.h"
#include "proto.h"

/*
 * PF mailbox register [82576: P2VMAILBOX, X550: PFMAILBOX] and VF mailbox
 * register [82576: V2PMAILBOX, X550: VFMAILBOX]: the doorbells are the same
 * two bits in both.  No ownership bit is ever set, see proto.h.
 */
#define BELL_MESSAGE	BIT(0)	/* STS, REQ */
#define BELL_ACK	BIT(1)

/* VF mailbox register, inbound; PFSTS, PFACK and RSTD clear when read */
#define HEARD_PFSTS	BIT(4)
#define HEARD_PFACK	BIT(5)
#define HEARD_RSTI	BIT(6)	/* the PF is in reset */
#define HEARD_RSTD	BIT(7)	/* the PF came out of reset */

static void mmio_ring(void *ctx, unsigned int bells)
{
	struct cfgblk_mmio *mmio = ctx;
	u32 value = 0;

	if (bells & CFGBLK_BELL_MESSAGE)
		value |= BELL_MESSAGE;
	if (bells & CFGBLK_BELL_ACK)
		value |= BELL_ACK;
	writel(value, mmio->bell);
}

static void mmio_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	struct cfgblk_mmio *mmio = ctx;
	unsigned int i;

	for (i = 0; i < n; i++)
		words[i] = readl(mmio->mem + (first + i) * sizeof(u32));
}

static void mmio_put(void *ctx, const u32 *words, unsigned int n,
		     unsigned int bells)
{
	struct cfgblk_mmio *mmio = ctx;

	while (n--)
		writel(words[n], mmio->mem + n * sizeof(u32));
	mmio_ring(mmio, bells);
}

/* Dword 0 first: who has seen it unchanged has seen nothing wiped */
static void mmio_wipe(void *ctx)
{
	struct cfgblk_mmio *mmio = ctx;
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		writel(0, mmio->mem + i * sizeof(u32));
}

/**
 * cfgblk_mmio_hear - which bells did the PF ring
 * @mmio: the VF's mailbox
 *
 * The one place that reads the VF mailbox register: a read clears what it
 * returns, so the link has to be told of all of it.
 *
 * Context: any.
 * Return: CFGBLK_BELL_*.  A device that is gone reads as all ones and so as
 * CFGBLK_BELL_DOWN.
 */
unsigned int cfgblk_mmio_hear(struct cfgblk_mmio *mmio)
{
	u32 heard = readl(mmio->bell);

	if (heard & HEARD_RSTI)
		return CFGBLK_BELL_DOWN;
	return (heard & HEARD_PFSTS ? CFGBLK_BELL_MESSAGE : 0) |
	       (heard & HEARD_PFACK ? CFGBLK_BELL_ACK : 0) |
	       (heard & HEARD_RSTD ? CFGBLK_BELL_RESET : 0);
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_hear);

static unsigned int mmio_poll(void *ctx)
{
	return cfgblk_mmio_hear(ctx);
}

static void mmio_prepare(void *ctx)
{
	struct cfgblk_mmio *mmio = ctx;

	cfgblk_mmio_run(mmio->bar, mmio->vf_map->up, mmio->vf_map->up_steps);
}

const struct cfgblk_mbx_ops cfgblk_mmio_pf_ops = {
	.get = mmio_get,
	.put = mmio_put,
	.ring = mmio_ring,
	.wipe = mmio_wipe,
};
EXPORT_SYMBOL_GPL(cfgblk_mmio_pf_ops);

const struct cfgblk_mbx_ops cfgblk_mmio_vf_ops = {
	.get = mmio_get,
	.put = mmio_put,
	.ring = mmio_ring,
	.poll = mmio_poll,
	.prepare = mmio_prepare,
};
EXPORT_SYMBOL_GPL(cfgblk_mmio_vf_ops);

/**
 * cfgblk_mmio_init_pf - one VF's mailbox, seen from the PF
 * @mmio: to be set up
 * @bar: the PF's BAR 0, mapped
 * @map: its register map
 * @vf: VF id, below @map->max_vfs
 *
 * Context: any.
 */
void cfgblk_mmio_init_pf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_pf_map *map, unsigned int vf)
{
	mmio->bar = bar;
	mmio->mem = bar + map->mem + vf * map->mem_stride;
	mmio->bell = bar + map->bell + vf * sizeof(u32);
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_init_pf);

/**
 * cfgblk_mmio_init_vf - the mailbox, seen from the VF
 * @mmio: to be set up
 * @bar: the VF's BAR 0, mapped
 * @map: its register map
 *
 * Context: any.
 */
void cfgblk_mmio_init_vf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_vf_map *map)
{
	mmio->bar = bar;
	mmio->mem = bar + map->mem;
	mmio->bell = bar + map->bell;
	mmio->vf_map = map;
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_init_vf);

/**
 * cfgblk_mmio_run - run a register sequence
 * @bar: BAR 0, mapped
 * @steps: the sequence
 * @n: its length
 *
 * Context: any.
 */
void cfgblk_mmio_run(void __iomem *bar, const struct cfgblk_reg_step *steps,
		     unsigned int n)
{
	for (; n--; steps++) {
		u32 value = 0;

		if (steps->clear != U32_MAX)
			value = readl(bar + steps->reg) & ~steps->clear;
		writel(value | steps->set, bar + steps->reg);
	}
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_run);
