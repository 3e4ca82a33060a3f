// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: commands of a PF's device node, on the simulated device
 *
 * The answers and refusals are those of include/uapi/linux/cfgblk.h.
 */
#include <linux/cfgblk.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "user.h"

#define VFS		8	/* of the 82576 */
#define NONE		VFS	/* a VF id that it does not have */
#define BLOCK		3
#define HIGH_BLOCK	1000	/* has no bit in the block mask */
#define RW		BENCH_RW

static struct desk *desk_sit(struct kunit *test)
{
	return desk_new(test, bench_pf(test)->node);
}

static struct desk *desk_at_pf(struct kunit *test)
{
	bench_plug_in(test, &bench_82576);
	return desk_sit(test);
}

static struct desk *desk_with_vfs(struct kunit *test, unsigned int vfs)
{
	bench_with_vfs(test, &bench_82576, vfs);
	return desk_sit(test);
}

static long define(struct desk *desk, u32 vf, u32 block, u32 size, u32 access)
{
	struct cfgblk_define arg = {
		.vf = vf, .block = block, .size = size, .access = access,
	};

	return ask(desk, CFGBLK_IOC_DEFINE, &arg);
}

static long undefine(struct desk *desk, u32 vf, u32 block)
{
	struct cfgblk_define arg = { .vf = vf, .block = block };

	return ask(desk, CFGBLK_IOC_UNDEFINE, &arg);
}

static long publish(struct desk *desk, u32 vf, u32 block, const char *text,
		    u32 flags)
{
	struct cfgblk_block_io io = {
		.vf = vf, .block = block, .len = strlen(text), .flags = flags,
	};

	memcpy(io.data, text, io.len);
	return ask(desk, CFGBLK_IOC_WRITE, &io);
}

static long peek(struct desk *desk, u32 vf, u32 block, u32 len,
		 struct cfgblk_block_io *io)
{
	memset(io, 0xff, sizeof(*io));
	io->vf = vf;
	io->block = block;
	io->len = len;
	io->flags = 0;
	return ask(desk, CFGBLK_IOC_READ, io);
}

static u64 pending(struct kunit *test, unsigned int vf)
{
	return atomic64_read(&bench_pf_link(test, vf)->pending);
}

static void expect_text(struct kunit *test, struct desk *desk, u32 vf,
			u32 block, const char *text)
{
	struct cfgblk_block_io io;

	KUNIT_EXPECT_EQ(test, peek(desk, vf, block, CFGBLK_BLOCK_MAX, &io), 0);
	KUNIT_EXPECT_EQ(test, io.len, strlen(text));
	KUNIT_EXPECT_EQ(test, memcmp(io.data, text, strlen(text)), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(io.data + io.len, 0,
					   sizeof(io.data) - io.len));
}

static void info_says_what_the_pf_is(struct kunit *test)
{
	struct desk *desk = desk_with_vfs(test, 2);
	struct cfgblk_info info, want = {
		.role = CFGBLK_ROLE_PF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_PF |
				CFGBLK_CAP_WIDE,
		.block_max = 128,
		.version_min = CFGBLK_VERSION_MIN,
		.version_max = CFGBLK_VERSION_MAX,
		.total_vfs = VFS,
		.num_vfs = 2,
		.map = "82576",
	};

	memset(&info, 0xff, sizeof(info));
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
}

static void info_says_that_a_map_was_never_tried(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_X550 };
	struct desk *desk;
	struct cfgblk_info info;

	bench_plug_in(test, &config);
	desk = desk_sit(test);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, info.capabilities, CFGBLK_CAP_SRIOV |
			CFGBLK_CAP_PF | CFGBLK_CAP_UNTRIED);
	KUNIT_EXPECT_STREQ(test, info.map, "x550");
	KUNIT_EXPECT_EQ(test, info.total_vfs, 64);
}

static long link_of(struct desk *desk, u32 vf, struct cfgblk_link_info *info)
{
	memset(info, 0xff, sizeof(*info));
	info->vf = vf;
	info->limited = 0;
	return ask(desk, CFGBLK_IOC_LINK, info);
}

static void link_says_how_a_vf_is(struct kunit *test)
{
	struct desk *desk = desk_with_vfs(test, 1);
	struct cfgblk_link_info info;

	KUNIT_EXPECT_EQ(test, link_of(desk, 0, &info), 0);
	KUNIT_EXPECT_EQ(test, info.vf, 0);
	KUNIT_EXPECT_EQ(test, info.state, CFGBLK_LINK_UP);
	KUNIT_EXPECT_EQ(test, info.enabled, 1);
	KUNIT_EXPECT_EQ(test, info.version, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, info.features, 0);
	KUNIT_EXPECT_EQ(test, info.epoch, bench_pf_link(test, 0)->epoch);
	KUNIT_EXPECT_EQ(test, info.peer_min, CFGBLK_VERSION_MIN);
	KUNIT_EXPECT_EQ(test, info.peer_max, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, info.pending, 0);
	KUNIT_EXPECT_EQ(test, info.blocks, 1);
	KUNIT_EXPECT_EQ(test, info.limited, 0);
}

static void link_says_that_a_vf_is_absent(struct kunit *test)
{
	struct cfgblk_link_info info, want = {
		.vf = 7, .state = CFGBLK_LINK_DOWN, .pending = 5, .blocks = 2,
	};
	struct desk *desk = desk_with_vfs(test, 1);
	struct cfgblk_invalidate invalidate = { .vf = 7, .mask = 5 };

	KUNIT_ASSERT_EQ(test, define(desk, 7, 1, 1, RW), 0);
	KUNIT_ASSERT_EQ(test, define(desk, 7, 2, 1, RW), 0);
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_INVALIDATE, &invalidate), 0);
	KUNIT_EXPECT_EQ(test, link_of(desk, 7, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
}

/* A VF of the future: its HELLO, where the VF driver's would be */
static void link_says_that_a_vf_was_refused(struct kunit *test)
{
	const struct cfgblk_hello hello = {
		.min = CFGBLK_VERSION_MAX + 1, .max = CFGBLK_VERSION_MAX + 2,
	};
	struct desk *desk = desk_with_vfs(test, 1);
	struct cfgblk_pf_link *link = bench_pf_link(test, 0);
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_link_info info;
	int i;

	bench_unbind(sim_vf_pdev(bench_sim(test), 0));
	cfgblk_hello_pack(&hello, words);
	for (i = 0; i < CFGBLK_HELLO_DWORDS; i++)
		sim_poke(bench_sim(test), 0, i, words[i]);
	cfgblk_pf_link_bell(link, CFGBLK_BELL_MESSAGE);
	flush_delayed_work(&link->work);
	KUNIT_EXPECT_EQ(test, link_of(desk, 0, &info), 0);
	KUNIT_EXPECT_EQ(test, info.state, CFGBLK_LINK_REFUSED);
	KUNIT_EXPECT_EQ(test, info.version, 0);
	KUNIT_EXPECT_EQ(test, info.epoch, 0);
	KUNIT_EXPECT_EQ(test, info.peer_min, CFGBLK_VERSION_MAX + 1);
	KUNIT_EXPECT_EQ(test, info.peer_max, CFGBLK_VERSION_MAX + 2);
}

static void block_is_published_and_read(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_block_io io;

	KUNIT_ASSERT_EQ(test, define(desk, 2, BLOCK, 8, RW), 0);
	KUNIT_EXPECT_EQ(test, peek(desk, 2, BLOCK, 8, &io), -ENODATA);
	KUNIT_EXPECT_EQ(test, publish(desk, 2, BLOCK, "hello", 0), 0);
	expect_text(test, desk, 2, BLOCK, "hello");
	KUNIT_EXPECT_EQ(test, peek(desk, 2, BLOCK, 2, &io), 0);
	KUNIT_EXPECT_EQ(test, io.len, 2);
	KUNIT_EXPECT_EQ(test, memcmp(io.data, "he\0", 3), 0);
	KUNIT_EXPECT_EQ(test, peek(desk, 1, BLOCK, 8, &io), -ENOENT);
}

/* Access is the VF's, not the host's */
static void host_reads_and_writes_whatever_the_access(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);

	KUNIT_ASSERT_EQ(test, define(desk, 0, 1, 8, CFGBLK_ACCESS_READ), 0);
	KUNIT_ASSERT_EQ(test, define(desk, 0, 2, 8, CFGBLK_ACCESS_WRITE), 0);
	KUNIT_EXPECT_EQ(test, publish(desk, 0, 1, "one", 0), 0);
	KUNIT_EXPECT_EQ(test, publish(desk, 0, 2, "two", 0), 0);
	expect_text(test, desk, 0, 1, "one");
	expect_text(test, desk, 0, 2, "two");
}

static void publishing_invalidates_unless_quiet(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);

	KUNIT_ASSERT_EQ(test, define(desk, 0, BLOCK, 8, RW), 0);
	KUNIT_ASSERT_EQ(test, define(desk, 0, HIGH_BLOCK, 8, RW), 0);
	KUNIT_EXPECT_EQ(test, 0, publish(desk, 0, BLOCK, "a",
					 CFGBLK_WRITE_QUIET));
	KUNIT_EXPECT_EQ(test, publish(desk, 0, HIGH_BLOCK, "b", 0), 0);
	KUNIT_EXPECT_EQ(test, pending(test, 0), 0);
	KUNIT_EXPECT_EQ(test, publish(desk, 0, BLOCK, "c", 0), 0);
	KUNIT_EXPECT_EQ(test, pending(test, 0), BIT_ULL(BLOCK));
	KUNIT_EXPECT_EQ(test, pending(test, 1), 0);
}

static void all_vfs_at_once_is_each_or_none(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_block_io io;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, define(desk, CFGBLK_VF_ALL, BLOCK, 8, RW), 0);
	KUNIT_EXPECT_EQ(test, publish(desk, CFGBLK_VF_ALL, BLOCK, "all", 0), 0);
	for (i = 0; i < VFS; i++) {
		expect_text(test, desk, i, BLOCK, "all");
		KUNIT_EXPECT_EQ(test, pending(test, i), BIT_ULL(BLOCK));
	}
	KUNIT_EXPECT_EQ(test, undefine(desk, 5, BLOCK), 0);
	KUNIT_EXPECT_EQ(test, -ENOENT,
			publish(desk, CFGBLK_VF_ALL, BLOCK, "none", 0));
	KUNIT_EXPECT_EQ(test, -ENOENT, undefine(desk, CFGBLK_VF_ALL, BLOCK));
	expect_text(test, desk, 0, BLOCK, "all");
	KUNIT_EXPECT_EQ(test, -EEXIST,
			define(desk, CFGBLK_VF_ALL, BLOCK, 8, RW));
	KUNIT_EXPECT_EQ(test, define(desk, 5, 9, 8, RW), 0);
	KUNIT_EXPECT_EQ(test, -EEXIST, define(desk, CFGBLK_VF_ALL, 9, 8, RW));
	KUNIT_EXPECT_EQ(test, peek(desk, 0, 9, 8, &io), -ENOENT);
	KUNIT_EXPECT_EQ(test, peek(desk, 5, 9, 8, &io), -ENODATA);
	KUNIT_EXPECT_EQ(test, define(desk, 5, BLOCK, 8, RW), 0);
	KUNIT_EXPECT_EQ(test, 0, undefine(desk, CFGBLK_VF_ALL, BLOCK));
	KUNIT_EXPECT_EQ(test, peek(desk, 0, BLOCK, 8, &io), -ENOENT);
}

static void blocks_of_a_vf_are_bounded(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	u32 i;

	for (i = 0; i < CFGBLK_STORE_BLOCKS_MAX; i++)
		KUNIT_ASSERT_EQ(test, define(desk, 0, i, 1, RW), 0);
	KUNIT_EXPECT_EQ(test, define(desk, 0, i, 1, RW), -ENOSPC);
	KUNIT_EXPECT_EQ(test, define(desk, 1, i, 1, RW), 0);
	KUNIT_EXPECT_EQ(test, undefine(desk, 0, 0), 0);
	KUNIT_EXPECT_EQ(test, define(desk, 0, i, 1, RW), 0);
}

static void blocks_are_walked_in_order(struct kunit *test)
{
	struct desk *desk = desk_with_vfs(test, 1);
	struct cfgblk_block_info info = { .vf = 0, .block = 0 };

	KUNIT_ASSERT_EQ(test, define(desk, 0, U32_MAX, 9, CFGBLK_ACCESS_READ),
			0);
	KUNIT_ASSERT_EQ(test, define(desk, 0, 2, 5, CFGBLK_ACCESS_WRITE), 0);
	KUNIT_ASSERT_EQ(test, publish(desk, 0, U32_MAX, "last", 0), 0);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_NEXT_BLOCK, &info), 0);
	KUNIT_EXPECT_EQ(test, info.block, 2);
	KUNIT_EXPECT_EQ(test, info.size, 5);
	KUNIT_EXPECT_EQ(test, info.access, CFGBLK_ACCESS_WRITE);
	KUNIT_EXPECT_EQ(test, info.len, 0);
	KUNIT_EXPECT_EQ(test, info.writer, 0);
	info.block++;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_NEXT_BLOCK, &info), 0);
	KUNIT_EXPECT_EQ(test, info.block, BENCH_BLOCK);
	KUNIT_EXPECT_EQ(test, info.len, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, info.writer, CFGBLK_ROLE_VF);
	info.block++;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_NEXT_BLOCK, &info), 0);
	KUNIT_EXPECT_EQ(test, info.block, U32_MAX);
	KUNIT_EXPECT_EQ(test, info.len, 4);
	KUNIT_EXPECT_EQ(test, info.writer, CFGBLK_ROLE_PF);
	KUNIT_EXPECT_EQ(test, undefine(desk, 0, U32_MAX), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_NEXT_BLOCK, &info), -ENOENT);
}

static void invalidate_reaches_one_vf_or_all(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_invalidate one = { .vf = 3, .mask = BIT_ULL(63) };
	struct cfgblk_invalidate all = { .vf = CFGBLK_VF_ALL, .mask = 1 };
	struct cfgblk_invalidate nothing = { .vf = CFGBLK_VF_ALL };
	unsigned int i;

	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INVALIDATE, &one), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INVALIDATE, &nothing), 0);
	for (i = 0; i < VFS; i++)
		KUNIT_EXPECT_EQ(test, pending(test, i),
				i == 3 ? BIT_ULL(63) : 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INVALIDATE, &all), 0);
	for (i = 0; i < VFS; i++)
		KUNIT_EXPECT_EQ(test, pending(test, i),
				1 | (i == 3 ? BIT_ULL(63) : 0));
}

static void stats_count_what_a_vf_did(struct kunit *test)
{
	struct desk *desk = desk_with_vfs(test, 2);
	struct cfgblk_stats stats = { .vf = 1 };

	bench_there_and_back(test, 1);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_STATS, &stats), 0);
	KUNIT_EXPECT_EQ(test, stats.vf, 1);
	KUNIT_EXPECT_EQ(test, stats.reserved, 0);
	KUNIT_EXPECT_EQ(test, stats.requests, 2);
	KUNIT_EXPECT_EQ(test, stats.answers_ok, 2);
	KUNIT_EXPECT_EQ(test, stats.answers_failed, 0);
	KUNIT_EXPECT_EQ(test, stats.bytes_in, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, stats.bytes_out, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, stats.handshakes, 1);
	KUNIT_EXPECT_EQ(test, stats.polled, 0);
	KUNIT_EXPECT_GE(test, stats.interrupts, 6);
}

static void expect_limit(struct kunit *test, struct desk *desk, u32 vf,
			 u32 per_second, u32 burst)
{
	struct cfgblk_limit limit = { .vf = vf };

	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_LIMIT, &limit), 0);
	KUNIT_EXPECT_EQ(test, limit.per_second, per_second);
	KUNIT_EXPECT_EQ(test, limit.burst, burst);
}

static void limit_is_set_and_told(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_limit limit = { 1, CFGBLK_LIMIT_SET, 10, 1000000 };

	expect_limit(test, desk, 1, CFGBLK_RATE_DEFAULT, CFGBLK_BURST_DEFAULT);
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_LIMIT, &limit), 0);
	expect_limit(test, desk, 1, 10, 1000000);
	expect_limit(test, desk, 0, CFGBLK_RATE_DEFAULT, CFGBLK_BURST_DEFAULT);
	limit = (struct cfgblk_limit){ CFGBLK_VF_ALL, CFGBLK_LIMIT_SET };
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_LIMIT, &limit), 0);
	expect_limit(test, desk, 1, 0, 0);
	expect_limit(test, desk, 7, 0, 0);
}

static void state_is_saved_and_restored(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_state state = {
		.len = 1, .addr = (unsigned long)desk->user->page + PAGE_SIZE / 2,
	};

	KUNIT_ASSERT_EQ(test, define(desk, 0, BLOCK, 8, RW), 0);
	KUNIT_ASSERT_EQ(test, publish(desk, 0, BLOCK, "x", 0), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_SAVE, &state), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, state.len, 48 + 8 + 1 + 4);
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_SAVE, &state), 0);
	KUNIT_EXPECT_EQ(test, state.len, 48 + 8 + 1 + 4);
	state.vf = 3;
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_RESTORE, &state), 0);
	bench_expect_block(test, 3, BLOCK, "x");
	state.len--;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_RESTORE, &state), -EBADMSG);
}

/**
 * struct refusal - a command that is refused
 * @name: why
 * @cmd: the command
 * @err: what it says
 * @link: argument of CFGBLK_IOC_LINK
 * @io: of CFGBLK_IOC_READ and _WRITE
 * @define: of CFGBLK_IOC_DEFINE and _UNDEFINE
 * @info: of CFGBLK_IOC_NEXT_BLOCK
 * @invalidate: of CFGBLK_IOC_INVALIDATE
 * @stats: of CFGBLK_IOC_STATS
 * @limit: of CFGBLK_IOC_LIMIT
 * @state: of CFGBLK_IOC_SAVE and _RESTORE
 */
struct refusal {
	const char *name;
	unsigned int cmd;
	int err;
	union {
		struct cfgblk_link_info link;
		struct cfgblk_block_io io;
		struct cfgblk_define define;
		struct cfgblk_block_info info;
		struct cfgblk_invalidate invalidate;
		struct cfgblk_stats stats;
		struct cfgblk_limit limit;
		struct cfgblk_state state;
	};
};

#define LIMIT(per_second, burst) \
	{ 0, CFGBLK_LIMIT_SET, (per_second), (burst) }

/* The block there: BLOCK of VF 0, 8 bytes */
static const struct refusal refusals[] = {
	{ "link, no such VF", CFGBLK_IOC_LINK, -ENXIO, .link = { .vf = NONE } },
	{ "link, all VFs", CFGBLK_IOC_LINK, -ENXIO,
	  .link = { .vf = CFGBLK_VF_ALL } },
	{ "link, reserved", CFGBLK_IOC_LINK, -EINVAL,
	  .link = { .limited = 1 } },
	{ "read, nothing", CFGBLK_IOC_READ, -EINVAL, .io = { .block = BLOCK } },
	{ "read, flags", CFGBLK_IOC_READ, -EINVAL,
	  .io = { .block = BLOCK, .len = 1, .flags = 1 } },
	{ "read, too long", CFGBLK_IOC_READ, -EMSGSIZE,
	  .io = { .block = BLOCK, .len = 129 } },
	{ "read, far too long", CFGBLK_IOC_READ, -EMSGSIZE,
	  .io = { .block = BLOCK, .len = U32_MAX } },
	{ "read, no such VF", CFGBLK_IOC_READ, -ENXIO,
	  .io = { .vf = NONE, .block = BLOCK, .len = 1 } },
	{ "read, all VFs", CFGBLK_IOC_READ, -ENXIO,
	  .io = { .vf = CFGBLK_VF_ALL, .block = BLOCK, .len = 1 } },
	{ "read, no such block", CFGBLK_IOC_READ, -ENOENT,
	  .io = { .block = 4, .len = 1 } },
	{ "read, no data", CFGBLK_IOC_READ, -ENODATA,
	  .io = { .block = BLOCK, .len = 1 } },
	{ "write, nothing", CFGBLK_IOC_WRITE, -EINVAL,
	  .io = { .block = BLOCK } },
	{ "write, flags", CFGBLK_IOC_WRITE, -EINVAL,
	  .io = { .block = BLOCK, .len = 1, .flags = 2 } },
	{ "write, too long", CFGBLK_IOC_WRITE, -EMSGSIZE,
	  .io = { .block = BLOCK, .len = 129 } },
	{ "write, longer than the block", CFGBLK_IOC_WRITE, -EMSGSIZE,
	  .io = { .block = BLOCK, .len = 9 } },
	{ "write, no such VF", CFGBLK_IOC_WRITE, -ENXIO,
	  .io = { .vf = NONE, .block = BLOCK, .len = 1 } },
	{ "write, no such block", CFGBLK_IOC_WRITE, -ENOENT,
	  .io = { .block = 4, .len = 1 } },
	{ "define, no size", CFGBLK_IOC_DEFINE, -EINVAL,
	  .define = { .block = 4, .access = RW } },
	{ "define, too long", CFGBLK_IOC_DEFINE, -EINVAL,
	  .define = { .block = 4, .size = 129, .access = RW } },
	{ "define, no access", CFGBLK_IOC_DEFINE, -EINVAL,
	  .define = { .block = 4, .size = 1 } },
	{ "define, unknown access", CFGBLK_IOC_DEFINE, -EINVAL,
	  .define = { .block = 4, .size = 1, .access = 4 | RW } },
	{ "define, no such VF", CFGBLK_IOC_DEFINE, -ENXIO,
	  .define = { .vf = NONE, .block = 4, .size = 1, .access = RW } },
	{ "define, there already", CFGBLK_IOC_DEFINE, -EEXIST,
	  .define = { .block = BLOCK, .size = 1, .access = RW } },
	{ "undefine, size", CFGBLK_IOC_UNDEFINE, -EINVAL,
	  .define = { .block = BLOCK, .size = 1 } },
	{ "undefine, access", CFGBLK_IOC_UNDEFINE, -EINVAL,
	  .define = { .block = BLOCK, .access = RW } },
	{ "undefine, no such VF", CFGBLK_IOC_UNDEFINE, -ENXIO,
	  .define = { .vf = NONE, .block = BLOCK } },
	{ "undefine, no such block", CFGBLK_IOC_UNDEFINE, -ENOENT,
	  .define = { .block = 4 } },
	{ "next block, no such VF", CFGBLK_IOC_NEXT_BLOCK, -ENXIO,
	  .info = { .vf = NONE } },
	{ "next block, none", CFGBLK_IOC_NEXT_BLOCK, -ENOENT,
	  .info = { .block = BLOCK + 1 } },
	{ "invalidate, reserved", CFGBLK_IOC_INVALIDATE, -EINVAL,
	  .invalidate = { .reserved = 1, .mask = 1 } },
	{ "invalidate, no such VF", CFGBLK_IOC_INVALIDATE, -ENXIO,
	  .invalidate = { .vf = NONE, .mask = 1 } },
	{ "stats, reserved", CFGBLK_IOC_STATS, -EINVAL,
	  .stats = { .reserved = 1 } },
	{ "stats, spare", CFGBLK_IOC_STATS, -EINVAL,
	  .stats = { .spare = { [4] = 1 } } },
	{ "stats, no such VF", CFGBLK_IOC_STATS, -ENXIO,
	  .stats = { .vf = NONE } },
	{ "limit, no such VF", CFGBLK_IOC_LIMIT, -ENXIO, .limit = { .vf = NONE } },
	{ "limit of all VFs", CFGBLK_IOC_LIMIT, -ENXIO,
	  .limit = { .vf = CFGBLK_VF_ALL } },
	{ "limit, told with a rate", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = { .per_second = 10 } },
	{ "limit, told with a burst", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = { .burst = 10 } },
	{ "limit, unknown flag", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = { .flags = 2 } },
	{ "limit too low", CFGBLK_IOC_LIMIT, -EINVAL, .limit = LIMIT(9, 1) },
	{ "limit too high", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = LIMIT(1000001, 1) },
	{ "limit without a burst", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = LIMIT(10, 0) },
	{ "limit, burst too high", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = LIMIT(10, 1000001) },
	{ "burst without a limit", CFGBLK_IOC_LIMIT, -EINVAL,
	  .limit = LIMIT(0, 1) },
	{ "limit set, no such VF", CFGBLK_IOC_LIMIT, -ENXIO,
	  .limit = { NONE, CFGBLK_LIMIT_SET, 10, 1 } },
	{ "save, no such VF", CFGBLK_IOC_SAVE, -ENXIO, .state = { .vf = NONE } },
	{ "save of all VFs", CFGBLK_IOC_SAVE, -ENXIO,
	  .state = { .vf = CFGBLK_VF_ALL } },
	{ "save without room", CFGBLK_IOC_SAVE, -ENOBUFS },
	{ "restore, no such VF", CFGBLK_IOC_RESTORE, -ENXIO,
	  .state = { .vf = NONE, .len = 1 } },
	{ "restore of nothing", CFGBLK_IOC_RESTORE, -EINVAL },
	{ "restore of too much", CFGBLK_IOC_RESTORE, -EINVAL,
	  .state = { .len = CFGBLK_STATE_MAX + 1 } },
	{ "restore from nowhere", CFGBLK_IOC_RESTORE, -EFAULT,
	  .state = { .len = 100 } },
	{ "echo", CFGBLK_IOC_ECHO, -EPERM },
	{ "unknown number", _IO(CFGBLK_IOC_MAGIC, 0x2f), -ENOTTY },
	{ "unknown size", _IOR(CFGBLK_IOC_MAGIC, 0x20, u64), -ENOTTY },
};

/* All of them, one after the other; in the end nothing has changed */
static void refusals_are_as_documented(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	struct cfgblk_link_info info;
	struct refusal refusal;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, define(desk, 0, BLOCK, 8, RW), 0);
	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		refusal = refusals[i];
		KUNIT_EXPECT_EQ_MSG(test, refusal.err,
				    ask(desk, refusal.cmd, &refusal.io),
				    "%s", refusal.name);
	}
	KUNIT_EXPECT_EQ(test, link_of(desk, 0, &info), 0);
	KUNIT_EXPECT_EQ(test, info.blocks, 1);
	KUNIT_EXPECT_EQ(test, info.pending, 0);
}

static const unsigned int all_commands[] = {
	CFGBLK_IOC_INFO, CFGBLK_IOC_LINK, CFGBLK_IOC_READ, CFGBLK_IOC_WRITE,
	CFGBLK_IOC_DEFINE, CFGBLK_IOC_UNDEFINE, CFGBLK_IOC_NEXT_BLOCK,
	CFGBLK_IOC_INVALIDATE, CFGBLK_IOC_STATS, CFGBLK_IOC_LIMIT,
	CFGBLK_IOC_SAVE, CFGBLK_IOC_RESTORE,
};

/* Room for the argument of any of them */
union any_arg {
	struct cfgblk_block_io io;
	struct cfgblk_stats stats;
};

static void bad_addresses_are_refused(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	union any_arg arg = { .io = { .block = BLOCK, .len = 1 } };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(all_commands); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EFAULT,
				    user_ioctl_nowhere(desk->user, desk->file,
						       all_commands[i]),
				    "command %x", all_commands[i]);
	KUNIT_ASSERT_EQ(test, define(desk, 0, BLOCK, 8, RW), 0);
	KUNIT_ASSERT_EQ(test, publish(desk, 0, BLOCK, "x", 0), 0);
	KUNIT_EXPECT_EQ(test, -EFAULT,
			user_ioctl_readonly(desk->user, desk->file,
					    CFGBLK_IOC_READ, &arg));
	memset(&arg, 0, sizeof(arg));
	for (i = 0; i < ARRAY_SIZE(all_commands); i++)
		if (all_commands[i] != CFGBLK_IOC_READ &&
		    _IOC_DIR(all_commands[i]) & _IOC_READ)
			KUNIT_EXPECT_EQ_MSG(test, -EFAULT,
					    user_ioctl_readonly(desk->user,
								desk->file,
								all_commands[i],
								&arg),
					    "command %x", all_commands[i]);
}

/* The file outlives the driver, and the device */
static void open_file_says_enodev_after_unbind(struct kunit *test)
{
	struct desk *desk = desk_at_pf(test);
	union any_arg arg = { .io = { .len = 1 } };
	unsigned int i;

	bench_unbind(sim_pf_pdev(bench_sim(test)));
	for (i = 0; i < ARRAY_SIZE(all_commands); i++)
		KUNIT_EXPECT_EQ_MSG(test, -ENODEV,
				    ask(desk, all_commands[i], &arg),
				    "command %x", all_commands[i]);
	KUNIT_EXPECT_EQ(test, -ENODEV, ask(desk, CFGBLK_IOC_WATCH, &arg));
	KUNIT_EXPECT_EQ(test, -ENODEV, ask(desk, CFGBLK_IOC_ECHO, &arg));
}

static struct kunit_case pf_ioctl_cases[] = {
	KUNIT_CASE(info_says_what_the_pf_is),
	KUNIT_CASE(info_says_that_a_map_was_never_tried),
	KUNIT_CASE(link_says_how_a_vf_is),
	KUNIT_CASE(link_says_that_a_vf_is_absent),
	KUNIT_CASE(link_says_that_a_vf_was_refused),
	KUNIT_CASE(block_is_published_and_read),
	KUNIT_CASE(host_reads_and_writes_whatever_the_access),
	KUNIT_CASE(publishing_invalidates_unless_quiet),
	KUNIT_CASE(all_vfs_at_once_is_each_or_none),
	KUNIT_CASE(blocks_of_a_vf_are_bounded),
	KUNIT_CASE(blocks_are_walked_in_order),
	KUNIT_CASE(invalidate_reaches_one_vf_or_all),
	KUNIT_CASE(stats_count_what_a_vf_did),
	KUNIT_CASE(limit_is_set_and_told),
	KUNIT_CASE(state_is_saved_and_restored),
	KUNIT_CASE(refusals_are_as_documented),
	KUNIT_CASE(bad_addresses_are_refused),
	KUNIT_CASE(open_file_says_enodev_after_unbind),
	{ }
};

static struct kunit_suite pf_ioctl_suite = {
	.name = "cfgblk_pf_ioctl",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = pf_ioctl_cases,
};

kunit_test_suite(pf_ioctl_suite);
