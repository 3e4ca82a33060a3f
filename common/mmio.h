/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mailbox over registers: the operations of struct cfgblk_mbx on a mapped BAR
 */
#ifndef CFGBLK_MMIO_H
#define CFGBLK_MMIO_H

#include <linux/types.h>

struct cfgblk_mbx_ops;
struct cfgblk_pf_map;
struct cfgblk_reg_step;
struct cfgblk_vf_map;

/**
 * enum cfgblk_wide - are there 64-bit accesses to a buffer?
 * @CFGBLK_WIDE_OFF: no: the register map has none, or somebody does not want them
 * @CFGBLK_WIDE_UNTRIED: no, not before the self test
 * @CFGBLK_WIDE_ON: yes
 * @CFGBLK_WIDE_FAILED: no, and never again: they did not pass the self test
 */
enum cfgblk_wide {
	CFGBLK_WIDE_OFF,
	CFGBLK_WIDE_UNTRIED,
	CFGBLK_WIDE_ON,
	CFGBLK_WIDE_FAILED,
};

/**
 * struct cfgblk_mmio - one mailbox in a mapped BAR
 * @bar: BAR 0
 * @mem: buffer
 * @bell: mailbox register
 * @wide: are there 64-bit accesses to @mem?  Others read it for display only
 * @vf_map: VF: for @prepare
 */
struct cfgblk_mmio {
	void __iomem *bar;
	void __iomem *mem;
	void __iomem *bell;
	enum cfgblk_wide wide;
	const struct cfgblk_vf_map *vf_map;
};

extern const struct cfgblk_mbx_ops cfgblk_mmio_pf_ops;
extern const struct cfgblk_mbx_ops cfgblk_mmio_vf_ops;

void cfgblk_mmio_init_pf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_pf_map *map, unsigned int vf);
void cfgblk_mmio_init_vf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_vf_map *map);
bool cfgblk_mmio_try_wide(struct cfgblk_mmio *mmio);
u32 cfgblk_mmio_capabilities(const struct cfgblk_mmio *mmio);
void cfgblk_mmio_run(void __iomem *bar, const struct cfgblk_reg_step *steps,
		     unsigned int n);

#endif /* CFGBLK_MMIO_H */
