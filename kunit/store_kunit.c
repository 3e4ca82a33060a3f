// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the block store, the built-in provider
 */
#include <kunit/test.h>
#include <linux/string.h>
#include <uapi/linux/cfgblk.h>

#include "../pf/store.h"

#define RO	CFGBLK_ACCESS_READ
#define WO	CFGBLK_ACCESS_WRITE
#define RW	(RO | WO)

static void define(struct kunit *test, u32 id, unsigned int size,
		   unsigned int access)
{
	KUNIT_ASSERT_EQ(test, 0, cfgblk_store_define(test->priv, id, size,
						     access));
}

static void publish(struct kunit *test, u32 id, const char *bytes,
		    unsigned int len)
{
	KUNIT_ASSERT_EQ(test, 0, cfgblk_store_fits(test->priv, id, len));
	cfgblk_store_publish(test->priv, id, bytes, len);
}

/* What the VF reads is @want and nothing behind it was touched */
static void expect_block(struct kunit *test, u32 id, const char *want,
			 unsigned int len)
{
	u8 buf[CFGBLK_BLOCK_MAX + 1];

	memset(buf, 0x5a, sizeof(buf));
	KUNIT_EXPECT_EQ(test, len, cfgblk_store_read(test->priv, id, buf,
						     CFGBLK_BLOCK_MAX));
	KUNIT_EXPECT_EQ(test, memcmp(buf, want, len), 0);
	KUNIT_EXPECT_PTR_EQ(test, memchr_inv(buf + len, 0x5a,
					     sizeof(buf) - len), NULL);
}

static int vf_read(struct kunit *test, u32 id)
{
	u8 buf[CFGBLK_BLOCK_MAX];

	return cfgblk_store_read(test->priv, id, buf, sizeof(buf));
}

static int host_peek(struct kunit *test, u32 id)
{
	u8 buf[CFGBLK_BLOCK_MAX];

	return cfgblk_store_peek(test->priv, id, buf, sizeof(buf));
}

static int vf_write(struct kunit *test, u32 id, const char *bytes,
		    unsigned int len)
{
	return cfgblk_store_write(test->priv, id, bytes, len);
}

static void block_that_was_never_defined_is_enoent(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, vf_read(test, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, host_peek(test, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "x", 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, cfgblk_store_fits(test->priv, 5, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(test->priv), 0);
}

/* The block that is there keeps what it has */
static void defining_twice_is_eexist(struct kunit *test)
{
	define(test, 5, 8, RO);
	publish(test, 5, "old", 3);
	KUNIT_EXPECT_EQ(test, cfgblk_store_define(test->priv, 5, 128, RW),
			-EEXIST);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(test->priv), 1);
	KUNIT_EXPECT_EQ(test, cfgblk_store_fits(test->priv, 5, 9), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "x", 1), -EACCES);
	expect_block(test, 5, "old", 3);
}

static void undefined_block_is_gone_with_its_values(struct kunit *test)
{
	define(test, 5, 8, RW);
	publish(test, 5, "host", 4);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 5), 0);
	KUNIT_EXPECT_EQ(test, vf_read(test, 5), -ENOENT);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(test->priv), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 5), -ENOENT);
	define(test, 5, 8, RW);
	KUNIT_EXPECT_EQ(test, vf_read(test, 5), -ENODATA);
}

static void one_block_too_many_is_enospc(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_STORE_BLOCKS_MAX; i++)
		define(test, i * 1000003u, 1, RW);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(test->priv),
			CFGBLK_STORE_BLOCKS_MAX);
	KUNIT_EXPECT_EQ(test, cfgblk_store_define(test->priv, 1, 1, RW),
			-ENOSPC);
	KUNIT_EXPECT_EQ(test, vf_read(test, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 0), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_define(test->priv, 1, 1, RW), 0);
}

static void access_binds_the_vf_and_not_the_host(struct kunit *test)
{
	define(test, 1, 8, RO);
	define(test, 2, 8, WO);
	publish(test, 1, "ro", 2);
	publish(test, 2, "wo", 2);
	KUNIT_EXPECT_EQ(test, vf_read(test, 1), 2);
	KUNIT_EXPECT_EQ(test, vf_write(test, 1, "x", 1), -EACCES);
	KUNIT_EXPECT_EQ(test, host_peek(test, 1), 2);
	KUNIT_EXPECT_EQ(test, vf_read(test, 2), -EACCES);
	KUNIT_EXPECT_EQ(test, vf_write(test, 2, "abc", 3), 0);
	KUNIT_EXPECT_EQ(test, host_peek(test, 2), 3);
}

/* Access is told before emptiness: a VF does not learn what it may not read */
static void empty_block_is_enodata(struct kunit *test)
{
	define(test, 1, 8, RW);
	define(test, 2, 8, WO);
	KUNIT_EXPECT_EQ(test, vf_read(test, 1), -ENODATA);
	KUNIT_EXPECT_EQ(test, host_peek(test, 1), -ENODATA);
	KUNIT_EXPECT_EQ(test, vf_read(test, 2), -EACCES);
	KUNIT_EXPECT_EQ(test, host_peek(test, 2), -ENODATA);
}

/* A block of that size takes as much and no byte more, and gives it back */
static void every_size_fits_exactly(struct kunit *test)
{
	char bytes[CFGBLK_BLOCK_MAX];
	unsigned int size;

	for (size = 0; size < CFGBLK_BLOCK_MAX; size++)
		bytes[size] = 0x80 | size;
	for (size = 1; size <= CFGBLK_BLOCK_MAX; size++) {
		define(test, size, size, RW);
		publish(test, size, bytes, size);
		expect_block(test, size, bytes, size);
		KUNIT_EXPECT_EQ(test, vf_write(test, size, bytes, size), 0);
		expect_block(test, size, bytes, size);
		if (size == CFGBLK_BLOCK_MAX)
			break;
		KUNIT_EXPECT_EQ(test, cfgblk_store_fits(test->priv, size,
							size + 1), -EMSGSIZE);
		KUNIT_EXPECT_EQ(test, vf_write(test, size, bytes, size + 1),
				-EMSGSIZE);
		expect_block(test, size, bytes, size);
	}
}

static void short_value_is_not_padded(struct kunit *test)
{
	define(test, 5, CFGBLK_BLOCK_MAX, RW);
	publish(test, 5, "a longer one", 12);
	publish(test, 5, "short", 5);
	expect_block(test, 5, "short", 5);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	expect_block(test, 5, "vf", 2);
}

static void short_buffer_gets_the_first_bytes(struct kunit *test)
{
	char buf[4] = "....";

	define(test, 5, 8, RW);
	publish(test, 5, "abcdefgh", 8);
	KUNIT_EXPECT_EQ(test, cfgblk_store_read(test->priv, 5, buf, 3), 3);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "abc.", 4), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_peek(test->priv, 5, buf, 1), 1);
	KUNIT_EXPECT_EQ(test, memcmp(buf, "abc.", 4), 0);
}

static void vf_writes_over_the_host_and_erase_gives_it_back(struct kunit *test)
{
	define(test, 5, 8, RW);
	define(test, 6, 8, RW);
	publish(test, 5, "host", 4);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	KUNIT_EXPECT_EQ(test, vf_write(test, 6, "vf", 2), 0);
	expect_block(test, 5, "vf", 2);
	KUNIT_EXPECT_EQ(test, host_peek(test, 5), 2);
	cfgblk_store_erase_vf(test->priv);
	expect_block(test, 5, "host", 4);
	KUNIT_EXPECT_EQ(test, vf_read(test, 6), -ENODATA);
	cfgblk_store_erase_vf(test->priv);
	expect_block(test, 5, "host", 4);
}

static void publish_drops_what_the_vf_wrote(struct kunit *test)
{
	define(test, 5, 8, RW);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	publish(test, 5, "host", 4);
	expect_block(test, 5, "host", 4);
	cfgblk_store_erase_vf(test->priv);
	expect_block(test, 5, "host", 4);
}

static void refused_write_changes_nothing(struct kunit *test)
{
	define(test, 5, 4, RW);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "12345", 5), -EMSGSIZE);
	expect_block(test, 5, "vf", 2);
}

/* What a VF that knows nothing has to read: not what it may not, or cannot */
static void published_mask_has_readable_blocks_up_to_63(struct kunit *test)
{
	static const u32 ids[] = { 0, 31, 32, 63, 64, U32_MAX };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ids); i++)
		define(test, ids[i], 8, RO);
	define(test, 7, 8, WO);
	define(test, 8, 8, RW);
	KUNIT_EXPECT_EQ(test, cfgblk_store_published(test->priv), 0);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		publish(test, ids[i], "x", 1);
	publish(test, 7, "x", 1);
	KUNIT_EXPECT_EQ(test, vf_write(test, 8, "x", 1), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_published(test->priv),
			BIT_ULL(0) | BIT_ULL(31) | BIT_ULL(32) | BIT_ULL(63));
}

static void published_mask_forgets_only_undefined_blocks(struct kunit *test)
{
	define(test, 3, 8, RW);
	define(test, 4, 8, RW);
	define(test, 64, 8, RW);
	publish(test, 3, "x", 1);
	publish(test, 4, "x", 1);
	publish(test, 64, "x", 1);
	KUNIT_EXPECT_EQ(test, vf_write(test, 3, "y", 1), 0);
	cfgblk_store_erase_vf(test->priv);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 4), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, 64), 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_published(test->priv), BIT_ULL(3));
	define(test, 4, 8, RW);
	KUNIT_EXPECT_EQ(test, cfgblk_store_published(test->priv), BIT_ULL(3));
}

static void walk_finds_every_block_in_order(struct kunit *test)
{
	static const u32 ids[] = { 0, 5, 63, 64, 0x80000000, U32_MAX };
	struct cfgblk_block_info info = { };
	unsigned int i;

	for (i = ARRAY_SIZE(ids); i--;)
		define(test, ids[i], i + 1, RW);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		KUNIT_ASSERT_EQ(test, cfgblk_store_next(test->priv, &info), 0);
		KUNIT_EXPECT_EQ(test, info.block, ids[i]);
		KUNIT_EXPECT_EQ(test, info.size, i + 1);
		info.block++;
	}
	/* After the last id there is none, and the walk began again at 0 */
	KUNIT_EXPECT_EQ(test, info.block, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_store_undefine(test->priv, U32_MAX), 0);
	info.block = 0x80000001;
	KUNIT_EXPECT_EQ(test, cfgblk_store_next(test->priv, &info), -ENOENT);
	KUNIT_EXPECT_EQ(test, info.block, 0x80000001);
}

static void expect_info(struct kunit *test, unsigned int access,
			unsigned int len, unsigned int writer)
{
	struct cfgblk_block_info info = { .block = 5 };

	KUNIT_ASSERT_EQ(test, cfgblk_store_next(test->priv, &info), 0);
	KUNIT_EXPECT_EQ(test, info.size, 8);
	KUNIT_EXPECT_EQ(test, info.access, access);
	KUNIT_EXPECT_EQ(test, info.len, len);
	KUNIT_EXPECT_EQ(test, info.writer, writer);
}

static void walk_tells_who_wrote_last(struct kunit *test)
{
	define(test, 5, 8, RW);
	expect_info(test, RW, 0, 0);
	publish(test, 5, "host", 4);
	expect_info(test, RW, 4, CFGBLK_ROLE_PF);
	KUNIT_EXPECT_EQ(test, vf_write(test, 5, "vf", 2), 0);
	expect_info(test, RW, 2, CFGBLK_ROLE_VF);
	cfgblk_store_erase_vf(test->priv);
	expect_info(test, RW, 4, CFGBLK_ROLE_PF);
}

static int store_test_init(struct kunit *test)
{
	struct cfgblk_store *store = kunit_kzalloc(test, sizeof(*store),
						   GFP_KERNEL);

	if (!store)
		return -ENOMEM;
	test->priv = store;
	return cfgblk_store_init(store);
}

static void store_test_exit(struct kunit *test)
{
	if (test->priv)
		cfgblk_store_fini(test->priv);
}

static struct kunit_case store_cases[] = {
	KUNIT_CASE(block_that_was_never_defined_is_enoent),
	KUNIT_CASE(defining_twice_is_eexist),
	KUNIT_CASE(undefined_block_is_gone_with_its_values),
	KUNIT_CASE(one_block_too_many_is_enospc),
	KUNIT_CASE(access_binds_the_vf_and_not_the_host),
	KUNIT_CASE(empty_block_is_enodata),
	KUNIT_CASE(every_size_fits_exactly),
	KUNIT_CASE(short_value_is_not_padded),
	KUNIT_CASE(short_buffer_gets_the_first_bytes),
	KUNIT_CASE(vf_writes_over_the_host_and_erase_gives_it_back),
	KUNIT_CASE(publish_drops_what_the_vf_wrote),
	KUNIT_CASE(refused_write_changes_nothing),
	KUNIT_CASE(published_mask_has_readable_blocks_up_to_63),
	KUNIT_CASE(published_mask_forgets_only_undefined_blocks),
	KUNIT_CASE(walk_finds_every_block_in_order),
	KUNIT_CASE(walk_tells_who_wrote_last),
	{ }
};

static struct kunit_suite store_suite = {
	.name = "cfgblk_store",
	.init = store_test_init,
	.exit = store_test_exit,
	.test_cases = store_cases,
};

kunit_test_suite(store_suite);
