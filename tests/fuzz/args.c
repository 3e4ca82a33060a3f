// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments of the PF's commands: what gets through is what the header file of
 * the user interface allows, whatever the bytes are
 */
#include "../../pf/args.h"
#include "script.h"

#define TOTAL_VFS_MAX	256

static void check_range(u32 vf, unsigned int total_vfs)
{
	struct cfgblk_vf_range range = { 0, 0 };
	int err = cfgblk_args_range(vf, total_vfs, &range);

	TRACE("VF %u of %u: %d, %u..%u\n", vf, total_vfs, err, range.first,
	      range.end);
	CHECK(err == (vf < total_vfs || vf == 0xffff ? 0 : -ENXIO));
	if (err)
		return;
	CHECK(range.first < range.end && range.end <= total_vfs);
	CHECK(vf == 0xffff ? !range.first && range.end == total_vfs :
			     range.first == vf && range.end == vf + 1);
}

static void check_io(const struct cfgblk_block_io *io)
{
	if (!cfgblk_args_read(io))
		CHECK(io->len >= 1 && io->len <= 128 && !io->flags);
	if (!cfgblk_args_write(io))
		CHECK(io->len >= 1 && io->len <= 128 && io->flags <= 1);
}

static void check_define(const struct cfgblk_define *define)
{
	if (!cfgblk_args_define(define))
		CHECK(define->size >= 1 && define->size <= 128 &&
		      define->access >= 1 && define->access <= 3);
	CHECK(!cfgblk_args_undefine(define) ==
	      (!define->size && !define->access));
}

static void check_limit(const struct cfgblk_limit *limit)
{
	if (cfgblk_args_limit(limit))
		return;
	CHECK(limit->flags <= 1);
	if (!limit->flags || !limit->per_second)
		CHECK(!limit->per_second && !limit->burst);
	else
		CHECK(limit->per_second >= 10 &&
		      limit->per_second <= 1000000 && limit->burst >= 1 &&
		      limit->burst <= 1000000);
}

/* A number that a check may be wrong about, more often than any other */
static u32 near(struct script *script)
{
	static const u32 edges[] = {
		0, 1, 3, 10, 128, 256, 0xffff, 1000000, CFGBLK_STATE_MAX,
	};
	u8 how = script_u8(script);

	if (how & 0x80)
		return script_u32(script);
	return edges[how % ARRAY_SIZE(edges)] + how / 16 % 4 - 1;
}

void fuzz_target(struct script *script)
{
	while (script_more(script)) {
		const struct cfgblk_block_io io = {
			.len = near(script), .flags = near(script),
		};
		const struct cfgblk_define define = {
			.size = near(script), .access = near(script),
		};
		const struct cfgblk_limit limit = {
			.flags = near(script), .per_second = near(script),
			.burst = near(script),
		};
		const struct cfgblk_state state = { .len = near(script) };

		check_range(near(script),
			    near(script) % TOTAL_VFS_MAX + 1);
		check_io(&io);
		check_define(&define);
		check_limit(&limit);
		if (!cfgblk_args_restore(&state))
			CHECK(state.len && state.len <= CFGBLK_STATE_MAX);
	}
}
