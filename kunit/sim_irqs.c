// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: interrupt numbers
 *
 * UML before 6.19 has no sparse interrupt numbers, and too few for many VFs.
 * With ours, those that UML counts on have to be there from the start.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include "sim_compat.h"

#ifdef SIM_PROBES_IRQS
/**
 * arch_probe_nr_irqs - interrupts that exist from the start
 *
 * Context: boot.
 * Return: their number.
 */
int __init arch_probe_nr_irqs(void)
{
	return NR_IRQS;
}
#endif
