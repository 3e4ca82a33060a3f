// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: configuration space
 *
 * Bytes, and a mask of the bits that a write changes; what else a write does
 * follows from the bytes that it changed.  Layout and ids as in an 82576 with
 * MSI-X at 0x70, PCI Express at 0xa0 and SR-IOV at 0x160.
 */
#include <linux/pci.h>

#include "sim_types.h"

#define CFG_CLASS_ETHERNET	0x020000

/* PCI Express endpoint, version 2; FLR */
#define CFG_PCIE_FLAGS		(2 | PCI_EXP_TYPE_ENDPOINT << 4)
#define CFG_PCIE_DEVCAP		PCI_EXP_DEVCAP_FLR
#define CFG_PCIE_LINK		(PCI_EXP_LNKCAP_SLS_2_5GB | 1 << 4)

/* Page sizes of VF BARs: 4 KiB to 4 MiB, as the 82576 says */
#define CFG_SRIOV_PAGES		0x553

#define CFG_SRIOV(field)	(SIM_ECAP_SRIOV + (field))

/* BARs of 64 bits, prefetchable; addresses are multiples of the size */
#define CFG_BAR64		(PCI_BASE_ADDRESS_MEM_TYPE_64 | \
				 PCI_BASE_ADDRESS_MEM_PREFETCH)

static u16 cfg_vf_ctrl(const struct sim *sim)
{
	return sim_cfg16(&sim->fns[0], CFG_SRIOV(PCI_SRIOV_CTRL));
}

/**
 * sim_vfs_enabled - how many VFs exist at this moment
 * @sim: the device
 *
 * Context: sim->lock is held, or nothing changes.
 * Return: NumVFs while VF Enable is set, otherwise 0.
 */
unsigned int sim_vfs_enabled(const struct sim *sim)
{
	if (!(cfg_vf_ctrl(sim) & PCI_SRIOV_CTRL_VFE))
		return 0;
	return sim_cfg16(&sim->fns[0], CFG_SRIOV(PCI_SRIOV_NUM_VF));
}

/**
 * sim_vf_rid - routing id of a VF
 * @sim: the device
 * @vf: VF id
 *
 * Context: any.
 * Return: bus number in bits 15:8, device and function below.
 */
unsigned int sim_vf_rid(const struct sim *sim, unsigned int vf)
{
	return (SIM_BUS_FIRST << 8) + sim->info->vf_offset +
	       vf * sim->info->vf_stride;
}

/**
 * sim_bar_decodes - does the function answer to memory accesses?
 * @fn: the function
 *
 * Context: sim->lock is held.
 * Return: Memory Enable of a PF; VF Enable and VF MSE of a VF that exists.
 */
bool sim_bar_decodes(const struct sim_fn *fn)
{
	if (fn->index == SIM_PF)
		return sim_cfg16(fn, PCI_COMMAND) & PCI_COMMAND_MEMORY;
	return fn->index < sim_vfs_enabled(fn->sim) &&
	       (cfg_vf_ctrl(fn->sim) & PCI_SRIOV_CTRL_MSE);
}

/**
 * sim_bar_base - address of a BAR
 * @fn: the function
 * @bar: number of the BAR
 *
 * Context: sim->lock is held.
 * Return: what the kernel wrote; for a VF, its part of the PF's VF BAR.
 */
u64 sim_bar_base(const struct sim_fn *fn, unsigned int bar)
{
	const struct sim_fn *pf = &fn->sim->fns[0];
	unsigned int at = PCI_BASE_ADDRESS_0 + bar * 4;
	u64 base;

	if (fn->index != SIM_PF)
		at = CFG_SRIOV(PCI_SRIOV_BAR) + bar * 4;
	base = sim_cfg32(pf, at);
	if (base & PCI_BASE_ADDRESS_MEM_TYPE_64)
		base |= (u64)sim_cfg32(pf, at + 4) << 32;
	base &= PCI_BASE_ADDRESS_MEM_MASK;
	if (base && fn->index != SIM_PF)
		base += (u64)fn->index * SIM_VF_BAR_SIZE;
	return base;
}

static void cfg_set16(u8 *cfg, unsigned int at, u16 value)
{
	cfg[at] = value;
	cfg[at + 1] = value >> 8;
}

static void cfg_set32(u8 *cfg, unsigned int at, u32 value)
{
	cfg_set16(cfg, at, value);
	cfg_set16(cfg, at + 2, value >> 16);
}

static void cfg_set_bar(u8 *cfg, u8 *mask, unsigned int at, u32 size, bool bar64)
{
	cfg_set32(cfg, at, bar64 ? CFG_BAR64 : 0);
	cfg_set32(mask, at, ~(size - 1));
	if (bar64)
		cfg_set32(mask, at + 4, U32_MAX);
}

/* MSI-X, then PCI Express: the same in PF and VF */
static void cfg_init_caps(u8 *cfg, u8 *mask, unsigned int vectors,
			  unsigned int msix_bar)
{
	cfg_set16(cfg, PCI_STATUS, PCI_STATUS_CAP_LIST);
	cfg[PCI_CAPABILITY_LIST] = SIM_CAP_MSIX;
	cfg[SIM_CAP_MSIX] = PCI_CAP_ID_MSIX;
	cfg[SIM_CAP_MSIX + 1] = SIM_CAP_PCIE;
	cfg_set16(cfg, SIM_CAP_MSIX + PCI_MSIX_FLAGS, vectors - 1);
	cfg_set16(mask, SIM_CAP_MSIX + PCI_MSIX_FLAGS,
		  PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	cfg_set32(cfg, SIM_CAP_MSIX + PCI_MSIX_TABLE, msix_bar);
	cfg_set32(cfg, SIM_CAP_MSIX + PCI_MSIX_PBA, SIM_MSIX_PBA | msix_bar);
	cfg[SIM_CAP_PCIE] = PCI_CAP_ID_EXP;
	cfg_set16(cfg, SIM_CAP_PCIE + PCI_EXP_FLAGS, CFG_PCIE_FLAGS);
	cfg_set32(cfg, SIM_CAP_PCIE + PCI_EXP_DEVCAP, CFG_PCIE_DEVCAP);
	cfg_set16(mask, SIM_CAP_PCIE + PCI_EXP_DEVCTL,
		  (u16)~PCI_EXP_DEVCTL_BCR_FLR);
	cfg_set32(cfg, SIM_CAP_PCIE + PCI_EXP_LNKCAP, CFG_PCIE_LINK);
	cfg_set16(cfg, SIM_CAP_PCIE + PCI_EXP_LNKSTA, CFG_PCIE_LINK);
	cfg_set16(mask, SIM_CAP_PCIE + PCI_EXP_LNKCTL, PCI_EXP_LNKCTL_ASPMC |
		  PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_RCB);
}

static void cfg_init_sriov(const struct sim *sim, u8 *cfg, u8 *mask)
{
	u16 total = sim->config.total_vfs;

	cfg_set32(cfg, SIM_ECAP_SRIOV, PCI_EXT_CAP_ID_SRIOV | 1 << 16);
	cfg_set16(mask, CFG_SRIOV(PCI_SRIOV_CTRL),
		  PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
	cfg_set16(cfg, CFG_SRIOV(PCI_SRIOV_INITIAL_VF), total);
	cfg_set16(cfg, CFG_SRIOV(PCI_SRIOV_TOTAL_VF), total);
	cfg_set16(mask, CFG_SRIOV(PCI_SRIOV_NUM_VF), U16_MAX);
	cfg_set16(cfg, CFG_SRIOV(PCI_SRIOV_VF_OFFSET), sim->info->vf_offset);
	cfg_set16(cfg, CFG_SRIOV(PCI_SRIOV_VF_STRIDE), sim->info->vf_stride);
	cfg_set16(cfg, CFG_SRIOV(PCI_SRIOV_VF_DID), sim->info->vf_id);
	cfg_set32(cfg, CFG_SRIOV(PCI_SRIOV_SUP_PGSIZE), CFG_SRIOV_PAGES);
	cfg_set32(cfg, CFG_SRIOV(PCI_SRIOV_SYS_PGSIZE), 1);
	cfg_set32(mask, CFG_SRIOV(PCI_SRIOV_SYS_PGSIZE), CFG_SRIOV_PAGES);
	cfg_set_bar(cfg, mask, CFG_SRIOV(PCI_SRIOV_BAR), SIM_VF_BAR_SIZE, true);
	cfg_set_bar(cfg, mask, CFG_SRIOV(PCI_SRIOV_BAR) + SIM_VF_MSIX_BAR * 4,
		    SIM_VF_BAR_SIZE, true);
}

static void cfg_init_pf(struct sim *sim)
{
	const struct sim_model_info *info = sim->info;
	u8 *cfg = sim_fn(sim, SIM_PF)->cfg;
	u8 *mask = sim->pf_mask;

	memset(cfg, 0, SIM_CFG_SIZE);
	cfg_set16(cfg, PCI_VENDOR_ID, PCI_VENDOR_ID_INTEL);
	cfg_set16(cfg, PCI_DEVICE_ID, info->pf_id);
	cfg_set32(cfg, PCI_CLASS_REVISION, CFG_CLASS_ETHERNET << 8 | 1);
	cfg_set16(mask, PCI_COMMAND, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER |
		  PCI_COMMAND_PARITY | PCI_COMMAND_SERR |
		  PCI_COMMAND_INTX_DISABLE);
	cfg_set_bar(cfg, mask, PCI_BASE_ADDRESS_0, info->bar_size,
		    info->bar64);
	cfg_set_bar(cfg, mask, PCI_BASE_ADDRESS_0 + info->msix_bar * 4,
		    SIM_MSIX_BAR_SIZE, info->bar64);
	cfg_set16(cfg, PCI_SUBSYSTEM_VENDOR_ID, PCI_VENDOR_ID_INTEL);
	mask[PCI_INTERRUPT_LINE] = U8_MAX;
	cfg_init_caps(cfg, mask, info->pf_vectors, info->msix_bar);
	cfg_set32(cfg, SIM_ECAP_DSN, PCI_EXT_CAP_ID_DSN | 1 << 16 |
		  SIM_ECAP_SRIOV << 20);
	cfg_init_sriov(sim, cfg, mask);
}

/**
 * sim_config_reset_vf - configuration space of a VF after a reset
 * @vf: the VF
 *
 * Vendor and device id of a VF are all ones: the PF's capability has them.
 *
 * Context: sim->lock is held.
 */
void sim_config_reset_vf(struct sim_fn *vf)
{
	u8 *cfg = vf->cfg;

	memset(cfg, 0, SIM_CFG_SIZE);
	cfg_set32(cfg, PCI_VENDOR_ID, U32_MAX);
	cfg_set32(cfg, PCI_CLASS_REVISION, CFG_CLASS_ETHERNET << 8 | 1);
	cfg_set16(cfg, PCI_SUBSYSTEM_VENDOR_ID, PCI_VENDOR_ID_INTEL);
	cfg_set16(vf->sim->vf_mask, PCI_COMMAND, PCI_COMMAND_MASTER);
	cfg_init_caps(cfg, vf->sim->vf_mask,
		      vf->sim->config.vf_vectors ?: SIM_MSIX_VF,
		      SIM_VF_MSIX_BAR);
}

/**
 * sim_config_init - configuration space of all functions after power-up
 * @sim: the device
 *
 * Context: sim->lock is held, or nobody else knows @sim.
 */
void sim_config_init(struct sim *sim)
{
	unsigned int i;

	cfg_init_pf(sim);
	for (i = 0; i < sim->config.total_vfs; i++)
		sim_config_reset_vf(sim_fn(sim, i));
}

/* The function that has this routing id now, or NULL */
static struct sim_fn *cfg_find(struct sim *sim, unsigned int rid)
{
	unsigned int first = sim_vf_rid(sim, 0);
	unsigned int vf;

	if (rid == SIM_BUS_FIRST << 8)
		return sim_fn(sim, SIM_PF);
	if (rid < first || (rid - first) % sim->info->vf_stride)
		return NULL;
	vf = (rid - first) / sim->info->vf_stride;
	return vf < sim_vfs_enabled(sim) ? sim_fn(sim, vf) : NULL;
}

/* NumVFs cannot be changed while VF Enable is set, nor exceed TotalVFs */
static void cfg_check_num_vfs(struct sim_fn *pf, u16 old)
{
	u16 num = sim_cfg16(pf, CFG_SRIOV(PCI_SRIOV_NUM_VF));

	if ((cfg_vf_ctrl(pf->sim) & PCI_SRIOV_CTRL_VFE) ||
	    num > pf->sim->config.total_vfs)
		cfg_set16(pf->cfg, CFG_SRIOV(PCI_SRIOV_NUM_VF), old);
}

/* VF Enable was set or cleared: either resets all VFs that it is about */
static void cfg_check_enable(struct sim *sim, unsigned int old)
{
	unsigned int new = sim_vfs_enabled(sim);
	unsigned int i;

	if (new == old)
		return;
	for (i = 0; i < max(old, new); i++) {
		sim_config_reset_vf(sim_fn(sim, i));
		sim_reset_vf(sim_fn(sim, i));
	}
}

static void cfg_store(struct sim_fn *fn, unsigned int at, unsigned int size,
		      u32 value)
{
	const u8 *mask = fn->index == SIM_PF ? fn->sim->pf_mask :
					       fn->sim->vf_mask;

	for (; size--; at++, value >>= 8)
		fn->cfg[at] = (fn->cfg[at] & ~mask[at]) | (value & mask[at]);
}

static bool cfg_touches(unsigned int at, unsigned int size, unsigned int field)
{
	return at < field + 2 && field < at + size;
}

static void cfg_write(struct sim_fn *fn, unsigned int at, unsigned int size,
		      u32 value)
{
	const unsigned int devctl = SIM_CAP_PCIE + PCI_EXP_DEVCTL;
	unsigned int vfs = sim_vfs_enabled(fn->sim);
	u16 num = sim_cfg16(&fn->sim->fns[0], CFG_SRIOV(PCI_SRIOV_NUM_VF));

	cfg_store(fn, at, size, value);
	if (cfg_touches(at, size, SIM_CAP_MSIX + PCI_MSIX_FLAGS))
		sim_msix_flush(fn);
	if (at == devctl && (value & PCI_EXP_DEVCTL_BCR_FLR))
		sim_flr_locked(fn);
	if (fn->index != SIM_PF)
		return;
	if (cfg_touches(at, size, CFG_SRIOV(PCI_SRIOV_NUM_VF)))
		cfg_check_num_vfs(fn, num);
	if (cfg_touches(at, size, CFG_SRIOV(PCI_SRIOV_CTRL)))
		cfg_check_enable(fn->sim, vfs);
}

static int sim_pci_read(struct pci_bus *bus, unsigned int devfn, int at,
			int size, u32 *value)
{
	struct sim *sim = bus->sysdata;
	unsigned long flags;
	struct sim_fn *fn;

	raw_spin_lock_irqsave(&sim->lock, flags);
	fn = cfg_find(sim, bus->number << 8 | devfn);
	PCI_SET_ERROR_RESPONSE(value);
	if (fn && !fn->faults.gone) {
		*value = sim_cfg32(fn, at & ~3) >> 8 * (at & 3);
		if (size < 4)
			*value &= BIT(8 * size) - 1;
	}
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return fn ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

static int sim_pci_write(struct pci_bus *bus, unsigned int devfn, int at,
			 int size, u32 value)
{
	struct sim *sim = bus->sysdata;
	unsigned long flags;
	struct sim_fn *fn;

	raw_spin_lock_irqsave(&sim->lock, flags);
	fn = cfg_find(sim, bus->number << 8 | devfn);
	if (fn && !fn->faults.gone)
		cfg_write(fn, at, size, value);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return fn ? PCIBIOS_SUCCESSFUL : PCIBIOS_DEVICE_NOT_FOUND;
}

struct pci_ops sim_pci_ops = {
	.read = sim_pci_read,
	.write = sim_pci_write,
};
