// SPDX-License-Identifier: GPL-2.0
/* cfgblk stats --prometheus: the counters of all functions, to be scraped */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "cmd.h"
#include "out.h"
#include "stats.h"
#include "walk.h"

/* One label set, and its values */
struct series {
	char *device;
	bool pf;
	bool vf_known;
	struct cfgblk_stats counters;
	struct cfgblk_link_info link;
};

/* The samples of a metric have to stand together: all is taken, then printed */
struct scrape {
	struct series *series;
	size_t n;
};

static void print_value(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n') {
			fputs("\\n", stdout);
			continue;
		}
		if (*text == '\\' || *text == '"')
			putchar('\\');
		putchar(*text);
	}
}

/* @with_vf: false for a value of the whole PF, whose vf is empty */
static void print_sample(const char *metric, const struct series *s,
			 bool with_vf, __u64 value)
{
	printf("cfgblk_%s{device=\"", metric);
	print_value(s->device);
	printf("\",role=\"%s\",vf=\"", s->pf ? "pf" : "vf");
	if (with_vf && s->vf_known)
		printf("%u", s->link.vf);
	printf("\"} %llu\n", (unsigned long long)value);
}

static void print_counter_head(const struct counter *c)
{
	printf("# HELP cfgblk_%s_total ", c->name);
	if (strcmp(c->pf_words, c->vf_words))
		printf("PF: %s; VF: %s\n", c->pf_words, c->vf_words);
	else
		printf("%s\n", c->pf_words);
	printf("# TYPE cfgblk_%s_total counter\n", c->name);
}

/* A value of the whole PF once, or a sum over VFs would count it for each */
static bool told_already(const struct scrape *scrape, size_t i)
{
	return i && !strcmp(scrape->series[i].device,
			    scrape->series[i - 1].device);
}

static void print_counter(const struct scrape *scrape, size_t c)
{
	const struct counter *counter = &stats_counters[c];
	char metric[40];

	snprintf(metric, sizeof(metric), "%s_total", counter->name);
	print_counter_head(counter);
	for (size_t i = 0; i < scrape->n; i++) {
		const struct series *s = &scrape->series[i];
		bool whole = s->pf && counter->whole_pf;

		if (!whole || !told_already(scrape, i))
			print_sample(metric, s, !whole,
				     stats_value(&s->counters, c));
	}
}

static void print_state(const struct scrape *scrape)
{
	puts("# HELP cfgblk_link_state state of the link: 0 down, 1 up, "
	     "2 refused\n"
	     "# TYPE cfgblk_link_state gauge");
	for (size_t i = 0; i < scrape->n; i++)
		print_sample("link_state", &scrape->series[i], true,
			     scrape->series[i].link.state);
}

static bool has_pf(const struct scrape *scrape)
{
	for (size_t i = 0; i < scrape->n; i++) {
		if (scrape->series[i].pf)
			return true;
	}
	return false;
}

/* Not cfgblk_limited: OpenMetrics calls the counter cfgblk_limited_total so */
static void print_limited(const struct scrape *scrape)
{
	if (!has_pf(scrape))
		return;
	puts("# HELP cfgblk_link_limited PF: 1 if the VF sends more than its "
	     "limit allows, now or in the last two seconds\n"
	     "# TYPE cfgblk_link_limited gauge");
	for (size_t i = 0; i < scrape->n; i++) {
		if (scrape->series[i].pf)
			print_sample("link_limited", &scrape->series[i], true,
				     scrape->series[i].link.limited);
	}
}

static int print_scrape(const struct scrape *scrape)
{
	for (size_t c = 0; scrape->n && c < stats_n_counters; c++)
		print_counter(scrape, c);
	if (scrape->n) {
		print_state(scrape);
		print_limited(scrape);
	}
	return out_flush();
}

static int take_link(const struct dev *dev, struct series *s, __u32 vf)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_LINK,
		.about_vf = true, .vf = vf,
	};
	int status;

	s->link = (struct cfgblk_link_info){ .vf = s->pf ? vf : 0 };
	status = call_driver(&call, &s->link);
	s->vf_known = s->link.vf != CFGBLK_VF_ALL;
	return status;
}

static int add_column(struct scrape *scrape, const struct dev *dev,
		      const struct cfgblk_stats *column)
{
	struct series s = { .pf = dev_is_pf(dev), .counters = *column };
	int status = take_link(dev, &s, column->vf);

	if (status)
		return status;
	s.device = strdup(dev->name);
	scrape->series = reallocarray(scrape->series, scrape->n + 1, sizeof(s));
	if (!s.device || !scrape->series)
		out_of_memory();
	scrape->series[scrape->n++] = s;
	return STATUS_DONE;
}

/* Named twice it is told once: the same sample again would spoil all of them */
static bool is_taken(const struct scrape *scrape, const struct dev *dev)
{
	for (size_t i = 0; i < scrape->n; i++) {
		if (!strcmp(scrape->series[i].device, dev->name))
			return true;
	}
	return false;
}

static int take_device(const struct dev *dev, void *data)
{
	struct scrape *scrape = data;
	struct stats stats = { .chosen = !dev_is_pf(dev) };
	__u32 vf = dev_is_pf(dev) ? CFGBLK_VF_ALL : 0;
	int status;

	if (is_taken(scrape, dev))
		return STATUS_DONE;
	status = stats_take_all(dev, vf, &stats);
	for (size_t i = 0; i < stats.n && !status; i++)
		status = add_column(scrape, dev, &stats.columns[i]);
	free(stats.columns);
	return status;
}

static int take_word(const char *word, void *scrape)
{
	return dev_run(word, take_device, scrape);
}

static void scrape_free(struct scrape *scrape)
{
	while (scrape->n)
		free(scrape->series[--scrape->n].device);
	free(scrape->series);
}

/* @words: the devices; none for all.  Who fails does not keep the others back */
int stats_prometheus(char **words, size_t n)
{
	struct scrape scrape = { 0 };
	int status = STATUS_DONE, printed;

	if (!n)
		status = walk_functions(take_word, &scrape);
	for (size_t i = 0; i < n; i++) {
		int one = take_word(words[i], &scrape);

		status = one > status ? one : status;
	}
	printed = print_scrape(&scrape);
	scrape_free(&scrape);
	return status ? status : printed;
}
