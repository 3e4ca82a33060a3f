// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: rows of Documentation/contract.rst that no other suite holds, on the
 * simulated device
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

/* Registers of the 82576, VF 0: in the PF's BAR and in the VF's */
#define MEM		0x800
#define MEM_END		0x840
#define PF_BELL		0xc00
#define VF_BELL		0xc40

#define POISON		0xa5
#define BELLS_MAX	20	/* more than a write of 128 bytes takes */
#define HEARD_MS	3000

static int write_block(struct kunit *test, u8 *bytes, unsigned int len)
{
	return cfgblk_write_cfg_blk(sim_vf_pdev(bench_sim(test), 0), bytes, len,
				    BENCH_BLOCK);
}

static void expect_no_access(struct kunit *test, int fn)
{
	struct sim_counts counts;

	sim_counts(bench_sim(test), fn, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads + counts.writes, 0);
}

static void never_ends(void *context, int err, unsigned int bytes_returned)
{
	*(bool *)context = true;
}

/* Row 2: neither end has touched a register */
static void refused_length_sends_nothing(struct kunit *test)
{
	static const struct { unsigned int len; int err; } rows[] = {
		{ 0, -EINVAL }, { 129, -EMSGSIZE }, { UINT_MAX, -EMSGSIZE },
	};
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX + 1] = { };
	bool ended = false;
	unsigned int i, n;

	sim_counts_clear(sim);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, rows[i].err,
				cfgblk_read_cfg_blk(pdev, bytes, rows[i].len,
						    BENCH_BLOCK, &n));
		KUNIT_EXPECT_EQ(test, rows[i].err,
				write_block(test, bytes, rows[i].len));
		KUNIT_EXPECT_EQ(test, rows[i].err,
				cfgblk_vf_echo(cfgblk_vf_of(pdev), bytes,
					       rows[i].len));
		KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(rows[i].err),
				    cfgblk_write_async(pdev, bytes, rows[i].len,
						       BENCH_BLOCK, never_ends,
						       &ended));
	}
	flush_work(&cfgblk_vf_of(pdev)->link.work);
	expect_no_access(test, 0);
	expect_no_access(test, SIM_PF);
	KUNIT_EXPECT_FALSE(test, ended);
}

/* Row 3: what is behind the block in the caller's buffer stays as it was */
static void read_touches_no_byte_behind_the_block(struct kunit *test)
{
	u8 out[CFGBLK_BLOCK_MAX], in[CFGBLK_BLOCK_MAX];
	struct pci_dev *pdev;
	unsigned int len, n;

	pdev = sim_vf_pdev(bench_with_vfs(test, &bench_82576, 1), 0);
	bench_there_and_back(test, 0);
	for (len = 1; len < sizeof(in); len++) {
		bench_fill(out, len);
		KUNIT_ASSERT_EQ(test, write_block(test, out, len), 0);
		memset(in, POISON, sizeof(in));
		KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, in,
							     sizeof(in),
							     BENCH_BLOCK, &n));
		KUNIT_EXPECT_EQ(test, n, len);
		KUNIT_EXPECT_EQ(test, memcmp(in, out, len), 0);
		KUNIT_EXPECT_NULL(test, memchr_inv(in + len, POISON,
						   sizeof(in) - len));
	}
}

/**
 * struct cut - a doorbell that gets lost
 * @sim: the device
 * @in: it is the so many-th from now on, of either end; 0: it is lost
 */
struct cut {
	struct sim *sim;
	unsigned int in;
};

static void lose_bell(void *ctx, const struct sim_access *access)
{
	struct cut *cut = ctx;
	u32 bell = access->fn == SIM_PF ? PF_BELL : VF_BELL;

	if (access->write && access->reg == bell && cut->in && !--cut->in)
		sim_faults(cut->sim, access->fn)->lost_bells = 1;
}

/* Return: what a write says of which a doorbell may get lost */
static int write_cut(struct kunit *test, struct cut *cut, u8 *bytes)
{
	int err;

	sim_hook(cut->sim, lose_bell, cut);
	err = write_block(test, bytes, CFGBLK_BLOCK_MAX);
	sim_hook(cut->sim, NULL, NULL);
	return err;
}

/* Return: whether BENCH_BLOCK is @new; otherwise it is @old */
static bool is_new(struct kunit *test, const u8 *new, const u8 *old)
{
	u8 bytes[CFGBLK_BLOCK_MAX];

	KUNIT_ASSERT_EQ(test, sizeof(bytes),
			cfgblk_store_peek(bench_store(test, 0), BENCH_BLOCK,
					  bytes, sizeof(bytes)));
	if (!memcmp(bytes, new, sizeof(bytes)))
		return true;
	KUNIT_EXPECT_EQ(test, memcmp(bytes, old, sizeof(bytes)), 0);
	return false;
}

/* Row 4: wherever it breaks off; and a write that returned 0 is there */
static void write_cut_short_is_whole_or_not_at_all(struct kunit *test)
{
	struct cut *cut = kunit_kzalloc(test, sizeof(*cut), GFP_KERNEL);
	u8 old[CFGBLK_BLOCK_MAX], new[CFGBLK_BLOCK_MAX];
	unsigned int at, is[2] = { };
	int err;

	KUNIT_ASSERT_NOT_NULL(test, cut);
	cut->sim = bench_with_vfs(test, &bench_82576, 1);
	for (at = 1; at < BELLS_MAX; at++) {
		bench_fill(old, at);
		bench_fill(new, ~at);
		KUNIT_ASSERT_EQ(test, 0, write_block(test, old, sizeof(old)));
		cut->in = at;
		err = write_cut(test, cut, new);
		if (cut->in)
			break;
		KUNIT_EXPECT_EQ(test, err, -ETIMEDOUT);
		is[is_new(test, new, old)]++;
		bench_vf_up(test, 0);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_TRUE(test, is_new(test, new, old));
	/* The VF's three fragments do not get there; the PF's answer does not */
	KUNIT_EXPECT_GE(test, is[0], 3);
	KUNIT_EXPECT_GE(test, is[1], 1);
}

/* Row 7: the same id is another block for another VF, or none */
static void block_belongs_to_one_vf(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct pci_dev *other = sim_vf_pdev(sim, 1);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_define_block(test, 0, 1, 4, BENCH_RW);
	bench_publish(test, 0, 1, "mine");
	bench_publish(test, 0, BENCH_BLOCK, "zero");
	bench_publish(test, 1, BENCH_BLOCK, "one");
	KUNIT_EXPECT_EQ(test, -ENOENT,
			cfgblk_read_cfg_blk(other, bytes, 4, 1, &n));
	KUNIT_EXPECT_EQ(test, -ENOENT,
			cfgblk_write_cfg_blk(other, "your", 4, 1));
	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_write_cfg_blk(other, "uno", 3, BENCH_BLOCK));
	bench_expect_block(test, 0, 1, "mine");
	bench_expect_block(test, 0, BENCH_BLOCK, "zero");
	bench_expect_block(test, 1, BENCH_BLOCK, "uno");
}

/**
 * struct siren - an invalidation from a hard interrupt
 * @pdev: the PF
 * @mask: what is invalidated, once; 0: it was
 */
struct siren {
	struct pci_dev *pdev;
	u64 mask;
};

static void sound_siren(void *ctx, const struct sim_access *access)
{
	struct siren *siren = ctx;

	if (!in_hardirq() || !siren->mask)
		return;
	cfgblk_invalidate(siren->pdev, CFGBLK_VF_ALL, siren->mask);
	siren->mask = 0;
}

static void hear(void *context, u64 block_mask)
{
	*(u64 *)context |= block_mask;
}

/* Row 10: with a lock held and interrupts off, and in an interrupt itself */
static void invalidate_is_for_any_context(struct kunit *test)
{
	static DEFINE_SPINLOCK(lock);
	struct siren *siren = kunit_kzalloc(test, sizeof(*siren), GFP_KERNEL);
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *vf = sim_vf_pdev(sim, 0);
	unsigned long flags;
	u64 heard = 0;

	KUNIT_ASSERT_NOT_NULL(test, siren);
	siren->pdev = sim_pf_pdev(sim);
	siren->mask = BIT_ULL(63);
	KUNIT_ASSERT_EQ(test, cfgblk_reg_block_invalidate(vf, &heard, hear), 0);
	spin_lock_irqsave(&lock, flags);
	cfgblk_invalidate(siren->pdev, 0, 1);
	cfgblk_invalidate(siren->pdev, CFGBLK_VF_ALL, 2);
	spin_unlock_irqrestore(&lock, flags);
	sim_hook(sim, sound_siren, siren);
	bench_there_and_back(test, 0);
	sim_hook(sim, NULL, NULL);
	msleep(HEARD_MS);
	cfgblk_unreg_block_invalidate(vf);
	KUNIT_EXPECT_EQ(test, siren->mask, 0);
	KUNIT_EXPECT_EQ(test, heard, BIT_ULL(63) | 3);
}

/**
 * struct sniff - what both ends have written into the buffer
 * @headers: dwords 0
 * @dwords: all others
 * @strange: of these, those that are not the block's byte and zeroes
 */
struct sniff {
	unsigned int headers;
	unsigned int dwords;
	unsigned int strange;
};

#define ONE_BYTE	0x5a

static void sniff(void *ctx, const struct sim_access *access)
{
	struct sniff *sniff = ctx;

	if (!access->write || access->reg < MEM || access->reg >= MEM_END)
		return;
	if (access->reg == MEM) {
		sniff->headers++;
		return;
	}
	sniff->dwords++;
	sniff->strange += access->value != ONE_BYTE;
}

/* Row 36: no more dwords than the byte needs, and zeroes behind it */
static void nothing_is_sent_but_the_bytes_of_the_block(struct kunit *test)
{
	struct sniff *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 byte = ONE_BYTE;
	unsigned int n;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	bench_there_and_back(test, 0);
	sim_hook(sim, sniff, seen);
	KUNIT_EXPECT_EQ(test, write_block(test, &byte, 1), 0);
	KUNIT_EXPECT_EQ(test, seen->headers, 2);
	KUNIT_EXPECT_EQ(test, seen->dwords, 1);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, &byte, 1,
						     BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, seen->headers, 4);
	KUNIT_EXPECT_EQ(test, seen->dwords, 2);
	KUNIT_EXPECT_EQ(test, -ENOENT, cfgblk_read_cfg_blk(pdev, &byte, 1,
							   BENCH_BLOCK + 1,
							   &n));
	KUNIT_EXPECT_EQ(test, seen->headers, 6);
	KUNIT_EXPECT_EQ(test, seen->dwords, 2);
	KUNIT_EXPECT_EQ(test, seen->strange, 0);
	sim_hook(sim, NULL, NULL);
}

static struct kunit_case row_cases[] = {
	KUNIT_CASE(refused_length_sends_nothing),
	KUNIT_CASE(read_touches_no_byte_behind_the_block),
	KUNIT_CASE(write_cut_short_is_whole_or_not_at_all),
	KUNIT_CASE(block_belongs_to_one_vf),
	KUNIT_CASE(invalidate_is_for_any_context),
	KUNIT_CASE(nothing_is_sent_but_the_bytes_of_the_block),
	{ }
};

static struct kunit_suite row_suite = {
	.name = "cfgblk_row",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = row_cases,
};

kunit_test_suite(row_suite);
