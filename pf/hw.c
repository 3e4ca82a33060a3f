// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: reset, interrupt and its causes
 */
#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/iopoll.h>
#include <linux/jiffies.h>
#include <linux/math.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "maps.h"
#include "pf.h"

/* Registers that all families share [82576, X550 datasheet] */
#define REG_CTRL		0x00000
#define CTRL_MASTER_DISABLE	BIT(2)
#define CTRL_RST		BIT(26)		/* self clearing */
#define REG_STATUS		0x00008
#define STATUS_MASTER		BIT(19)

/* Cause register: REQ bits from 0 on, ACK bits from here on */
#define CAUSE_ACK_SHIFT		16

/* Of all maps: those of 8 VFs each are alone */
#define CAUSE_REGS_MAX		(CFGBLK_MAP_VFS_MAX / 16U)

#define FLR_VFS			32		/* VFs in one FLR register */
#define MUTE_VFS		32		/* VFs in one mute register */

#define POLL_EVERY		HZ		/* causes no interrupt told of */
#define POLL_SOON		(HZ / 10)	/* after there was one, */
#define SOON_TIMES		10		/* so often */

/*
 * A VF that rings again before we have looked has no reason to.  If it does so
 * all the time, the next interrupt is there when the handler ends, and the work
 * that would find it over its limit never runs.  After so many, no bell of it
 * interrupts until the next poll.
 */
#define NAGS_MAX		64

#define MASTER_TIMEOUT_US	(100 * USEC_PER_MSEC)
#define RESET_TIMEOUT_US	(100 * USEC_PER_MSEC)
#define RESET_SETTLE_US		1000		/* before CTRL may be read */

static int hw_reset(struct cfgblk_pf *pf)
{
	void __iomem *ctrl = pf->bar + REG_CTRL;
	u32 value;
	int err;

	writel(readl(ctrl) | CTRL_MASTER_DISABLE, ctrl);
	if (readl_poll_timeout(pf->bar + REG_STATUS, value,
			       !(value & STATUS_MASTER), 100,
			       MASTER_TIMEOUT_US))
		pci_dbg(pf->pdev, "bus master requests are still pending\n");

	writel(readl(ctrl) | CTRL_RST, ctrl);
	usleep_range(RESET_SETTLE_US, 2 * RESET_SETTLE_US);
	err = readl_poll_timeout(ctrl, value, !(value & CTRL_RST), 100,
				 RESET_TIMEOUT_US);
	if (err)
		return -EIO;
	writel(value & ~CTRL_MASTER_DISABLE, ctrl);
	return 0;
}

/*
 * Nobody is listened to yet: a reset of the PF, or that VFs are enabled again
 * after it, is no reset of a VF by its owner.
 */
static void hw_forget_flr(struct cfgblk_pf *pf)
{
	unsigned int reg;

	for (reg = 0; reg * FLR_VFS < pf->total_vfs; reg++)
		writel(U32_MAX, pf->bar + pf->map->flr_clear[reg]);
}

/* The device forgot as well: it has all VFs heard */
static void hw_forget_nags(struct cfgblk_pf *pf)
{
	unsigned long flags;
	unsigned int i;

	spin_lock_irqsave(&pf->causes, flags);
	for (i = 0; i < pf->total_vfs; i++)
		pf->vfs[i].nags = 0;
	spin_unlock_irqrestore(&pf->causes, flags);
}

/**
 * cfgblk_pf_hw_up - reset the device and bring its mailboxes up
 * @pf: the PF
 *
 * Context: process, may sleep.
 * Return: 0; -EIO if the device does not come out of its reset.
 */
int cfgblk_pf_hw_up(struct cfgblk_pf *pf)
{
	int err = hw_reset(pf);

	if (err)
		return err;
	cfgblk_pf_wide_test(pf);
	cfgblk_mmio_run(pf->bar, pf->map->up, pf->map->up_steps);
	hw_forget_nags(pf);
	hw_forget_flr(pf);
	return 0;
}

/**
 * cfgblk_pf_hw_down - silence the device
 * @pf: the PF
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_hw_down(struct cfgblk_pf *pf)
{
	cfgblk_mmio_run(pf->bar, pf->map->down, pf->map->down_steps);
}

/*
 * All ones may be the registers of many VFs, or of a device that is gone: only
 * then is it worth to ask another register that is never all ones.
 */
static u32 hw_read_bits(struct cfgblk_pf *pf, u32 reg)
{
	u32 bits = readl(pf->bar + reg);

	if (bits == U32_MAX && readl(pf->bar + REG_STATUS) == U32_MAX)
		return 0;
	return bits;
}

/* Under the lock of the causes */
static void hw_set_mute(struct cfgblk_pf *pf, unsigned int vf, bool mute)
{
	void __iomem *reg = pf->bar + pf->map->mute +
			    vf / MUTE_VFS * sizeof(u32);
	u32 bit = BIT(vf % MUTE_VFS);
	u32 heard = readl(reg);

	writel(mute ? heard & ~bit : heard | bit, reg);
}

/* A VF that is not enabled has nothing to say */
static void hw_bell(struct cfgblk_pf *pf, unsigned int vf, unsigned int bells)
{
	if (vf >= READ_ONCE(pf->num_vfs))
		return;
	if (!cfgblk_pf_link_bell(&pf->vfs[vf].link, bells) &&
	    ++pf->vfs[vf].nags == NAGS_MAX)
		hw_set_mute(pf, vf, true);
}

/* Which VFs were reset; each bit read is cleared, no other */
static bool hw_hear_flr(struct cfgblk_pf *pf, unsigned int reg)
{
	unsigned long vfs = hw_read_bits(pf, pf->map->flr[reg]);
	unsigned int bit;

	if (!vfs)
		return false;
	writel(vfs, pf->bar + pf->map->flr_clear[reg]);
	for_each_set_bit(bit, &vfs, FLR_VFS)
		hw_bell(pf, reg * FLR_VFS + bit, CFGBLK_BELL_RESET);
	return true;
}

/* Which VFs rang; each bit read is cleared before its VF is served */
static u32 hw_take_causes(struct cfgblk_pf *pf, unsigned int reg)
{
	u32 cause = pf->map->cause + reg * sizeof(u32);
	u32 rang = hw_read_bits(pf, cause);

	if (rang)
		writel(rang, pf->bar + cause);
	return rang;
}

static void hw_tell_causes(struct cfgblk_pf *pf, unsigned int reg, u32 rang)
{
	unsigned int first = reg * pf->map->vfs_per_cause;
	unsigned int i;

	for (i = 0; rang && i < pf->map->vfs_per_cause; i++) {
		unsigned int bells = 0;

		if (rang & BIT(i))
			bells |= CFGBLK_BELL_MESSAGE;
		if (rang & BIT(i + CAUSE_ACK_SHIFT))
			bells |= CFGBLK_BELL_ACK;
		if (bells)
			hw_bell(pf, first + i, bells);
	}
}

/**
 * cfgblk_pf_hear - tell the links what their VFs rang
 * @pf: the PF
 *
 * The latch is cleared first and all else is read after it: what comes in
 * between interrupts again.  The causes are read before the resets, so that no
 * message is heard without a reset that was before it; and told after them, so
 * that a message older than a reset is dropped with it.  Nothing is served here.
 *
 * Context: any but NMI.
 * Return: true if there was anything to hear.
 */
bool cfgblk_pf_hear(struct cfgblk_pf *pf)
{
	unsigned int vfs = READ_ONCE(pf->num_vfs) ?: 1;
	unsigned int n = min(DIV_ROUND_UP(vfs, pf->map->vfs_per_cause),
			     CAUSE_REGS_MAX);
	u32 rang[CAUSE_REGS_MAX];
	bool heard = false;
	unsigned long flags;
	unsigned int reg;

	spin_lock_irqsave(&pf->causes, flags);
	writel(pf->map->irq_ack_bits, pf->bar + pf->map->irq_ack);
	for (reg = 0; reg < n; reg++) {
		rang[reg] = hw_take_causes(pf, reg);
		heard |= rang[reg];
	}
	for (reg = 0; reg < DIV_ROUND_UP(vfs, FLR_VFS); reg++)
		heard |= hw_hear_flr(pf, reg);
	for (reg = 0; reg < n; reg++)
		hw_tell_causes(pf, reg, rang[reg]);
	spin_unlock_irqrestore(&pf->causes, flags);
	return heard;
}

static irqreturn_t hw_interrupt(int irq, void *data)
{
	struct cfgblk_pf *pf = data;

	atomic64_inc(&pf->interrupts);
	cfgblk_pf_hear(pf);
	return IRQ_HANDLED;
}

/* Whoever nagged may ring again, unless it is over its limit as well */
static bool hw_forgive(struct cfgblk_pf *pf, unsigned int vf)
{
	unsigned long flags;
	bool nagged;

	spin_lock_irqsave(&pf->causes, flags);
	nagged = pf->vfs[vf].nags >= NAGS_MAX;
	if (nagged && !READ_ONCE(pf->vfs[vf].link.limited))
		hw_set_mute(pf, vf, false);
	pf->vfs[vf].nags = 0;
	spin_unlock_irqrestore(&pf->causes, flags);
	return nagged;
}

static unsigned int hw_forgive_all(struct cfgblk_pf *pf, unsigned int vfs)
{
	unsigned int storms = 0;
	unsigned int i;

	for (i = 0; i < vfs; i++) {
		if (hw_forgive(pf, i)) {
			cfgblk_pf_storm(&pf->vfs[i]);
			storms++;
		}
	}
	return storms;
}

/*
 * While the latch is set, no event interrupts.  If one interrupt gets lost,
 * none ever comes again: so look by hand, now and then.  Where one was lost the
 * next may be as well, and an exchange has more than one message.
 */
static void hw_poll(struct work_struct *work)
{
	struct cfgblk_pf *pf =
		container_of(work, struct cfgblk_pf, poll.work);
	unsigned int vfs = READ_ONCE(pf->num_vfs);
	unsigned int storms = hw_forgive_all(pf, vfs);
	unsigned int i;

	/* What a muted VF rang, no interrupt was to tell of */
	if (cfgblk_pf_hear(pf) && !storms) {
		atomic64_inc(&pf->polled);
		pf->poll_soon = SOON_TIMES;
	} else if (pf->poll_soon) {
		pf->poll_soon--;
	}
	for (i = 0; i < vfs; i++)
		cfgblk_pf_link_remind(&pf->vfs[i].link);
	schedule_delayed_work(&pf->poll, pf->poll_soon ? POLL_SOON : POLL_EVERY);
}

static void hw_mute(struct cfgblk_pf *pf, unsigned int vf, bool mute)
{
	unsigned long flags;

	spin_lock_irqsave(&pf->causes, flags);
	pf->vfs[vf].nags = 0;
	hw_set_mute(pf, vf, mute);
	spin_unlock_irqrestore(&pf->causes, flags);
}

/**
 * cfgblk_pf_mute - the doorbells of one VF interrupt us no more, or again
 * @pf: the PF
 * @vf: VF id
 * @mute: no more, or again
 *
 * Whether a doorbell that rang meanwhile interrupts in the end is not
 * documented, so it is looked for.
 *
 * Context: any but NMI.
 */
void cfgblk_pf_mute(struct cfgblk_pf *pf, unsigned int vf, bool mute)
{
	hw_mute(pf, vf, mute);
	if (!mute)
		cfgblk_pf_hear(pf);
}

/**
 * cfgblk_pf_hw_init - nothing is heard yet
 * @pf: the PF
 *
 * Context: process.
 */
void cfgblk_pf_hw_init(struct cfgblk_pf *pf)
{
	spin_lock_init(&pf->causes);
	INIT_DELAYED_WORK(&pf->poll, hw_poll);
}

/**
 * cfgblk_pf_listen - hear the first @num_vfs VFs, and no others
 * @pf: the PF
 * @num_vfs: how many; on return from 0, nobody hears any VF
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_listen(struct cfgblk_pf *pf, unsigned int num_vfs)
{
	WRITE_ONCE(pf->num_vfs, num_vfs);
	if (num_vfs) {
		schedule_delayed_work(&pf->poll, POLL_EVERY);
		return;
	}
	synchronize_irq(pci_irq_vector(pf->pdev, 0));
	cancel_delayed_work_sync(&pf->poll);
}

/**
 * cfgblk_pf_irq_request - take the PF's one interrupt vector
 * @pf: the PF
 *
 * MSI-X alone: with SR-IOV on, the other kinds do not carry mailbox events.
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int cfgblk_pf_irq_request(struct cfgblk_pf *pf)
{
	int err = pci_alloc_irq_vectors(pf->pdev, 1, 1, PCI_IRQ_MSIX);

	if (err < 0)
		return err;
	err = request_irq(pci_irq_vector(pf->pdev, 0), hw_interrupt, 0,
			  pci_name(pf->pdev), pf);
	if (err)
		pci_free_irq_vectors(pf->pdev);
	return err;
}

/**
 * cfgblk_pf_irq_free - give the interrupt vector back
 * @pf: the PF; its device is silent
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_irq_free(struct cfgblk_pf *pf)
{
	free_irq(pci_irq_vector(pf->pdev, 0), pf);
	pci_free_irq_vectors(pf->pdev);
}
