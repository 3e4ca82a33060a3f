// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: VFs on and off
 */
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/pci.h>

#include "pf.h"

/**
 * cfgblk_pf_sriov_pause - answer no VF for a while
 * @pf: the PF, about to be reset
 *
 * Context: process, may sleep; the device lock is held.
 */
void cfgblk_pf_sriov_pause(struct cfgblk_pf *pf)
{
	unsigned int i;

	mutex_lock(&pf->admin);
	cfgblk_pf_listen(pf, 0);
	for (i = 0; i < pf->total_vfs; i++)
		cfgblk_pf_link_off(&pf->vfs[i].link);
	mutex_unlock(&pf->admin);
}

/**
 * cfgblk_pf_sriov_unlink - there are no VFs any more, or nobody who answers
 * @pf: the PF
 *
 * Context: process, may sleep; the device lock is held.
 */
void cfgblk_pf_sriov_unlink(struct cfgblk_pf *pf)
{
	unsigned int i;

	cfgblk_pf_sriov_pause(pf);
	mutex_lock(&pf->admin);
	for (i = 0; i < pf->total_vfs; i++)
		cfgblk_pf_link_forget(&pf->vfs[i].link);
	mutex_unlock(&pf->admin);
}

static void sriov_links_on(struct cfgblk_pf *pf, unsigned int num_vfs)
{
	unsigned int i;

	mutex_lock(&pf->admin);
	for (i = 0; i < num_vfs; i++)
		cfgblk_pf_link_on(&pf->vfs[i].link);
	cfgblk_pf_listen(pf, num_vfs);
	mutex_unlock(&pf->admin);
}

/* A VF may be taken out of the kernel's lists meanwhile; its memory stays */
static void sriov_each_vf(struct cfgblk_pf *pf,
			  void (*fn)(struct cfgblk_pf_vf *vf,
				     struct pci_dev *pdev))
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(pf->pdev->vendor, PCI_ANY_ID, pdev))) {
		int i = pdev->is_virtfn ? pci_iov_vf_id(pdev) : -1;

		if (i >= 0 && i < pf->total_vfs && pci_physfn(pdev) == pf->pdev)
			fn(&pf->vfs[i], pdev);
	}
}

/* VFs sleep before their PF, and wake after it: they live in its config space */
static void vf_order(struct cfgblk_pf_vf *vf, struct pci_dev *pdev)
{
	struct device *pf = &vf->pf->pdev->dev;

	if (!device_link_add(&pdev->dev, pf, DL_FLAG_STATELESS))
		pci_warn(pdev, "may wake before its PF, and then not work\n");
}

/*
 * The links come first: a VF driver may be bound, and talk, before
 * pci_enable_sriov() returns.  The device wants a reset when the number of VFs
 * changes after it was active [X550 datasheet 4.2.1].
 */
static int sriov_on(struct cfgblk_pf *pf, unsigned int num_vfs)
{
	int err = cfgblk_pf_hw_up(pf);

	if (err) {
		pci_err(pf->pdev, "cannot enable VFs: the device does not come out of its reset: %pe\n",
			ERR_PTR(err));
		return err;
	}
	sriov_links_on(pf, num_vfs);
	err = pci_enable_sriov(pf->pdev, num_vfs);
	if (err) {
		cfgblk_pf_sriov_unlink(pf);
		pci_err(pf->pdev, "cannot enable %u VFs: %pe\n", num_vfs,
			ERR_PTR(err));
		return err;
	}
	sriov_each_vf(pf, vf_order);
	pci_info(pf->pdev, "%u VFs enabled\n", num_vfs);
	return 0;
}

/* The VFs go first, while they can still be answered */
static void sriov_off(struct cfgblk_pf *pf)
{
	pci_disable_sriov(pf->pdev);
	cfgblk_pf_sriov_unlink(pf);
	pci_info(pf->pdev, "VFs disabled; what they wrote is forgotten, what was published for them stays\n");
}

/*
 * A driver that manages DMA itself hands the device to user space, and enables it
 * while somebody there has it open.  pci_disable_sriov() would wait for that one,
 * and nothing can interrupt it.
 */
static bool vf_is_lent(struct pci_dev *pdev)
{
	struct device_driver *driver = pdev->dev.driver;

	if (pci_is_dev_assigned(pdev))
		return true;
	return driver && to_pci_driver(driver)->driver_managed_dma &&
	       pci_is_enabled(pdev);
}

/* Who holds the lock may wait for a guest: pci_disable_sriov() would as well */
static void vf_look_who_has_it(struct cfgblk_pf_vf *vf, struct pci_dev *pdev)
{
	vf->lent = true;
	if (!device_trylock(&pdev->dev)) {
		pci_warn(vf->pf->pdev, "VF %u (%s) is just being bound, unbound or reset\n",
			 vf->link.vf, pci_name(pdev));
		return;
	}
	vf->lent = vf_is_lent(pdev);
	if (vf->lent)
		pci_warn(vf->pf->pdev, "VF %u (%s) is in use by a guest, through %s\n",
			 vf->link.vf, pci_name(pdev),
			 dev_driver_string(&pdev->dev));
	device_unlock(&pdev->dev);
}

/* Is one of the VFs in use by a guest, as far as the kernel can tell? */
static bool sriov_lent(struct cfgblk_pf *pf)
{
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++)
		pf->vfs[i].lent = false;
	sriov_each_vf(pf, vf_look_who_has_it);
	for (i = 0; i < pf->total_vfs; i++)
		if (pf->vfs[i].lent)
			return true;
	return false;
}

static int enable_check(struct cfgblk_pf *pf, u16 num_vfs, bool vf_migration,
			bool migration_interrupt, bool enable)
{
	if (migration_interrupt && !vf_migration)
		return -EINVAL;
	if (vf_migration)
		return -EOPNOTSUPP;
	if (enable && (!num_vfs || num_vfs > pf->total_vfs))
		return -EINVAL;
	if (!enable && num_vfs)
		return -EINVAL;
	if (enable == !!pci_num_vf(pf->pdev))
		return -EBUSY;
	if (!enable && sriov_lent(pf)) {
		pci_warn(pf->pdev, "the VFs stay enabled: end the guest, or detach the VF from it, and try again\n");
		return -EBUSY;
	}
	return 0;
}

/**
 * cfgblk_enable_virtualization - turn VFs on or off
 * @dev: PF bound to cfgblk_pf; the caller holds its device lock, and inside it
 *	pci_lock_rescan_remove(), as sysfs sriov_numvfs does
 * @num_vfs: how many; 0 to turn them off
 * @vf_migration: MR-IOV's VF migration; no device today has it
 * @migration_interrupt: MR-IOV's migration interrupt
 * @enable: on or off
 *
 * Context: process, may sleep.
 * Return: 0; -EINVAL for a number that does not fit @enable or the device, or
 * a migration interrupt without migration; -EBUSY if that is the state
 * already, or a guest uses the VFs; -EOPNOTSUPP for migration, or a @dev
 * that is not such a PF; what pci_enable_sriov() says.
 */
int cfgblk_enable_virtualization(struct pci_dev *dev, u16 num_vfs,
				 bool vf_migration, bool migration_interrupt,
				 bool enable)
{
	struct cfgblk_pf *pf = cfgblk_pf_of(dev);
	int err;

	if (!pf)
		return -EOPNOTSUPP;
	err = enable_check(pf, num_vfs, vf_migration, migration_interrupt,
			   enable);
	if (err)
		return err;
	if (enable)
		return sriov_on(pf, num_vfs);
	sriov_off(pf);
	return 0;
}
EXPORT_SYMBOL_GPL(cfgblk_enable_virtualization);

/**
 * cfgblk_pf_sriov_configure - sysfs sriov_numvfs
 * @pdev: the PF
 * @num_vfs: how many; 0 turns them off
 *
 * Context: process, may sleep; the device lock is held.
 * Return: @num_vfs or a negative errno.
 */
int cfgblk_pf_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	int err = cfgblk_enable_virtualization(pdev, num_vfs, false, false,
					       num_vfs);

	return err ?: num_vfs;
}

/*
 * Never wait for a VF's lock: its holder may wait for a guest, or be the caller
 * of this very reset.
 */
static void vf_save(struct cfgblk_pf_vf *vf, struct pci_dev *pdev)
{
	vf->held = pci_dev_trylock(pdev);
	if (vf->held)
		pci_save_state(pdev);
}

static void vf_restore(struct cfgblk_pf_vf *vf, struct pci_dev *pdev)
{
	if (!vf->held) {
		pci_warn(pdev, "was busy while its PF was reset, and lost its PCI configuration: reset it\n");
		return;
	}
	pci_restore_state(pdev);
	pci_dev_unlock(pdev);
	vf->held = false;
}

/**
 * cfgblk_pf_sriov_save - before a reset of the PF that its VFs do not survive
 * @pf: the PF
 *
 * A function-level reset of the PF takes memory, bus mastering and MSI-X from
 * the VFs.  The PCI core brings VF Enable back and leaves their configuration
 * to us; their drivers, or guests, are not told.  Until cfgblk_pf_sriov_restore()
 * nobody else resets, binds or configures them.
 *
 * Context: process, may sleep; the device lock is held.
 */
void cfgblk_pf_sriov_save(struct cfgblk_pf *pf)
{
	sriov_each_vf(pf, vf_save);
}

/**
 * cfgblk_pf_sriov_restore - after a reset of the PF
 * @pf: the PF; cfgblk_pf_sriov_save() was called before
 *
 * Context: process, may sleep; the device lock is held.
 */
void cfgblk_pf_sriov_restore(struct cfgblk_pf *pf)
{
	sriov_each_vf(pf, vf_restore);
}

/**
 * cfgblk_pf_sriov_adopt - serve the VFs that are enabled already
 * @pf: the PF, reset a moment ago: the VFs know that they have to begin again
 *
 * They are told to read everything, too.
 *
 * Context: process, may sleep; the device lock is held.
 * Return: their number.
 */
unsigned int cfgblk_pf_sriov_adopt(struct cfgblk_pf *pf)
{
	unsigned int num_vfs = min_t(unsigned int, pci_num_vf(pf->pdev),
				     pf->total_vfs);
	unsigned int i;

	if (!num_vfs)
		return 0;
	sriov_each_vf(pf, vf_order);
	sriov_links_on(pf, num_vfs);
	for (i = 0; i < num_vfs; i++)
		cfgblk_pf_link_invalidate(&pf->vfs[i].link,
					  cfgblk_pf_published(&pf->vfs[i]));
	return num_vfs;
}

/**
 * cfgblk_pf_sriov_remove - the driver goes away: so must the VFs
 * @pf: the PF
 *
 * A VF that a guest has is not taken away, as far as the kernel can tell: all
 * stay, and nobody answers them any more.
 *
 * Context: process, may sleep; the device lock is held.
 */
void cfgblk_pf_sriov_remove(struct cfgblk_pf *pf)
{
	if (!pci_num_vf(pf->pdev))
		return;
	if (!sriov_lent(pf)) {
		sriov_off(pf);
		return;
	}
	pci_warn(pf->pdev, "the VFs stay enabled, but nobody answers them and their blocks are gone; binding cfgblk_pf again serves them again\n");
	cfgblk_pf_sriov_unlink(pf);
}
