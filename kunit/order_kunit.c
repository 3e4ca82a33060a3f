// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the order of register accesses, on the simulated device
 *
 * What goes wrong only if the other end acts between two accesses.
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "sim.h"

#define BLOCK		5

/* Registers of the 82576, VF 0 (2-dword blocks and more leave dword 0 last) */
#define MEM		0x800
#define MEM_END		0x840
#define PF_BELL		0xc00
#define VF_BELL		0xc40
#define PF_CAUSE	0xc80
#define REQ		BIT(0)

/**
 * struct order - what the hook has seen
 * @sim: the device
 * @last: of each end, the buffer register written last, 0 for none
 * @messages: bells that were rung behind a written buffer
 * @wrong: of these, those whose dword 0 was not the last
 * @rings: times that VF 1 is still to ring between read and clear
 */
struct order {
	struct sim *sim;
	u32 last[2];
	unsigned int messages;
	unsigned int wrong;
	unsigned int rings;
};

static void watch_order(void *ctx, const struct sim_access *access)
{
	struct order *order = ctx;
	u32 *last = &order->last[access->fn == SIM_PF];
	u32 bell = access->fn == SIM_PF ? PF_BELL : VF_BELL;

	if (!access->write)
		return;
	if (access->reg >= MEM && access->reg < MEM_END)
		*last = access->reg;
	if (access->reg != bell || !*last)
		return;
	order->messages++;
	order->wrong += *last != MEM;
	*last = 0;
}

static struct order *order_new(struct kunit *test, unsigned int vfs)
{
	struct order *order = kunit_kzalloc(test, sizeof(*order), GFP_KERNEL);
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(test->priv));
	u8 byte = 0;

	KUNIT_ASSERT_NOT_NULL(test, order);
	order->sim = test->priv;
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(order->sim, vfs), vfs);
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_store_define(&pf->vfs[0].store, BLOCK,
					    CFGBLK_BLOCK_MAX,
					    CFGBLK_ACCESS_READ |
					    CFGBLK_ACCESS_WRITE));
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(order->sim, 0), &byte,
					     1, BLOCK));
	return order;
}

static void dword_0_is_the_last_before_the_bell(struct kunit *test)
{
	struct order *order = order_new(test, 1);
	struct pci_dev *pdev = sim_vf_pdev(order->sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX] = { };
	unsigned int n;

	sim_hook(order->sim, watch_order, order);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BLOCK));
	KUNIT_EXPECT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes, sizeof(bytes),
						     BLOCK, &n));
	sim_hook(order->sim, NULL, NULL);
	/* Three of each end to write, one of the VF and three of the PF to read */
	KUNIT_EXPECT_EQ(test, order->messages, 10);
	KUNIT_EXPECT_EQ(test, order->wrong, 0);
}

static void ring_before_clear(void *ctx, const struct sim_access *access)
{
	struct order *order = ctx;

	if (access->fn != SIM_PF || !access->write ||
	    access->reg != PF_CAUSE || !order->rings)
		return;
	order->rings--;
	sim_ring_as_vf(order->sim, 1, REQ);
}

/* The PF clears the causes that it has read, and no other */
static void bell_between_read_and_clear_is_heard(struct kunit *test)
{
	struct order *order = order_new(test, 2);
	struct cfgblk_pf *pf = cfgblk_pf_of(sim_pf_pdev(order->sim));
	struct cfgblk_pf_link *other = &pf->vfs[1].link;
	u8 bytes[8] = { };
	u64 spurious;

	KUNIT_ASSERT_EQ(test, -ENOENT,
			cfgblk_write_cfg_blk(sim_vf_pdev(order->sim, 1), bytes,
					     1, BLOCK));
	flush_delayed_work(&other->work);
	spurious = other->counters.spurious;
	order->rings = 1;
	sim_hook(order->sim, ring_before_clear, order);
	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(order->sim, 0), bytes,
					     sizeof(bytes), BLOCK));
	sim_hook(order->sim, NULL, NULL);
	flush_delayed_work(&other->work);
	KUNIT_EXPECT_EQ(test, order->rings, 0);
	KUNIT_EXPECT_EQ(test, other->counters.spurious, spurious + 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
}

static int order_init(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_82576 };
	struct sim *sim = sim_create(&config);

	if (IS_ERR(sim))
		return PTR_ERR(sim);
	test->priv = sim;
	return 0;
}

static void order_exit(struct kunit *test)
{
	if (test->priv)
		KUNIT_EXPECT_EQ(test, sim_destroy(test->priv), 0);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(dword_0_is_the_last_before_the_bell),
	KUNIT_CASE(bell_between_read_and_clear_is_heard),
	{ }
};

static struct kunit_suite order_suite = {
	.name = "cfgblk_order",
	.init = order_init,
	.exit = order_exit,
	.test_cases = order_cases,
};

kunit_test_suite(order_suite);
