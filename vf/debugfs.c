// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: debugfs cfgblk/<pci address>/link
 */
#include <linux/debugfs.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "transport.h"
#include "vf.h"

static int link_show(struct seq_file *seq, void *unused)
{
	struct cfgblk_vf *vf = seq->private;

	vf->transport->show(vf, seq);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(link);

/**
 * cfgblk_vf_debugfs_add - let people look into the link
 * @vf: the VF
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_debugfs_add(struct cfgblk_vf *vf)
{
	vf->debugfs = cfgblk_debugfs_dir(&vf->pdev->dev);
	debugfs_create_file("link", 0400, vf->debugfs, vf, &link_fops);
}

/**
 * cfgblk_vf_debugfs_remove - nobody looks any more
 * @vf: the VF
 *
 * Context: process, may sleep: waits for who is reading.
 */
void cfgblk_vf_debugfs_remove(struct cfgblk_vf *vf)
{
	debugfs_remove(vf->debugfs);
}
