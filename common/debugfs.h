/* SPDX-License-Identifier: GPL-2.0 */
/*
 * debugfs: a directory for each device, a file in it for each link
 */
#ifndef CFGBLK_DEBUGFS_H
#define CFGBLK_DEBUGFS_H

struct cfgblk_journal;
struct cfgblk_pf_link;
struct cfgblk_vf_link;
struct dentry;
struct device;
struct seq_file;

void cfgblk_debugfs_init(void);
void cfgblk_debugfs_exit(void);
struct dentry *cfgblk_debugfs_dir(const struct device *dev);

/* link_show.c */
void cfgblk_pf_link_show(struct seq_file *seq, struct cfgblk_pf_link *link);
void cfgblk_vf_link_show(struct seq_file *seq, struct cfgblk_vf_link *link);
void cfgblk_journal_show(struct seq_file *seq, struct cfgblk_journal *journal);

#endif /* CFGBLK_DEBUGFS_H */
