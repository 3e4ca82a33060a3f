/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Simulated SR-IOV device: its insides
 *
 * Everything is under sim->lock, a raw spinlock taken with interrupts off, for
 * the length of one access: the device does one thing at a time.  Below it only
 * the pipe that raises the interrupt is touched.
 */
#ifndef CFGBLK_SIM_TYPES_H
#define CFGBLK_SIM_TYPES_H

#include <linux/bits.h>
#include <linux/kfifo.h>
#include <linux/pci_regs.h>
#include <linux/spinlock.h>

#include "sim.h"

struct irq_domain;
struct pci_bus;
struct pci_host_bridge;

#define SIM_CFG_SIZE		4096
#define SIM_MBX_DWORDS		16

/* Where things are in configuration space, as in an 82576 */
#define SIM_CAP_MSIX		0x70
#define SIM_CAP_PCIE		0xa0
#define SIM_ECAP_DSN		0x100
#define SIM_ECAP_SRIOV		0x160

/* BARs of a VF; both are 64-bit ones */
#define SIM_VF_BAR_SIZE		0x4000
#define SIM_VF_MSIX_BAR		3
#define SIM_MSIX_BAR_SIZE	0x4000
#define SIM_MSIX_PBA		0x2000
#define SIM_MSIX_PF_MAX		64
#define SIM_MSIX_VF		3

/* MSI-X vectors of all functions that may be in use */
#define SIM_HWIRQS		1024

/* Addresses of the bus; UML's own bus is number 0, its window at 0xf0000000 */
#define SIM_BUS_FIRST		0x10
#define SIM_BUS_LAST		0x1f
#define SIM_MEM_START		0xd0000000
#define SIM_MEM_END		0xdfffffff
#define SIM_MSI_ADDRESS		0xb0000

/* CTRL, STATUS and CTRL_EXT, alike in all families [82576, X550 datasheets] */
#define SIM_CTRL		0x00000
#define SIM_STATUS		0x00008
#define SIM_CTRL_EXT		0x00018
#define SIM_CTRL_MASTER_OFF	BIT(2)
#define SIM_CTRL_RST		BIT(26)
#define SIM_STATUS_MASTER	BIT(19)
#define SIM_CTRL_EXT_PFRSTD	BIT(14)

/**
 * struct sim_vector - MSI-X table entry
 * @address: low half of the message address
 * @address_hi: its high half
 * @data: message data
 * @control: bit 0 masks
 * @pending: bit of the PBA
 */
struct sim_vector {
	u32 address;
	u32 address_hi;
	u32 data;
	u32 control;
	bool pending;
};

/**
 * struct sim_ei - extended interrupt causes: EICR and what goes with it
 * @cause: EICR
 * @mask: EIMS
 * @clear: EIAC: bits of @cause that clear when their message goes out
 * @automask: EIAM: bits of @mask that clear then
 */
struct sim_ei {
	u32 cause;
	u32 mask;
	u32 clear;
	u32 automask;
};

/**
 * struct sim_mbx - mailbox of a VF
 * @mem: buffer
 * @vfu: VF owns it
 * @pfu: PF owns it
 * @broken: QEMU: RVFU left the PF's view of VFU set for ever
 * @heard: PFSTS, PFACK, RSTI, RSTD of the VF's register
 */
struct sim_mbx {
	u32 mem[SIM_MBX_DWORDS];
	bool vfu;
	bool pfu;
	bool broken;
	u32 heard;
};

/**
 * struct sim_fn - a function
 * @sim: the device
 * @index: SIM_PF or VF id
 * @cfg: configuration space
 * @msix: MSI-X table
 * @ei: 82576: PF: all causes, the VFs' among them; ixgbe: each its own
 * @ivar_misc: which vector the mailbox (VF) or "other" causes (PF) have
 * @last: QEMU: last value written to VTEICR, VTEIMS, VTEIAC
 * @mbx: VF
 * @faults: what goes wrong
 * @counts: accesses
 */
struct sim_fn {
	struct sim *sim;
	int index;
	u8 cfg[SIM_CFG_SIZE];
	struct sim_vector msix[SIM_MSIX_PF_MAX];
	struct sim_ei ei;
	u32 ivar_misc;
	u32 last[3];
	struct sim_mbx mbx;
	struct sim_faults faults;
	struct sim_counts counts;
};

/* One bit for each VF, in words as the registers have them */
#define SIM_VFS_WORDS		(SIM_VFS_MAX / 32)

static inline void sim_vfs_set(u32 *vfs, unsigned int vf)
{
	vfs[vf / 32] |= BIT(vf % 32);
}

static inline void sim_vfs_clear(u32 *vfs, unsigned int vf)
{
	vfs[vf / 32] &= ~BIT(vf % 32);
}

static inline bool sim_vfs_test(const u32 *vfs, unsigned int vf)
{
	return vfs[vf / 32] & BIT(vf % 32);
}

/**
 * struct sim_model_info - what a model is
 * @pf_id: device id
 * @vf_id: device id of its VFs
 * @total_vfs: TotalVFs
 * @mailboxes: VFs that have a mailbox
 * @vf_offset: First VF Offset
 * @vf_stride: VF Stride
 * @bar_size: of the PF's BAR 0
 * @bar64: the PF's BARs are 64-bit ones
 * @msix_bar: the PF's BAR with the MSI-X table
 * @pf_vectors: entries of that table
 * @status: STATUS after a reset
 * @flr: ixgbe: where the VFLREC registers begin
 * @cause: ixgbe: where the PFMBICR registers begin
 * @mask: ixgbe: where the PFMBIMR registers begin
 * @pf_read: read a register of BAR 0; false if there is none
 * @pf_write: the same for a write
 * @vf_read: the same for a VF
 * @vf_write: the same for a VF
 * @pf_reset: registers that are not common to all models, as after a reset
 * @vf_reset: the same for one VF
 * @pf_event: one of sim->req, ack, flr was set, and is not masked
 * @vf_event: the PF rang a VF's doorbell
 * @masked: may this VF's doorbells interrupt the PF?
 */
struct sim_model_info {
	u16 pf_id;
	u16 vf_id;
	u16 total_vfs;
	u16 mailboxes;
	u16 vf_offset;
	u16 vf_stride;
	u32 bar_size;
	bool bar64;
	u8 msix_bar;
	u16 pf_vectors;
	u32 status;
	u32 flr;
	u32 cause;
	u32 mask;
	bool (*pf_read)(struct sim *sim, u32 reg, u32 *value);
	bool (*pf_write)(struct sim *sim, u32 reg, u32 value);
	bool (*vf_read)(struct sim_fn *vf, u32 reg, u32 *value);
	bool (*vf_write)(struct sim_fn *vf, u32 reg, u32 value);
	void (*pf_reset)(struct sim *sim);
	void (*vf_reset)(struct sim_fn *vf);
	void (*pf_event)(struct sim *sim);
	void (*vf_event)(struct sim_fn *vf);
	bool (*masked)(struct sim *sim, unsigned int vf);
};

/**
 * struct sim - a simulated device
 * @config: what was asked for
 * @info: its model
 * @lock: guards all of it
 * @bridge: host bridge
 * @bus: root bus
 * @pf: the PF's PCI device; a reference is held
 * @pf_mask: bits of the PF's configuration space that can be written
 * @vf_mask: the same for a VF
 * @msi_fwnode: names the irq domains
 * @irqs: inner irq domain
 * @msi: the bus's MSI domain: on top of it, or the same since 6.17
 * @hwirqs: numbers of @irqs in use
 * @fired: numbers of @irqs that were signalled and not yet handled
 * @pipe: raises the interrupt
 * @irq: that interrupt
 * @windows: how many mappings of BARs there are
 * @ctrl: CTRL
 * @ctrl_ext: CTRL_EXT
 * @req: VFREQ bits
 * @ack: VFACK bits
 * @flr: VFLRE bits
 * @vfre: VFRE bits
 * @vfte: VFTE bits
 * @mbim: 1: this VF's doorbells interrupt the PF
 * @gpie: GPIE
 * @icr: 82576: ICR
 * @ims: 82576: IMS
 * @iam: 82576: IAM
 * @gcr_ext: ixgbe: GCR_EXT
 * @eitrsel: ixgbe: EITRSEL
 * @reset_in: accesses until a reset, 0 for never
 * @reset_fn: of which function
 * @hook: called before each access
 * @hook_ctx: for @hook
 * @fns: the PF, then the VFs
 */
struct sim {
	struct sim_config config;
	const struct sim_model_info *info;
	raw_spinlock_t lock;
	struct pci_host_bridge *bridge;
	struct pci_bus *bus;
	struct pci_dev *pf;
	u8 *pf_mask;
	u8 *vf_mask;
	struct fwnode_handle *msi_fwnode;
	struct irq_domain *irqs;
	struct irq_domain *msi;
	DECLARE_BITMAP(hwirqs, SIM_HWIRQS);
	DECLARE_KFIFO(fired, u16, SIM_HWIRQS);
	int pipe[2];
	int irq;
	unsigned int windows;
	u32 ctrl;
	u32 ctrl_ext;
	u32 req[SIM_VFS_WORDS];
	u32 ack[SIM_VFS_WORDS];
	u32 flr[SIM_VFS_WORDS];
	u32 vfre[SIM_VFS_WORDS];
	u32 vfte[SIM_VFS_WORDS];
	u32 mbim[SIM_VFS_WORDS];
	u32 gpie;
	u32 icr;
	u32 ims;
	u32 iam;
	u32 gcr_ext;
	u32 eitrsel;
	unsigned int reset_in;
	int reset_fn;
	sim_hook_fn hook;
	void *hook_ctx;
	struct sim_fn fns[];
};

static inline struct sim_fn *sim_fn(struct sim *sim, int index)
{
	return &sim->fns[index + 1];
}

static inline bool sim_has_mailbox(const struct sim_fn *vf)
{
	return vf->index < vf->sim->info->mailboxes;
}

/* Little-endian fields of configuration space */
static inline u16 sim_cfg16(const struct sim_fn *fn, unsigned int at)
{
	return fn->cfg[at] | fn->cfg[at + 1] << 8;
}

static inline u32 sim_cfg32(const struct sim_fn *fn, unsigned int at)
{
	return sim_cfg16(fn, at) | (u32)sim_cfg16(fn, at + 2) << 16;
}

/* sim_config.c: configuration space */
extern struct pci_ops sim_pci_ops;
void sim_config_init(struct sim *sim);
void sim_config_reset_vf(struct sim_fn *vf);
unsigned int sim_vfs_enabled(const struct sim *sim);
u64 sim_bar_base(const struct sim_fn *fn, unsigned int bar);
bool sim_bar_decodes(const struct sim_fn *fn);
unsigned int sim_vf_rid(const struct sim *sim, unsigned int vf);

/* sim.c: the device that exists, or NULL; and its lifetime */
extern struct sim *sim_current;

/* sim_bar.c: memory behind the BARs */
extern struct resource sim_mem;
int sim_bar_init(void);

/* sim_msix.c: interrupts */
int sim_msix_init(struct sim *sim);
unsigned int sim_msix_fini(struct sim *sim);
u32 sim_msix_read(struct sim_fn *fn, u32 at);
void sim_msix_write(struct sim_fn *fn, u32 at, u32 value);
void sim_msix_send(struct sim_fn *fn, unsigned int vector);
void sim_msix_flush(struct sim_fn *fn);
void sim_msix_reset(struct sim_fn *fn);

/* sim_mbx.c: buffer, doorbells, ownership, resets */
u32 sim_mbx_mem_read(struct sim_fn *vf, struct sim_fn *reader,
		     unsigned int dword);
u32 sim_mbx_vf_read(struct sim_fn *vf);
void sim_mbx_vf_write(struct sim_fn *vf, u32 value);
u32 sim_mbx_pf_read(struct sim_fn *vf);
void sim_mbx_pf_write(struct sim_fn *vf, u32 value);
u32 sim_common_pf_read(struct sim *sim, u32 reg);
void sim_common_pf_write(struct sim *sim, u32 reg, u32 value);
void sim_reset_pf(struct sim *sim);
void sim_reset_vf(struct sim_fn *vf);
void sim_flr_locked(struct sim_fn *fn);

/* sim_ei.c: extended interrupt causes */
u32 sim_ei_raise(struct sim_ei *ei, u32 bits);
u32 sim_ei_unmask(struct sim_ei *ei, u32 bits);
void sim_ei_sent(struct sim_ei *ei, u32 bits, bool automask);

/* sim_igb.c, sim_ixgbe.c: the models */
extern const struct sim_model_info sim_82576;
extern const struct sim_model_info sim_i350;
extern const struct sim_model_info sim_82599;
extern const struct sim_model_info sim_x540;
extern const struct sim_model_info sim_x550;
extern const struct sim_model_info sim_crowd;

#endif /* CFGBLK_SIM_TYPES_H */
