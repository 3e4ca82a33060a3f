// SPDX-License-Identifier: GPL-2.0
/*
 * Block store: the built-in provider
 *
 * A block holds up to two values: what the host published and what the VF
 * wrote over it.  The newer one is the block's; publishing drops the VF's, and
 * when the VF is reset its values go and the host's are there again.  Values
 * change under the lock, so that no reader sees a mix.
 *
 * The memory for both is there from the block's definition on: serving a VF
 * allocates nothing, so nothing that it asks for can fail for want of memory,
 * and it may be served where nobody can sleep.
 */
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <uapi/linux/cfgblk.h>

#include "mask.h"
#include "state.h"
#include "store.h"

/**
 * struct cfgblk_stored - a block
 * @node: in the shelf
 * @age: of the VF's value; it is none but in that age of the shelf
 * @id: block id
 * @size: bytes that it may have
 * @access: CFGBLK_ACCESS_*
 * @host_len: bytes that the host published, 0 for none
 * @vf_len: bytes that the VF wrote since, 0 for none
 * @bytes: @size bytes of the host's, and as many of the VF's if it may write.
 *	Apart from the rest, as the slabs have sizes that fit it well
 */
struct cfgblk_stored {
	struct rb_node node;
	u64 age;
	u32 id;
	u8 size;
	u8 access;
	u8 host_len;
	u8 vf_len;
	u8 *bytes;
};

/* What a block may take over its data, on 64 bits */
static_assert(sizeof(struct cfgblk_stored) <= 64);

/**
 * struct cfgblk_shelf - what a store holds
 * @blocks: struct cfgblk_stored by block id
 * @count: number of blocks
 * @age: goes up when all that the VF wrote is forgotten, which so takes no time
 *	however much it was
 * @published: block mask of the blocks that the VF may read and the host wrote
 */
struct cfgblk_shelf {
	struct rb_root blocks;
	unsigned int count;
	u64 age;
	u64 published;
};

static int stored_compare(u32 id, const struct rb_node *node)
{
	u32 other = rb_entry(node, struct cfgblk_stored, node)->id;

	return id < other ? -1 : id > other;
}

static int stored_compare_id(const void *id, const struct rb_node *node)
{
	return stored_compare(*(const u32 *)id, node);
}

static int stored_compare_node(struct rb_node *node,
			       const struct rb_node *other)
{
	return stored_compare(rb_entry(node, struct cfgblk_stored, node)->id,
			      other);
}

static struct cfgblk_stored *shelf_find(struct cfgblk_shelf *shelf, u32 id)
{
	struct rb_node *node = rb_find(&id, &shelf->blocks, stored_compare_id);

	return node ? rb_entry(node, struct cfgblk_stored, node) : NULL;
}

/* The first block from @id on */
static struct cfgblk_stored *shelf_from(struct cfgblk_shelf *shelf, u32 id)
{
	struct rb_node *node = shelf->blocks.rb_node;
	struct cfgblk_stored *found = NULL;

	while (node) {
		struct cfgblk_stored *block =
			rb_entry(node, struct cfgblk_stored, node);

		if (id <= block->id)
			found = block;
		node = id <= block->id ? node->rb_left : node->rb_right;
	}
	return found;
}

static void stored_free(struct cfgblk_stored *block)
{
	kfree_sensitive(block->bytes);
	kfree(block);
}

static struct cfgblk_stored *stored_new(u32 id, unsigned int size,
					unsigned int access)
{
	size_t values = access & CFGBLK_ACCESS_WRITE ? 2 : 1;
	struct cfgblk_stored *block = kzalloc(sizeof(*block), GFP_KERNEL);

	if (!block)
		return NULL;
	block->bytes = kzalloc(values * size, GFP_KERNEL);
	if (!block->bytes) {
		kfree(block);
		return NULL;
	}
	block->id = id;
	block->size = size;
	block->access = access;
	return block;
}

/* Of the VF's value, 0 for none */
static unsigned int stored_vf_len(const struct cfgblk_shelf *shelf,
				  const struct cfgblk_stored *block)
{
	return block->age == shelf->age ? block->vf_len : 0;
}

static u8 *stored_vf_bytes(struct cfgblk_stored *block)
{
	return block->bytes + block->size;
}

static void shelf_free(struct cfgblk_shelf *shelf)
{
	struct cfgblk_stored *block, *next;

	rbtree_postorder_for_each_entry_safe(block, next, &shelf->blocks, node)
		stored_free(block);
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
	store->shelf->blocks = RB_ROOT;
	spin_lock_init(&store->lock);
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
}

static int shelf_insert(struct cfgblk_shelf *shelf, struct cfgblk_stored *block)
{
	if (shelf->count >= CFGBLK_STORE_BLOCKS_MAX)
		return -ENOSPC;
	if (rb_find_add(&block->node, &shelf->blocks, stored_compare_node))
		return -EEXIST;
	shelf->count++;
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
	struct cfgblk_stored *block = stored_new(id, size, access);
	int err;

	if (!block)
		return -ENOMEM;
	spin_lock_bh(&store->lock);
	err = shelf_insert(store->shelf, block);
	spin_unlock_bh(&store->lock);
	if (err)
		stored_free(block);
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

	spin_lock_bh(&store->lock);
	block = shelf_find(store->shelf, id);
	if (block) {
		rb_erase(&block->node, &store->shelf->blocks);
		store->shelf->count--;
		store->shelf->published &= ~cfgblk_mask_of(id);
	}
	spin_unlock_bh(&store->lock);
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

	spin_lock_bh(&store->lock);
	block = shelf_find(store->shelf, id);
	if (!block)
		err = -ENOENT;
	else if (len > block->size)
		err = -EMSGSIZE;
	spin_unlock_bh(&store->lock);
	return err;
}

/**
 * cfgblk_store_publish - the host's value takes the place of what was there
 * @store: of the VF
 * @id: block id; cfgblk_store_fits() said 0
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process; does not sleep or allocate, cannot fail.
 */
void cfgblk_store_publish(struct cfgblk_store *store, u32 id, const void *buf,
			  unsigned int len)
{
	struct cfgblk_stored *block;

	spin_lock_bh(&store->lock);
	block = shelf_find(store->shelf, id);
	memcpy(block->bytes, buf, len);
	block->host_len = len;
	block->vf_len = 0;
	if (block->access & CFGBLK_ACCESS_READ)
		store->shelf->published |= cfgblk_mask_of(id);
	spin_unlock_bh(&store->lock);
}

static int store_copy(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len, bool by_vf)
{
	struct cfgblk_stored *block = shelf_find(store->shelf, id);
	unsigned int vf_len;

	if (!block)
		return -ENOENT;
	if (by_vf && !(block->access & CFGBLK_ACCESS_READ))
		return -EACCES;
	vf_len = stored_vf_len(store->shelf, block);
	len = min(len, vf_len ?: block->host_len);
	if (!len)
		return -ENODATA;
	memcpy(buf, vf_len ? stored_vf_bytes(block) : block->bytes, len);
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

	spin_lock_bh(&store->lock);
	n = store_copy(store, id, buf, len, false);
	spin_unlock_bh(&store->lock);
	return n;
}

/**
 * cfgblk_store_read - the VF reads a block
 * @store: of the VF
 * @id: block id
 * @buf: receives the first bytes
 * @len: bytes of @buf
 *
 * Context: process or softirq; does not sleep.
 * Return: number of bytes; -ENOENT; -EACCES; -ENODATA.
 */
int cfgblk_store_read(struct cfgblk_store *store, u32 id, void *buf,
		      unsigned int len)
{
	int n;

	spin_lock_bh(&store->lock);
	n = store_copy(store, id, buf, len, true);
	spin_unlock_bh(&store->lock);
	return n;
}

static int store_copy_vf(struct cfgblk_store *store, u32 id, const void *buf,
			 unsigned int len)
{
	struct cfgblk_stored *block = shelf_find(store->shelf, id);

	if (!block)
		return -ENOENT;
	if (!(block->access & CFGBLK_ACCESS_WRITE))
		return -EACCES;
	if (len > block->size)
		return -EMSGSIZE;
	memcpy(stored_vf_bytes(block), buf, len);
	block->vf_len = len;
	block->age = store->shelf->age;
	return 0;
}

/**
 * cfgblk_store_write - the VF writes a block
 * @store: of the VF
 * @id: block id
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process or softirq; does not sleep or allocate.
 * Return: 0; -ENOENT; -EACCES; -EMSGSIZE.
 */
int cfgblk_store_write(struct cfgblk_store *store, u32 id, const void *buf,
		       unsigned int len)
{
	int err;

	spin_lock_bh(&store->lock);
	err = store_copy_vf(store, id, buf, len);
	spin_unlock_bh(&store->lock);
	return err;
}

/**
 * cfgblk_store_erase_vf - forget what the VF wrote
 * @store: of the VF
 *
 * Context: process or softirq; does not sleep.
 */
void cfgblk_store_erase_vf(struct cfgblk_store *store)
{
	spin_lock_bh(&store->lock);
	store->shelf->age++;
	spin_unlock_bh(&store->lock);
}

/**
 * cfgblk_store_published - what a VF that knows nothing has to read
 * @store: of the VF
 *
 * Context: process or softirq; does not sleep.
 * Return: block mask.
 */
u64 cfgblk_store_published(struct cfgblk_store *store)
{
	u64 mask;

	spin_lock_bh(&store->lock);
	mask = store->shelf->published;
	spin_unlock_bh(&store->lock);
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

	spin_lock_bh(&store->lock);
	count = store->shelf->count;
	spin_unlock_bh(&store->lock);
	return count;
}

static void stored_describe(const struct cfgblk_shelf *shelf,
			    const struct cfgblk_stored *block,
			    struct cfgblk_block_info *info)
{
	unsigned int vf_len = stored_vf_len(shelf, block);

	info->block = block->id;
	info->size = block->size;
	info->access = block->access;
	info->len = vf_len ?: block->host_len;
	info->writer = 0;
	if (info->len)
		info->writer = vf_len ? CFGBLK_ROLE_VF : CFGBLK_ROLE_PF;
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
	struct cfgblk_stored *block;

	spin_lock_bh(&store->lock);
	block = shelf_from(store->shelf, info->block);
	if (block)
		stored_describe(store->shelf, block, info);
	spin_unlock_bh(&store->lock);
	return block ? 0 : -ENOENT;
}

static u8 *stored_pack(const struct cfgblk_shelf *shelf,
		       struct cfgblk_stored *block, u8 *to)
{
	const struct cfgblk_state_block state = {
		.id = block->id,
		.size = block->size,
		.access = block->access,
		.host = block->bytes,
		.host_len = block->host_len,
		.vf = stored_vf_bytes(block),
		.vf_len = stored_vf_len(shelf, block),
	};

	return cfgblk_state_pack_block(&state, to);
}

/**
 * cfgblk_store_pack - write all blocks into a state
 * @store: of the VF
 * @to: room for CFGBLK_STATE_BLOCK_MAX bytes for each block; the caller keeps
 *	others from defining blocks
 *
 * Context: process.
 * Return: where the next byte goes.
 */
u8 *cfgblk_store_pack(struct cfgblk_store *store, u8 *to)
{
	struct rb_node *node;

	spin_lock_bh(&store->lock);
	for (node = rb_first(&store->shelf->blocks); node; node = rb_next(node))
		to = stored_pack(store->shelf,
				 rb_entry(node, struct cfgblk_stored, node), to);
	spin_unlock_bh(&store->lock);
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
	int err = cfgblk_store_define(store, block->id, block->size,
				      block->access);

	if (err)
		return err;
	if (block->host_len)
		cfgblk_store_publish(store, block->id, block->host,
				     block->host_len);
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
	spin_lock_bh(&store->lock);
	swap(store->shelf, with->shelf);
	spin_unlock_bh(&store->lock);
}
