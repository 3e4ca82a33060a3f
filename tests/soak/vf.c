// SPDX-License-Identifier: GPL-2.0
/*
 * A VF's device node, and which errors it may give
 *
 * An error is explained by a fault that was under way, or began, since before
 * the caller's last call that succeeded. The errors of each fault are those
 * that include/uapi/linux/cfgblk.h names for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

#define REOPEN_MS 20
/* In a reset every call is refused at once */
#define RESET_MS 5

/*
 * The link started afresh, or its end is gone; a node that is gone cannot be
 * opened.  A restore takes the message that is under way out of the mailbox,
 * and the VF waits its time for the answer.
 */
static const int errors_of[FAULTS][6] = {
	[FAULT_VF_FLR] = { ECONNRESET },
	[FAULT_RESET] = { ECONNRESET },
	[FAULT_REBIND] = { ECONNRESET, ENODEV, ENOENT, ENXIO },
	[FAULT_NUMVFS] = { ECONNRESET, ENODEV, ENOENT, ENXIO },
	[FAULT_PF_FLR] = { ECONNRESET },
	[FAULT_PF_REBIND] = { ECONNRESET, ENODEV, ENOENT, ENXIO },
	[FAULT_LIMIT] = { ETIMEDOUT, ECONNRESET },
	[FAULT_RESTORE] = { ECONNRESET, ETIMEDOUT },
};

/* Of the machine's own clock, as in the kernel's log */
static unsigned int now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool explained(const struct vf *vf, int error)
{
	unsigned int faults = faults_since(vf->id, &vf->good);
	unsigned int i, j;

	for (i = 0; i < FAULTS; i++)
		for (j = 0; faults & (1u << i) && errors_of[i][j]; j++)
			if (errors_of[i][j] == error)
				return true;
	return false;
}

/* What each end counted, for whoever has to find out why */
static void print_stats(const char *path, unsigned int id)
{
	struct cfgblk_stats stats = { .vf = id };
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!ioctl(fd, CFGBLK_IOC_STATS, &stats))
		printf("# %s: requests %llu answers %llu+%llu fragments in %llu out %llu "
		       "handshakes %llu notices %llu masks %llu resets %llu timeouts %llu "
		       "late %llu malformed %llu spurious %llu polled %llu limited %llu interrupts %llu\n",
		       path, stats.requests, stats.answers_ok,
		       stats.answers_failed, stats.fragments_in,
		       stats.fragments_out, stats.handshakes, stats.notices,
		       stats.masks, stats.resets, stats.timeouts, stats.late,
		       stats.malformed, stats.spurious, stats.polled,
		       stats.limited, stats.interrupts);
	fflush(stdout);
	close(fd);
}

static void judge(struct vf *vf, int error, const char *what,
		  unsigned int since)
{
	board_add(&board->errors[error < MAX_ERRNO ? error : 0], 1);
	if (explained(vf, error))
		return;
	defect(UNEXPECTED_ERRORS, vf,
	       "%s: %s after %u ms, and no fault explains it (under way: 0x%x)",
	       what, strerrorname_np(error), now_ms() - since,
	       faults_since(vf->id, &vf->good));
	print_stats(vf->path, 0);
	print_stats(board->pf, vf->id);
}

void vf_init(struct vf *vf, unsigned int id, const char *path)
{
	vf->id = id;
	vf->path = path;
	vf->fd = -1;
	vf->restarts = 0;
	faults_now(id, &vf->good);
}

static bool vf_open(struct vf *vf, int *error)
{
	if (vf->fd >= 0)
		return true;
	vf->fd = open(vf->path, O_RDWR | O_CLOEXEC);
	if (vf->fd >= 0)
		return true;
	*error = errno;
	judge(vf, *error, "open", now_ms());
	pause_ms(REOPEN_MS);
	return false;
}

static const char *command_name(unsigned long command)
{
	switch (command) {
	case CFGBLK_IOC_READ:
		return "read";
	case CFGBLK_IOC_WRITE:
		return "write";
	case CFGBLK_IOC_ECHO:
		return "echo";
	case CFGBLK_IOC_WATCH:
		return "watch";
	default:
		return "command";
	}
}

/*
 * One command; opens the node when it is not open.  False with an errno that
 * has been judged already, but for ENODATA and EAGAIN (no event), of which only
 * the caller knows what they mean.
 */
bool vf_call(struct vf *vf, unsigned long command, void *arg, int *error)
{
	unsigned int since = now_ms();
	struct snapshot before;

	faults_now(vf->id, &before);
	if (!vf_open(vf, error))
		return false;
	if (!ioctl(vf->fd, command, arg)) {
		vf->good = before;
		return true;
	}
	*error = errno;
	if (*error == ENODATA ||
	    (*error == EAGAIN && command == CFGBLK_IOC_EVENT)) {
		vf->good = before;
		return false;
	}
	judge(vf, *error, command_name(command), since);
	if (*error == ECONNRESET || *error == ENODEV)
		vf->restarts++;
	if (*error == ECONNRESET)
		pause_ms(RESET_MS);
	if (*error == ENODEV) {
		close(vf->fd);
		vf->fd = -1;
	}
	return false;
}

void pause_ms(unsigned int ms)
{
	const struct timespec time = { .tv_sec = ms / 1000,
				       .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&time, NULL);
}
