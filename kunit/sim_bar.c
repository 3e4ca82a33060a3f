// SPDX-License-Identifier: GPL-2.0
/*
 * Simulated SR-IOV device: the memory behind the BARs
 *
 * UML hands every access to a mapped BAR to us.  The address that a BAR has is
 * the one that the kernel wrote into configuration space.
 */
#include <linux/bitops.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/logic_iomem.h>
#include <linux/slab.h>

#include "sim_types.h"

struct resource sim_mem = {
	.name = "cfgblk-sim",
	.start = SIM_MEM_START,
	.end = SIM_MEM_END,
	.flags = IORESOURCE_MEM,
};

/**
 * struct bar_window - a mapping of (part of) a BAR
 * @fn: whose BAR
 * @base: address of the BAR when it was mapped
 * @bar: its number
 * @msix: it has the MSI-X table, otherwise the registers
 */
struct bar_window {
	struct sim_fn *fn;
	u64 base;
	u8 bar;
	bool msix;
};

/* A BAR answers where it was mapped, while it decodes there */
static bool window_answers(const struct bar_window *window)
{
	return sim_bar_decodes(window->fn) && !window->fn->faults.gone &&
	       sim_bar_base(window->fn, window->bar) == window->base;
}

/* QEMU answers 0 where PCI Express says all ones (unsupported request) */
static u32 window_silence(const struct bar_window *window)
{
	const struct sim_fn *fn = window->fn;

	return fn->sim->config.qemu && !fn->faults.gone ? 0 : U32_MAX;
}

static bool register_read(struct sim_fn *fn, u32 reg, u32 *value)
{
	*value = 0;
	if (fn->index == SIM_PF)
		return fn->sim->info->pf_read(fn->sim, reg, value);
	return fn->sim->info->vf_read(fn, reg, value);
}

static bool register_write(struct sim_fn *fn, u32 reg, u32 value)
{
	if (fn->index == SIM_PF)
		return fn->sim->info->pf_write(fn->sim, reg, value);
	return fn->sim->info->vf_write(fn, reg, value);
}

static u32 window_read(const struct bar_window *window, u32 at)
{
	struct sim_fn *fn = window->fn;
	u32 value;

	if (!window_answers(window))
		return window_silence(window);
	if (window->msix)
		return sim_msix_read(fn, at);
	if (!register_read(fn, at, &value))
		fn->counts.stray++;
	return value;
}

static void window_write(const struct bar_window *window, u32 at, u32 value)
{
	struct sim_fn *fn = window->fn;

	if (!window_answers(window))
		return;
	if (window->msix)
		sim_msix_write(fn, at, value);
	else if (!register_write(fn, at, value))
		fn->counts.stray++;
}

/* Tell the hook, without the lock: it may do to the device what it likes */
static void window_hook(const struct bar_window *window, u32 at, int size,
			bool write, u64 value)
{
	struct sim *sim = window->fn->sim;
	const struct sim_access access = {
		.fn = window->fn->index,
		.reg = at,
		.write = write,
		.wide = size == 8,
		.value = value,
	};
	sim_hook_fn hook = READ_ONCE(sim->hook);

	if (hook && !window->msix)
		hook(sim->hook_ctx, &access);
}

/* Under sim->lock: count one access, and do the reset that waits for it */
static void window_count(const struct bar_window *window, int size, bool write)
{
	struct sim_fn *fn = window->fn;
	struct sim *sim = fn->sim;

	if (window->msix)
		return;
	if (write)
		fn->counts.writes++;
	else
		fn->counts.reads++;
	fn->counts.wide += size == 8;
	if (!sim->reset_in || --sim->reset_in)
		return;
	if (sim->reset_fn == SIM_PF)
		sim_reset_pf(sim);
	else
		sim_reset_vf(sim_fn(sim, sim->reset_fn));
}

/* What nothing can come between */
static u64 read_at_once(const struct bar_window *window, u32 at, int size)
{
	u64 value = window_read(window, at);

	if (size == 8)
		value |= (u64)window_read(window, at + 4) << 32;
	return value;
}

static void write_at_once(const struct bar_window *window, u32 at, int size,
			  u64 value)
{
	window_write(window, at, value);
	if (size == 8)
		window_write(window, at + 4, value >> 32);
}

/* QEMU makes two accesses of one of 8 bytes, and there is time between them */
static bool window_splits(const struct bar_window *window, int size)
{
	return size == 8 && window->fn->sim->config.qemu;
}

/* @counted: bytes of the access that this is the first part of, or all of; or 0 */
static u64 read_part(const struct bar_window *window, u32 at, int size,
		     int counted)
{
	struct sim *sim = window->fn->sim;
	unsigned long flags;
	u64 value;

	window_hook(window, at, size, false, 0);
	raw_spin_lock_irqsave(&sim->lock, flags);
	if (counted)
		window_count(window, counted, false);
	value = read_at_once(window, at, size);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	return value;
}

static void write_part(const struct bar_window *window, u32 at, int size,
		       u64 value, int counted)
{
	struct sim *sim = window->fn->sim;
	unsigned long flags;

	window_hook(window, at, size, true, value);
	raw_spin_lock_irqsave(&sim->lock, flags);
	if (counted)
		window_count(window, counted, true);
	write_at_once(window, at, size, value);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
}

/* What the device does wrong with a read of 8 bytes */
static u64 spoil_read(const struct bar_window *window, u64 value)
{
	switch (window->fn->faults.wide) {
	case SIM_WIDE_READS_HALF:
		return lower_32_bits(value);
	case SIM_WIDE_READS_ONES:
		return U64_MAX;
	case SIM_WIDE_READS_SWAPPED:
		return ror64(value, 32);
	default:
		return value;
	}
}

static unsigned long bar_read(void *priv, unsigned int at, int size)
{
	const struct bar_window *window = priv;
	u64 value;

	if (window_splits(window, size)) {
		value = read_part(window, at, 4, size);
		value |= read_part(window, at + 4, 4, 0) << 32;
	} else {
		value = read_part(window, at, size, size);
	}
	return size == 8 ? spoil_read(window, value) : value;
}

/* It is seen and counted, and gets lost */
static void write_nothing(const struct bar_window *window, u32 at, u64 value)
{
	struct sim *sim = window->fn->sim;
	unsigned long flags;

	window_hook(window, at, 8, true, value);
	raw_spin_lock_irqsave(&sim->lock, flags);
	window_count(window, 8, true);
	raw_spin_unlock_irqrestore(&sim->lock, flags);
}

static void write_wide(const struct bar_window *window, u32 at, u64 value)
{
	if (window_splits(window, 8)) {
		write_part(window, at, 4, lower_32_bits(value), 8);
		write_part(window, at + 4, 4, upper_32_bits(value), 0);
	} else {
		write_part(window, at, 8, value, 8);
	}
}

static void bar_write(void *priv, unsigned int at, int size,
		      unsigned long value)
{
	const struct bar_window *window = priv;
	enum sim_wide wide = size == 8 ? window->fn->faults.wide :
					 SIM_WIDE_WORKS;

	if (wide == SIM_WIDE_WRITES_NOTHING)
		write_nothing(window, at, value);
	else if (wide == SIM_WIDE_WRITES_HALF)
		write_part(window, at, 4, lower_32_bits(value), 8);
	else if (wide == SIM_WIDE_WRITES_SWAPPED)
		write_wide(window, at, ror64(value, 32));
	else if (size == 8)
		write_wide(window, at, value);
	else
		write_part(window, at, size, value, size);
}

static void bar_unmap(void *priv)
{
	struct bar_window *window = priv;
	struct sim *sim = window->fn->sim;
	unsigned long flags;

	raw_spin_lock_irqsave(&sim->lock, flags);
	sim->windows--;
	raw_spin_unlock_irqrestore(&sim->lock, flags);
	kfree(window);
}

static const struct logic_iomem_ops bar_ops = {
	.read = bar_read,
	.write = bar_write,
	.unmap = bar_unmap,
};

/* Does this BAR have that address? */
static bool bar_has(struct sim_fn *fn, unsigned int bar, u32 size, u64 address,
		    struct bar_window *window)
{
	u64 base = sim_bar_base(fn, bar);

	if (!base || address < base || address >= base + size)
		return false;
	window->fn = fn;
	window->bar = bar;
	window->base = base;
	window->msix = bar;
	return true;
}

static bool bar_find(struct sim *sim, u64 address, struct bar_window *window)
{
	const struct sim_model_info *info = sim->info;
	unsigned int i;

	if (bar_has(sim_fn(sim, SIM_PF), 0, info->bar_size, address, window) ||
	    bar_has(sim_fn(sim, SIM_PF), info->msix_bar, SIM_MSIX_BAR_SIZE,
		    address, window))
		return true;
	for (i = 0; i < sim->config.total_vfs; i++)
		if (bar_has(sim_fn(sim, i), 0, SIM_VF_BAR_SIZE, address,
			    window) ||
		    bar_has(sim_fn(sim, i), SIM_VF_MSIX_BAR, SIM_VF_BAR_SIZE,
			    address, window))
			return true;
	return false;
}

static long bar_map(unsigned long offset, size_t size,
		    const struct logic_iomem_ops **ops, void **priv)
{
	u64 address = SIM_MEM_START + offset;
	struct sim *sim = sim_current;
	struct bar_window *window;
	unsigned long flags;
	bool found = false;

	/* UML warns of an ioremap() that fails, even for a test of failures */
	window = kzalloc(sizeof(*window), GFP_KERNEL | __GFP_NOFAIL);
	if (sim) {
		raw_spin_lock_irqsave(&sim->lock, flags);
		found = bar_find(sim, address, window);
		sim->windows += found;
		raw_spin_unlock_irqrestore(&sim->lock, flags);
	}
	if (!found) {
		kfree(window);
		return -ENXIO;
	}
	*ops = &bar_ops;
	*priv = window;
	return address - window->base;
}

static const struct logic_iomem_region_ops bar_region_ops = {
	.map = bar_map,
};

/**
 * sim_bar_init - take the addresses of the bus, once and for ever
 *
 * UML cannot give a region back.
 *
 * Context: process, may sleep; not twice at a time.
 * Return: 0 or a negative errno.
 */
int sim_bar_init(void)
{
	static bool done;
	int err;

	if (done)
		return 0;
	err = logic_iomem_add_region(&sim_mem, &bar_region_ops);
	done = !err;
	return err;
}
