/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_CLOCK_H
#define TOOLS_CLOCK_H

#include <time.h>
#include <linux/types.h>

#define NS_PER_US	1000ULL
#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

static inline __u64 clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * NS_PER_S + (__u64)now.tv_nsec;
}

#endif
