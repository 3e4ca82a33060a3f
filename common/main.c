// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk.ko: what the PF's and the VF's driver share
 */
#include <linux/export.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "link_wq.h"
#include "node.h"

struct workqueue_struct *cfgblk_wq;

/*
 * Link work runs on the CPU that took the interrupt, before ordinary work: a
 * caller on the other end waits for it.
 */
static int __init cfgblk_init(void)
{
	int err;

	cfgblk_wq = alloc_workqueue("cfgblk", WQ_HIGHPRI | WQ_MEM_RECLAIM |
				    WQ_PERCPU, 0);
	if (!cfgblk_wq)
		return -ENOMEM;
	err = cfgblk_nodes_init();
	if (err)
		destroy_workqueue(cfgblk_wq);
	return err;
}

static void __exit cfgblk_exit(void)
{
	cfgblk_nodes_exit();
	destroy_workqueue(cfgblk_wq);
}

module_init(cfgblk_init);
module_exit(cfgblk_exit);

MODULE_DESCRIPTION("VF configuration blocks: protocol, link and device nodes");
MODULE_LICENSE("GPL");
