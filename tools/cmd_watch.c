// SPDX-License-Identifier: GPL-2.0
/* cfgblk watch: one line for each event */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>

#include "args.h"
#include "call.h"
#include "clock.h"
#include "cmd.h"
#include "errors.h"
#include "out.h"

#define GO_ON	(-1)		/* no exit status yet */

enum {
	ARG_COUNT = ARG_OWN,
	ARG_TIMEOUT,
};

struct watch {
	struct args common;
	const struct dev *dev;
	__u32 count;		/* 0: no end */
	__u32 seen;
	const char *timeout;	/* NULL: none */
	__u64 limit;
	__u64 deadline;
};

static error_t parse_watch(int key, char *arg, struct argp_state *state)
{
	struct watch *w = state->input;

	switch (key) {
	case ARG_COUNT:
		w->count = args_u32(state, "--count", arg);
		if (!w->count)
			argp_error(state, "--count 0 waits for nothing");
		return 0;
	case ARG_TIMEOUT:
		if (parse_seconds(arg, &w->limit))
			argp_error(state, "--timeout: '%s' is not a number of "
				   "seconds, such as 10 or 0.5", arg);
		w->timeout = arg;
		return 0;
	default:
		return args_parse(key, arg, state, &w->common);
	}
}

static json_t *event_json(const struct watch *w, const struct cfgblk_event *e)
{
	if (e->type == CFGBLK_EVENT_WROTE)
		return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}",
				 "device", w->dev->name, "event", "wrote",
				 "vf", (json_int_t)e->vf,
				 "block", (json_int_t)e->block,
				 "length", (json_int_t)e->len,
				 "lost", (json_int_t)e->lost);
	return json_pack("{s:s, s:s, s:o, s:o, s:I}",
			 "device", w->dev->name, "event", "invalidated",
			 "mask", mask_json(e->mask),
			 "blocks", mask_ids_json(e->mask),
			 "lost", (json_int_t)e->lost);
}

static int event_print(const struct watch *w, const struct cfgblk_event *e)
{
	char ids[MASK_TEXT_LEN];

	if (w->common.json)
		return out_json(event_json(w, e), JSON_COMPACT);
	if (e->type == CFGBLK_EVENT_WROTE) {
		printf("vf %u wrote block %u (%u byte%s)\n", e->vf, e->block,
		       e->len, e->len == 1 ? "" : "s");
	} else {
		mask_text(e->mask, ids);
		printf("invalidated %s\n", ids);
	}
	return out_flush();
}

static int watch_event(struct watch *w, const struct cfgblk_event *e)
{
	int status;

	if (e->lost)
		complain(w->dev, "%llu event%s found no room and %s lost",
			 (unsigned long long)e->lost, e->lost == 1 ? "" : "s",
			 e->lost == 1 ? "is" : "are");
	if (e->type != CFGBLK_EVENT_INVALIDATED &&
	    e->type != CFGBLK_EVENT_WROTE) {
		complain(w->dev, "passed over an event of type %u, which this "
			 "command does not know", e->type);
		return GO_ON;
	}
	status = event_print(w, e);
	if (status)
		return status;
	w->seen++;
	return w->count && w->seen == w->count ? STATUS_DONE : GO_ON;
}

static int watch_time_up(const struct watch *w)
{
	if (!w->count && w->seen)
		return STATUS_DONE;
	if (w->count)
		complain(w->dev, "%u of %u events came within %s s "
			 "(ETIMEDOUT); cfgblk show %s tells whether the link is "
			 "up", w->seen, w->count, w->timeout, w->dev->name);
	else
		complain(w->dev, "no event came within %s s (ETIMEDOUT); "
			 "cfgblk show %s tells whether the link is up",
			 w->timeout, w->dev->name);
	return STATUS_FAILED;
}

/* Takes what there is; GO_ON once there is no more */
static int watch_drain(struct watch *w)
{
	const struct call call = {
		.dev = w->dev, .request = CFGBLK_IOC_EVENT,
	};
	int status = GO_ON;

	while (status == GO_ON) {
		struct cfgblk_event event = { 0 };
		int error = dev_ioctl(w->dev, CFGBLK_IOC_EVENT, &event);

		if (error == EAGAIN)
			break;
		if (error)
			return call_failed(&call, error);
		status = watch_event(w, &event);
		if (status == GO_ON && w->limit && clock_ns() >= w->deadline)
			return watch_time_up(w);
	}
	return status;
}

/* Milliseconds that poll may wait, rounded up */
static int watch_left(const struct watch *w)
{
	__u64 now = clock_ns();
	__u64 ms;

	if (!w->timeout)
		return -1;
	if (now >= w->deadline)
		return 0;
	ms = (w->deadline - now + NS_PER_MS - 1) / NS_PER_MS;
	return ms < INT_MAX ? (int)ms : INT_MAX;
}

static int watch_wait(const struct watch *w)
{
	const struct call call = {
		.dev = w->dev, .request = CFGBLK_IOC_WATCH,
	};
	struct pollfd fd = { .fd = w->dev->fd, .events = POLLIN };
	int n = poll(&fd, 1, watch_left(w));

	if (n < 0 && errno != EINTR)
		return call_failed(&call, errno);
	if (n > 0 && !(fd.revents & POLLIN))
		return call_failed(&call, ENODEV);
	if (n == 0 && !watch_left(w))
		return watch_time_up(w);
	return GO_ON;
}

static int watch(const struct dev *dev, void *data)
{
	struct watch *w = data;
	const struct call call = { .dev = dev, .request = CFGBLK_IOC_WATCH };
	int status = call_driver(&call, NULL);

	if (status)
		return status;
	w->dev = dev;
	do {
		status = watch_drain(w);
		if (status == GO_ON)
			status = watch_wait(w);
	} while (status == GO_ON);
	return status;
}

int cmd_watch(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "count", ARG_COUNT, "N", 0, "end after N events", 0 },
		{ "timeout", ARG_TIMEOUT, "S", 0, "end after S seconds; having "
		  "had no event, or less than N, is a failure", 0 },
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_watch, .args_doc = "DEV",
		.doc = "Print one line for each event: on a VF the blocks that "
		       "changed, on a PF which VF wrote which block.",
	};
	struct watch w = { .common = { .words = 1 } };

	argp_parse(&argp, argc, argv, 0, NULL, &w);
	w.deadline = clock_ns() + w.limit;
	return dev_run(w.common.dev, watch, &w);
}
