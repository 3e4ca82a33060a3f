/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_WALK_H
#define TOOLS_WALK_H

#include "dev.h"

/* The names of all functions that have a node; a failed visit ends nothing */
int walk_functions(int (*visit)(const char *name, void *data), void *data);

/*
 * A PF's VFs, or the one that is asked for, and the blocks of one VF.  The
 * visitor returns an exit status; anything but STATUS_DONE ends the walk.
 */
int walk_vfs(const struct dev *dev, __u32 vf,
	     int (*visit)(const struct dev *dev, __u32 vf, void *data),
	     void *data);
int walk_blocks(const struct dev *dev, __u32 vf,
		int (*visit)(const struct cfgblk_block_info *block,
			     void *data),
		void *data);

#endif
