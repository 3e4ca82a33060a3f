/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Simulated SR-IOV device: kernel versions, 6.1 and later
 *
 * How a PCI bus gets its interrupts differs.  What the drivers need of versions
 * is in common/compat.h.
 */
#ifndef CFGBLK_SIM_COMPAT_H
#define CFGBLK_SIM_COMPAT_H

#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/version.h>

#include "sim_types.h"

/* UML has sparse interrupt numbers of its own since 6.19 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define SIM_PROBES_IRQS
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)

#define SIM_DOMAIN_EACH false

static struct irq_chip sim_msi_chip = {
	.name = "sim MSI-X",
	.irq_mask = pci_msi_mask_irq,
	.irq_unmask = pci_msi_unmask_irq,
	.irq_ack = irq_chip_ack_parent,
	.irq_retrigger = irq_chip_retrigger_hierarchy,
};

static struct msi_domain_info sim_msi_info = {
	.flags = MSI_FLAG_USE_DEF_DOM_OPS | MSI_FLAG_USE_DEF_CHIP_OPS |
		 MSI_FLAG_PCI_MSIX,
	.chip = &sim_msi_chip,
};

/* One MSI domain for the bus, on top of ours */
static inline int sim_domains_add(struct sim *sim,
				  const struct irq_domain_ops *ops)
{
	sim->irqs = irq_domain_create_linear(sim->msi_fwnode, SIM_HWIRQS, ops,
					     sim);
	if (!sim->irqs)
		return -ENOMEM;
	sim->msi = pci_msi_create_irq_domain(sim->msi_fwnode, &sim_msi_info,
					     sim->irqs);
	if (sim->msi)
		return 0;
	irq_domain_remove(sim->irqs);
	return -ENOMEM;
}

static inline void sim_domains_remove(struct sim *sim)
{
	irq_domain_remove(sim->msi);
	irq_domain_remove(sim->irqs);
}

#else

#include <linux/irqchip/irq-msi-lib.h>

#define SIM_DOMAIN_EACH true

static const struct msi_parent_ops sim_msi_parent_ops = {
	.required_flags = MSI_FLAG_USE_DEF_DOM_OPS | MSI_FLAG_USE_DEF_CHIP_OPS |
			  MSI_FLAG_NO_AFFINITY,
	.supported_flags = MSI_GENERIC_FLAGS_MASK | MSI_FLAG_PCI_MSIX,
	.chip_flags = MSI_CHIP_FLAG_SET_ACK,
	.bus_select_token = DOMAIN_BUS_NEXUS,
	.bus_select_mask = MATCH_PCI_MSI,
	.prefix = "sim-",
	.init_dev_msi_info = msi_lib_init_dev_msi_info,
};

/* Ours is the parent of domains that the PCI core makes for each function */
static inline int sim_domains_add(struct sim *sim,
				  const struct irq_domain_ops *ops)
{
	struct irq_domain_info info = {
		.fwnode = sim->msi_fwnode,
		.ops = ops,
		.size = SIM_HWIRQS,
		.host_data = sim,
	};

	sim->irqs = msi_create_parent_irq_domain(&info, &sim_msi_parent_ops);
	sim->msi = sim->irqs;
	return sim->irqs ? 0 : -ENOMEM;
}

static inline void sim_domains_remove(struct sim *sim)
{
	irq_domain_remove(sim->irqs);
}

#endif

#endif /* CFGBLK_SIM_COMPAT_H */
