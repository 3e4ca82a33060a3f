/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The workqueue on which every link's work runs
 */
#ifndef CFGBLK_LINK_WQ_H
#define CFGBLK_LINK_WQ_H

struct workqueue_struct;

extern struct workqueue_struct *cfgblk_wq;

#endif /* CFGBLK_LINK_WQ_H */
