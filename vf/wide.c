// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: 64-bit accesses to the buffer
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "maps.h"
#include "vf.h"

/* -1: as the register map says */
static int wide_buffer = -1;
module_param(wide_buffer, bint, 0444);
MODULE_PARM_DESC(wide_buffer,
		 "64-bit accesses to the mailbox buffer; 0: never (default: -1, as the register map says)");

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
	else if (wide_buffer > 0 && !vf->map->wide)
		pci_warn(vf->pdev, "wide_buffer=1 changes nothing: 64-bit accesses to the mailbox buffer of register map %s were never tried\n",
			 vf->map->name);
}

/**
 * cfgblk_vf_wide_test - self test, once in the driver's life
 * @vf: the VF; its buffer is its own until HELLO.  A PF that looks all the same,
 *	for a bell that came late, finds no message in it and waits on
 *
 * Context: process, from the link's work.
 */
void cfgblk_vf_wide_test(struct cfgblk_vf *vf)
{
	if (!cfgblk_mmio_try_wide(&vf->mmio))
		pci_warn(vf->pdev, "64-bit accesses to the mailbox buffer failed their self test: the VF uses 32-bit ones, which is slower and changes nothing else\n");
}
