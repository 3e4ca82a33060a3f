/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: Hyper-V as far as a VF driver sees it
 *
 * A bus "vmbus", a host bridge on it with one PCI function that has no register
 * at all, and a host that answers for its blocks, or does not.  One at a time.
 * Used by the KUnit suites and by tests/modules/fake_hyperv.c.
 */
#ifndef CFGBLK_FAKE_HYPERV_H
#define CFGBLK_FAKE_HYPERV_H

#include <linux/types.h>

struct pci_dev;

/**
 * enum fake_host_mode - what the host does when it is asked
 * @FAKE_ANSWERS: as it should
 * @FAKE_HANGS: nothing; who asked waits until it does something else, and is
 *	answered in that way
 * @FAKE_SAYS_NOTHING: says that it read 0 bytes
 * @FAKE_SAYS_MORE: says that it read more than there is room for
 * @FAKE_REFUSES: -EACCES
 * @FAKE_STRANGE: a positive number
 * @FAKE_GONE: -ENODEV, as the bus driver says when the host took the device
 * @FAKE_MODES: how many there are
 */
enum fake_host_mode {
	FAKE_ANSWERS,
	FAKE_HANGS,
	FAKE_SAYS_NOTHING,
	FAKE_SAYS_MORE,
	FAKE_REFUSES,
	FAKE_STRANGE,
	FAKE_GONE,
	FAKE_MODES
};

int fake_hyperv_init(void);
void fake_hyperv_fini(void);
int fake_hyperv_plug(u16 vendor, u16 device);
void fake_hyperv_pull(void);
struct pci_dev *fake_hyperv_pdev(void);
u16 fake_hyperv_command(void);

void fake_host_set(enum fake_host_mode mode);
unsigned int fake_host_asked(void);
unsigned int fake_host_answered(void);
bool fake_host_heard(void);
void fake_host_signal(u64 mask, bool late);

int fake_host_read(struct pci_dev *dev, void *buf, unsigned int buf_len,
		   unsigned int block_id, unsigned int *bytes_returned);
int fake_host_write(struct pci_dev *dev, void *buf, unsigned int len,
		    unsigned int block_id);
int fake_host_listen(struct pci_dev *dev, void *context,
		     void (*block_invalidate)(void *context, u64 block_mask));

#endif /* CFGBLK_FAKE_HYPERV_H */
