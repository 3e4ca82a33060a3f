/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hyperv_*_cfg_blk() over our calls
 */
#ifndef CFGBLK_HVIF_H
#define CFGBLK_HVIF_H

struct hyperv_pci_block_ops;

int cfgblk_hvif_offer(struct hyperv_pci_block_ops *ops);
void cfgblk_hvif_withdraw(void);

#endif /* CFGBLK_HVIF_H */
