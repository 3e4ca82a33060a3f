// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: what sysfs shows of a PF, for scripts and udev rules
 *
 * Documentation/ABI/testing/sysfs-class-cfgblk
 */
#include <linux/device.h>
#include <linux/sysfs.h>

#include "maps.h"
#include "node.h"
#include "pf.h"

static ssize_t role_show(struct device *dev, struct device_attribute *attr,
			 char *buf)
{
	return sysfs_emit(buf, "pf\n");
}
static DEVICE_ATTR_RO(role);

static ssize_t map_show(struct device *dev, struct device_attribute *attr,
			char *buf)
{
	const struct cfgblk_pf *pf = cfgblk_node_ctx(dev);

	return sysfs_emit(buf, "%s\n", pf->map->name);
}
static DEVICE_ATTR_RO(map);

static ssize_t attached_show(struct device *dev, struct device_attribute *attr,
			     char *buf)
{
	const struct cfgblk_pf *pf = cfgblk_node_ctx(dev);
	unsigned int i, n = 0;

	for (i = 0; i < pf->total_vfs; i++)
		n += READ_ONCE(pf->vfs[i].link.version) != 0;
	return sysfs_emit(buf, "%u\n", n);
}
static DEVICE_ATTR_RO(attached);

static ssize_t limited_show(struct device *dev, struct device_attribute *attr,
			    char *buf)
{
	const struct cfgblk_pf *pf = cfgblk_node_ctx(dev);
	unsigned int i, n = 0;

	for (i = 0; i < pf->total_vfs; i++)
		n += cfgblk_pf_link_limited(&pf->vfs[i].link);
	return sysfs_emit(buf, "%u\n", n);
}
static DEVICE_ATTR_RO(limited);

static struct attribute *cfgblk_pf_attrs[] = {
	&dev_attr_role.attr,
	&dev_attr_map.attr,
	&dev_attr_attached.attr,
	&dev_attr_limited.attr,
	NULL
};

static const struct attribute_group pf_group = {
	.attrs = cfgblk_pf_attrs,
};

const struct attribute_group *cfgblk_pf_groups[] = {
	&pf_group,
	NULL
};
