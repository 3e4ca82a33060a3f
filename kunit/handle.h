/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: a device node, used as a process of user space would
 */
#ifndef CFGBLK_KUNIT_HANDLE_H
#define CFGBLK_KUNIT_HANDLE_H

#include <linux/types.h>

struct cfgblk_node;
struct kunit;
struct handle;

struct handle *handle_new(struct kunit *test, struct cfgblk_node *node);
void handle_free(struct handle *handle);
int handle_open(struct handle *handle);
void handle_close(struct handle *handle);
long handle_ioctl(struct handle *handle, unsigned int cmd, void *arg);

#endif /* CFGBLK_KUNIT_HANDLE_H */
