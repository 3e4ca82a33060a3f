// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: commands of the device node
 */
#include <linux/cfgblk.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "maps.h"
#include "node.h"
#include "vf.h"

static long vf_info(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_info info = {
		.role = CFGBLK_ROLE_VF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_VF,
		.block_max = CFGBLK_BLOCK_MAX,
		.version_min = CFGBLK_VERSION_MIN,
		.version_max = CFGBLK_VERSION_MAX,
		.transport = CFGBLK_TRANSPORT_MAILBOX,
		.partition = cfgblk_vf_in_parent(vf->pdev) ?
			     CFGBLK_PARTITION_PARENT : CFGBLK_PARTITION_CHILD,
		.outstanding_max = CFGBLK_VF_CALLS_MAX,
	};

	if (!vf->map->tried)
		info.capabilities |= CFGBLK_CAP_UNTRIED;
	strscpy(info.map, vf->map->name, sizeof(info.map));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static u32 vf_link_state(const struct cfgblk_vf *vf)
{
	switch (READ_ONCE(vf->link.state)) {
	case CFGBLK_VF_DOWN:
	case CFGBLK_VF_KNOCKING:
	case CFGBLK_VF_GREETING:
		return CFGBLK_LINK_DOWN;
	case CFGBLK_VF_REFUSED:
		return CFGBLK_LINK_REFUSED;
	default:
		return CFGBLK_LINK_UP;
	}
}

static void vf_link_describe(struct cfgblk_vf *vf,
			     struct cfgblk_link_info *info)
{
	const struct cfgblk_welcome *welcome = &vf->link.welcome;

	memset(info, 0, sizeof(*info));
	info->state = vf_link_state(vf);
	info->enabled = 1;
	info->peer_min = READ_ONCE(welcome->min);
	info->peer_max = READ_ONCE(welcome->max);
	info->vf = info->peer_max ? READ_ONCE(welcome->vf) : CFGBLK_VF_ALL;
	if (info->state == CFGBLK_LINK_UP) {
		info->version = READ_ONCE(welcome->version);
		info->features = READ_ONCE(welcome->features);
		info->epoch = READ_ONCE(welcome->epoch);
	}
	info->pending = cfgblk_node_kept(vf->node);
}

static long vf_link_info(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_link_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.vf || info.limited)
		return -EINVAL;
	vf_link_describe(vf, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long vf_read(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_block_io io;
	int n;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	if (io.vf || io.flags)
		return -EINVAL;
	memset(io.data, 0, sizeof(io.data));
	n = cfgblk_vf_read(vf, io.block, io.data, io.len);
	if (n < 0)
		return n;
	io.len = n;
	return copy_to_user(arg, &io, sizeof(io)) ? -EFAULT : 0;
}

static long vf_write(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_block_io io;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	if (io.vf || io.flags)
		return -EINVAL;
	return cfgblk_vf_write(vf, io.block, io.data, io.len);
}

static long vf_echo(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_echo echo;
	int n;

	if (copy_from_user(&echo, arg, sizeof(echo)))
		return -EFAULT;
	if (echo.reserved)
		return -EINVAL;
	n = cfgblk_vf_echo(vf, echo.data, echo.len);
	if (n < 0)
		return n;
	memset(echo.data + n, 0, sizeof(echo.data) - n);
	echo.len = n;
	return copy_to_user(arg, &echo, sizeof(echo)) ? -EFAULT : 0;
}

static long vf_stats(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_stats stats;

	if (copy_from_user(&stats, arg, sizeof(stats)))
		return -EFAULT;
	if (stats.vf || stats.reserved)
		return -EINVAL;
	memset(&stats, 0, sizeof(stats));
	stats.interrupts = atomic64_read(&vf->interrupts);
	cfgblk_counters_show(&vf->link.counters, &stats);
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

/**
 * cfgblk_vf_ioctl - a command of the device node
 * @ctx: the VF
 * @cmd: CFGBLK_IOC_*
 * @arg: its structure
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; -EPERM for a command of the PF's side,
 * -ENOTTY for an unknown one.
 */
long cfgblk_vf_ioctl(void *ctx, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case CFGBLK_IOC_INFO:
		return vf_info(ctx, arg);
	case CFGBLK_IOC_LINK:
		return vf_link_info(ctx, arg);
	case CFGBLK_IOC_READ:
		return vf_read(ctx, arg);
	case CFGBLK_IOC_WRITE:
		return vf_write(ctx, arg);
	case CFGBLK_IOC_ECHO:
		return vf_echo(ctx, arg);
	case CFGBLK_IOC_STATS:
		return vf_stats(ctx, arg);
	case CFGBLK_IOC_DEFINE:
	case CFGBLK_IOC_UNDEFINE:
	case CFGBLK_IOC_NEXT_BLOCK:
	case CFGBLK_IOC_INVALIDATE:
	case CFGBLK_IOC_LIMIT:
	case CFGBLK_IOC_SAVE:
	case CFGBLK_IOC_RESTORE:
		return -EPERM;
	default:
		return -ENOTTY;
	}
}
