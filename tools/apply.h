/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_APPLY_H
#define TOOLS_APPLY_H

#include "dev.h"
#include "place.h"

/* What a file wants */
struct apply_block {
	__u32 id;
	__u32 size;
	__u32 access;
	__u32 len;			/* 0: whatever it holds is right */
	__u8 data[CFGBLK_BLOCK_MAX];
};

struct apply_limit {
	bool given;
	__u32 rate;			/* 0: none */
	__u32 burst;
};

struct apply_vf {
	__u32 vf;			/* or CFGBLK_VF_ALL */
	struct apply_limit limit;
	struct apply_block *blocks;	/* by id, from the lowest */
	size_t n_blocks;
};

struct apply_pf {
	char address[ADDRESS_LEN];
	struct dev dev;
	bool opened;
	bool only;			/* blocks that are not named go */
	struct apply_vf *vfs;
	size_t n_vfs;
};

struct apply_file {
	struct apply_pf *pfs;
	size_t n_pfs;
};

int apply_block_parse(const struct place *at, const json_t *json,
		      struct apply_block *block);
int apply_file_read(const char *name, struct apply_file *file);
void apply_file_free(struct apply_file *file);

/* What is to be done about it */
enum apply_what {
	APPLY_UNDEFINE,
	APPLY_REDEFINE,
	APPLY_DEFINE,
	APPLY_PUBLISH,
	APPLY_LIMIT,
};

struct apply_change {
	enum apply_what what;
	const struct dev *dev;
	__u32 vf;
	struct cfgblk_block_info old;	/* undefine, redefine */
	const struct apply_block *block;	/* redefine, define, publish */
	struct apply_limit from, to;	/* limit */
};

struct apply_changes {
	struct apply_change *at;
	size_t n, room;
};

int apply_diff(const struct apply_pf *pf, struct apply_changes *changes);
int apply_change_make(const struct apply_change *change);
void apply_change_print(const struct apply_change *change);
json_t *apply_change_json(const struct apply_change *change);

/* Room for @n, all zero, also for none; does not fail */
void *apply_alloc(size_t n, size_t size);

#endif
