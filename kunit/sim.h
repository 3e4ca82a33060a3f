/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Simulated SR-IOV device: a PCI bus of its own in a UML kernel, on which the
 * unmodified drivers run
 *
 * One device at a time.  The registers behave as the hardware's documents say;
 * where QEMU's 82576 differs in what matters to a mailbox, struct sim_config
 * chooses.  No timing: what a register write causes has happened when the write
 * returns, an interrupt is a hard interrupt of the kernel and comes as soon as
 * interrupts are on.
 *
 * Not simulated: packets, PHY, EEPROM, the PF's mirror of VF registers
 * (PVTCTRL and so on), power management, AER.
 */
#ifndef CFGBLK_SIM_H
#define CFGBLK_SIM_H

#include <linux/types.h>

struct pci_dev;
struct sim;

/* Function numbers of this interface: the PF, or a VF id */
#define SIM_PF		(-1)

/* VFs that a device can be made to have; only in SIM_CROWD all have a mailbox */
#define SIM_VFS_MAX	256

/**
 * enum sim_model - which device
 * @SIM_82576: 8 VFs
 * @SIM_I350: 8 VFs, as the 82576
 * @SIM_82599: 64 VFs, FLR bits cleared through VFLREC
 * @SIM_X540: 64 VFs, FLR bits read and cleared in VFLREC
 * @SIM_X550: 64 VFs, as the X540
 * @SIM_CROWD: 256 VFs; registers as the X550's, the bitmaps of VFs elsewhere.
 *	There is no such device, and no driver that knows it by itself
 */
enum sim_model {
	SIM_82576,
	SIM_I350,
	SIM_82599,
	SIM_X540,
	SIM_X550,
	SIM_CROWD,
};

/* SIM_CROWD: device ids, and where the bitmaps of its VFs are */
#define SIM_CROWD_PF_ID		0xcfb0
#define SIM_CROWD_VF_ID		0xcfb1
#define SIM_CROWD_FLR		0x00c00	/* 32 VFs in each of 8 */
#define SIM_CROWD_CAUSE		0x00c40	/* 16 VFs in each of 16 */
#define SIM_CROWD_MASK		0x00c80	/* 32 VFs in each of 8 */

/**
 * struct sim_config - what device to make
 * @model: which one
 * @total_vfs: TotalVFs, up to SIM_VFS_MAX; 0 for what the model has
 * @qemu: 82576 and I350: where QEMU 10.0 differs from the hardware, do as QEMU
 * @bare: leave no driver bound to the PF
 * @vf_vectors: MSI-X vectors of a VF; 0 for what the model has
 */
struct sim_config {
	enum sim_model model;
	unsigned int total_vfs;
	bool qemu;
	bool bare;
	unsigned int vf_vectors;
};

/**
 * enum sim_wide - what a 64-bit access to a register does
 * @SIM_WIDE_WORKS: what two 32-bit ones do
 * @SIM_WIDE_READS_HALF: reads give 0 for the upper half
 * @SIM_WIDE_READS_ONES: reads give all ones
 * @SIM_WIDE_READS_SWAPPED: reads give the halves the wrong way round
 * @SIM_WIDE_WRITES_HALF: the upper half of writes gets lost
 * @SIM_WIDE_WRITES_NOTHING: writes get lost
 * @SIM_WIDE_WRITES_SWAPPED: the halves of writes arrive the wrong way round
 */
enum sim_wide {
	SIM_WIDE_WORKS,
	SIM_WIDE_READS_HALF,
	SIM_WIDE_READS_ONES,
	SIM_WIDE_READS_SWAPPED,
	SIM_WIDE_WRITES_HALF,
	SIM_WIDE_WRITES_NOTHING,
	SIM_WIDE_WRITES_SWAPPED,
};

/**
 * struct sim_faults - what goes wrong; may be changed at any time
 * @lost_bells: so many doorbells rung by this function do nothing
 * @lost_irqs: so many MSI-X messages of this function do not arrive
 * @dup_irqs: so many MSI-X messages of this function arrive twice
 * @torn: so many dwords of a buffer, none of them dword 0, have changed by the
 *	time that this function reads them: all their bits
 * @keep_lock: VF: takes its ownership bit and never gives it back
 * @reset_stuck: PF: CTRL.RST does not clear
 * @gone: reads give all ones, writes do nothing
 * @wide: what becomes of its 64-bit accesses
 */
struct sim_faults {
	unsigned int lost_bells;
	unsigned int lost_irqs;
	unsigned int dup_irqs;
	unsigned int torn;
	bool keep_lock;
	bool reset_stuck;
	bool gone;
	enum sim_wide wide;
};

/**
 * struct sim_counts - register accesses of one function (BAR 0, not MSI-X)
 * @reads: reads, of 4 or 8 bytes
 * @writes: writes, of 4 or 8 bytes
 * @wide: of both, those of 8 bytes
 * @stray: of both, those to registers that the model does not have
 * @irqs: MSI-X messages sent, whether they arrived or not
 */
struct sim_counts {
	unsigned int reads;
	unsigned int writes;
	unsigned int wide;
	unsigned int stray;
	unsigned int irqs;
};

/**
 * struct sim_access - an access to a register, about to happen
 * @fn: SIM_PF or a VF id: in whose BAR 0
 * @reg: byte offset there
 * @write: a write, otherwise a read
 * @wide: of 8 bytes; with &struct sim_config.qemu it is two of 4, the low one
 *	first, as QEMU makes of it
 * @value: what is to be written
 */
struct sim_access {
	int fn;
	u32 reg;
	bool write;
	bool wide;
	u64 value;
};

/*
 * Called before each access, in the accessor's context, which may be an
 * interrupt; may use sim_peek(), sim_poke(), sim_ring_as_*() and sim_flr().
 */
typedef void (*sim_hook_fn)(void *ctx, const struct sim_access *access);

struct sim *sim_create(const struct sim_config *config);
int sim_destroy(struct sim *sim);

struct pci_dev *sim_pf_pdev(struct sim *sim);
struct pci_dev *sim_vf_pdev(struct sim *sim, unsigned int vf);
int sim_set_num_vfs(struct sim *sim, unsigned int num_vfs);
unsigned int sim_num_vfs(struct sim *sim);
bool sim_gives_each_function_a_domain(void);

void sim_flr(struct sim *sim, int fn);
u32 sim_peek(struct sim *sim, unsigned int vf, unsigned int dword);
void sim_poke(struct sim *sim, unsigned int vf, unsigned int dword, u32 value);
void sim_ring_as_vf(struct sim *sim, unsigned int vf, u32 bells);
void sim_ring_as_pf(struct sim *sim, unsigned int vf, u32 bells);

struct sim_faults *sim_faults(struct sim *sim, int fn);
void sim_reset_at(struct sim *sim, int fn, unsigned int accesses);
void sim_hook(struct sim *sim, sim_hook_fn hook, void *ctx);

void sim_counts(struct sim *sim, int fn, struct sim_counts *counts);
void sim_counts_clear(struct sim *sim);

#endif /* CFGBLK_SIM_H */
