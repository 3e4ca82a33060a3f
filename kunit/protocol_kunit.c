// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: what goes over the wire: headers, HELLO and WELCOME, fragments, status
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "frag.h"
#include "proto.h"
#include "status.h"

#define JUNK	0xa5a5a5a5u

static void expect_same_header(struct kunit *test, const struct cfgblk_hdr *a,
			       const struct cfgblk_hdr *b)
{
	KUNIT_EXPECT_EQ(test, a->id, b->id);
	KUNIT_EXPECT_EQ(test, a->epoch, b->epoch);
	KUNIT_EXPECT_EQ(test, a->short_id, b->short_id);
	KUNIT_EXPECT_EQ(test, a->op, b->op);
	KUNIT_EXPECT_EQ(test, a->arg, b->arg);
	KUNIT_EXPECT_EQ(test, a->more, b->more);
}

static void header_of_every_op_comes_back(struct kunit *test)
{
	struct cfgblk_hdr hdr, back;
	u8 op;

	for (op = 0; op <= CFGBLK_OP_NEXT_DATA; op++) {
		hdr = (struct cfgblk_hdr) {
			.id = op, .epoch = 31 - op, .short_id = 3 * op,
			.op = op, .arg = 8 * op, .more = op & 1,
		};
		KUNIT_EXPECT_TRUE(test, cfgblk_hdr_unpack(cfgblk_hdr_pack(&hdr),
							  &back));
		expect_same_header(test, &hdr, &back);
	}
}

/* Each field at its limit, all others 0: none reaches into its neighbour */
static const struct cfgblk_hdr limits[] = {
	{ },
	{ .id = CFGBLK_ID_MASK },
	{ .epoch = CFGBLK_EPOCH_MASK },
	{ .short_id = CFGBLK_SHORT_ID_NONE },
	{ .op = CFGBLK_OP_NEXT_DATA },
	{ .arg = 127 },
	{ .more = true },
	{ 31, 31, 63, 15, 127, true },
};

static void header_fields_reach_their_limits(struct kunit *test)
{
	struct cfgblk_hdr back;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++) {
		KUNIT_EXPECT_TRUE(test,
				  cfgblk_hdr_unpack(cfgblk_hdr_pack(&limits[i]),
						    &back));
		expect_same_header(test, &limits[i], &back);
	}
}

static void header_fields_too_wide_are_cut(struct kunit *test)
{
	const struct cfgblk_hdr wide = { 255, 255, 255, 255, 255, true };
	const struct cfgblk_hdr none = { 32, 32, 64, 16, 128, false };

	KUNIT_EXPECT_EQ(test, cfgblk_hdr_pack(&wide), 0xffffcfff);
	KUNIT_EXPECT_EQ(test, cfgblk_hdr_pack(&none), 0x0000c000);
}

/* As the drawing in proto.h has it */
static void header_bits_are_where_the_protocol_says(struct kunit *test)
{
	const struct cfgblk_hdr hdr = {
		.id = 0x12, .epoch = 0x0b, .short_id = 0x2a,
		.op = CFGBLK_OP_WRITE, .arg = 0x55, .more = true,
	};

	KUNIT_EXPECT_EQ(test, cfgblk_hdr_pack(&hdr),
			0x12u << 27 | 0x0bu << 22 | 0x2au << 16 | 0xcu << 12 |
			0x3u << 8 | 1u << 7 | 0x55u);
}

static void dword_without_signature_is_not_ours(struct kunit *test)
{
	struct cfgblk_hdr hdr;
	u32 signature;

	for (signature = 0; signature < 16; signature++)
		KUNIT_EXPECT_EQ(test, signature == CFGBLK_SIGNATURE,
				cfgblk_hdr_unpack(0xffff0fff | signature << 12,
						  &hdr));
	KUNIT_EXPECT_FALSE(test, cfgblk_hdr_unpack(0, &hdr));
	KUNIT_EXPECT_FALSE(test, cfgblk_hdr_unpack(U32_MAX, &hdr));
}

/* igb and ixgbe: opcode up to 0x0fff, CTS, NACK and ACK in bits 31:29 */
static void message_of_a_network_driver_is_not_ours(struct kunit *test)
{
	struct cfgblk_hdr hdr;
	u32 opcode, top;

	for (opcode = 0; opcode <= 0xfff; opcode++)
		for (top = 0; top < 8; top++)
			KUNIT_ASSERT_FALSE(test,
					   cfgblk_hdr_unpack(opcode | top << 29,
							     &hdr));
}

static const struct cfgblk_hello hello = {
	.features = 0x80000001, .instance = 0xdeadbeef, .attempt = 0xffffffff,
	.min = 1, .max = 255,
};

static void hello_comes_back(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS + 1];
	struct cfgblk_hello back;

	words[CFGBLK_HELLO_DWORDS] = JUNK;
	cfgblk_hello_pack(&hello, words);
	KUNIT_EXPECT_EQ(test, words[CFGBLK_HELLO_DWORDS], JUNK);
	KUNIT_EXPECT_EQ(test, words[0], 0x0000c100);
	KUNIT_EXPECT_EQ(test, words[6], 0);
	KUNIT_ASSERT_TRUE(test, cfgblk_hello_unpack(words, &back));
	KUNIT_EXPECT_EQ(test, back.features, hello.features);
	KUNIT_EXPECT_EQ(test, back.instance, hello.instance);
	KUNIT_EXPECT_EQ(test, back.attempt, hello.attempt);
	KUNIT_EXPECT_EQ(test, back.min, hello.min);
	KUNIT_EXPECT_EQ(test, back.max, hello.max);
}

static const struct cfgblk_welcome welcome = {
	.features = 0x80000001, .attempt = 0x12345678, .epoch = 0xfedcba98,
	.vf = 0xffff, .version = 7, .min = 3, .max = 9,
};

static void welcome_comes_back(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS + 1];
	struct cfgblk_welcome back;

	words[CFGBLK_HELLO_DWORDS] = JUNK;
	cfgblk_welcome_pack(&welcome, words);
	KUNIT_EXPECT_EQ(test, words[CFGBLK_HELLO_DWORDS], JUNK);
	KUNIT_EXPECT_EQ(test, words[0], 0x0000c900);
	KUNIT_ASSERT_TRUE(test, cfgblk_welcome_unpack(words, &back));
	KUNIT_EXPECT_EQ(test, back.features, welcome.features);
	KUNIT_EXPECT_EQ(test, back.attempt, welcome.attempt);
	KUNIT_EXPECT_EQ(test, back.epoch, welcome.epoch);
	KUNIT_EXPECT_EQ(test, back.vf, welcome.vf);
	KUNIT_EXPECT_EQ(test, back.version, welcome.version);
	KUNIT_EXPECT_EQ(test, back.min, welcome.min);
	KUNIT_EXPECT_EQ(test, back.max, welcome.max);
}

/* Each bit of each dword in turn, and each dword replaced as a whole */
static void damaged_hello_is_refused(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_hello back;
	unsigned int i;

	for (i = 0; i < CFGBLK_HELLO_DWORDS * 32; i++) {
		cfgblk_hello_pack(&hello, words);
		words[i / 32] ^= BIT(i % 32);
		KUNIT_EXPECT_FALSE(test, cfgblk_hello_unpack(words, &back));
	}
	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++) {
		cfgblk_hello_pack(&hello, words);
		words[i] = JUNK;
		KUNIT_EXPECT_FALSE(test, cfgblk_hello_unpack(words, &back));
	}
}

static void damaged_welcome_is_refused(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome back;
	unsigned int i;

	for (i = 0; i < CFGBLK_HELLO_DWORDS * 32; i++) {
		cfgblk_welcome_pack(&welcome, words);
		words[i / 32] ^= BIT(i % 32);
		KUNIT_EXPECT_FALSE(test, cfgblk_welcome_unpack(words, &back));
	}
	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++) {
		cfgblk_welcome_pack(&welcome, words);
		words[i] = JUNK;
		KUNIT_EXPECT_FALSE(test, cfgblk_welcome_unpack(words, &back));
	}
}

static void hello_and_welcome_are_not_mixed_up(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome as_welcome;
	struct cfgblk_hello as_hello;

	cfgblk_hello_pack(&hello, words);
	KUNIT_EXPECT_FALSE(test, cfgblk_welcome_unpack(words, &as_welcome));
	cfgblk_welcome_pack(&welcome, words);
	KUNIT_EXPECT_FALSE(test, cfgblk_hello_unpack(words, &as_hello));
}

/* Undefined bits may be set by a newer end: the sum is right, so it is whole */
static void undefined_bits_are_not_looked_at(struct kunit *test)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome as_welcome;
	struct cfgblk_hello as_hello;

	cfgblk_hello_pack(&hello, words);
	words[2] += 0x77770000;
	words[6] = 0x11111111;
	words[7] -= 0x77770000u + 0x11111111u;
	KUNIT_EXPECT_TRUE(test, cfgblk_hello_unpack(words, &as_hello));
	KUNIT_EXPECT_EQ(test, as_hello.max, hello.max);
	cfgblk_welcome_pack(&welcome, words);
	words[6] += 0x22220000;
	words[7] -= 0x22220000;
	KUNIT_EXPECT_TRUE(test, cfgblk_welcome_unpack(words, &as_welcome));
	KUNIT_EXPECT_EQ(test, as_welcome.vf, welcome.vf);
}

static void hello_with_impossible_versions_is_refused(struct kunit *test)
{
	static const u8 versions[][2] = {
		{ 0, 0 }, { 0, 1 }, { 0, 255 }, { 2, 1 }, { 1, 0 }, { 255, 254 },
	};
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_hello back;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		back = hello;
		back.min = versions[i][0];
		back.max = versions[i][1];
		cfgblk_hello_pack(&back, words);
		KUNIT_EXPECT_FALSE(test, cfgblk_hello_unpack(words, &back));
	}
}

struct agreement {
	const char *name;
	u8 a_min, a_max, b_min, b_max;
	u8 version;
};

static const struct agreement agreements[] = {
	{ "both the first",		1, 1,	1, 1,	1 },
	{ "one newer",			1, 1,	1, 3,	1 },
	{ "both newer",			1, 3,	1, 2,	2 },
	{ "overlap",			2, 4,	3, 6,	4 },
	{ "one inside the other",	2, 9,	4, 5,	5 },
	{ "touch",			1, 2,	2, 3,	2 },
	{ "the other too new",		1, 1,	2, 3,	0 },
	{ "far apart",			1, 2,	200, 255, 0 },
	{ "the last version",		255, 255, 1, 255, 255 },
};

static void agreement_name(const struct agreement *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(agreement, agreements, agreement_name);

/* Whichever end is the older one, both come to the same answer */
static void version_is_the_newest_in_common(struct kunit *test)
{
	const struct agreement *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->version,
			cfgblk_version_agree(row->a_min, row->a_max,
					     row->b_min, row->b_max));
	KUNIT_EXPECT_EQ(test, row->version,
			cfgblk_version_agree(row->b_min, row->b_max,
					     row->a_min, row->a_max));
}

static void bytes_fill(struct cfgblk_bytes *bytes, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		bytes->data[i] = 0x80 | (i + len);
	cfgblk_bytes_start(bytes, len);
}

/* The dwords of a fragment, byte by byte: data, then zeroes, then as before */
static void expect_words(struct kunit *test, const struct cfgblk_bytes *bytes,
			 const u32 *words, unsigned int first,
			 unsigned int begin)
{
	unsigned int n = bytes->done - begin;
	unsigned int end = roundup(n, 4);
	unsigned int i;

	for (i = 0; i < first; i++)
		KUNIT_EXPECT_EQ(test, words[i], JUNK);
	for (i = 0; i < end; i++) {
		u8 byte = words[first + i / 4] >> (i % 4 * 8);

		KUNIT_EXPECT_EQ(test, byte, i < n ? bytes->data[begin + i] : 0);
	}
	for (i = first + end / 4; i < CFGBLK_MBX_DWORDS + 1; i++)
		KUNIT_EXPECT_EQ(test, words[i], JUNK);
}

/* One fragment from @out to @in; the canary after the buffer stays */
static void one_fragment(struct kunit *test, struct cfgblk_bytes *out,
			 struct cfgblk_bytes *in, unsigned int first)
{
	unsigned int n = cfgblk_frag_dwords(out, first);
	u32 words[CFGBLK_MBX_DWORDS + 1];
	unsigned int begin = out->done;

	KUNIT_EXPECT_LE(test, first + n, CFGBLK_MBX_DWORDS);
	KUNIT_EXPECT_EQ(test, n, cfgblk_frag_dwords(in, first));
	memset32(words, JUNK, ARRAY_SIZE(words));
	cfgblk_frag_cut(out, words, first);
	KUNIT_EXPECT_EQ(test, n, DIV_ROUND_UP(out->done - begin, 4));
	expect_words(test, out, words, first, begin);
	cfgblk_frag_join(in, words, first);
	KUNIT_EXPECT_EQ(test, in->done, out->done);
	KUNIT_EXPECT_EQ(test, in->frag, out->frag);
}

static void bytes_through(struct kunit *test, unsigned int len,
			  unsigned int first)
{
	struct cfgblk_bytes out, in;
	unsigned int i;

	bytes_fill(&out, len);
	memset(&in, 0x5a, sizeof(in));
	cfgblk_bytes_start(&in, len);
	while (!cfgblk_bytes_whole(&out)) {
		KUNIT_ASSERT_LT(test, out.frag, 3);
		KUNIT_ASSERT_FALSE(test, cfgblk_bytes_whole(&in));
		one_fragment(test, &out, &in, first);
		first = 1;
	}
	KUNIT_EXPECT_TRUE(test, cfgblk_bytes_whole(&in));
	KUNIT_EXPECT_EQ(test, memcmp(in.data, out.data, len), 0);
	for (i = len; i < CFGBLK_BLOCK_MAX; i++)
		KUNIT_EXPECT_EQ(test, in.data[i], 0x5a);
}

static void bytes_of_every_size_come_through(struct kunit *test)
{
	unsigned int len, first;

	for (first = 1; first <= 2; first++)
		for (len = 0; len <= CFGBLK_BLOCK_MAX; len++)
			bytes_through(test, len, first);
}

static void no_bytes_need_no_dwords(struct kunit *test)
{
	struct cfgblk_bytes bytes;

	bytes_fill(&bytes, 0);
	KUNIT_EXPECT_TRUE(test, cfgblk_bytes_whole(&bytes));
	KUNIT_EXPECT_EQ(test, cfgblk_frag_dwords(&bytes, 1), 0);
	one_fragment(test, &bytes, &bytes, 1);
}

static void expect_fragments(struct kunit *test, unsigned int first,
			     const unsigned int *dwords)
{
	u32 words[CFGBLK_MBX_DWORDS];
	struct cfgblk_bytes bytes;
	unsigned int i;

	bytes_fill(&bytes, CFGBLK_BLOCK_MAX);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, cfgblk_frag_dwords(&bytes, first),
				dwords[i]);
		cfgblk_frag_cut(&bytes, words, first);
		first = 1;
	}
	KUNIT_EXPECT_TRUE(test, cfgblk_bytes_whole(&bytes));
}

static void a_whole_block_is_three_buffers(struct kunit *test)
{
	static const unsigned int behind_header[] = { 15, 15, 2 };
	static const unsigned int behind_block_id[] = { 14, 15, 3 };

	expect_fragments(test, 1, behind_header);
	expect_fragments(test, 2, behind_block_id);
}

static void more_bytes_than_a_block_are_cut_to_it(struct kunit *test)
{
	struct cfgblk_bytes bytes;

	cfgblk_bytes_start(&bytes, CFGBLK_BLOCK_MAX + 1);
	KUNIT_EXPECT_EQ(test, bytes.len, CFGBLK_BLOCK_MAX);
	cfgblk_bytes_start(&bytes, UINT_MAX);
	KUNIT_EXPECT_EQ(test, bytes.len, CFGBLK_BLOCK_MAX);
}

/* The documented table, once more and in numbers: they are the protocol's */
static const struct {
	u8 status;
	int err;
} statuses[] = {
	{ 0, -EIO },		{ 1, -ECONNRESET },	{ 2, -ENOENT },
	{ 3, -ENODATA },	{ 4, -EACCES },		{ 5, -EMSGSIZE },
	{ 6, -EBUSY },		{ 7, -ENOMEM },		{ 8, -EOPNOTSUPP },
	{ 9, -EBADRQC },	{ 10, -EBADMSG },	{ 11, -EILSEQ },
};

static void every_status_has_its_errno(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(statuses); i++) {
		KUNIT_EXPECT_EQ(test, cfgblk_status_to_errno(statuses[i].status),
				statuses[i].err);
		if (statuses[i].err != -ECONNRESET)
			KUNIT_EXPECT_EQ(test, statuses[i].status,
					cfgblk_status_from_errno(statuses[i].err));
	}
}

static void unknown_status_is_eio(struct kunit *test)
{
	unsigned int status;

	for (status = ARRAY_SIZE(statuses); status <= U8_MAX; status++)
		KUNIT_EXPECT_EQ(test, cfgblk_status_to_errno(status), -EIO);
}

/* A provider must not make the VF begin again, nor say that it failed with 0 */
static void only_the_link_says_not_attached(struct kunit *test)
{
	int err;

	KUNIT_EXPECT_EQ(test, cfgblk_status_from_errno(-ECONNRESET),
			CFGBLK_STATUS_FAILED);
	for (err = -MAX_ERRNO; err <= 200; err++)
		KUNIT_ASSERT_NE(test, cfgblk_status_from_errno(err),
				CFGBLK_STATUS_NOT_ATTACHED);
	KUNIT_EXPECT_EQ(test, cfgblk_status_from_errno(0), CFGBLK_STATUS_FAILED);
	KUNIT_EXPECT_EQ(test, cfgblk_status_from_errno(INT_MIN),
			CFGBLK_STATUS_FAILED);
}

static struct kunit_case protocol_cases[] = {
	KUNIT_CASE(header_of_every_op_comes_back),
	KUNIT_CASE(header_fields_reach_their_limits),
	KUNIT_CASE(header_fields_too_wide_are_cut),
	KUNIT_CASE(header_bits_are_where_the_protocol_says),
	KUNIT_CASE(dword_without_signature_is_not_ours),
	KUNIT_CASE(message_of_a_network_driver_is_not_ours),
	KUNIT_CASE(hello_comes_back),
	KUNIT_CASE(welcome_comes_back),
	KUNIT_CASE(damaged_hello_is_refused),
	KUNIT_CASE(damaged_welcome_is_refused),
	KUNIT_CASE(hello_and_welcome_are_not_mixed_up),
	KUNIT_CASE(undefined_bits_are_not_looked_at),
	KUNIT_CASE(hello_with_impossible_versions_is_refused),
	KUNIT_CASE_PARAM(version_is_the_newest_in_common, agreement_gen_params),
	KUNIT_CASE(bytes_of_every_size_come_through),
	KUNIT_CASE(no_bytes_need_no_dwords),
	KUNIT_CASE(a_whole_block_is_three_buffers),
	KUNIT_CASE(more_bytes_than_a_block_are_cut_to_it),
	KUNIT_CASE(every_status_has_its_errno),
	KUNIT_CASE(unknown_status_is_eio),
	KUNIT_CASE(only_the_link_says_not_attached),
	{ }
};

static struct kunit_suite protocol_suite = {
	.name = "cfgblk_protocol",
	.test_cases = protocol_cases,
};

kunit_test_suite(protocol_suite);
