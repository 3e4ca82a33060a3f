// SPDX-License-Identifier: GPL-2.0
/*
 * State of a VF's end of the channel: what is saved, byte by byte
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>

#include "state.h"

#define MAGIC		"CFGBLKST"
#define MAGIC_LEN	8
#define OFF_FORMAT	8
#define OFF_LEN		12
#define OFF_FLAGS	16
#define OFF_INSTANCE	20
#define OFF_VERSION	24
#define OFF_PEER_MIN	25
#define OFF_PEER_MAX	26
#define OFF_ZERO_1	27
#define OFF_FEATURES	28
#define OFF_PENDING	32
#define OFF_BLOCKS	40
#define OFF_ZERO_2	44

#define FLAG_ATTACHED	BIT(0)

#define BLOCK_HEAD	8
#define OFF_ID		0
#define OFF_SIZE	4
#define OFF_ACCESS	5
#define OFF_HOST_LEN	6
#define OFF_VF_LEN	7

#define ACCESS_ALL	(CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE)

static void put_u32(u32 value, u8 *to)
{
	unsigned int i;

	for (i = 0; i < sizeof(value); i++)
		to[i] = value >> 8 * i;
}

static u32 get_u32(const u8 *from)
{
	u32 value = 0;
	unsigned int i;

	for (i = 0; i < sizeof(value); i++)
		value |= (u32)from[i] << 8 * i;
	return value;
}

static u64 get_u64(const u8 *from)
{
	return get_u32(from) | (u64)get_u32(from + 4) << 32;
}

/**
 * cfgblk_state_pack_block - write a block
 * @block: the block
 * @to: room for CFGBLK_STATE_BLOCK_MAX bytes
 *
 * Context: any.
 * Return: where the next byte goes.
 */
u8 *cfgblk_state_pack_block(const struct cfgblk_state_block *block, u8 *to)
{
	put_u32(block->id, to + OFF_ID);
	to[OFF_SIZE] = block->size;
	to[OFF_ACCESS] = block->access;
	to[OFF_HOST_LEN] = block->host_len;
	to[OFF_VF_LEN] = block->vf_len;
	to += BLOCK_HEAD;
	if (block->host_len)
		memcpy(to, block->host, block->host_len);
	to += block->host_len;
	if (block->vf_len)
		memcpy(to, block->vf, block->vf_len);
	return to + block->vf_len;
}
EXPORT_SYMBOL_GPL(cfgblk_state_pack_block);

/**
 * cfgblk_state_pack_head - write what is before the blocks
 * @head: what
 * @len: bytes of the whole state
 * @to: room for CFGBLK_STATE_HEAD bytes
 *
 * Context: any.
 */
void cfgblk_state_pack_head(const struct cfgblk_state_head *head, u32 len,
			    u8 *to)
{
	memcpy(to, MAGIC, MAGIC_LEN);
	put_u32(CFGBLK_STATE_FORMAT, to + OFF_FORMAT);
	put_u32(len, to + OFF_LEN);
	put_u32(head->attached ? FLAG_ATTACHED : 0, to + OFF_FLAGS);
	put_u32(head->instance, to + OFF_INSTANCE);
	to[OFF_VERSION] = head->version;
	to[OFF_PEER_MIN] = head->peer_min;
	to[OFF_PEER_MAX] = head->peer_max;
	to[OFF_ZERO_1] = 0;
	put_u32(head->features, to + OFF_FEATURES);
	put_u32(head->pending, to + OFF_PENDING);
	put_u32(head->pending >> 32, to + OFF_PENDING + 4);
	put_u32(head->blocks, to + OFF_BLOCKS);
	put_u32(0, to + OFF_ZERO_2);
}
EXPORT_SYMBOL_GPL(cfgblk_state_pack_head);

/**
 * cfgblk_state_pack_crc - write what is behind the blocks
 * @crc: checksum of all that is before
 * @to: room for CFGBLK_STATE_CRC bytes
 *
 * Context: any.
 * Return: the end of the state.
 */
u8 *cfgblk_state_pack_crc(u32 crc, u8 *to)
{
	put_u32(crc, to);
	return to + CFGBLK_STATE_CRC;
}
EXPORT_SYMBOL_GPL(cfgblk_state_pack_crc);

/**
 * cfgblk_state_frame - is this a whole state of a format that we know?
 * @state: the bytes
 * @len: how many
 *
 * Context: any.
 * Return: 0; -EINVAL no state; -EPROTONOSUPPORT another format; -EBADMSG cut
 * off.
 */
int cfgblk_state_frame(const u8 *state, size_t len)
{
	if (len < MAGIC_LEN || memcmp(state, MAGIC, MAGIC_LEN))
		return -EINVAL;
	if (len < CFGBLK_STATE_HEAD + CFGBLK_STATE_CRC)
		return -EBADMSG;
	if (get_u32(state + OFF_FORMAT) != CFGBLK_STATE_FORMAT)
		return -EPROTONOSUPPORT;
	return get_u32(state + OFF_LEN) == len ? 0 : -EBADMSG;
}
EXPORT_SYMBOL_GPL(cfgblk_state_frame);

static bool head_valid(const struct cfgblk_state_head *head, const u8 *state)
{
	if (get_u32(state + OFF_FLAGS) & ~FLAG_ATTACHED)
		return false;
	if (state[OFF_ZERO_1] || get_u32(state + OFF_ZERO_2))
		return false;
	return head->attached ||
	       (!head->instance && !head->version && !head->peer_min &&
		!head->peer_max && !head->features);
}

/**
 * cfgblk_state_open - begin to read a state
 * @reader: set up for cfgblk_state_next()
 * @head: what is before the blocks
 * @state: the bytes; cfgblk_state_frame() said 0, and the caller has compared
 *	cfgblk_state_crc() with what it is
 * @len: how many
 *
 * Context: any.
 * Return: 0; -EINVAL it makes no sense.
 */
int cfgblk_state_open(struct cfgblk_state_reader *reader,
		      struct cfgblk_state_head *head, const u8 *state,
		      size_t len)
{
	head->attached = get_u32(state + OFF_FLAGS) & FLAG_ATTACHED;
	head->instance = get_u32(state + OFF_INSTANCE);
	head->version = state[OFF_VERSION];
	head->peer_min = state[OFF_PEER_MIN];
	head->peer_max = state[OFF_PEER_MAX];
	head->features = get_u32(state + OFF_FEATURES);
	head->pending = get_u64(state + OFF_PENDING);
	head->blocks = get_u32(state + OFF_BLOCKS);
	reader->at = state + CFGBLK_STATE_HEAD;
	reader->left = len - CFGBLK_STATE_HEAD - CFGBLK_STATE_CRC;
	reader->blocks = head->blocks;
	reader->next_id = 0;
	return head_valid(head, state) ? 0 : -EINVAL;
}
EXPORT_SYMBOL_GPL(cfgblk_state_open);

/**
 * cfgblk_state_crc - the checksum that the state carries
 * @state: the bytes; cfgblk_state_frame() said 0
 * @len: how many
 *
 * Context: any.
 * Return: the checksum.
 */
u32 cfgblk_state_crc(const u8 *state, size_t len)
{
	return get_u32(state + len - CFGBLK_STATE_CRC);
}
EXPORT_SYMBOL_GPL(cfgblk_state_crc);

static bool block_valid(const struct cfgblk_state_block *block)
{
	return block->size && block->size <= CFGBLK_BLOCK_MAX &&
	       block->access && !(block->access & ~ACCESS_ALL) &&
	       block->host_len <= block->size && block->vf_len <= block->size;
}

/* The bytes of a block whose head was copied; false if they are not all there */
static bool reader_bytes(struct cfgblk_state_reader *reader,
			 struct cfgblk_state_block *block)
{
	size_t n = BLOCK_HEAD + block->host_len + block->vf_len;

	if (reader->left < n)
		return false;
	block->host = reader->at + BLOCK_HEAD;
	block->vf = block->host + block->host_len;
	reader->at += n;
	reader->left -= n;
	return true;
}

/**
 * cfgblk_state_next - read a block
 * @reader: the parser
 * @block: the block; its bytes stay in the state
 *
 * Context: any.
 * Return: 1; 0 at the end; -EINVAL.
 */
int cfgblk_state_next(struct cfgblk_state_reader *reader,
		      struct cfgblk_state_block *block)
{
	const u8 *at = reader->at;

	if (!reader->blocks)
		return reader->left ? -EINVAL : 0;
	if (reader->left < BLOCK_HEAD)
		return -EINVAL;
	block->id = get_u32(at + OFF_ID);
	block->size = at[OFF_SIZE];
	block->access = at[OFF_ACCESS];
	block->host_len = at[OFF_HOST_LEN];
	block->vf_len = at[OFF_VF_LEN];
	if (block->id < reader->next_id || !block_valid(block) ||
	    !reader_bytes(reader, block))
		return -EINVAL;
	reader->next_id = (u64)block->id + 1;
	reader->blocks--;
	return 1;
}
EXPORT_SYMBOL_GPL(cfgblk_state_next);
