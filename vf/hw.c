// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: interrupt vectors
 */
#include <linux/interrupt.h>
#include <linux/pci.h>

#include "maps.h"
#include "vf.h"

/*
 * The mailbox interrupts on vector 1, and under QEMU on vector 0 (see maps.c):
 * two vectors with one handler are right on both.
 */
#define VF_IRQ_VECTORS	2

/* Read what was rung, which clears it, and leave the rest to the link's work */
static irqreturn_t hw_interrupt(int irq, void *data)
{
	struct cfgblk_vf *vf = data;

	atomic64_inc(&vf->interrupts);
	cfgblk_vf_link_hear(&vf->link);
	return IRQ_HANDLED;
}

static void irq_free_first(struct cfgblk_vf *vf, unsigned int n)
{
	while (n--)
		free_irq(pci_irq_vector(vf->pdev, n), vf);
	pci_free_irq_vectors(vf->pdev);
}

/**
 * cfgblk_vf_irq_request - take the VF's interrupt vectors
 * @vf: the VF
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int cfgblk_vf_irq_request(struct cfgblk_vf *vf)
{
	unsigned int i;
	int err;

	err = pci_alloc_irq_vectors(vf->pdev, VF_IRQ_VECTORS, VF_IRQ_VECTORS,
				    PCI_IRQ_MSIX);
	if (err < 0)
		return err;
	for (i = 0; i < VF_IRQ_VECTORS; i++) {
		err = request_irq(pci_irq_vector(vf->pdev, i), hw_interrupt, 0,
				  pci_name(vf->pdev), vf);
		if (err) {
			irq_free_first(vf, i);
			return err;
		}
	}
	return 0;
}

/**
 * cfgblk_vf_irq_free - give the interrupt vectors back
 * @vf: the VF; its device is silent
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_irq_free(struct cfgblk_vf *vf)
{
	irq_free_first(vf, VF_IRQ_VECTORS);
}

/**
 * cfgblk_vf_irq_disable - no handler runs from the return on
 * @vf: the VF
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_irq_disable(struct cfgblk_vf *vf)
{
	unsigned int i;

	for (i = 0; i < VF_IRQ_VECTORS; i++)
		disable_irq(pci_irq_vector(vf->pdev, i));
}

/**
 * cfgblk_vf_irq_enable - undo cfgblk_vf_irq_disable()
 * @vf: the VF
 *
 * Context: process.
 */
void cfgblk_vf_irq_enable(struct cfgblk_vf *vf)
{
	unsigned int i;

	for (i = 0; i < VF_IRQ_VECTORS; i++)
		enable_irq(pci_irq_vector(vf->pdev, i));
}

/**
 * cfgblk_vf_hw_down - silence the device
 * @vf: the VF
 *
 * Context: process.
 */
void cfgblk_vf_hw_down(struct cfgblk_vf *vf)
{
	cfgblk_mmio_run(vf->bar, vf->map->down, vf->map->down_steps);
}
