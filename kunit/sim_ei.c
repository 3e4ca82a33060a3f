// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: extended interrupt causes (EICR, EIMS, EIAC, EIAM)
 *
 * Edges: a cause that is set already does not interrupt again.
 */
#include "sim_types.h"

/**
 * sim_ei_raise - causes occur
 * @ei: the causes
 * @bits: which
 *
 * Context: sim->lock is held.
 * Return: those that have to be sent now.
 */
u32 sim_ei_raise(struct sim_ei *ei, u32 bits)
{
	u32 new = bits & ~ei->cause;

	ei->cause |= bits;
	return new & ei->mask;
}

/**
 * sim_ei_unmask - EIMS is written
 * @ei: the causes
 * @bits: the value
 *
 * Context: sim->lock is held.
 * Return: those that were latched while masked, and have to be sent now.
 */
u32 sim_ei_unmask(struct sim_ei *ei, u32 bits)
{
	u32 new = bits & ~ei->mask;

	ei->mask |= bits;
	return new & ei->cause;
}

/**
 * sim_ei_sent - the messages of causes went out
 * @ei: the causes
 * @bits: which
 * @automask: the device is set to use EIAM
 *
 * Context: sim->lock is held.
 */
void sim_ei_sent(struct sim_ei *ei, u32 bits, bool automask)
{
	ei->cause &= ~(bits & ei->clear);
	if (automask)
		ei->mask &= ~(bits & ei->automask);
}
