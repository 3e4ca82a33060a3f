// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the saved state of a VF, byte by byte
 */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/string.h>

#include "state.h"

#define ROOM	1024

/* Offsets that the header file tells */
#define BYTE_FORMAT	8
#define BYTE_LEN		12
#define BYTE_FLAGS	16
#define BYTE_BLOCKS	40
#define BYTE_BLOCK	CFGBLK_STATE_HEAD

static const struct cfgblk_state_head head = {
	.attached = true,
	.instance = 0x11223344,
	.version = 1,
	.peer_min = 1,
	.peer_max = 9,
	.features = 0x55667788,
	.pending = 0x99aabbccddeeff00,
	.blocks = 3,
};

static const struct cfgblk_state_block blocks[] = {
	{ 0, 128, 3, 0, 0, NULL, NULL },
	{ 63, 4, 3, 4, 2, "host", "vf" },
	{ U32_MAX, 1, 1, 1, 0, "x", NULL },
};

/**
 * struct written - a state
 * @bytes: its bytes
 * @len: how many
 */
struct written {
	u8 bytes[ROOM];
	u32 len;
};

static struct written *write_state(struct kunit *test)
{
	struct written *state = kunit_kzalloc(test, sizeof(*state), GFP_KERNEL);
	u8 *end;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, state);
	end = state->bytes + CFGBLK_STATE_HEAD;
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		end = cfgblk_state_pack_block(&blocks[i], end);
	state->len = end - state->bytes + CFGBLK_STATE_CRC;
	cfgblk_state_pack_head(&head, state->len, state->bytes);
	end = cfgblk_state_pack_crc(0x01020304, end);
	KUNIT_ASSERT_PTR_EQ(test, end, state->bytes + state->len);
	return state;
}

/* Read to the end, as a restore does; what it says first */
static int read_state(const u8 *bytes, size_t len)
{
	struct cfgblk_state_reader reader;
	struct cfgblk_state_block block;
	struct cfgblk_state_head read;
	int n = cfgblk_state_frame(bytes, len);

	if (!n)
		n = cfgblk_state_open(&reader, &read, bytes, len);
	if (n)
		return n;
	do
		n = cfgblk_state_next(&reader, &block);
	while (n > 0);
	return n;
}

static void expect_block(struct kunit *test,
			 struct cfgblk_state_reader *reader,
			 const struct cfgblk_state_block *want)
{
	struct cfgblk_state_block got;

	KUNIT_ASSERT_EQ(test, cfgblk_state_next(reader, &got), 1);
	KUNIT_EXPECT_EQ(test, got.id, want->id);
	KUNIT_EXPECT_EQ(test, got.size, want->size);
	KUNIT_EXPECT_EQ(test, got.access, want->access);
	KUNIT_ASSERT_EQ(test, got.host_len, want->host_len);
	KUNIT_ASSERT_EQ(test, got.vf_len, want->vf_len);
	KUNIT_EXPECT_EQ(test, memcmp(got.host, want->host, got.host_len), 0);
	KUNIT_EXPECT_EQ(test, memcmp(got.vf, want->vf, got.vf_len), 0);
}

static void what_was_written_is_read(struct kunit *test)
{
	struct written *state = write_state(test);
	struct cfgblk_state_reader reader;
	struct cfgblk_state_block block;
	struct cfgblk_state_head read;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, 0, cfgblk_state_frame(state->bytes, state->len));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_state_open(&reader, &read, state->bytes,
						   state->len));
	KUNIT_EXPECT_EQ(test, read.attached, head.attached);
	KUNIT_EXPECT_EQ(test, read.instance, head.instance);
	KUNIT_EXPECT_EQ(test, read.version, head.version);
	KUNIT_EXPECT_EQ(test, read.peer_min, head.peer_min);
	KUNIT_EXPECT_EQ(test, read.peer_max, head.peer_max);
	KUNIT_EXPECT_EQ(test, read.features, head.features);
	KUNIT_EXPECT_EQ(test, read.pending, head.pending);
	KUNIT_EXPECT_EQ(test, cfgblk_state_crc(state->bytes, state->len),
			0x01020304);
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		expect_block(test, &reader, &blocks[i]);
	KUNIT_EXPECT_EQ(test, cfgblk_state_next(&reader, &block), 0);
}

static void numbers_are_little_endian(struct kunit *test)
{
	static const u8 want[] = {
		'C', 'F', 'G', 'B', 'L', 'K', 'S', 'T',
		1, 0, 0, 0, 83, 0, 0, 0, 1, 0, 0, 0,
		0x44, 0x33, 0x22, 0x11, 1, 1, 9, 0, 0x88, 0x77, 0x66, 0x55,
		0x00, 0xff, 0xee, 0xdd, 0xcc, 0xbb, 0xaa, 0x99, 3, 0, 0, 0,
		0, 0, 0, 0,
	};
	struct written *state = write_state(test);

	KUNIT_EXPECT_EQ(test, state->len, 83);
	KUNIT_EXPECT_EQ(test, memcmp(state->bytes, want, sizeof(want)), 0);
}

/* At every length; no read goes past the end, or KASAN tells */
static void cut_off_state_is_refused(struct kunit *test)
{
	struct written *state = write_state(test);
	size_t len;

	for (len = 0; len < state->len; len++) {
		u8 *cut = kunit_kmalloc(test, len ?: 1, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, cut);
		memcpy(cut, state->bytes, len);
		KUNIT_EXPECT_EQ(test, read_state(cut, len),
				len < 8 ? -EINVAL : -EBADMSG);
		/* The same with a length that hides it */
		if (len >= CFGBLK_STATE_HEAD)
			cut[BYTE_LEN] = len;
		KUNIT_EXPECT_LT(test, read_state(cut, len), 0);
	}
}

struct nonsense {
	const char *name;
	unsigned int at;
	u8 byte;
	int err;
};

static const struct nonsense nonsense[] = {
	{ "not a state", 0, 'c', -EINVAL },
	{ "another format", BYTE_FORMAT, 2, -EPROTONOSUPPORT },
	{ "too short a length", BYTE_LEN, 82, -EBADMSG },
	{ "too long a length", BYTE_LEN, 84, -EBADMSG },
	{ "unknown flag", BYTE_FLAGS, 3, -EINVAL },
	{ "instance of nobody", BYTE_FLAGS, 0, -EINVAL },
	{ "first reserved byte", 27, 1, -EINVAL },
	{ "second reserved word", 44, 1, -EINVAL },
	{ "fewer blocks than there are", BYTE_BLOCKS, 2, -EINVAL },
	{ "more blocks than there are", BYTE_BLOCKS, 4, -EINVAL },
	{ "id that does not go up", BYTE_BLOCK, 63, -EINVAL },
	{ "size 0", BYTE_BLOCK + 4, 0, -EINVAL },
	{ "size 129", BYTE_BLOCK + 4, 129, -EINVAL },
	{ "no access", BYTE_BLOCK + 5, 0, -EINVAL },
	{ "unknown access", BYTE_BLOCK + 5, 4, -EINVAL },
	{ "host's bytes that are not there", BYTE_BLOCK + 6, 128, -EINVAL },
	{ "host's bytes longer than the block", BYTE_BLOCK + 8 + 6, 5, -EINVAL },
	{ "VF's bytes longer than the block", BYTE_BLOCK + 8 + 7, 5, -EINVAL },
};

static void nonsense_name(const struct nonsense *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(nonsense, nonsense, nonsense_name);

static void nonsense_is_refused(struct kunit *test)
{
	const struct nonsense *param = test->param_value;
	struct written *state = write_state(test);

	state->bytes[param->at] = param->byte;
	KUNIT_EXPECT_EQ(test, read_state(state->bytes, state->len), param->err);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(what_was_written_is_read),
	KUNIT_CASE(numbers_are_little_endian),
	KUNIT_CASE(cut_off_state_is_refused),
	KUNIT_CASE_PARAM(nonsense_is_refused, nonsense_gen_params),
	{ }
};

static struct kunit_suite state_suite = {
	.name = "cfgblk_state",
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
