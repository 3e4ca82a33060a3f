// SPDX-License-Identifier: GPL-2.0
/* cfgblk write: data into a block; on a PF it is published */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "hex.h"
#include "in.h"

enum {
	ARG_HEX = ARG_OWN,
	ARG_FILE,
	ARG_QUIET,
};

struct write_args {
	struct args common;
	const char *file;
	bool has_hex;
	bool quiet;
	__u8 data[CFGBLK_BLOCK_MAX];
	__u32 len;		/* may be more than data has: refused then */
};

static void write_hex(struct write_args *args, const char *arg,
		      struct argp_state *state)
{
	size_t len;

	if (hex_parse(arg, args->data, sizeof(args->data), &len))
		argp_error(state, "--hex: '%s' is not a row of bytes with two "
			   "hex digits each", arg);
	args->len = len;
	args->has_hex = true;
}

static error_t parse_write(int key, char *arg, struct argp_state *state)
{
	struct write_args *args = state->input;

	switch (key) {
	case ARG_HEX:
		write_hex(args, arg, state);
		return 0;
	case ARG_FILE:
		args->file = arg;
		return 0;
	case ARG_QUIET:
		args->quiet = true;
		return 0;
	case ARGP_KEY_END:
		if (args->has_hex && args->file)
			argp_error(state, "--hex and --file exclude each other");
		/* fall through */
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

/* One byte more than a block can hold is read, so that too much is noticed */
static int write_from(struct write_args *args, int fd, const char *name)
{
	__u8 data[sizeof(args->data) + 1];
	size_t len;
	int status = in_read(fd, name, data, sizeof(data), &len);

	if (status)
		return status;
	memcpy(args->data, data, len < sizeof(args->data) ? len :
	       sizeof(args->data));
	args->len = len;
	return STATUS_DONE;
}

static int write_from_stdin(struct write_args *args)
{
	if (isatty(STDIN_FILENO))
		complain(NULL, "the data is what you type; Ctrl-D at the start "
			 "of a line ends it");
	return write_from(args, STDIN_FILENO, "standard input");
}

static int write_fetch(struct write_args *args)
{
	int fd, status;

	if (args->has_hex)
		return STATUS_DONE;
	if (!args->file)
		return write_from_stdin(args);
	fd = open(args->file, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		complain(NULL, "cannot open %s: %s (%s)", args->file,
			 strerror(errno), errno_name(errno));
		return STATUS_FAILED;
	}
	status = write_from(args, fd, args->file);
	close(fd);
	return status;
}

static int write_block(const struct write_args *args, const struct dev *dev,
		       __u32 vf)
{
	struct cfgblk_block_io io = {
		.vf = vf, .block = args->common.block, .len = args->len,
		.flags = args->quiet ? CFGBLK_WRITE_QUIET : 0,
	};
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_WRITE,
		.about_vf = true, .about_block = true,
		.vf = vf, .block = io.block, .len = io.len,
	};

	memcpy(io.data, args->data, sizeof(io.data));
	return call_driver(&call, &io);
}

static int write_run(const struct dev *dev, void *data)
{
	struct write_args *args = data;
	__u32 vf;
	int status = args_vf(&args->common, dev, WHICH_ONE_OR_ALL, &vf);

	if (!status && args->quiet && !dev_is_pf(dev)) {
		complain(dev, "--quiet is for a PF, and this is a VF: its "
			 "writes invalidate nothing");
		status = STATUS_USAGE;
	}
	if (!status)
		status = write_fetch(args);
	return status ? status : write_block(args, dev, vf);
}

int cmd_write(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_ALL,
		{ "hex", ARG_HEX, "HEX", 0, "the data, as hex digits; blanks, "
		  "colons and 0x may stand between bytes", 0 },
		{ "file", ARG_FILE, "FILE", 0, "the data is in FILE", 0 },
		{ "quiet", ARG_QUIET, NULL, 0, "on a PF: do not invalidate the "
		  "block for its VF", 0 },
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_write,
		.args_doc = "DEV BLOCK",
		.doc = "Write 1 to 128 bytes, from standard input unless given, "
		       "to block BLOCK.  On a PF this publishes them to the VF "
		       "and, for blocks 0 to 63, invalidates the block.",
	};
	struct write_args args = { .common = { .words = 2 } };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, write_run, &args);
}
