/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_TABLE_H
#define TOOLS_TABLE_H

#include <stddef.h>

struct table {
	size_t columns;
	size_t right_from, right_to;	/* columns set to the right */
	char **cells;
	size_t n;
};

__attribute__((format(printf, 2, 3)))
void table_add(struct table *t, const char *format, ...);
void table_heads(struct table *t, const char *const *heads);
void table_print(struct table *t);

#endif
