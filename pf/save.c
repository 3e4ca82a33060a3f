// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: save a VF's end of the channel, and restore it
 *
 * For a virtual machine that moves to another host: the hypervisor stops it,
 * saves, carries the bytes over, opens the VF there (which resets it), restores
 * and lets the machine go on.  Its VF driver finds that the link started afresh,
 * and has to read everything again.
 */
#include <linux/build_bug.h>
#include <linux/crc32.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "args.h"
#include "pf.h"
#include "state.h"

static_assert(CFGBLK_STATE_MAX >= CFGBLK_STATE_HEAD + CFGBLK_STATE_CRC +
	      CFGBLK_STORE_BLOCKS_MAX * CFGBLK_STATE_BLOCK_MAX);

static u32 save_crc(const u8 *state, size_t len)
{
	return ~crc32_le(~0, state, len);
}

static void save_head(struct cfgblk_pf_vf *vf, struct cfgblk_state_head *head)
{
	const struct cfgblk_pf_link *link = &vf->link;

	*head = (struct cfgblk_state_head){
		.attached = READ_ONCE(link->known),
		.pending = atomic64_read(&link->pending) |
			   READ_ONCE(link->taken),
		.blocks = cfgblk_store_count(&vf->store),
	};
	if (!head->attached)
		return;
	head->instance = READ_ONCE(link->instance);
	head->version = READ_ONCE(link->version);
	head->peer_min = READ_ONCE(link->peer_min);
	head->peer_max = READ_ONCE(link->peer_max);
	head->features = READ_ONCE(link->features);
}

/*
 * Under pf->admin, so that no block comes or goes.  The head is read before the
 * blocks: should another tenant come in between, what it writes is saved as of
 * the one before it, and lost to it; the other way round it would see what that
 * one had written.
 */
static u8 *save_build(struct cfgblk_pf_vf *vf, size_t *len)
{
	struct cfgblk_state_head head;
	u8 *state, *end;

	save_head(vf, &head);
	state = kvmalloc(CFGBLK_STATE_HEAD + CFGBLK_STATE_CRC +
			 head.blocks * CFGBLK_STATE_BLOCK_MAX, GFP_KERNEL);
	if (!state)
		return NULL;
	end = cfgblk_store_pack(&vf->store, state + CFGBLK_STATE_HEAD);
	*len = end - state + CFGBLK_STATE_CRC;
	cfgblk_state_pack_head(&head, *len, state);
	cfgblk_state_pack_crc(save_crc(state, end - state), end);
	return state;
}

/**
 * cfgblk_pf_save_vf - the state of a VF's end of the channel
 * @vf: the VF, enabled or not.  While it runs, bits of the pending mask may be
 *	missing: restoring tells it to read all that is published anyhow
 * @len: receives its length, at most CFGBLK_STATE_MAX
 *
 * Context: process, may sleep.
 * Return: the state, to be freed with kvfree_sensitive(); NULL without memory.
 */
u8 *cfgblk_pf_save_vf(struct cfgblk_pf_vf *vf, size_t *len)
{
	u8 *state;

	mutex_lock(&vf->pf->admin);
	state = save_build(vf, len);
	mutex_unlock(&vf->pf->admin);
	return state;
}

static int save_to_user(struct cfgblk_state *save, const u8 *state, size_t len)
{
	size_t room = save->len;

	save->len = len;
	if (room < len)
		return -ENOBUFS;
	return copy_to_user(u64_to_user_ptr(save->addr), state, len) ?
		-EFAULT : 0;
}

/**
 * cfgblk_pf_save - CFGBLK_IOC_SAVE
 * @pf: the PF
 * @arg: struct cfgblk_state
 *
 * Context: process, may sleep.
 * Return: 0; -ENXIO; -ENOBUFS; -ENOMEM; -EFAULT.
 */
long cfgblk_pf_save(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_state save;
	size_t len;
	u8 *state;
	int err;

	if (copy_from_user(&save, arg, sizeof(save)))
		return -EFAULT;
	err = cfgblk_args_vf(save.vf, pf->total_vfs);
	if (!err)
		err = cfgblk_args_save(&save);
	if (err)
		return err;
	state = cfgblk_pf_save_vf(&pf->vfs[save.vf], &len);
	if (!state)
		return -ENOMEM;
	err = save_to_user(&save, state, len);
	kvfree_sensitive(state, len);
	if (copy_to_user(arg, &save, sizeof(save)))
		return -EFAULT;
	return err;
}

static int restore_blocks(struct cfgblk_store *store,
			  struct cfgblk_state_reader *reader)
{
	struct cfgblk_state_block block;
	int n;

	while ((n = cfgblk_state_next(reader, &block)) > 0) {
		int err = cfgblk_store_unpack(store, &block);

		if (err)
			return err;
	}
	return n;
}

/*
 * Under pf->admin: the old blocks give way in one step.  A VF that is reset
 * afterwards, or that speaks as another driver instance, finds what the expected
 * one wrote erased, as ever; what nobody is known to have written is erased now.
 */
static void restore_apply(struct cfgblk_pf_vf *vf, struct cfgblk_store *store,
			  const struct cfgblk_state_head *head)
{
	struct cfgblk_pf_link *link = &vf->link;

	/*
	 * A reset that was before this is over, and erases nothing of this.
	 * Without VFs the PF may be in a reset: its registers are not touched
	 */
	if (vf->pf->num_vfs)
		cfgblk_pf_hear(vf->pf);
	cfgblk_pf_link_off(link);
	cfgblk_pf_link_forget(link);
	cfgblk_store_replace(&vf->store, store);
	if (head->attached)
		cfgblk_pf_link_expect(link, head->instance);
	else
		cfgblk_store_erase_vf(&vf->store);
	if (link->vf < vf->pf->num_vfs)
		cfgblk_pf_link_on(link);
	cfgblk_pf_link_invalidate(link, head->pending | cfgblk_pf_published(vf));
}

/* Whole, undamaged, and of a VF driver that we could talk to */
static int restore_check(struct cfgblk_state_reader *reader,
			 struct cfgblk_state_head *head, const u8 *state,
			 size_t len)
{
	int err = cfgblk_state_frame(state, len);

	if (err)
		return err;
	if (save_crc(state, len - CFGBLK_STATE_CRC) !=
	    cfgblk_state_crc(state, len))
		return -EBADMSG;
	err = cfgblk_state_open(reader, head, state, len);
	if (err)
		return err;
	if (head->version && !cfgblk_version_agree(CFGBLK_VERSION_MIN,
						   CFGBLK_VERSION_MAX,
						   head->peer_min,
						   head->peer_max))
		return -EPROTONOSUPPORT;
	return 0;
}

/**
 * cfgblk_pf_restore_vf - make a VF's end of the channel what it was
 * @vf: the VF, enabled or not; if not, enabling it erases what the VF wrote
 * @state: what cfgblk_pf_save_vf() gave, here or elsewhere; not believed
 * @len: its length
 *
 * Context: process, may sleep.
 * Return: 0; otherwise nothing has changed: -EBADMSG; -EPROTONOSUPPORT;
 * -EINVAL; -ENOSPC; -ENOMEM.
 */
int cfgblk_pf_restore_vf(struct cfgblk_pf_vf *vf, const u8 *state, size_t len)
{
	struct cfgblk_state_reader reader;
	struct cfgblk_state_head head;
	struct cfgblk_store store;
	int err;

	err = restore_check(&reader, &head, state, len);
	if (!err)
		err = cfgblk_store_init(&store);
	if (err)
		return err;
	err = restore_blocks(&store, &reader);
	if (!err) {
		mutex_lock(&vf->pf->admin);
		restore_apply(vf, &store, &head);
		mutex_unlock(&vf->pf->admin);
	}
	cfgblk_store_fini(&store);
	return err;
}

/**
 * cfgblk_pf_restore - CFGBLK_IOC_RESTORE
 * @pf: the PF
 * @arg: struct cfgblk_state
 *
 * Context: process, may sleep.
 * Return: 0; -ENXIO; -EBADMSG; -EPROTONOSUPPORT; -EINVAL; -ENOSPC;
 * -ENOMEM; -EFAULT.
 */
long cfgblk_pf_restore(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_state restore;
	u8 *state;
	int err;

	if (copy_from_user(&restore, arg, sizeof(restore)))
		return -EFAULT;
	err = cfgblk_args_vf(restore.vf, pf->total_vfs);
	if (!err)
		err = cfgblk_args_restore(&restore);
	if (err)
		return err;
	state = vmemdup_user(u64_to_user_ptr(restore.addr), restore.len);
	if (IS_ERR(state))
		return PTR_ERR(state);
	err = cfgblk_pf_restore_vf(&pf->vfs[restore.vf], state, restore.len);
	kvfree_sensitive(state, restore.len);
	return err;
}
