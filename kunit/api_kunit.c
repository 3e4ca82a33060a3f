// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the kernel interface, on the simulated device
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "bench.h"

#define HEAR_WITHIN	(5 * HZ)

/* A listener that reads the block of which it is told, as a driver would */
struct ear {
	struct pci_dev *pdev;
	struct completion heard;
	u64 mask;
	unsigned int len;
	int err;
	u8 data[CFGBLK_BLOCK_MAX];
};

static void ear_listen(void *context, u64 block_mask)
{
	struct ear *ear = context;

	ear->mask |= block_mask;
	ear->err = cfgblk_read_cfg_blk(ear->pdev, ear->data, sizeof(ear->data),
				       BENCH_BLOCK, &ear->len);
	complete(&ear->heard);
}

static void ear_of_another(void *context, u64 block_mask)
{
}

static struct ear *ear_new(struct kunit *test, struct pci_dev *pdev)
{
	struct ear *ear = kunit_kzalloc(test, sizeof(*ear), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ear);
	ear->pdev = pdev;
	init_completion(&ear->heard);
	return ear;
}

static bool ear_hears(struct ear *ear)
{
	return wait_for_completion_timeout(&ear->heard, HEAR_WITHIN);
}

/* The PF publishes for VF 0, as the device node does */
static void publish(struct kunit *test, const char *text)
{
	bench_publish(test, 0, BENCH_BLOCK, text);
	cfgblk_invalidate(bench_pf(test)->pdev, 0, BIT_ULL(BENCH_BLOCK));
}

static struct pci_dev *one_vf(struct kunit *test)
{
	return sim_vf_pdev(bench_with_vfs(test, &bench_82576, 1), 0);
}

static void listener_hears_and_may_read_blocks(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);

	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	publish(test, "first");
	KUNIT_EXPECT_TRUE(test, ear_hears(ear));
	cfgblk_unreg_block_invalidate(pdev);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, ear->err, 0);
	KUNIT_EXPECT_EQ(test, ear->len, 5);
	KUNIT_EXPECT_EQ(test, memcmp(ear->data, "first", 5), 0);
}

static void second_listener_is_refused(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);

	KUNIT_EXPECT_EQ(test, -EINVAL,
			cfgblk_reg_block_invalidate(pdev, ear, NULL));
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	KUNIT_EXPECT_EQ(test, -EBUSY,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	cfgblk_unreg_block_invalidate(pdev);
	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	cfgblk_unreg_block_invalidate(pdev);
}

/* As a module that does not know whether its VF was bound anew meanwhile */
static void listener_of_another_is_left_alone(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);
	struct ear *late = ear_new(test, pdev);

	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	cfgblk_unreg_own_block_invalidate(pdev, late, ear_listen);
	cfgblk_unreg_own_block_invalidate(pdev, ear, ear_of_another);
	cfgblk_unreg_own_block_invalidate(pdev, ear, NULL);
	publish(test, "first");
	KUNIT_EXPECT_TRUE(test, ear_hears(ear));
	cfgblk_unreg_own_block_invalidate(pdev, ear, ear_listen);
	publish(test, "second");
	KUNIT_EXPECT_FALSE(test, ear_hears(ear));
	KUNIT_EXPECT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, late, ear_listen));
	KUNIT_EXPECT_TRUE(test, ear_hears(late));
	cfgblk_unreg_block_invalidate(pdev);
}

static void mask_waits_for_the_next_listener(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);
	struct ear *next = ear_new(test, pdev);

	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, ear, ear_listen));
	cfgblk_unreg_block_invalidate(pdev);
	publish(test, "while nobody listens");
	KUNIT_EXPECT_FALSE(test, ear_hears(ear));
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(pdev, next, ear_listen));
	KUNIT_EXPECT_TRUE(test, ear_hears(next));
	cfgblk_unreg_block_invalidate(pdev);
	KUNIT_EXPECT_EQ(test, next->mask, BIT_ULL(BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, ear->mask, 0);
}

/* Each end's calls on the other end's device, and on its own with bad lengths */
static void wrong_device_and_wrong_length_are_refused(struct kunit *test)
{
	struct pci_dev *vf = one_vf(test), *pf = bench_pf(test)->pdev;
	u8 bytes[CFGBLK_BLOCK_MAX + 1] = { };
	unsigned int n = 7;

	KUNIT_EXPECT_EQ(test, -ENODEV,
			cfgblk_read_cfg_blk(pf, bytes, 1, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			cfgblk_write_cfg_blk(pf, bytes, 1, BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, -ENODEV,
			cfgblk_reg_block_invalidate(pf, NULL, ear_listen));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			cfgblk_read_cfg_blk(vf, bytes, 0, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			cfgblk_read_cfg_blk(vf, bytes, 129, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			cfgblk_write_cfg_blk(vf, bytes, 0, BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, -EMSGSIZE,
			cfgblk_write_cfg_blk(vf, bytes, 129, BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, n, 7);
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP,
			cfgblk_enable_virtualization(vf, 1, false, false, true));
}

/* Out of range and mask 0 do nothing; all VFs at once is each of them */
static void invalidate_takes_any_vf_and_mask(struct kunit *test)
{
	struct cfgblk_pf *pf;
	unsigned int i;

	bench_plug_in(test, &bench_82576);
	pf = bench_pf(test);
	cfgblk_invalidate(pf->pdev, 8, 1);
	cfgblk_invalidate(pf->pdev, 3, 0);
	for (i = 0; i < pf->total_vfs; i++)
		KUNIT_EXPECT_EQ(test, 0,
				atomic64_read(&pf->vfs[i].link.pending));
	cfgblk_invalidate(pf->pdev, CFGBLK_VF_ALL, BIT_ULL(63) | 1);
	cfgblk_invalidate(pf->pdev, 3, 2);
	for (i = 0; i < pf->total_vfs; i++)
		KUNIT_EXPECT_EQ(test, BIT_ULL(63) | 1 | (i == 3 ? 2 : 0),
				(u64)atomic64_read(&pf->vfs[i].link.pending));
}

/* Row 29 of the contract */
static const struct enable_row {
	u16 num_vfs;
	bool migration;
	bool interrupt;
	bool enable;
	int off;	/* what it says while VFs are off */
	int on;		/* while they are on */
} enable_rows[] = {
	{ 0, false, false, true, -EINVAL, -EINVAL },
	{ 9, false, false, true, -EINVAL, -EINVAL },
	{ 1, false, false, false, -EINVAL, -EINVAL },
	{ 0, false, false, false, -EBUSY, 0 },
	{ 2, false, false, true, 0, -EBUSY },
	{ 2, false, true, true, -EINVAL, -EINVAL },
	{ 2, true, false, true, -EOPNOTSUPP, -EOPNOTSUPP },
	{ 2, true, true, true, -EOPNOTSUPP, -EOPNOTSUPP },
};

static int enable(struct kunit *test, const struct enable_row *row)
{
	struct pci_dev *pdev = bench_pf(test)->pdev;
	int err;

	device_lock(&pdev->dev);
	pci_lock_rescan_remove();
	err = cfgblk_enable_virtualization(pdev, row->num_vfs, row->migration,
					   row->interrupt, row->enable);
	pci_unlock_rescan_remove();
	device_unlock(&pdev->dev);
	return err;
}

/* As sysfs does: what is off already is left alone */
static void all_off(struct kunit *test)
{
	struct sim *sim = bench_sim(test);

	if (sim_num_vfs(sim))
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 0), 0);
}

static void enable_virtualization_keeps_its_table(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	const struct enable_row *row;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(enable_rows); i++) {
		row = &enable_rows[i];
		all_off(test);
		KUNIT_EXPECT_EQ_MSG(test, row->off, enable(test, row),
				    "row %u, VFs off", i);
		all_off(test);
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 3), 3);
		KUNIT_EXPECT_EQ_MSG(test, row->on, enable(test, row),
				    "row %u, VFs on", i);
	}
}

static struct kunit_case api_cases[] = {
	KUNIT_CASE(listener_hears_and_may_read_blocks),
	KUNIT_CASE(second_listener_is_refused),
	KUNIT_CASE(listener_of_another_is_left_alone),
	KUNIT_CASE(mask_waits_for_the_next_listener),
	KUNIT_CASE(wrong_device_and_wrong_length_are_refused),
	KUNIT_CASE(invalidate_takes_any_vf_and_mask),
	KUNIT_CASE(enable_virtualization_keeps_its_table),
	{ }
};

static struct kunit_suite api_suite = {
	.name = "cfgblk_api",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = api_cases,
};

kunit_test_suite(api_suite);
