/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF driver: what one VF is
 */
#ifndef CFGBLK_VF_H
#define CFGBLK_VF_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/ratelimit.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "calls.h"
#include "hyperv.h"
#include "mmio.h"
#include "vf_link.h"

struct attribute_group;
struct cfgblk_node;
struct cfgblk_vf_map;
struct cfgblk_vf_transport;
struct dentry;
struct pci_dev;

/**
 * struct cfgblk_vf_listener - the kernel's listener for invalidations
 * @lock: guards @fn, @context and @watched; taken with interrupts off, within
 *	the node's lock
 * @fn: called with a block mask, or NULL
 * @context: handed to @fn
 * @watched: somebody watches the device node
 * @gone: the VF goes, and nobody begins to listen any more
 * @pending: block mask on its way to @fn
 * @work: calls @fn; not on the link's workqueue, so @fn may read blocks
 */
struct cfgblk_vf_listener {
	spinlock_t lock; /* guards what is said above */
	void (*fn)(void *context, u64 block_mask);
	void *context;
	bool watched;
	bool gone;
	atomic64_t pending;
	struct work_struct work;
};

/**
 * struct cfgblk_vf - a VF
 * @list: of all VFs that can be found, see cfgblk_vf_get()
 * @pdev: the device
 * @transport: what carries its calls
 * @map: its register map
 * @bar: its BAR 0
 * @mmio: its mailbox
 * @link: its link
 * @hyperv: on Hyper-V what stands in their place
 * @calls: those of its transport
 * @node: its device node
 * @debugfs: its directory there
 * @listener: who in the kernel hears of invalidations
 * @interrupts: interrupts taken
 * @log: limits what the other end can make us log
 * @users: one for the driver, one for each who is inside of the kernel interface
 * @unused: the last of them has gone
 *
 * Lifetime: probe to remove.  Remove ends every call, takes the node away, waits
 * for the listener and then for who is inside (nobody calls in any more); then
 * the interrupt goes, then the transport's work.
 */
struct cfgblk_vf {
	struct list_head list;
	struct pci_dev *pdev;
	const struct cfgblk_vf_transport *transport;
	const struct cfgblk_vf_map *map;
	void __iomem *bar;
	struct cfgblk_mmio mmio;
	struct cfgblk_vf_link link;
	struct cfgblk_hyperv hyperv;
	struct cfgblk_calls *calls;
	struct cfgblk_node *node;
	struct dentry *debugfs;
	struct cfgblk_vf_listener listener;
	atomic64_t interrupts;
	struct ratelimit_state log;
	refcount_t users;
	struct completion unused;
};

/* main.c */
struct cfgblk_vf *cfgblk_vf_of(struct pci_dev *pdev);
struct cfgblk_vf *cfgblk_vf_get(struct pci_dev *pdev);
void cfgblk_vf_put(struct cfgblk_vf *vf);
bool cfgblk_vf_in_parent(struct pci_dev *pdev);
unsigned int cfgblk_vf_limit_ms(void);

/* hw.c */
int cfgblk_vf_irq_request(struct cfgblk_vf *vf);
void cfgblk_vf_irq_free(struct cfgblk_vf *vf);
void cfgblk_vf_irq_enable(struct cfgblk_vf *vf);
void cfgblk_vf_irq_disable(struct cfgblk_vf *vf);
void cfgblk_vf_hw_down(struct cfgblk_vf *vf);

/* wide.c */
void cfgblk_vf_wide_init(struct cfgblk_vf *vf);
void cfgblk_vf_wide_test(struct cfgblk_vf *vf);

/* calls.c: within the kernel and for the device node */
int cfgblk_vf_read(struct cfgblk_vf *vf, u32 block, void *buf,
		   unsigned int len);
int cfgblk_vf_write(struct cfgblk_vf *vf, u32 block, const void *buf,
		    unsigned int len);
int cfgblk_vf_echo(struct cfgblk_vf *vf, void *buf, unsigned int len);
struct cfgblk_call *cfgblk_vf_call_read(u32 block, unsigned int len);
struct cfgblk_call *cfgblk_vf_call_write(u32 block, const void *buf,
					 unsigned int len);

/* listen.c */
void cfgblk_vf_listener_init(struct cfgblk_vf *vf);
void cfgblk_vf_listener_fini(struct cfgblk_vf *vf);
void cfgblk_vf_listener_mask(struct cfgblk_vf *vf, u64 mask);
void cfgblk_vf_watched(void *ctx, bool watched);

/* sysfs.c */
extern const struct attribute_group *cfgblk_vf_groups[];

/* debugfs.c */
void cfgblk_vf_debugfs_add(struct cfgblk_vf *vf);
void cfgblk_vf_debugfs_remove(struct cfgblk_vf *vf);

/* ioctl.c */
long cfgblk_vf_ioctl(void *ctx, unsigned int cmd, void __user *arg);

#endif /* CFGBLK_VF_H */
