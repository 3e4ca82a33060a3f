// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments: cut block bytes into mailbox buffers and put them together again
 *
 * Pure: no kernel dependency beyond types and byte order helpers.
 */
#include <asm/byteorder.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "frag.h"
#include "proto.h"

/* Bytes that go into a buffer whose dwords before @first are taken */
static unsigned int frag_bytes(const struct cfgblk_bytes *bytes,
			       unsigned int first)
{
	unsigned int room = (CFGBLK_MBX_DWORDS - first) * sizeof(u32);

	return min_t(unsigned int, bytes->len - bytes->done, room);
}

/**
 * cfgblk_frag_dwords - dwords that the next fragment has
 * @bytes: the bytes
 * @first: dword of the buffer in which its bytes begin
 *
 * Context: any.
 * Return: number of dwords, those before @first not counted.
 */
unsigned int cfgblk_frag_dwords(const struct cfgblk_bytes *bytes,
				unsigned int first)
{
	return DIV_ROUND_UP(frag_bytes(bytes, first), sizeof(u32));
}

/**
 * cfgblk_frag_cut - put the next fragment into a buffer
 * @bytes: the bytes to send
 * @words: the buffer, CFGBLK_MBX_DWORDS dwords; zeroes pad the last dword
 * @first: dword of the buffer in which the bytes begin
 *
 * Context: any.
 */
void cfgblk_frag_cut(struct cfgblk_bytes *bytes, u32 *words,
		     unsigned int first)
{
	unsigned int n = frag_bytes(bytes, first);
	unsigned int dwords = DIV_ROUND_UP(n, sizeof(u32));

	if (dwords)
		words[first + dwords - 1] = 0;
	memcpy(&words[first], &bytes->data[bytes->done], n);
	le32_to_cpu_array(&words[first], dwords);
	bytes->done += n;
	bytes->frag++;
}

/**
 * cfgblk_frag_join - take the next fragment out of a buffer
 * @bytes: the bytes to receive
 * @words: the buffer; cfgblk_frag_dwords() of them from @first on are read, and
 *	are bytes and no numbers any more
 * @first: dword of the buffer in which the bytes begin
 *
 * Context: any.
 */
void cfgblk_frag_join(struct cfgblk_bytes *bytes, u32 *words,
		      unsigned int first)
{
	unsigned int n = frag_bytes(bytes, first);

	cpu_to_le32_array(&words[first], DIV_ROUND_UP(n, sizeof(u32)));
	memcpy(&bytes->data[bytes->done], &words[first], n);
	bytes->done += n;
	bytes->frag++;
}
