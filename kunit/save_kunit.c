// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a VF's end of the channel saved on one PF and restored on another
 *
 * One simulated device at a time: the first is pulled out before the second is
 * plugged in.
 */
#include <linux/cfgblk.h>
#include <linux/crc32.h>
#include <linux/mm.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "state.h"

#define HOSTS_ONLY	3	/* a block that the host alone has written */
#define FAR		1000	/* one without a bit in the mask */
#define SIZE		16	/* of both */

/* Bytes of a saved state, see state.h */
#define FLAGS		16
#define PEER_MIN	25
#define PEER_MAX	26
#define PENDING		32

/**
 * struct saved - a state on its way
 * @bytes: its bytes, freed with the test
 * @len: how many
 */
struct saved {
	u8 *bytes;
	size_t len;
};

static struct cfgblk_pf_vf *pf_vf(struct kunit *test, unsigned int vf)
{
	return &bench_pf(test)->vfs[vf];
}

/* VF 0 has read and written */
static void furnish(struct kunit *test)
{
	bench_with_vfs(test, &bench_82576, 2);
	bench_define_block(test, 0, HOSTS_ONLY, SIZE, BENCH_RW);
	bench_define_block(test, 0, FAR, SIZE, BENCH_RW);
	bench_publish(test, 0, HOSTS_ONLY, "host");
	bench_publish(test, 0, BENCH_BLOCK, "host too");
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_write_cfg_blk(sim_vf_pdev(bench_sim(test), 0),
					     "vf", 2, BENCH_BLOCK));
}

static void save(struct kunit *test, unsigned int vf, struct saved *saved)
{
	u8 *state = cfgblk_pf_save_vf(pf_vf(test, vf), &saved->len);

	KUNIT_ASSERT_NOT_NULL(test, state);
	saved->bytes = kunit_kmalloc(test, saved->len, GFP_KERNEL);
	if (saved->bytes)
		memcpy(saved->bytes, state, saved->len);
	kvfree_sensitive(state, saved->len);
	KUNIT_ASSERT_NOT_NULL(test, saved->bytes);
}

static int restore(struct kunit *test, unsigned int vf,
		   const struct saved *saved)
{
	return cfgblk_pf_restore_vf(pf_vf(test, vf), saved->bytes, saved->len);
}

static void move_to_another_pf(struct kunit *test, struct saved *saved)
{
	furnish(test);
	save(test, 0, saved);
	bench_pull_out(test);
	bench_plug_in(test, &bench_82576);
}

static void state_moves_to_another_pf(struct kunit *test)
{
	struct cfgblk_block_info info = { .block = FAR };
	struct saved saved;

	move_to_another_pf(test, &saved);
	KUNIT_ASSERT_EQ(test, restore(test, 5, &saved), 0);
	bench_expect_block(test, 5, HOSTS_ONLY, "host");
	bench_expect_block(test, 5, BENCH_BLOCK, "vf");
	KUNIT_EXPECT_EQ(test, 3, cfgblk_store_count(bench_store(test, 5)));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_store_next(bench_store(test, 5),
						   &info));
	KUNIT_EXPECT_EQ(test, info.block, FAR);
	KUNIT_EXPECT_EQ(test, info.size, SIZE);
	KUNIT_EXPECT_EQ(test, info.access, BENCH_RW);
	KUNIT_EXPECT_EQ(test, info.len, 0);
}

static void vf_has_to_read_everything_again(struct kunit *test)
{
	struct saved saved;

	move_to_another_pf(test, &saved);
	KUNIT_ASSERT_EQ(test, restore(test, 0, &saved), 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&bench_pf_link(test, 0)->pending),
			BIT_ULL(HOSTS_ONLY) | BIT_ULL(BENCH_BLOCK));
}

/* The VF driver of the new device is another one than that of the old */
static void another_tenant_does_not_see_what_the_vf_wrote(struct kunit *test)
{
	struct saved saved;

	move_to_another_pf(test, &saved);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 1), 1);
	bench_vf_up(test, 0);
	KUNIT_ASSERT_EQ(test, restore(test, 0, &saved), 0);
	bench_expect_block(test, 0, BENCH_BLOCK, "vf");
	bench_vf_up(test, 0);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(bench_sim(test),
								0)));
	bench_vf_up(test, 0);
	bench_expect_block(test, 0, BENCH_BLOCK, "host too");
}

/* The driver goes on where it was, on the PF that it was saved on */
static void same_driver_finds_what_it_wrote(struct kunit *test)
{
	struct cfgblk_pf_link *link;
	struct pci_dev *pdev;
	struct saved saved;
	char text[3] = "";
	unsigned int n;
	u64 handshakes;
	int err;

	furnish(test);
	save(test, 0, &saved);
	link = bench_pf_link(test, 0);
	handshakes = link->counters.handshakes;
	pdev = sim_vf_pdev(bench_sim(test), 0);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, "xyz", 3,
						      BENCH_BLOCK));
	KUNIT_ASSERT_EQ(test, restore(test, 0, &saved), 0);
	/* It may have to hear first that the link started afresh */
	err = cfgblk_read_cfg_blk(pdev, text, sizeof(text), BENCH_BLOCK, &n);
	if (err) {
		KUNIT_EXPECT_EQ(test, err, -ECONNRESET);
		err = cfgblk_read_cfg_blk(pdev, text, sizeof(text),
					  BENCH_BLOCK, &n);
	}
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, n, 2);
	KUNIT_EXPECT_EQ(test, memcmp(text, "vf", 2), 0);
	KUNIT_EXPECT_EQ(test, link->counters.handshakes, handshakes + 1);
}

/* Every bit: a checksum tells of all that one bit can do */
static void damaged_state_is_refused_and_changes_nothing(struct kunit *test)
{
	struct saved saved;
	size_t bit;

	furnish(test);
	save(test, 0, &saved);
	for (bit = 0; bit < 8 * saved.len; bit++) {
		saved.bytes[bit / 8] ^= BIT(bit % 8);
		KUNIT_EXPECT_LT(test, restore(test, 1, &saved), 0);
		saved.bytes[bit / 8] ^= BIT(bit % 8);
	}
	KUNIT_EXPECT_EQ(test, 1, cfgblk_store_count(bench_store(test, 1)));
	bench_there_and_back(test, 1);
	KUNIT_EXPECT_EQ(test, restore(test, 1, &saved), 0);
}

static void seal(struct saved *saved)
{
	size_t len = saved->len - CFGBLK_STATE_CRC;

	cfgblk_state_pack_crc(~crc32_le(~0, saved->bytes, len),
			      saved->bytes + len);
}

/* No driver is known that could come back for it */
static void what_nobody_is_known_to_have_written_is_not_restored(struct kunit *test)
{
	struct saved saved;

	furnish(test);
	save(test, 0, &saved);
	memset(saved.bytes + FLAGS, 0, PENDING - FLAGS);
	seal(&saved);
	KUNIT_ASSERT_EQ(test, restore(test, 1, &saved), 0);
	bench_expect_block(test, 1, BENCH_BLOCK, "host too");
}

/* Whole and undamaged, of a VF driver of another time */
static void state_without_a_common_version_is_refused(struct kunit *test)
{
	struct saved saved;

	furnish(test);
	save(test, 0, &saved);
	saved.bytes[PEER_MIN] = CFGBLK_VERSION_MAX + 1;
	saved.bytes[PEER_MAX] = CFGBLK_VERSION_MAX + 1;
	seal(&saved);
	KUNIT_EXPECT_EQ(test, restore(test, 1, &saved), -EPROTONOSUPPORT);
	bench_there_and_back(test, 1);
}

static void state_of_a_vf_that_was_reset_has_nothing_of_it(struct kunit *test)
{
	struct saved saved;

	furnish(test);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(bench_sim(test),
								0)));
	bench_vf_up(test, 0);
	save(test, 0, &saved);
	KUNIT_EXPECT_PTR_EQ(test, strnstr(saved.bytes + 48, "vf",
					  saved.len - 48), NULL);
	KUNIT_ASSERT_EQ(test, restore(test, 1, &saved), 0);
	bench_expect_block(test, 1, BENCH_BLOCK, "host too");
}

static void vf_that_was_never_there_can_be_saved(struct kunit *test)
{
	struct saved saved;

	bench_plug_in(test, &bench_82576);
	bench_define_block(test, 7, HOSTS_ONLY, SIZE, BENCH_RW);
	bench_publish(test, 7, HOSTS_ONLY, "host");
	save(test, 7, &saved);
	KUNIT_ASSERT_EQ(test, restore(test, 2, &saved), 0);
	bench_expect_block(test, 2, HOSTS_ONLY, "host");
	KUNIT_EXPECT_FALSE(test, bench_pf_link(test, 2)->known);
}

/* From prepare to done the device may not even decode its addresses */
static void restore_in_a_pf_reset_touches_no_register(struct kunit *test)
{
	const struct pci_error_handlers *handlers;
	struct sim_counts counts;
	struct pci_dev *pdev;
	struct saved saved;

	furnish(test);
	save(test, 0, &saved);
	bench_publish(test, 0, HOSTS_ONLY, "new");
	pdev = bench_pf(test)->pdev;
	handlers = pdev->driver->err_handler;
	handlers->reset_prepare(pdev);
	sim_counts_clear(bench_sim(test));
	KUNIT_EXPECT_EQ(test, restore(test, 0, &saved), 0);
	sim_counts(bench_sim(test), SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads, 0);
	KUNIT_EXPECT_EQ(test, counts.writes, 0);
	handlers->reset_done(pdev);
	bench_vf_up(test, 0);
	bench_expect_block(test, 0, HOSTS_ONLY, "host");
}

static struct kunit_case save_cases[] = {
	KUNIT_CASE(state_moves_to_another_pf),
	KUNIT_CASE(vf_has_to_read_everything_again),
	KUNIT_CASE(another_tenant_does_not_see_what_the_vf_wrote),
	KUNIT_CASE(same_driver_finds_what_it_wrote),
	KUNIT_CASE(damaged_state_is_refused_and_changes_nothing),
	KUNIT_CASE(what_nobody_is_known_to_have_written_is_not_restored),
	KUNIT_CASE(state_without_a_common_version_is_refused),
	KUNIT_CASE(state_of_a_vf_that_was_reset_has_nothing_of_it),
	KUNIT_CASE(vf_that_was_never_there_can_be_saved),
	KUNIT_CASE(restore_in_a_pf_reset_touches_no_register),
	{ }
};

static struct kunit_suite save_suite = {
	.name = "cfgblk_save",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = save_cases,
};

kunit_test_suite(save_suite);
