// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: the bit of a kernel that include/kernel.h declares
 */
#include <stdint.h>

#include "script.h"

unsigned int locks_held;
unsigned long jiffies;
u64 clock_ns;
bool fuzz_trace;

/* Common's main.c has them */
static struct workqueue_struct { int unused; } sleepers, steps;
struct workqueue_struct *cfgblk_wq = &sleepers;
struct workqueue_struct *cfgblk_link_wq = &steps;

static u32 random_next;

void check_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "CHECK failed: %s:%d: %s\n", file, line, condition);
	abort();
}

/* Not from where all could be made the same by accident */
u32 get_random_u32(void)
{
	random_next = random_next * 1664525 + 1013904223;
	return random_next;
}

/* Return: true if it was due */
bool timer_run(struct timer_list *timer)
{
	if (!timer->pending || time_before(jiffies, timer->expires))
		return false;
	timer->pending = false;
	timer->function(timer);
	return true;
}

void work_queue(struct work_struct *work, unsigned long delay)
{
	if (!work->pending)
		work_queue_anew(work, delay);
}

void work_queue_on(struct workqueue_struct *wq, struct work_struct *work)
{
	work_queue(work, 0);
	while (wq == cfgblk_wq && work_run(work))
		;
}

void work_queue_anew(struct work_struct *work, unsigned long delay)
{
	work->at = jiffies + delay;
	work->pending = true;
}

void work_cancel(struct work_struct *work)
{
	CHECK(!work->running);
	CHECK(!locks_held);
	work->pending = false;
}

/* Return: true if it was due */
bool work_run(struct work_struct *work)
{
	if (!work->pending || work->running || time_before(jiffies, work->at))
		return false;
	work->pending = false;
	work->running = true;
	work->func(work);
	work->running = false;
	CHECK(!locks_held);
	return true;
}

/* Jiffies overflow after five minutes, as they do in a 32-bit kernel */
static void kernel_starts(void)
{
	locks_held = 0;
	jiffies = -300UL * HZ;
	clock_ns = NSEC_PER_SEC;
	random_next = 1;
}

/* The name is libFuzzer's, which calls it once for each input */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script script = { data, data + size };

	fuzz_trace = getenv("FUZZ_TRACE");
	kernel_starts();
	fuzz_target(&script);
	return 0;
}
