// SPDX-License-Identifier: GPL-2.0
/* Arguments that commands have in common */
#include <stdio.h>

#include <linux/cfgblk.h>

#include "args.h"
#include "cmd.h"
#include "errors.h"
#include "parse.h"

/* Does not return */
void args_help(struct argp_state *state)
{
	argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
}

__u32 args_u32(struct argp_state *state, const char *what, const char *arg)
{
	__u32 value = 0;

	if (parse_u32(arg, &value))
		argp_error(state,
			   "%s: '%s' is not a number from 0 to 4294967295 "
			   "(0xffffffff)", what, arg);
	return value;
}

/* As many as a block can hold */
__u32 args_bytes(struct argp_state *state, const char *what, const char *arg)
{
	__u32 value = 0;

	if (parse_u32(arg, &value) || !value || value > CFGBLK_BLOCK_MAX)
		argp_error(state, "%s: '%s' is not a number from 1 to %u", what,
			   arg, CFGBLK_BLOCK_MAX);
	return value;
}

static error_t args_word(char *arg, struct argp_state *state, struct args *args)
{
	if (state->arg_num >= args->words)
		return ARGP_ERR_UNKNOWN;
	if (state->arg_num == 0)
		args->dev = arg;
	else
		args->block = args_u32(state, "BLOCK", arg);
	return 0;
}

static void args_vf_option(char *arg, struct argp_state *state,
			   struct args *args)
{
	args->vf = args_u32(state, "--vf", arg);
	args->has_vf = true;
	if (args->vf == CFGBLK_VF_ALL)
		argp_error(state, "--vf %u is no VF's id: for every VF there "
			   "is --all", CFGBLK_VF_ALL);
}

static void args_end(struct argp_state *state, const struct args *args)
{
	static const char *const names[] = {
		"the device: its PCI address or its node", "the block id",
	};

	if (state->arg_num < args->words)
		argp_error(state, "%s is missing", names[state->arg_num]);
	if (args->has_vf && args->all)
		argp_error(state, "--vf and --all exclude each other");
}

error_t args_parse(int key, char *arg, struct argp_state *state,
		   struct args *args)
{
	switch (key) {
	case ARG_HELP:
		args_help(state);
		return 0;
	case ARG_JSON:
		args->json = true;
		return 0;
	case ARG_VF:
		args_vf_option(arg, state, args);
		return 0;
	case ARG_ALL:
		args->all = true;
		return 0;
	case ARGP_KEY_ARG:
		return args_word(arg, state, args);
	case ARGP_KEY_END:
		args_end(state, args);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static bool wants_one(enum args_which which)
{
	return which == WHICH_ONE || which == WHICH_PF_ONE;
}

static bool wants_pf(enum args_which which)
{
	return which == WHICH_PF_ONE || which == WHICH_PF_ONLY;
}

/* Which VF is meant, now that we know whether @dev is a PF or a VF */
int args_vf(const struct args *args, const struct dev *dev,
	    enum args_which which, __u32 *vf)
{
	*vf = 0;
	if (!dev_is_pf(dev)) {
		if (wants_pf(which) || (!args->has_vf && !args->all))
			return STATUS_DONE;
		complain(dev, "%s is for a PF, and this is a VF, which has its "
			 "own blocks only", args->all ? "--all" : "--vf");
		return STATUS_USAGE;
	}
	*vf = args->has_vf ? args->vf : CFGBLK_VF_ALL;
	if (args->has_vf || args->all || which == WHICH_ANY)
		return STATUS_DONE;
	complain(dev, "this is a PF: say which VF is meant, with --vf N%s",
		 wants_one(which) ? "" : " or --all");
	return STATUS_USAGE;
}
