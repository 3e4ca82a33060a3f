// SPDX-License-Identifier: GPL-2.0
/* xorshift32: the same for the same seed, on every machine */
#include "soak.h"

static unsigned int state = 1;

static unsigned int shift(unsigned int x)
{
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

/* Seeds are small numbers that differ little */
void random_seed(unsigned int seed)
{
	state = seed * 2654435761u | 1;
	random_next();
}

unsigned int random_next(void)
{
	state = shift(state);
	return state;
}

/* Bytes that a seed stands for, apart from the sequence above */
void random_bytes(__u8 *data, unsigned int len, unsigned int seed)
{
	unsigned int x = seed * 2654435761u | 1;
	unsigned int i;

	for (i = 0; i < len; i++) {
		x = shift(x);
		data[i] = x >> 8;
	}
}
