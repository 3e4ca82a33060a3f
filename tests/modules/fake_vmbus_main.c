// SPDX-License-Identifier: GPL-2.0
/*
 * Test: a guest of Hyper-V with one VF, on a machine that is none
 *
 * Loaded, it registers a bus "vmbus" with a PCI function on it, and answers for
 * the host through hvpci_block_ops, as pci-hyperv does.  Parameters (in
 * /sys/module/fake_vmbus/parameters) say how:
 *
 * host         answers, hangs, says-nothing, says-more, refuses, strange, gone
 * signal       a block mask: invalidate, as from the channel's tasklet
 * late_signal  the same, to whoever heard last
 * asked        how often the host was asked, and has answered
 */
#include <linux/delay.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "fake_hyperv.h"
#include "hyperv_intf.h"

/* Nobody's */
#define VENDOR	0x1414
#define DEVICE	0xcfb0

static const char *const modes[FAKE_MODES] = {
	[FAKE_ANSWERS] = "answers",
	[FAKE_HANGS] = "hangs",
	[FAKE_SAYS_NOTHING] = "says-nothing",
	[FAKE_SAYS_MORE] = "says-more",
	[FAKE_REFUSES] = "refuses",
	[FAKE_STRANGE] = "strange",
	[FAKE_GONE] = "gone",
};

static struct hyperv_pci_block_ops *fake_ops;

static int host_set(const char *text, const struct kernel_param *param)
{
	int mode = sysfs_match_string(modes, text);

	if (mode < 0)
		return mode;
	fake_host_set(mode);
	return 0;
}

static const struct kernel_param_ops host_ops = { .set = host_set };
module_param_cb(host, &host_ops, NULL, 0200);

static int signal_send(const char *text, bool late)
{
	u64 mask;
	int err = kstrtou64(text, 0, &mask);

	if (!err)
		fake_host_signal(mask, late);
	return err;
}

static int signal_set(const char *text, const struct kernel_param *param)
{
	return signal_send(text, false);
}

static const struct kernel_param_ops signal_ops = { .set = signal_set };
module_param_cb(signal, &signal_ops, NULL, 0200);

static int late_signal_set(const char *text, const struct kernel_param *param)
{
	return signal_send(text, true);
}

static const struct kernel_param_ops late_ops = { .set = late_signal_set };
module_param_cb(late_signal, &late_ops, NULL, 0200);

static int asked_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%u %u\n", fake_host_asked(),
			  fake_host_answered());
}

static const struct kernel_param_ops asked_ops = { .get = asked_get };
module_param_cb(asked, &asked_ops, NULL, 0400);

static void fake_ops_fill(void)
{
	fake_ops->read_block = fake_host_read;
	fake_ops->write_block = fake_host_write;
	fake_ops->reg_blk_invalidate = fake_host_listen;
}

static int __init fake_vmbus_init(void)
{
	int err;

	fake_ops = symbol_get(hvpci_block_ops);
	if (!fake_ops)
		return -EOPNOTSUPP;
	fake_ops_fill();
	err = fake_hyperv_init();
	if (!err) {
		err = fake_hyperv_plug(VENDOR, DEVICE);
		if (err)
			fake_hyperv_fini();
	}
	if (err) {
		memset(fake_ops, 0, sizeof(*fake_ops));
		symbol_put(hvpci_block_ops);
	}
	return err;
}

/* Nobody asks any more once the device is gone, but who has been asking may */
static void __exit fake_vmbus_exit(void)
{
	fake_hyperv_pull();
	fake_hyperv_fini();
	memset(fake_ops, 0, sizeof(*fake_ops));
	fake_host_set(FAKE_GONE);
	while (fake_host_asked() != fake_host_answered())
		msleep(20);
	/* The last instructions after it has answered */
	msleep(200);
	symbol_put(hvpci_block_ops);
}

module_init(fake_vmbus_init);
module_exit(fake_vmbus_exit);

MODULE_DESCRIPTION("Test: a guest of Hyper-V with one VF");
MODULE_LICENSE("GPL");
