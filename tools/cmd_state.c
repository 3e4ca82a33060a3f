// SPDX-License-Identifier: GPL-2.0
/* cfgblk save, cfgblk restore: a VF's end of the channel as a row of bytes */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "in.h"
#include "out.h"

#define ROOM_FIRST	(64 * 1024)
#define TRIES		8

static error_t parse_state(int key, char *arg, struct argp_state *state)
{
	return args_parse(key, arg, state, state->input);
}

/* May this length come with this answer to a save into @room bytes? */
static bool save_len_valid(__u32 len, __u32 room, int error)
{
	if (error)
		return len > room && len <= CFGBLK_STATE_MAX;
	return len && len <= room;
}

/* The state may grow between two tries, but not for ever */
static int save_fetch(const struct call *call, struct cfgblk_state *io,
		      __u8 **data)
{
	__u32 room = ROOM_FIRST;

	for (int i = 0; i < TRIES; i++) {
		int error;

		*data = realloc(*data, room);
		if (!*data)
			out_of_memory();
		io->addr = (uintptr_t)*data;
		io->len = room;
		error = dev_ioctl(call->dev, call->request, io);
		if (error && error != ENOBUFS)
			return call_failed(call, error);
		if (!save_len_valid(io->len, room, error)) {
			complain(call->dev, "VF %u: room for %u bytes, and the "
				 "driver says %u (EPROTO); load modules as new "
				 "as this cfgblk", call->vf, room, io->len);
			return STATUS_FAILED;
		}
		if (!error)
			return STATUS_DONE;
		room = io->len;
	}
	return call_failed(call, ENOBUFS);
}

static int save(const struct dev *dev, void *args)
{
	struct cfgblk_state io = { 0 };
	struct call call = {
		.dev = dev, .request = CFGBLK_IOC_SAVE, .about_vf = true,
	};
	__u8 *data = NULL;
	int status = args_vf(args, dev, WHICH_PF_ONE, &io.vf);

	call.vf = io.vf;
	if (!status)
		status = save_fetch(&call, &io, &data);
	if (!status) {
		fwrite(data, 1, io.len, stdout);
		status = out_flush();
	}
	free(data);
	return status;
}

/* One byte more than a state can have is read, so that too much is noticed */
static int restore_read(const struct dev *dev, __u8 **data, __u32 *len)
{
	size_t got;
	int status;

	*data = malloc(CFGBLK_STATE_MAX + 1);
	if (!*data)
		out_of_memory();
	status = in_read(STDIN_FILENO, "standard input", *data,
			 CFGBLK_STATE_MAX + 1, &got);
	if (status)
		return status;
	*len = got;
	if (got <= CFGBLK_STATE_MAX)
		return STATUS_DONE;
	complain(dev, "more than %u bytes are no state (EMSGSIZE); give what "
		 "cfgblk save wrote", CFGBLK_STATE_MAX);
	return STATUS_FAILED;
}

static int restore(const struct dev *dev, void *args)
{
	struct cfgblk_state io = { 0 };
	struct call call = {
		.dev = dev, .request = CFGBLK_IOC_RESTORE, .about_vf = true,
	};
	__u8 *data = NULL;
	int status = args_vf(args, dev, WHICH_PF_ONE, &io.vf);

	if (!status)
		status = restore_read(dev, &data, &io.len);
	io.addr = (uintptr_t)data;
	call.vf = io.vf;
	call.len = io.len;
	if (!status)
		status = call_driver(&call, &io);
	free(data);
	return status;
}

int cmd_save(int argc, char **argv)
{
	static const struct argp_option options[] = { OPTION_VF, OPTION_END };
	static const struct argp argp = {
		.options = options, .parser = parse_state, .args_doc = "PF",
		.doc = "Write the state of a VF's end of the channel, with its "
		       "blocks, to standard output, for cfgblk restore.",
	};
	struct args args = { .words = 1 };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!isatty(STDOUT_FILENO))
		return dev_run(args.dev, save, &args);
	complain(NULL, "standard output is a terminal, and a state is not "
		 "text; add: > FILE");
	return STATUS_USAGE;
}

int cmd_restore(int argc, char **argv)
{
	static const struct argp_option options[] = { OPTION_VF, OPTION_END };
	static const struct argp argp = {
		.options = options, .parser = parse_state, .args_doc = "PF",
		.doc = "Read from standard input what cfgblk save wrote, and "
		       "replace all blocks of the VF by it, or change nothing. "
		       " The VF then begins afresh.",
	};
	struct args args = { .words = 1 };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (!isatty(STDIN_FILENO))
		return dev_run(args.dev, restore, &args);
	complain(NULL, "standard input is a terminal, and a state is not "
		 "text; add: < FILE");
	return STATUS_USAGE;
}
