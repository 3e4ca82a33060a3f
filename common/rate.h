/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rate limit: how much a VF may cost the host
 *
 * A bucket that holds @burst tokens and gets @per_second of them a second.  It
 * is kept as one moment, the one at which the bucket will be full again, so
 * that nothing has to run while nobody asks (the "virtual scheduling" form of
 * the generic cell rate algorithm, ITU-T I.371).
 *
 * Knows nothing of the kernel but its types.
 */
#ifndef CFGBLK_RATE_H
#define CFGBLK_RATE_H

#include <linux/types.h>

/**
 * struct cfgblk_rate - a limit and what was used of it
 * @per_second: tokens a second; 0 for no limit
 * @burst: tokens that may be taken at once, at least 1
 * @full: moment at which the bucket is full again, in ns
 *
 * @per_second and @burst may be changed at any time; the rest is the taker's.
 */
struct cfgblk_rate {
	u32 per_second;
	u32 burst;
	u64 full;
};

void cfgblk_rate_set(struct cfgblk_rate *rate, u32 per_second, u32 burst);
u64 cfgblk_rate_take(struct cfgblk_rate *rate, u32 tokens, u64 now);
void cfgblk_rate_charge(struct cfgblk_rate *rate, u32 tokens, u64 now);

#endif /* CFGBLK_RATE_H */
