// SPDX-License-Identifier: GPL-2.0
/* Tables whose columns line up */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "out.h"
#include "table.h"

void table_add(struct table *t, const char *format, ...)
{
	va_list list;

	t->cells = reallocarray(t->cells, t->n + 1, sizeof(*t->cells));
	if (!t->cells)
		out_of_memory();
	va_start(list, format);
	if (vasprintf(&t->cells[t->n++], format, list) < 0)
		out_of_memory();
	va_end(list);
}

void table_heads(struct table *t, const char *const *heads)
{
	while (*heads)
		table_add(t, "%s", *heads++);
}

static int table_width(const struct table *t, size_t column)
{
	size_t width = 0;

	for (size_t i = column; i < t->n; i += t->columns) {
		if (strlen(t->cells[i]) > width)
			width = strlen(t->cells[i]);
	}
	return (int)width;
}

static void table_cell(const struct table *t, size_t i, const int *width)
{
	size_t column = i % t->columns;
	int w = width[column];

	if (column >= t->right_from && column < t->right_to)
		printf("%*s", w, t->cells[i]);
	else if (column + 1 < t->columns)
		printf("%-*s", w, t->cells[i]);
	else
		fputs(t->cells[i], stdout);
	fputs(column + 1 < t->columns ? "  " : "\n", stdout);
}

/* Prints the table and empties it */
void table_print(struct table *t)
{
	int *width = calloc(t->columns, sizeof(*width));

	if (!width)
		out_of_memory();
	for (size_t i = 0; i < t->columns; i++)
		width[i] = table_width(t, i);
	for (size_t i = 0; i < t->n; i++) {
		table_cell(t, i, width);
		free(t->cells[i]);
	}
	free(width);
	free(t->cells);
	t->cells = NULL;
	t->n = 0;
}
