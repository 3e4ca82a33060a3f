// SPDX-License-Identifier: GPL-2.0
/* cfgblk invalidate: tell VFs that blocks changed */
#include <stdint.h>

#include "args.h"
#include "call.h"
#include "cmd.h"

enum {
	ARG_MASK = ARG_OWN,
};

struct invalidate_args {
	struct args common;
	__u64 mask;
	bool has_mask;
	bool has_blocks;
};

static void invalidate_block(struct invalidate_args *args, const char *arg,
			     struct argp_state *state)
{
	__u32 block = args_u32(state, "BLOCK", arg);

	if (block < CFGBLK_MASK_BLOCKS)
		args->mask |= 1ULL << block;
	else
		argp_error(state, "block %u cannot be invalidated: only ids 0 "
			   "to 63 have a bit in the block mask; higher ids can "
			   "only be read and written", block);
	args->has_blocks = true;
}

static void invalidate_end(const struct invalidate_args *args,
			   struct argp_state *state)
{
	if (args->has_mask && args->has_blocks)
		argp_error(state, "--mask and block ids exclude each other");
	if (state->arg_num && !args->has_mask && !args->has_blocks)
		argp_error(state, "say which blocks: their ids, or --mask MASK");
}

static error_t parse_invalidate(int key, char *arg, struct argp_state *state)
{
	struct invalidate_args *args = state->input;
	__u64 mask = 0;

	switch (key) {
	case ARG_MASK:
		if (parse_u64(arg, UINT64_MAX, &mask))
			argp_error(state, "--mask: '%s' is not a number of at "
				   "most 64 bits", arg);
		args->mask |= mask;
		args->has_mask = true;
		return 0;
	case ARGP_KEY_ARG:
		if (state->arg_num < args->common.words)
			return args_parse(key, arg, state, &args->common);
		invalidate_block(args, arg, state);
		return 0;
	case ARGP_KEY_END:
		invalidate_end(args, state);
		/* fall through */
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

static int invalidate(const struct dev *dev, void *data)
{
	const struct invalidate_args *args = data;
	struct cfgblk_invalidate io = { .mask = args->mask };
	struct call call = {
		.dev = dev, .request = CFGBLK_IOC_INVALIDATE, .about_vf = true,
	};
	int status = args_vf(&args->common, dev, WHICH_PF_ONLY, &io.vf);

	call.vf = io.vf;
	return status ? status : call_driver(&call, &io);
}

int cmd_invalidate(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_ALL,
		{ "mask", ARG_MASK, "MASK", 0,
		  "block mask: bit n stands for block n", 0 },
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_invalidate,
		.args_doc = "PF BLOCK...\nPF --mask MASK",
		.doc = "Tell a VF that blocks changed.  Ids 0 to 63 can be "
		       "invalidated; higher ids can only be read and written.",
	};
	struct invalidate_args args = { .common = { .words = 1 } };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, invalidate, &args);
}
