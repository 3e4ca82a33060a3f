// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: headers, HELLO, WELCOME and statuses there and back
 *
 * The input is a buffer as an end finds it, so what is checked first is that
 * whatever decodes encodes to the same, but for bits that nobody looks at.
 */
#include <errno.h>

#include "proto.h"
#include "script.h"
#include "status.h"

/* Bits of a header that have a meaning: all but the signature, a constant */
static void check_header(u32 word)
{
	struct cfgblk_hdr hdr;
	bool ours = cfgblk_hdr_unpack(word, &hdr);

	CHECK(ours == ((word >> 12 & 0xf) == 0xc));
	CHECK(cfgblk_hdr_pack(&hdr) == ((word & ~0xf000u) | 0xc000));
	CHECK(hdr.id <= CFGBLK_ID_MASK && hdr.epoch <= CFGBLK_EPOCH_MASK);
	CHECK(hdr.short_id <= CFGBLK_SHORT_ID_NONE && hdr.op <= 15 &&
	      hdr.arg <= 127);
}

/* Fields wider than their bits are cut, and touch no other field */
static void check_wide_header(const u8 *bytes)
{
	const struct cfgblk_hdr wide = {
		bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5] & 1
	};
	struct cfgblk_hdr hdr;

	CHECK(cfgblk_hdr_unpack(cfgblk_hdr_pack(&wide), &hdr));
	CHECK(hdr.id == wide.id % 32 && hdr.epoch == wide.epoch % 32);
	CHECK(hdr.short_id == wide.short_id % 64 && hdr.op == wide.op % 16);
	CHECK(hdr.arg == wide.arg % 128 && hdr.more == wide.more);
}

/* Eight dwords with what makes them a HELLO or a WELCOME put right */
static void make_valid(u32 *words, u8 op)
{
	int i;

	words[0] = (words[0] & ~0xff00u) | 0xc000 | op << 8;
	words[1] = CFGBLK_HELLO_MAGIC;
	words[7] = 0;
	for (i = 0; i < 7; i++)
		words[7] -= words[i];
}

static bool sums_up(const u32 *words)
{
	u32 sum = 0;
	int i;

	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++)
		sum += words[i];
	return !sum;
}

/* What a message has to be like before anything in it counts */
static bool frozen(const u32 *words, u8 op)
{
	return (words[0] >> 8 & 0xff) == (0xc0 | op) &&
	       words[1] == CFGBLK_HELLO_MAGIC && sums_up(words);
}

static void check_hello(const u32 *words)
{
	u8 oldest = words[2], newest = words[2] >> 8;
	u32 packed[CFGBLK_HELLO_DWORDS];
	struct cfgblk_hello hello, again;
	bool valid = cfgblk_hello_unpack(words, &hello);

	CHECK(valid == (frozen(words, CFGBLK_OP_HELLO) && oldest &&
			oldest <= newest));
	if (!valid)
		return;
	cfgblk_hello_pack(&hello, packed);
	CHECK(packed[2] == (words[2] & 0xffff) && packed[3] == words[3]);
	CHECK(packed[4] == words[4] && packed[5] == words[5] && !packed[6]);
	CHECK(cfgblk_hello_unpack(packed, &again));
	CHECK(hello.min == again.min && hello.max == again.max &&
	      hello.features == again.features &&
	      hello.instance == again.instance &&
	      hello.attempt == again.attempt);
}

static void check_welcome(const u32 *words)
{
	u32 packed[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome welcome;
	bool valid = cfgblk_welcome_unpack(words, &welcome);

	CHECK(valid == frozen(words, CFGBLK_OP_WELCOME));
	if (!valid)
		return;
	cfgblk_welcome_pack(&welcome, packed);
	CHECK(frozen(packed, CFGBLK_OP_WELCOME));
	CHECK(packed[2] == (words[2] & 0xffffff) && packed[3] == words[3]);
	CHECK(packed[4] == words[4] && packed[5] == words[5]);
	CHECK(packed[6] == (words[6] & 0xffff));
}

/* One bit more or less anywhere, and it is no HELLO any more */
static void check_spoilt(u32 *words, u8 bit)
{
	struct cfgblk_hello hello;

	words[bit / 32 % 8] ^= 1u << bit % 32;
	CHECK(!cfgblk_hello_unpack(words, &hello));
}

static void check_status(u8 status, int err)
{
	int told = cfgblk_status_to_errno(status);
	u8 back = cfgblk_status_from_errno(told);

	CHECK(told < 0 && told >= -4095);
	if (status > CFGBLK_STATUS_NOT_ATTACHED && told != -EIO)
		CHECK(back == status);
	else
		CHECK(back == CFGBLK_STATUS_FAILED);
	CHECK(cfgblk_status_from_errno(err) != CFGBLK_STATUS_NOT_ATTACHED);
	CHECK(cfgblk_status_from_errno(err) <= CFGBLK_STATUS_BAD_FRAGMENT);
}

/* The slow way: try them all */
static void check_agree(u8 a_min, u8 a_max, u8 b_min, u8 b_max)
{
	unsigned int version, newest = 0;

	for (version = 1; version < 256; version++)
		if (version >= a_min && version <= a_max && version >= b_min &&
		    version <= b_max)
			newest = version;
	CHECK(cfgblk_version_agree(a_min, a_max, b_min, b_max) == newest);
}

void fuzz_target(struct script *script)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	u8 more[8];
	int i;

	for (i = 0; i < 8; i++)
		more[i] = script_u8(script);
	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++) {
		words[i] = script_u32(script);
		check_header(words[i]);
	}
	check_wide_header(more);
	check_status(more[0], (int)words[3]);
	check_status(more[1], -(int)more[2]);
	check_agree(more[0], more[1], more[2], more[3]);
	check_hello(words);
	check_welcome(words);
	make_valid(words, CFGBLK_OP_WELCOME);
	check_welcome(words);
	make_valid(words, CFGBLK_OP_HELLO);
	check_hello(words);
	check_spoilt(words, more[4]);
}
