/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_STATS_H
#define TOOLS_STATS_H

#include <stdbool.h>
#include <stddef.h>

#include "dev.h"

struct counter {
	const char *name;
	size_t offset;
	const char *pf_words;
	const char *vf_words;
	bool whole_pf;		/* on a PF: the same for every VF */
};

extern const struct counter stats_counters[];
extern const size_t stats_n_counters;

/* The counters of one function: on a PF a column for each VF */
struct stats {
	struct cfgblk_stats *columns;
	size_t n;
	bool chosen;		/* one VF was asked for: show it in any case */
};

int stats_take_all(const struct dev *dev, __u32 vf, struct stats *stats);
__u64 stats_value(const struct cfgblk_stats *stats, size_t i);
int stats_prometheus(char **words, size_t n);

#endif
