// SPDX-License-Identifier: GPL-2.0
/*
 * Mailbox over registers: the operations of struct cfgblk_mbx on a mapped BAR
 *
 * Writes to the buffer and to the doorbell behind it are posted writes to one
 * BAR: they arrive in order, so nothing is read back in between.
 *
 * With 64-bit accesses, dwords 2n and 2n + 1 are a pair.  A pair is read, and
 * written, both dwords at once or the low one first.  So the header may be read
 * as a pair: dword 1 is not older than it.  It must not be written as one:
 * somebody could see the new header before the new dword 1.
 */
#include <linux/bits.h>
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/io.h>
#include <linux/kernel.h>

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

static bool mmio_wide(const struct cfgblk_mmio *mmio)
{
	return READ_ONCE(mmio->wide) == CFGBLK_WIDE_ON;
}

static u32 get_one(const struct cfgblk_mmio *mmio, unsigned int i)
{
	return readl(mmio->mem + i * sizeof(u32));
}

static void get_pair(const struct cfgblk_mmio *mmio, u32 *words, unsigned int i)
{
	u64 pair = readq(mmio->mem + i * sizeof(u32));

	words[0] = lower_32_bits(pair);
	words[1] = upper_32_bits(pair);
}

static void put_one(const struct cfgblk_mmio *mmio, u32 word, unsigned int i)
{
	writel(word, mmio->mem + i * sizeof(u32));
}

static void put_pair(const struct cfgblk_mmio *mmio, const u32 *words,
		     unsigned int i)
{
	writeq(words[0] | (u64)words[1] << 32, mmio->mem + i * sizeof(u32));
}

static void mmio_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	struct cfgblk_mmio *mmio = ctx;
	bool wide = mmio_wide(mmio);
	unsigned int i = 0;

	while (i < n) {
		if (wide && (first + i) % 2 == 0 && i + 1 < n) {
			get_pair(mmio, &words[i], first + i);
			i += 2;
		} else {
			words[i] = get_one(mmio, first + i);
			i++;
		}
	}
}

static unsigned int mmio_head(void *ctx, u32 *words)
{
	unsigned int n = mmio_wide(ctx) ? 2 : 1;

	mmio_get(ctx, words, 0, n);
	return n;
}

/* Dwords 1 and 0 one by one, see above */
static void mmio_put(void *ctx, const u32 *words, unsigned int n,
		     unsigned int bells)
{
	struct cfgblk_mmio *mmio = ctx;
	bool wide = mmio_wide(mmio);

	while (n--) {
		if (wide && n % 2 && n > 1) {
			n--;
			put_pair(mmio, &words[n], n);
		} else {
			put_one(mmio, words[n], n);
		}
	}
	mmio_ring(mmio, bells);
}

/* Dword 0 first: who has seen it unchanged has seen nothing wiped */
static void mmio_wipe(void *ctx)
{
	static const u32 zeroes[2];
	struct cfgblk_mmio *mmio = ctx;
	bool wide = mmio_wide(mmio);
	unsigned int i = 0;

	while (i < CFGBLK_MBX_DWORDS) {
		if (wide && i > 1) {
			put_pair(mmio, zeroes, i);
			i += 2;
		} else {
			put_one(mmio, 0, i);
			i++;
		}
	}
}

/*
 * Of the self test: each dword differs from the others, each bit changes, and
 * the low halves are neither our signature nor anybody's opcode, so that dword 0
 * is no message.
 */
static u32 test_word(unsigned int i, bool second)
{
	u32 word = 0x5a966950 + i;

	return second ? ~word : word;
}

static bool test_is(const u32 *words, bool second)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		if (words[i] != test_word(i, second))
			return false;
	return true;
}

static bool test_writes(const struct cfgblk_mmio *mmio)
{
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		words[i] = test_word(i, false);
	for (i = 0; i < CFGBLK_MBX_DWORDS; i += 2)
		put_pair(mmio, &words[i], i);
	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		words[i] = get_one(mmio, i);
	return test_is(words, false);
}

static bool test_reads(const struct cfgblk_mmio *mmio)
{
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		put_one(mmio, test_word(i, true), i);
	for (i = 0; i < CFGBLK_MBX_DWORDS; i += 2)
		get_pair(mmio, &words[i], i);
	return test_is(words, true);
}

/**
 * cfgblk_mmio_try_wide - self test of 64-bit accesses to the buffer
 * @mmio: the mailbox; does nothing unless it is CFGBLK_WIDE_UNTRIED
 *
 * What is written one way is read back the other way.  The buffer is wiped in
 * the end; nobody else may use it meanwhile.
 *
 * Context: any.
 * Return: false if they failed, and are off for good.  A device that is gone,
 * and reads as all ones, fails.
 */
bool cfgblk_mmio_try_wide(struct cfgblk_mmio *mmio)
{
	bool good;

	if (mmio->wide != CFGBLK_WIDE_UNTRIED)
		return true;
	good = test_writes(mmio) && test_reads(mmio);
	mmio_wipe(mmio);
	WRITE_ONCE(mmio->wide, good ? CFGBLK_WIDE_ON : CFGBLK_WIDE_FAILED);
	return good;
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_try_wide);

/**
 * cfgblk_mmio_capabilities - what CFGBLK_IOC_INFO says of the accesses
 * @mmio: the mailbox
 *
 * Context: any.
 * Return: CFGBLK_CAP_WIDE, CFGBLK_CAP_WIDE_FAILED or 0.
 */
u32 cfgblk_mmio_capabilities(const struct cfgblk_mmio *mmio)
{
	switch (READ_ONCE(mmio->wide)) {
	case CFGBLK_WIDE_ON:
		return CFGBLK_CAP_WIDE;
	case CFGBLK_WIDE_FAILED:
		return CFGBLK_CAP_WIDE_FAILED;
	default:
		return 0;
	}
}
EXPORT_SYMBOL_GPL(cfgblk_mmio_capabilities);

/*
 * The one place that reads the VF mailbox register: a read clears what it returns,
 * so the link has to be told of all of it.  A device that is gone reads as all
 * ones and so as CFGBLK_BELL_DOWN.
 */
static unsigned int mmio_poll(void *ctx)
{
	struct cfgblk_mmio *mmio = ctx;
	u32 heard = readl(mmio->bell);

	if (heard & HEARD_RSTI)
		return CFGBLK_BELL_DOWN;
	return (heard & HEARD_PFSTS ? CFGBLK_BELL_MESSAGE : 0) |
	       (heard & HEARD_PFACK ? CFGBLK_BELL_ACK : 0) |
	       (heard & HEARD_RSTD ? CFGBLK_BELL_RESET : 0);
}

static void mmio_prepare(void *ctx)
{
	struct cfgblk_mmio *mmio = ctx;

	cfgblk_mmio_run(mmio->bar, mmio->vf_map->up, mmio->vf_map->up_steps);
}

const struct cfgblk_mbx_ops cfgblk_mmio_pf_ops = {
	.get = mmio_get,
	.head = mmio_head,
	.put = mmio_put,
	.ring = mmio_ring,
	.wipe = mmio_wipe,
};
EXPORT_SYMBOL_GPL(cfgblk_mmio_pf_ops);

const struct cfgblk_mbx_ops cfgblk_mmio_vf_ops = {
	.get = mmio_get,
	.head = mmio_head,
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
	mmio->wide = map->wide ? CFGBLK_WIDE_UNTRIED : CFGBLK_WIDE_OFF;
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
	mmio->wide = map->wide ? CFGBLK_WIDE_UNTRIED : CFGBLK_WIDE_OFF;
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
