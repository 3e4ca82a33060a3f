// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: a directory for each device
 *
 * As everywhere in the kernel, nobody looks whether debugfs is there: its calls
 * take the error of the one before.
 */
#include <linux/debugfs.h>
#include <linux/device.h>
#include <linux/export.h>

#include "debugfs.h"

static struct dentry *debugfs_root;

/**
 * cfgblk_debugfs_init - make the directory of cfgblk.ko
 *
 * Context: process, may sleep.
 */
void cfgblk_debugfs_init(void)
{
	debugfs_root = debugfs_create_dir("cfgblk", NULL);
}

/**
 * cfgblk_debugfs_exit - take it away
 *
 * Context: process, may sleep.
 */
void cfgblk_debugfs_exit(void)
{
	debugfs_remove(debugfs_root);
}

/**
 * cfgblk_debugfs_dir - make the directory of a device
 * @dev: the device
 *
 * Context: process, may sleep.
 * Return: the directory, to be taken away with debugfs_remove(), which waits for
 * who reads; or an error pointer, which that and debugfs_create_file() take.
 */
struct dentry *cfgblk_debugfs_dir(const struct device *dev)
{
	return debugfs_create_dir(dev_name(dev), debugfs_root);
}
EXPORT_SYMBOL_GPL(cfgblk_debugfs_dir);
