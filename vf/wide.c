// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: 64-bit accesses to the buffer
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "maps.h"
#include "vf.h"

/* Off, for the reason that is told in pf/wide.c */
static bool wide_buffer;
module_param(wide_buffer, bool, 0444);
MODULE_PARM_DESC(wide_buffer,
		 "64-bit accesses to the mailbox buffer, where the register map has them (default: no)");

/**
 * cfgblk_vf_wide_init - what the module's parameter says
 * @vf: the VF, its mailbox set up
 *
 * Context: process.
 */
void cfgblk_vf_wide_init(struct cfgblk_vf *vf)
{
	if (!wide_buffer)
		vf->mmio.wide = CFGBLK_WIDE_OFF;
	else if (!vf->map->wide)
		pci_warn(vf->pdev, "wide_buffer=1 changes nothing: 64-bit accesses to the mailbox buffer of register map %s were never tried\n",
			 vf->map->name);
}

/**
 * cfgblk_vf_wide_test - self test, once in the driver's life
 * @vf: the VF; its buffer is its own until HELLO.  A PF that looks all the same,
 *	for a bell that came late, finds no message in it and waits on
 *
 * Context: a step of the link: softirq, does not sleep.
 */
void cfgblk_vf_wide_test(struct cfgblk_vf *vf)
{
	if (!cfgblk_mmio_try_wide(&vf->mmio))
		pci_warn(vf->pdev, "64-bit accesses to the mailbox buffer failed their self test: the VF uses 32-bit ones, which is slower and changes nothing else\n");
}
