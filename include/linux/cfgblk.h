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

struct pci_dev;

/* For a VF bound to cfgblk_vf */
int cfgblk_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned);
int cfgblk_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id);
int cfgblk_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask));
void cfgblk_unreg_block_invalidate(struct pci_dev *dev);

/* For a PF bound to cfgblk_pf */
int cfgblk_enable_virtualization(struct pci_dev *dev, u16 num_vfs,
				 bool vf_migration, bool migration_interrupt,
				 bool enable);
void cfgblk_invalidate(struct pci_dev *dev, u16 vf, u64 block_mask);

#endif /* _LINUX_CFGBLK_H */
