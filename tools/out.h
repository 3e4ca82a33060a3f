/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_OUT_H
#define TOOLS_OUT_H

#include <stddef.h>
#include <jansson.h>
#include <linux/types.h>

#define MASK_TEXT_LEN	192	/* "0 1 2 .. 63" */

void mask_text(__u64 mask, char text[MASK_TEXT_LEN]);
json_t *mask_json(__u64 mask);
json_t *mask_ids_json(__u64 mask);

int out_json(json_t *json, size_t flags);
int out_flush(void);
__attribute__((noreturn)) void out_of_memory(void);

#endif
