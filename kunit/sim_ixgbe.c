// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: registers of 82599, X540 and X550, and of a device
 * with more VFs than any of them
 *
 * Offsets and bits from the X550 datasheet 333369 and as Linux's ixgbe and
 * ixgbevf use them.
 */
#include "sim_types.h"

#define VFS		64

/* PF */
#define VFLRE1		0x001c0	/* 82599, read only */
#define VFLRE0		0x00600	/* 82599, read only */
#define VFLREC		0x00700
#define PFMBICR		0x00710
#define PFMBIMR		0x00720
#define EICR		0x00800
#define EICS		0x00808
#define EIAC		0x00810
#define EIMS		0x00880
#define EIMC		0x00888
#define EIAM		0x00890
#define EITRSEL		0x00894
#define GPIE		0x00898
#define IVAR_MISC	0x00a00
#define PFMAILBOX	0x04b00
#define VFRE		0x051e0
#define VFTE		0x08110
#define GCR_EXT		0x11050
#define PFMBMEM		0x13000

#define EICR_MAILBOX	BIT(19)
#define EIAC_NEVER	GENMASK(29, 16)
#define GPIE_MSIX	BIT(4)
#define GPIE_OCD	BIT(5)	/* a read clears no "other" cause */
#define GPIE_VT_MODE	GENMASK(15, 14)
#define GPIE_EIAME	BIT(30)
#define IVAR_OTHER_VALID BIT(15)
#define IVAR_OTHER	GENMASK(13, 8)

/* VF */
#define VFCTRL		0x00000
#define VFSTATUS	0x00008
#define VFLINKS		0x00010
#define VTEICR		0x00100
#define VTEICS		0x00104
#define VTEIMS		0x00108
#define VTEIMC		0x0010c
#define VTEIAC		0x00110
#define VTEIAM		0x00114
#define VTIVAR		0x00120
#define VTIVAR_MISC	0x00140
#define VFPBACL		0x00148
#define VFMBMEM		0x00200
#define VFMAILBOX	0x002fc
#define VTEITR		0x00820

#define VT_BITS		GENMASK(2, 0)
#define VTIVAR_VALID	BIT(7)
#define VTIVAR_ALLOC	GENMASK(1, 0)

static bool automask(const struct sim *sim)
{
	return sim->gpie & GPIE_EIAME;
}

/* Causes 29:16 have the vector of "other" causes, causes below their own */
static void pf_send(struct sim *sim, u32 bits)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	if ((bits & EIAC_NEVER) && (sim->gpie & GPIE_MSIX) &&
	    (pf->ivar_misc & IVAR_OTHER_VALID))
		sim_msix_send(pf, (pf->ivar_misc & IVAR_OTHER) >> 8);
	if (bits)
		sim_ei_sent(&pf->ei, bits, automask(sim));
}

static void vf_send(struct sim_fn *vf, u32 bits)
{
	unsigned int i;

	for (i = 0; i < SIM_MSIX_VF; i++)
		if (bits & BIT(i))
			sim_msix_send(vf, i);
	sim_ei_sent(&vf->ei, bits, automask(vf->sim));
}

/* Mailboxes work for the VFs that the number of pools leaves room for */
static unsigned int pools(const struct sim *sim)
{
	static const u8 of_mode[] = { 0, 16, 32, 64 };
	unsigned int pools = of_mode[(sim->gpie & GPIE_VT_MODE) >> 14];

	return pools == VFS ? sim->info->mailboxes : pools;
}

static struct sim_fn *vf_at(struct sim *sim, u32 reg, u32 base, u32 stride)
{
	if (reg < base || reg >= base + sim->info->mailboxes * stride)
		return NULL;
	if ((reg - base) / stride >= sim->config.total_vfs)
		return NULL;
	return sim_fn(sim, (reg - base) / stride);
}

static bool mailbox_read(struct sim *sim, u32 reg, u32 *value)
{
	struct sim_fn *vf = vf_at(sim, reg, PFMBMEM, 64);

	if (vf) {
		*value = sim_mbx_mem_read(vf, sim_fn(sim, SIM_PF),
					  reg / 4 % SIM_MBX_DWORDS);
		return true;
	}
	vf = vf_at(sim, reg, PFMAILBOX, 4);
	if (vf)
		*value = sim_mbx_pf_read(vf);
	return vf;
}

static bool mailbox_write(struct sim *sim, u32 reg, u32 value)
{
	struct sim_fn *vf = vf_at(sim, reg, PFMBMEM, 64);

	if (vf) {
		vf->mbx.mem[reg / 4 % SIM_MBX_DWORDS] = value;
		return true;
	}
	vf = vf_at(sim, reg, PFMAILBOX, 4);
	if (vf)
		sim_mbx_pf_write(vf, value);
	return vf;
}

/*
 * Bitmaps of all VFs in several registers: register at @base + 4 * i has @per
 * VFs of them.  Returns the number of its first VF, or -1.
 */
static int first_vf(const struct sim *sim, u32 reg, u32 base,
		    unsigned int per)
{
	if (reg < base || reg >= base + sim->info->mailboxes / per * 4)
		return -1;
	return (reg - base) / 4 * per;
}

static bool is_82599(const struct sim *sim)
{
	return sim->config.model == SIM_82599;
}

/* 82599: VFLRE shows and VFLREC clears; later VFLREC does both */
static bool flr_read(struct sim *sim, u32 reg, u32 *value)
{
	int first = first_vf(sim, reg, sim->info->flr, 32);

	if (is_82599(sim)) {
		if (reg == VFLRE0)
			*value = sim->flr[0];
		else if (reg == VFLRE1)
			*value = sim->flr[1];
		else
			return first >= 0;
		return true;
	}
	if (first < 0)
		return false;
	*value = sim->flr[first / 32];
	return true;
}

static bool vfs_read_bits(struct sim *sim, u32 reg, u32 *value)
{
	int first = first_vf(sim, reg, sim->info->cause, 16);

	if (first >= 0) {
		*value = (sim->req[first / 32] >> first % 32 & 0xffff) |
			 (sim->ack[first / 32] >> first % 32 & 0xffff) << 16;
		return true;
	}
	first = first_vf(sim, reg, sim->info->mask, 32);
	if (first >= 0) {
		*value = sim->mbim[first / 32];
		return true;
	}
	first = first_vf(sim, reg, VFRE, 32);
	if (first >= 0) {
		*value = sim->vfre[first / 32];
		return true;
	}
	first = first_vf(sim, reg, VFTE, 32);
	if (first < 0)
		return flr_read(sim, reg, value);
	*value = sim->vfte[first / 32];
	return true;
}

static bool vfs_write_bits(struct sim *sim, u32 reg, u32 value)
{
	int first = first_vf(sim, reg, sim->info->cause, 16);

	if (first >= 0) {
		sim->req[first / 32] &= ~((value & 0xffff) << first % 32);
		sim->ack[first / 32] &= ~((value >> 16) << first % 32);
		return true;
	}
	first = first_vf(sim, reg, sim->info->flr, 32);
	if (first >= 0) {
		sim->flr[first / 32] &= ~value;
		return true;
	}
	first = first_vf(sim, reg, sim->info->mask, 32);
	if (first >= 0) {
		sim->mbim[first / 32] = value;
		return true;
	}
	first = first_vf(sim, reg, VFRE, 32);
	if (first >= 0) {
		sim->vfre[first / 32] = value;
		return true;
	}
	first = first_vf(sim, reg, VFTE, 32);
	if (first < 0)
		return false;
	sim->vfte[first / 32] = value;
	return true;
}

static u32 eicr_read(struct sim *sim)
{
	struct sim_ei *ei = &sim_fn(sim, SIM_PF)->ei;
	u32 value = ei->cause;

	ei->cause &= sim->gpie & GPIE_OCD ? EIAC_NEVER : 0;
	return value;
}

static bool irq_read(struct sim *sim, u32 reg, u32 *value)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	switch (reg) {
	case EICR:
		*value = eicr_read(sim);
		return true;
	case EICS:
		*value = pf->ei.cause;	/* does not clear */
		return true;
	case EIAC:
		*value = pf->ei.clear;
		return true;
	case EIMS:
		*value = pf->ei.mask;
		return true;
	case EIAM:
		*value = pf->ei.automask;
		return true;
	case EITRSEL:
		*value = sim->eitrsel;
		return true;
	case GPIE:
		*value = sim->gpie;
		return true;
	case IVAR_MISC:
		*value = pf->ivar_misc;
		return true;
	case GCR_EXT:
		*value = sim->gcr_ext;
		return true;
	case EIMC:
		return true;
	case SIM_CTRL:
	case SIM_STATUS:
	case SIM_CTRL_EXT:
		*value = sim_common_pf_read(sim, reg);
		return true;
	}
	return false;
}

static bool irq_write(struct sim *sim, u32 reg, u32 value)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	switch (reg) {
	case EICR:
		pf->ei.cause &= ~value;
		return true;
	case EICS:
		pf_send(sim, sim_ei_raise(&pf->ei, value));
		return true;
	case EIAC:
		pf->ei.clear = value & ~EIAC_NEVER;
		return true;
	case EIMS:
		pf_send(sim, sim_ei_unmask(&pf->ei, value));
		return true;
	case EIMC:
		pf->ei.mask &= ~value;
		return true;
	case EIAM:
		pf->ei.automask = value;
		return true;
	case EITRSEL:
		sim->eitrsel = value;
		return true;
	case GPIE:
		sim->gpie = value;
		return true;
	case IVAR_MISC:
		pf->ivar_misc = value;
		return true;
	case GCR_EXT:
		sim->gcr_ext = value;
		return true;
	case SIM_CTRL:
	case SIM_STATUS:
	case SIM_CTRL_EXT:
		sim_common_pf_write(sim, reg, value);
		return true;
	}
	return false;
}

static bool ixgbe_pf_read(struct sim *sim, u32 reg, u32 *value)
{
	return mailbox_read(sim, reg, value) || vfs_read_bits(sim, reg, value) ||
	       irq_read(sim, reg, value);
}

static bool ixgbe_pf_write(struct sim *sim, u32 reg, u32 value)
{
	return mailbox_write(sim, reg, value) ||
	       vfs_write_bits(sim, reg, value) || irq_write(sim, reg, value);
}

static bool vf_irq_read(struct sim_fn *vf, u32 reg, u32 *value)
{
	switch (reg) {
	case VTEICR:
		*value = vf->ei.cause;
		vf->ei.cause = 0;
		return true;
	case VTEIMS:
		*value = vf->ei.mask;
		return true;
	case VTEIAC:
		*value = vf->ei.clear;
		return true;
	case VTEIAM:
		*value = vf->ei.automask;
		return true;
	case VTIVAR_MISC:
		*value = vf->ivar_misc;
		return true;
	case VTEICS:
	case VTEIMC:
		return true;
	}
	return false;
}

static bool vf_irq_write(struct sim_fn *vf, u32 reg, u32 value)
{
	switch (reg) {
	case VTEICR:
		vf->ei.cause &= ~value;
		return true;
	case VTEICS:
		vf_send(vf, sim_ei_raise(&vf->ei, value & VT_BITS));
		return true;
	case VTEIMS:
		vf_send(vf, sim_ei_unmask(&vf->ei, value & VT_BITS));
		return true;
	case VTEIMC:
		vf->ei.mask &= ~value;
		return true;
	case VTEIAC:
		vf->ei.clear = value & VT_BITS;
		return true;
	case VTEIAM:
		vf->ei.automask = value & VT_BITS;
		return true;
	case VTIVAR_MISC:
		vf->ivar_misc = value & (VTIVAR_VALID | VTIVAR_ALLOC);
		return true;
	}
	return false;
}

/* Registers that do nothing here */
static bool vf_idle(u32 reg)
{
	return reg == VFCTRL || reg == VFSTATUS || reg == VFLINKS ||
	       (reg >= VTIVAR && reg < VTIVAR + 16) || reg == VFPBACL ||
	       reg == VTEITR || reg == VTEITR + 4;
}

static bool ixgbe_vf_read(struct sim_fn *vf, u32 reg, u32 *value)
{
	if (!sim_has_mailbox(vf))
		return false;
	if (reg >= VFMBMEM && reg < VFMBMEM + 4 * SIM_MBX_DWORDS) {
		*value = sim_mbx_mem_read(vf, vf, (reg - VFMBMEM) / 4);
		return true;
	}
	if (reg == VFMAILBOX) {
		*value = sim_mbx_vf_read(vf);
		return true;
	}
	return vf_idle(reg) || vf_irq_read(vf, reg, value);
}

static bool ixgbe_vf_write(struct sim_fn *vf, u32 reg, u32 value)
{
	if (!sim_has_mailbox(vf))
		return false;
	if (reg >= VFMBMEM && reg < VFMBMEM + 4 * SIM_MBX_DWORDS) {
		vf->mbx.mem[(reg - VFMBMEM) / 4] = value;
		return true;
	}
	if (reg == VFMAILBOX) {
		sim_mbx_vf_write(vf, value);
		return true;
	}
	if (reg == VFCTRL && (value & SIM_CTRL_RST))
		sim_reset_vf(vf);
	return vf_idle(reg) || vf_irq_write(vf, reg, value);
}

static void ixgbe_pf_reset(struct sim *sim)
{
	sim_fn(sim, SIM_PF)->ivar_misc = IVAR_OTHER_VALID;
	memset(sim->mbim, 0xff, sizeof(sim->mbim));
	memset(sim->vfre, 0, sizeof(sim->vfre));
	memset(sim->vfte, 0, sizeof(sim->vfte));
	sim->gcr_ext = 0;
	sim->eitrsel = 0;
}

static void ixgbe_vf_reset(struct sim_fn *vf)
{
	vf->ei = (struct sim_ei){ };
}

static void ixgbe_pf_event(struct sim *sim)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);

	pf_send(sim, sim_ei_raise(&pf->ei, EICR_MAILBOX));
}

static void ixgbe_vf_event(struct sim_fn *vf)
{
	u32 alloc = vf->ivar_misc & VTIVAR_ALLOC;

	if ((vf->ivar_misc & VTIVAR_VALID) && alloc < SIM_MSIX_VF &&
	    vf->index < pools(vf->sim))
		vf_send(vf, sim_ei_raise(&vf->ei, BIT(alloc)));
}

static bool ixgbe_masked(struct sim *sim, unsigned int vf)
{
	return !sim_vfs_test(sim->mbim, vf) || vf >= pools(sim);
}

#define IXGBE_MODEL				\
	.vf_offset = 128,			\
	.vf_stride = 2,				\
	.bar_size = 0x80000,			\
	.bar64 = true,				\
	.msix_bar = 4,				\
	.pf_vectors = SIM_MSIX_PF_MAX,		\
	.pf_read = ixgbe_pf_read,		\
	.pf_write = ixgbe_pf_write,		\
	.vf_read = ixgbe_vf_read,		\
	.vf_write = ixgbe_vf_write,		\
	.pf_reset = ixgbe_pf_reset,		\
	.vf_reset = ixgbe_vf_reset,		\
	.pf_event = ixgbe_pf_event,		\
	.vf_event = ixgbe_vf_event,		\
	.masked = ixgbe_masked

#define IXGBE_VFS				\
	.total_vfs = VFS,			\
	.mailboxes = VFS,			\
	.flr = VFLREC,				\
	.cause = PFMBICR,			\
	.mask = PFMBIMR

const struct sim_model_info sim_82599 = {
	.pf_id = 0x10fb, .vf_id = 0x10ed, IXGBE_VFS, IXGBE_MODEL,
};

const struct sim_model_info sim_x540 = {
	.pf_id = 0x1528, .vf_id = 0x1515, IXGBE_VFS, IXGBE_MODEL,
};

const struct sim_model_info sim_x550 = {
	.pf_id = 0x1563, .vf_id = 0x1565, IXGBE_VFS, IXGBE_MODEL,
};

const struct sim_model_info sim_crowd = {
	.pf_id = SIM_CROWD_PF_ID,
	.vf_id = SIM_CROWD_VF_ID,
	.total_vfs = SIM_VFS_MAX,
	.mailboxes = SIM_VFS_MAX,
	.flr = SIM_CROWD_FLR,
	.cause = SIM_CROWD_CAUSE,
	.mask = SIM_CROWD_MASK,
	IXGBE_MODEL,
};
