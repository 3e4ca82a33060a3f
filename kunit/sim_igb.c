// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: registers of 82576 and I350
 *
 * Offsets and bits as Linux's igb and igbvf use them; differences of QEMU 10.0
 * as tried there.
 */
#include "sim_types.h"

#define VFS		8

/* PF; 0x1500 and up are the registers' own places, 0xc0 and up an alias */
#define ICR		0x000c0
#define ICS		0x000c8
#define IMS		0x000d0
#define IMC		0x000d8
#define IAM		0x000e0
#define ICR_NATIVE	0x01500
#define IAM_NATIVE	0x01510
#define VMBMEM		0x00800
#define P2VMAILBOX	0x00c00
#define V2PMAILBOX_PF	0x00c40	/* the VFs' register, seen from the PF */
#define MBVFICR		0x00c80
#define MBVFIMR		0x00c84
#define VFLRE		0x00c88
#define VFRE		0x00c8c
#define VFTE		0x00c90
#define GPIE		0x01514
#define EICS		0x01520
#define EIMS		0x01524
#define EIMC		0x01528
#define EIAC		0x0152c
#define EIAM		0x01530
#define EICR		0x01580
#define IVAR_MISC	0x01740
#define IOVCTL		0x05bbc

/* VF: EICS to EICR and IVAR_MISC at the offsets of the PF */
#define VTCTRL		0x00000
#define VTSTATUS	0x00008
#define VTFRTIMER	0x01048
#define V2PMAILBOX	0x00c40
#define VTEITR		0x01680
#define VTIVAR		0x01700

#define ICR_VMMB	BIT(8)
#define ICR_ASSERTED	BIT(31)
#define GPIE_NSICR	BIT(0)
#define GPIE_MSIX	BIT(4)	/* Multiple_MSIX */
#define GPIE_EIAME	BIT(30)
#define EI_BITS		GENMASK(24, 0)
#define IVAR_OTHER_VALID BIT(15)
#define IVAR_OTHER	GENMASK(12, 8)
#define VTIVAR_VALID	BIT(7)
#define VTIVAR_ALLOC	GENMASK(1, 0)
#define STATUS_NUM_VFS	14
#define STATUS_VFE	BIT(18)

#define PF_VECTORS	10

/* Vector 0 of VF n has bit 22 - 3n of the 25 that PF and VFs share */
static unsigned int ei_shift(unsigned int vf)
{
	return 22 - SIM_MSIX_VF * vf;
}

/* With VFs enabled, a PF has vector 0 alone on hardware */
static void ei_send_pf(struct sim *sim, unsigned int bit)
{
	if (bit && sim_vfs_enabled(sim) && !sim->config.qemu)
		return;
	if (bit < PF_VECTORS)
		sim_msix_send(sim_fn(sim, SIM_PF), bit);
}

/* A bit that an enabled VF has is the VF's */
static void ei_send_bit(struct sim *sim, unsigned int bit)
{
	unsigned int i;

	for (i = 0; i < min(sim_vfs_enabled(sim), VFS); i++) {
		unsigned int first = ei_shift(i);

		if (bit >= first && bit < first + SIM_MSIX_VF) {
			sim_msix_send(sim_fn(sim, i), bit - first);
			return;
		}
	}
	ei_send_pf(sim, bit);
}

static void ei_send(struct sim *sim, u32 bits)
{
	bool automask = (sim->gpie & GPIE_EIAME) && !sim->config.qemu;
	unsigned long left = bits;
	unsigned int bit;

	for_each_set_bit(bit, &left, 25)
		ei_send_bit(sim, bit);
	sim_ei_sent(&sim_fn(sim, SIM_PF)->ei, bits, automask);
}

static void ei_raise(struct sim *sim, u32 bits)
{
	ei_send(sim, sim_ei_raise(&sim_fn(sim, SIM_PF)->ei, bits));
}

/* Causes of ICR that are new and not masked: one message, of "other" */
static void icr_send(struct sim *sim)
{
	u32 ivar = sim_fn(sim, SIM_PF)->ivar_misc;

	if (!(sim->gpie & GPIE_MSIX))
		sim_msix_send(sim_fn(sim, SIM_PF), 0);
	else if (ivar & IVAR_OTHER_VALID)
		ei_raise(sim, BIT((ivar & IVAR_OTHER) >> 8) & EI_BITS);
}

static void icr_raise(struct sim *sim, u32 bits)
{
	u32 new = bits & ~sim->icr;

	sim->icr |= bits;
	if (new & sim->ims)
		icr_send(sim);
}

static void ims_write(struct sim *sim, u32 bits)
{
	u32 new = bits & ~sim->ims;

	sim->ims |= bits;
	if (new & sim->icr)
		icr_send(sim);
}

/* A read clears with NSICR, with nothing enabled, and on hardware if asserted */
static u32 icr_read(struct sim *sim)
{
	u32 asserted = sim->icr & sim->ims;
	u32 value = sim->icr | (asserted ? ICR_ASSERTED : 0);

	if ((sim->gpie & GPIE_NSICR) || !sim->ims ||
	    (asserted && !sim->config.qemu))
		sim->icr = 0;
	return value;
}

static u32 mbvficr(const struct sim *sim)
{
	return (sim->req[0] & 0xff) | (sim->ack[0] & 0xff) << 16;
}

/* STATUS shows SR-IOV's state, to PF and VFs */
static u32 status(struct sim *sim)
{
	unsigned int vfs = sim_vfs_enabled(sim);

	return sim_common_pf_read(sim, SIM_STATUS) |
	       (vfs ? STATUS_VFE | vfs << STATUS_NUM_VFS : 0);
}

/* Mailboxes of all VFs, in the PF's BAR */
static struct sim_fn *mailbox_at(struct sim *sim, u32 reg, u32 base, u32 stride)
{
	if (reg < base || reg >= base + VFS * stride)
		return NULL;
	if ((reg - base) / stride >= sim->config.total_vfs)
		return NULL;
	return sim_fn(sim, (reg - base) / stride);
}

/* QEMU does not have the registers in their own place */
static u32 icr_alias(const struct sim *sim, u32 reg)
{
	if (reg < ICR_NATIVE || reg > IAM_NATIVE || sim->config.qemu)
		return reg;
	return ICR + (reg - ICR_NATIVE) * 2;
}

static bool mailbox_read(struct sim *sim, u32 reg, u32 *value)
{
	struct sim_fn *vf = mailbox_at(sim, reg, VMBMEM, 64);

	if (vf) {
		*value = sim_mbx_mem_read(vf, sim_fn(sim, SIM_PF),
					  reg / 4 % SIM_MBX_DWORDS);
		return true;
	}
	vf = mailbox_at(sim, reg, P2VMAILBOX, 4);
	if (vf) {
		*value = sim_mbx_pf_read(vf);
		return true;
	}
	vf = mailbox_at(sim, reg, V2PMAILBOX_PF, 4);
	if (vf)
		*value = sim_mbx_vf_read(vf);
	return vf;
}

static bool mailbox_write(struct sim *sim, u32 reg, u32 value)
{
	struct sim_fn *vf = mailbox_at(sim, reg, VMBMEM, 64);

	if (vf) {
		vf->mbx.mem[reg / 4 % SIM_MBX_DWORDS] = value;
		return true;
	}
	vf = mailbox_at(sim, reg, P2VMAILBOX, 4);
	if (vf) {
		sim_mbx_pf_write(vf, value);
		return true;
	}
	vf = mailbox_at(sim, reg, V2PMAILBOX_PF, 4);
	if (vf)
		sim_mbx_vf_write(vf, value);
	return vf;
}

static u32 eicr_read(struct sim_ei *ei, u32 bits)
{
	u32 value = ei->cause & bits;

	ei->cause &= ~bits;
	return value;
}

static bool irq_read(struct sim *sim, u32 reg, u32 *value)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	switch (reg) {
	case ICR:
		*value = icr_read(sim);
		return true;
	case IMS:
		*value = sim->ims;
		return true;
	case IAM:
		*value = sim->iam;
		return true;
	case GPIE:
		*value = sim->gpie;
		return true;
	case EIMS:
		*value = pf->ei.mask;
		return true;
	case EIAC:
		*value = pf->ei.clear;
		return true;
	case EIAM:
		*value = sim->config.qemu ? ~pf->ei.automask : pf->ei.automask;
		return true;
	case EICR:
		*value = eicr_read(&pf->ei, U32_MAX);
		return true;
	case IVAR_MISC:
		*value = pf->ivar_misc;
		return true;
	case ICS:
	case IMC:
	case EICS:
	case EIMC:
		return true;	/* write only: 0 */
	}
	return false;
}

static bool irq_write(struct sim *sim, u32 reg, u32 value)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	switch (reg) {
	case ICR:
		sim->icr &= ~value;
		return true;
	case ICS:
		icr_raise(sim, value);
		return true;
	case IMS:
		ims_write(sim, value);
		return true;
	case IMC:
		sim->ims &= ~value;
		return true;
	case IAM:
		sim->iam = value;
		return true;
	case GPIE:
		sim->gpie = value;
		return true;
	case EICS:
		ei_raise(sim, value & EI_BITS);
		return true;
	case EIMS:
		ei_send(sim, sim_ei_unmask(&pf->ei, value & EI_BITS));
		return true;
	case EIMC:
		pf->ei.mask &= ~value;
		return true;
	case EIAC:
		pf->ei.clear = value | (sim->config.qemu ? pf->ei.clear : 0);
		return true;
	case EIAM:
		pf->ei.automask = value;
		return true;
	case EICR:
		pf->ei.cause &= ~value;
		return true;
	case IVAR_MISC:
		pf->ivar_misc = value;
		return true;
	}
	return false;
}

static bool vf_state_read(struct sim *sim, u32 reg, u32 *value)
{
	switch (reg) {
	case MBVFICR:
		*value = mbvficr(sim);
		return true;
	case MBVFIMR:
		*value = sim->mbim[0];
		return true;
	case VFLRE:
		*value = sim->flr[0];
		return true;
	case VFRE:
		*value = sim->vfre[0];
		return true;
	case VFTE:
		*value = sim->vfte[0];
		return true;
	case IOVCTL:
		return true;
	case SIM_STATUS:
		*value = status(sim);
		return true;
	case SIM_CTRL:
	case SIM_CTRL_EXT:
		*value = sim_common_pf_read(sim, reg);
		return true;
	}
	return false;
}

static bool vf_state_write(struct sim *sim, u32 reg, u32 value)
{
	switch (reg) {
	case MBVFICR:
		sim->req[0] &= ~(value & 0xff);
		sim->ack[0] &= ~(value >> 16 & 0xff);
		return true;
	case MBVFIMR:
		sim->mbim[0] = value & (sim->config.qemu ? U32_MAX : 0xff);
		return true;
	case VFLRE:
		sim->flr[0] &= ~value;
		return true;
	case VFRE:
		sim->vfre[0] = value & 0xff;
		return true;
	case VFTE:
		sim->vfte[0] = value & 0xff;
		return true;
	case IOVCTL:
		return true;
	case SIM_STATUS:
	case SIM_CTRL:
	case SIM_CTRL_EXT:
		sim_common_pf_write(sim, reg, value);
		return true;
	}
	return false;
}

static bool igb_pf_read(struct sim *sim, u32 reg, u32 *value)
{
	reg = icr_alias(sim, reg);
	return mailbox_read(sim, reg, value) || irq_read(sim, reg, value) ||
	       vf_state_read(sim, reg, value);
}

static bool igb_pf_write(struct sim *sim, u32 reg, u32 value)
{
	reg = icr_alias(sim, reg);
	return mailbox_write(sim, reg, value) || irq_write(sim, reg, value) ||
	       vf_state_write(sim, reg, value);
}

/* Places of sim_fn.last, for what QEMU gives back */
enum { LAST_EICR, LAST_EIMS, LAST_EIAC };

/* The VF's three bits of the PF's causes */
static u32 vf_bits(const struct sim_fn *vf, u32 value)
{
	return (value & GENMASK(2, 0)) << ei_shift(vf->index);
}

static u32 vf_bits_of(const struct sim_fn *vf, u32 bits, unsigned int last)
{
	if (vf->sim->config.qemu)
		return vf->last[last];
	return bits >> ei_shift(vf->index) & GENMASK(2, 0);
}

static bool igb_vf_irq_read(struct sim_fn *vf, u32 reg, u32 *value)
{
	struct sim_ei *ei = &sim_fn(vf->sim, SIM_PF)->ei;

	switch (reg) {
	case EICR:
		*value = vf_bits_of(vf, ei->cause, LAST_EICR);
		if (!vf->sim->config.qemu)
			eicr_read(ei, vf_bits(vf, 7));
		return true;
	case EIMS:
		*value = vf_bits_of(vf, ei->mask, LAST_EIMS);
		return true;
	case EIAC:
		*value = vf_bits_of(vf, ei->clear, LAST_EIAC);
		return true;
	case IVAR_MISC:
		*value = vf->ivar_misc;
		return true;
	case EICS:
	case EIMC:
	case EIAM:
	case VTIVAR:
		return true;
	}
	return reg >= VTEITR && reg < VTEITR + 4 * SIM_MSIX_VF;
}

/* Without Multiple_MSIX in the PF's GPIE, EIMS and EIAC of VFs are lost */
static void igb_vf_eims(struct sim_fn *vf, u32 value)
{
	struct sim_ei *ei = &sim_fn(vf->sim, SIM_PF)->ei;

	vf->last[LAST_EIMS] = value;
	if (vf->sim->gpie & GPIE_MSIX)
		ei_send(vf->sim, sim_ei_unmask(ei, vf_bits(vf, value)));
}

static void igb_vf_eiac(struct sim_fn *vf, u32 value)
{
	struct sim_ei *ei = &sim_fn(vf->sim, SIM_PF)->ei;

	vf->last[LAST_EIAC] = value;
	if (!(vf->sim->gpie & GPIE_MSIX))
		return;
	if (!vf->sim->config.qemu)
		ei->clear &= ~vf_bits(vf, 7);
	ei->clear |= vf_bits(vf, value);
}

static bool igb_vf_irq_write(struct sim_fn *vf, u32 reg, u32 value)
{
	struct sim_ei *ei = &sim_fn(vf->sim, SIM_PF)->ei;

	switch (reg) {
	case EICS:
		ei_raise(vf->sim, vf_bits(vf, value));
		return true;
	case EIMS:
		igb_vf_eims(vf, value);
		return true;
	case EIMC:
		ei->mask &= ~vf_bits(vf, value);
		return true;
	case EIAC:
		igb_vf_eiac(vf, value);
		return true;
	case EIAM:
		ei->automask &= ~vf_bits(vf, 7);
		ei->automask |= vf_bits(vf, value);
		return true;
	case EICR:
		vf->last[LAST_EICR] = value;
		ei->cause &= ~vf_bits(vf, value);
		return true;
	case IVAR_MISC:
		vf->ivar_misc = value & (VTIVAR_VALID | VTIVAR_ALLOC);
		return true;
	case VTIVAR:
		return true;
	}
	return reg >= VTEITR && reg < VTEITR + 4 * SIM_MSIX_VF;
}

static bool igb_vf_read(struct sim_fn *vf, u32 reg, u32 *value)
{
	if (!sim_has_mailbox(vf))
		return false;
	if (reg >= VMBMEM && reg < VMBMEM + 4 * SIM_MBX_DWORDS) {
		*value = sim_mbx_mem_read(vf, vf, (reg - VMBMEM) / 4);
		return true;
	}
	switch (reg) {
	case VTCTRL:
	case VTFRTIMER:
		return true;
	case VTSTATUS:
		*value = status(vf->sim);
		return true;
	case V2PMAILBOX:
		*value = sim_mbx_vf_read(vf);
		return true;
	}
	return igb_vf_irq_read(vf, reg, value);
}

static bool igb_vf_write(struct sim_fn *vf, u32 reg, u32 value)
{
	if (!sim_has_mailbox(vf))
		return false;
	if (reg >= VMBMEM && reg < VMBMEM + 4 * SIM_MBX_DWORDS) {
		vf->mbx.mem[(reg - VMBMEM) / 4] = value;
		return true;
	}
	switch (reg) {
	case VTCTRL:
		if (value & SIM_CTRL_RST)
			sim_reset_vf(vf);
		return true;
	case V2PMAILBOX:
		sim_mbx_vf_write(vf, value);
		return true;
	}
	return igb_vf_irq_write(vf, reg, value);
}

static void igb_pf_reset(struct sim *sim)
{
	sim_fn(sim, SIM_PF)->ivar_misc = 0;
	sim->mbim[0] = 0xff;
	sim->vfre[0] = sim->config.qemu ? 0xff : 0;
	sim->vfte[0] = sim->vfre[0];
}

static void igb_vf_reset(struct sim_fn *vf)
{
	struct sim_ei *ei = &sim_fn(vf->sim, SIM_PF)->ei;

	ei->cause &= ~vf_bits(vf, 7);
	ei->mask &= ~vf_bits(vf, 7);
	ei->clear &= ~vf_bits(vf, 7);
	ei->automask &= ~vf_bits(vf, 7);
}

static void igb_pf_event(struct sim *sim)
{
	icr_raise(sim, ICR_VMMB);
}

/* INT_ALLOC is a vector number; QEMU takes it for a mask */
static void igb_vf_event(struct sim_fn *vf)
{
	u32 alloc = vf->ivar_misc & VTIVAR_ALLOC;

	if (!(vf->ivar_misc & VTIVAR_VALID) || !(vf->sim->gpie & GPIE_MSIX))
		return;
	if (!vf->sim->config.qemu)
		alloc = alloc < SIM_MSIX_VF ? BIT(alloc) : 0;
	ei_raise(vf->sim, vf_bits(vf, alloc));
}

/* QEMU ignores MBVFIMR */
static bool igb_masked(struct sim *sim, unsigned int vf)
{
	return !sim->config.qemu && !sim_vfs_test(sim->mbim, vf);
}

#define IGB_MODEL				\
	.total_vfs = VFS,			\
	.mailboxes = VFS,			\
	.vf_offset = 384,			\
	.vf_stride = 2,				\
	.bar_size = 0x20000,			\
	.msix_bar = 3,				\
	.pf_vectors = PF_VECTORS,		\
	.status = 0x80000481,			\
	.pf_read = igb_pf_read,			\
	.pf_write = igb_pf_write,		\
	.vf_read = igb_vf_read,			\
	.vf_write = igb_vf_write,		\
	.pf_reset = igb_pf_reset,		\
	.vf_reset = igb_vf_reset,		\
	.pf_event = igb_pf_event,		\
	.vf_event = igb_vf_event,		\
	.masked = igb_masked

const struct sim_model_info sim_82576 = {
	.pf_id = 0x10c9, .vf_id = 0x10ca, IGB_MODEL,
};

const struct sim_model_info sim_i350 = {
	.pf_id = 0x1521, .vf_id = 0x1520, IGB_MODEL,
};
