// SPDX-License-Identifier: GPL-2.0
/* cfgblk read: a block's bytes, raw, as hex or in JSON */
#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "hex.h"
#include "out.h"

enum {
	ARG_LENGTH = ARG_OWN,
	ARG_HEX,
};

struct read_args {
	struct args common;
	__u32 length;
	bool hex;
};

static error_t parse_read(int key, char *arg, struct argp_state *state)
{
	struct read_args *args = state->input;

	switch (key) {
	case ARG_LENGTH:
		args->length = args_u32(state, "--length", arg);
		return 0;
	case ARG_HEX:
		args->hex = true;
		return 0;
	case ARGP_KEY_END:
		if (args->hex && args->common.json)
			argp_error(state, "--hex and --json exclude each other");
		/* fall through */
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

static int read_json(const struct dev *dev, const struct cfgblk_block_io *io,
		     const char *hex)
{
	__u32 vf = io->vf;
	json_t *id = dev_is_pf(dev) || dev_vf_id(dev, &vf) ?
		     json_integer(vf) : json_null();

	return out_json(json_pack("{s:s, s:o, s:I, s:I, s:s}",
				  "device", dev->name, "vf", id,
				  "block", (json_int_t)io->block,
				  "length", (json_int_t)io->len, "hex", hex),
			JSON_INDENT(2));
}

static bool is_text(const struct cfgblk_block_io *io)
{
	for (__u32 i = 0; i < io->len; i++) {
		__u8 c = io->data[i];

		if (!isascii(c) || (!isprint(c) && c != '\n' && c != '\t'))
			return false;
	}
	return true;
}

/* What a guest wrote must not command the terminal of the host's root */
static void print_bytes(const struct dev *dev,
			const struct cfgblk_block_io *io, const char *hex)
{
	if (!isatty(STDOUT_FILENO) || is_text(io)) {
		fwrite(io->data, 1, io->len, stdout);
		return;
	}
	complain(dev, "block %u is not text; this is what --hex prints, and "
		 "> FILE gets its bytes", io->block);
	puts(hex);
}

static int read_print(const struct read_args *args, const struct dev *dev,
		      const struct cfgblk_block_io *io)
{
	char hex[2 * sizeof(io->data) + 1];

	hex_format(io->data, io->len, hex);
	if (args->common.json)
		return read_json(dev, io, hex);
	if (args->hex)
		puts(hex);
	else
		print_bytes(dev, io, hex);
	return out_flush();
}

static int read_block(const struct dev *dev, void *data)
{
	const struct read_args *args = data;
	struct cfgblk_block_io io = {
		.block = args->common.block, .len = args->length,
	};
	struct call call = {
		.dev = dev, .request = CFGBLK_IOC_READ,
		.about_vf = true, .about_block = true,
		.block = io.block, .len = io.len,
	};
	int status = args_vf(&args->common, dev, WHICH_ONE, &io.vf);

	call.vf = io.vf;
	if (!status)
		status = call_driver(&call, &io);
	if (status)
		return status;
	if (!io.len || io.len > args->length || io.len > sizeof(io.data)) {
		complain(dev, "block %u: asked for %u bytes, the driver says "
			 "that it gave %u (EPROTO); load modules as new as this "
			 "cfgblk", io.block, args->length, io.len);
		return STATUS_FAILED;
	}
	return read_print(args, dev, &io);
}

int cmd_read(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		{ "length", ARG_LENGTH, "N", 0,
		  "bytes wanted, 1..128; default 128", 0 },
		{ "hex", ARG_HEX, NULL, 0, "print hex digits", 0 },
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_read,
		.args_doc = "DEV BLOCK",
		.doc = "Read block BLOCK and print its bytes as they are, no "
		       "more and no less; on a terminal as hex digits, unless "
		       "they are text.  A block that is longer than "
		       "--length gives its first bytes.",
	};
	struct read_args args = {
		.common = { .words = 2 }, .length = CFGBLK_BLOCK_MAX,
	};

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, read_block, &args);
}
