/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_CALL_H
#define TOOLS_CALL_H

#include <stdbool.h>

#include "dev.h"

/* A command to the driver, and what it is about, for messages */
struct call {
	const struct dev *dev;
	unsigned long request;
	bool about_vf;		/* on a PF: @vf is meant */
	bool about_block;
	__u32 vf;
	__u32 block;
	__u32 len;
};

int call_driver(const struct call *call, void *arg);
int call_failed(const struct call *call, int error);

#endif
