// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: 64-bit accesses to the buffers
 */
#include <linux/module.h>
#include <linux/pci.h>

#include "maps.h"
#include "pf.h"

/*
 * Off, as no physical card was tried: a self test finds out whether they work,
 * but not which half comes first.
 */
static bool wide_buffer;
module_param(wide_buffer, bool, 0444);
MODULE_PARM_DESC(wide_buffer,
		 "64-bit accesses to the mailbox buffers, where the register map has them (default: no)");

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
	else if (!pf->map->wide)
		pci_warn(pf->pdev, "wide_buffer=1 changes nothing: 64-bit accesses to the mailbox buffers of register map %s were never tried\n",
			 pf->map->name);
}

/**
 * cfgblk_pf_wide_test - self test, once in the driver's life
 * @pf: the PF; its device was reset and not yet brought up
 *
 * VFs may be enabled, and in use.  But the reset has taken the bells and the
 * messages, a VF that looks reads that the PF is in reset and begins afresh, and
 * its buffer is wiped again before it is heard.  If it has heard a bell before the
 * reset and is copying, it finds no header of ours in dword 0 in the end.  Only of
 * a mask it does not look again: that may name blocks that did not change, and
 * miss some that did, as it may when a reset wipes it.  The last VF is the one
 * that is enabled least often.
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
