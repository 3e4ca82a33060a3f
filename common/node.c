// SPDX-License-Identifier: GPL-2.0
/*
 * Device node /dev/cfgblk/<pci address>: opened files and their watchers
 */
#include <linux/build_bug.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/kfifo.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <uapi/linux/cfgblk.h>

#include "compat.h"
#include "node.h"

/* User space is built against these: from the first release on no size changes */
static_assert(sizeof(struct cfgblk_info) == 64);
static_assert(sizeof(struct cfgblk_link_info) == 48);
static_assert(sizeof(struct cfgblk_block_io) == 144);
static_assert(sizeof(struct cfgblk_define) == 16);
static_assert(sizeof(struct cfgblk_block_info) == 24);
static_assert(sizeof(struct cfgblk_invalidate) == 16);
static_assert(sizeof(struct cfgblk_event) == 32);
static_assert(sizeof(struct cfgblk_echo) == 136);
static_assert(sizeof(struct cfgblk_stats) == 192);
static_assert(sizeof(struct cfgblk_limit) == 16);
static_assert(sizeof(struct cfgblk_state) == 24);

/* Functions with a node at once: some PFs with all the VFs of each */
#define NODES_MAX	4096

/* Events that a watcher can be late by before it loses the next ones */
#define EVENTS_MAX	256

static struct class *node_class;
static dev_t node_devt;
static DEFINE_IDA(node_ida);

/**
 * struct node_watcher - what one open file is told
 * @list: in the node's watchers
 * @mask: VF: block mask not taken yet
 * @lost: PF: events that found no room
 * @events: PF: events not taken yet
 */
struct node_watcher {
	struct list_head list;
	u64 mask;
	u64 lost;
	DECLARE_KFIFO(events, struct cfgblk_event, EVENTS_MAX);
};

/**
 * struct node_file - an open file
 * @node: its node, with a reference
 * @watcher: NULL until CFGBLK_IOC_WATCH
 */
struct node_file {
	struct cfgblk_node *node;
	struct node_watcher *watcher;
};

static int node_open(struct inode *inode, struct file *filp)
{
	struct cfgblk_node *node =
		container_of(inode->i_cdev, struct cfgblk_node, cdev);
	struct node_file *file = kzalloc(sizeof(*file), GFP_KERNEL);

	if (!file)
		return -ENOMEM;
	get_device(&node->dev);
	file->node = node;
	filp->private_data = file;
	return stream_open(inode, filp);
}

/* Under the gate and the lock, so that the last word is the true one */
static void node_watched(struct cfgblk_node *node, bool watched)
{
	if (node->ops && node->ops->watched)
		node->ops->watched(node->ctx, watched);
}

/* Under the lock: @mask is for all who watch, or for the first who will */
static void node_or(struct cfgblk_node *node, u64 mask)
{
	struct node_watcher *watcher;

	if (list_empty(&node->watchers))
		node->kept |= mask;
	list_for_each_entry(watcher, &node->watchers, list)
		watcher->mask |= mask;
}

/*
 * Take a watcher off.  What it was not told of yet may be older than the other
 * watchers are, so they are told of it.
 */
static void node_unlink(struct cfgblk_node *node, struct node_watcher *watcher)
{
	down_read(&node->gate);
	spin_lock_irq(&node->lock);
	list_del(&watcher->list);
	node_or(node, watcher->mask);
	if (list_empty(&node->watchers))
		node_watched(node, false);
	spin_unlock_irq(&node->lock);
	up_read(&node->gate);
	wake_up_interruptible(&node->wait);
}

static int node_release(struct inode *inode, struct file *filp)
{
	struct node_file *file = filp->private_data;

	if (file->watcher) {
		node_unlink(file->node, file->watcher);
		kfree(file->watcher);
	}
	put_device(&file->node->dev);
	kfree(file);
	return 0;
}

/* Under the gate; ioctl() of one file may run on two CPUs at once */
static long node_watch(struct node_file *file)
{
	struct cfgblk_node *node = file->node;
	struct node_watcher *watcher = kzalloc(sizeof(*watcher), GFP_KERNEL);

	if (!watcher)
		return -ENOMEM;
	INIT_KFIFO(watcher->events);
	spin_lock_irq(&node->lock);
	if (file->watcher) {
		spin_unlock_irq(&node->lock);
		kfree(watcher);
		return -EALREADY;
	}
	swap(watcher->mask, node->kept);
	list_add_tail(&watcher->list, &node->watchers);
	file->watcher = watcher;
	node_watched(node, true);
	spin_unlock_irq(&node->lock);
	return 0;
}

static bool watcher_ready(struct node_watcher *watcher)
{
	return watcher->mask || !kfifo_is_empty(&watcher->events);
}

/* Take one event; false if there is none */
static bool watcher_take(struct node_watcher *watcher,
			 struct cfgblk_event *event)
{
	if (!watcher_ready(watcher))
		return false;
	memset(event, 0, sizeof(*event));
	if (watcher->mask) {
		event->type = CFGBLK_EVENT_INVALIDATED;
		swap(event->mask, watcher->mask);
		return true;
	}
	if (kfifo_get(&watcher->events, event))
		swap(event->lost, watcher->lost);
	return true;
}

/* It could not be handed over: a mask is kept, an event counts as lost */
static void watcher_untake(struct cfgblk_node *node,
			   struct node_watcher *watcher,
			   const struct cfgblk_event *event)
{
	spin_lock_irq(&node->lock);
	watcher->mask |= event->mask;
	if (event->type == CFGBLK_EVENT_WROTE)
		watcher->lost += 1 + event->lost;
	spin_unlock_irq(&node->lock);
}

static long node_take_event(struct node_file *file, void __user *arg)
{
	struct cfgblk_node *node = file->node;
	struct cfgblk_event event;
	bool taken;

	if (!file->watcher)
		return -EINVAL;
	spin_lock_irq(&node->lock);
	taken = watcher_take(file->watcher, &event);
	spin_unlock_irq(&node->lock);
	if (!taken)
		return -EAGAIN;
	if (!copy_to_user(arg, &event, sizeof(event)))
		return 0;
	watcher_untake(node, file->watcher, &event);
	return -EFAULT;
}

static long node_dispatch(struct node_file *file, unsigned int cmd,
			  void __user *arg)
{
	struct cfgblk_node *node = file->node;

	if (!node->ops)
		return -ENODEV;
	if (cmd == CFGBLK_IOC_WATCH)
		return node_watch(file);
	if (cmd == CFGBLK_IOC_EVENT)
		return node_take_event(file, arg);
	return node->ops->ioctl(node->ctx, cmd, arg);
}

static long node_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct node_file *file = filp->private_data;
	long ret;

	if (down_read_killable(&file->node->gate))
		return -EINTR;
	ret = node_dispatch(file, cmd, (void __user *)arg);
	up_read(&file->node->gate);
	return ret;
}

static __poll_t node_poll(struct file *filp, poll_table *table)
{
	struct node_file *file = filp->private_data;
	struct cfgblk_node *node = file->node;
	__poll_t mask = 0;

	poll_wait(filp, &node->wait, table);
	spin_lock_irq(&node->lock);
	if (file->watcher && watcher_ready(file->watcher))
		mask |= EPOLLIN | EPOLLRDNORM;
	spin_unlock_irq(&node->lock);
	if (!READ_ONCE(node->ops))
		mask |= EPOLLHUP | EPOLLERR;
	return mask;
}

static const struct file_operations node_fops = {
	.owner = THIS_MODULE,
	.open = node_open,
	.release = node_release,
	.unlocked_ioctl = node_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.poll = node_poll,
};

/**
 * cfgblk_node_mask - tell every watcher of a VF that blocks were invalidated
 * @node: the node
 * @mask: block mask
 *
 * Context: any; does not sleep or allocate.
 */
void cfgblk_node_mask(struct cfgblk_node *node, u64 mask)
{
	unsigned long flags;

	spin_lock_irqsave(&node->lock, flags);
	node_or(node, mask);
	spin_unlock_irqrestore(&node->lock, flags);
	wake_up_interruptible(&node->wait);
}
EXPORT_SYMBOL_GPL(cfgblk_node_mask);

/**
 * cfgblk_node_kept - what came while nobody watched
 * @node: the node
 *
 * Context: any.
 * Return: block mask.
 */
u64 cfgblk_node_kept(struct cfgblk_node *node)
{
	unsigned long flags;
	u64 kept;

	spin_lock_irqsave(&node->lock, flags);
	kept = node->kept;
	spin_unlock_irqrestore(&node->lock, flags);
	return kept;
}
EXPORT_SYMBOL_GPL(cfgblk_node_kept);

/**
 * cfgblk_node_event - tell every watcher of a PF what happened
 * @node: the node
 * @event: what happened; a watcher without room for it counts it as lost
 *
 * Context: any; does not sleep or allocate.
 */
void cfgblk_node_event(struct cfgblk_node *node,
		       const struct cfgblk_event *event)
{
	struct node_watcher *watcher;
	unsigned long flags;

	spin_lock_irqsave(&node->lock, flags);
	list_for_each_entry(watcher, &node->watchers, list)
		if (!kfifo_put(&watcher->events, *event))
			watcher->lost++;
	spin_unlock_irqrestore(&node->lock, flags);
	wake_up_interruptible(&node->wait);
}
EXPORT_SYMBOL_GPL(cfgblk_node_event);

static void node_free(struct device *dev)
{
	struct cfgblk_node *node = container_of(dev, struct cfgblk_node, dev);

	ida_free(&node_ida, MINOR(dev->devt));
	kfree(node);
}

static struct cfgblk_node *node_alloc(struct device *parent)
{
	struct cfgblk_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	int minor;

	if (!node)
		return NULL;
	minor = ida_alloc_max(&node_ida, NODES_MAX - 1, GFP_KERNEL);
	if (minor < 0) {
		kfree(node);
		return NULL;
	}
	init_rwsem(&node->gate);
	spin_lock_init(&node->lock);
	INIT_LIST_HEAD(&node->watchers);
	init_waitqueue_head(&node->wait);
	device_initialize(&node->dev);
	node->dev.class = node_class;
	node->dev.parent = parent;
	node->dev.release = node_free;
	node->dev.devt = MKDEV(MAJOR(node_devt), minor);
	return node;
}

/**
 * cfgblk_node_new - prepare the device node of a function
 * @parent: the PCI device; its name becomes the node's
 * @ops: the driver
 * @ctx: handed to each of @ops
 *
 * Masks and events may be told to the node from now on; user space does not see
 * it before cfgblk_node_add().
 *
 * Context: process, may sleep.
 * Return: the node, to be put with cfgblk_node_put(), or NULL without memory or
 * device numbers.
 */
struct cfgblk_node *cfgblk_node_new(struct device *parent,
				    const struct cfgblk_node_ops *ops,
				    void *ctx)
{
	struct cfgblk_node *node = node_alloc(parent);

	if (!node)
		return NULL;
	node->ops = ops;
	node->ctx = ctx;
	node->dev.groups = ops->groups;
	cdev_init(&node->cdev, &node_fops);
	node->cdev.owner = THIS_MODULE;
	return node;
}
EXPORT_SYMBOL_GPL(cfgblk_node_new);

/**
 * cfgblk_node_ctx - the driver behind a node, for what sysfs shows of it
 * @dev: the node's device, as an attribute gets it
 *
 * cfgblk_node_remove() waits for attributes that are being shown.
 *
 * Context: process.
 * Return: what cfgblk_node_new() was given.
 */
void *cfgblk_node_ctx(struct device *dev)
{
	return container_of(dev, struct cfgblk_node, dev)->ctx;
}
EXPORT_SYMBOL_GPL(cfgblk_node_ctx);

/* No file calls the driver any more */
static void node_close_gate(struct cfgblk_node *node)
{
	down_write(&node->gate);
	WRITE_ONCE(node->ops, NULL);
	up_write(&node->gate);
	wake_up_all(&node->wait);
}

/**
 * cfgblk_node_put - done with a node
 * @node: the node; not added, or removed again
 *
 * Context: process, may sleep.
 */
void cfgblk_node_put(struct cfgblk_node *node)
{
	put_device(&node->dev);
}
EXPORT_SYMBOL_GPL(cfgblk_node_put);

/**
 * cfgblk_node_add - let user space in
 * @node: the node
 *
 * User space may call in before this returns, even if it then fails.
 *
 * Context: process, may sleep.
 * Return: 0, or what the driver core says.
 */
int cfgblk_node_add(struct cfgblk_node *node)
{
	int err;

	/* '!' becomes '/' in /dev */
	err = dev_set_name(&node->dev, "cfgblk!%s", dev_name(node->dev.parent));
	if (!err)
		err = cdev_device_add(&node->cdev, &node->dev);
	if (err)
		node_close_gate(node);
	return err;
}
EXPORT_SYMBOL_GPL(cfgblk_node_add);

/**
 * cfgblk_node_remove - take the device node away
 * @node: the node
 *
 * The driver must have ended its calls first, or this waits for them.  Files
 * that are still open say -ENODEV from now on.
 *
 * Context: process, may sleep.
 */
void cfgblk_node_remove(struct cfgblk_node *node)
{
	cdev_device_del(&node->cdev, &node->dev);
	node_close_gate(node);
}
EXPORT_SYMBOL_GPL(cfgblk_node_remove);

/**
 * cfgblk_nodes_init - make the class and the device numbers
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int cfgblk_nodes_init(void)
{
	int err = alloc_chrdev_region(&node_devt, 0, NODES_MAX, "cfgblk");

	if (err)
		return err;
	node_class = cfgblk_class_create("cfgblk");
	if (!IS_ERR(node_class))
		return 0;
	unregister_chrdev_region(node_devt, NODES_MAX);
	return PTR_ERR(node_class);
}

/**
 * cfgblk_nodes_exit - undo cfgblk_nodes_init()
 *
 * Context: process, may sleep.
 */
void cfgblk_nodes_exit(void)
{
	class_destroy(node_class);
	unregister_chrdev_region(node_devt, NODES_MAX);
	ida_destroy(&node_ida);
}
