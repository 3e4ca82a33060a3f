// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: the parser of a saved state
 *
 * Byte 0 of the input says how much of the head is put right, the rest is the
 * state.
 */
#include <errno.h>

#include "script.h"
#include "state.h"

#define FIX_MAGIC	BIT(0)
#define FIX_LEN		BIT(1)
#define FIX_FLAGS	BIT(2)

static void put_u32(u8 *to, u32 value)
{
	int i;

	for (i = 0; i < 4; i++)
		to[i] = value >> 8 * i;
}

/* A copy that ends where its memory ends */
static u8 *state_new(const struct script *script, u8 fix, size_t *len)
{
	u8 *state;

	*len = script->end - script->at;
	state = malloc(*len);
	memcpy(state, script->at, *len);
	if (*len < CFGBLK_STATE_HEAD)
		return state;
	if (fix & FIX_MAGIC) {
		memcpy(state, "CFGBLKST", 8);
		put_u32(state + 8, CFGBLK_STATE_FORMAT);
	}
	if (fix & FIX_LEN)
		put_u32(state + 12, *len);
	if (fix & FIX_FLAGS) {
		put_u32(state + 16, 1);
		state[27] = 0;
		put_u32(state + 44, 0);
	}
	return state;
}

static void check_block(const struct cfgblk_state_block *block,
			const u8 *state, size_t len)
{
	const u8 *end = state + len - CFGBLK_STATE_CRC;

	CHECK(block->size >= 1 && block->size <= CFGBLK_BLOCK_MAX);
	CHECK(block->access >= 1 && block->access <= 3);
	CHECK(block->host_len <= block->size && block->vf_len <= block->size);
	CHECK(block->host >= state + CFGBLK_STATE_HEAD + 8);
	CHECK(block->host + block->host_len <= end);
	CHECK(block->vf == block->host + block->host_len);
	CHECK(block->vf + block->vf_len <= end);
}

/* Return: 0 if all blocks are there; each is written to @to as it comes */
static int repack_blocks(struct cfgblk_state_reader *reader, const u8 *state,
			 size_t len, u8 **to, const u8 *to_end)
{
	struct cfgblk_state_block block;
	u64 last = 0, blocks = 0;
	int n;

	while ((n = cfgblk_state_next(reader, &block)) > 0) {
		CHECK(n == 1);
		CHECK(!blocks++ || block.id > last);
		last = block.id;
		check_block(&block, state, len);
		CHECK(to_end - *to >= 8 + block.host_len + block.vf_len);
		*to = cfgblk_state_pack_block(&block, *to);
	}
	CHECK(n == 0 || n == -EINVAL);
	return n;
}

/* Whatever parses packs to the same bytes */
static void check_state(const u8 *state, size_t len)
{
	struct cfgblk_state_reader reader;
	struct cfgblk_state_head head;
	u8 *again, *to;
	int err;

	err = cfgblk_state_frame(state, len);
	CHECK(!err || err == -EINVAL || err == -EBADMSG ||
	      err == -EPROTONOSUPPORT);
	if (err)
		return;
	err = cfgblk_state_open(&reader, &head, state, len);
	CHECK(!err || err == -EINVAL);
	if (err)
		return;
	again = malloc(len);
	to = again + CFGBLK_STATE_HEAD;
	if (!repack_blocks(&reader, state, len, &to, again + len)) {
		cfgblk_state_pack_head(&head, len, again);
		CHECK(to == again + len - CFGBLK_STATE_CRC);
		to = cfgblk_state_pack_crc(cfgblk_state_crc(state, len), to);
		CHECK(to == again + len);
		CHECK(!memcmp(again, state, len));
	}
	free(again);
}

void fuzz_target(struct script *script)
{
	size_t len;
	u8 *state;
	u8 fix;

	fix = script_u8(script);
	state = state_new(script, fix, &len);
	check_state(state, len);
	free(state);
}
