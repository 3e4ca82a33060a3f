/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_HEX_H
#define TOOLS_HEX_H

#include <stddef.h>
#include <linux/types.h>

int hex_digit(char c);
int hex_parse(const char *word, __u8 *data, size_t room, size_t *len);
void hex_format(const __u8 *data, size_t len, char *text);

#endif
