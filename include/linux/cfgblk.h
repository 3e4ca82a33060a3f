/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF configuration blocks: the kernel interface
 *
 * The four calls of a VF take what the kernel's hyperv_*_cfg_blk() functions
 * take, in the same order, so that a driver moves over by renaming.
 */
#ifndef _LINUX_CFGBLK_H
#define _LINUX_CFGBLK_H

#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

struct cfgblk_call;
struct cfgblk_provider;
struct pci_dev;

/**
 * typedef cfgblk_done_t - a read or write that nobody waits for has ended
 * @context: what was given with it
 * @err: 0 or a negative errno as in struct cfgblk_block_io
 * @bytes_returned: bytes read or written, 0 with @err
 *
 * Called once, from a work item of the VF that calls one after the other: it may
 * sleep, but should not for long.  It may begin other calls that nobody waits
 * for; one that waits is -EDEADLK here.  Who unbinds the VF's driver, resets the
 * VF or puts it to sleep waits until this has returned, with the VF's device lock
 * held: so it may not take that lock, or wait for who holds it, or do any of these.
 */
typedef void (*cfgblk_done_t)(void *context, int err,
			      unsigned int bytes_returned);

/* For a VF bound to cfgblk_vf, whose driver may go meanwhile: -ENODEV then */
int cfgblk_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned);
int cfgblk_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id);
int cfgblk_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask));
void cfgblk_unreg_block_invalidate(struct pci_dev *dev);
void cfgblk_unreg_own_block_invalidate(struct pci_dev *dev, void *context,
				       void (*block_invalidate)(void *context,
								u64 block_mask));

/* The same, and nobody waits */
struct cfgblk_call *cfgblk_read_async(struct pci_dev *dev, void *buf,
				      unsigned int buf_len,
				      unsigned int block_id,
				      cfgblk_done_t done, void *context);
struct cfgblk_call *cfgblk_write_async(struct pci_dev *dev, const void *buf,
				       unsigned int len, unsigned int block_id,
				       cfgblk_done_t done, void *context);
bool cfgblk_cancel(struct pci_dev *dev, struct cfgblk_call *call);
void cfgblk_call_put(struct cfgblk_call *call);

/**
 * struct cfgblk_provider_ops - who answers for blocks, before the built-in
 * store does
 * @read: fill @buf with at most @len bytes of a block.  Returns their number,
 *	1..@len; or a negative errno that the VF is told, -ENOENT if the block is
 *	not the provider's: the store is asked then
 * @write: take @len bytes for a block, whole or not at all.  Returns 0 or a
 *	negative errno, as above
 * @came: a VF driver is there; each but the first time after @went.  May be NULL
 * @went: it is gone, or the provider is; forget what it wrote.  May be NULL
 * @published: block mask of what a VF that knows nothing has to read; asked for
 *	also before it came.  May be NULL
 * @gone: the PF is gone, and nothing of this is called any more.  Until this has
 *	returned the provider may call cfgblk_invalidate().  May be NULL
 *
 * All may sleep for a short time that is bounded, wait for nothing in user space
 * and do not take the PF's device lock: the next message of the VF waits for
 * them, so does whoever turns VFs off, resets or unbinds the PF or restores a
 * state; and until they return, what a VF that was reset meanwhile has in its
 * mailbox stays there.  They run on a queue that is there to free memory
 * (WQ_MEM_RECLAIM).  For one VF they are called one after the other, for several
 * VFs at once.  They may call cfgblk_invalidate(), and nothing else that is here.
 *
 * Which VF it is was told by the mailbox; block, length and bytes are the VF's
 * word, and nothing is checked but that the length is 1..CFGBLK_BLOCK_MAX.  The
 * host's commands see the store alone: blocks of a provider are in no list, no
 * event and no saved state.
 */
struct cfgblk_provider_ops {
	int (*read)(void *ctx, u16 vf, u32 block, void *buf, unsigned int len);
	int (*write)(void *ctx, u16 vf, u32 block, const void *buf,
		     unsigned int len);
	void (*came)(void *ctx, u16 vf);
	void (*went)(void *ctx, u16 vf);
	u64 (*published)(void *ctx, u16 vf);
	void (*gone)(void *ctx);
};

/* For a PF bound to cfgblk_pf */
int cfgblk_enable_virtualization(struct pci_dev *dev, u16 num_vfs,
				 bool vf_migration, bool migration_interrupt,
				 bool enable);
void cfgblk_invalidate(struct pci_dev *dev, u16 vf, u64 block_mask);
struct cfgblk_provider *
cfgblk_register_provider(struct pci_dev *dev,
			 const struct cfgblk_provider_ops *ops, void *ctx);
void cfgblk_unregister_provider(struct cfgblk_provider *provider);

#endif /* _LINUX_CFGBLK_H */
