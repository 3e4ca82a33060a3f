// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: mailbox registers and resets, alike in all families
 *
 * Bits of the VF mailbox register [82576: V2PMAILBOX, X550: VFMAILBOX] and of
 * the PF mailbox register [82576: P2VMAILBOX, X550: PFMAILBOX] from the X550
 * datasheet 333369, tables 7-67 and 7-68.
 */
#include "sim_types.h"

/* VF mailbox register */
#define V2P_REQ		BIT(0)	/* write only */
#define V2P_ACK		BIT(1)	/* write only */
#define V2P_VFU		BIT(2)
#define V2P_PFU		BIT(3)	/* read only */
#define V2P_PFSTS	BIT(4)	/* clears when read */
#define V2P_PFACK	BIT(5)	/* clears when read */
#define V2P_RSTI	BIT(6)	/* read only */
#define V2P_RSTD	BIT(7)	/* clears when read */
#define V2P_READ_CLEAR	(V2P_PFSTS | V2P_PFACK | V2P_RSTD)

/* PF mailbox register */
#define P2V_STS		BIT(0)	/* write only */
#define P2V_ACK		BIT(1)	/* write only */
#define P2V_VFU		BIT(2)	/* read only */
#define P2V_PFU		BIT(3)
#define P2V_RVFU	BIT(4)	/* write only */

/**
 * sim_mbx_mem_read - read of the buffer
 * @vf: whose
 * @reader: who reads
 * @dword: which of the 16
 *
 * Context: sim->lock is held.
 * Return: the dword.
 */
u32 sim_mbx_mem_read(struct sim_fn *vf, struct sim_fn *reader,
		     unsigned int dword)
{
	u32 *mem = &vf->mbx.mem[dword];

	if (dword && reader->faults.torn) {
		reader->faults.torn--;
		*mem = ~*mem;
	}
	return *mem;
}

/* Doorbells of a write, if none of them gets lost */
static u32 mbx_bells(struct sim_fn *ringer, u32 value)
{
	u32 bells = value & (V2P_REQ | V2P_ACK);

	if (bells && ringer->faults.lost_bells) {
		ringer->faults.lost_bells--;
		return 0;
	}
	return bells;
}

/* The PF hears of something that is not masked */
static void mbx_pf_event(struct sim_fn *vf)
{
	struct sim *sim = vf->sim;

	if (!sim->info->masked(sim, vf->index))
		sim->info->pf_event(sim);
}

/**
 * sim_mbx_vf_read - read of the VF mailbox register
 * @vf: the VF
 *
 * Context: sim->lock is held.
 * Return: its value; what clears when read is cleared.
 */
u32 sim_mbx_vf_read(struct sim_fn *vf)
{
	struct sim_mbx *mbx = &vf->mbx;
	u32 value = mbx->heard;

	mbx->heard &= ~V2P_READ_CLEAR;
	if (mbx->vfu)
		value |= V2P_VFU;
	if (mbx->pfu)
		value |= V2P_PFU;
	return value;
}

/**
 * sim_mbx_vf_write - write of the VF mailbox register
 * @vf: the VF
 * @value: a value without VFU lets go of the buffer
 *
 * Context: sim->lock is held.
 */
void sim_mbx_vf_write(struct sim_fn *vf, u32 value)
{
	u32 bells = mbx_bells(vf, value);
	struct sim *sim = vf->sim;

	if (vf->faults.keep_lock)
		value |= V2P_VFU;
	vf->mbx.vfu = (value & V2P_VFU) && !vf->mbx.pfu;
	if (bells & V2P_REQ)
		sim_vfs_set(sim->req, vf->index);
	if (bells & V2P_ACK)
		sim_vfs_set(sim->ack, vf->index);
	if (bells)
		mbx_pf_event(vf);
}

/**
 * sim_mbx_pf_read - read of the PF mailbox register
 * @vf: whose
 *
 * Context: sim->lock is held.
 * Return: its value.
 */
u32 sim_mbx_pf_read(struct sim_fn *vf)
{
	const struct sim_mbx *mbx = &vf->mbx;

	return (mbx->vfu || mbx->broken ? P2V_VFU : 0) |
	       (mbx->pfu ? P2V_PFU : 0);
}

/* Take the buffer from a VF that is stuck; QEMU forgets the PF's own view */
static void mbx_force_free(struct sim_fn *vf)
{
	struct sim *sim = vf->sim;

	if (sim->config.qemu && vf->mbx.vfu)
		vf->mbx.broken = true;
	vf->mbx.vfu = false;
	sim_vfs_clear(sim->req, vf->index);
	sim_vfs_clear(sim->ack, vf->index);
}

/**
 * sim_mbx_pf_write - write of the PF mailbox register
 * @vf: whose
 * @value: a value without PFU lets go of the buffer
 *
 * Context: sim->lock is held.
 */
void sim_mbx_pf_write(struct sim_fn *vf, u32 value)
{
	u32 bells = mbx_bells(sim_fn(vf->sim, SIM_PF), value);

	if (value & P2V_RVFU)
		mbx_force_free(vf);
	vf->mbx.pfu = (value & P2V_PFU) && !vf->mbx.vfu && !vf->mbx.broken;
	if (bells & P2V_STS)
		vf->mbx.heard |= V2P_PFSTS;
	if (bells & P2V_ACK)
		vf->mbx.heard |= V2P_PFACK;
	if (bells)
		vf->sim->info->vf_event(vf);
}

/* All VFs learn that the PF is ready */
static void mbx_pf_ready(struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->config.total_vfs; i++) {
		struct sim_mbx *mbx = &sim_fn(sim, i)->mbx;

		mbx->heard &= ~V2P_RSTI;
		mbx->heard |= V2P_RSTD;
	}
}

/**
 * sim_common_pf_read - read of CTRL, STATUS or CTRL_EXT
 * @sim: the device
 * @reg: which
 *
 * Context: sim->lock is held.
 * Return: its value.
 */
u32 sim_common_pf_read(struct sim *sim, u32 reg)
{
	if (reg == SIM_CTRL)
		return sim->ctrl;
	if (reg == SIM_CTRL_EXT)
		return sim->ctrl_ext;
	return sim->info->status |
	       (sim->ctrl & SIM_CTRL_MASTER_OFF ? 0 : SIM_STATUS_MASTER);
}

/**
 * sim_common_pf_write - write of CTRL, STATUS or CTRL_EXT
 * @sim: the device
 * @reg: which
 * @value: the value
 *
 * PFRSTD clears itself; in QEMU it sticks, and every write that has it set
 * tells the VFs again.
 *
 * Context: sim->lock is held.
 */
void sim_common_pf_write(struct sim *sim, u32 reg, u32 value)
{
	switch (reg) {
	case SIM_CTRL:
		sim->ctrl = value & ~SIM_CTRL_RST;
		if (value & SIM_CTRL_RST)
			sim_reset_pf(sim);
		break;
	case SIM_CTRL_EXT:
		sim->ctrl_ext = value;
		if (!sim->config.qemu)
			sim->ctrl_ext &= ~SIM_CTRL_EXT_PFRSTD;
		if (value & SIM_CTRL_EXT_PFRSTD)
			mbx_pf_ready(sim);
		break;
	}
}

/*
 * The datasheets do not say what becomes of the buffers: they stay.  QEMU
 * clears them.  Either way VTEI* and VTIVAR* of the VFs are gone.
 */
static void mbx_reset_by_pf(struct sim_fn *vf)
{
	struct sim_mbx *mbx = &vf->mbx;

	mbx->vfu = false;
	mbx->pfu = false;
	mbx->broken = false;
	mbx->heard = V2P_RSTI;
	if (vf->sim->config.qemu)
		memset(mbx->mem, 0, sizeof(mbx->mem));
	vf->ei = (struct sim_ei){ };
	vf->ivar_misc = 0;
}

/**
 * sim_reset_pf - reset of the PF: CTRL.RST, FLR or power-up
 * @sim: the device
 *
 * Configuration space is left alone: STATUS still has VFE and NUM_VFS.
 *
 * Context: sim->lock is held, or nobody else knows @sim.
 */
void sim_reset_pf(struct sim *sim)
{
	struct sim_fn *pf = sim_fn(sim, SIM_PF);
	unsigned int i;

	sim->ctrl = pf->faults.reset_stuck ? SIM_CTRL_RST : 0;
	sim->ctrl_ext = 0;
	memset(sim->req, 0, sizeof(sim->req));
	memset(sim->ack, 0, sizeof(sim->ack));
	memset(sim->flr, 0, sizeof(sim->flr));
	sim->gpie = 0;
	sim->icr = 0;
	sim->ims = 0;
	sim->iam = 0;
	pf->ei = (struct sim_ei){ };
	sim->info->pf_reset(sim);
	for (i = 0; i < sim->config.total_vfs; i++)
		mbx_reset_by_pf(sim_fn(sim, i));
}

/**
 * sim_reset_vf - reset of a VF: FLR, VTCTRL.RST, VF Enable set or cleared
 * @vf: the VF
 *
 * On hardware the VF's mailbox register but for RSTI and its interrupt
 * registers are reset [X550 datasheet 4.2.1.5]; MBVFICR is the PF's, and a
 * request of the VF that was stays in it.  In QEMU all of it stays.
 *
 * Context: sim->lock is held.
 */
void sim_reset_vf(struct sim_fn *vf)
{
	struct sim *sim = vf->sim;

	if (!sim_has_mailbox(vf))
		return;
	if (!sim->config.qemu) {
		vf->mbx.vfu = false;
		vf->mbx.pfu = false;
		vf->mbx.heard &= V2P_RSTI;
		vf->ivar_misc = 0;
		sim->info->vf_reset(vf);
	}
	sim_vfs_clear(sim->vfre, vf->index);
	sim_vfs_clear(sim->vfte, vf->index);
	sim_vfs_set(sim->flr, vf->index);
	sim->info->pf_event(sim);
}

static void flr_pf(struct sim *sim)
{
	unsigned int i;

	sim_config_init(sim);
	sim_msix_reset(sim_fn(sim, SIM_PF));
	for (i = 0; i < sim->config.total_vfs; i++)
		sim_msix_reset(sim_fn(sim, i));
	sim_reset_pf(sim);
}

/**
 * sim_flr_locked - function-level reset
 * @fn: the function; with the PF, its VFs are reset and disabled
 *
 * Context: sim->lock is held.
 */
void sim_flr_locked(struct sim_fn *fn)
{
	if (fn->index == SIM_PF) {
		flr_pf(fn->sim);
		return;
	}
	sim_config_reset_vf(fn);
	sim_msix_reset(fn);
	sim_reset_vf(fn);
}
