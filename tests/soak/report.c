// SPDX-License-Identifier: GPL-2.0
/* The counts, one a line: NAME NUMBER */
#include <stdio.h>
#include <string.h>

#include "soak.h"

static const char *const defect_names[DEFECTS] = {
	[LOST_INVALIDATIONS] = "lost-invalidations",
	[LOST_WRITES] = "lost-writes",
	[TORN] = "torn",
	[KEPT] = "kept-after-reset",
	[OUT_OF_ORDER] = "out-of-order",
	[UNEXPECTED_ERRORS] = "unexpected-errors",
};

/* A fault of the PF is one fault, whichever VFs it meets */
static const bool of_pf[FAULTS] = {
	[FAULT_NUMVFS] = true,
	[FAULT_PF_FLR] = true,
	[FAULT_PF_REBIND] = true,
};

static void line(const char *kind, const char *name, __u64 n)
{
	printf("%s %s %llu\n", kind, name, (unsigned long long)n);
}

static __u64 fault_number(enum fault fault)
{
	__u64 sum = 0, most = 0;
	unsigned int vf;

	for (vf = 0; vf < MAX_VFS; vf++) {
		__u32 n = board->faults[vf][fault].ended;

		sum += n;
		most = n > most ? n : most;
	}
	return of_pf[fault] ? most : sum;
}

int report(void)
{
	__u64 bad = 0;
	unsigned int i;

	line("count", "exchanges", board->exchanges);
	line("count", "bytes", board->bytes);
	line("count", "publications", board->published);
	line("count", "events", board->events);
	line("count", "settled", board->settled);
	for (i = 0; i < FAULTS; i++)
		line("fault", fault_names[i], fault_number(i));
	line("fault", "killed", board->killed);
	for (i = 0; i < MAX_ERRNO; i++)
		if (board->errors[i])
			line("error", strerrorname_np(i) ?: "other",
			     board->errors[i]);
	for (i = 0; i < DEFECTS; i++) {
		line("defect", defect_names[i], board->defects[i]);
		bad += board->defects[i];
	}
	return bad || !board->exchanges || !board->settled;
}
