/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF driver: calls through Hyper-V's bus driver
 */
#ifndef CFGBLK_VF_HYPERV_H
#define CFGBLK_VF_HYPERV_H

#include <linux/atomic.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "calls.h"
#include "counters.h"
#include "journal.h"

struct cfgblk_host;
struct pci_dev;

/**
 * struct cfgblk_hyperv - the host, seen from one VF
 * @host: asks it
 * @calls: calls that have not ended
 * @work: all steps; one run at a time
 * @timer: queues @work when something is due
 * @call: the call that the host is asked for; NULL also when that call has ended
 *	before the host answered
 * @deadline: jiffies at which the host is late
 * @hung: the host is late, and has not answered yet
 * @counters: what happened
 * @journal: the last exchanges; the host sees no request ids, so all are 0
 * @heard: invalidations
 * @id: what the bus driver knows us by; 0 while it does not
 *
 * Lifetime: that of the VF.  @call, @deadline, @counters and @journal belong to @work, or
 * to the owner while it is stopped.
 */
struct cfgblk_hyperv {
	struct cfgblk_host *host;
	struct cfgblk_calls calls;
	struct work_struct work;
	struct timer_list timer;
	struct cfgblk_call *call;
	unsigned long deadline;
	bool hung;
	struct cfgblk_counters counters;
	struct cfgblk_journal journal;
	atomic64_t heard;
	u32 id;
};

extern const struct cfgblk_vf_transport cfgblk_vf_hyperv;

bool cfgblk_vf_on_hyperv(struct pci_dev *pdev);

#endif /* CFGBLK_VF_HYPERV_H */
