// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: MSI-X
 *
 * A message is looked up in the table that the driver's kernel programmed and
 * queued; a byte in a pipe makes UML take a hard interrupt, whose handler
 * handles what is queued.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <irq_kern.h>
#include <os.h>

#include "sim_compat.h"
#include "sim_types.h"

/* Queue a message; under sim->lock */
static void msix_fire(struct sim *sim, u16 hwirq)
{
	if (kfifo_put(&sim->fired, hwirq))
		os_write_file(sim->pipe[1], "", 1);
}

static bool msix_next(struct sim *sim, u16 *hwirq)
{
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&sim->lock, flags);
	found = kfifo_get(&sim->fired, hwirq);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return found;
}

static irqreturn_t msix_interrupt(int irq, void *data)
{
	struct sim *sim = data;
	char bytes[64];
	u16 hwirq;

	while (os_read_file(sim->pipe[0], bytes, sizeof(bytes)) > 0)
		;
	while (msix_next(sim, &hwirq))
		generic_handle_domain_irq(sim->irqs, hwirq);
	return IRQ_HANDLED;
}

static bool msix_masked(const struct sim_fn *fn, unsigned int vector)
{
	u16 flags = sim_cfg16(fn, SIM_CAP_MSIX + PCI_MSIX_FLAGS);

	return (flags & PCI_MSIX_FLAGS_MASKALL) ||
	       (fn->msix[vector].control & PCI_MSIX_ENTRY_CTRL_MASKBIT);
}

static void msix_deliver(struct sim_fn *fn, unsigned int vector)
{
	const struct sim_vector *entry = &fn->msix[vector];

	fn->counts.irqs++;
	if (fn->faults.lost_irqs) {
		fn->faults.lost_irqs--;
		return;
	}
	if (entry->address != SIM_MSI_ADDRESS || entry->address_hi)
		return;
	msix_fire(fn->sim, entry->data);
	if (fn->faults.dup_irqs) {
		fn->faults.dup_irqs--;
		msix_fire(fn->sim, entry->data);
	}
}

/**
 * sim_msix_send - send a vector's message
 * @fn: whose vector
 * @vector: its number
 *
 * Without MSI-X, or without bus mastering, the message is lost and does not
 * become pending.
 *
 * Context: sim->lock is held.
 */
void sim_msix_send(struct sim_fn *fn, unsigned int vector)
{
	u16 flags = sim_cfg16(fn, SIM_CAP_MSIX + PCI_MSIX_FLAGS);

	if (!(flags & PCI_MSIX_FLAGS_ENABLE) ||
	    !(sim_cfg16(fn, PCI_COMMAND) & PCI_COMMAND_MASTER) ||
	    vector > (flags & PCI_MSIX_FLAGS_QSIZE))
		return;
	if (msix_masked(fn, vector))
		fn->msix[vector].pending = true;
	else
		msix_deliver(fn, vector);
}

/**
 * sim_msix_flush - send what is pending and not masked any more
 * @fn: the function
 *
 * Context: sim->lock is held.
 */
void sim_msix_flush(struct sim_fn *fn)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fn->msix); i++) {
		if (fn->msix[i].pending && !msix_masked(fn, i)) {
			fn->msix[i].pending = false;
			sim_msix_send(fn, i);
		}
	}
}

/**
 * sim_msix_reset - the table after a reset: all masked
 * @fn: the function
 *
 * Context: sim->lock is held.
 */
void sim_msix_reset(struct sim_fn *fn)
{
	unsigned int i;

	memset(fn->msix, 0, sizeof(fn->msix));
	for (i = 0; i < ARRAY_SIZE(fn->msix); i++)
		fn->msix[i].control = PCI_MSIX_ENTRY_CTRL_MASKBIT;
}

static unsigned int msix_entries(const struct sim_fn *fn)
{
	return (sim_cfg16(fn, SIM_CAP_MSIX + PCI_MSIX_FLAGS) &
		PCI_MSIX_FLAGS_QSIZE) + 1;
}

static u32 msix_read_pba(const struct sim_fn *fn, unsigned int first)
{
	u32 bits = 0;
	unsigned int i;

	for (i = 0; i < 32 && first + i < ARRAY_SIZE(fn->msix); i++)
		if (fn->msix[first + i].pending)
			bits |= BIT(i);
	return bits;
}

/**
 * sim_msix_read - read a dword of the MSI-X BAR
 * @fn: the function
 * @at: byte offset, a multiple of four
 *
 * Context: sim->lock is held.
 * Return: the dword; 0 outside of table and PBA.
 */
u32 sim_msix_read(struct sim_fn *fn, u32 at)
{
	const struct sim_vector *entry;

	if (at >= SIM_MSIX_PBA)
		return msix_read_pba(fn, (at - SIM_MSIX_PBA) * 8);
	if (at / PCI_MSIX_ENTRY_SIZE >= msix_entries(fn))
		return 0;
	entry = &fn->msix[at / PCI_MSIX_ENTRY_SIZE];
	switch (at % PCI_MSIX_ENTRY_SIZE) {
	case PCI_MSIX_ENTRY_LOWER_ADDR:
		return entry->address;
	case PCI_MSIX_ENTRY_UPPER_ADDR:
		return entry->address_hi;
	case PCI_MSIX_ENTRY_DATA:
		return entry->data;
	default:
		return entry->control;
	}
}

/**
 * sim_msix_write - write a dword of the MSI-X BAR
 * @fn: the function
 * @at: byte offset, a multiple of four
 * @value: the dword; lost outside of the table
 *
 * Context: sim->lock is held.
 */
void sim_msix_write(struct sim_fn *fn, u32 at, u32 value)
{
	struct sim_vector *entry;

	if (at / PCI_MSIX_ENTRY_SIZE >= msix_entries(fn))
		return;
	entry = &fn->msix[at / PCI_MSIX_ENTRY_SIZE];
	switch (at % PCI_MSIX_ENTRY_SIZE) {
	case PCI_MSIX_ENTRY_LOWER_ADDR:
		entry->address = value;
		break;
	case PCI_MSIX_ENTRY_UPPER_ADDR:
		entry->address_hi = value;
		break;
	case PCI_MSIX_ENTRY_DATA:
		entry->data = value;
		break;
	default:
		entry->control = value & PCI_MSIX_ENTRY_CTRL_MASKBIT;
		sim_msix_flush(fn);
	}
}

static void msix_compose(struct irq_data *data, struct msi_msg *msg)
{
	msg->address_lo = SIM_MSI_ADDRESS;
	msg->address_hi = 0;
	msg->data = data->hwirq;
}

static void msix_ack(struct irq_data *data)
{
}

/* An edge that came while the interrupt was disabled */
static int msix_retrigger(struct irq_data *data)
{
	struct sim *sim = irq_data_get_irq_chip_data(data);
	unsigned long flags;

	raw_spin_lock_irqsave(&sim->lock, flags);
	msix_fire(sim, data->hwirq);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return 1;
}

static struct irq_chip msix_inner_chip = {
	.name = "sim",
	.irq_compose_msi_msg = msix_compose,
	.irq_ack = msix_ack,
	.irq_retrigger = msix_retrigger,
};

static int msix_alloc(struct irq_domain *domain, unsigned int virq,
		      unsigned int n, void *arg)
{
	struct sim *sim = domain->host_data;
	unsigned long flags;
	unsigned int bit;

	if (n != 1)
		return -EINVAL;
	raw_spin_lock_irqsave(&sim->lock, flags);
	bit = find_first_zero_bit(sim->hwirqs, SIM_HWIRQS);
	if (bit < SIM_HWIRQS)
		__set_bit(bit, sim->hwirqs);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	if (bit == SIM_HWIRQS)
		return -ENOSPC;
	irq_domain_set_info(domain, virq, bit, &msix_inner_chip, sim,
			    handle_edge_irq, NULL, NULL);
	return 0;
}

static void msix_free(struct irq_domain *domain, unsigned int virq,
		      unsigned int n)
{
	struct irq_data *data = irq_domain_get_irq_data(domain, virq);
	struct sim *sim = domain->host_data;
	unsigned long flags;

	raw_spin_lock_irqsave(&sim->lock, flags);
	__clear_bit(data->hwirq, sim->hwirqs);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
}

static const struct irq_domain_ops msix_inner_ops = {
	.alloc = msix_alloc,
	.free = msix_free,
};

static int msix_init_domains(struct sim *sim)
{
	int err;

	sim->msi_fwnode = irq_domain_alloc_named_fwnode("cfgblk-sim");
	if (!sim->msi_fwnode)
		return -ENOMEM;
	err = sim_domains_add(sim, &msix_inner_ops);
	if (err)
		irq_domain_free_fwnode(sim->msi_fwnode);
	return err;
}

static void msix_fini_domains(struct sim *sim)
{
	sim_domains_remove(sim);
	irq_domain_free_fwnode(sim->msi_fwnode);
}

static int msix_init_pipe(struct sim *sim)
{
	int err = os_pipe(sim->pipe, 1, 1);

	if (err)
		return err;
	os_set_fd_block(sim->pipe[0], 0);
	os_set_fd_block(sim->pipe[1], 0);
	sim->irq = um_request_irq(UM_IRQ_ALLOC, sim->pipe[0], IRQ_READ,
				  msix_interrupt, 0, "cfgblk-sim", sim);
	if (sim->irq >= 0)
		return 0;
	os_close_file(sim->pipe[0]);
	os_close_file(sim->pipe[1]);
	return sim->irq;
}

/**
 * sim_msix_init - what takes messages
 * @sim: the device
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int sim_msix_init(struct sim *sim)
{
	int err;

	INIT_KFIFO(sim->fired);
	err = msix_init_domains(sim);
	if (err)
		return err;
	err = msix_init_pipe(sim);
	if (err)
		msix_fini_domains(sim);
	return err;
}

/**
 * sim_msix_fini - undo sim_msix_init()
 * @sim: the device; no function is left
 *
 * Context: process, may sleep.
 * Return: number of vectors that nobody gave back.
 */
unsigned int sim_msix_fini(struct sim *sim)
{
	um_free_irq(sim->irq, sim);
	os_close_file(sim->pipe[0]);
	os_close_file(sim->pipe[1]);
	msix_fini_domains(sim);
	return bitmap_weight(sim->hwirqs, SIM_HWIRQS);
}

/**
 * sim_gives_each_function_a_domain - one of its own, of interrupts
 *
 * Context: any.
 * Return: true if the PCI core makes one for each function.  It says -ENODEV if
 * there is no memory for it.
 */
bool sim_gives_each_function_a_domain(void)
{
	return SIM_DOMAIN_EACH;
}
