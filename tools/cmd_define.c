// SPDX-License-Identifier: GPL-2.0
/* cfgblk define, cfgblk undefine: make a VF's block exist, and unmake it */
#include "args.h"
#include "call.h"
#include "cmd.h"
#include "words.h"

enum {
	ARG_SIZE = ARG_OWN,
	ARG_ACCESS,
};

struct define_args {
	struct args common;
	unsigned long request;
	__u32 size;
	__u32 access;
};

static error_t parse_define(int key, char *arg, struct argp_state *state)
{
	struct define_args *args = state->input;

	switch (key) {
	case ARG_SIZE:
		args->size = args_bytes(state, "--size", arg);
		return 0;
	case ARG_ACCESS:
		if (access_parse(arg, &args->access))
			argp_error(state, "--access: '%s' is none of ro, wo, rw",
				   arg);
		return 0;
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

static int define(const struct dev *dev, void *data)
{
	const struct define_args *args = data;
	struct cfgblk_define io = {
		.block = args->common.block, .size = args->size,
		.access = args->access,
	};
	struct call call = {
		.dev = dev, .request = args->request,
		.about_vf = true, .about_block = true,
		.block = io.block, .len = io.size,
	};
	int status = args_vf(&args->common, dev, WHICH_PF_ONLY, &io.vf);

	call.vf = io.vf;
	return status ? status : call_driver(&call, &io);
}

int cmd_define(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_ALL,
		{ "size", ARG_SIZE, "MAX", 0,
		  "the most bytes that it may have, 1..128; default 128", 0 },
		{ "access", ARG_ACCESS, "ro|wo|rw", 0,
		  "what the VF may do with it; default rw", 0 },
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_define,
		.args_doc = "PF BLOCK",
		.doc = "Make block BLOCK of a VF exist, also before the VF does.",
	};
	struct define_args args = {
		.common = { .words = 2 },
		.request = CFGBLK_IOC_DEFINE,
		.size = CFGBLK_BLOCK_MAX,
		.access = CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE,
	};

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, define, &args);
}

int cmd_undefine(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_ALL,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_define,
		.args_doc = "PF BLOCK",
		.doc = "Unmake block BLOCK of a VF, with what it holds.",
	};
	struct define_args args = {
		.common = { .words = 2 }, .request = CFGBLK_IOC_UNDEFINE,
	};

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, define, &args);
}
