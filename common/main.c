// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk.ko: what the PF's and the VF's driver share
 */
#include <linux/export.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "debugfs.h"
#include "link_wq.h"
#include "node.h"

struct workqueue_struct *cfgblk_wq;
struct workqueue_struct *cfgblk_link_wq;

static void wqs_free(void)
{
	if (cfgblk_link_wq)
		destroy_workqueue(cfgblk_link_wq);
	if (cfgblk_wq)
		destroy_workqueue(cfgblk_wq);
}

static int __init cfgblk_init(void)
{
	int err = -ENOMEM;

	cfgblk_wq = alloc_workqueue("cfgblk", WQ_HIGHPRI | WQ_MEM_RECLAIM |
				    WQ_PERCPU, 0);
	cfgblk_link_wq = alloc_workqueue("cfgblk-link", CFGBLK_WQ_LINK, 0);
	if (cfgblk_wq && cfgblk_link_wq)
		err = cfgblk_nodes_init();
	if (err)
		wqs_free();
	else
		cfgblk_debugfs_init();
	return err;
}

static void __exit cfgblk_exit(void)
{
	cfgblk_debugfs_exit();
	cfgblk_nodes_exit();
	wqs_free();
}

module_init(cfgblk_init);
module_exit(cfgblk_exit);

MODULE_DESCRIPTION("VF configuration blocks: protocol, link and device nodes");
MODULE_LICENSE("GPL");
