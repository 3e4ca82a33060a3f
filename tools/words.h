/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_WORDS_H
#define TOOLS_WORDS_H

#include <linux/types.h>

const char *role_word(__u32 role);
const char *link_word(__u32 state);
const char *access_word(__u32 access);
int access_parse(const char *text, __u32 *access);
const char *transport_word(__u32 transport);
const char *partition_word(__u32 partition);

#endif
