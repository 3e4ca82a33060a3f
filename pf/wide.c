// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: 64-bit accesses to the buffers
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "maps.h"
#include "pf.h"

/* -1: as the register map says */
static int wide_buffer = -1;
module_param(wide_buffer, bint, 0444);
MODULE_PARM_DESC(wide_buffer,
		 "64-bit accesses to the mailbox buffers; 0: never (default: -1, as the register map says)");

static void wide_set(struct cfgblk_pf *pf, enum cfgblk_wide wide)
{
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++)
		WRITE_ONCE(pf->vfs[i].mmio.wide, wide);
}

/**
 * cfgblk_pf_wide_init - what the module's parameter says
 * @pf: the PF, its mailboxes set up
 *
 * Context: process.
 */
void cfgblk_pf_wide_init(struct cfgblk_pf *pf)
{
	if (!wide_buffer)
		wide_set(pf, CFGBLK_WIDE_OFF);
	else if (wide_buffer > 0 && !pf->map->wide)
		pci_warn(pf->pdev, "wide_buffer=1 changes nothing: 64-bit accesses to the mailbox buffers of register map %s were never tried\n",
			 pf->map->name);
}

/**
 * cfgblk_pf_wide_test - self test, once in the driver's life
 * @pf: the PF; its device was reset and not yet brought up
 *
 * VFs may be enabled, and in use.  But the reset has taken the bells and the
 * messages, a VF that looks reads that the PF is in reset and begins afresh,
 * and its buffer is wiped again before it is heard.  If it has heard a bell
 * before the reset and is copying, it finds no header of ours in dword 0 in the
 * end; only a mask, of which it does not look again, may name blocks that did
 * not change.  The last VF is the one that is enabled least often.
 *
 * Context: process.
 */
void cfgblk_pf_wide_test(struct cfgblk_pf *pf)
{
	struct cfgblk_mmio *mmio = &pf->vfs[pf->total_vfs - 1].mmio;

	if (!cfgblk_mmio_try_wide(mmio))
		pci_warn(pf->pdev, "64-bit accesses to the mailbox buffers failed their self test: the PF uses 32-bit ones, which is slower and changes nothing else\n");
	wide_set(pf, mmio->wide);
}
