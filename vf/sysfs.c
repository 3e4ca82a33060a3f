// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: what sysfs shows of a VF, for scripts and udev rules
 *
 * Documentation/ABI/testing/sysfs-class-cfgblk
 */
#include <linux/device.h>
#include <linux/sysfs.h>
#include <uapi/linux/cfgblk.h>

#include "node.h"
#include "transport.h"
#include "vf.h"

static const char *const states[] = {
	[CFGBLK_LINK_DOWN] = "down",
	[CFGBLK_LINK_UP] = "up",
	[CFGBLK_LINK_REFUSED] = "refused",
};

static const char *const transports[] = {
	[CFGBLK_TRANSPORT_MAILBOX] = "mailbox",
	[CFGBLK_TRANSPORT_HYPERV] = "hyperv",
};

static struct cfgblk_link_info vf_link_info(struct device *dev)
{
	struct cfgblk_vf *vf = cfgblk_node_ctx(dev);
	struct cfgblk_link_info info = {};

	vf->transport->link(vf, &info);
	return info;
}

static ssize_t role_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "vf\n");
}
static DEVICE_ATTR_RO(role);

static ssize_t transport_show(struct device *dev, struct device_attribute *attr,
			      char *buf)
{
	struct cfgblk_vf *vf = cfgblk_node_ctx(dev);
	struct cfgblk_info info = {};

	vf->transport->info(vf, &info);
	return sysfs_emit(buf, "%s\n", transports[info.transport]);
}
static DEVICE_ATTR_RO(transport);

static ssize_t state_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	return sysfs_emit(buf, "%s\n", states[vf_link_info(dev).state]);
}
static DEVICE_ATTR_RO(state);

static ssize_t version_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%u\n", vf_link_info(dev).version);
}
static DEVICE_ATTR_RO(version);

static ssize_t vf_id_show(struct device *dev, struct device_attribute *attr,
			  char *buf)
{
	struct cfgblk_link_info info = vf_link_info(dev);

	return sysfs_emit(buf, "%d\n",
			  info.vf == CFGBLK_VF_ALL ? -1 : (int)info.vf);
}
static DEVICE_ATTR_RO(vf_id);

static struct attribute *cfgblk_vf_attrs[] = {
	&dev_attr_role.attr,
	&dev_attr_transport.attr,
	&dev_attr_state.attr,
	&dev_attr_version.attr,
	&dev_attr_vf_id.attr,
	NULL
};

static const struct attribute_group vf_group = {
	.attrs = cfgblk_vf_attrs,
};

const struct attribute_group *cfgblk_vf_groups[] = {
	&vf_group,
	NULL
};
