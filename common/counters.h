/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a link
 *
 * Written by the link's work alone, so no atomics; read at any time with
 * cfgblk_counters_show(), each number whole on 64-bit machines.
 */
#ifndef CFGBLK_COUNTERS_H
#define CFGBLK_COUNTERS_H

#include <linux/types.h>

struct cfgblk_stats;

/* What each one counts is told at struct cfgblk_stats in uapi/linux/cfgblk.h */
struct cfgblk_counters {
	u64 requests;
	u64 answers_ok;
	u64 answers_failed;
	u64 fragments_in;
	u64 fragments_out;
	u64 bytes_in;
	u64 bytes_out;
	u64 handshakes;
	u64 notices;
	u64 masks;
	u64 resets;
	u64 timeouts;
	u64 late;
	u64 malformed;
	u64 spurious;
	u64 polled;
	u64 limited;
};

void cfgblk_counters_show(const struct cfgblk_counters *counters,
			  struct cfgblk_stats *stats);

#endif /* CFGBLK_COUNTERS_H */
