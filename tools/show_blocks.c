// SPDX-License-Identifier: GPL-2.0
/* cfgblk show: the blocks of a PF, with one line for equal neighbours */
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "out.h"
#include "show.h"
#include "table.h"
#include "walk.h"
#include "words.h"

static bool run_equal(const struct run *a, const struct run *b)
{
	return a->size == b->size && a->access == b->access &&
	       a->len == b->len && a->writer == b->writer;
}

/* A block goes on with the run before it, or begins one */
static int blocks_add(const struct cfgblk_block_info *block, void *data)
{
	struct blocks *b = data;
	struct run *last = b->n > b->current ? &b->runs[b->n - 1] : NULL;
	const struct run run = {
		.vf = block->vf, .last_vf = block->vf,
		.block = block->block, .last_block = block->block,
		.size = block->size, .access = block->access,
		.len = block->len, .writer = block->writer,
	};

	if (last && run.block == last->last_block + 1 && run_equal(last, &run)) {
		last->last_block = run.block;
		return STATUS_DONE;
	}
	b->runs = reallocarray(b->runs, b->n + 1, sizeof(run));
	if (!b->runs)
		out_of_memory();
	b->runs[b->n++] = run;
	return STATUS_DONE;
}

/* Has VF @vf what the VFs before it have? */
static bool vf_equal(const struct blocks *b, __u32 vf)
{
	const struct run *before = b->runs + b->group;
	const struct run *now = b->runs + b->current;
	size_t n = b->current - b->group;

	if (!n || b->n - b->current != n || before->last_vf + 1 != vf)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (before[i].block != now[i].block ||
		    before[i].last_block != now[i].last_block ||
		    !run_equal(&before[i], &now[i]))
			return false;
	}
	return true;
}

/* Takes the blocks of one VF, which come after those of the VFs before it */
int show_blocks_take(const struct dev *dev, __u32 vf, void *blocks)
{
	struct blocks *b = blocks;
	int status;

	b->current = b->n;
	status = walk_blocks(dev, vf, blocks_add, b);
	if (status || b->n == b->current)
		return status;
	if (vf_equal(b, vf)) {
		for (size_t i = b->group; i < b->current; i++)
			b->runs[i].last_vf = vf;
		b->n = b->current;
	} else {
		b->group = b->current;
	}
	return STATUS_DONE;
}

static void range_cell(struct table *t, __u32 first, __u32 last)
{
	if (first == last)
		table_add(t, "%u", first);
	else
		table_add(t, "%u-%u", first, last);
}

static void run_row(struct table *t, const struct run *run)
{
	range_cell(t, run->vf, run->last_vf);
	range_cell(t, run->block, run->last_block);
	table_add(t, "%u", run->size);
	table_add(t, "%s", access_word(run->access));
	table_add(t, "%u", run->len);
	table_add(t, "%s", run->writer == CFGBLK_ROLE_PF ? "PF" :
		  run->writer == CFGBLK_ROLE_VF ? "VF" : "nobody");
}

static void blocks_print(const struct blocks *b)
{
	static const char *const heads[] = {
		"VF", "BLOCK", "SIZE", "ACCESS", "HOLDS", "WRITTEN BY", NULL
	};
	struct table t = { .columns = 6 };

	table_heads(&t, heads);
	for (size_t i = 0; i < b->n; i++)
		run_row(&t, &b->runs[i]);
	table_print(&t);
}

/* Prints what was taken and frees it; @vf is the VF that was asked for */
void show_blocks(const struct dev *dev, __u32 vf, struct blocks *b)
{
	if (b->n)
		blocks_print(b);
	else if (vf == CFGBLK_VF_ALL)
		printf("No blocks are defined; to define one: cfgblk define %s 0 "
		       "--all\n", dev->name);
	else
		printf("No blocks are defined for VF %u; to define one: cfgblk "
		       "define %s 0 --vf %u\n", vf, dev->name, vf);
	free(b->runs);
}
