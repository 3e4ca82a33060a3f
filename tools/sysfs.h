/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_SYSFS_H
#define TOOLS_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

bool sysfs_has_device(const char *address);
bool sysfs_is_pf(const char *address);
bool sysfs_is_no_card(const char *address);
bool sysfs_link(const char *address, const char *link, char *name, size_t room);
char sysfs_parameter(const char *module, const char *name);
bool sysfs_virtfn(const char *address, __u32 vf, char *name, size_t room);
int sysfs_reset_vf(const char *address, __u32 vf);

#endif
