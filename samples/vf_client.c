// SPDX-License-Identifier: GPL-2.0
/*
 * Sample: a client of a VF's blocks
 *
 * It takes over what the PF wants, each time that it is told of a change, and
 * says so in a block of its own.
 *
 * device       PCI address of a VF that is bound to cfgblk_vf, at load
 * setting      what was taken over last
 * told         how often it was told of changes
 * first        the first read, which nobody waits for: bytes, or an errno
 * failed       the last errno, 0 for none
 */
#include <linux/bits.h>
#include <linux/cfgblk.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "sample.h"

static char device[16];
module_param_string(device, device, sizeof(device), 0444);

static unsigned int setting;
module_param(setting, uint, 0444);

static unsigned int told;
module_param(told, uint, 0444);

static int first;
module_param(first, int, 0444);

static int failed;
module_param(failed, int, 0444);

static struct pci_dev *vf;
static struct cfgblk_call *first_call;
/* Of a read that nobody waits for: has to be there until that has ended */
static u8 first_bytes[CFGBLK_BLOCK_MAX];

static void take_setting(const void *buf, unsigned int len)
{
	const struct sample_setting *block = buf;

	/* The length is the other end's word */
	if (len < sizeof(*block))
		return;
	WRITE_ONCE(setting, le32_to_cpu(block->setting));
	pci_info(vf, "setting %u, host up for %llu s\n", setting,
		 le64_to_cpu(block->uptime));
}

static void read_block(unsigned int id)
{
	u8 buf[CFGBLK_BLOCK_MAX] __aligned(8);
	unsigned int len;
	int err = cfgblk_read_cfg_blk(vf, buf, sizeof(buf), id, &len);

	/* After -ECONNRESET all blocks are told of again: nothing is lost */
	if (err)
		WRITE_ONCE(failed, err);
	else if (id == SAMPLE_SETTING)
		take_setting(buf, len);
}

static void write_status(void)
{
	struct sample_status status = {
		.setting = cpu_to_le32(setting),
	};
	int err = cfgblk_write_cfg_blk(vf, &status, sizeof(status),
				       SAMPLE_STATUS);

	if (err)
		WRITE_ONCE(failed, err);
}

/* One after the other, from a work item: may sleep, read and write */
static void block_invalidate(void *context, u64 block_mask)
{
	unsigned int id;

	WRITE_ONCE(told, told + 1);
	for (id = 0; id < CFGBLK_MASK_BLOCKS; id++)
		if (block_mask & BIT_ULL(id))
			read_block(id);
	write_status();
}

/* Here nothing that waits for the VF is allowed */
static void first_done(void *context, int err, unsigned int bytes_returned)
{
	WRITE_ONCE(first, err ?: bytes_returned);
}

static int start(void)
{
	int err = cfgblk_reg_block_invalidate(vf, NULL, block_invalidate);

	if (err)
		return err;
	first_call = cfgblk_read_async(vf, first_bytes, sizeof(first_bytes),
				       SAMPLE_SETTING, first_done, NULL);
	if (!IS_ERR(first_call))
		return 0;
	cfgblk_unreg_own_block_invalidate(vf, NULL, block_invalidate);
	return PTR_ERR(first_call);
}

static int __init vf_client_init(void)
{
	int err;

	vf = sample_device(device);
	if (!vf)
		return -ENODEV;
	err = start();
	if (err)
		pci_dev_put(vf);
	return err;
}
module_init(vf_client_init);

/*
 * The VF's driver may have gone: then its calls have ended, nobody is called any
 * more, and both of these do nothing.  It may have come again, and somebody else
 * may listen: that one stays.
 */
static void __exit vf_client_exit(void)
{
	cfgblk_unreg_own_block_invalidate(vf, NULL, block_invalidate);
	cfgblk_cancel(vf, first_call);
	cfgblk_call_put(first_call);
	pci_dev_put(vf);
}
module_exit(vf_client_exit);

MODULE_DESCRIPTION("Sample: a client of a VF's configuration blocks");
MODULE_LICENSE("GPL");
