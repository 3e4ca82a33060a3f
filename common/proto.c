// SPDX-License-Identifier: GPL-2.0
/*
 * The wire protocol: headers, HELLO and WELCOME to dwords and back
 *
 * Pure: no kernel dependency beyond types and bit helpers.
 */
#include <linux/bitfield.h>
#include <linux/string.h>

#include "proto.h"

/**
 * cfgblk_hdr_pack - header to dword
 * @hdr: the header; fields wider than their bits are cut
 *
 * Context: any.
 * Return: the dword.
 */
u32 cfgblk_hdr_pack(const struct cfgblk_hdr *hdr)
{
	return FIELD_PREP(CFGBLK_HDR_ID, hdr->id & CFGBLK_ID_MASK) |
	       FIELD_PREP(CFGBLK_HDR_EPOCH, hdr->epoch & CFGBLK_EPOCH_MASK) |
	       FIELD_PREP(CFGBLK_HDR_SHORT_ID, hdr->short_id & 0x3f) |
	       FIELD_PREP(CFGBLK_HDR_SIGNATURE, CFGBLK_SIGNATURE) |
	       FIELD_PREP(CFGBLK_HDR_OP, hdr->op & 0xf) |
	       (hdr->more ? CFGBLK_HDR_MORE : 0) |
	       FIELD_PREP(CFGBLK_HDR_ARG, hdr->arg & 0x7f);
}

/**
 * cfgblk_hdr_unpack - dword to header
 * @word: the dword
 * @hdr: receives the header
 *
 * Context: any.
 * Return: false if the dword does not begin a message of ours; @hdr is filled
 * all the same.
 */
bool cfgblk_hdr_unpack(u32 word, struct cfgblk_hdr *hdr)
{
	hdr->id = FIELD_GET(CFGBLK_HDR_ID, word);
	hdr->epoch = FIELD_GET(CFGBLK_HDR_EPOCH, word);
	hdr->short_id = FIELD_GET(CFGBLK_HDR_SHORT_ID, word);
	hdr->op = FIELD_GET(CFGBLK_HDR_OP, word);
	hdr->more = word & CFGBLK_HDR_MORE;
	hdr->arg = FIELD_GET(CFGBLK_HDR_ARG, word);
	return FIELD_GET(CFGBLK_HDR_SIGNATURE, word) == CFGBLK_SIGNATURE;
}

static u32 hello_sum(const u32 *words)
{
	u32 sum = 0;
	int i;

	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++)
		sum += words[i];
	return sum;
}

static void hello_begin(u32 *words, u8 op)
{
	const struct cfgblk_hdr hdr = { .op = op };

	memset(words, 0, CFGBLK_HELLO_DWORDS * sizeof(*words));
	words[0] = cfgblk_hdr_pack(&hdr);
	words[1] = CFGBLK_HELLO_MAGIC;
}

static void hello_end(u32 *words)
{
	words[CFGBLK_HELLO_DWORDS - 1] = -hello_sum(words);
}

static bool hello_valid(const u32 *words, u8 op)
{
	struct cfgblk_hdr hdr;

	return cfgblk_hdr_unpack(words[0], &hdr) && hdr.op == op &&
	       words[1] == CFGBLK_HELLO_MAGIC && !hello_sum(words);
}

/**
 * cfgblk_hello_pack - HELLO to dwords
 * @hello: the message
 * @words: receives CFGBLK_HELLO_DWORDS dwords
 *
 * Context: any.
 */
void cfgblk_hello_pack(const struct cfgblk_hello *hello, u32 *words)
{
	hello_begin(words, CFGBLK_OP_HELLO);
	words[2] = FIELD_PREP(CFGBLK_HELLO_MIN, hello->min) |
		   FIELD_PREP(CFGBLK_HELLO_MAX, hello->max);
	words[3] = hello->features;
	words[4] = hello->instance;
	words[5] = hello->attempt;
	hello_end(words);
}

/**
 * cfgblk_hello_unpack - dwords to HELLO
 * @words: CFGBLK_HELLO_DWORDS dwords
 * @hello: receives the message
 *
 * Context: any.
 * Return: false if it is not a whole HELLO, or one whose versions run
 * backwards or begin at 0.
 */
bool cfgblk_hello_unpack(const u32 *words, struct cfgblk_hello *hello)
{
	hello->min = FIELD_GET(CFGBLK_HELLO_MIN, words[2]);
	hello->max = FIELD_GET(CFGBLK_HELLO_MAX, words[2]);
	hello->features = words[3];
	hello->instance = words[4];
	hello->attempt = words[5];
	return hello_valid(words, CFGBLK_OP_HELLO) && hello->min &&
	       hello->min <= hello->max;
}

/**
 * cfgblk_welcome_pack - WELCOME to dwords
 * @welcome: the message
 * @words: receives CFGBLK_HELLO_DWORDS dwords
 *
 * Context: any.
 */
void cfgblk_welcome_pack(const struct cfgblk_welcome *welcome, u32 *words)
{
	hello_begin(words, CFGBLK_OP_WELCOME);
	words[2] = FIELD_PREP(CFGBLK_WELCOME_VERSION, welcome->version) |
		   FIELD_PREP(CFGBLK_WELCOME_MIN, welcome->min) |
		   FIELD_PREP(CFGBLK_WELCOME_MAX, welcome->max);
	words[3] = welcome->features;
	words[4] = welcome->attempt;
	words[5] = welcome->epoch;
	words[6] = FIELD_PREP(CFGBLK_WELCOME_VF, welcome->vf);
	hello_end(words);
}

/**
 * cfgblk_welcome_unpack - dwords to WELCOME
 * @words: CFGBLK_HELLO_DWORDS dwords
 * @welcome: receives the message
 *
 * Context: any.
 * Return: false if it is not a whole WELCOME.
 */
bool cfgblk_welcome_unpack(const u32 *words, struct cfgblk_welcome *welcome)
{
	welcome->version = FIELD_GET(CFGBLK_WELCOME_VERSION, words[2]);
	welcome->min = FIELD_GET(CFGBLK_WELCOME_MIN, words[2]);
	welcome->max = FIELD_GET(CFGBLK_WELCOME_MAX, words[2]);
	welcome->features = words[3];
	welcome->attempt = words[4];
	welcome->epoch = words[5];
	welcome->vf = FIELD_GET(CFGBLK_WELCOME_VF, words[6]);
	return hello_valid(words, CFGBLK_OP_WELCOME);
}
