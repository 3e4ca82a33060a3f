/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The input of a fuzz target, read as a script: one number after another, and
 * zeroes past its end
 */
#ifndef FUZZ_SCRIPT_H
#define FUZZ_SCRIPT_H

#include <stdio.h>

#include "kernel.h"

/**
 * struct script - what is left of the input
 * @at: the next byte
 * @end: past the last one
 */
struct script {
	const u8 *at;
	const u8 *end;
};

/* With FUZZ_TRACE in the environment each step says what it does */
#define TRACE(...)	(fuzz_trace ? (void)fprintf(stderr, __VA_ARGS__) : (void)0)
extern bool fuzz_trace;

/* What each target has: play the script, and leave nothing behind */
void fuzz_target(struct script *script);

static inline bool script_more(const struct script *script)
{
	return script->at < script->end;
}

static inline u8 script_u8(struct script *script)
{
	return script_more(script) ? *script->at++ : 0;
}

static inline u32 script_u32(struct script *script)
{
	u32 value = 0;
	int i;

	for (i = 0; i < 4; i++)
		value |= (u32)script_u8(script) << 8 * i;
	return value;
}

static inline u64 script_u64(struct script *script)
{
	u64 low = script_u32(script);

	return low | (u64)script_u32(script) << 32;
}

/* A jump now and then, mostly little: 0..127, or up to a few minutes */
static inline unsigned long script_ticks(struct script *script)
{
	u8 ticks = script_u8(script);

	return ticks & 0x80 ? (ticks & 0x7fUL) * HZ : ticks;
}

/* @len bytes of which no two neighbours, and no two blocks, are alike */
static inline void fill(u8 *bytes, unsigned int len, u8 seed)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		bytes[i] = seed + 1 + i * 7;
}

#endif /* FUZZ_SCRIPT_H */
