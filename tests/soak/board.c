// SPDX-License-Identifier: GPL-2.0
/* The board: counters, and which faults are under way */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "soak.h"

/* Enough to find the first cause in; all of them are counted */
#define LINES_PER_PROCESS 20

struct board *board;

const char *const fault_names[FAULTS] = {
	[FAULT_VF_FLR] = "vf-flr",   [FAULT_RESET] = "reset",
	[FAULT_REBIND] = "rebind",   [FAULT_NUMVFS] = "numvfs",
	[FAULT_PF_FLR] = "pf-flr",   [FAULT_PF_REBIND] = "pf-rebind",
	[FAULT_LIMIT] = "limit",     [FAULT_RESTORE] = "restore",
};

void board_open(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || ftruncate(fd, sizeof(*board))) {
		perror(path);
		exit(2);
	}
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, 0);
	if (board == MAP_FAILED) {
		perror("mmap");
		exit(2);
	}
	close(fd);
}

void board_add(__u64 *counter, __u64 n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_SEQ_CST);
}

/* One write(2) a line: many processes share the output */
void defect(enum defect what, const struct vf *vf, const char *format, ...)
{
	static unsigned int lines;
	char line[512];
	va_list args;
	int n;

	board_add(&board->defects[what], 1);
	if (lines++ >= LINES_PER_PROCESS)
		return;
	n = snprintf(line, sizeof(line), "# VF %u: ", vf->id);
	va_start(args, format);
	n += vsnprintf(line + n, sizeof(line) - n - 1, format, args);
	va_end(args);
	if (n > (int)sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	if (write(STDOUT_FILENO, line, n) != n)
		exit(2);
}

void fault_begin(unsigned int vf, enum fault fault)
{
	__atomic_fetch_add(&board->faults[vf][fault].began, 1,
			   __ATOMIC_SEQ_CST);
}

void fault_end(unsigned int vf, enum fault fault)
{
	__atomic_fetch_add(&board->faults[vf][fault].ended, 1,
			   __ATOMIC_SEQ_CST);
}

static __u32 now(const __u32 *count)
{
	return __atomic_load_n(count, __ATOMIC_SEQ_CST);
}

/* The end first: a fault that ends in between then counts as under way */
void faults_now(unsigned int vf, struct snapshot *snapshot)
{
	const struct fault_count *count = board->faults[vf];
	unsigned int i;

	for (i = 0; i < FAULTS; i++) {
		snapshot->faults[i].ended = now(&count[i].ended);
		snapshot->faults[i].began = now(&count[i].began);
	}
}

/* Those that were under way at that moment, or began since: a bit for each */
unsigned int faults_since(unsigned int vf, const struct snapshot *then)
{
	struct snapshot now;
	unsigned int i, mask = 0;

	faults_now(vf, &now);
	for (i = 0; i < FAULTS; i++)
		if (then->faults[i].began != then->faults[i].ended ||
		    now.faults[i].began != then->faults[i].began)
			mask |= 1u << i;
	return mask;
}

bool faults_under_way(const struct snapshot *snapshot)
{
	unsigned int i;

	for (i = 0; i < FAULTS; i++)
		if (snapshot->faults[i].began != snapshot->faults[i].ended)
			return true;
	return false;
}
