/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_ARGS_H
#define TOOLS_ARGS_H

#include <argp.h>
#include <stdbool.h>
#include <linux/types.h>

#include "dev.h"

/* What most commands take */
struct args {
	unsigned int words;	/* wanted before anything else: DEV, BLOCK */
	const char *dev;
	__u32 block;
	__u32 vf;
	bool has_vf;
	bool all;
	bool json;
};

enum {
	ARG_JSON = 'j',
	ARG_HELP = 'h',
	ARG_VF = 0x100,
	ARG_ALL,
	ARG_OWN,		/* a command's own options start here */
};

#define OPTION_JSON	{ "json", ARG_JSON, NULL, 0, "print JSON", 0 }
#define OPTION_VF	{ "vf", ARG_VF, "N", 0, \
			  "the VF with this id (on a PF only)", 0 }
#define OPTION_ALL	{ "all", ARG_ALL, NULL, 0, \
			  "every VF that the device can have (on a PF only)", 0 }
/* -h is what --help is; argp has that and -? by itself */
#define OPTION_END	{ NULL, ARG_HELP, NULL, OPTION_HIDDEN, NULL, 0 }, \
			{ NULL, 0, NULL, 0, NULL, 0 }

error_t args_parse(int key, char *arg, struct argp_state *state,
		   struct args *args);
void args_help(struct argp_state *state);
__u32 args_u32(struct argp_state *state, const char *what, const char *arg);
__u32 args_bytes(struct argp_state *state, const char *what, const char *arg);

enum args_which {
	WHICH_ONE,		/* on a PF: --vf N */
	WHICH_ONE_OR_ALL,	/* on a PF: --vf N or --all */
	WHICH_ANY,		/* on a PF: --vf N or nothing */
	WHICH_PF_ONE,		/* as WHICH_ONE; a VF is refused later */
	WHICH_PF_ONLY,		/* as WHICH_ONE_OR_ALL; a VF is refused later */
};

int args_vf(const struct args *args, const struct dev *dev,
	    enum args_which which, __u32 *vf);

#endif
