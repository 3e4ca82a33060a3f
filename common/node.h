/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Device node /dev/cfgblk/<pci address>: opened files and their watchers
 */
#ifndef CFGBLK_NODE_H
#define CFGBLK_NODE_H

#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/list.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

struct cfgblk_event;

/**
 * struct cfgblk_node_ops - the driver behind the node
 * @ioctl: any command but those of watching; may sleep, within time limits
 * @watched: somebody began to watch, or nobody does any more; called under
 *	the node's lock, may not sleep; optional
 * @groups: what sysfs shows of the node, with cfgblk_node_ctx(); optional
 */
struct cfgblk_node_ops {
	long (*ioctl)(void *ctx, unsigned int cmd, void __user *arg);
	void (*watched)(void *ctx, bool watched);
	const struct attribute_group **groups;
};

/**
 * struct cfgblk_node - a device node
 * @dev: in class cfgblk, child of the PCI device
 * @cdev: the character device
 * @gate: held for reading around @ops (and so around copies from and to user
 *	space, which may take as long as root's memory does), for writing to take
 *	it away
 * @ops: NULL once the driver is gone
 * @ctx: handed to each of @ops
 * @lock: guards @watchers, @kept and what the watchers have; taken with
 *	interrupts off, before the locks that @ops->watched takes
 * @watchers: open files that watch
 * @kept: block mask that came while nobody watched
 * @wait: poll() sleeps here
 *
 * Lifetime: cfgblk_node_new() to cfgblk_node_put() and the last close().
 */
struct cfgblk_node {
	struct device dev;
	struct cdev cdev;
	struct rw_semaphore gate;
	const struct cfgblk_node_ops *ops;
	void *ctx;
	spinlock_t lock;
	struct list_head watchers;
	u64 kept;
	wait_queue_head_t wait;
};

struct cfgblk_node *cfgblk_node_new(struct device *parent,
				    const struct cfgblk_node_ops *ops,
				    void *ctx);
void *cfgblk_node_ctx(struct device *dev);
int cfgblk_node_add(struct cfgblk_node *node);
void cfgblk_node_remove(struct cfgblk_node *node);
void cfgblk_node_put(struct cfgblk_node *node);
void cfgblk_node_mask(struct cfgblk_node *node, u64 mask);
u64 cfgblk_node_kept(struct cfgblk_node *node);
void cfgblk_node_event(struct cfgblk_node *node,
		       const struct cfgblk_event *event);

int cfgblk_nodes_init(void);
void cfgblk_nodes_exit(void);

#endif /* CFGBLK_NODE_H */
