/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_ERRORS_H
#define TOOLS_ERRORS_H

struct dev;

__attribute__((format(printf, 2, 3)))
void complain(const struct dev *dev, const char *format, ...);
const char *errno_name(int error);

#endif
