// SPDX-License-Identifier: GPL-2.0
/*
 * Rate limit: how much a VF may cost the host
 */
#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/time64.h>

#include "rate.h"

/**
 * cfgblk_rate_set - change the limit; what was used of the old one counts
 * @rate: the limit
 * @per_second: tokens a second; 0 for no limit
 * @burst: tokens that may be taken at once, at least 1
 *
 * Context: any.
 */
void cfgblk_rate_set(struct cfgblk_rate *rate, u32 per_second, u32 burst)
{
	WRITE_ONCE(rate->burst, burst);
	WRITE_ONCE(rate->per_second, per_second);
}
EXPORT_SYMBOL_GPL(cfgblk_rate_set);

/* The time that one token takes, in ns */
static u64 rate_each(u32 per_second)
{
	return (u32)NSEC_PER_SEC / per_second;
}

/* After the limit was raised, a debt of the old one is no debt */
static void rate_settle(struct cfgblk_rate *rate, u64 depth, u64 now)
{
	rate->full = clamp(rate->full, now, now + depth);
}

/**
 * cfgblk_rate_take - take tokens, if they are there
 * @rate: the limit
 * @tokens: how many; more than fit into the bucket are as many as fit
 * @now: ns, never less than the time before
 *
 * Context: any; one at a time.
 * Return: 0 if they were taken; otherwise nothing was, and they will be there
 * after so many ns.
 */
u64 cfgblk_rate_take(struct cfgblk_rate *rate, u32 tokens, u64 now)
{
	u32 per_second = READ_ONCE(rate->per_second);
	u32 burst = READ_ONCE(rate->burst);
	u64 each, depth, full;

	if (!per_second)
		return 0;
	each = rate_each(per_second);
	depth = each * burst;
	rate_settle(rate, depth, now);
	full = rate->full + each * min(tokens, burst);
	if (full - now > depth)
		return full - now - depth;
	rate->full = full;
	return 0;
}
EXPORT_SYMBOL_GPL(cfgblk_rate_take);

/**
 * cfgblk_rate_charge - take tokens that may not be there
 * @rate: the limit
 * @tokens: how many; what is missing is missing from the next ones, up to an
 *	empty bucket
 * @now: ns, never less than the time before
 *
 * Context: any; one at a time.
 */
void cfgblk_rate_charge(struct cfgblk_rate *rate, u32 tokens, u64 now)
{
	u32 per_second = READ_ONCE(rate->per_second);
	u32 burst = READ_ONCE(rate->burst);
	u64 each, depth;

	if (!per_second)
		return;
	each = rate_each(per_second);
	depth = each * burst;
	rate_settle(rate, depth, now);
	rate->full += each * min(tokens, burst);
	rate_settle(rate, depth, now);
}
EXPORT_SYMBOL_GPL(cfgblk_rate_charge);
