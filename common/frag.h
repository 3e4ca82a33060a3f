/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fragments: cut block bytes into mailbox buffers and put them together again
 *
 * Pure: no kernel dependency beyond types.
 */
#ifndef CFGBLK_FRAG_H
#define CFGBLK_FRAG_H

#include <linux/minmax.h>
#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

/**
 * struct cfgblk_bytes - block bytes on their way
 * @data: the bytes
 * @len: how many there are in all, 0..CFGBLK_BLOCK_MAX
 * @done: how many have been sent or received
 * @frag: number of the fragment that comes next, 0 for the first
 */
struct cfgblk_bytes {
	u8 data[CFGBLK_BLOCK_MAX];
	u8 len;
	u8 done;
	u8 frag;
};

unsigned int cfgblk_frag_dwords(const struct cfgblk_bytes *bytes,
				unsigned int first);
void cfgblk_frag_cut(struct cfgblk_bytes *bytes, u32 *words,
		     unsigned int first);
void cfgblk_frag_join(struct cfgblk_bytes *bytes, u32 *words,
		      unsigned int first);

/**
 * cfgblk_bytes_start - begin to send or to receive
 * @bytes: the bytes
 * @len: how many there are in all; more than CFGBLK_BLOCK_MAX is cut to it
 *
 * Context: any.
 */
static inline void cfgblk_bytes_start(struct cfgblk_bytes *bytes,
				      unsigned int len)
{
	bytes->len = min_t(unsigned int, len, CFGBLK_BLOCK_MAX);
	bytes->done = 0;
	bytes->frag = 0;
}

static inline bool cfgblk_bytes_whole(const struct cfgblk_bytes *bytes)
{
	return bytes->done == bytes->len;
}

#endif /* CFGBLK_FRAG_H */
