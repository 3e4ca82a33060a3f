/* SPDX-License-Identifier: GPL-2.0 */
/* A PF that remembers, in the file FAKE_STORE, from run to run */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include <linux/cfgblk.h>

#define TOTAL_VFS	4

/* Each returns an errno; the arguments are valid */
int store_define(const struct cfgblk_define *d, int undefine);
int store_next_block(struct cfgblk_block_info *b);
int store_io(struct cfgblk_block_io *io, int write);
int store_limit(struct cfgblk_limit *limit);

#endif
