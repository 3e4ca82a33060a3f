// SPDX-License-Identifier: GPL-2.0
/*
 * Test: a provider that comes and goes, and takes its time while it is there
 *
 * Its one block is PROVIDED; all others are the store's.
 *
 * device       PCI address of the PF, at load
 * turns        how often it has come and gone; answers, how often it was asked
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#define PROVIDED	9

static char device[16];
module_param_string(device, device, sizeof(device), 0444);

static unsigned int turns;
module_param(turns, uint, 0444);

static atomic_t asked;
static unsigned int answers;
module_param(answers, uint, 0444);

static struct pci_dev *pf;
static struct task_struct *task;

static int flap_read(void *ctx, u16 vf, u32 block, void *buf, unsigned int len)
{
	WRITE_ONCE(answers, atomic_inc_return(&asked));
	usleep_range(20, 200);
	if (block != PROVIDED)
		return -ENOENT;
	memset(buf, 0x5a, len);
	return len;
}

static int flap_write(void *ctx, u16 vf, u32 block, const void *buf,
		      unsigned int len)
{
	usleep_range(20, 200);
	return block == PROVIDED ? 0 : -ENOENT;
}

static u64 flap_published(void *ctx, u16 vf)
{
	return BIT_ULL(PROVIDED);
}

static const struct cfgblk_provider_ops flap_ops = {
	.read = flap_read,
	.write = flap_write,
	.published = flap_published,
};

static int flap_thread(void *arg)
{
	while (!kthread_should_stop()) {
		struct cfgblk_provider *provider =
			cfgblk_register_provider(pf, &flap_ops, NULL);

		if (WARN_ON(IS_ERR(provider)))
			break;
		usleep_range(100, 5000);
		cfgblk_unregister_provider(provider);
		usleep_range(100, 5000);
		WRITE_ONCE(turns, turns + 1);
	}
	return 0;
}

static int __init flap_init(void)
{
	unsigned int domain, bus, slot, function;

	if (sscanf(device, "%x:%x:%x.%x", &domain, &bus, &slot, &function) != 4)
		return -EINVAL;
	pf = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, function));
	if (!pf)
		return -ENODEV;
	task = kthread_run(flap_thread, NULL, "provider_flap");
	if (!IS_ERR(task)) {
		get_task_struct(task);
		return 0;
	}
	pci_dev_put(pf);
	return PTR_ERR(task);
}
module_init(flap_init);

static void __exit flap_exit(void)
{
	kthread_stop(task);
	put_task_struct(task);
	pci_dev_put(pf);
}
module_exit(flap_exit);

MODULE_DESCRIPTION("Test: a provider that comes and goes");
MODULE_LICENSE("GPL");
