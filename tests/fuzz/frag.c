// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: what is cut is what is joined, and nothing else is touched
 */
#include "frag.h"
#include "proto.h"
#include "script.h"

#define UNTOUCHED	0xa5a5a5a5

/* A buffer of its own, so that a byte past its end is seen */
static u32 *buffer_new(void)
{
	u32 *words = malloc(CFGBLK_MBX_DWORDS * sizeof(*words));
	int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		words[i] = UNTOUCHED;
	return words;
}

static struct cfgblk_bytes *bytes_new(unsigned int len)
{
	struct cfgblk_bytes *bytes = calloc(1, sizeof(*bytes));

	cfgblk_bytes_start(bytes, len);
	CHECK(bytes->len == min(len, 128u));
	return bytes;
}

/* The buffer byte by byte: the bytes, zeroes to the end of the dword, no more */
static void check_cut(const u32 *words, unsigned int first, const u8 *bytes,
		      unsigned int n)
{
	unsigned int end = first + DIV_ROUND_UP(n, 4);
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS * 4; i++) {
		u8 byte = words[i / 4] >> i % 4 * 8;

		if (i < first * 4 || i >= end * 4)
			CHECK(byte == 0xa5);
		else if (i - first * 4 < n)
			CHECK(byte == bytes[i - first * 4]);
		else
			CHECK(!byte);
	}
}

/* One fragment from @from to @to, through dwords @first.. of a buffer */
static void carry(struct cfgblk_bytes *from, struct cfgblk_bytes *to,
		  unsigned int first)
{
	unsigned int n = cfgblk_frag_dwords(from, first);
	unsigned int done = from->done;
	u8 frag = from->frag;
	u32 *words = buffer_new();

	CHECK(first + n <= CFGBLK_MBX_DWORDS);
	CHECK(cfgblk_frag_dwords(to, first) == n);
	cfgblk_frag_cut(from, words, first);
	CHECK(from->done >= done && from->done <= from->len);
	CHECK(DIV_ROUND_UP(from->done - done, 4) == n);
	CHECK(from->frag == (u8)(frag + 1));
	check_cut(words, first, from->data + done, from->done - done);
	cfgblk_frag_join(to, words, first);
	CHECK(to->done == from->done && to->frag == from->frag);
	free(words);
}

static void there_and_back(struct script *script)
{
	u8 seed = script_u8(script);
	unsigned int len = script_u8(script);
	struct cfgblk_bytes *from = bytes_new(len);
	struct cfgblk_bytes *to = bytes_new(len);

	fill(from->data, sizeof(from->data), seed);
	while (script_more(script))
		carry(from, to, script_u8(script) % (CFGBLK_MBX_DWORDS + 1));
	while (!cfgblk_bytes_whole(from))
		carry(from, to, 1);
	CHECK(cfgblk_bytes_whole(to));
	CHECK(!memcmp(from->data, to->data, from->len));
	free(from);
	free(to);
}

/* The other end does as it likes: cut and join as the input says */
static void any_order(struct script *script)
{
	struct cfgblk_bytes *bytes = bytes_new(script_u8(script));
	u32 *words = buffer_new();

	while (script_more(script)) {
		u8 step = script_u8(script);
		unsigned int first = step % (CFGBLK_MBX_DWORDS + 1);

		CHECK(first + cfgblk_frag_dwords(bytes, first) <=
		      CFGBLK_MBX_DWORDS);
		if (step & 0x80)
			cfgblk_frag_join(bytes, words, first);
		else if (step & 0x40)
			cfgblk_frag_cut(bytes, words, first);
		else
			cfgblk_bytes_start(bytes, script_u32(script));
		CHECK(bytes->len <= CFGBLK_BLOCK_MAX);
		CHECK(bytes->done <= bytes->len);
	}
	free(words);
	free(bytes);
}

void fuzz_target(struct script *script)
{
	if (script_u8(script) & 1)
		any_order(script);
	else
		there_and_back(script);
}
