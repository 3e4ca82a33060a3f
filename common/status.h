/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Status on the wire: why the PF refused or failed a request
 */
#ifndef CFGBLK_STATUS_H
#define CFGBLK_STATUS_H

#include <linux/types.h>

/**
 * enum cfgblk_status - argument of CFGBLK_OP_FAIL, 7 bits
 *
 * Numbers are part of the protocol: they are never changed or used again.  A
 * number that the VF does not know is CFGBLK_STATUS_FAILED to it.
 *
 * @CFGBLK_STATUS_FAILED: the provider failed and gave no better reason
 * @CFGBLK_STATUS_NOT_ATTACHED: no handshake since the link started afresh
 * @CFGBLK_STATUS_NO_BLOCK: the block is not defined for this VF
 * @CFGBLK_STATUS_NO_DATA: the block is defined, nothing was written to it yet
 * @CFGBLK_STATUS_ACCESS: the block's access forbids it
 * @CFGBLK_STATUS_TOO_LONG: more bytes than the block may have
 * @CFGBLK_STATUS_BUSY: not now, the provider is busy
 * @CFGBLK_STATUS_NO_MEMORY: no memory on the PF
 * @CFGBLK_STATUS_UNSUPPORTED: the provider does not do this
 * @CFGBLK_STATUS_BAD_OP: the header's op is unknown in this version
 * @CFGBLK_STATUS_BAD_LENGTH: the bytes announced do not fit the fragments
 * @CFGBLK_STATUS_BAD_FRAGMENT: not the fragment that is next
 */
enum cfgblk_status {
	CFGBLK_STATUS_FAILED		= 0,
	CFGBLK_STATUS_NOT_ATTACHED	= 1,
	CFGBLK_STATUS_NO_BLOCK		= 2,
	CFGBLK_STATUS_NO_DATA		= 3,
	CFGBLK_STATUS_ACCESS		= 4,
	CFGBLK_STATUS_TOO_LONG		= 5,
	CFGBLK_STATUS_BUSY		= 6,
	CFGBLK_STATUS_NO_MEMORY		= 7,
	CFGBLK_STATUS_UNSUPPORTED	= 8,
	CFGBLK_STATUS_BAD_OP		= 9,
	CFGBLK_STATUS_BAD_LENGTH	= 10,
	CFGBLK_STATUS_BAD_FRAGMENT	= 11,
};

int cfgblk_status_to_errno(u8 status);
u8 cfgblk_status_from_errno(int err);

#endif /* CFGBLK_STATUS_H */
