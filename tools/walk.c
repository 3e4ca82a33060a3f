// SPDX-License-Identifier: GPL-2.0
/* From function to function, from VF to VF, from block to block */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "walk.h"

static int is_function(const struct dirent *entry)
{
	char address[ADDRESS_LEN];

	return !parse_address(entry->d_name, address);
}

int walk_functions(int (*visit)(const char *name, void *data), void *data)
{
	struct dirent **entries = NULL;
	int n = scandir(DEV_DIR, &entries, is_function, alphasort);
	int status = STATUS_DONE;

	if (n < 0 && errno != ENOENT) {
		complain(NULL, "cannot read " DEV_DIR ": %s (%s)",
			 strerror(errno), errno_name(errno));
		return STATUS_FAILED;
	}
	for (int i = 0; i < n; i++) {
		if (visit(entries[i]->d_name, data))
			status = STATUS_FAILED;
		free(entries[i]);
	}
	free(entries);
	return status;
}

int walk_vfs(const struct dev *dev, __u32 vf,
	     int (*visit)(const struct dev *dev, __u32 vf, void *data),
	     void *data)
{
	__u32 end = dev->info.total_vfs;
	int status = STATUS_DONE;

	if (vf != CFGBLK_VF_ALL || !dev_is_pf(dev))
		return visit(dev, vf, data);
	for (vf = 0; vf < end && !status; vf++)
		status = visit(dev, vf, data);
	return status;
}

/* CFGBLK_IOC_NEXT_BLOCK may not go back: that would be a walk without end */
static int walk_next(const struct call *call, struct cfgblk_block_info *block)
{
	__u32 from = block->block;
	int error = dev_ioctl(call->dev, call->request, block);

	if (!error && (block->block < from || block->vf != call->vf)) {
		complain(call->dev, "asked for VF %u's blocks from %u on, the "
			 "driver gave block %u of VF %u (EPROTO); load modules as "
			 "new as this cfgblk", call->vf, from, block->block,
			 block->vf);
		return EPROTO;
	}
	if (error && error != ENOENT)
		call_failed(call, error);
	return error;
}

int walk_blocks(const struct dev *dev, __u32 vf,
		int (*visit)(const struct cfgblk_block_info *block,
			     void *data),
		void *data)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_NEXT_BLOCK,
		.about_vf = true, .vf = vf,
	};
	__u64 next = 0;

	while (next <= UINT32_MAX) {
		struct cfgblk_block_info block = { .vf = vf, .block = next };
		int error = walk_next(&call, &block);
		int status;

		if (error)
			return error == ENOENT ? STATUS_DONE : STATUS_FAILED;
		status = visit(&block, data);
		if (status)
			return status;
		next = (__u64)block.block + 1;
	}
	return STATUS_DONE;
}
