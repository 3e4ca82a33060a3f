/* SPDX-License-Identifier: GPL-2.0 */
/*
 * PF driver: what one PF and its VFs are
 */
#ifndef CFGBLK_PF_H
#define CFGBLK_PF_H

#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "mmio.h"
#include "pf_link.h"
#include "store.h"

struct attribute_group;
struct cfgblk_node;
struct cfgblk_pf_map;
struct cfgblk_provider;
struct cfgblk_provider_ops;
struct dentry;
struct pci_dev;

/**
 * struct cfgblk_pf_desk - where a provider serves one VF
 * @lock: guards @ops, and is held while the provider is called.  Taken inside
 *	the PF's admin; no other lock of ours is taken inside it
 * @ops: the provider, NULL for none
 * @here: the VF's driver is there.  Under @lock while the VF's link is patient;
 *	otherwise it is the link's own
 */
struct cfgblk_pf_desk {
	struct mutex lock; /* see above */
	const struct cfgblk_provider_ops *ops;
	bool here;
};

/**
 * struct cfgblk_pf_vf - one VF that the device can have
 * @pf: its PF
 * @mmio: its mailbox
 * @link: its link, on while the VF is enabled
 * @store: its blocks, also while it is not enabled
 * @nags: times that it rang before we had looked, since @pf's poll; under its
 *	lock of the causes
 * @log: limits what it can make us log
 * @flood: the same, for the line that says that it is limited
 * @held: its device lock is held by a reset of the PF
 * @lent: a guest had it when that was last looked for
 * @desk: where a provider serves it
 * @storms: times that it was muted for ringing without end
 */
struct cfgblk_pf_vf {
	struct cfgblk_pf *pf;
	struct cfgblk_mmio mmio;
	struct cfgblk_pf_link link;
	struct cfgblk_store store;
	unsigned int nags;
	struct ratelimit_state log;
	struct ratelimit_state flood;
	bool held;
	bool lent;
	struct cfgblk_pf_desk desk;
	atomic64_t storms;
};

/**
 * struct cfgblk_pf - a PF
 * @pdev: the device
 * @map: its register map
 * @bar: its BAR 0
 * @node: its device node
 * @debugfs: its directory there
 * @provider: who answers before the stores do
 * @admin: held while the host changes blocks or limits, so that a change for
 *	all VFs is made for each or for none, and while links go on or off; taken
 *	before any store's lock, never by a link's work
 * @causes: held while the cause registers are read and cleared, and while a VF
 *	is muted; a leaf, taken with interrupts off
 * @poll: looks at the causes without an interrupt, while VFs are enabled
 * @poll_soon: looks that come sooner, as an interrupt was lost; @poll's own
 * @num_vfs: VFs that are enabled; the interrupt handler looks at no others
 * @total_vfs: VFs that the device can have, and entries of @vfs
 * @interrupts: interrupts taken
 * @polled: times that @poll found something
 * @vfs: the VFs
 *
 * Lifetime: probe to remove.  Remove disables the VFs (their drivers may still
 * talk), then takes the node away (nobody calls in any more), then the
 * interrupt, then the provider, then the links, then the stores.
 */
struct cfgblk_pf {
	struct pci_dev *pdev;
	const struct cfgblk_pf_map *map;
	void __iomem *bar;
	struct cfgblk_node *node;
	struct dentry *debugfs;
	struct cfgblk_provider *provider;
	struct mutex admin;
	spinlock_t causes;
	struct delayed_work poll;
	unsigned int poll_soon;
	unsigned int num_vfs;
	unsigned int total_vfs;
	atomic64_t interrupts;
	atomic64_t polled;
	struct cfgblk_pf_vf vfs[];
};

/* hw.c */
void cfgblk_pf_hw_init(struct cfgblk_pf *pf);
int cfgblk_pf_hw_up(struct cfgblk_pf *pf);
void cfgblk_pf_hw_down(struct cfgblk_pf *pf);
bool cfgblk_pf_hear(struct cfgblk_pf *pf);
void cfgblk_pf_mute(struct cfgblk_pf *pf, unsigned int vf, bool mute);
void cfgblk_pf_listen(struct cfgblk_pf *pf, unsigned int num_vfs);
int cfgblk_pf_irq_request(struct cfgblk_pf *pf);
void cfgblk_pf_irq_free(struct cfgblk_pf *pf);

/* wide.c */
void cfgblk_pf_wide_init(struct cfgblk_pf *pf);
void cfgblk_pf_wide_test(struct cfgblk_pf *pf);

/* server.c */
extern const struct cfgblk_pf_link_ops cfgblk_pf_server_ops;
u64 cfgblk_pf_published(struct cfgblk_pf_vf *vf);
void cfgblk_pf_storm(struct cfgblk_pf_vf *vf);

/* provider.c */
int cfgblk_pf_provider_init(struct cfgblk_pf *pf);
void cfgblk_pf_provider_dismiss(struct cfgblk_pf *pf);
void cfgblk_pf_provider_fini(struct cfgblk_pf *pf);
int cfgblk_pf_provider_read(struct cfgblk_pf_vf *vf, u32 block, void *buf,
			    unsigned int len);
int cfgblk_pf_provider_write(struct cfgblk_pf_vf *vf, u32 block,
			     const void *buf, unsigned int len);
void cfgblk_pf_provider_came(struct cfgblk_pf_vf *vf);
void cfgblk_pf_provider_went(struct cfgblk_pf_vf *vf);
u64 cfgblk_pf_provider_published(struct cfgblk_pf_vf *vf);

/* sriov.c */
int cfgblk_pf_sriov_configure(struct pci_dev *pdev, int num_vfs);
void cfgblk_pf_sriov_pause(struct cfgblk_pf *pf);
void cfgblk_pf_sriov_unlink(struct cfgblk_pf *pf);
void cfgblk_pf_sriov_save(struct cfgblk_pf *pf);
void cfgblk_pf_sriov_restore(struct cfgblk_pf *pf);
unsigned int cfgblk_pf_sriov_adopt(struct cfgblk_pf *pf);
void cfgblk_pf_sriov_remove(struct cfgblk_pf *pf);

/* ioctl.c */
long cfgblk_pf_ioctl(void *ctx, unsigned int cmd, void __user *arg);

/* save.c */
u8 *cfgblk_pf_save_vf(struct cfgblk_pf_vf *vf, size_t *len);
int cfgblk_pf_restore_vf(struct cfgblk_pf_vf *vf, const u8 *state, size_t len);
long cfgblk_pf_save(struct cfgblk_pf *pf, void __user *arg);
long cfgblk_pf_restore(struct cfgblk_pf *pf, void __user *arg);

/* sysfs.c */
extern const struct attribute_group *cfgblk_pf_groups[];

/* debugfs.c */
void cfgblk_pf_debugfs_add(struct cfgblk_pf *pf);
void cfgblk_pf_debugfs_remove(struct cfgblk_pf *pf);

/* main.c */
struct cfgblk_pf *cfgblk_pf_of(struct pci_dev *pdev);

#endif /* CFGBLK_PF_H */
