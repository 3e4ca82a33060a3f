// SPDX-License-Identifier: GPL-2.0
/* cfgblk: VF configuration blocks from the command line */
#include <argp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "errors.h"
#include "out.h"

static const struct command {
	const char *name;
	char *full_name;	/* becomes argv[0], which argp prints */
	int (*run)(int argc, char **argv);
	const char *summary;
} commands[] = {
	{ "list", "cfgblk list", cmd_list,
	  "the functions bound to cfgblk_pf and cfgblk_vf" },
	{ "show", "cfgblk show", cmd_show,
	  "one function's state, versions and blocks" },
	{ "stats", "cfgblk stats", cmd_stats, "its counters" },
	{ "define", "cfgblk define", cmd_define, "PF: make a block exist" },
	{ "undefine", "cfgblk undefine", cmd_undefine, "PF: and unmake it" },
	{ "write", "cfgblk write", cmd_write, "write a block" },
	{ "read", "cfgblk read", cmd_read, "read a block" },
	{ "invalidate", "cfgblk invalidate", cmd_invalidate,
	  "PF: tell VFs that blocks changed" },
	{ "watch", "cfgblk watch", cmd_watch, "one line for each event" },
	{ "ping", "cfgblk ping", cmd_ping, "VF: time round trips to the PF" },
	{ "limit", "cfgblk limit", cmd_limit,
	  "PF: how many messages a second a VF may send" },
	{ "reset", "cfgblk reset", cmd_reset,
	  "PF: function-level reset of one VF" },
	{ "save", "cfgblk save", cmd_save,
	  "PF: a VF's channel state to standard output" },
	{ "restore", "cfgblk restore", cmd_restore,
	  "PF: and from standard input" },
	{ "apply", "cfgblk apply", cmd_apply,
	  "PF: make blocks and limits as a file has them" },
};

#define N_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *to)
{
	fputs("Usage: cfgblk COMMAND [ARGUMENT...]\n"
	      "VF configuration blocks of SR-IOV devices.\n\n", to);
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(to, "  %-11s %s\n", commands[i].name,
			commands[i].summary);
	fputs("\nDEV, PF and VF are a PCI address (0000:01:00.0 or 01:00.0) or "
	      "a device node.\n"
	      "'cfgblk help COMMAND' tells more, and so does cfgblk(8); "
	      "--version the version.\n", to);
}

static int run(int argc, char **argv)
{
	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		argv[1] = commands[i].full_name;
		return commands[i].run(argc - 1, argv + 1);
	}
	complain(NULL, "there is no command '%s'; cfgblk --help lists them",
		 argv[1]);
	return STATUS_USAGE;
}

static bool is_help(const char *word)
{
	return !strcmp(word, "help") || !strcmp(word, "--help") ||
	       !strcmp(word, "-h") || !strcmp(word, "-?");
}

/* "help COMMAND" is "COMMAND --help" */
static int tell_help(int argc, char **argv)
{
	char *of[4] = { argv[0], argv[2], "--help", NULL };

	if (argc > 2)
		return run(3, of);
	print_help(stdout);
	return STATUS_DONE;
}

int main(int argc, char **argv)
{
	int status;

	setvbuf(stderr, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);	/* a closed pipe is an error to report */
	argp_err_exit_status = STATUS_USAGE;
	if (argc < 2) {
		print_help(stderr);
		return STATUS_USAGE;
	}
	if (is_help(argv[1])) {
		status = tell_help(argc, argv);
	} else if (!strcmp(argv[1], "--version")) {
		puts("cfgblk " VERSION);
		status = STATUS_DONE;
	} else {
		status = run(argc, argv);
	}
	return status ? status : out_flush();
}
