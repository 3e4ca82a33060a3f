/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_LIMIT_H
#define TOOLS_LIMIT_H

#include <linux/cfgblk.h>

/* In the proportion that the driver's own limit has */
static inline __u32 limit_default_burst(__u32 rate)
{
	return rate > CFGBLK_LIMIT_BURST_MAX / 2 ? CFGBLK_LIMIT_BURST_MAX :
	       2 * rate;
}

#endif
