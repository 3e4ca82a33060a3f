// SPDX-License-Identifier: GPL-2.0
/*
 * Pure code in user space: what it costs to cut a block into messages and join
 * them again, against memcpy() of the same bytes, the C library's and one as the
 * kernel has it; and to OR a block mask and take it, against one atomic operation
 *
 *   pure ROUNDS
 *
 * Prints a line for each round: its number, then the ns of each of the five.
 * common/ is built as it is, with what tests/fuzz has of the kernel; only the
 * atomics are real ones here.
 */
#include <stdio.h>
#include <time.h>

#include "include/kernel.h"

#undef atomic64_xchg
#define atomic64_fetch_or(i, v) \
	__atomic_fetch_or(&(v)->counter, i, __ATOMIC_SEQ_CST)
#define atomic64_xchg(v, i) \
	__atomic_exchange_n(&(v)->counter, i, __ATOMIC_SEQ_CST)

#include "frag.h"
#include "mask.h"
#include "proto.h"

#define TIMES		200000

static u8 block[CFGBLK_BLOCK_MAX], copy[CFGBLK_BLOCK_MAX];
static volatile unsigned int block_bytes = CFGBLK_BLOCK_MAX;
static struct cfgblk_bytes out, in;
static u32 words[CFGBLK_MBX_DWORDS];
static atomic64_t pending;
static u64 sum;

/* The compiler may not know what is in memory, nor throw it away */
static inline void memory_used(void)
{
	__asm__ volatile("" : : : "memory");
}

static u8 op_of(unsigned int frag)
{
	return frag ? CFGBLK_OP_NEXT : CFGBLK_OP_WRITE;
}

/* As the VF's end sends it */
static void encode(void)
{
	struct cfgblk_hdr hdr = { .id = 5, .epoch = 7, .short_id = 3 };

	hdr.op = op_of(out.frag);
	hdr.arg = out.frag ? out.frag : out.len - 1;
	cfgblk_frag_cut(&out, words, 1);
	hdr.more = !cfgblk_bytes_whole(&out);
	words[0] = cfgblk_hdr_pack(&hdr);
}

/* As the PF's end receives it */
static void decode(void)
{
	struct cfgblk_hdr hdr;

	CHECK(cfgblk_hdr_unpack(words[0], &hdr));
	CHECK(hdr.op == op_of(in.frag));
	if (!in.frag)
		cfgblk_bytes_start(&in, hdr.arg + 1);
	cfgblk_frag_join(&in, words, 1);
	CHECK(hdr.more == !cfgblk_bytes_whole(&in));
}

static void there_and_back(void)
{
	cfgblk_bytes_start(&out, block_bytes);
	cfgblk_bytes_start(&in, 0);
	do {
		encode();
		memory_used();
		decode();
		memory_used();
	} while (!cfgblk_bytes_whole(&out));
}

static void plain_copy(void)
{
	memcpy(copy, block, block_bytes);
	memory_used();
}

/* The kernel has no vector registers for it, but an instruction */
static void kernel_copy(void)
{
	void *to = copy;
	const void *from = block;
	size_t n = block_bytes;

	__asm__ volatile("rep movsb"
			 : "+D"(to), "+S"(from), "+c"(n) : : "memory");
}

static void or_and_take(void)
{
	cfgblk_mask_or(&pending, 1ULL << 3);
	sum += cfgblk_mask_take(&pending);
}

static void plain_atomic(void)
{
	__atomic_fetch_add(&pending.counter, 1, __ATOMIC_SEQ_CST);
}

static double time_of(void (*fn)(void))
{
	struct timespec start, end;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < TIMES; i++)
		fn();
	clock_gettime(CLOCK_MONOTONIC, &end);
	return ((end.tv_sec - start.tv_sec) * 1e9 + end.tv_nsec -
		start.tv_nsec) / TIMES;
}

void __noreturn check_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, condition);
	exit(1);
}

/* That it is the real thing: what went in came out */
static void check(void)
{
	unsigned int i;

	for (i = 0; i < sizeof(block); i++)
		block[i] = i * 7 + 1;
	memcpy(out.data, block, sizeof(block));
	there_and_back();
	CHECK(!memcmp(in.data, block, sizeof(block)));
	or_and_take();
	CHECK(sum == 1 << 3 && !pending.counter);
}

int main(int argc, char **argv)
{
	int round, rounds = argc == 2 ? atoi(argv[1]) : 10;

	check();
	for (round = 1; round <= rounds; round++) {
		double both = time_of(there_and_back);
		double plain = time_of(plain_copy);
		double kernel = time_of(kernel_copy);
		double mask = time_of(or_and_take);
		double atomic = time_of(plain_atomic);

		printf("%d,%.2f,%.2f,%.2f,%.2f,%.2f\n", round, both, plain,
		       kernel, mask, atomic);
	}
	return 0;
}
