// SPDX-License-Identifier: GPL-2.0
/* What sysfs knows of a PCI device */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

#ifndef SYSFS_DEVICES
#define SYSFS_DEVICES	"/sys/bus/pci/devices"
#endif

bool sysfs_has_device(const char *address)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s", address);
	return !access(path, F_OK);
}

/* The last part of what a link of the device points to: a driver, a function */
bool sysfs_link(const char *address, const char *link, char *name, size_t room)
{
	char path[PATH_MAX], to[PATH_MAX];
	const char *slash;
	ssize_t n;

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s/%s", address, link);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return false;
	to[n] = '\0';
	slash = strrchr(to, '/');
	snprintf(name, room, "%s", slash ? slash + 1 : to);
	return true;
}

/* The PCI address of a PF's VF, while it is enabled */
bool sysfs_virtfn(const char *address, __u32 vf, char *name, size_t room)
{
	char link[24];

	snprintf(link, sizeof(link), "virtfn%u", vf);
	return sysfs_link(address, link, name, room);
}
