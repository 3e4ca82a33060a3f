/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's module pci-hyperv-intf exports
 *
 * As in linux/hyperv.h, which is for architectures that Hyper-V runs on.
 */
#ifndef CFGBLK_VF_HYPERV_INTF_H
#define CFGBLK_VF_HYPERV_INTF_H

#include <linux/types.h>

struct pci_dev;

int hyperv_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned);
int hyperv_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id);
int hyperv_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask));

struct hyperv_pci_block_ops {
	int (*read_block)(struct pci_dev *dev, void *buf, unsigned int buf_len,
			  unsigned int block_id, unsigned int *bytes_returned);
	int (*write_block)(struct pci_dev *dev, void *buf, unsigned int len,
			   unsigned int block_id);
	int (*reg_blk_invalidate)(struct pci_dev *dev, void *context,
				  void (*block_invalidate)(void *context,
							   u64 block_mask));
};

extern struct hyperv_pci_block_ops hvpci_block_ops;

#endif /* CFGBLK_VF_HYPERV_INTF_H */
