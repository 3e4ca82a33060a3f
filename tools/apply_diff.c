// SPDX-License-Identifier: GPL-2.0
/* What a PF has, against what a file wants of it */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "call.h"
#include "cmd.h"
#include "out.h"
#include "walk.h"

/* One VF's */
struct diff {
	const struct apply_pf *pf;
	__u32 vf;
	const struct apply_block **wanted;	/* by id, from the lowest */
	size_t n;
	size_t next;		/* the first that the walk has not reached */
	struct apply_changes *changes;
};

static struct apply_change *add_change(const struct diff *diff,
				       enum apply_what what)
{
	struct apply_changes *c = diff->changes;

	if (c->n == c->room) {
		c->room = 2 * c->room + 16;
		c->at = reallocarray(c->at, c->room, sizeof(*c->at));
		if (!c->at)
			out_of_memory();
	}
	c->at[c->n] = (struct apply_change){
		.what = what, .dev = &diff->pf->dev, .vf = diff->vf,
	};
	return &c->at[c->n++];
}

static void add_publish(const struct diff *diff, const struct apply_block *b)
{
	if (b->len)
		add_change(diff, APPLY_PUBLISH)->block = b;
}

static void add_define(const struct diff *diff, const struct apply_block *b)
{
	add_change(diff, APPLY_DEFINE)->block = b;
	add_publish(diff, b);
}

/* A VF may write, or be reset, after the walk: then the bytes are others */
static int read_same(const struct diff *diff, const struct apply_block *b,
		     bool *same)
{
	struct cfgblk_block_io io = {
		.vf = diff->vf, .block = b->id, .len = CFGBLK_BLOCK_MAX,
	};
	const struct call call = {
		.dev = &diff->pf->dev, .request = CFGBLK_IOC_READ,
		.about_vf = true, .about_block = true,
		.vf = diff->vf, .block = b->id, .len = io.len,
	};
	int error = dev_ioctl(call.dev, call.request, &io);

	*same = !error && io.len == b->len && !memcmp(io.data, b->data, b->len);
	return error && error != ENODATA ? call_failed(&call, error) :
	       STATUS_DONE;
}

/*
 * Bytes that the VF wrote are not the host's, even if they are the same: under
 * them there may be others, which a reset of the VF brings back.
 */
static int diff_contents(const struct diff *diff, const struct apply_block *b,
			 const struct cfgblk_block_info *has)
{
	bool same = false;
	int status = STATUS_DONE;

	if (b->len && has->writer == CFGBLK_ROLE_PF && has->len == b->len)
		status = read_same(diff, b, &same);
	if (!status && !same)
		add_publish(diff, b);
	return status;
}

static int diff_block(const struct cfgblk_block_info *has, void *data)
{
	struct diff *diff = data;
	const struct apply_block *b;

	while (diff->next < diff->n &&
	       diff->wanted[diff->next]->id < has->block)
		add_define(diff, diff->wanted[diff->next++]);
	if (diff->next == diff->n ||
	    diff->wanted[diff->next]->id != has->block) {
		if (diff->pf->only)
			add_change(diff, APPLY_UNDEFINE)->old = *has;
		return STATUS_DONE;
	}
	b = diff->wanted[diff->next++];
	if (b->size == has->size && b->access == has->access)
		return diff_contents(diff, b, has);
	add_change(diff, APPLY_REDEFINE)->old = *has;
	diff->changes->at[diff->changes->n - 1].block = b;
	add_publish(diff, b);
	return STATUS_DONE;
}

static int diff_limit(const struct diff *diff, const struct apply_limit *want)
{
	struct cfgblk_limit io = { .vf = diff->vf };
	const struct call call = {
		.dev = &diff->pf->dev, .request = CFGBLK_IOC_LIMIT,
		.about_vf = true, .vf = diff->vf,
	};
	struct apply_limit to = *want;
	struct apply_change *change;
	int status = call_driver(&call, &io);

	if (!to.rate)
		to.burst = 0;
	if (status || (io.per_second == to.rate && io.burst == to.burst))
		return status;
	change = add_change(diff, APPLY_LIMIT);
	change->from.rate = io.per_second;
	change->from.burst = io.burst;
	change->to = to;
	return STATUS_DONE;
}

static const struct apply_vf *find_vf(const struct apply_pf *pf, __u32 vf)
{
	static const struct apply_vf nothing;

	for (size_t i = 0; i < pf->n_vfs; i++) {
		if (pf->vfs[i].vf == vf)
			return &pf->vfs[i];
	}
	return &nothing;
}

/* Of a block that both have, the VF's own counts */
static void merge_blocks(struct diff *diff, const struct apply_vf *all,
			 const struct apply_vf *own)
{
	const struct apply_block *a = all->blocks, *o = own->blocks;
	size_t left = all->n_blocks, own_left = own->n_blocks;

	while (left || own_left) {
		if (!own_left || (left && a->id < o->id)) {
			diff->wanted[diff->n++] = a++;
			left--;
			continue;
		}
		if (left && a->id == o->id) {
			a++;
			left--;
		}
		diff->wanted[diff->n++] = o++;
		own_left--;
	}
}

/* Blocks that go make room for those that come; the rest keeps its order */
static void undefine_first(struct apply_changes *changes, size_t from)
{
	struct apply_change *sorted;
	size_t n = changes->n - from, to = 0;

	sorted = apply_alloc(n, sizeof(*sorted));
	for (int what = 0; what < 2; what++) {
		for (size_t i = from; i < changes->n; i++) {
			if ((changes->at[i].what != APPLY_UNDEFINE) == what)
				sorted[to++] = changes->at[i];
		}
	}
	memcpy(changes->at + from, sorted, n * sizeof(*sorted));
	free(sorted);
}

static int diff_vf(const struct dev *dev, __u32 vf, struct diff *diff)
{
	const struct apply_vf *all = find_vf(diff->pf, CFGBLK_VF_ALL);
	const struct apply_vf *own = find_vf(diff->pf, vf);
	const struct apply_vf *limits = own->limit.given ? own : all;
	size_t from = diff->changes->n;
	int status = STATUS_DONE;

	merge_blocks(diff, all, own);
	if (diff->n || diff->pf->only)
		status = walk_blocks(dev, vf, diff_block, diff);
	while (!status && diff->next < diff->n)
		add_define(diff, diff->wanted[diff->next++]);
	if (!status && limits->limit.given)
		status = diff_limit(diff, &limits->limit);
	if (!status && diff->changes->n > from)
		undefine_first(diff->changes, from);
	return status;
}

static int diff_visit(const struct dev *dev, __u32 vf, void *data)
{
	struct diff diff = *(struct diff *)data;
	const struct apply_vf *all = find_vf(diff.pf, CFGBLK_VF_ALL);
	int status;

	diff.vf = vf;
	diff.wanted = apply_alloc(all->n_blocks +
				  find_vf(diff.pf, vf)->n_blocks,
				  sizeof(*diff.wanted));
	status = diff_vf(dev, vf, &diff);
	free(diff.wanted);
	return status;
}

/* Adds to @changes; the PF is open */
int apply_diff(const struct apply_pf *pf, struct apply_changes *changes)
{
	struct diff diff = { .pf = pf, .changes = changes };

	return walk_vfs(&pf->dev, CFGBLK_VF_ALL, diff_visit, &diff);
}
