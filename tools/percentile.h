/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_PERCENTILE_H
#define TOOLS_PERCENTILE_H

#include <stddef.h>
#include <linux/types.h>

void samples_sort(__u64 *samples, size_t n);
__u64 percentile(const __u64 *sorted, size_t n, unsigned int percent);

#endif
