// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: commands of the device node
 */
#include <linux/cfgblk.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "node.h"
#include "transport.h"
#include "vf.h"

static long vf_info(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_info info = {
		.role = CFGBLK_ROLE_VF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_VF,
		.block_max = CFGBLK_BLOCK_MAX,
		.partition = cfgblk_vf_in_parent(vf->pdev) ?
			     CFGBLK_PARTITION_PARENT : CFGBLK_PARTITION_CHILD,
		.outstanding_max = CFGBLK_VF_CALLS_MAX,
	};

	vf->transport->info(vf, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long vf_link_info(struct cfgblk_vf *vf, void __user *arg)
{
	struct cfgblk_link_info info;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.vf || info.limited)
		return -EINVAL;
	memset(&info, 0, sizeof(info));
	info.enabled = 1;
	info.pending = cfgblk_node_kept(vf->node);
	vf->transport->link(vf, &info);
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
	if (stats.vf || stats.reserved ||
	    memchr_inv(stats.spare, 0, sizeof(stats.spare)))
		return -EINVAL;
	memset(&stats, 0, sizeof(stats));
	vf->transport->stats(vf, &stats);
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
