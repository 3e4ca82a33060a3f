// SPDX-License-Identifier: GPL-2.0
/* cfgblk limit: how many messages a second a VF may send */
#include "args.h"
#include "call.h"
#include "cmd.h"
#include "limit.h"
#include "out.h"
#include "show.h"
#include "table.h"
#include "walk.h"

enum {
	ARG_RATE = ARG_OWN,
	ARG_BURST,
	ARG_NONE,
};

struct limit_args {
	struct args common;
	__u32 rate;		/* 0: not given; so is burst */
	__u32 burst;
	bool none;
};

struct limits {
	struct table table;
	json_t *json;		/* NULL: a table is wanted */
};

static __u32 limit_number(struct argp_state *state, const char *what,
			  const char *arg, __u32 min, __u32 max)
{
	__u32 value = 0;

	if (parse_u32(arg, &value) || value < min || value > max)
		argp_error(state, "%s: '%s' is not a number from %u to %u; "
			   "for no limit there is --none", what, arg, min, max);
	return value;
}

static void limit_end(struct limit_args *args, struct argp_state *state)
{
	if (args->none && (args->rate || args->burst))
		argp_error(state, "--none excludes --rate and --burst");
	if (args->burst && !args->rate)
		argp_error(state, "--burst needs --rate");
	if (args->common.json && (args->none || args->rate))
		argp_error(state, "--json is for showing limits, not for "
			   "setting them");
	if (!args->burst)
		args->burst = limit_default_burst(args->rate);
}

static error_t parse_limit(int key, char *arg, struct argp_state *state)
{
	struct limit_args *args = state->input;

	switch (key) {
	case ARG_RATE:
		args->rate = limit_number(state, "--rate", arg,
					  CFGBLK_LIMIT_RATE_MIN,
					  CFGBLK_LIMIT_RATE_MAX);
		return 0;
	case ARG_BURST:
		args->burst = limit_number(state, "--burst", arg, 1,
					   CFGBLK_LIMIT_BURST_MAX);
		return 0;
	case ARG_NONE:
		args->none = true;
		return 0;
	case ARGP_KEY_END:
		limit_end(args, state);
		/* fall through */
	default:
		return args_parse(key, arg, state, &args->common);
	}
}

static int limit_call(const struct dev *dev, struct cfgblk_limit *io)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_LIMIT,
		.about_vf = true, .vf = io->vf,
	};

	return call_driver(&call, io);
}

static void limit_row(struct table *t, const struct cfgblk_limit *limit,
		      bool limited)
{
	table_add(t, "%u", limit->vf);
	if (limit->per_second) {
		table_add(t, "%u", limit->per_second);
		table_add(t, "%u", limit->burst);
	} else {
		table_add(t, "none");
		table_add(t, "none");
	}
	table_add(t, "%s", limited ? "yes" : "no");
}

static json_t *limit_json(const struct cfgblk_limit *limit, bool limited)
{
	bool any = limit->per_second;

	return json_pack("{s:I, s:o, s:o, s:b}", "vf", (json_int_t)limit->vf,
			 "rate", any ? json_integer(limit->per_second) :
			 json_null(),
			 "burst", any ? json_integer(limit->burst) :
			 json_null(),
			 "limited", limited);
}

static int limit_take(const struct dev *dev, __u32 vf, void *data)
{
	struct limits *limits = data;
	struct cfgblk_limit limit = { .vf = vf };
	struct cfgblk_link_info link;
	int status = limit_call(dev, &limit);

	if (!status)
		status = show_link(dev, vf, &link);
	if (status)
		return status;
	if (limits->json)
		json_array_append_new(limits->json,
				      limit_json(&limit, link.limited));
	else
		limit_row(&limits->table, &limit, link.limited);
	return STATUS_DONE;
}

static int limit_table(const struct dev *dev, __u32 vf)
{
	static const char *const heads[] = {
		"VF", "MESSAGES/S", "BURST", "LIMITED NOW", NULL
	};
	struct limits limits = {
		.table = { .columns = 4, .right_from = 1, .right_to = 3 },
	};
	int status;

	table_heads(&limits.table, heads);
	status = walk_vfs(dev, vf, limit_take, &limits);
	if (status)
		return status;
	table_print(&limits.table);
	return out_flush();
}

static int limits_json(const struct dev *dev, __u32 vf)
{
	struct limits limits = { .json = json_array() };
	int status = walk_vfs(dev, vf, limit_take, &limits);

	if (!status)
		return out_json(json_pack("{s:s, s:o}", "device", dev->name,
					  "limits", limits.json),
				JSON_INDENT(2));
	json_decref(limits.json);
	return status;
}

static int limit(const struct dev *dev, void *data)
{
	const struct limit_args *args = data;
	struct cfgblk_limit io = {
		.flags = CFGBLK_LIMIT_SET,
		.per_second = args->rate, .burst = args->burst,
	};
	int status = args_vf(&args->common, dev, WHICH_PF_ONLY, &io.vf);

	if (status)
		return status;
	if (args->none || args->rate)
		return limit_call(dev, &io);
	return args->common.json ? limits_json(dev, io.vf) :
	       limit_table(dev, io.vf);
}

int cmd_limit(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_ALL,
		{ "rate", ARG_RATE, "N", 0,
		  "messages a second, 10..1000000", 0 },
		{ "burst", ARG_BURST, "N", 0,
		  "messages that may come at once, 1..1000000; default twice "
		  "the rate (at least 1, at most 1000000)", 0 },
		{ "none", ARG_NONE, NULL, 0, "no limit", 0 },
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_limit, .args_doc = "PF",
		.doc = "Show how many messages a second a VF may send, or set "
		       "it with --rate or --none.  A block of 128 bytes takes "
		       "three messages, one of up to 56 bytes takes one.",
	};
	struct limit_args args = { .common = { .words = 1 } };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.common.dev, limit, &args);
}
