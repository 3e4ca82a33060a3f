// SPDX-License-Identifier: GPL-2.0
/* Messages: one line on standard error, the function first */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dev.h"
#include "errors.h"

void complain(const struct dev *dev, const char *format, ...)
{
	va_list list;

	fputs("cfgblk: ", stderr);
	if (dev)
		fprintf(stderr, "%s: ", dev->name);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

const char *errno_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "unknown errno";
}
