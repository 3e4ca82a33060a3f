// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: Hyper-V as far as a VF driver sees it
 */
#include <linux/atomic.h>
#include <linux/bottom_half.h>
#include <linux/device.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "fake_hyperv.h"

#define BLOCKS		8
#define BLOCK_MAX	128
#define CONFIG_SIZE	256

/* Not a bus of anybody else's; where there are domains, in one of its own */
#define BUS_NR		0x20
#define DOMAIN		0xcfb0

/**
 * struct fake_block - a block that was written
 * @id: block id
 * @len: bytes; 0: this one is free
 * @data: the bytes
 */
struct fake_block {
	u32 id;
	unsigned int len;
	u8 data[BLOCK_MAX];
};

/**
 * struct fake - all of it
 * @parent: the bus driver's device
 * @bridge: the host bridge below it
 * @bus: its bus
 * @pdev: the function
 * @config: the function's configuration space; only the command can be written
 * @blocks: of the host
 * @mode: what the host does
 * @asked: how often
 * @answered: how often it has answered
 * @heard: who hears of invalidations; kept as pci-hyperv does, without a lock
 * @context: handed to @heard
 * @last: who heard last, and may be told once more
 * @last_context: handed to @last
 */
static struct fake {
	struct device *parent;
	struct pci_host_bridge *bridge;
	struct pci_bus *bus;
	struct pci_dev *pdev;
	u8 config[CONFIG_SIZE];
	struct fake_block blocks[BLOCKS];
	enum fake_host_mode mode;
	atomic_t asked;
	atomic_t answered;
	void (*heard)(void *context, u64 block_mask);
	void *context;
	void (*last)(void *context, u64 block_mask);
	void *last_context;
} fake;

static DEFINE_SPINLOCK(fake_lock);

static struct bus_type fake_vmbus = { .name = "vmbus" };

static struct resource fake_busn = {
	.name = "cfgblk-vmbus",
	.start = BUS_NR,
	.end = BUS_NR,
	.flags = IORESOURCE_BUS,
};

#ifdef CONFIG_UML
static void *fake_sysdata(void)
{
	return NULL;
}
#else
static void *fake_sysdata(void)
{
	static struct pci_sysdata sysdata = {
		.domain = DOMAIN, .node = NUMA_NO_NODE,
	};

	return &sysdata;
}
#endif

static int fake_config_read(struct pci_bus *bus, unsigned int devfn, int where,
			    int size, u32 *value)
{
	*value = ~0U;
	if (devfn || where + size > CONFIG_SIZE)
		return PCIBIOS_DEVICE_NOT_FOUND;
	*value = 0;
	memcpy(value, &fake.config[where], size);
	return PCIBIOS_SUCCESSFUL;
}

static int fake_config_write(struct pci_bus *bus, unsigned int devfn, int where,
			     int size, u32 value)
{
	if (devfn)
		return PCIBIOS_DEVICE_NOT_FOUND;
	if (where == PCI_COMMAND)
		memcpy(&fake.config[where], &value, min(size, 2));
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops fake_pci_ops = {
	.read = fake_config_read,
	.write = fake_config_write,
};

static int fake_map_irq(const struct pci_dev *dev, u8 slot, u8 pin)
{
	return 0;	/* no INTx */
}

static void fake_parent_release(struct device *dev)
{
	kfree(dev);
}

static void fake_init(u16 vendor, u16 device)
{
	memset(&fake, 0, sizeof(fake));
	memcpy(&fake.config[PCI_VENDOR_ID], &vendor, sizeof(vendor));
	memcpy(&fake.config[PCI_DEVICE_ID], &device, sizeof(device));
	/* An Ethernet controller */
	fake.config[PCI_CLASS_DEVICE + 1] = PCI_BASE_CLASS_NETWORK;
}

static int fake_parent_add(void)
{
	struct device *parent = kzalloc(sizeof(*parent), GFP_KERNEL);
	int err;

	if (!parent)
		return -ENOMEM;
	parent->bus = &fake_vmbus;
	parent->release = fake_parent_release;
	dev_set_name(parent, "cfgblk-fake");
	err = device_register(parent);
	if (err)
		put_device(parent);
	fake.parent = parent;
	return err;
}

static int fake_scan(void)
{
	struct pci_host_bridge *bridge = fake.bridge;
	int err;

	pci_add_resource(&bridge->windows, &fake_busn);
	bridge->dev.parent = fake.parent;
	bridge->ops = &fake_pci_ops;
	bridge->sysdata = fake_sysdata();
	bridge->busnr = BUS_NR;
	bridge->map_irq = fake_map_irq;
	pci_lock_rescan_remove();
	err = pci_scan_root_bus_bridge(bridge);
	if (!err) {
		fake.bus = bridge->bus;
		fake.pdev = pci_get_slot(fake.bus, 0);
		pci_bus_add_devices(fake.bus);
	}
	pci_unlock_rescan_remove();
	return err;
}

/**
 * fake_hyperv_init - register the bus
 *
 * To unregister it and to register it again is not for 6.1: there the bus is
 * forgotten when the last of it is released, however late.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno; -EEXIST if there is a bus "vmbus".
 */
int fake_hyperv_init(void)
{
	return bus_register(&fake_vmbus);
}

/**
 * fake_hyperv_fini - unregister it
 *
 * Context: process, may sleep.
 */
void fake_hyperv_fini(void)
{
	bus_unregister(&fake_vmbus);
}

/**
 * fake_hyperv_plug - have the host give the guest a VF
 * @vendor: of the function
 * @device: of the function
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int fake_hyperv_plug(u16 vendor, u16 device)
{
	int err;

	fake_init(vendor, device);
	err = fake_parent_add();
	if (err)
		return err;
	fake.bridge = pci_alloc_host_bridge(0);
	err = fake.bridge ? fake_scan() : -ENOMEM;
	if (!err)
		return 0;
	if (fake.bridge)
		pci_free_host_bridge(fake.bridge);
	device_unregister(fake.parent);
	return err;
}

/**
 * fake_hyperv_pull - and take it away; no call may be under way any more
 *
 * Context: process, may sleep.
 */
void fake_hyperv_pull(void)
{
	pci_dev_put(fake.pdev);
	fake.pdev = NULL;
	pci_lock_rescan_remove();
	pci_stop_root_bus(fake.bus);
	pci_remove_root_bus(fake.bus);
	pci_unlock_rescan_remove();
	pci_free_host_bridge(fake.bridge);
	device_unregister(fake.parent);
}

/**
 * fake_hyperv_pdev - the VF
 *
 * Return: its PCI device, until fake_hyperv_pull().
 */
struct pci_dev *fake_hyperv_pdev(void)
{
	return fake.pdev;
}

/**
 * fake_hyperv_command - what drivers did to the function
 *
 * Return: its command register.
 */
u16 fake_hyperv_command(void)
{
	u16 command;

	memcpy(&command, &fake.config[PCI_COMMAND], sizeof(command));
	return command;
}

/**
 * fake_host_set - what the host does from now on
 * @mode: that
 */
void fake_host_set(enum fake_host_mode mode)
{
	WRITE_ONCE(fake.mode, mode);
}

/**
 * fake_host_asked - how often was the host asked?
 *
 * Return: that.
 */
unsigned int fake_host_asked(void)
{
	return atomic_read(&fake.asked);
}

/**
 * fake_host_answered - how often has it answered?
 *
 * Return: that; the same as fake_host_asked() when it does not hang.
 */
unsigned int fake_host_answered(void)
{
	return atomic_read(&fake.answered);
}

/**
 * fake_host_heard - does anybody hear of invalidations?
 *
 * Return: true if somebody does.
 */
bool fake_host_heard(void)
{
	return READ_ONCE(fake.heard);
}

/**
 * fake_host_signal - invalidate blocks, as from the channel's tasklet
 * @mask: block mask
 * @late: to whoever heard last, although he does not any more
 */
void fake_host_signal(u64 mask, bool late)
{
	void (*heard)(void *context, u64 block_mask) =
		late ? fake.last : READ_ONCE(fake.heard);
	void *context = late ? fake.last_context : fake.context;

	local_bh_disable();
	if (heard)
		heard(context, mask);
	local_bh_enable();
}

/* As pci-hyperv's wait: it looks ten times a second, and cannot be killed */
static enum fake_host_mode fake_host_wait(void)
{
	enum fake_host_mode mode;

	atomic_inc(&fake.asked);
	while ((mode = READ_ONCE(fake.mode)) == FAKE_HANGS)
		schedule_timeout_uninterruptible(HZ / 10);
	return mode;
}

static int fake_host_say(enum fake_host_mode mode)
{
	switch (mode) {
	case FAKE_REFUSES:
		return -EACCES;
	case FAKE_STRANGE:
		return 1;
	case FAKE_GONE:
		return -ENODEV;
	default:
		return 0;
	}
}

/* The block of that id, or a free one; NULL if there is neither */
static struct fake_block *fake_block(u32 id)
{
	struct fake_block *block, *spare = NULL;

	for (block = fake.blocks; block < fake.blocks + BLOCKS; block++) {
		if (block->len && block->id == id)
			return block;
		if (!block->len && !spare)
			spare = block;
	}
	return spare;
}

static int fake_fetch(void *buf, unsigned int buf_len, u32 id,
		      unsigned int *bytes_returned)
{
	struct fake_block *block;
	int err = 0;

	spin_lock(&fake_lock);
	block = fake_block(id);
	if (block && block->len) {
		*bytes_returned = min(block->len, buf_len);
		memcpy(buf, block->data, *bytes_returned);
	} else {
		err = -EIO;
	}
	spin_unlock(&fake_lock);
	return err;
}

/* As pci-hyperv's hv_read_config_block() */
int fake_host_read(struct pci_dev *dev, void *buf, unsigned int buf_len,
		   unsigned int block_id, unsigned int *bytes_returned)
{
	enum fake_host_mode mode = fake_host_wait();
	int err = fake_host_say(mode);

	if (!err)
		err = fake_fetch(buf, buf_len, block_id, bytes_returned);
	if (mode == FAKE_SAYS_NOTHING)
		*bytes_returned = 0;
	if (mode == FAKE_SAYS_MORE)
		*bytes_returned = buf_len + 1;
	atomic_inc(&fake.answered);
	return err;
}

static int fake_store(const void *buf, unsigned int len, u32 id)
{
	struct fake_block *block;
	int err = -EIO;

	spin_lock(&fake_lock);
	block = fake_block(id);
	if (block) {
		block->id = id;
		block->len = len;
		memcpy(block->data, buf, len);
		err = 0;
	}
	spin_unlock(&fake_lock);
	return err;
}

/* As pci-hyperv's hv_write_config_block() */
int fake_host_write(struct pci_dev *dev, void *buf, unsigned int len,
		    unsigned int block_id)
{
	int err = fake_host_say(fake_host_wait());

	if (!err)
		err = fake_store(buf, len, block_id);
	atomic_inc(&fake.answered);
	return err;
}

/* As pci-hyperv's hv_register_block_invalidate(): waits for nobody */
int fake_host_listen(struct pci_dev *dev, void *context,
		     void (*block_invalidate)(void *context, u64 block_mask))
{
	if (READ_ONCE(fake.mode) == FAKE_GONE)
		return -ENODEV;
	if (block_invalidate) {
		fake.last = block_invalidate;
		fake.last_context = context;
	}
	WRITE_ONCE(fake.heard, block_invalidate);
	fake.context = context;
	return 0;
}
