/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>
#include <linux/types.h>

struct progress {
	__u64 next;	/* when to draw again; 0: never */
	bool drawn;
};

void progress_start(struct progress *p);
void progress_step(struct progress *p, __u32 done, __u32 total);
void progress_end(struct progress *p);

#endif
