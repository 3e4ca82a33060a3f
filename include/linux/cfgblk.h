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
struct pci_dev;

/**
 * typedef cfgblk_done_t - a read or write that nobody waits for has ended
 * @context: what was given with it
 * @err: 0 or a negative errno as in struct cfgblk_block_io
 * @bytes_returned: bytes read or written, 0 with @err
 *
 * Called once, from a work item that serves the whole VF, or from the unbinding
 * of its driver: it may sleep, but should not for long.  It may begin other
 * calls that nobody waits for; one that waits is -EDEADLK here (or says why the
 * VF is not there).
 */
typedef void (*cfgblk_done_t)(void *context, int err,
			      unsigned int bytes_returned);

/* For a VF bound to cfgblk_vf */
int cfgblk_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned);
int cfgblk_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id);
int cfgblk_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask));
void cfgblk_unreg_block_invalidate(struct pci_dev *dev);

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

/* For a PF bound to cfgblk_pf */
int cfgblk_enable_virtualization(struct pci_dev *dev, u16 num_vfs,
				 bool vf_migration, bool migration_interrupt,
				 bool enable);
void cfgblk_invalidate(struct pci_dev *dev, u16 vf, u64 block_mask);

#endif /* _LINUX_CFGBLK_H */
