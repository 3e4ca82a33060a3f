/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workqueues on which everything of ours runs
 */
#ifndef CFGBLK_LINK_WQ_H
#define CFGBLK_LINK_WQ_H

struct workqueue_struct;

/* Where work may sleep: a provider's, and that of who is told that a call ended */
extern struct workqueue_struct *cfgblk_wq;

/*
 * Where the links take their steps: in a softirq of the CPU that took the
 * interrupt, right after it, unless the step before is still being taken
 * elsewhere.  Who queues from a process wakes that CPU's ksoftirqd, but for those
 * who turn softirqs off around it.  Kernels that have no such workqueue (6.1) use
 * a thread of that CPU; nothing may sleep here all the same.
 */
extern struct workqueue_struct *cfgblk_link_wq;

#endif /* CFGBLK_LINK_WQ_H */
