/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arguments of the PF's commands: what user space may say
 *
 * Each looks at a copy of the structure, and at nothing else.  This file and
 * args.c know nothing of the kernel but its types.
 */
#ifndef CFGBLK_PF_ARGS_H
#define CFGBLK_PF_ARGS_H

#include <linux/types.h>
#include <uapi/linux/cfgblk.h>

/**
 * struct cfgblk_vf_range - VFs that a command is for
 * @first: the first
 * @end: the one behind the last
 */
struct cfgblk_vf_range {
	unsigned int first;
	unsigned int end;
};

int cfgblk_args_vf(u32 vf, unsigned int total_vfs);
int cfgblk_args_range(u32 vf, unsigned int total_vfs,
		      struct cfgblk_vf_range *range);
int cfgblk_args_read(const struct cfgblk_block_io *io);
int cfgblk_args_write(const struct cfgblk_block_io *io);
int cfgblk_args_define(const struct cfgblk_define *define);
int cfgblk_args_undefine(const struct cfgblk_define *define);
int cfgblk_args_limit(const struct cfgblk_limit *limit);
int cfgblk_args_save(const struct cfgblk_state *state);
int cfgblk_args_restore(const struct cfgblk_state *state);

#endif /* CFGBLK_PF_ARGS_H */
