// SPDX-License-Identifier: GPL-2.0
/*
 * Test: the kernel's module of that name, where the kernel does not have it
 */
#include <linux/errno.h>
#include <linux/module.h>

#include "hyperv_intf.h"

struct hyperv_pci_block_ops hvpci_block_ops;
EXPORT_SYMBOL_GPL(hvpci_block_ops);

int hyperv_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned)
{
	if (!hvpci_block_ops.read_block)
		return -EOPNOTSUPP;
	return hvpci_block_ops.read_block(dev, buf, buf_len, block_id,
					  bytes_returned);
}
EXPORT_SYMBOL_GPL(hyperv_read_cfg_blk);

int hyperv_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id)
{
	if (!hvpci_block_ops.write_block)
		return -EOPNOTSUPP;
	return hvpci_block_ops.write_block(dev, buf, len, block_id);
}
EXPORT_SYMBOL_GPL(hyperv_write_cfg_blk);

int hyperv_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask))
{
	if (!hvpci_block_ops.reg_blk_invalidate)
		return -EOPNOTSUPP;
	return hvpci_block_ops.reg_blk_invalidate(dev, context,
						  block_invalidate);
}
EXPORT_SYMBOL_GPL(hyperv_reg_block_invalidate);

MODULE_DESCRIPTION("Test: Hyper-V's configuration block calls");
MODULE_LICENSE("GPL");
