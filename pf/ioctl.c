// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: commands of the device node
 */
#include <linux/bottom_half.h>
#include <linux/cfgblk.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "args.h"
#include "mask.h"
#include "maps.h"
#include "node.h"
#include "pf.h"

static int one_vf(struct cfgblk_pf *pf, u32 vf, struct cfgblk_pf_vf **found)
{
	int err = cfgblk_args_vf(vf, pf->total_vfs);

	if (!err)
		*found = &pf->vfs[vf];
	return err;
}

static long pf_info(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_info info = {
		.role = CFGBLK_ROLE_PF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_PF,
		.block_max = CFGBLK_BLOCK_MAX,
		.version_min = CFGBLK_VERSION_MIN,
		.version_max = CFGBLK_VERSION_MAX,
		.total_vfs = pf->total_vfs,
		.num_vfs = READ_ONCE(pf->num_vfs),
	};

	if (!pf->map->tried)
		info.capabilities |= CFGBLK_CAP_UNTRIED;
	info.capabilities |= cfgblk_mmio_capabilities(&pf->vfs[0].mmio);
	strscpy(info.map, pf->map->name, sizeof(info.map));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static void pf_link_describe(struct cfgblk_pf *pf, struct cfgblk_pf_vf *vf,
			     struct cfgblk_link_info *info)
{
	const struct cfgblk_pf_link *link = &vf->link;

	memset(info, 0, sizeof(*info));
	info->vf = link->vf;
	info->enabled = link->vf < READ_ONCE(pf->num_vfs);
	info->version = READ_ONCE(link->version);
	info->state = info->version ? CFGBLK_LINK_UP : CFGBLK_LINK_DOWN;
	info->peer_min = READ_ONCE(link->peer_min);
	info->peer_max = READ_ONCE(link->peer_max);
	if (!info->version && info->peer_max &&
	    !cfgblk_version_agree(CFGBLK_VERSION_MIN, CFGBLK_VERSION_MAX,
				  info->peer_min, info->peer_max))
		info->state = CFGBLK_LINK_REFUSED;
	if (info->version) {
		info->features = READ_ONCE(link->features);
		info->epoch = READ_ONCE(link->epoch);
	}
	info->pending = atomic64_read(&link->pending);
	info->blocks = cfgblk_store_count(&vf->store);
	info->limited = cfgblk_pf_link_limited(link);
}

static long pf_link_info(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_link_info info;
	struct cfgblk_pf_vf *vf;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	if (info.limited)
		return -EINVAL;
	err = one_vf(pf, info.vf, &vf);
	if (err)
		return err;
	pf_link_describe(pf, vf, &info);
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long pf_read(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_block_io io;
	struct cfgblk_pf_vf *vf;
	int n;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	n = cfgblk_args_read(&io);
	if (!n)
		n = one_vf(pf, io.vf, &vf);
	if (n)
		return n;
	memset(io.data, 0, sizeof(io.data));
	n = cfgblk_store_peek(&vf->store, io.block, io.data, io.len);
	if (n < 0)
		return n;
	io.len = n;
	return copy_to_user(arg, &io, sizeof(io)) ? -EFAULT : 0;
}

/* Under pf->admin: for each VF of @range, or for none */
static int publish_check(struct cfgblk_pf *pf, const struct cfgblk_vf_range *range,
			 const struct cfgblk_block_io *io)
{
	unsigned int i;
	int err;

	for (i = range->first; i < range->end; i++) {
		err = cfgblk_store_fits(&pf->vfs[i].store, io->block, io->len);
		if (err)
			return err;
	}
	return 0;
}

static int pf_publish(struct cfgblk_pf *pf, const struct cfgblk_vf_range *range,
		      const struct cfgblk_block_io *io)
{
	u64 mask = io->flags & CFGBLK_WRITE_QUIET ? 0 : cfgblk_mask_of(io->block);
	unsigned int i;
	int err;

	mutex_lock(&pf->admin);
	err = publish_check(pf, range, io);
	/* The links tell their VFs at the end of this, as far as softirqs go */
	local_bh_disable();
	for (i = range->first; !err && i < range->end; i++) {
		cfgblk_store_publish(&pf->vfs[i].store, io->block, io->data,
				     io->len);
		cfgblk_pf_link_invalidate(&pf->vfs[i].link, mask);
	}
	mutex_unlock(&pf->admin);
	local_bh_enable();
	return err;
}

static long pf_write(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_block_io io;
	struct cfgblk_vf_range range;
	int err;

	if (copy_from_user(&io, arg, sizeof(io)))
		return -EFAULT;
	err = cfgblk_args_write(&io);
	if (!err)
		err = cfgblk_args_range(io.vf, pf->total_vfs, &range);
	return err ?: pf_publish(pf, &range, &io);
}

static void undo_define(struct cfgblk_pf *pf, const struct cfgblk_vf_range *range,
			unsigned int end, u32 block)
{
	while (end-- > range->first)
		cfgblk_store_undefine(&pf->vfs[end].store, block);
}

static int define_range(struct cfgblk_pf *pf, const struct cfgblk_vf_range *range,
			const struct cfgblk_define *define)
{
	unsigned int i;
	int err;

	for (i = range->first; i < range->end; i++) {
		err = cfgblk_store_define(&pf->vfs[i].store, define->block,
					  define->size, define->access);
		if (err) {
			undo_define(pf, range, i, define->block);
			return err;
		}
	}
	return 0;
}

static int undefine_range(struct cfgblk_pf *pf, const struct cfgblk_vf_range *range,
			  const struct cfgblk_define *define)
{
	unsigned int i;
	int err;

	for (i = range->first; i < range->end; i++) {
		err = cfgblk_store_fits(&pf->vfs[i].store, define->block, 0);
		if (err)
			return err;
	}
	for (i = range->first; i < range->end; i++)
		cfgblk_store_undefine(&pf->vfs[i].store, define->block);
	return 0;
}

static long pf_define(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_define define;
	struct cfgblk_vf_range range;
	int err;

	if (copy_from_user(&define, arg, sizeof(define)))
		return -EFAULT;
	err = cfgblk_args_define(&define);
	if (!err)
		err = cfgblk_args_range(define.vf, pf->total_vfs, &range);
	if (err)
		return err;
	mutex_lock(&pf->admin);
	err = define_range(pf, &range, &define);
	mutex_unlock(&pf->admin);
	return err;
}

static long pf_undefine(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_define define;
	struct cfgblk_vf_range range;
	int err;

	if (copy_from_user(&define, arg, sizeof(define)))
		return -EFAULT;
	err = cfgblk_args_undefine(&define);
	if (!err)
		err = cfgblk_args_range(define.vf, pf->total_vfs, &range);
	if (err)
		return err;
	mutex_lock(&pf->admin);
	err = undefine_range(pf, &range, &define);
	mutex_unlock(&pf->admin);
	return err;
}

static long pf_next_block(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_block_info info;
	struct cfgblk_pf_vf *vf;
	int err;

	if (copy_from_user(&info, arg, sizeof(info)))
		return -EFAULT;
	err = one_vf(pf, info.vf, &vf);
	if (!err)
		err = cfgblk_store_next(&vf->store, &info);
	if (err)
		return err;
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long pf_invalidate(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_invalidate invalidate;
	struct cfgblk_vf_range range;
	unsigned int i;
	int err;

	if (copy_from_user(&invalidate, arg, sizeof(invalidate)))
		return -EFAULT;
	if (invalidate.reserved)
		return -EINVAL;
	err = cfgblk_args_range(invalidate.vf, pf->total_vfs, &range);
	if (err)
		return err;
	/* As in pf_publish() */
	local_bh_disable();
	for (i = range.first; i < range.end; i++)
		cfgblk_pf_link_invalidate(&pf->vfs[i].link, invalidate.mask);
	local_bh_enable();
	return 0;
}

static long pf_stats(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_stats stats;
	struct cfgblk_pf_vf *vf;
	int err;

	if (copy_from_user(&stats, arg, sizeof(stats)))
		return -EFAULT;
	if (stats.reserved || memchr_inv(stats.spare, 0, sizeof(stats.spare)))
		return -EINVAL;
	err = one_vf(pf, stats.vf, &vf);
	if (err)
		return err;
	memset(&stats, 0, sizeof(stats));
	stats.vf = vf->link.vf;
	stats.interrupts = atomic64_read(&pf->interrupts);
	cfgblk_counters_show(&vf->link.counters, &stats);
	stats.limited += atomic64_read(&vf->storms);
	stats.polled = atomic64_read(&pf->polled);
	return copy_to_user(arg, &stats, sizeof(stats)) ? -EFAULT : 0;
}

static int limit_set(struct cfgblk_pf *pf, const struct cfgblk_limit *limit)
{
	struct cfgblk_vf_range range;
	unsigned int i;
	int err;

	err = cfgblk_args_range(limit->vf, pf->total_vfs, &range);
	if (err)
		return err;
	mutex_lock(&pf->admin);
	for (i = range.first; i < range.end; i++)
		cfgblk_rate_set(&pf->vfs[i].link.rate, limit->per_second,
				limit->burst);
	mutex_unlock(&pf->admin);
	return 0;
}

static int limit_tell(struct cfgblk_pf *pf, struct cfgblk_limit *limit)
{
	const struct cfgblk_rate *rate;
	struct cfgblk_pf_vf *vf;
	int err;

	err = one_vf(pf, limit->vf, &vf);
	if (err)
		return err;
	rate = &vf->link.rate;
	mutex_lock(&pf->admin);
	limit->per_second = rate->per_second;
	limit->burst = rate->burst;
	mutex_unlock(&pf->admin);
	return 0;
}

static long pf_limit(struct cfgblk_pf *pf, void __user *arg)
{
	struct cfgblk_limit limit;
	int err;

	if (copy_from_user(&limit, arg, sizeof(limit)))
		return -EFAULT;
	err = cfgblk_args_limit(&limit);
	if (err)
		return err;
	if (limit.flags == CFGBLK_LIMIT_SET)
		return limit_set(pf, &limit);
	err = limit_tell(pf, &limit);
	if (err)
		return err;
	return copy_to_user(arg, &limit, sizeof(limit)) ? -EFAULT : 0;
}

/**
 * cfgblk_pf_ioctl - a command of the device node
 * @ctx: the PF
 * @cmd: CFGBLK_IOC_*
 * @arg: its structure
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; -EPERM for a command of the VF's side,
 * -ENOTTY for an unknown one.
 */
long cfgblk_pf_ioctl(void *ctx, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case CFGBLK_IOC_INFO:
		return pf_info(ctx, arg);
	case CFGBLK_IOC_LINK:
		return pf_link_info(ctx, arg);
	case CFGBLK_IOC_READ:
		return pf_read(ctx, arg);
	case CFGBLK_IOC_WRITE:
		return pf_write(ctx, arg);
	case CFGBLK_IOC_DEFINE:
		return pf_define(ctx, arg);
	case CFGBLK_IOC_UNDEFINE:
		return pf_undefine(ctx, arg);
	case CFGBLK_IOC_NEXT_BLOCK:
		return pf_next_block(ctx, arg);
	case CFGBLK_IOC_INVALIDATE:
		return pf_invalidate(ctx, arg);
	case CFGBLK_IOC_STATS:
		return pf_stats(ctx, arg);
	case CFGBLK_IOC_LIMIT:
		return pf_limit(ctx, arg);
	case CFGBLK_IOC_SAVE:
		return cfgblk_pf_save(ctx, arg);
	case CFGBLK_IOC_RESTORE:
		return cfgblk_pf_restore(ctx, arg);
	case CFGBLK_IOC_ECHO:
		return -EPERM;
	default:
		return -ENOTTY;
	}
}
