// SPDX-License-Identifier: GPL-2.0
/* cfgblk stats: the counters of a function */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "out.h"
#include "stats.h"
#include "table.h"
#include "walk.h"

#define COUNTER(name, pf_words, vf_words) \
	{ #name, offsetof(struct cfgblk_stats, name), pf_words, vf_words, false }
#define COUNTER_WHOLE(name, pf_words, vf_words) \
	{ #name, offsetof(struct cfgblk_stats, name), pf_words, vf_words, true }
#define COUNTER_BOTH(name, words)	COUNTER(name, words, words)

const struct counter stats_counters[] = {
	COUNTER_WHOLE(interrupts, "interrupts, of the whole PF", "interrupts"),
	COUNTER_WHOLE(polled, "doorbells no interrupt told of, of the whole PF",
		      "doorbells no interrupt told of"),
	COUNTER(requests, "requests begun", "requests sent"),
	COUNTER_BOTH(answers_ok, "answers that carried success"),
	COUNTER_BOTH(answers_failed, "answers that carried a status"),
	COUNTER_BOTH(fragments_in, "mailbox buffers read"),
	COUNTER_BOTH(fragments_out, "mailbox buffers written"),
	COUNTER_BOTH(bytes_in, "block bytes received"),
	COUNTER_BOTH(bytes_out, "block bytes sent"),
	COUNTER_BOTH(handshakes, "times that the link came up"),
	COUNTER(notices, "doorbells rung for a mask, heard or not",
		"doorbells heard for a mask"),
	COUNTER(masks, "block masks handed over", "block masks taken"),
	COUNTER_BOTH(resets, "times that the link was started afresh"),
	COUNTER(timeouts, "calls that timed out (counted on the VF)",
		"calls that timed out"),
	COUNTER(limited, "times made to wait, over its limit",
		"times made to wait (counted on the PF)"),
	COUNTER_BOTH(late, "messages dropped: their turn was over"),
	COUNTER_BOTH(malformed, "messages refused: they made no sense"),
	COUNTER_BOTH(spurious, "doorbells with nothing behind them"),
};

#define N_COUNTERS	(sizeof(stats_counters) / sizeof(stats_counters[0]))

const size_t stats_n_counters = N_COUNTERS;

struct stats_args {
	struct args common;
	bool prometheus;
	char **words;		/* for Prometheus: the devices */
	size_t n;
};

enum { ARG_PROMETHEUS = ARG_OWN };

static void stats_end(struct argp_state *state, const struct stats_args *args)
{
	if (args->prometheus && (args->common.json || args->common.has_vf))
		argp_error(state, "--prometheus excludes --json and --vf");
}

static error_t parse_stats(int key, char *arg, struct argp_state *state)
{
	struct stats_args *args = state->input;

	switch (key) {
	case ARG_PROMETHEUS:
		args->prometheus = true;
		args->common.words = 0;
		return 0;
	case ARGP_KEY_ARG:
		if (!args->prometheus)
			break;
		args->words[args->n++] = arg;
		return 0;
	case ARGP_KEY_END:
		stats_end(state, args);
		break;
	}
	return args_parse(key, arg, state, &args->common);
}

__u64 stats_value(const struct cfgblk_stats *stats, size_t i)
{
	return *(const __u64 *)((const char *)stats + stats_counters[i].offset);
}

static bool stats_any(const struct cfgblk_stats *stats)
{
	for (size_t i = 0; i < N_COUNTERS; i++) {
		if (!stats_counters[i].whole_pf && stats_value(stats, i))
			return true;
	}
	return false;
}

static bool vf_enabled(const struct dev *dev, __u32 vf)
{
	struct cfgblk_link_info link = { .vf = vf };

	return !dev_ioctl(dev, CFGBLK_IOC_LINK, &link) && link.enabled;
}

static int stats_take(const struct dev *dev, __u32 vf, void *data)
{
	struct stats *s = data;
	struct cfgblk_stats one = { .vf = vf };
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_STATS,
		.about_vf = true, .vf = vf,
	};
	int status = call_driver(&call, &one);

	if (status)
		return status;
	if (!s->chosen && !stats_any(&one) && !vf_enabled(dev, vf))
		return STATUS_DONE;
	s->columns = reallocarray(s->columns, s->n + 1, sizeof(one));
	if (!s->columns)
		out_of_memory();
	one.vf = vf;
	s->columns[s->n++] = one;
	return STATUS_DONE;
}

int stats_take_all(const struct dev *dev, __u32 vf, struct stats *stats)
{
	return walk_vfs(dev, vf, stats_take, stats);
}

static json_t *column_json(const struct dev *dev,
			   const struct cfgblk_stats *column)
{
	json_t *json = json_object();
	__u32 vf = column->vf;
	bool known = dev_is_pf(dev) || dev_vf_id(dev, &vf);

	json_object_set_new(json, "vf", known ? json_integer(vf) : json_null());
	for (size_t i = 0; i < N_COUNTERS; i++)
		json_object_set_new(json, stats_counters[i].name,
				    json_integer((json_int_t)
						 stats_value(column, i)));
	return json;
}

static int stats_json(const struct dev *dev, const struct stats *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(list, column_json(dev, &s->columns[i]));
	return out_json(json_pack("{s:s, s:o}", "device", dev->name,
				  "stats", list), JSON_INDENT(2));
}

static void stats_row(const struct dev *dev, const struct stats *s,
		      struct table *t, size_t i)
{
	table_add(t, "%s", stats_counters[i].name);
	for (size_t c = 0; c < s->n; c++)
		table_add(t, "%llu",
			  (unsigned long long)stats_value(&s->columns[c], i));
	table_add(t, "%s", dev_is_pf(dev) ? stats_counters[i].pf_words :
		  stats_counters[i].vf_words);
}

static int stats_table(const struct dev *dev, const struct stats *s)
{
	struct table t = {
		.columns = s->n + 2, .right_from = 1, .right_to = s->n + 1,
	};

	if (!s->n) {
		puts("No VF is enabled, and none has counted anything yet.");
		return out_flush();
	}
	table_add(&t, "COUNTER");
	for (size_t c = 0; c < s->n; c++) {
		if (dev_is_pf(dev))
			table_add(&t, "VF %u", s->columns[c].vf);
		else
			table_add(&t, "COUNT");
	}
	table_add(&t, "MEANING");
	for (size_t i = 0; i < N_COUNTERS; i++)
		stats_row(dev, s, &t, i);
	table_print(&t);
	return out_flush();
}

static int stats(const struct dev *dev, void *data)
{
	const struct args *args = data;
	struct stats s = { 0 };
	__u32 vf;
	int status = args_vf(args, dev, WHICH_ANY, &vf);

	if (status)
		return status;
	s.chosen = args->has_vf || !dev_is_pf(dev);
	status = stats_take_all(dev, vf, &s);
	if (!status)
		status = args->json ? stats_json(dev, &s) :
			 stats_table(dev, &s);
	free(s.columns);
	return status;
}

int cmd_stats(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_JSON,
		{ "prometheus", ARG_PROMETHEUS, NULL, 0,
		  "print them for Prometheus, with the state of each link; "
		  "of all functions unless some are named", 0 },
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_stats,
		.args_doc = "DEV\n--prometheus [DEV...]",
		.doc = "Print the counters since the driver was bound; on a PF "
		       "one column for each VF that is enabled or has counted "
		       "anything.",
	};
	struct stats_args args = { .common.words = 1 };
	int status;

	args.words = calloc(argc, sizeof(*args.words));
	if (!args.words)
		out_of_memory();
	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.prometheus)
		status = stats_prometheus(args.words, args.n);
	else
		status = dev_run(args.common.dev, stats, &args.common);
	free(args.words);
	return status;
}
