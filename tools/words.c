// SPDX-License-Identifier: GPL-2.0
/* Values of the user interface as people read them */
#include <stddef.h>
#include <string.h>

#include <linux/cfgblk.h>

#include "words.h"

#define WORDS(table)	(sizeof(table) / sizeof((table)[0])), (table)

static const char *word(__u32 value, size_t n, const char *const *words)
{
	return value < n && words[value] ? words[value] : "unknown";
}

static const char *const roles[] = {
	[CFGBLK_ROLE_PF] = "pf",
	[CFGBLK_ROLE_VF] = "vf",
};

static const char *const links[] = {
	[CFGBLK_LINK_DOWN] = "down",
	[CFGBLK_LINK_UP] = "up",
	[CFGBLK_LINK_REFUSED] = "refused",
};

static const char *const accesses[] = {
	[CFGBLK_ACCESS_READ] = "ro",
	[CFGBLK_ACCESS_WRITE] = "wo",
	[CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE] = "rw",
};

static const char *const transports[] = {
	[CFGBLK_TRANSPORT_MAILBOX] = "mailbox",
	[CFGBLK_TRANSPORT_HYPERV] = "hyperv",
};

static const char *const partitions[] = {
	[CFGBLK_PARTITION_PARENT] = "parent",
	[CFGBLK_PARTITION_CHILD] = "child",
};

const char *role_word(__u32 role)
{
	return word(role, WORDS(roles));
}

const char *link_word(__u32 state)
{
	return word(state, WORDS(links));
}

const char *access_word(__u32 access)
{
	return word(access, WORDS(accesses));
}

int access_parse(const char *text, __u32 *access)
{
	for (__u32 i = 1; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		if (!strcmp(text, accesses[i])) {
			*access = i;
			return 0;
		}
	}
	return -1;
}

const char *transport_word(__u32 transport)
{
	return word(transport, WORDS(transports));
}

const char *partition_word(__u32 partition)
{
	return word(partition, WORDS(partitions));
}
