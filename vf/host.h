/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF driver: Hyper-V's host, asked by a thread that may hang for ever
 */
#ifndef CFGBLK_VF_HOST_H
#define CFGBLK_VF_HOST_H

#include <linux/types.h>

struct cfgblk_call;
struct cfgblk_calls;
struct cfgblk_host;
struct pci_dev;

/**
 * struct cfgblk_host_functions - the kernel's hyperv_*_cfg_blk(), or a test's
 * @read: fill a buffer with a block; may never return
 * @write: write a block; may never return
 * @listen: call a function in any context when blocks were invalidated; NULL
 *	for none.  Does not ask the host
 * @put: done with them
 */
struct cfgblk_host_functions {
	int (*read)(struct pci_dev *dev, void *buf, unsigned int buf_len,
		    unsigned int block_id, unsigned int *bytes_returned);
	int (*write)(struct pci_dev *dev, void *buf, unsigned int len,
		     unsigned int block_id);
	int (*listen)(struct pci_dev *dev, void *context,
		      void (*block_invalidate)(void *context, u64 block_mask));
	void (*put)(void);
};

/* Finds them: 0, or -EOPNOTSUPP.  A test puts its own here */
extern int (*cfgblk_host_find)(struct cfgblk_host_functions *functions);

/* hyperv_intf.c */
int cfgblk_hyperv_find(struct cfgblk_host_functions *functions);

struct cfgblk_host *cfgblk_host_new(struct pci_dev *pdev,
				    struct cfgblk_calls *calls);
void cfgblk_host_leave(struct cfgblk_host *host);
int cfgblk_host_listen(struct cfgblk_host *host, void *context,
		       void (*block_invalidate)(void *context, u64 mask));
bool cfgblk_host_idle(struct cfgblk_host *host);
bool cfgblk_host_answered(struct cfgblk_host *host);
int cfgblk_host_ask(struct cfgblk_host *host, const struct cfgblk_call *call);
int cfgblk_host_take(struct cfgblk_host *host, struct cfgblk_call *call);

#endif /* CFGBLK_VF_HOST_H */
