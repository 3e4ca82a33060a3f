// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk_pf.ko: driver of a PF whose VFs have configuration blocks
 */
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/slab.h>

#include "maps.h"
#include "node.h"
#include "pf.h"

/* What one VF can make us log: this many lines in this time */
#define LOG_INTERVAL	(60 * HZ)
#define LOG_BURST	5

/* That it floods is told once, and again when it still does after this time */
#define FLOOD_INTERVAL	(600 * HZ)

static const struct cfgblk_node_ops pf_node_ops = {
	.ioctl = cfgblk_pf_ioctl,
	.groups = cfgblk_pf_groups,
};

static void pf_init_vf(struct cfgblk_pf *pf, unsigned int i)
{
	struct cfgblk_pf_vf *vf = &pf->vfs[i];
	const struct cfgblk_mbx mbx = {
		.ops = &cfgblk_mmio_pf_ops,
		.ctx = &vf->mmio,
		.name = pci_name(pf->pdev),
	};

	vf->pf = pf;
	ratelimit_state_init(&vf->log, LOG_INTERVAL, LOG_BURST);
	ratelimit_set_flags(&vf->log, RATELIMIT_MSG_ON_RELEASE);
	ratelimit_state_init(&vf->flood, FLOOD_INTERVAL, 1);
	ratelimit_set_flags(&vf->flood, RATELIMIT_MSG_ON_RELEASE);
	cfgblk_mmio_init_pf(&vf->mmio, pf->bar, pf->map, i);
	cfgblk_pf_link_init(&vf->link, i, &mbx, &cfgblk_pf_server_ops, vf);
}

static void pf_free_stores(struct cfgblk_pf *pf, unsigned int n)
{
	while (n--)
		cfgblk_store_fini(&pf->vfs[n].store);
}

static int pf_init_stores(struct cfgblk_pf *pf)
{
	unsigned int i;
	int err;

	for (i = 0; i < pf->total_vfs; i++) {
		err = cfgblk_store_init(&pf->vfs[i].store);
		if (err) {
			pf_free_stores(pf, i);
			return err;
		}
	}
	return 0;
}

static struct cfgblk_pf *pf_alloc(struct pci_dev *pdev,
				  const struct cfgblk_pf_map *map)
{
	unsigned int total = min_t(unsigned int, map->max_vfs,
				   pci_sriov_get_totalvfs(pdev));
	struct cfgblk_pf *pf;

	pf = kvzalloc(struct_size(pf, vfs, total), GFP_KERNEL);
	if (!pf)
		return NULL;
	pf->pdev = pdev;
	pf->map = map;
	pf->total_vfs = total;
	if (cfgblk_pf_provider_init(pf))
		goto err_free;
	if (pf_init_stores(pf))
		goto err_provider;
	mutex_init(&pf->admin);
	cfgblk_pf_hw_init(pf);
	return pf;

err_provider:
	cfgblk_pf_provider_fini(pf);
err_free:
	kvfree(pf);
	return NULL;
}

static void pf_free(struct cfgblk_pf *pf)
{
	mutex_destroy(&pf->admin);
	cfgblk_pf_provider_fini(pf);
	pf_free_stores(pf, pf->total_vfs);
	kvfree(pf);
}

static int pf_map_bar(struct cfgblk_pf *pf)
{
	int err = pci_request_mem_regions(pf->pdev, KBUILD_MODNAME);
	unsigned int i;

	if (err)
		return err;
	pf->bar = pci_ioremap_bar(pf->pdev, 0);
	if (!pf->bar) {
		pci_release_mem_regions(pf->pdev);
		return -ENOMEM;
	}
	for (i = 0; i < pf->total_vfs; i++)
		pf_init_vf(pf, i);
	cfgblk_pf_wide_init(pf);
	return 0;
}

static void pf_unmap_bar(struct cfgblk_pf *pf)
{
	iounmap(pf->bar);
	pci_release_mem_regions(pf->pdev);
}

/* Bus mastering is what lets MSI-X out */
static int pf_start(struct cfgblk_pf *pf)
{
	int err;

	pf->node = cfgblk_node_new(&pf->pdev->dev, &pf_node_ops, pf);
	if (!pf->node)
		return -ENOMEM;
	pci_set_master(pf->pdev);
	err = cfgblk_pf_irq_request(pf);
	if (err)
		goto err_master;
	err = cfgblk_pf_hw_up(pf);
	if (err)
		goto err_irq;
	err = cfgblk_node_add(pf->node);
	if (err)
		goto err_hw;
	cfgblk_pf_debugfs_add(pf);
	if (cfgblk_pf_sriov_adopt(pf))
		pci_info(pf->pdev, "VFs are enabled already\n");
	return 0;

err_hw:
	cfgblk_pf_hw_down(pf);
err_irq:
	cfgblk_pf_irq_free(pf);
err_master:
	pci_clear_master(pf->pdev);
	cfgblk_node_put(pf->node);
	return err;
}

static void pf_stop(struct cfgblk_pf *pf)
{
	cfgblk_pf_sriov_remove(pf);
	cfgblk_pf_debugfs_remove(pf);
	cfgblk_node_remove(pf->node);
	cfgblk_pf_hw_down(pf);
	cfgblk_pf_irq_free(pf);
	pci_clear_master(pf->pdev);
	cfgblk_node_put(pf->node);
}

static int pf_probe_mapped(struct cfgblk_pf *pf)
{
	int err = pf_map_bar(pf);

	if (err)
		return err;
	pci_set_drvdata(pf->pdev, pf);
	err = pf_start(pf);
	if (err) {
		pci_set_drvdata(pf->pdev, NULL);
		pf_unmap_bar(pf);
	}
	return err;
}

static int pf_probe_enabled(struct pci_dev *pdev,
			    const struct cfgblk_pf_map *map)
{
	struct cfgblk_pf *pf = pf_alloc(pdev, map);
	int err;

	if (!pf)
		return -ENOMEM;
	err = pf_probe_mapped(pf);
	if (err)
		pf_free(pf);
	return err;
}

static int pf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct cfgblk_pf_map *map = (void *)id->driver_data;
	int err;

	/* driver_override binds any device, and gives no map for it */
	if (!map) {
		pci_err(pdev, "not driven: its mailbox is not known to this driver\n");
		return -ENODEV;
	}
	if (!pci_device_is_present(pdev)) {
		pci_err(pdev, "not driven: the device does not answer\n");
		return -ENODEV;
	}
	if (pci_sriov_get_totalvfs(pdev) <= 0) {
		pci_err(pdev, "not usable: the device has no VFs (SR-IOV is off in its firmware or in the BIOS)\n");
		return -ENODEV;
	}
	err = pci_enable_device_mem(pdev);
	if (err)
		return dev_err_probe(&pdev->dev, err, "cannot enable the device\n");
	err = pf_probe_enabled(pdev, map);
	if (err) {
		pci_disable_device(pdev);
		return dev_err_probe(&pdev->dev, err, "cannot start the PF\n");
	}
	pci_info(pdev, "configuration blocks for up to %u VFs, register map %s%s\n",
		 cfgblk_pf_of(pdev)->total_vfs, map->name,
		 map->tried ? "" : " (never tried on this hardware)");
	return 0;
}

/* The links once more: a caller or the provider may have invalidated a moment ago */
static void pf_remove(struct pci_dev *pdev)
{
	struct cfgblk_pf *pf = pci_get_drvdata(pdev);
	unsigned int i;

	pf_stop(pf);
	pci_set_drvdata(pdev, NULL);
	cfgblk_pf_provider_dismiss(pf);
	for (i = 0; i < pf->total_vfs; i++)
		cfgblk_pf_link_off(&pf->vfs[i].link);
	pf_unmap_bar(pf);
	pci_disable_device(pdev);
	pf_free(pf);
}

/* From here on nobody is answered, and the device is silent */
static void pf_quiesce(struct cfgblk_pf *pf)
{
	cfgblk_pf_sriov_pause(pf);
	disable_irq(pci_irq_vector(pf->pdev, 0));
	cfgblk_pf_hw_down(pf);
}

static int pf_revive(struct cfgblk_pf *pf)
{
	int err;

	enable_irq(pci_irq_vector(pf->pdev, 0));
	err = cfgblk_pf_hw_up(pf);
	if (err)
		pci_err(pf->pdev, "does not come out of its reset: %pe; no VF is answered, unbind the driver and bind it again\n",
			ERR_PTR(err));
	return err;
}

/* The device forgets all that it was told, and all that its VFs were */
static void pf_reset_prepare(struct pci_dev *pdev)
{
	struct cfgblk_pf *pf = pci_get_drvdata(pdev);

	pf_quiesce(pf);
	cfgblk_pf_sriov_save(pf);
}

static void pf_reset_done(struct pci_dev *pdev)
{
	struct cfgblk_pf *pf = pci_get_drvdata(pdev);
	int err = pf_revive(pf);
	unsigned int num_vfs;

	cfgblk_pf_sriov_restore(pf);
	if (err)
		return;
	num_vfs = cfgblk_pf_sriov_adopt(pf);
	if (num_vfs)
		pci_info(pdev, "was reset; its %u VFs begin afresh\n", num_vfs);
}

/* The PCI core takes care of the VFs' configuration, after ours: see vf_order() */
static int pf_suspend(struct device *dev)
{
	pf_quiesce(dev_get_drvdata(dev));
	return 0;
}

static int pf_resume(struct device *dev)
{
	struct cfgblk_pf *pf = dev_get_drvdata(dev);
	int err = pf_revive(pf);

	if (!err)
		cfgblk_pf_sriov_adopt(pf);
	return err;
}

static DEFINE_SIMPLE_DEV_PM_OPS(pf_pm_ops, pf_suspend, pf_resume);

static const struct pci_error_handlers pf_err_handler = {
	.reset_prepare = pf_reset_prepare,
	.reset_done = pf_reset_done,
};

static struct pci_driver pf_driver = {
	.name = "cfgblk_pf",
	.id_table = cfgblk_pf_ids,
	.probe = pf_probe,
	.remove = pf_remove,
	.sriov_configure = cfgblk_pf_sriov_configure,
	.err_handler = &pf_err_handler,
	.driver.pm = pm_sleep_ptr(&pf_pm_ops),
};
module_pci_driver(pf_driver);

/**
 * cfgblk_pf_of - the PF behind a PCI device
 * @pdev: any PCI device; the caller keeps its driver bound
 *
 * Context: any.
 * Return: the PF, or NULL if the device is not bound to this driver.
 */
struct cfgblk_pf *cfgblk_pf_of(struct pci_dev *pdev)
{
	return pci_dev_driver(pdev) == &pf_driver ? pci_get_drvdata(pdev) : NULL;
}

/**
 * cfgblk_invalidate - blocks of a VF changed
 * @dev: PF bound to cfgblk_pf; the caller keeps it bound, or is its provider and
 *	was not told that it is gone
 * @vf: VF id, or CFGBLK_VF_ALL; out of range is ignored
 * @block_mask: bit n for block n; 0 does nothing
 *
 * Masks are ORed until the VF has taken them.
 *
 * Context: any but NMI; does not sleep or allocate, cannot fail.
 */
void cfgblk_invalidate(struct pci_dev *dev, u16 vf, u64 block_mask)
{
	struct cfgblk_pf *pf = cfgblk_pf_of(dev);
	unsigned int i;

	if (!pf)
		return;
	for (i = 0; i < pf->total_vfs; i++)
		if (vf == CFGBLK_VF_ALL || vf == i)
			cfgblk_pf_link_invalidate(&pf->vfs[i].link, block_mask);
}
EXPORT_SYMBOL_GPL(cfgblk_invalidate);

MODULE_DESCRIPTION("VF configuration blocks: PF driver");
MODULE_LICENSE("GPL");
