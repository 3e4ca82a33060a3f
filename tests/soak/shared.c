// SPDX-License-Identifier: GPL-2.0
/*
 * Callers that share a block, and are killed in the middle of it.  Each write
 * is one length of one byte, so whatever is read has to be that as well: a
 * block that is half one write and half another shows.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

#define CALLERS_MAX 8

static bool uniform(const struct cfgblk_block_io *io)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		if (io->data[i] != (i < io->len ? io->len : 0))
			return false;
	return true;
}

static void shared_write(struct vf *vf)
{
	struct cfgblk_block_io io = { .block = SHARED_BLOCK };
	int error;

	io.len = 1 + random_next() % CFGBLK_BLOCK_MAX;
	memset(io.data, io.len, io.len);
	if (vf_call(vf, CFGBLK_IOC_WRITE, &io, &error))
		board_add(&board->exchanges, 1);
}

static void shared_read(struct vf *vf)
{
	struct cfgblk_block_io io = { .block = SHARED_BLOCK,
				      .len = CFGBLK_BLOCK_MAX };
	int error;

	if (!vf_call(vf, CFGBLK_IOC_READ, &io, &error))
		return;
	board_add(&board->exchanges, 1);
	if (!uniform(&io))
		defect(TORN, vf,
		       "shared block: %u bytes of more than one write", io.len);
}

void run_shared(struct vf *vf)
{
	while (!board->stop) {
		if (random_next() % 2)
			shared_write(vf);
		else
			shared_read(vf);
	}
}

static pid_t caller(struct vf *vf, unsigned int seed)
{
	pid_t pid = fork();

	if (pid < 0)
		exit(2);
	if (!pid) {
		/* A descriptor of its own: that of the parent goes when the parent says so */
		vf->fd = -1;
		random_seed(seed);
		run_shared(vf);
		exit(0);
	}
	return pid;
}

static void kill_one(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	board_add(&board->killed, 1);
}

/* What those who are born from here on have seen work */
static void ask(struct vf *vf)
{
	struct cfgblk_echo echo = { .len = 1 };
	int error;

	if (vf_call(vf, CFGBLK_IOC_ECHO, &echo, &error))
		board_add(&board->exchanges, 1);
}

/* Each in its turn, and another one in its place */
void run_killer(struct vf *vf, unsigned int callers, unsigned int seed)
{
	pid_t pids[CALLERS_MAX];
	unsigned int n = 0;

	if (!callers)
		return;
	if (callers > CALLERS_MAX)
		callers = CALLERS_MAX;
	for (n = 0; n < callers; n++)
		pids[n] = caller(vf, seed + n);
	while (!board->stop) {
		pause_ms(20 + random_next() % 400);
		ask(vf);
		kill_one(pids[n % callers]);
		pids[n % callers] = caller(vf, seed + n);
		n++;
	}
	while (wait(NULL) > 0)
		;
}
