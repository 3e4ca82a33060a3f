/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_SHOW_H
#define TOOLS_SHOW_H

#include "dev.h"
#include "sysfs.h"

int show_link(const struct dev *dev, __u32 vf, struct cfgblk_link_info *link);
int show_json(const struct dev *dev, __u32 vf);

/* Blocks with neighbouring ids, of neighbouring VFs, that are all the same */
struct run {
	__u32 vf, last_vf;
	__u32 block, last_block;
	__u32 size, access, len, writer;
};

/* The runs from @group to @current are those of the last VFs that are equal */
struct blocks {
	struct run *runs;
	size_t n;
	size_t group;
	size_t current;		/* where those of the VF under way begin */
};

int show_blocks_take(const struct dev *dev, __u32 vf, void *blocks);
void show_blocks(const struct dev *dev, __u32 vf, struct blocks *b);

#endif
