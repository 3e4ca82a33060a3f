// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk_hvif.ko: its coming and going
 */
#include <linux/module.h>

#include "hvif.h"
#include "hyperv_intf.h"

#if defined(CONFIG_HYPERVISOR_GUEST) && !defined(CONFIG_UML)
#include <asm/hypervisor.h>

static bool hvif_on_hyperv(void)
{
	return hypervisor_is_type(X86_HYPER_MS_HYPERV);
}
#else
static bool hvif_on_hyperv(void)
{
	return false;
}
#endif

static int hvif_offer(void)
{
	struct hyperv_pci_block_ops *ops = symbol_get(hvpci_block_ops);
	int err;

	if (!ops) {
		pr_err("cfgblk_hvif: not loaded: the module pci-hyperv-intf is not there\n");
		return -EOPNOTSUPP;
	}
	err = cfgblk_hvif_offer(ops);
	if (err) {
		pr_err("cfgblk_hvif: not loaded: another driver answers hyperv_read_cfg_blk() already\n");
		symbol_put(hvpci_block_ops);
	}
	return err;
}

static int __init hvif_init(void)
{
	if (hvif_on_hyperv()) {
		pr_err("cfgblk_hvif: not loaded: on Hyper-V its own bus driver answers\n");
		return -EBUSY;
	}
	return hvif_offer();
}

module_init(hvif_init);

/*
 * A task on its way in may have been preempted there.  Without RCU tasks nobody
 * can wait for it, and the module stays.
 */
#if !IS_ENABLED(CONFIG_PREEMPTION) || IS_ENABLED(CONFIG_TASKS_RCU)
static void __exit hvif_exit(void)
{
	cfgblk_hvif_withdraw();
	symbol_put(hvpci_block_ops);
}

module_exit(hvif_exit);
#endif

MODULE_SOFTDEP("pre: pci-hyperv-intf");
MODULE_DESCRIPTION("VF configuration blocks: hyperv_read_cfg_blk() and its siblings, without Hyper-V");
MODULE_LICENSE("GPL");
