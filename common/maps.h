/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Register maps: what differs from one device to another, as data
 */
#ifndef CFGBLK_MAPS_H
#define CFGBLK_MAPS_H

#include <linux/mod_devicetable.h>
#include <linux/types.h>

/* VFs that a register map may have */
#define CFGBLK_MAP_VFS_MAX	256

/**
 * struct cfgblk_reg_step - one write of a register sequence
 * @reg: byte offset in BAR 0
 * @clear: bits that become 0; U32_MAX means that nothing is read first
 * @set: bits that become 1
 */
struct cfgblk_reg_step {
	u32 reg;
	u32 clear;
	u32 set;
};

/**
 * struct cfgblk_pf_map - mailbox of a family, seen from the PF's BAR 0
 * @name: name of the family
 * @tried: cfgblk has run on a device (QEMU's counts) of this family
 * @max_vfs: VFs that have a mailbox, at most CFGBLK_MAP_VFS_MAX
 * @mem: buffer of VF 0
 * @mem_stride: bytes from one VF's buffer to the next
 * @wide: the buffers take 64-bit accesses: both halves at once, or the low
 *	dword first.  Used if the module's parameter says so
 * @bell: PF mailbox register of VF 0; one dword a VF.  Bits 0 and 1 are STS
 *	and ACK everywhere
 * @cause: first cause register; REQ bits from 0 on, ACK bits from 16 on;
 *	written back to clear
 * @vfs_per_cause: VFs in one cause register
 * @mute: registers of 32 VFs each; the doorbells of a VF whose bit is 0 are
 *	noted in @cause and interrupt nobody (QEMU's 82576: they do all the same)
 * @flr: registers that say which VFs were reset, 32 VFs in one
 * @flr_clear: where to write the bits back to clear them
 * @irq_ack: register that latches "some mailbox event", written before the
 *	causes are read, so that a later event interrupts again
 * @irq_ack_bits: what to write there
 * @up: sequence that brings the mailboxes up after a reset of the PF
 * @up_steps: length of @up
 * @down: sequence that silences the device
 * @down_steps: length of @down
 */
struct cfgblk_pf_map {
	const char *name;
	bool tried;
	u16 max_vfs;
	u32 mem;
	u32 mem_stride;
	bool wide;
	u32 bell;
	u32 cause;
	u16 vfs_per_cause;
	u32 mute;
	u32 flr[CFGBLK_MAP_VFS_MAX / 32];
	u32 flr_clear[CFGBLK_MAP_VFS_MAX / 32];
	u32 irq_ack;
	u32 irq_ack_bits;
	const struct cfgblk_reg_step *up;
	unsigned int up_steps;
	const struct cfgblk_reg_step *down;
	unsigned int down_steps;
};

/**
 * struct cfgblk_vf_map - mailbox of a family, seen from the VF's BAR 0
 * @name: name of the family
 * @tried: cfgblk has run on a device (QEMU's counts) of this family
 * @mem: buffer
 * @wide: as in &struct cfgblk_pf_map
 * @bell: VF mailbox register; its bits are the same everywhere
 * @up: sequence that makes the PF's doorbells interrupt the VF
 * @up_steps: length of @up
 * @down: sequence that silences the VF
 * @down_steps: length of @down
 */
struct cfgblk_vf_map {
	const char *name;
	bool tried;
	u32 mem;
	bool wide;
	u32 bell;
	const struct cfgblk_reg_step *up;
	unsigned int up_steps;
	const struct cfgblk_reg_step *down;
	unsigned int down_steps;
};

/* driver_data is the map */
extern const struct pci_device_id cfgblk_pf_ids[];
extern const struct pci_device_id cfgblk_vf_ids[];

#endif /* CFGBLK_MAPS_H */
