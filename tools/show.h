/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_SHOW_H
#define TOOLS_SHOW_H

#include "dev.h"
#include "sysfs.h"

int show_link(const struct dev *dev, __u32 vf, struct cfgblk_link_info *link);
int show_json(const struct dev *dev, __u32 vf);

#endif
