// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the order of register accesses, on the simulated device
 *
 * What goes wrong only if the other end acts between two accesses.
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

/* Registers of the 82576, VF 0 (2-dword blocks and more leave dword 0 last) */
#define MEM		0x800
#define MEM_END		0x840
#define PF_BELL		0xc00
#define VF_BELL		0xc40
#define REQ		BIT(0)
#define VFU		BIT(2)	/* in both mailbox registers */

#define QUIET_MS	3500	/* the PF looks by hand once a second */

/* Registers of the PF that say who rang, of VFs 0 and 1 */
struct model {
	const char *name;
	struct sim_config config;
	u32 latch;
	u32 cause;
	u32 flr_clear;
};

static const struct model models[] = {
	{ "82576", { .model = SIM_82576 }, 0xc0, 0xc80, 0xc88 },
	{ "82576 of QEMU", { .model = SIM_82576, .qemu = true },
	  0xc0, 0xc80, 0xc88 },
	{ "82599", { .model = SIM_82599 }, 0x800, 0x710, 0x700 },
	{ "x550", { .model = SIM_X550 }, 0x800, 0x710, 0x700 },
};

static void model_name(const struct model *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(model, models, model_name);

/**
 * struct order - what the hook has seen
 * @sim: the device
 * @pf: its PF
 * @last: of each end, the buffer register written last, 0 for none
 * @messages: bells that were rung behind a written buffer
 * @wrong: of these, those whose dword 0 was not the last
 * @at: register of the PF: before it is written, @strike is called
 * @read: before it is read instead
 * @strikes: so many times yet
 * @strike: what happens at that moment
 */
struct order {
	struct sim *sim;
	struct cfgblk_pf *pf;
	u32 last[2];
	unsigned int messages;
	unsigned int wrong;
	u32 at;
	bool read;
	unsigned int strikes;
	void (*strike)(struct order *order);
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

static struct order *order_new(struct kunit *test,
			       const struct sim_config *config,
			       unsigned int vfs)
{
	struct order *order = kunit_kzalloc(test, sizeof(*order), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, order);
	order->sim = bench_with_vfs(test, config, vfs);
	order->pf = bench_pf(test);
	bench_there_and_back(test, 0);
	return order;
}

static void dword_0_is_the_last_before_the_bell(struct kunit *test)
{
	struct order *order = order_new(test, &bench_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(order->sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX] = { };
	unsigned int n;

	sim_hook(order->sim, watch_order, order);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes, sizeof(bytes),
						     BENCH_BLOCK, &n));
	sim_hook(order->sim, NULL, NULL);
	/* Three of the VF and one of the PF to write, the other way to read */
	KUNIT_EXPECT_EQ(test, order->messages, 8);
	KUNIT_EXPECT_EQ(test, order->wrong, 0);
}

static void strike_at(void *ctx, const struct sim_access *access)
{
	struct order *order = ctx;

	if (access->fn != SIM_PF || access->write == order->read ||
	    access->reg != order->at || !order->strikes)
		return;
	order->strikes--;
	order->strike(order);
}

static void order_strike(struct order *order, u32 at, unsigned int strikes,
			 void (*strike)(struct order *order))
{
	order->at = at;
	order->strikes = strikes;
	order->strike = strike;
	sim_hook(order->sim, strike_at, order);
}

static void vf_1_rings(struct order *order)
{
	sim_ring_as_vf(order->sim, 1, REQ);
}

static void vf_1_is_reset(struct order *order)
{
	sim_flr(order->sim, 1);
}

/* A tenant goes and the next one speaks; no more interrupts tell of either */
static void vf_1_is_reset_and_knocks(struct order *order)
{
	const struct cfgblk_hdr knock = { .id = 1, .op = CFGBLK_OP_KNOCK };

	sim_faults(order->sim, SIM_PF)->lost_irqs = UINT_MAX;
	sim_flr(order->sim, 1);
	sim_poke(order->sim, 1, 0, cfgblk_hdr_pack(&knock));
	sim_ring_as_vf(order->sim, 1, REQ);
}

static void somebody_was_told(struct order *order)
{
	order->wrong += atomic_read(&order->pf->vfs[0].link.bells) != 0;
}

/* It strikes meanwhile, and VF 1 has been served on return */
static void vf_0_writes(struct kunit *test, struct order *order)
{
	u8 byte = 0;

	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(order->sim, 0), &byte,
					     1, BENCH_BLOCK));
	sim_hook(order->sim, NULL, NULL);
	flush_delayed_work(&order->pf->vfs[1].link.work);
	KUNIT_EXPECT_EQ(test, order->strikes, 0);
}

/*
 * VF 1 rings once, just before the PF writes @at.  VF 0 makes the PF do so with
 * a message that is one interrupt: the next one would hear VF 1 in any case.
 */
static void expect_bell_is_heard(struct kunit *test, struct order *order, u32 at)
{
	struct cfgblk_pf_link *other = &order->pf->vfs[1].link;
	u64 spurious;

	bench_there_and_back(test, 1);
	flush_delayed_work(&other->work);
	spurious = other->counters.spurious;
	order_strike(order, at, 1, vf_1_rings);
	vf_0_writes(test, order);
	KUNIT_EXPECT_EQ(test, other->counters.spurious, spurious + 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&order->pf->polled), 0);
}

/* The PF clears the causes that it has read, and no other */
static void bell_between_read_and_clear_is_heard(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 2);

	expect_bell_is_heard(test, order, model->cause);
}

/* No later event interrupts before the latch is clear */
static void bell_before_the_latch_is_clear_is_heard(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 2);

	expect_bell_is_heard(test, order, model->latch);
}

/* The PF clears the resets that it has read, and no other */
static void reset_between_read_and_clear_is_heard(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 2);
	struct cfgblk_pf_link *other = &order->pf->vfs[1].link;
	u64 resets = other->counters.resets;

	order_strike(order, model->flr_clear, 1, vf_1_is_reset);
	KUNIT_ASSERT_EQ(test, 0,
			pci_reset_function(sim_vf_pdev(order->sim, 0)));
	sim_hook(order->sim, NULL, NULL);
	flush_delayed_work(&other->work);
	KUNIT_EXPECT_EQ(test, order->strikes, 0);
	KUNIT_EXPECT_EQ(test, other->counters.resets, resets + 1);
	KUNIT_EXPECT_EQ(test, atomic64_read(&order->pf->polled), 0);
}

/*
 * VF 1 is reset and knocks between the two reads, if the resets come first: the
 * knock would be served with what the former tenant left.
 */
static void message_is_not_heard_without_the_reset_before_it(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 2);
	struct cfgblk_pf_link *other = &order->pf->vfs[1].link;
	u64 resets = other->counters.resets;

	order->read = true;
	order_strike(order, model->cause, 1, vf_1_is_reset_and_knocks);
	vf_0_writes(test, order);
	KUNIT_EXPECT_EQ(test, other->counters.resets, resets + 1);
	sim_faults(order->sim, SIM_PF)->lost_irqs = 0;
}

/*
 * Whoever is told may be answered at once, on another CPU, and ring again: a
 * clear after that would swallow the new bell.
 */
static void causes_are_clear_before_anybody_is_told(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 1);

	order_strike(order, model->cause, 2, somebody_was_told);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, order->strikes, 0);
	order_strike(order, model->flr_clear, 1, somebody_was_told);
	KUNIT_ASSERT_EQ(test, 0,
			pci_reset_function(sim_vf_pdev(order->sim, 0)));
	sim_hook(order->sim, NULL, NULL);
	KUNIT_EXPECT_EQ(test, order->strikes, 0);
	KUNIT_EXPECT_EQ(test, order->wrong, 0);
}

/* REQ, ACK and reset: each is cleared once it was heard */
static void what_was_heard_is_not_heard_again(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 1);
	struct cfgblk_pf_link *link = &order->pf->vfs[0].link;
	u64 resets = link->counters.resets, spurious;

	KUNIT_ASSERT_EQ(test, 0,
			pci_reset_function(sim_vf_pdev(order->sim, 0)));
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
	spurious = link->counters.spurious;
	msleep(QUIET_MS);
	KUNIT_EXPECT_EQ(test, atomic64_read(&order->pf->polled), 0);
	KUNIT_EXPECT_EQ(test, link->counters.spurious, spurious);
	KUNIT_EXPECT_EQ(test, link->counters.resets, resets + 1);
}

/* The VF driver never takes it, and each of its doorbells lets go of it */
static void ownership_bit_of_a_former_driver_is_dropped(struct kunit *test)
{
	const struct model *model = test->param_value;
	struct order *order = order_new(test, &model->config, 1);
	struct pci_dev *pdev = sim_vf_pdev(order->sim, 0);
	void __iomem *bell = order->pf->vfs[0].mmio.bell;

	bench_unbind(pdev);
	sim_ring_as_vf(order->sim, 0, VFU);
	KUNIT_EXPECT_EQ(test, readl(bell) & VFU, VFU);
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, readl(bell) & VFU, 0);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, readl(bell) & VFU, 0);
}

static struct kunit_case order_cases[] = {
	KUNIT_CASE(dword_0_is_the_last_before_the_bell),
	KUNIT_CASE_PARAM(bell_between_read_and_clear_is_heard,
			 model_gen_params),
	KUNIT_CASE_PARAM(bell_before_the_latch_is_clear_is_heard,
			 model_gen_params),
	KUNIT_CASE_PARAM(reset_between_read_and_clear_is_heard,
			 model_gen_params),
	KUNIT_CASE_PARAM(message_is_not_heard_without_the_reset_before_it,
			 model_gen_params),
	KUNIT_CASE_PARAM(causes_are_clear_before_anybody_is_told,
			 model_gen_params),
	KUNIT_CASE_PARAM(what_was_heard_is_not_heard_again, model_gen_params),
	KUNIT_CASE_PARAM(ownership_bit_of_a_former_driver_is_dropped,
			 model_gen_params),
	{ }
};

static struct kunit_suite order_suite = {
	.name = "cfgblk_order",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = order_cases,
};

kunit_test_suite(order_suite);
