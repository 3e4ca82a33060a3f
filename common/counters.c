// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of a link
 */
#include <linux/compiler.h>
#include <linux/export.h>
#include <uapi/linux/cfgblk.h>

#include "counters.h"

/**
 * cfgblk_counters_show - copy counters for user space
 * @counters: of a link
 * @stats: receives them; what is not a link's counter is left alone
 *
 * Context: any.
 */
void cfgblk_counters_show(const struct cfgblk_counters *counters,
			  struct cfgblk_stats *stats)
{
	stats->requests = READ_ONCE(counters->requests);
	stats->answers_ok = READ_ONCE(counters->answers_ok);
	stats->answers_failed = READ_ONCE(counters->answers_failed);
	stats->fragments_in = READ_ONCE(counters->fragments_in);
	stats->fragments_out = READ_ONCE(counters->fragments_out);
	stats->bytes_in = READ_ONCE(counters->bytes_in);
	stats->bytes_out = READ_ONCE(counters->bytes_out);
	stats->handshakes = READ_ONCE(counters->handshakes);
	stats->notices = READ_ONCE(counters->notices);
	stats->masks = READ_ONCE(counters->masks);
	stats->resets = READ_ONCE(counters->resets);
	stats->timeouts = READ_ONCE(counters->timeouts);
	stats->late = READ_ONCE(counters->late);
	stats->malformed = READ_ONCE(counters->malformed);
	stats->spurious = READ_ONCE(counters->spurious);
	stats->polled = READ_ONCE(counters->polled);
	stats->limited = READ_ONCE(counters->limited);
}
EXPORT_SYMBOL_GPL(cfgblk_counters_show);
