// SPDX-License-Identifier: GPL-2.0
/* A bar on a terminal's standard error, for what takes longer than a second */
#include <stdio.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

#define WIDTH	40

void progress_start(struct progress *p)
{
	p->drawn = false;
	p->next = isatty(STDERR_FILENO) ? clock_ns() + NS_PER_S : 0;
}

void progress_step(struct progress *p, __u32 done, __u32 total)
{
	int filled = (__u64)done * WIDTH / total;
	__u64 now;

	if (!p->next)
		return;
	now = clock_ns();
	if (now < p->next)
		return;
	p->next = now + NS_PER_S / 10;
	p->drawn = true;
	fprintf(stderr, "\r[%.*s%*s] %u of %u", filled,
		"########################################",
		WIDTH - filled, "", done, total);
	fflush(stderr);
}

/* Leaves an empty line behind, for what comes next */
void progress_end(struct progress *p)
{
	if (p->drawn)
		fputs("\r\033[K", stderr);
}
