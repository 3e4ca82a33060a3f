// SPDX-License-Identifier: GPL-2.0
/*
 * Status on the wire to errno and back: the one table
 *
 * Pure: no kernel dependency beyond types and errno numbers.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "status.h"

static const int status_errno[] = {
	[CFGBLK_STATUS_FAILED]		= -EIO,
	[CFGBLK_STATUS_NOT_ATTACHED]	= -ECONNRESET,
	[CFGBLK_STATUS_NO_BLOCK]	= -ENOENT,
	[CFGBLK_STATUS_NO_DATA]		= -ENODATA,
	[CFGBLK_STATUS_ACCESS]		= -EACCES,
	[CFGBLK_STATUS_TOO_LONG]	= -EMSGSIZE,
	[CFGBLK_STATUS_BUSY]		= -EBUSY,
	[CFGBLK_STATUS_NO_MEMORY]	= -ENOMEM,
	[CFGBLK_STATUS_UNSUPPORTED]	= -EOPNOTSUPP,
	[CFGBLK_STATUS_BAD_OP]		= -EBADRQC,
	[CFGBLK_STATUS_BAD_LENGTH]	= -EBADMSG,
	[CFGBLK_STATUS_BAD_FRAGMENT]	= -EILSEQ,
};

/**
 * cfgblk_status_to_errno - what a caller on the VF is told
 * @status: status from the wire
 *
 * Context: any.
 * Return: a negative errno; -EIO for a status that is unknown here.
 */
int cfgblk_status_to_errno(u8 status)
{
	return status < ARRAY_SIZE(status_errno) ? status_errno[status] : -EIO;
}

/**
 * cfgblk_status_from_errno - what goes over the wire
 * @err: negative errno of a provider
 *
 * Context: any.
 * Return: the status; CFGBLK_STATUS_FAILED for an errno without a status, and
 * for -ECONNRESET: only the link itself may tell the VF to begin again.
 */
u8 cfgblk_status_from_errno(int err)
{
	u8 status;

	for (status = CFGBLK_STATUS_NO_BLOCK; status < ARRAY_SIZE(status_errno); status++)
		if (status_errno[status] == err)
			return status;
	return CFGBLK_STATUS_FAILED;
}
