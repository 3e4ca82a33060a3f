/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_IN_H
#define TOOLS_IN_H

#include <stddef.h>
#include <linux/types.h>

int in_read(int fd, const char *name, __u8 *data, size_t room, size_t *len);

#endif
