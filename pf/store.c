// SPDX-License-Identifier: GPL-2.0
/*
 * Block store: the built-in provider
 *
 * A block holds up to two values: what the host published and what the VF
 * wrote over it.  The newer one is the block's; publishing drops the VF's, and
 * when the VF is reset its values go and the host's are there again.  A value
 * is built whole before it takes the place of the old one under the lock, so
 * that no reader sees a mix.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/xarray.h>
#include <uapi/linux/cfgblk.h>

#include "mask.h"
#include "state.h"
#include "store.h"

/**
 * struct cfgblk_value - bytes that somebody wrote
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 * @data: the bytes
 */
struct cfgblk_value {
	u8 len;
	u8 data[];
};

/**
 * struct cfgblk_stored - a block
 * @host: what the host published last, or NULL
 * @vf: what the VF wrote since, or NULL
 * @size: bytes that it may have
 * @access: CFGBLK_ACCESS_*
 */
struct cfgblk_stored {
	struct cfgblk_value *host;
	struct cfgblk_value *vf;
	u8 size;
	u8 access;
};

/**
 * struct cfgblk_shelf - what a store holds
 * @blocks: struct cfgblk_stored by block id
 * @count: number of blocks
 * @published: block mask of the blocks that the VF may read and the host wrote
 */
struct cfgblk_shelf {
	struct xarray blocks;
	unsigned int count;
	u64 published;
};

/**
 * cfgblk_value_new - build a value
 * @buf: its bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep.
 * Return: the value, or NULL without memory.
 */
struct cfgblk_value *cfgblk_value_new(const void *buf, unsigned int len)
{
	struct cfgblk_value *value = kmalloc(sizeof(*value) + len, GFP_KERNEL);

	if (!value)
		return NULL;
	value->len = len;
	memcpy(value->data, buf, len);
	return value;
}

/**
 * cfgblk_value_free - free a value and leave nothing of it in memory
 * @value: the value, or NULL
 *
 * Context: process.
 */
void cfgblk_value_free(struct cfgblk_value *value)
{
	kfree_sensitive(value);
}

static const struct cfgblk_value *stored_value(const struct cfgblk_stored *block)
{
	return block->vf ?: block->host;
}

static void stored_free(struct cfgblk_stored *block)
{
	cfgblk_value_free(block->host);
	cfgblk_value_free(block->vf);
	kfree(block);
}

static void shelf_free(struct cfgblk_shelf *shelf)
{
	struct cfgblk_stored *block;
	unsigned long id;

	xa_for_each(&shelf->blocks, id, block)
		stored_free(block);
	xa_destroy(&shelf->blocks);
	kfree(shelf);
}

/**
 * cfgblk_store_init - set up a store without blocks
 * @store: the store
 *
 * Context: process, may sleep.
 * Return: 0; -ENOMEM.
 */
int cfgblk_store_init(struct cfgblk_store *store)
{
	store->shelf = kzalloc(sizeof(*store->shelf), GFP_KERNEL);
	if (!store->shelf)
		return -ENOMEM;
	xa_init(&store->shelf->blocks);
	mutex_init(&store->lock);
	return 0;
}

/**
 * cfgblk_store_fini - free all blocks
 * @store: the store; nobody uses it any more
 *
 * Context: process, may sleep.
 */
void cfgblk_store_fini(struct cfgblk_store *store)
{
	shelf_free(store->shelf);
	mutex_destroy(&store->lock);
}

static int store_insert(struct cfgblk_store *store, u32 id,
			struct cfgblk_stored *block)
{
	int err;

	if (store->shelf->count >= CFGBLK_STORE_BLOCKS_MAX)
		return -ENOSPC;
	err = xa_insert(&store->shelf->blocks, id, block, GFP_KERNEL);
	if (err)
		return err == -EBUSY ? -EEXIST : err;
	store->shelf->count++;
	return 0;
}

/**
 * cfgblk_store_define - make a block exist, with nothing in it
 * @store: of the VF
 * @id: block id
 * @size: bytes that it may have, 1..CFGBLK_BLOCK_MAX
 * @access: CFGBLK_ACCESS_*
 *
 * Context: process, may sleep.
 * Return: 0; -EEXIST; -ENOSPC; -ENOMEM.
 */
int cfgblk_store_define(struct cfgblk_store *store, u32 id, unsigned int size,
			unsigned int access)
{
	struct cfgblk_stored *block = kzalloc(sizeof(*block), GFP_KERNEL);
	int err;

	if (!block)
		return -ENOMEM;
	block->size = size;
	block->access = access;
	mutex_lock(&store->lock);
	err = store_insert(store, id, block);
	mutex_unlock(&store->lock);
	if (err)
		kfree(block);
	return err;
}

/**
 * cfgblk_store_undefine - unmake a block
 * @store: of the VF
 * @id: block id
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT.
 */
int cfgblk_store_undefine(struct cfgblk_store *store, u32 id)
{
	struct cfgblk_stored *block;

	mutex_lock(&store->lock);
	block = xa_erase(&store->shelf->blocks, id);
	if (block) {
		store->shelf->count--;
		store->shelf->published &= ~cfgblk_mask_of(id);
	}
	mutex_unlock(&store->lock);
	if (!block)
		return -ENOENT;
	stored_free(block);
	return 0;
}

/**
 * cfgblk_store_fits - is there such a block, and has it room?
 * @store: of the VF
 * @id: block id
 * @len: bytes, 0..CFGBLK_BLOCK_MAX
 *
 * The answer holds as long as the caller keeps others from defining blocks.
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT; -EMSGSIZE.
 */
int cfgblk_store_fits(struct cfgblk_store *store, u32 id, unsigned int len)
{
	const struct cfgblk_stored *block;
	int err = 0;

	mutex_lock(&store->lock);
	block = xa_load(&store->shelf->blocks, id);
	if (!block)
		err = -ENOENT;
	else if (len > block->size)
		err = -EMSGSIZE;
	mutex_unlock(&store->lock);
	return err;
}

/**
 * cfgblk_store_publish - the host's value takes the place of what was there
 * @store: of the VF
 * @id: block id; cfgblk_store_fits() said 0
 * @value: the value; the store's from now on
 *
 * Context: process, may sleep.
 */
void cfgblk_store_publish(struct cfgblk_store *store, u32 id,
			  struct cfgblk_value *value)
{
	struct cfgblk_value *old_host, *old_vf;
	struct cfgblk_stored *block;

	mutex_lock(&store->lock);
	block = xa_load(&store->shelf->blocks, id);
	old_host = block->host;
	old_vf = block->vf;
	block->host = value;
	block->vf = NULL;
	if (block->access & CFGBLK_ACCESS_READ)
		store->shelf->published |= cfgblk_mask_of(id);
	mutex_unlock(&store->lock);
	cfgblk_value_free(old_host);
	cfgblk_value_free(old_vf);
}

static int store_copy(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len, bool by_vf)
{
	const struct cfgblk_stored *block = xa_load(&store->shelf->blocks, id);
	const struct cfgblk_value *value;

	if (!block)
		return -ENOENT;
	if (by_vf && !(block->access & CFGBLK_ACCESS_READ))
		return -EACCES;
	value = stored_value(block);
	if (!value)
		return -ENODATA;
	len = min_t(unsigned int, len, value->len);
	memcpy(buf, value->data, len);
	return len;
}

/**
 * cfgblk_store_peek - the host reads a block, whatever its access
 * @store: of the VF
 * @id: block id
 * @buf: receives the first bytes
 * @len: bytes of @buf
 *
 * Context: process, may sleep.
 * Return: number of bytes; -ENOENT; -ENODATA.
 */
int cfgblk_store_peek(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len)
{
	int n;

	mutex_lock(&store->lock);
	n = store_copy(store, id, buf, len, false);
	mutex_unlock(&store->lock);
	return n;
}

/**
 * cfgblk_store_read - the VF reads a block
 * @store: of the VF
 * @id: block id
 * @buf: receives the first bytes
 * @len: bytes of @buf
 *
 * Context: process, may sleep.
 * Return: number of bytes; -ENOENT; -EACCES; -ENODATA.
 */
int cfgblk_store_read(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len)
{
	int n;

	mutex_lock(&store->lock);
	n = store_copy(store, id, buf, len, true);
	mutex_unlock(&store->lock);
	return n;
}

/* Put @value in place; on success it holds what was there before */
static int store_swap_vf(struct cfgblk_store *store, u32 id,
			 struct cfgblk_value **value)
{
	struct cfgblk_stored *block = xa_load(&store->shelf->blocks, id);

	if (!block)
		return -ENOENT;
	if (!(block->access & CFGBLK_ACCESS_WRITE))
		return -EACCES;
	if ((*value)->len > block->size)
		return -EMSGSIZE;
	swap(block->vf, *value);
	return 0;
}

/**
 * cfgblk_store_write - the VF writes a block
 * @store: of the VF
 * @id: block id
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT; -EACCES; -EMSGSIZE; -ENOMEM.
 */
int cfgblk_store_write(struct cfgblk_store *store, u32 id, const void *buf,
		       unsigned int len)
{
	struct cfgblk_value *value = cfgblk_value_new(buf, len);
	int err;

	if (!value)
		return -ENOMEM;
	mutex_lock(&store->lock);
	err = store_swap_vf(store, id, &value);
	mutex_unlock(&store->lock);
	cfgblk_value_free(value);
	return err;
}

/**
 * cfgblk_store_erase_vf - forget what the VF wrote
 * @store: of the VF
 *
 * Context: process, may sleep.
 */
void cfgblk_store_erase_vf(struct cfgblk_store *store)
{
	struct cfgblk_stored *block;
	unsigned long id;

	mutex_lock(&store->lock);
	xa_for_each(&store->shelf->blocks, id, block) {
		cfgblk_value_free(block->vf);
		block->vf = NULL;
	}
	mutex_unlock(&store->lock);
}

/**
 * cfgblk_store_published - what a VF that knows nothing has to read
 * @store: of the VF
 *
 * Context: process, may sleep.
 * Return: block mask.
 */
u64 cfgblk_store_published(struct cfgblk_store *store)
{
	u64 mask;

	mutex_lock(&store->lock);
	mask = store->shelf->published;
	mutex_unlock(&store->lock);
	return mask;
}

/**
 * cfgblk_store_count - number of blocks
 * @store: of the VF
 *
 * Context: process, may sleep.
 * Return: the number.
 */
unsigned int cfgblk_store_count(struct cfgblk_store *store)
{
	unsigned int count;

	mutex_lock(&store->lock);
	count = store->shelf->count;
	mutex_unlock(&store->lock);
	return count;
}

static void stored_describe(const struct cfgblk_stored *block,
			    struct cfgblk_block_info *info)
{
	const struct cfgblk_value *value = stored_value(block);

	info->size = block->size;
	info->access = block->access;
	info->len = value ? value->len : 0;
	info->writer = 0;
	if (value)
		info->writer = block->vf ? CFGBLK_ROLE_VF : CFGBLK_ROLE_PF;
}

/**
 * cfgblk_store_next - walk the blocks
 * @store: of the VF
 * @info: @info->block is where to start; receives the block found
 *
 * Context: process, may sleep.
 * Return: 0; -ENOENT.
 */
int cfgblk_store_next(struct cfgblk_store *store,
		      struct cfgblk_block_info *info)
{
	unsigned long id = info->block;
	struct cfgblk_stored *block;

	mutex_lock(&store->lock);
	block = xa_find(&store->shelf->blocks, &id, U32_MAX, XA_PRESENT);
	if (block) {
		info->block = id;
		stored_describe(block, info);
	}
	mutex_unlock(&store->lock);
	return block ? 0 : -ENOENT;
}

static u8 *stored_pack(const struct cfgblk_stored *block, u32 id, u8 *to)
{
	struct cfgblk_state_block state = {
		.id = id,
		.size = block->size,
		.access = block->access,
	};

	if (block->host) {
		state.host = block->host->data;
		state.host_len = block->host->len;
	}
	if (block->vf) {
		state.vf = block->vf->data;
		state.vf_len = block->vf->len;
	}
	return cfgblk_state_pack_block(&state, to);
}

/**
 * cfgblk_store_pack - write all blocks into a state
 * @store: of the VF
 * @to: room for CFGBLK_STATE_BLOCK_MAX bytes for each block; the caller keeps
 *	others from defining blocks
 *
 * Context: process, may sleep.
 * Return: where the next byte goes.
 */
u8 *cfgblk_store_pack(struct cfgblk_store *store, u8 *to)
{
	const struct cfgblk_stored *block;
	unsigned long id;

	mutex_lock(&store->lock);
	xa_for_each(&store->shelf->blocks, id, block)
		to = stored_pack(block, id, to);
	mutex_unlock(&store->lock);
	return to;
}

/**
 * cfgblk_store_unpack - make a block of a state exist
 * @store: one that nobody else knows
 * @block: the block, looked at by the parser
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL the VF wrote what it may not; -EEXIST; -ENOSPC; -ENOMEM.
 */
int cfgblk_store_unpack(struct cfgblk_store *store,
			const struct cfgblk_state_block *block)
{
	struct cfgblk_value *value;
	int err = cfgblk_store_define(store, block->id, block->size,
				      block->access);

	if (err)
		return err;
	if (block->host_len) {
		value = cfgblk_value_new(block->host, block->host_len);
		if (!value)
			return -ENOMEM;
		cfgblk_store_publish(store, block->id, value);
	}
	if (!block->vf_len)
		return 0;
	err = cfgblk_store_write(store, block->id, block->vf, block->vf_len);
	return err == -EACCES ? -EINVAL : err;
}

/**
 * cfgblk_store_replace - all blocks give way to others, in one step
 * @store: of the VF
 * @with: one that nobody else knows; has the old blocks on return
 *
 * Context: process, may sleep.
 */
void cfgblk_store_replace(struct cfgblk_store *store,
			  struct cfgblk_store *with)
{
	mutex_lock(&store->lock);
	swap(store->shelf, with->shelf);
	mutex_unlock(&store->lock);
}
