// SPDX-License-Identifier: GPL-2.0
/*
 * soak BOARD COMMAND...: BOARD is the file that all share
 *
 * run SEED PF VF...        what uses the blocks, until stop; device nodes
 * begin|end FAULT VF...    a fault of these VFs, by number, begins, or is over
 * settle PF NUMBER         the host falls silent: have NUMBER VFs heard it all?
 * hush, unhush             the host publishes nothing, and goes on
 * publish PF NUMBER        all blocks of NUMBER VFs, each in a new version
 * exchanges                how many there were
 * stop                     ends what run began
 * report                   the counts; status 1 if there is a defect
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "soak.h"

#define KILLED_CALLERS 3

static int usage(void)
{
	fprintf(stderr,
		"Usage: soak BOARD run|begin|end|settle|hush|unhush|publish|exchanges|stop|report ...\n");
	return 2;
}

/* Role @role of VF @id: its callers, its watcher, those who are killed */
static void vf_role(unsigned int role, unsigned int id, const char *path,
		    unsigned int seed)
{
	struct vf vf;

	vf_init(&vf, id, path);
	if (role < OWN_BLOCKS)
		run_own(&vf, OWN_FIRST + role);
	else if (role == OWN_BLOCKS)
		run_watcher(&vf);
	else
		run_killer(&vf, KILLED_CALLERS, seed + 1000);
}

static bool child(unsigned int seed)
{
	pid_t pid = fork();

	if (pid < 0)
		exit(2);
	if (!pid)
		random_seed(seed);
	return !pid;
}

/* A child that dies by itself is a broken test */
static int wait_all(void)
{
	int status, bad = 0;

	while (wait(&status) > 0)
		if (!WIFEXITED(status) || WEXITSTATUS(status))
			bad = 2;
	return bad;
}

static int run(unsigned int seed, const char *pf, char **vfs, unsigned int n)
{
	unsigned int id, role;

	/* What breaks things has to get its turn */
	if (nice(15) < 0)
		return 2;
	snprintf(board->pf, sizeof(board->pf), "%s", pf);
	for (id = 0; id < n; id++) {
		for (role = 0; role < OWN_BLOCKS + 2; role++) {
			seed += 7;
			if (child(seed)) {
				vf_role(role, id, vfs[id], seed);
				return 0;
			}
		}
	}
	if (child(seed + 7)) {
		run_publisher(pf, n);
		return 0;
	}
	return wait_all();
}

static int fault(const char *name,
		 void (*to)(unsigned int vf, enum fault fault), char **vfs,
		 int n)
{
	unsigned int i;

	for (i = 0; i < FAULTS; i++)
		if (!strcmp(name, fault_names[i]))
			break;
	if (i == FAULTS)
		return usage();
	while (n--) {
		unsigned int vf = strtoul(vfs[n], NULL, 10);

		if (vf >= MAX_VFS)
			return usage();
		to(vf, i);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *command;

	if (argc < 3)
		return usage();
	board_open(argv[1]);
	command = argv[2];
	if (!strcmp(command, "run") && argc > 5 && argc - 5 <= MAX_VFS)
		return run(strtoul(argv[3], NULL, 10), argv[4], argv + 5,
			   argc - 5);
	if (!strcmp(command, "begin") && argc > 4)
		return fault(argv[3], fault_begin, argv + 4, argc - 4);
	if (!strcmp(command, "end") && argc > 4)
		return fault(argv[3], fault_end, argv + 4, argc - 4);
	if (!strcmp(command, "settle") && argc == 5)
		return !settle(argv[3], strtoul(argv[4], NULL, 10));
	if (!strcmp(command, "exchanges"))
		return printf("%llu\n", (unsigned long long)board->exchanges) <
		       0;
	if (!strcmp(command, "report"))
		return report();
	if (!strcmp(command, "publish") && argc == 5)
		publish_all(argv[3], strtoul(argv[4], NULL, 10));
	else if (!strcmp(command, "hush"))
		hush();
	else if (!strcmp(command, "unhush"))
		unhush();
	else if (!strcmp(command, "stop"))
		board->stop = 1;
	else
		return usage();
	return 0;
}
