// SPDX-License-Identifier: GPL-2.0
/* What sysfs knows of a PCI device */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sysfs.h"

#ifndef SYSFS_MODULES
#define SYSFS_MODULES	"/sys/module"
#endif

#ifndef SYSFS_DEVICES
#define SYSFS_DEVICES	"/sys/bus/pci/devices"
#endif

bool sysfs_has_device(const char *address)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s", address);
	return !access(path, F_OK);
}

/* Only a PF has this file */
bool sysfs_is_pf(const char *address)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s/sriov_totalvfs", address);
	return !access(path, F_OK);
}

/* A device that says of itself that it is no network controller (class 2) */
bool sysfs_is_no_card(const char *address)
{
	char path[PATH_MAX];
	unsigned int class;
	bool told;
	FILE *file;

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s/class", address);
	file = fopen(path, "r");
	if (!file)
		return false;
	told = fscanf(file, "%x", &class) == 1;
	fclose(file);
	return told && class >> 16 != 0x02;
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

/* First character of a parameter of a loaded module, or '\0' */
char sysfs_parameter(const char *module, const char *name)
{
	char path[PATH_MAX];
	int value = EOF;
	FILE *file;

	snprintf(path, sizeof(path), SYSFS_MODULES "/%s/parameters/%s", module,
		 name);
	file = fopen(path, "r");
	if (file) {
		value = getc(file);
		fclose(file);
	}
	return value == EOF ? '\0' : value;
}

/* The PCI address of a PF's VF, while it is enabled */
bool sysfs_virtfn(const char *address, __u32 vf, char *name, size_t room)
{
	char link[24];

	snprintf(link, sizeof(link), "virtfn%u", vf);
	return sysfs_link(address, link, name, room);
}

/* Has the kernel reset a PF's VF; 0, or the errno */
int sysfs_reset_vf(const char *address, __u32 vf)
{
	char path[PATH_MAX];
	int fd, error = 0;

	snprintf(path, sizeof(path), SYSFS_DEVICES "/%s/virtfn%u/reset",
		 address, vf);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, "1", 1) != 1)
		error = errno;
	close(fd);
	return error;
}
