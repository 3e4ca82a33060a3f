// SPDX-License-Identifier: GPL-2.0
/* cfgblk ping: how long bytes take to the PF and back */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "call.h"
#include "clock.h"
#include "cmd.h"
#include "errors.h"
#include "out.h"
#include "percentile.h"
#include "progress.h"

enum {
	ARG_COUNT = ARG_OWN,
	ARG_SIZE,
};

struct ping_args {
	struct args common;
	__u32 count;
	__u32 size;
};

static error_t parse_ping(int key, char *arg, struct argp_state *state)
{
	struct ping_args *args = state->input;

	switch (key) {
	case ARG_COUNT:
		args->count = args_u32(state, "--count", arg);
		if (!args->count)
			argp_error(state, "--count 0 measures nothing");
		return 0;
	case ARG_SIZE:
		args->size = args_bytes(state, "--size", arg);
		return 0;
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

/* Other bytes in each round, so that an old answer shows */
static void ping_fill(struct cfgblk_echo *echo, __u32 size, __u32 round)
{
	memset(echo, 0, sizeof(*echo));
	echo->len = size;
	for (__u32 i = 0; i < size && i < sizeof(echo->data); i++)
		echo->data[i] = round * 37 + i * 5 + 1;
}

static int ping_once(const struct ping_args *args, const struct dev *dev,
		     __u32 round, __u64 *ns)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_ECHO, .len = args->size,
	};
	struct cfgblk_echo sent, echo;
	__u64 start;
	int error;

	ping_fill(&sent, args->size, round);
	echo = sent;
	start = clock_ns();
	error = dev_ioctl(dev, CFGBLK_IOC_ECHO, &echo);
	*ns = clock_ns() - start;
	if (error)
		return call_failed(&call, error);
	if (!memcmp(&sent, &echo, sizeof(sent)))
		return STATUS_DONE;
	complain(dev, "round trip %u of %u: other bytes came back than were "
		 "sent (EPROTO); cfgblk stats %s tells about errors", round + 1,
		 args->count, dev->name);
	return STATUS_FAILED;
}

static int ping_rounds(const struct ping_args *args, const struct dev *dev,
		       __u64 *samples)
{
	struct progress progress;
	int status = STATUS_DONE;

	progress_start(&progress);
	for (__u32 i = 0; i < args->count && !status; i++) {
		progress_step(&progress, i, args->count);
		status = ping_once(args, dev, i, &samples[i]);
	}
	progress_end(&progress);
	return status;
}

static int ping_json(const struct ping_args *args, const struct dev *dev,
		     const __u64 *sorted)
{
	__u32 n = args->count;

	return out_json(json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}",
				  "device", dev->name,
				  "count", (json_int_t)n,
				  "size", (json_int_t)args->size,
				  "min_ns", (json_int_t)sorted[0],
				  "median_ns",
				  (json_int_t)percentile(sorted, n, 50),
				  "p90_ns",
				  (json_int_t)percentile(sorted, n, 90),
				  "max_ns", (json_int_t)sorted[n - 1]),
			JSON_INDENT(2));
}

static double ping_us(const __u64 *sorted, size_t n, unsigned int percent)
{
	return (double)percentile(sorted, n, percent) / NS_PER_US;
}

static int ping_measure(const struct ping_args *args, const struct dev *dev,
			__u64 *samples)
{
	__u32 n = args->count;
	int status = ping_rounds(args, dev, samples);

	if (status)
		return status;
	samples_sort(samples, n);
	if (args->common.json)
		return ping_json(args, dev, samples);
	printf("%u round trip%s of %u byte%s: min %.1f us, median %.1f us, "
	       "90th percentile %.1f us, max %.1f us\n",
	       n, n == 1 ? "" : "s", args->size, args->size == 1 ? "" : "s",
	       ping_us(samples, n, 0), ping_us(samples, n, 50),
	       ping_us(samples, n, 90), ping_us(samples, n, 100));
	return out_flush();
}

static int ping(const struct dev *dev, void *data)
{
	const struct ping_args *args = data;
	__u64 *samples = calloc(args->count, sizeof(*samples));
	int status;

	if (!samples)
		out_of_memory();
	status = ping_measure(args, dev, samples);
	free(samples);
	return status;
}

int cmd_ping(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "count", ARG_COUNT, "N", 0, "round trips; default 10", 0 },
		{ "size", ARG_SIZE, "BYTES", 0,
		  "bytes in each, 1..128; default 16", 0 },
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_ping, .args_doc = "VF",
		.doc = "Send bytes to the PF and back, check that they are the "
		       "same, and print how long it took.",
	};
	struct ping_args args = {
		.common = { .words = 1 }, .count = 10, .size = 16,
	};

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, ping, &args);
}
