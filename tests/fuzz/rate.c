// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: the rate limit against a bucket that is filled drop by drop
 *
 * The model counts in ns of one token's time, as wide as it takes, and looks
 * at how much is in the bucket; rate.c looks at when it will be full.
 */
#include "rate.h"
#include "script.h"
#include <uapi/linux/cfgblk.h>

/**
 * struct bucket - the model
 * @in: what is in it
 * @depth: what fits into it; 0: never used
 * @at: moment at which that was so
 */
struct bucket {
	__int128 in;
	__int128 depth;
	u64 at;
};

/* A limit that was changed changes the depth and not what was taken */
static void bucket_resize(struct bucket *bucket, __int128 depth)
{
	__int128 taken = bucket->depth - bucket->in;

	bucket->depth = depth;
	bucket->in = max((__int128)0, depth - taken);
}

static u64 bucket_take(struct bucket *bucket, u32 per_second, u32 burst,
		       u32 tokens, u64 now)
{
	__int128 each, wanted;

	if (!per_second)
		return 0;
	each = NSEC_PER_SEC / per_second;
	bucket->in = min(bucket->depth, bucket->in + (now - bucket->at));
	bucket->at = now;
	bucket_resize(bucket, each * burst);
	wanted = each * min(tokens, burst);
	if (wanted > bucket->in)
		return wanted - bucket->in;
	bucket->in -= wanted;
	return 0;
}

/* What was refused is there after the time that was told, and not before */
static void check_wait(const struct cfgblk_rate *rate, u32 tokens, u64 now,
		       u64 wait)
{
	struct cfgblk_rate later = *rate, sooner = *rate;

	CHECK(!cfgblk_rate_take(&later, tokens, now + wait));
	CHECK(cfgblk_rate_take(&sooner, tokens, now + wait - 1) == 1);
}

static void take(struct cfgblk_rate *rate, struct bucket *bucket, u32 tokens,
		 u64 now)
{
	u64 wait = cfgblk_rate_take(rate, tokens, now);

	TRACE("%u tokens at %llu: wait %llu\n", tokens, now, wait);
	CHECK(wait == bucket_take(bucket, rate->per_second, rate->burst,
				  tokens, now));
	if (wait)
		check_wait(rate, tokens, now, wait);
}

static void change(struct cfgblk_rate *rate, struct script *script)
{
	u8 how = script_u8(script);
	u32 per_second = script_u32(script), burst = script_u32(script);

	/* Mostly what a person may ask for, and sometimes anything */
	if (how & 3) {
		per_second %= CFGBLK_LIMIT_RATE_MAX + 1;
		burst %= CFGBLK_LIMIT_BURST_MAX;
	}
	cfgblk_rate_set(rate, per_second, max(burst, 1u));
	TRACE("limit %u, burst %u\n", rate->per_second, rate->burst);
}

/* 2^62 ns are 146 years */
static u64 later(u64 now, u64 ns)
{
	return min(now + ns, (u64)BIT_ULL(62));
}

void fuzz_target(struct script *script)
{
	struct cfgblk_rate rate = { .burst = 1 };
	struct bucket bucket = { 0 };
	u64 now = 0;

	while (script_more(script)) {
		switch (script_u8(script) % 8) {
		case 0:
			change(&rate, script);
			break;
		case 1:
			now = later(now, script_u64(script) >> 2);
			break;
		case 2:
		case 3:
			now = later(now, script_u32(script));
			break;
		case 4:
			take(&rate, &bucket, script_u32(script), now);
			break;
		default:
			take(&rate, &bucket, script_u8(script), now);
		}
	}
}
