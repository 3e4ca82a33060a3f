// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: the kernel's hyperv_*_cfg_blk()
 *
 * They are looked up when a VF on Hyper-V is bound: a machine without the module
 * pci-hyperv-intf does not need it for other VFs.
 */
#include <linux/errno.h>
#include <linux/module.h>

#include "host.h"
#include "hyperv_intf.h"

static void intf_put(void)
{
	symbol_put(hyperv_read_cfg_blk);
	symbol_put(hyperv_write_cfg_blk);
	symbol_put(hyperv_reg_block_invalidate);
}

/**
 * cfgblk_hyperv_find - find the kernel's functions
 * @functions: receives them
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP if the kernel does not have them, or not yet.
 */
int cfgblk_hyperv_find(struct cfgblk_host_functions *functions)
{
	functions->read = symbol_get(hyperv_read_cfg_blk);
	if (!functions->read)
		return -EOPNOTSUPP;
	functions->write = symbol_get(hyperv_write_cfg_blk);
	if (!functions->write)
		goto err_read;
	functions->listen = symbol_get(hyperv_reg_block_invalidate);
	if (!functions->listen)
		goto err_write;
	functions->put = intf_put;
	return 0;

err_write:
	symbol_put(hyperv_write_cfg_blk);
err_read:
	symbol_put(hyperv_read_cfg_blk);
	return -EOPNOTSUPP;
}
