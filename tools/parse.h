/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_PARSE_H
#define TOOLS_PARSE_H

#include <stddef.h>
#include <linux/types.h>

#define ADDRESS_LEN	24

/* Each returns 0, or -1 if the word is not wholly what it should be */
int parse_u64(const char *word, __u64 max, __u64 *value);
int parse_u32(const char *word, __u32 *value);
int parse_seconds(const char *word, __u64 *ns);
int parse_address(const char *word, char address[ADDRESS_LEN]);

#endif
