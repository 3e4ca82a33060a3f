// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: what an exchange costs, counted by the simulated device
 *
 * Each count is printed, and bench/accesses.sh compares them with those that were
 * recorded (bench/accesses.csv): a line is
 *
 *   cost: KIND,BYTES,BITS,VFS,VF reads,writes,PF reads,writes,interrupts PF,VF
 *
 * BITS is the width of the buffer accesses, VFS how many are enabled.  What the
 * cases expect are the limits that nothing may ever exceed.
 */
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

/* Of one exchange of 128 bytes with up to 8 VFs */
#define READS_MAX	48
#define IRQS_MAX	3
#define ALL_MAX_WIDE	62	/* a write, with 64-bit accesses */

/**
 * struct cost - what both ends did
 * @vf: the VF's accesses and interrupts
 * @pf: the PF's
 */
struct cost {
	struct sim_counts vf;
	struct sim_counts pf;
};

static void links_settle(struct kunit *test, unsigned int vf)
{
	unsigned int i;

	for (i = 0; i < 4; i++) {
		flush_delayed_work(&bench_pf_link(test, vf)->work);
		flush_work(&bench_vf_up(test, vf)->link.work);
	}
}

static void count_begins(struct kunit *test, unsigned int vf)
{
	links_settle(test, vf);
	sim_counts_clear(bench_sim(test));
}

static struct cost count_ends(struct kunit *test, unsigned int vf)
{
	struct cost cost;

	links_settle(test, vf);
	sim_counts(bench_sim(test), vf, &cost.vf);
	sim_counts(bench_sim(test), SIM_PF, &cost.pf);
	return cost;
}

/* Width of the accesses to the buffer, the same at both ends */
static unsigned int bits(struct kunit *test)
{
	return bench_pf(test)->vfs[0].mmio.wide == CFGBLK_WIDE_ON ? 64 : 32;
}

static void print_cost(struct kunit *test, const char *kind, unsigned int len,
		       const struct cost *cost)
{
	kunit_info(test, "cost: %s,%u,%u,%u,%u,%u,%u,%u,%u,%u\n", kind, len,
		   bits(test), sim_num_vfs(bench_sim(test)), cost->vf.reads,
		   cost->vf.writes, cost->pf.reads, cost->pf.writes,
		   cost->pf.irqs, cost->vf.irqs);
}

static struct cost cost_of_write(struct kunit *test, unsigned int vf,
				 unsigned int len)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), vf);
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_fill(bytes, len);
	count_begins(test, vf);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes, len,
						      BENCH_BLOCK));
	return count_ends(test, vf);
}

static struct cost cost_of_read(struct kunit *test, unsigned int vf,
				unsigned int len)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), vf);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	count_begins(test, vf);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes, len,
						     BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, n, len);
	return count_ends(test, vf);
}

static void count_sizes(struct kunit *test, unsigned int vf,
			const unsigned int *sizes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct cost write = cost_of_write(test, vf, sizes[i]);
		struct cost read = cost_of_read(test, vf, sizes[i]);

		print_cost(test, "write", sizes[i], &write);
		print_cost(test, "read", sizes[i], &read);
		KUNIT_EXPECT_LE(test, write.vf.irqs, IRQS_MAX);
		KUNIT_EXPECT_LE(test, write.pf.irqs, IRQS_MAX);
		KUNIT_EXPECT_LE(test, read.vf.irqs, IRQS_MAX);
		KUNIT_EXPECT_LE(test, read.pf.irqs, IRQS_MAX);
	}
}

static void count_all_sizes(struct kunit *test)
{
	unsigned int sizes[CFGBLK_BLOCK_MAX];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		sizes[i] = i + 1;
	count_sizes(test, 0, sizes, ARRAY_SIZE(sizes));
}

static void every_size_with_one_vf(struct kunit *test)
{
	bench_with_vfs(test, &bench_narrow, 1);
	KUNIT_EXPECT_EQ(test, bits(test), 32);
	count_all_sizes(test);
}

static void every_size_with_64_bit_accesses(struct kunit *test)
{
	struct cost write;

	bench_with_vfs(test, &bench_82576, 1);
	KUNIT_EXPECT_EQ(test, bits(test), 64);
	count_all_sizes(test);
	write = cost_of_write(test, 0, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_LE(test, write.vf.reads + write.vf.writes +
			write.pf.reads + write.pf.writes, ALL_MAX_WIDE);
}

/* Both ends, whichever VF it is */
static void block_of_8_vfs_takes_48_reads(struct kunit *test)
{
	static const unsigned int sizes[] = { 16, CFGBLK_BLOCK_MAX };
	unsigned int vf;

	bench_with_vfs(test, &bench_narrow, 8);
	for (vf = 0; vf < 8; vf++) {
		struct cost write = cost_of_write(test, vf, CFGBLK_BLOCK_MAX);
		struct cost read = cost_of_read(test, vf, CFGBLK_BLOCK_MAX);

		KUNIT_EXPECT_LE(test, write.vf.reads + write.pf.reads, READS_MAX);
		KUNIT_EXPECT_LE(test, read.vf.reads + read.pf.reads, READS_MAX);
	}
	count_sizes(test, 7, sizes, ARRAY_SIZE(sizes));
}

/* There are four cause registers, and two that tell of resets */
static void sizes_with_64_vfs(struct kunit *test)
{
	static const struct sim_config config = { .model = SIM_X550 };
	static const unsigned int sizes[] = { 16, CFGBLK_BLOCK_MAX };

	bench_with_vfs(test, &config, 64);
	count_sizes(test, 63, sizes, ARRAY_SIZE(sizes));
}

static void heard(void *context, u64 block_mask)
{
	complete(context);
}

static void invalidation_takes_17_accesses(struct kunit *test)
{
	struct pci_dev *vf, *pf;
	struct completion ear;
	struct cost cost;

	init_completion(&ear);
	bench_with_vfs(test, &bench_narrow, 8);
	vf = sim_vf_pdev(bench_sim(test), 7);
	pf = sim_pf_pdev(bench_sim(test));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_reg_block_invalidate(vf, &ear, heard));
	count_begins(test, 7);
	cfgblk_invalidate(pf, 7, BIT_ULL(BENCH_BLOCK));
	wait_for_completion(&ear);
	cost = count_ends(test, 7);
	cfgblk_unreg_block_invalidate(vf);
	print_cost(test, "invalidate", 0, &cost);
	KUNIT_EXPECT_LE(test, cost.vf.reads + cost.vf.writes + cost.pf.reads +
			cost.pf.writes, 17);
	KUNIT_EXPECT_LE(test, cost.vf.irqs + cost.pf.irqs, 3);
}

/* The VF was told of the first, and takes both */
static void invalidation_while_one_is_pending_takes_none(struct kunit *test)
{
	struct pci_dev *pf;
	struct cost cost;

	bench_with_vfs(test, &bench_narrow, 8);
	pf = sim_pf_pdev(bench_sim(test));
	cfgblk_invalidate(pf, 7, BIT_ULL(BENCH_BLOCK));
	count_begins(test, 7);
	cfgblk_invalidate(pf, 7, BIT_ULL(BENCH_BLOCK + 1));
	cost = count_ends(test, 7);
	print_cost(test, "invalidate-pending", 0, &cost);
	KUNIT_EXPECT_EQ(test, cost.vf.reads + cost.vf.writes + cost.pf.reads +
			cost.pf.writes, 0);
	KUNIT_EXPECT_EQ(test, cost.vf.irqs + cost.pf.irqs, 0);
}

static void shared(void *context, u64 block_mask)
{
	atomic_inc(context);
}

/* One VF hears nothing, and none of the others notices */
static void invalidate_all(struct kunit *test, const struct sim_config *config,
			   unsigned int vfs)
{
	const unsigned int stuck = vfs / 2;
	struct sim *sim = bench_with_vfs(test, config, vfs);
	atomic_t *ears = kunit_kcalloc(test, vfs, sizeof(*ears), GFP_KERNEL);
	struct cost cost;
	unsigned int vf;

	KUNIT_ASSERT_NOT_NULL(test, ears);
	for (vf = 0; vf < vfs; vf++)
		KUNIT_ASSERT_EQ(test, 0,
				cfgblk_reg_block_invalidate(sim_vf_pdev(sim, vf),
							    &ears[vf], shared));
	sim_faults(sim, stuck)->lost_irqs = UINT_MAX;
	count_begins(test, vfs - 1);
	cfgblk_invalidate(sim_pf_pdev(sim), CFGBLK_VF_ALL, 2);
	cost = count_ends(test, vfs - 1);
	flush_work(&bench_vf_up(test, vfs - 1)->listener.work);
	print_cost(test, "invalidate-all", 0, &cost);
	for (vf = 0; vf < vfs; vf++) {
		flush_work(&bench_vf_up(test, vf)->listener.work);
		KUNIT_EXPECT_EQ(test, atomic_read(&ears[vf]), vf != stuck);
		cfgblk_unreg_block_invalidate(sim_vf_pdev(sim, vf));
	}
	KUNIT_EXPECT_EQ(test, cost.vf.irqs, 2);
	KUNIT_EXPECT_LE(test, cost.pf.irqs, vfs - 1);
}

static void stuck_vf_delays_no_mask_of_8(struct kunit *test)
{
	invalidate_all(test, &bench_narrow, 8);
}

static void stuck_vf_delays_no_mask_of_64(struct kunit *test)
{
	static const struct sim_config config = { .model = SIM_X550 };

	invalidate_all(test, &config, 64);
}

static struct kunit_case cost_cases[] = {
	KUNIT_CASE(every_size_with_one_vf),
	KUNIT_CASE(every_size_with_64_bit_accesses),
	KUNIT_CASE(block_of_8_vfs_takes_48_reads),
	KUNIT_CASE(sizes_with_64_vfs),
	KUNIT_CASE(invalidation_takes_17_accesses),
	KUNIT_CASE(invalidation_while_one_is_pending_takes_none),
	KUNIT_CASE(stuck_vf_delays_no_mask_of_8),
	KUNIT_CASE(stuck_vf_delays_no_mask_of_64),
	{ }
};

static struct kunit_suite cost_suite = {
	.name = "cfgblk_cost",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = cost_cases,
};

kunit_test_suite(cost_suite);
