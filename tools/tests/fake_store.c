// SPDX-License-Identifier: GPL-2.0
/*
 * Test fixture: a PF that remembers, in the file FAKE_STORE, from run to run
 *
 * FAKE_WRITER=2 has the VF written what is written.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"

#define ROOM	8

static struct store {
	struct cfgblk_limit limits[TOTAL_VFS];
	struct {
		struct cfgblk_block_info info;
		__u8 data[CFGBLK_BLOCK_MAX];
	} blocks[TOTAL_VFS][ROOM];	/* size 0: none */
} store;

static FILE *open_store(const char *mode)
{
	const char *path = getenv("FAKE_STORE");

	return path ? fopen(path, mode) : NULL;
}

static void load(void)
{
	FILE *file = open_store("r");

	memset(&store, 0, sizeof(store));
	if (!file)
		return;
	if (fread(&store, sizeof(store), 1, file) != 1)
		abort();
	fclose(file);
}

static int keep(void)
{
	FILE *file = open_store("w");

	if (!file || fwrite(&store, sizeof(store), 1, file) != 1 ||
	    fclose(file))
		abort();
	return 0;
}

static int find(__u32 vf, __u32 id)
{
	for (int i = 0; i < ROOM; i++) {
		if (store.blocks[vf][i].info.size &&
		    store.blocks[vf][i].info.block == id)
			return i;
	}
	return -1;
}

int store_define(const struct cfgblk_define *d, int undefine)
{
	int i;

	load();
	i = find(d->vf, d->block);
	if (undefine && i < 0)
		return ENOENT;
	if (!undefine && i >= 0)
		return EEXIST;
	for (i = undefine ? i : 0; !undefine && i < ROOM; i++) {
		if (!store.blocks[d->vf][i].info.size)
			break;
	}
	if (i == ROOM)
		return ENOSPC;
	memset(&store.blocks[d->vf][i], 0, sizeof(store.blocks[0][0]));
	store.blocks[d->vf][i].info = (struct cfgblk_block_info){
		.vf = d->vf, .block = d->block, .size = d->size,
		.access = d->access,
	};
	return keep();
}

int store_next_block(struct cfgblk_block_info *b)
{
	const struct cfgblk_block_info *best = NULL;

	load();
	for (int i = 0; i < ROOM; i++) {
		const struct cfgblk_block_info *info =
			&store.blocks[b->vf][i].info;

		if (info->size && info->block >= b->block &&
		    (!best || info->block < best->block))
			best = info;
	}
	if (best)
		*b = *best;
	return best ? 0 : ENOENT;
}

int store_io(struct cfgblk_block_io *io, int write)
{
	const char *writer = getenv("FAKE_WRITER");
	struct cfgblk_block_info *info;
	int i;

	load();
	i = find(io->vf, io->block);
	if (i < 0)
		return ENOENT;
	info = &store.blocks[io->vf][i].info;
	if (!write) {
		io->len = info->len < io->len ? info->len : io->len;
		memcpy(io->data, store.blocks[io->vf][i].data, io->len);
		return io->len ? 0 : ENODATA;
	}
	if (io->len > info->size)
		return EMSGSIZE;
	info->len = io->len;
	info->writer = writer ? atoi(writer) : CFGBLK_ROLE_PF;
	memcpy(store.blocks[io->vf][i].data, io->data, io->len);
	return keep();
}

int store_limit(struct cfgblk_limit *limit)
{
	load();
	if (limit->flags) {
		store.limits[limit->vf] = *limit;
		return keep();
	}
	limit->per_second = store.limits[limit->vf].per_second;
	limit->burst = store.limits[limit->vf].burst;
	return 0;
}
