// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: debugfs cfgblk/<pci address>/vf<N>, the link of each VF
 */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/seq_file.h>

#include "debugfs.h"
#include "pf.h"

static int link_show(struct seq_file *seq, void *unused)
{
	cfgblk_pf_link_show(seq, seq->private);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(link);

/**
 * cfgblk_pf_debugfs_add - let people look into the links
 * @pf: the PF
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_debugfs_add(struct cfgblk_pf *pf)
{
	char name[sizeof("vf4294967295")];
	unsigned int i;

	pf->debugfs = cfgblk_debugfs_dir(&pf->pdev->dev);
	for (i = 0; i < pf->total_vfs; i++) {
		snprintf(name, sizeof(name), "vf%u", i);
		debugfs_create_file(name, 0400, pf->debugfs, &pf->vfs[i].link,
				    &link_fops);
	}
}

/**
 * cfgblk_pf_debugfs_remove - nobody looks any more
 * @pf: the PF
 *
 * Context: process, may sleep: waits for who is reading.
 */
void cfgblk_pf_debugfs_remove(struct cfgblk_pf *pf)
{
	debugfs_remove(pf->debugfs);
}
