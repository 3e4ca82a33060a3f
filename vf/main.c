// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk_vf.ko: driver of a VF that has configuration blocks
 */
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/pm.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "maps.h"
#include "node.h"
#include "transport.h"
#include "vf.h"

/* What the other end can make us log: this many lines in this time */
#define LOG_INTERVAL	(60 * HZ)
#define LOG_BURST	5

#define TIMEOUT_MIN_MS	100
#define TIMEOUT_MAX_MS	60000

static bool allow_parent;
module_param(allow_parent, bool, 0444);
MODULE_PARM_DESC(allow_parent,
		 "also drive VFs whose PF is in the same kernel (default: no)");

static unsigned int timeout_ms = 2000;
module_param(timeout_ms, uint, 0444);
MODULE_PARM_DESC(timeout_ms,
		 "milliseconds that the PF may take for one exchange, 100 to 60000 (default: 2000)");

/* Guards who is found, see cfgblk_vf_get() */
static DEFINE_SPINLOCK(vf_lock);
static LIST_HEAD(vf_list);

static const struct cfgblk_node_ops vf_node_ops = {
	.ioctl = cfgblk_vf_ioctl,
	.watched = cfgblk_vf_watched,
	.groups = cfgblk_vf_groups,
};

/**
 * cfgblk_vf_in_parent - is the PF in the same kernel?
 * @pdev: a VF
 *
 * Context: any.
 * Return: true in the parent partition, false in a child: a guest sees the VF
 * as an ordinary device.
 */
bool cfgblk_vf_in_parent(struct pci_dev *pdev)
{
	return pdev->is_virtfn;
}

/**
 * cfgblk_vf_limit_ms - how long the other end may take
 *
 * Context: any.
 * Return: milliseconds for one call.
 */
unsigned int cfgblk_vf_limit_ms(void)
{
	return clamp(timeout_ms, TIMEOUT_MIN_MS, TIMEOUT_MAX_MS);
}

static struct cfgblk_vf *vf_new(struct pci_dev *pdev,
				const struct cfgblk_vf_transport *transport,
				const struct cfgblk_vf_map *map)
{
	struct cfgblk_vf *vf = kzalloc(sizeof(*vf), GFP_KERNEL);

	if (!vf)
		return NULL;
	vf->pdev = pdev;
	vf->transport = transport;
	vf->map = map;
	ratelimit_state_init(&vf->log, LOG_INTERVAL, LOG_BURST);
	ratelimit_set_flags(&vf->log, RATELIMIT_MSG_ON_RELEASE);
	refcount_set(&vf->users, 1);
	init_completion(&vf->unused);
	cfgblk_vf_listener_init(vf);
	return vf;
}

/* Nobody finds it any more, and who had found it has left */
static void vf_hide(struct cfgblk_vf *vf)
{
	pci_set_drvdata(vf->pdev, NULL);
	spin_lock(&vf_lock);
	list_del(&vf->list);
	spin_unlock(&vf_lock);
	cfgblk_vf_put(vf);
	wait_for_completion(&vf->unused);
}

static void vf_show(struct cfgblk_vf *vf)
{
	pci_set_drvdata(vf->pdev, vf);
	spin_lock(&vf_lock);
	list_add(&vf->list, &vf_list);
	spin_unlock(&vf_lock);
}

/* Who does not find it any more knows that its listener has ended */
static void vf_end(struct cfgblk_vf *vf)
{
	cfgblk_vf_listener_fini(vf);
	vf_hide(vf);
	vf->transport->release(vf);
	cfgblk_node_put(vf->node);
}

/* The transport tells the node, and user space calls the transport: it comes last */
static int vf_start(struct cfgblk_vf *vf)
{
	int err;

	vf->node = cfgblk_node_new(&vf->pdev->dev, &vf_node_ops, vf);
	if (!vf->node)
		return -ENOMEM;
	err = vf->transport->start(vf);
	if (err) {
		cfgblk_node_put(vf->node);
		return err;
	}
	vf_show(vf);
	err = cfgblk_node_add(vf->node);
	if (err) {
		vf->transport->quiesce(vf);
		vf_end(vf);
		return err;
	}
	cfgblk_vf_debugfs_add(vf);
	return 0;
}

/* All waiters first, then those who could come in, then what they used */
static void vf_stop(struct cfgblk_vf *vf)
{
	vf->transport->quiesce(vf);
	cfgblk_vf_debugfs_remove(vf);
	cfgblk_node_remove(vf->node);
	vf_end(vf);
}

static int vf_probe_allowed(struct pci_dev *pdev,
			    const struct cfgblk_vf_transport *transport,
			    const struct cfgblk_vf_map *map)
{
	struct cfgblk_vf *vf = vf_new(pdev, transport, map);
	int err;

	if (!vf)
		return -ENOMEM;
	err = transport->open(vf);
	if (err)
		goto err_free;
	err = vf_start(vf);
	if (!err)
		return 0;

	transport->close(vf);
err_free:
	kfree(vf);
	return err;
}

static int vf_probe_hyperv(struct pci_dev *pdev)
{
	int err = vf_probe_allowed(pdev, &cfgblk_vf_hyperv, NULL);

	if (err == -EOPNOTSUPP)
		pci_err(pdev, "not driven: the kernel's calls for Hyper-V are not there; they come with pci-hyperv-intf and pci-hyperv\n");
	else if (err)
		dev_err_probe(&pdev->dev, err, "cannot start the VF\n");
	else
		pci_info(pdev, "blocks come from Hyper-V's bus driver, which was never tried with this driver\n");
	return err;
}

static int vf_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	const struct cfgblk_vf_map *map = (void *)id->driver_data;
	int err;

	if (cfgblk_vf_on_hyperv(pdev))
		return vf_probe_hyperv(pdev);
	/* driver_override binds any device, and gives no map for it */
	if (!map) {
		pci_err(pdev, "not driven: its mailbox is not known to this driver\n");
		return -ENODEV;
	}
	if (cfgblk_vf_in_parent(pdev) && !allow_parent) {
		pci_info(pdev, "not driven: its PF is in this kernel, so the VF is meant for a guest; load cfgblk_vf with allow_parent=1 to use it here\n");
		return -ENODEV;
	}
	err = vf_probe_allowed(pdev, &cfgblk_vf_mailbox, map);
	if (err)
		return dev_err_probe(&pdev->dev, err, "cannot start the VF\n");
	if (!map->tried)
		pci_info(pdev, "register map %s was never tried on this hardware\n",
			 map->name);
	return 0;
}

static void vf_remove(struct pci_dev *pdev)
{
	struct cfgblk_vf *vf = pci_get_drvdata(pdev);

	vf_stop(vf);
	vf->transport->close(vf);
	kfree(vf);
}

/* Calls under way end, then all begins anew */
static void vf_pause(struct cfgblk_vf *vf)
{
	vf->transport->pause(vf);
}

static void vf_continue(struct cfgblk_vf *vf)
{
	vf->transport->resume(vf);
}

static void vf_reset_prepare(struct pci_dev *pdev)
{
	vf_pause(pci_get_drvdata(pdev));
}

static void vf_reset_done(struct pci_dev *pdev)
{
	vf_continue(pci_get_drvdata(pdev));
}

static int vf_suspend(struct device *dev)
{
	vf_pause(dev_get_drvdata(dev));
	return 0;
}

static int vf_resume(struct device *dev)
{
	vf_continue(dev_get_drvdata(dev));
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(vf_pm_ops, vf_suspend, vf_resume);

static const struct pci_error_handlers vf_err_handler = {
	.reset_prepare = vf_reset_prepare,
	.reset_done = vf_reset_done,
};

static struct pci_driver vf_driver = {
	.name = "cfgblk_vf",
	.id_table = cfgblk_vf_ids,
	.probe = vf_probe,
	.remove = vf_remove,
	.err_handler = &vf_err_handler,
	.driver.pm = pm_sleep_ptr(&vf_pm_ops),
};
module_pci_driver(vf_driver);

/**
 * cfgblk_vf_of - the VF behind a PCI device
 * @pdev: any PCI device; the caller keeps its driver bound
 *
 * Context: any.
 * Return: the VF, or NULL if the device is not bound to this driver.
 */
struct cfgblk_vf *cfgblk_vf_of(struct pci_dev *pdev)
{
	return pci_dev_driver(pdev) == &vf_driver ? pci_get_drvdata(pdev) : NULL;
}

/**
 * cfgblk_vf_get - enter the VF behind a PCI device
 * @pdev: any PCI device; the caller has a reference, and its driver may go at any
 *	time
 *
 * Context: process; does not sleep.
 * Return: the VF, to be left with cfgblk_vf_put(); NULL if the device is not
 * bound to this driver.
 */
struct cfgblk_vf *cfgblk_vf_get(struct pci_dev *pdev)
{
	struct cfgblk_vf *vf, *found = NULL;

	spin_lock(&vf_lock);
	list_for_each_entry(vf, &vf_list, list) {
		if (vf->pdev == pdev) {
			refcount_inc(&vf->users);
			found = vf;
			break;
		}
	}
	spin_unlock(&vf_lock);
	return found;
}

/**
 * cfgblk_vf_put - leave a VF
 * @vf: the VF
 *
 * Context: process; does not sleep.
 */
void cfgblk_vf_put(struct cfgblk_vf *vf)
{
	if (refcount_dec_and_test(&vf->users))
		complete(&vf->unused);
}

MODULE_DESCRIPTION("VF configuration blocks: VF driver");
MODULE_LICENSE("GPL");
