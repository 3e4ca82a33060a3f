// SPDX-License-Identifier: GPL-2.0
/*
 * Test: a driver's diagnostics over hyperv_*_cfg_blk(), as mlx5 has them
 *
 * It knows nothing of cfgblk.  Block 0 is for control; each agent has a block of
 * its own, to which it writes its data in chunks of 120 bytes behind a sequence
 * and an offset.  A block is 128 bytes, never less.  The callback allocates and
 * queues, no more.
 *
 * device       PCI address of the VF, at load
 * statistics   (write) that many bytes from the agent, which the host must have
 *              asked for through the control block
 * said         what the control block asked for last, and the first errno
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "hyperv_intf.h"

#define BLOCK_BYTES	128
#define AGENTS		4

enum {
	AGENT_CONTROL,
	AGENT_STATS,
};

struct control_block {
	u32 capabilities;
	u32 control;
	u16 command;
	u16 command_ack;
	u16 version;
	u16 rings;
	u32 reserved[28];
};

struct data_block {
	u16 sequence;
	u16 offset;
	u8 reserved[4];
	u64 data[15];
};

struct invalidation {
	struct work_struct work;
	u64 mask;
};

static char *device;
module_param(device, charp, 0400);

static struct pci_dev *vf;
static struct workqueue_struct *queue;
static DEFINE_MUTEX(agents_lock);
static bool agents[AGENTS] = { [AGENT_CONTROL] = true };
static u16 sequence;
static u16 command;
static int first_err;

static int failed(int err)
{
	if (err && !first_err)
		first_err = err;
	return err;
}

static int read_block(void *buf, unsigned int id)
{
	unsigned int n = 0;
	int err = hyperv_read_cfg_blk(vf, buf, BLOCK_BYTES, id, &n);

	return failed(err ?: n == BLOCK_BYTES ? 0 : -EIO);
}

static int write_block(void *buf, unsigned int id)
{
	return failed(hyperv_write_cfg_blk(vf, buf, BLOCK_BYTES, id));
}

/* AGENT_CONTROL has no bit, AGENT_STATS the first one */
static u32 capabilities(void)
{
	u32 bits = 0;
	int i;

	for (i = AGENT_STATS; i < AGENTS; i++) {
		if (agents[i])
			bits |= BIT(i - 1);
	}
	return bits;
}

static void answer_control(void)
{
	struct control_block block;

	BUILD_BUG_ON(sizeof(block) != BLOCK_BYTES);
	if (read_block(&block, AGENT_CONTROL))
		return;
	block.capabilities = capabilities();
	if (block.control & ~block.capabilities)
		return;
	if (block.control & BIT(AGENT_STATS - 1)) {
		block.version = 1;
		block.rings = 2;
		WRITE_ONCE(command, block.command);
	}
	block.command_ack = block.command;
	write_block(&block, AGENT_CONTROL);
}

static void invalidation_work(struct work_struct *work)
{
	struct invalidation *invalidation =
		container_of(work, struct invalidation, work);

	mutex_lock(&agents_lock);
	if (invalidation->mask & BIT_ULL(AGENT_CONTROL))
		answer_control();
	mutex_unlock(&agents_lock);
	kfree(invalidation);
}

static void block_invalidate(void *context, u64 mask)
{
	struct invalidation *invalidation =
		kzalloc(sizeof(*invalidation), GFP_ATOMIC);

	if (!invalidation)
		return;
	INIT_WORK(&invalidation->work, invalidation_work);
	invalidation->mask = mask;
	queue_work(context, &invalidation->work);
}

static int write_chunk(unsigned int i, unsigned int first, unsigned int len)
{
	struct data_block block = { .sequence = sequence, .offset = i };
	u8 *bytes = (u8 *)block.data;
	unsigned int at;

	BUILD_BUG_ON(sizeof(block) != BLOCK_BYTES);
	for (at = 0; at < min_t(unsigned int, len - first,
				sizeof(block.data)); at++)
		bytes[at] = first + at;
	return write_block(&block, AGENT_STATS);
}

static int statistics_set(const char *text, const struct kernel_param *param)
{
	unsigned int len, first = 0, i = 0;
	int err = kstrtouint(text, 0, &len);

	if (err)
		return err;
	mutex_lock(&agents_lock);
	while (!err && first < len) {
		err = write_chunk(i++, first, len);
		first += sizeof_field(struct data_block, data);
	}
	sequence++;
	mutex_unlock(&agents_lock);
	return err;
}

static const struct kernel_param_ops statistics_ops = { .set = statistics_set };
module_param_cb(statistics, &statistics_ops, NULL, 0200);

static int said_get(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "command %u error %d\n", READ_ONCE(command),
			  READ_ONCE(first_err));
}

static const struct kernel_param_ops said_ops = { .get = said_get };
module_param_cb(said, &said_ops, NULL, 0400);

static struct pci_dev *find_vf(void)
{
	unsigned int domain, bus, slot, fn;

	if (!device || sscanf(device, "%x:%x:%x.%x", &domain, &bus, &slot,
			      &fn) != 4)
		return NULL;
	return pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, fn));
}

static int start(void)
{
	int err = hyperv_reg_block_invalidate(vf, queue, block_invalidate);

	if (err)
		return err;
	mutex_lock(&agents_lock);
	agents[AGENT_STATS] = true;
	mutex_unlock(&agents_lock);
	/* As if the host had asked, so that it learns of the agent */
	block_invalidate(queue, BIT_ULL(AGENT_CONTROL));
	return 0;
}

static int __init hyperv_client_init(void)
{
	int err;

	vf = find_vf();
	if (!vf)
		return -ENODEV;
	queue = alloc_ordered_workqueue("hyperv_client", 0);
	err = queue ? start() : -ENOMEM;
	if (!err)
		return 0;
	if (queue)
		destroy_workqueue(queue);
	pci_dev_put(vf);
	return err;
}

/* As mlx5: nothing is waited for after unregistering but the queue */
static void __exit hyperv_client_exit(void)
{
	hyperv_reg_block_invalidate(vf, NULL, NULL);
	destroy_workqueue(queue);
	pci_dev_put(vf);
}

module_init(hyperv_client_init);
module_exit(hyperv_client_exit);

MODULE_DESCRIPTION("Test: a driver's diagnostics over Hyper-V's calls");
MODULE_LICENSE("GPL");
