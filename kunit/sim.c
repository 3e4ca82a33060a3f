// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: its life
 */
#include <linux/cleanup.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "sim_types.h"

struct sim *sim_current;

static struct resource sim_busn = {
	.name = "cfgblk-sim",
	.start = SIM_BUS_FIRST,
	.end = SIM_BUS_LAST,
	.flags = IORESOURCE_BUS,
};

static const struct sim_model_info *const sim_models[] = {
	[SIM_82576] = &sim_82576,
	[SIM_I350] = &sim_i350,
	[SIM_82599] = &sim_82599,
	[SIM_X540] = &sim_x540,
	[SIM_X550] = &sim_x550,
	[SIM_CROWD] = &sim_crowd,
};

static int sim_map_irq(const struct pci_dev *dev, u8 slot, u8 pin)
{
	return 0;	/* no INTx */
}

static void sim_init_functions(struct sim *sim)
{
	int i;

	for (i = SIM_PF; i < (int)sim->config.total_vfs; i++) {
		struct sim_fn *fn = sim_fn(sim, i);

		fn->sim = sim;
		fn->index = i;
		sim_msix_reset(fn);
	}
	sim_config_init(sim);
	sim_reset_pf(sim);
}

static void sim_free(struct sim *sim)
{
	kfree(sim->pf_mask);
	kfree(sim->vf_mask);
	kvfree(sim);
}

static struct sim *sim_alloc(const struct sim_config *config)
{
	const struct sim_model_info *info = sim_models[config->model];
	unsigned int vfs = config->total_vfs ?: info->total_vfs;
	struct sim *sim;

	sim = kvzalloc(struct_size(sim, fns, vfs + 1), GFP_KERNEL);
	if (!sim)
		return NULL;
	raw_spin_lock_init(&sim->lock);
	sim->config = *config;
	sim->config.total_vfs = vfs;
	sim->info = info;
	sim->pf_mask = kzalloc(SIM_CFG_SIZE, GFP_KERNEL);
	sim->vf_mask = kzalloc(SIM_CFG_SIZE, GFP_KERNEL);
	if (!sim->pf_mask || !sim->vf_mask) {
		sim_free(sim);
		return NULL;
	}
	sim_init_functions(sim);
	return sim;
}

static int sim_scan(struct sim *sim)
{
	struct pci_host_bridge *bridge = sim->bridge;
	int err;

	pci_add_resource(&bridge->windows, &sim_mem);
	pci_add_resource(&bridge->windows, &sim_busn);
	bridge->ops = &sim_pci_ops;
	bridge->sysdata = sim;
	bridge->busnr = SIM_BUS_FIRST;
	bridge->map_irq = sim_map_irq;
	dev_set_msi_domain(&bridge->dev, sim->msi);
	err = pci_scan_root_bus_bridge(bridge);
	if (err)
		return err;
	sim->bus = bridge->bus;
	sim->pf = pci_get_slot(sim->bus, 0);
	return sim->pf ? 0 : -ENODEV;
}

static void sim_remove_bus(struct sim *sim)
{
	pci_lock_rescan_remove();
	pci_stop_root_bus(sim->bus);
	pci_remove_root_bus(sim->bus);
	pci_unlock_rescan_remove();
}

/* As if no driver had ever been there */
static void sim_release_pf(struct sim *sim)
{
	device_release_driver(&sim->pf->dev);
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim_reset_pf(sim);
}

/* Find the PF, give it addresses and let a driver bind to it */
static int sim_add_bus(struct sim *sim)
{
	int err = 0;

	pci_lock_rescan_remove();
	err = sim_scan(sim);
	if (!err) {
		pci_bus_size_bridges(sim->bus);
		pci_bus_assign_resources(sim->bus);
		pci_bus_add_devices(sim->bus);
	}
	pci_unlock_rescan_remove();
	if (!err && sim->config.bare)
		sim_release_pf(sim);
	if (err && sim->bus)
		sim_remove_bus(sim);
	return err;
}

static int sim_plug(struct sim *sim)
{
	int err = sim_msix_init(sim);

	if (err)
		return err;
	sim->bridge = pci_alloc_host_bridge(0);
	if (!sim->bridge) {
		sim_msix_fini(sim);
		return -ENOMEM;
	}
	err = sim_add_bus(sim);
	if (err) {
		pci_dev_put(sim->pf);
		pci_free_host_bridge(sim->bridge);
		sim_msix_fini(sim);
	}
	return err;
}

/**
 * sim_create - plug a device in
 * @config: what device to make
 *
 * When it returns, the kernel has found the PF, and unless @config says no its
 * driver is bound.
 *
 * Context: process, may sleep; tests run one after the other.
 * Return: the device, to be unplugged with sim_destroy(); -EBUSY if there is
 * one already; -EINVAL for a @config that cannot be; -ENOMEM; what the PCI core
 * says.
 */
struct sim *sim_create(const struct sim_config *config)
{
	struct sim *sim;
	int err;

	if (sim_current)
		return ERR_PTR(-EBUSY);
	if (config->model >= ARRAY_SIZE(sim_models) ||
	    config->total_vfs > SIM_VFS_MAX)
		return ERR_PTR(-EINVAL);
	err = sim_bar_init();
	if (err)
		return ERR_PTR(err);
	sim = sim_alloc(config);
	if (!sim)
		return ERR_PTR(-ENOMEM);
	sim_current = sim;
	err = sim_plug(sim);
	if (err) {
		sim_current = NULL;
		sim_free(sim);
		return ERR_PTR(err);
	}
	return sim;
}

/**
 * sim_destroy - pull the device out
 * @sim: the device
 *
 * The drivers' remove is called first, with the device still there.
 *
 * Context: process, may sleep.
 * Return: number of mappings of BARs and interrupt vectors that a driver did
 * not give back; 0 is as it should be.
 */
int sim_destroy(struct sim *sim)
{
	unsigned int leaks;

	pci_dev_put(sim->pf);
	sim_remove_bus(sim);
	pci_free_host_bridge(sim->bridge);
	leaks = sim->windows + sim_msix_fini(sim);
	sim_current = NULL;
	/* A mapping that is left may be used: better leak than crash */
	if (!leaks)
		sim_free(sim);
	return leaks;
}

/**
 * sim_pf_pdev - the PF
 * @sim: the device
 *
 * Context: any.
 * Return: its PCI device, valid until sim_destroy().
 */
struct pci_dev *sim_pf_pdev(struct sim *sim)
{
	return sim->pf;
}

/**
 * sim_vf_pdev - a VF
 * @sim: the device
 * @vf: VF id
 *
 * Context: process, may sleep.
 * Return: its PCI device, valid while the VF is enabled; NULL if it is not.
 */
struct pci_dev *sim_vf_pdev(struct sim *sim, unsigned int vf)
{
	unsigned int rid = sim_vf_rid(sim, vf);
	struct pci_dev *pdev;

	pdev = pci_get_domain_bus_and_slot(pci_domain_nr(sim->bus), rid >> 8,
					   rid & 0xff);
	pci_dev_put(pdev);
	return pdev;
}

/**
 * sim_set_num_vfs - do what a write to sysfs sriov_numvfs does
 * @sim: the device
 * @num_vfs: how many VFs; 0 for none
 *
 * Context: process, may sleep.
 * Return: what the PF driver's sriov_configure says; -ENOENT without driver.
 */
int sim_set_num_vfs(struct sim *sim, unsigned int num_vfs)
{
	struct pci_driver *driver;
	int err = -ENOENT;

	device_lock(&sim->pf->dev);
	pci_lock_rescan_remove();
	driver = pci_dev_driver(sim->pf);
	if (driver && driver->sriov_configure)
		err = driver->sriov_configure(sim->pf, num_vfs);
	pci_unlock_rescan_remove();
	device_unlock(&sim->pf->dev);
	return err;
}

/**
 * sim_num_vfs - how many VFs the device has, by its own registers
 * @sim: the device
 *
 * Context: any.
 * Return: NumVFs while VF Enable is set, otherwise 0.
 */
unsigned int sim_num_vfs(struct sim *sim)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	return sim_vfs_enabled(sim);
}

/**
 * sim_flr - function-level reset, as by somebody else than this kernel
 * @sim: the device
 * @fn: SIM_PF or a VF id
 *
 * Context: any.
 */
void sim_flr(struct sim *sim, int fn)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim_flr_locked(sim_fn(sim, fn));
}

/**
 * sim_peek - look into a mailbox buffer
 * @sim: the device
 * @vf: VF id
 * @dword: which of the 16
 *
 * Context: any.
 * Return: the dword.
 */
u32 sim_peek(struct sim *sim, unsigned int vf, unsigned int dword)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	return sim_fn(sim, vf)->mbx.mem[dword];
}

/**
 * sim_poke - change a mailbox buffer
 * @sim: the device
 * @vf: VF id
 * @dword: which of the 16
 * @value: what to put there
 *
 * Context: any.
 */
void sim_poke(struct sim *sim, unsigned int vf, unsigned int dword, u32 value)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim_fn(sim, vf)->mbx.mem[dword] = value;
}

/**
 * sim_ring_as_vf - write the VF mailbox register, as a VF in a guest would
 * @sim: the device
 * @vf: VF id
 * @bells: bits 0 (REQ), 1 (ACK) and 2 (VFU)
 *
 * Context: any.
 */
void sim_ring_as_vf(struct sim *sim, unsigned int vf, u32 bells)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim_mbx_vf_write(sim_fn(sim, vf), bells);
}

/**
 * sim_ring_as_pf - write the PF mailbox register, as a PF elsewhere would
 * @sim: the device
 * @vf: VF id
 * @bells: bits 0 (STS), 1 (ACK), 3 (PFU) and 4 (RVFU)
 *
 * Context: any.
 */
void sim_ring_as_pf(struct sim *sim, unsigned int vf, u32 bells)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim_mbx_pf_write(sim_fn(sim, vf), bells);
}

/**
 * sim_faults - what goes wrong
 * @sim: the device
 * @fn: SIM_PF or a VF id
 *
 * Context: any.
 * Return: the function's faults, to be changed.
 */
struct sim_faults *sim_faults(struct sim *sim, int fn)
{
	return &sim_fn(sim, fn)->faults;
}

/**
 * sim_reset_at - reset a function's registers in the middle of something
 * @sim: the device
 * @fn: SIM_PF or a VF id
 * @accesses: the reset comes before this access to any register, counted from
 *	1; 0 for never
 *
 * As CTRL.RST and VTCTRL.RST do it: configuration space is left alone.  For a
 * whole FLR see sim_hook() and sim_flr().
 *
 * Context: any.
 */
void sim_reset_at(struct sim *sim, int fn, unsigned int accesses)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	sim->reset_fn = fn;
	sim->reset_in = accesses;
}

/**
 * sim_hook - watch the accesses to registers
 * @sim: the device
 * @hook: called before each, or NULL
 * @ctx: handed to @hook
 *
 * Context: any; a call of the old hook may still be under way.
 */
void sim_hook(struct sim *sim, sim_hook_fn hook, void *ctx)
{
	WRITE_ONCE(sim->hook, NULL);
	sim->hook_ctx = ctx;
	WRITE_ONCE(sim->hook, hook);
}

/**
 * sim_counts - how often were registers accessed?
 * @sim: the device
 * @fn: SIM_PF or a VF id
 * @counts: receives the counters
 *
 * Context: any.
 */
void sim_counts(struct sim *sim, int fn, struct sim_counts *counts)
{
	guard(raw_spinlock_irqsave)(&sim->lock);
	*counts = sim_fn(sim, fn)->counts;
}

/**
 * sim_counts_clear - count from 0 again, for all functions
 * @sim: the device
 *
 * Context: any.
 */
void sim_counts_clear(struct sim *sim)
{
	int i;

	guard(raw_spinlock_irqsave)(&sim->lock);
	for (i = SIM_PF; i < (int)sim->config.total_vfs; i++)
		memset(&sim_fn(sim, i)->counts, 0, sizeof(struct sim_counts));
}
