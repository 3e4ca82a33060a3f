/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sample: what the two ends agreed on
 *
 * To cfgblk a block is bytes.  What they mean, and their byte order, is said in
 * a header of your own that both drivers include.
 */
#ifndef CFGBLK_SAMPLE_H
#define CFGBLK_SAMPLE_H

#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/types.h>

#define SAMPLE_SETTING	1	/* PF to VF: struct sample_setting */
#define SAMPLE_STATUS	2	/* VF to PF: struct sample_status */

/**
 * struct sample_setting - what the host wants
 * @uptime: of the host, in seconds
 * @setting: a number that the VF has to take over
 * @reserved: zero
 */
struct sample_setting {
	__le64 uptime;
	__le32 setting;
	__le32 reserved;
};

/**
 * struct sample_status - what the VF made of it
 * @setting: the number that it has taken over
 */
struct sample_status {
	__le32 setting;
};

/* To be put with pci_dev_put(); a driver of its own device needs none of this */
static inline struct pci_dev *sample_device(const char *address)
{
	unsigned int domain, bus, slot, fn;

	if (sscanf(address, "%x:%x:%x.%x", &domain, &bus, &slot, &fn) != 4)
		return NULL;
	return pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, fn));
}

#endif /* CFGBLK_SAMPLE_H */
