// SPDX-License-Identifier: GPL-2.0
/*
 * Register maps: the one file that knows the hardware
 *
 * Offsets and bits: 82576 and I350 as Linux's igb and igbvf use them; 82599,
 * X540 and X550 as ixgbe and ixgbevf use them and the Intel X550 datasheet
 * 333369 tells them.  The 82576 rows run on QEMU's emulation of that device;
 * no row has met a physical one.
 *
 * 64-bit accesses to the buffers: the X550 datasheet allows them, and on QEMU's
 * 82576 they work: it makes two of each, the low dword first.  Nobody has shown
 * them on another device, so no other map has them.  A self test at probe tells
 * whether both halves get there; in which order they do, no test can tell, so
 * they are used only if the module's parameter says so.
 */
#include <linux/bits.h>
#include <linux/export.h>
#include <linux/pci.h>

#include "maps.h"

#define STEP_WRITE(r, value)	{ .reg = (r), .clear = U32_MAX, .set = (value) }
#define STEP_CHANGE(r, off, on)	{ .reg = (r), .clear = (off), .set = (on) }

/* PF registers that all families share */
#define REG_CTRL_EXT		0x00018
#define CTRL_EXT_PFRSTD		BIT(14)	/* PF reset done; self clearing */
#define CTRL_EXT_DRV_LOAD	BIT(28)	/* tells firmware who drives */

/* 82576 and I350, PF */
#define IGB_ICR			0x000c0
#define IGB_IMS			0x000d0
#define IGB_IMC			0x000d8
#define IGB_VMMB		BIT(8)	/* mailbox or FLR event of any VF */
#define IGB_VMBMEM		0x00800
#define IGB_P2VMAILBOX		0x00c00
#define IGB_MBVFICR		0x00c80
#define IGB_MBVFIMR		0x00c84
#define IGB_VFLRE		0x00c88
#define IGB_GPIE		0x01514
#define IGB_EIMS		0x01524
#define IGB_EIMC		0x01528
#define IGB_EIAC		0x0152c
#define IGB_IVAR_MISC		0x01740

/* GPIE: a read of ICR clears it, one MSI-X vector a cause, EIAM, pending bits */
#define IGB_GPIE_VALUE		(BIT(0) | BIT(4) | BIT(30) | BIT(31))

/*
 * Vector 0 is the only one that is the PF's with SR-IOV on: the others share
 * their EICR bits with the VFs.
 */
#define IVAR_MISC_VECTOR0	BIT(15)

/* GPIE first: settings made before Multiple_MSIX is set are lost */
static const struct cfgblk_reg_step igb_pf_up[] = {
	STEP_WRITE(IGB_IMC, U32_MAX),
	STEP_WRITE(IGB_EIMC, U32_MAX),
	STEP_WRITE(IGB_GPIE, IGB_GPIE_VALUE),
	STEP_WRITE(IGB_IVAR_MISC, IVAR_MISC_VECTOR0),
	STEP_WRITE(IGB_EIAC, BIT(0)),
	STEP_WRITE(IGB_EIMS, BIT(0)),
	STEP_WRITE(IGB_MBVFIMR, 0xff),
	STEP_WRITE(IGB_IMS, IGB_VMMB),
	STEP_CHANGE(REG_CTRL_EXT, 0, CTRL_EXT_PFRSTD | CTRL_EXT_DRV_LOAD),
};

static const struct cfgblk_reg_step igb_pf_down[] = {
	STEP_WRITE(IGB_IMC, U32_MAX),
	STEP_WRITE(IGB_EIMC, U32_MAX),
	STEP_WRITE(IGB_MBVFIMR, 0),
	STEP_CHANGE(REG_CTRL_EXT, CTRL_EXT_PFRSTD | CTRL_EXT_DRV_LOAD, 0),
};

#define IGB_PF_MAP					\
	.max_vfs = 8,					\
	.mem = IGB_VMBMEM,				\
	.mem_stride = 64,				\
	.bell = IGB_P2VMAILBOX,				\
	.cause = IGB_MBVFICR,				\
	.vfs_per_cause = 8,				\
	.mute = IGB_MBVFIMR,				\
	.flr = { IGB_VFLRE },				\
	.flr_clear = { IGB_VFLRE },			\
	.irq_ack = IGB_ICR,				\
	.irq_ack_bits = IGB_VMMB,			\
	.up = igb_pf_up,				\
	.up_steps = ARRAY_SIZE(igb_pf_up),		\
	.down = igb_pf_down,				\
	.down_steps = ARRAY_SIZE(igb_pf_down)

static const struct cfgblk_pf_map map_82576_pf = {
	.name = "82576", .tried = true, .wide = true, IGB_PF_MAP,
};

static const struct cfgblk_pf_map map_i350_pf = {
	.name = "i350", IGB_PF_MAP,
};

/* ixgbe family, PF */
#define IXGBE_EICR		0x00800
#define IXGBE_EIMS		0x00880
#define IXGBE_EIMC		0x00888
#define IXGBE_EIAC		0x00810
#define IXGBE_GPIE		0x00898
#define IXGBE_MAILBOX_CAUSE	BIT(19)
#define IXGBE_IVAR_MISC		0x00a00
#define IXGBE_PFMBICR		0x00710
#define IXGBE_PFMBIMR0		0x00720
#define IXGBE_PFMBIMR1		0x00724
#define IXGBE_PFMAILBOX		0x04b00
#define IXGBE_PFMBMEM		0x13000
#define IXGBE_GCR_EXT		0x11050
#define IXGBE_VFLRE0		0x00600	/* 82599: read here, clear in VFLREC */
#define IXGBE_VFLRE1		0x001c0
#define IXGBE_VFLREC0		0x00700
#define IXGBE_VFLREC1		0x00704

/* GPIE: MSI-X, 64 VFs, EIAM, pending bits; GCR_EXT has the 64 VFs as well */
#define IXGBE_GPIE_VALUE	(BIT(4) | GENMASK(15, 14) | BIT(30) | BIT(31))
#define IXGBE_GCR_EXT_VFS_64	GENMASK(1, 0)

/* EIAC must not auto-clear bits 29:16, so the handler clears the cause */
static const struct cfgblk_reg_step ixgbe_pf_up[] = {
	STEP_WRITE(IXGBE_EIMC, U32_MAX),
	STEP_WRITE(IXGBE_GPIE, IXGBE_GPIE_VALUE),
	STEP_CHANGE(IXGBE_GCR_EXT, 0, IXGBE_GCR_EXT_VFS_64),
	STEP_WRITE(IXGBE_IVAR_MISC, IVAR_MISC_VECTOR0),
	STEP_WRITE(IXGBE_EIAC, 0),
	STEP_WRITE(IXGBE_PFMBIMR0, U32_MAX),
	STEP_WRITE(IXGBE_PFMBIMR1, U32_MAX),
	STEP_WRITE(IXGBE_EIMS, IXGBE_MAILBOX_CAUSE),
	STEP_CHANGE(REG_CTRL_EXT, 0, CTRL_EXT_PFRSTD | CTRL_EXT_DRV_LOAD),
};

static const struct cfgblk_reg_step ixgbe_pf_down[] = {
	STEP_WRITE(IXGBE_EIMC, U32_MAX),
	STEP_WRITE(IXGBE_PFMBIMR0, 0),
	STEP_WRITE(IXGBE_PFMBIMR1, 0),
	STEP_CHANGE(REG_CTRL_EXT, CTRL_EXT_PFRSTD | CTRL_EXT_DRV_LOAD, 0),
};

#define IXGBE_PF_MAP					\
	.max_vfs = 64,					\
	.mem = IXGBE_PFMBMEM,				\
	.mem_stride = 64,				\
	.bell = IXGBE_PFMAILBOX,			\
	.cause = IXGBE_PFMBICR,				\
	.vfs_per_cause = 16,				\
	.mute = IXGBE_PFMBIMR0,				\
	.flr_clear = { IXGBE_VFLREC0, IXGBE_VFLREC1 },	\
	.irq_ack = IXGBE_EICR,				\
	.irq_ack_bits = IXGBE_MAILBOX_CAUSE,		\
	.up = ixgbe_pf_up,				\
	.up_steps = ARRAY_SIZE(ixgbe_pf_up),		\
	.down = ixgbe_pf_down,				\
	.down_steps = ARRAY_SIZE(ixgbe_pf_down)

static const struct cfgblk_pf_map map_82599_pf = {
	.name = "82599", .flr = { IXGBE_VFLRE0, IXGBE_VFLRE1 }, IXGBE_PF_MAP,
};

static const struct cfgblk_pf_map map_x540_pf = {
	.name = "x540", .flr = { IXGBE_VFLREC0, IXGBE_VFLREC1 }, IXGBE_PF_MAP,
};

static const struct cfgblk_pf_map map_x550_pf = {
	.name = "x550", .flr = { IXGBE_VFLREC0, IXGBE_VFLREC1 }, IXGBE_PF_MAP,
};

/*
 * VF vectors: INT_ALLOC is the vector number on hardware, so the value below
 * means vector 1.  QEMU 10.0 takes the number for a mask and delivers it to
 * vector 0.  The VF driver has the same handler on both.
 */
#define VTIVAR_MISC_VECTOR1	(BIT(7) | 1)
#define VF_VECTORS		GENMASK(2, 0)

/* 82576 and I350, VF */
#define IGBVF_VMBMEM		0x00800
#define IGBVF_V2PMAILBOX	0x00c40
#define IGBVF_EIMS		0x01524
#define IGBVF_EIMC		0x01528
#define IGBVF_EIAC		0x0152c
#define IGBVF_IVAR_MISC		0x01740

static const struct cfgblk_reg_step igb_vf_up[] = {
	STEP_WRITE(IGBVF_EIMC, VF_VECTORS),
	STEP_WRITE(IGBVF_IVAR_MISC, VTIVAR_MISC_VECTOR1),
	STEP_WRITE(IGBVF_EIAC, VF_VECTORS),
	STEP_WRITE(IGBVF_EIMS, VF_VECTORS),
};

static const struct cfgblk_reg_step igb_vf_down[] = {
	STEP_WRITE(IGBVF_EIMC, VF_VECTORS),
	STEP_WRITE(IGBVF_IVAR_MISC, 0),
};

#define IGB_VF_MAP					\
	.mem = IGBVF_VMBMEM,				\
	.bell = IGBVF_V2PMAILBOX,			\
	.up = igb_vf_up,				\
	.up_steps = ARRAY_SIZE(igb_vf_up),		\
	.down = igb_vf_down,				\
	.down_steps = ARRAY_SIZE(igb_vf_down)

static const struct cfgblk_vf_map map_82576_vf = {
	.name = "82576", .tried = true, .wide = true, IGB_VF_MAP,
};

static const struct cfgblk_vf_map map_i350_vf = {
	.name = "i350", IGB_VF_MAP,
};

/* ixgbe family, VF */
#define IXGBEVF_VFMBMEM		0x00200
#define IXGBEVF_VFMAILBOX	0x002fc
#define IXGBEVF_EIMS		0x00108
#define IXGBEVF_EIMC		0x0010c
#define IXGBEVF_EIAC		0x00110
#define IXGBEVF_IVAR_MISC	0x00140

static const struct cfgblk_reg_step ixgbe_vf_up[] = {
	STEP_WRITE(IXGBEVF_EIMC, VF_VECTORS),
	STEP_WRITE(IXGBEVF_IVAR_MISC, VTIVAR_MISC_VECTOR1),
	STEP_WRITE(IXGBEVF_EIAC, VF_VECTORS),
	STEP_WRITE(IXGBEVF_EIMS, VF_VECTORS),
};

static const struct cfgblk_reg_step ixgbe_vf_down[] = {
	STEP_WRITE(IXGBEVF_EIMC, VF_VECTORS),
	STEP_WRITE(IXGBEVF_IVAR_MISC, 0),
};

#define IXGBE_VF_MAP					\
	.mem = IXGBEVF_VFMBMEM,				\
	.bell = IXGBEVF_VFMAILBOX,			\
	.up = ixgbe_vf_up,				\
	.up_steps = ARRAY_SIZE(ixgbe_vf_up),		\
	.down = ixgbe_vf_down,				\
	.down_steps = ARRAY_SIZE(ixgbe_vf_down)

static const struct cfgblk_vf_map map_82599_vf = {
	.name = "82599", IXGBE_VF_MAP,
};

static const struct cfgblk_vf_map map_x540_vf = {
	.name = "x540", IXGBE_VF_MAP,
};

static const struct cfgblk_vf_map map_x550_vf = {
	.name = "x550", IXGBE_VF_MAP,
};

#define MAP_ID(id, map) \
	{ PCI_VDEVICE(INTEL, id), .driver_data = (kernel_ulong_t)&(map) }

/*
 * No MODULE_DEVICE_TABLE() for these two: the drivers must never load by
 * themselves for a network card.
 */
const struct pci_device_id cfgblk_pf_ids[] = {
	MAP_ID(0x10c9, map_82576_pf),
	MAP_ID(0x10e6, map_82576_pf),
	MAP_ID(0x10e7, map_82576_pf),
	MAP_ID(0x10e8, map_82576_pf),
	MAP_ID(0x1526, map_82576_pf),
	MAP_ID(0x150a, map_82576_pf),
	MAP_ID(0x1518, map_82576_pf),
	MAP_ID(0x150d, map_82576_pf),
	MAP_ID(0x1521, map_i350_pf),
	MAP_ID(0x1522, map_i350_pf),
	MAP_ID(0x1523, map_i350_pf),
	MAP_ID(0x1524, map_i350_pf),
	MAP_ID(0x10fb, map_82599_pf),
	MAP_ID(0x10f7, map_82599_pf),
	MAP_ID(0x1514, map_82599_pf),
	MAP_ID(0x1517, map_82599_pf),
	MAP_ID(0x10f8, map_82599_pf),
	MAP_ID(0x10f9, map_82599_pf),
	MAP_ID(0x10fc, map_82599_pf),
	MAP_ID(0x1507, map_82599_pf),
	MAP_ID(0x154d, map_82599_pf),
	MAP_ID(0x1557, map_82599_pf),
	MAP_ID(0x1528, map_x540_pf),
	MAP_ID(0x1560, map_x540_pf),
	MAP_ID(0x1563, map_x550_pf),
	MAP_ID(0x15d1, map_x550_pf),
	{ }
};
EXPORT_SYMBOL_GPL(cfgblk_pf_ids);

const struct pci_device_id cfgblk_vf_ids[] = {
	MAP_ID(0x10ca, map_82576_vf),
	MAP_ID(0x1520, map_i350_vf),
	MAP_ID(0x10ed, map_82599_vf),
	MAP_ID(0x1515, map_x540_vf),
	MAP_ID(0x1565, map_x550_vf),
	{ }
};
EXPORT_SYMBOL_GPL(cfgblk_vf_ids);
