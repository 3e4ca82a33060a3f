// SPDX-License-Identifier: GPL-2.0
/*
 * A caller with a block of its own: whatever it reads there it has written
 *
 * What the block may hold is known at each moment: what was acknowledged last,
 * or, of the writes that failed since, each, whole or not at all; nothing after
 * a reset; something older after a restore.
 */
#include <errno.h>
#include <string.h>

#include "soak.h"

/*
 * Writes that are remembered, to tell an old value from one that nobody wrote
 */
#define MEMORY 1024

/* Faults that erase what the VF wrote */
#define ERASING \
	(1u << FAULT_VF_FLR | 1u << FAULT_RESET | 1u << FAULT_REBIND | \
	 1u << FAULT_NUMVFS | 1u << FAULT_PF_REBIND)

struct value {
	unsigned int len;
	__u8 data[CFGBLK_BLOCK_MAX];
};

struct own {
	struct vf *vf;
	unsigned int block;
	struct value written[MEMORY];
	unsigned int writes;	/* so many; the youngest is number writes - 1 */
	bool acked;		/* one is there: acknowledged, or read */
	unsigned int there;	/* its number */
	unsigned int fresh;	/* from here on, each may have come after it */
	struct snapshot before;	/* the faults before it was acknowledged, */
	struct snapshot after;	/* and after, */
	unsigned int restarts;	/* and the VF's restarts then, */
	unsigned int calm;	/* and when no fault was under way last */
};

static struct value *value_at(struct own *own, unsigned int n)
{
	return &own->written[n % MEMORY];
}

static bool value_is(const struct value *value,
		     const struct cfgblk_block_io *io)
{
	static const __u8 zero[CFGBLK_BLOCK_MAX];

	return value->len == io->len &&
	       !memcmp(value->data, io->data, io->len) &&
	       !memcmp(io->data + io->len, zero, sizeof(io->data) - io->len);
}

/* From now on the block holds this one, or one that is yet to be written */
static void is_there(struct own *own, unsigned int n,
		     const struct snapshot *before)
{
	own->acked = true;
	own->there = n;
	own->fresh = own->writes;
	own->before = *before;
	faults_now(own->vf->id, &own->after);
	own->restarts = own->vf->restarts;
	if (!faults_under_way(&own->after))
		own->calm = own->restarts;
}

static void own_write(struct own *own)
{
	struct cfgblk_block_io io = { .block = own->block };
	struct value *value = value_at(own, own->writes);
	struct snapshot before;
	int error;

	value->len = 1 + random_next() % CFGBLK_BLOCK_MAX;
	random_bytes(value->data, value->len, random_next());
	io.len = value->len;
	memcpy(io.data, value->data, value->len);
	faults_now(own->vf->id, &before);
	own->writes++;
	if (!vf_call(own->vf, CFGBLK_IOC_WRITE, &io, &error))
		return;
	is_there(own, own->writes - 1, &before);
	board_add(&board->exchanges, 1);
	board_add(&board->bytes, io.len);
}

/* Or replaces it by something else */
static bool may_be_erased(const struct own *own)
{
	return faults_since(own->vf->id, &own->before) &
	       (ERASING | 1u << FAULT_RESTORE);
}

static bool may_be_older(const struct own *own)
{
	return faults_since(own->vf->id, &own->before) & 1u << FAULT_RESTORE;
}

/*
 * Only erasing faults came since it was acknowledged, and the first call that
 * one of them ended came after that: whatever succeeds now is from after it.
 */
static bool must_be_erased(const struct own *own)
{
	unsigned int faults = faults_since(own->vf->id, &own->after);

	return own->acked && own->restarts == own->calm &&
	       own->vf->restarts != own->restarts && faults &&
	       !(faults & ~ERASING);
}

static void read_nothing(struct own *own)
{
	if (own->acked && !may_be_erased(own))
		defect(LOST_WRITES, own->vf,
		       "block %u: a write was acknowledged, and nothing is there",
		       own->block);
	own->acked = false;
	own->fresh = own->writes;
}

/* Youngest first, from @first on */
static bool find(struct own *own, const struct cfgblk_block_io *io,
		 unsigned int first, unsigned int *n)
{
	if (own->writes > MEMORY && first < own->writes - MEMORY)
		first = own->writes - MEMORY;
	for (*n = own->writes; (*n)-- > first;)
		if (value_is(value_at(own, *n), io))
			return true;
	return false;
}

/* Short values repeat: the one that has to be there is looked for first */
static void read_value(struct own *own, const struct cfgblk_block_io *io,
		       const struct snapshot *before, bool erased)
{
	unsigned int n = own->there;

	if (own->acked && value_is(value_at(own, n), io)) {
		if (erased)
			defect(KEPT, own->vf,
			       "block %u: what was written is there after a reset",
			       own->block);
	} else if (!find(own, io, own->fresh, &n)) {
		if (!find(own, io, 0, &n)) {
			defect(TORN, own->vf,
			       "block %u: %u bytes that nobody wrote",
			       own->block, io->len);
			return;
		}
		if (!may_be_older(own))
			defect(LOST_WRITES, own->vf,
			       "block %u: number %u is there, and %u was acknowledged or read",
			       own->block, n, own->there);
	}
	is_there(own, n, before);
}

static void own_read(struct own *own)
{
	struct cfgblk_block_io io = { .block = own->block,
				      .len = CFGBLK_BLOCK_MAX };
	bool erased = must_be_erased(own);
	struct snapshot before;
	int error = 0;

	faults_now(own->vf->id, &before);
	if (vf_call(own->vf, CFGBLK_IOC_READ, &io, &error)) {
		read_value(own, &io, &before, erased);
		board_add(&board->exchanges, 1);
		board_add(&board->bytes, io.len);
	} else if (error == ENODATA) {
		read_nothing(own);
	}
}

static void own_echo(struct own *own)
{
	struct cfgblk_echo out = { .len = 1 +
					  random_next() % CFGBLK_BLOCK_MAX },
			   in;
	int error;

	random_bytes(out.data, out.len, random_next());
	in = out;
	if (!vf_call(own->vf, CFGBLK_IOC_ECHO, &in, &error))
		return;
	if (memcmp(&in, &out, sizeof(in)))
		defect(TORN, own->vf, "echo: other bytes came back");
	board_add(&board->exchanges, 1);
	board_add(&board->bytes, 2 * in.len);
}

void run_own(struct vf *vf, unsigned int block)
{
	static struct own own;

	own.vf = vf;
	own.block = block;
	faults_now(vf->id, &own.before);
	while (!board->stop) {
		switch (random_next() % 8) {
		case 0 ... 2:
			own_write(&own);
			break;
		case 3:
			own_echo(&own);
			break;
		default:
			own_read(&own);
			break;
		}
	}
}
