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
 * struct cfgblk_mmio - one mailbox in a mapped BAR
 * @bar: BAR 0
 * @mem: buffer
 * @bell: mailbox register
 * @vf_map: VF: for @prepare
 */
struct cfgblk_mmio {
	void __iomem *bar;
	void __iomem *mem;
	void __iomem *bell;
	const struct cfgblk_vf_map *vf_map;
};

extern const struct cfgblk_mbx_ops cfgblk_mmio_pf_ops;
extern const struct cfgblk_mbx_ops cfgblk_mmio_vf_ops;

void cfgblk_mmio_init_pf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_pf_map *map, unsigned int vf);
void cfgblk_mmio_init_vf(struct cfgblk_mmio *mmio, void __iomem *bar,
			 const struct cfgblk_vf_map *map);
unsigned int cfgblk_mmio_hear(struct cfgblk_mmio *mmio);
void cfgblk_mmio_run(void __iomem *bar, const struct cfgblk_reg_step *steps,
		     unsigned int n);

#endif /* CFGBLK_MMIO_H */
