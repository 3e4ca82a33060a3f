// SPDX-License-Identifier: GPL-2.0
/* A function's device node: finding it, opening it, asking what it is */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "call.h"
#include "cmd.h"
#include "dev.h"
#include "errors.h"
#include "sysfs.h"

/* A PCI address, or the path of a node, whose name should be one */
static int dev_name(struct dev *dev, const char *word, char *path, size_t room)
{
	const char *slash = strrchr(word, '/');

	dev->name = word;
	if (parse_address(slash ? slash + 1 : word, dev->address))
		dev->address[0] = '\0';
	else
		dev->name = dev->address;
	if (slash)
		snprintf(path, room, "%s", word);
	else
		snprintf(path, room, DEV_DIR "/%s", dev->address);
	if (slash || dev->address[0])
		return STATUS_DONE;
	complain(NULL, "'%s' is neither a PCI address (0000:01:00.0) nor the "
		 "path of a node (" DEV_DIR "/...)", word);
	return STATUS_USAGE;
}

/* A VF whose PF is in this system is only driven if that was asked for */
static const char *bind_options(const struct dev *dev, const char *pf)
{
	return !sysfs_is_pf(dev->address) && *pf ? " allow_parent=1" : "";
}

static const char *bind_driver(const struct dev *dev)
{
	return sysfs_is_pf(dev->address) ? "cfgblk_pf" : "cfgblk_vf";
}

static void explain_unbound(const struct dev *dev, const char *pf)
{
	const char *driver = bind_driver(dev);

	if (*pf && sysfs_parameter("cfgblk_vf", "allow_parent") == 'N')
		complain(dev, "no driver has it: its PF is in this system, and "
			 "cfgblk_vf was loaded without allow_parent=1 (ENOENT); "
			 "as root: rmmod cfgblk_vf; modprobe cfgblk_vf "
			 "allow_parent=1");
	else
		complain(dev, "no driver has it (ENOENT); if %s(4) names this "
			 "card, as root: modprobe %s%s; echo %s > "
			 "/sys/bus/pci/devices/%s/driver_override; echo %s > "
			 "/sys/bus/pci/drivers_probe", driver, driver,
			 bind_options(dev, pf), driver, dev->address,
			 dev->address);
}

/* Taking it from there waits for the guest, and nothing can end that wait */
static void explain_guest(const struct dev *dev, const char *driver,
			  const char *pf)
{
	if (*pf)
		complain(dev, "%s has it, for a guest (ENOENT); use it in the "
			 "guest, and in the host its PF: %s", driver, pf);
	else
		complain(dev, "%s has it, for a guest (ENOENT); use it in the "
			 "guest", driver);
}

/* That driver may be what connects this system to whoever reads the message */
static void explain_other(const struct dev *dev, const char *other,
			  const char *pf)
{
	const char *driver = bind_driver(dev);

	complain(dev, "another driver, %s, has it (ENOENT); if %s(4) names this "
		 "card and nobody needs its network, as root: modprobe %s%s; "
		 "echo %s > /sys/bus/pci/devices/%s/driver_override; "
		 "echo %s > /sys/bus/pci/drivers/%s/unbind; "
		 "echo %s > /sys/bus/pci/drivers_probe", other, driver, driver,
		 bind_options(dev, pf), driver, dev->address, dev->address,
		 other, dev->address);
}

static bool is_ours(const char *driver)
{
	return !strcmp(driver, "cfgblk_pf") || !strcmp(driver, "cfgblk_vf");
}

/* The device is there, its node is not: who has it? */
static void explain_driver(const struct dev *dev)
{
	char driver[64], pf[ADDRESS_LEN];

	if (!sysfs_link(dev->address, "physfn", pf, sizeof(pf)))
		pf[0] = '\0';
	if (sysfs_is_no_card(dev->address))
		complain(dev, "this is no network card (ENOENT); "
			 "lspci -D lists them");
	else if (!sysfs_link(dev->address, "driver", driver, sizeof(driver)))
		explain_unbound(dev, pf);
	else if (is_ours(driver))
		complain(dev, "%s is bound to it, but its node is missing in "
			 DEV_DIR " (ENOENT); see whether udev runs and what "
			 "dmesg says", driver);
	else if (strstr(driver, "vfio"))
		explain_guest(dev, driver, pf);
	else
		explain_other(dev, driver, pf);
}

static void explain_open(const struct dev *dev, const char *path, int error)
{
	if (error == EACCES || error == EPERM)
		complain(dev, "no permission to open %s (%s); this needs root",
			 path, errno_name(error));
	else if (error != ENOENT && error != ENXIO && error != ENODEV)
		complain(dev, "cannot open %s: %s (%s)", path, strerror(error),
			 errno_name(error));
	else if (!dev->address[0])
		complain(dev, "there is no such node (%s); cfgblk list shows "
			 "those that there are", errno_name(error));
	else if (!sysfs_has_device(dev->address))
		complain(dev, "there is no PCI device with this address (%s); "
			 "lspci -D lists them", errno_name(error));
	else
		explain_driver(dev);
}

/* The map's name comes from the driver: nothing in it reaches a terminal raw */
static void clean_map(struct cfgblk_info *info)
{
	info->map[sizeof(info->map) - 1] = '\0';
	for (char *c = info->map; *c; c++) {
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
	}
}

static int dev_info(struct dev *dev)
{
	const struct call call = { .dev = dev, .request = CFGBLK_IOC_INFO };
	int status = call_driver(&call, &dev->info);

	if (!status && dev->info.role != CFGBLK_ROLE_PF &&
	    dev->info.role != CFGBLK_ROLE_VF) {
		complain(dev, "its driver says that it is neither PF nor VF "
			 "but %u (EPROTO); is this command older than the "
			 "driver?", dev->info.role);
		status = STATUS_FAILED;
	}
	clean_map(&dev->info);
	return status;
}

/* Says on standard error what went wrong; returns an exit status */
int dev_open(struct dev *dev, const char *word)
{
	char path[PATH_MAX];
	int status;

	memset(dev, 0, sizeof(*dev));
	dev->fd = -1;
	status = dev_name(dev, word, path, sizeof(path));
	if (status)
		return status;
	do {
		dev->fd = open(path, O_RDWR | O_CLOEXEC);
	} while (dev->fd < 0 && errno == EINTR);
	if (dev->fd < 0) {
		explain_open(dev, path, errno);
		return STATUS_FAILED;
	}
	status = dev_info(dev);
	if (status)
		dev_close(dev);
	return status;
}

void dev_close(struct dev *dev)
{
	close(dev->fd);
}

/* Opens the function, does something with it, closes it */
int dev_run(const char *word, int (*run)(const struct dev *dev, void *data),
	    void *data)
{
	struct dev dev;
	int status = dev_open(&dev, word);

	if (status)
		return status;
	status = run(&dev, data);
	dev_close(&dev);
	return status;
}

/* 0, or the errno */
int dev_ioctl(const struct dev *dev, unsigned long request, void *arg)
{
	int ret;

	do {
		ret = ioctl(dev->fd, request, arg);
	} while (ret < 0 && errno == EINTR);
	return ret < 0 ? errno : 0;
}

bool dev_is_pf(const struct dev *dev)
{
	return dev->info.role == CFGBLK_ROLE_PF;
}

/* On a VF: which one it is on its PF, if it has been told */
bool dev_vf_id(const struct dev *dev, __u32 *vf)
{
	struct cfgblk_link_info link = { 0 };

	if (dev_ioctl(dev, CFGBLK_IOC_LINK, &link) || link.vf == CFGBLK_VF_ALL)
		return false;
	*vf = link.vf;
	return true;
}
