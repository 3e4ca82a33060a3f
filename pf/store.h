/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Block store: the built-in provider
 */
#ifndef CFGBLK_PF_STORE_H
#define CFGBLK_PF_STORE_H

#include <linux/spinlock.h>
#include <linux/types.h>

struct cfgblk_block_info;
struct cfgblk_state_block;

/* Blocks that one VF may have: bounds what the store takes in memory */
#define CFGBLK_STORE_BLOCKS_MAX	4096

struct cfgblk_shelf;

/**
 * struct cfgblk_store - the blocks of one VF
 * @lock: guards all the rest; a leaf, taken with softirqs off
 * @shelf: where the blocks are
 *
 * Lifetime: cfgblk_store_init() to cfgblk_store_fini().
 */
struct cfgblk_store {
	spinlock_t lock; /* guards all below */
	struct cfgblk_shelf *shelf;
};

int cfgblk_store_init(struct cfgblk_store *store);
void cfgblk_store_fini(struct cfgblk_store *store);

/* For the host */
int cfgblk_store_define(struct cfgblk_store *store, u32 id, unsigned int size,
			unsigned int access);
int cfgblk_store_undefine(struct cfgblk_store *store, u32 id);
int cfgblk_store_fits(struct cfgblk_store *store, u32 id, unsigned int len);
void cfgblk_store_publish(struct cfgblk_store *store, u32 id, const void *buf,
			  unsigned int len);
int cfgblk_store_peek(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len);
int cfgblk_store_next(struct cfgblk_store *store,
		      struct cfgblk_block_info *info);
unsigned int cfgblk_store_count(struct cfgblk_store *store);
u8 *cfgblk_store_pack(struct cfgblk_store *store, u8 *to);
int cfgblk_store_unpack(struct cfgblk_store *store,
			const struct cfgblk_state_block *block);
void cfgblk_store_replace(struct cfgblk_store *store,
			  struct cfgblk_store *with);

/* For the VF */
int cfgblk_store_read(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len);
int cfgblk_store_write(struct cfgblk_store *store, u32 id, const void *buf,
		       unsigned int len);
void cfgblk_store_erase_vf(struct cfgblk_store *store);
u64 cfgblk_store_published(struct cfgblk_store *store);

#endif /* CFGBLK_PF_STORE_H */
