/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_DEV_H
#define TOOLS_DEV_H

#include <stdbool.h>
#include <linux/cfgblk.h>

#include "parse.h"

#ifndef DEV_DIR
#define DEV_DIR		"/dev/cfgblk"
#endif

struct dev {
	int fd;
	const char *name;		/* for messages: the address if known */
	char address[ADDRESS_LEN];	/* empty if the node's name is none */
	struct cfgblk_info info;
};

int dev_open(struct dev *dev, const char *word);
void dev_close(struct dev *dev);
int dev_run(const char *word, int (*run)(const struct dev *dev, void *data),
	    void *data);
int dev_ioctl(const struct dev *dev, unsigned long request, void *arg);
bool dev_is_pf(const struct dev *dev);
bool dev_vf_id(const struct dev *dev, __u32 *vf);

#endif
