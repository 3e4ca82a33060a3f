// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments of the PF's commands: what user space may say
 */
#include <linux/errno.h>

#include "args.h"

#define ACCESS_ALL	(CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE)

/**
 * cfgblk_args_vf - is it one VF that the device can have?
 * @vf: VF id
 * @total_vfs: VFs that the device can have
 *
 * Context: any.
 * Return: 0; -ENXIO.
 */
int cfgblk_args_vf(u32 vf, unsigned int total_vfs)
{
	return vf < total_vfs ? 0 : -ENXIO;
}

/**
 * cfgblk_args_range - which VFs is it for?
 * @vf: VF id, or CFGBLK_VF_ALL
 * @total_vfs: VFs that the device can have, fewer than CFGBLK_VF_ALL
 * @range: receives them
 *
 * Context: any.
 * Return: 0; -ENXIO.
 */
int cfgblk_args_range(u32 vf, unsigned int total_vfs,
		      struct cfgblk_vf_range *range)
{
	if (vf == CFGBLK_VF_ALL) {
		*range = (struct cfgblk_vf_range){ 0, total_vfs };
		return 0;
	}
	*range = (struct cfgblk_vf_range){ vf, vf + 1 };
	return cfgblk_args_vf(vf, total_vfs);
}

static int args_len(u32 len)
{
	if (!len)
		return -EINVAL;
	return len > CFGBLK_BLOCK_MAX ? -EMSGSIZE : 0;
}

/**
 * cfgblk_args_read - CFGBLK_IOC_READ
 * @io: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL; -EMSGSIZE.
 */
int cfgblk_args_read(const struct cfgblk_block_io *io)
{
	return io->flags ? -EINVAL : args_len(io->len);
}

/**
 * cfgblk_args_write - CFGBLK_IOC_WRITE
 * @io: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL; -EMSGSIZE.
 */
int cfgblk_args_write(const struct cfgblk_block_io *io)
{
	return io->flags & ~CFGBLK_WRITE_QUIET ? -EINVAL : args_len(io->len);
}

/**
 * cfgblk_args_define - CFGBLK_IOC_DEFINE
 * @define: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int cfgblk_args_define(const struct cfgblk_define *define)
{
	if (!define->size || define->size > CFGBLK_BLOCK_MAX)
		return -EINVAL;
	return define->access && !(define->access & ~ACCESS_ALL) ? 0 : -EINVAL;
}

/**
 * cfgblk_args_undefine - CFGBLK_IOC_UNDEFINE
 * @define: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int cfgblk_args_undefine(const struct cfgblk_define *define)
{
	return define->size || define->access ? -EINVAL : 0;
}

static bool limit_valid(const struct cfgblk_limit *limit)
{
	if (!limit->per_second)
		return !limit->burst;
	return limit->per_second >= CFGBLK_LIMIT_RATE_MIN &&
	       limit->per_second <= CFGBLK_LIMIT_RATE_MAX &&
	       limit->burst && limit->burst <= CFGBLK_LIMIT_BURST_MAX;
}

/**
 * cfgblk_args_limit - CFGBLK_IOC_LIMIT, to set or to tell
 * @limit: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int cfgblk_args_limit(const struct cfgblk_limit *limit)
{
	if (limit->flags == CFGBLK_LIMIT_SET)
		return limit_valid(limit) ? 0 : -EINVAL;
	return limit->flags || limit->per_second || limit->burst ? -EINVAL : 0;
}

/**
 * cfgblk_args_save - CFGBLK_IOC_SAVE
 * @state: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int cfgblk_args_save(const struct cfgblk_state *state)
{
	return state->flags || state->reserved ? -EINVAL : 0;
}

/**
 * cfgblk_args_restore - CFGBLK_IOC_RESTORE
 * @state: its structure
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int cfgblk_args_restore(const struct cfgblk_state *state)
{
	if (!state->len || state->len > CFGBLK_STATE_MAX)
		return -EINVAL;
	return cfgblk_args_save(state);
}
