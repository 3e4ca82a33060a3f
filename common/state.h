/* SPDX-License-Identifier: GPL-2.0 */
/*
 * State of a VF's end of the channel: what is saved, byte by byte
 *
 * All numbers are little endian, nothing is aligned.
 *
 *  offset  bytes
 *    0       8   "CFGBLKST"
 *    8       4   format, CFGBLK_STATE_FORMAT
 *   12       4   length of the whole
 *   16       4   bit 0: a VF driver was attached, the next five fields are its own
 *   20       4   its instance number (struct cfgblk_hello)
 *   24       1   protocol version agreed with it, 0 for none
 *   25       1   oldest version that it speaks
 *   26       1   newest version that it speaks
 *   27       1   0
 *   28       4   features agreed with it
 *   32       8   block mask that it has not taken
 *   40       4   number of blocks
 *   44       4   0
 *   48           blocks, their ids going up
 *  last      4   CRC-32 (IEEE 802.3) of all that is before it
 *
 * A block:
 *    0       4   block id
 *    4       1   bytes that it may have, 1..128
 *    5       1   access, CFGBLK_ACCESS_*
 *    6       1   h, bytes that the host published, 0 for none
 *    7       1   v, bytes that the VF wrote over it, 0 for none
 *    8       h
 *    8 + h   v
 *
 * A state comes from a file, so nothing in it is believed.  The checksum tells
 * of accidents alone; it is the caller's, this file and state.c know nothing of
 * the kernel but its types.
 */
#ifndef CFGBLK_STATE_H
#define CFGBLK_STATE_H

#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

#define CFGBLK_STATE_FORMAT	1

#define CFGBLK_STATE_HEAD	48
#define CFGBLK_STATE_CRC	4
#define CFGBLK_STATE_BLOCK_MAX	(8 + 2 * CFGBLK_BLOCK_MAX)

/**
 * struct cfgblk_state_head - what is not in blocks
 * @attached: a VF driver was attached
 * @instance: its number
 * @version: protocol version agreed with it
 * @peer_min: oldest version that it speaks
 * @peer_max: newest version that it speaks
 * @features: agreed with it
 * @pending: block mask that it has not taken
 * @blocks: number of blocks
 */
struct cfgblk_state_head {
	bool attached;
	u32 instance;
	u8 version;
	u8 peer_min;
	u8 peer_max;
	u32 features;
	u64 pending;
	u32 blocks;
};

/**
 * struct cfgblk_state_block - a block
 * @id: block id
 * @size: bytes that it may have
 * @access: CFGBLK_ACCESS_*
 * @host_len: bytes of @host, 0 for none
 * @vf_len: bytes of @vf, 0 for none
 * @host: what the host published
 * @vf: what the VF wrote over it
 */
struct cfgblk_state_block {
	u32 id;
	u8 size;
	u8 access;
	u8 host_len;
	u8 vf_len;
	const u8 *host;
	const u8 *vf;
};

/**
 * struct cfgblk_state_reader - where the parser is
 * @at: the next byte
 * @left: bytes of blocks from there on
 * @blocks: blocks still to come
 * @next_id: lowest id that the next block may have
 */
struct cfgblk_state_reader {
	const u8 *at;
	size_t left;
	u32 blocks;
	u64 next_id;
};

u8 *cfgblk_state_pack_block(const struct cfgblk_state_block *block, u8 *to);
void cfgblk_state_pack_head(const struct cfgblk_state_head *head, u32 len,
			    u8 *to);
u8 *cfgblk_state_pack_crc(u32 crc, u8 *to);

int cfgblk_state_frame(const u8 *state, size_t len);
int cfgblk_state_open(struct cfgblk_state_reader *reader,
		      struct cfgblk_state_head *head, const u8 *state,
		      size_t len);
u32 cfgblk_state_crc(const u8 *state, size_t len);
int cfgblk_state_next(struct cfgblk_state_reader *reader,
		      struct cfgblk_state_block *block);

#endif /* CFGBLK_STATE_H */
