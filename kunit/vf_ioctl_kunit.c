// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: commands of a VF's device node, on the simulated device
 *
 * The answers and refusals are those of include/uapi/linux/cfgblk.h.
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "user.h"

#define MEM		0x800	/* buffer in the VF's BAR of the 82576 */
#define LATER_MS	1500

static struct desk *desk_sit(struct kunit *test)
{
	struct cfgblk_vf *vf = cfgblk_vf_of(sim_vf_pdev(bench_sim(test), 0));

	KUNIT_ASSERT_NOT_NULL(test, vf);
	return desk_new(test, vf->node);
}

static struct desk *desk_at_vf(struct kunit *test)
{
	bench_with_vfs(test, &bench_82576, 1);
	return desk_sit(test);
}

static long link_of(struct desk *desk, struct cfgblk_link_info *info)
{
	memset(info, 0xff, sizeof(*info));
	info->vf = 0;
	info->limited = 0;
	return ask(desk, CFGBLK_IOC_LINK, info);
}

static void info_says_what_the_vf_is(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_info info, want = {
		.role = CFGBLK_ROLE_VF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_VF |
				CFGBLK_CAP_WIDE,
		.block_max = 128,
		.version_min = CFGBLK_VERSION_MIN,
		.version_max = CFGBLK_VERSION_MAX,
		.transport = CFGBLK_TRANSPORT_MAILBOX,
		.partition = CFGBLK_PARTITION_PARENT,
		.outstanding_max = CFGBLK_VF_CALLS_MAX,
		.map = "82576",
	};

	memset(&info, 0xff, sizeof(info));
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
}

static void info_says_that_a_map_was_never_tried(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_I350 };
	struct desk *desk;
	struct cfgblk_info info;

	bench_with_vfs(test, &config, 1);
	desk = desk_sit(test);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, info.capabilities, CFGBLK_CAP_SRIOV |
			CFGBLK_CAP_VF | CFGBLK_CAP_UNTRIED);
	KUNIT_EXPECT_STREQ(test, info.map, "i350");
}

static void link_says_that_it_is_up(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_link_info info, want = {
		.state = CFGBLK_LINK_UP,
		.enabled = 1,
		.version = CFGBLK_VERSION_MAX,
		.epoch = bench_pf(test)->vfs[0].link.epoch,
		.peer_min = CFGBLK_VERSION_MIN,
		.peer_max = CFGBLK_VERSION_MAX,
	};

	KUNIT_EXPECT_EQ(test, link_of(desk, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
}

static void link_says_that_nobody_has_answered(struct kunit *test)
{
	struct cfgblk_link_info info, want = {
		.vf = CFGBLK_VF_ALL, .state = CFGBLK_LINK_DOWN, .enabled = 1,
	};
	struct cfgblk_block_io io = { .block = BENCH_BLOCK, .len = 1 };
	struct desk *desk;
	struct sim *sim = bench_plug_in(test, &bench_82576);

	sim_faults(sim, 0)->lost_bells = UINT_MAX;
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	desk = desk_sit(test);
	KUNIT_EXPECT_EQ(test, link_of(desk, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_READ, &io), -ETIMEDOUT);
	sim_faults(sim, 0)->lost_bells = 0;
}

/* The VF reads a WELCOME without a version in common */
static void no_version(void *ctx, const struct sim_access *access)
{
	struct sim *sim = ctx;
	struct cfgblk_hdr hdr;
	u32 version;

	if (access->fn != 0 || access->write || access->reg != MEM)
		return;
	cfgblk_hdr_unpack(sim_peek(sim, 0, 0), &hdr);
	if (hdr.op != CFGBLK_OP_WELCOME)
		return;
	version = sim_peek(sim, 0, 2) & CFGBLK_WELCOME_VERSION;
	sim_poke(sim, 0, 2, sim_peek(sim, 0, 2) - version);
	sim_poke(sim, 0, 7, sim_peek(sim, 0, 7) + version);
}

static void link_says_that_it_was_refused(struct kunit *test)
{
	struct cfgblk_link_info info, want = {
		.state = CFGBLK_LINK_REFUSED,
		.enabled = 1,
		.peer_min = CFGBLK_VERSION_MIN,
		.peer_max = CFGBLK_VERSION_MAX,
	};
	struct cfgblk_block_io io = { .block = BENCH_BLOCK, .len = 1 };
	struct desk *desk;
	struct sim *sim = bench_plug_in(test, &bench_82576);

	sim_hook(sim, no_version, sim);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	msleep(LATER_MS);
	sim_hook(sim, NULL, NULL);
	desk = desk_sit(test);
	KUNIT_EXPECT_EQ(test, link_of(desk, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_READ, &io),
			-EPROTONOSUPPORT);
}

static void link_shows_what_nobody_has_looked_at(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_link_info info;

	cfgblk_vf_listener_mask(bench_vf_up(test, 0), 9);
	KUNIT_EXPECT_EQ(test, link_of(desk, &info), 0);
	KUNIT_EXPECT_EQ(test, info.pending, 9);
}

/* What is not the block's is zero, whatever was in the buffer */
static void block_is_written_and_read(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_block_io io = {
		.block = BENCH_BLOCK, .len = 5, .data = "hello, world",
	};

	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_WRITE, &io), 0);
	memset(io.data, 0xff, sizeof(io.data));
	io.len = CFGBLK_BLOCK_MAX;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_READ, &io), 0);
	KUNIT_EXPECT_EQ(test, io.len, 5);
	KUNIT_EXPECT_EQ(test, memcmp(io.data, "hello", 5), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(io.data + 5, 0,
					   sizeof(io.data) - 5));
	memset(io.data, 0xff, sizeof(io.data));
	io.len = 2;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_READ, &io), 0);
	KUNIT_EXPECT_EQ(test, io.len, 2);
	KUNIT_EXPECT_EQ(test, memcmp(io.data, "he\0", 3), 0);
}

static void echo_gives_back_what_was_sent(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_echo echo = { .len = CFGBLK_BLOCK_MAX };
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_fill(bytes, 5);
	memcpy(echo.data, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_ECHO, &echo), 0);
	KUNIT_EXPECT_EQ(test, echo.len, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, memcmp(echo.data, bytes, sizeof(bytes)), 0);
	echo.len = 1;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_ECHO, &echo), 0);
	KUNIT_EXPECT_EQ(test, echo.len, 1);
	KUNIT_EXPECT_EQ(test, echo.data[0], bytes[0]);
	KUNIT_EXPECT_NULL(test, memchr_inv(echo.data + 1, 0,
					   sizeof(echo.data) - 1));
}

static void stats_count_what_the_vf_did(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_stats stats = { };

	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_STATS, &stats), 0);
	KUNIT_EXPECT_EQ(test, stats.vf, 0);
	KUNIT_EXPECT_EQ(test, stats.reserved, 0);
	KUNIT_EXPECT_EQ(test, stats.requests, 2);
	KUNIT_EXPECT_EQ(test, stats.answers_ok, 2);
	KUNIT_EXPECT_EQ(test, stats.bytes_in, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, stats.bytes_out, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, stats.handshakes, 1);
	KUNIT_EXPECT_GE(test, stats.interrupts, 6);
}

/**
 * struct refusal - a command that is refused
 * @name: why
 * @cmd: the command
 * @err: what it says
 * @link: argument of CFGBLK_IOC_LINK
 * @io: of CFGBLK_IOC_READ and _WRITE
 * @echo: of CFGBLK_IOC_ECHO
 * @stats: of CFGBLK_IOC_STATS
 */
struct refusal {
	const char *name;
	unsigned int cmd;
	int err;
	union {
		struct cfgblk_link_info link;
		struct cfgblk_block_io io;
		struct cfgblk_echo echo;
		struct cfgblk_stats stats;
	};
};

/* The block there: BENCH_BLOCK, with nothing in it */
static const struct refusal refusals[] = {
	{ "link, VF", CFGBLK_IOC_LINK, -EINVAL, .link = { .vf = 1 } },
	{ "link, reserved", CFGBLK_IOC_LINK, -EINVAL,
	  .link = { .limited = 1 } },
	{ "read, nothing", CFGBLK_IOC_READ, -EINVAL,
	  .io = { .block = BENCH_BLOCK } },
	{ "read, VF", CFGBLK_IOC_READ, -EINVAL,
	  .io = { .vf = 1, .block = BENCH_BLOCK, .len = 1 } },
	{ "read, flags", CFGBLK_IOC_READ, -EINVAL,
	  .io = { .block = BENCH_BLOCK, .len = 1, .flags = 1 } },
	{ "read, too long", CFGBLK_IOC_READ, -EMSGSIZE,
	  .io = { .block = BENCH_BLOCK, .len = 129 } },
	{ "read, far too long", CFGBLK_IOC_READ, -EMSGSIZE,
	  .io = { .block = BENCH_BLOCK, .len = U32_MAX } },
	{ "read, no such block", CFGBLK_IOC_READ, -ENOENT,
	  .io = { .block = BENCH_BLOCK + 1, .len = 1 } },
	{ "read, no data", CFGBLK_IOC_READ, -ENODATA,
	  .io = { .block = BENCH_BLOCK, .len = 1 } },
	{ "write, nothing", CFGBLK_IOC_WRITE, -EINVAL,
	  .io = { .block = BENCH_BLOCK } },
	{ "write, VF", CFGBLK_IOC_WRITE, -EINVAL,
	  .io = { .vf = CFGBLK_VF_ALL, .block = BENCH_BLOCK, .len = 1 } },
	{ "write, flags", CFGBLK_IOC_WRITE, -EINVAL,
	  .io = { .block = BENCH_BLOCK, .len = 1,
		  .flags = CFGBLK_WRITE_QUIET } },
	{ "write, too long", CFGBLK_IOC_WRITE, -EMSGSIZE,
	  .io = { .block = BENCH_BLOCK, .len = 129 } },
	{ "write, no such block", CFGBLK_IOC_WRITE, -ENOENT,
	  .io = { .block = U32_MAX, .len = 1 } },
	{ "echo, nothing", CFGBLK_IOC_ECHO, -EINVAL, .echo = { } },
	{ "echo, reserved", CFGBLK_IOC_ECHO, -EINVAL,
	  .echo = { .len = 1, .reserved = 1 } },
	{ "echo, too long", CFGBLK_IOC_ECHO, -EMSGSIZE,
	  .echo = { .len = 129 } },
	{ "stats, VF", CFGBLK_IOC_STATS, -EINVAL, .stats = { .vf = 1 } },
	{ "stats, reserved", CFGBLK_IOC_STATS, -EINVAL,
	  .stats = { .reserved = 1 } },
	{ "stats, spare", CFGBLK_IOC_STATS, -EINVAL,
	  .stats = { .spare = { [4] = 1 } } },
	{ "define", CFGBLK_IOC_DEFINE, -EPERM },
	{ "undefine", CFGBLK_IOC_UNDEFINE, -EPERM },
	{ "next block", CFGBLK_IOC_NEXT_BLOCK, -EPERM },
	{ "invalidate", CFGBLK_IOC_INVALIDATE, -EPERM },
	{ "limit", CFGBLK_IOC_LIMIT, -EPERM },
	{ "save", CFGBLK_IOC_SAVE, -EPERM },
	{ "restore", CFGBLK_IOC_RESTORE, -EPERM },
	{ "unknown number", _IO(CFGBLK_IOC_MAGIC, 0x2f), -ENOTTY },
	{ "unknown size", _IOR(CFGBLK_IOC_MAGIC, 0x20, u64), -ENOTTY },
};

static void refusals_are_as_documented(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct refusal refusal;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++) {
		refusal = refusals[i];
		KUNIT_EXPECT_EQ_MSG(test, refusal.err,
				    ask(desk, refusal.cmd, &refusal.io),
				    "%s", refusal.name);
	}
}

/* Access is told by the PF */
static void access_of_a_block_is_kept(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct cfgblk_block_io io = { .block = 1, .len = 1 };

	bench_define_block(test, 0, 1, 1, CFGBLK_ACCESS_READ);
	bench_define_block(test, 0, 2, 1, CFGBLK_ACCESS_WRITE);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_WRITE, &io), -EACCES);
	io.block = 2;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_READ, &io), -EACCES);
	io.len = 2;
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_WRITE, &io), -EMSGSIZE);
}

static const unsigned int all_commands[] = {
	CFGBLK_IOC_INFO, CFGBLK_IOC_LINK, CFGBLK_IOC_READ, CFGBLK_IOC_WRITE,
	CFGBLK_IOC_ECHO, CFGBLK_IOC_STATS,
};

static void bad_addresses_are_refused(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct refusal good[] = {
		{ "info", CFGBLK_IOC_INFO }, { "link", CFGBLK_IOC_LINK },
		{ "read", CFGBLK_IOC_READ,
		  .io = { .block = BENCH_BLOCK, .len = 1 } },
		{ "echo", CFGBLK_IOC_ECHO, .echo = { .len = 1 } },
		{ "stats", CFGBLK_IOC_STATS },
	};
	unsigned int i;

	bench_there_and_back(test, 0);
	for (i = 0; i < ARRAY_SIZE(all_commands); i++)
		KUNIT_EXPECT_EQ_MSG(test, -EFAULT,
				    user_ioctl_nowhere(desk->user, desk->file,
						       all_commands[i]),
				    "command %x", all_commands[i]);
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ_MSG(test, -EFAULT,
				    user_ioctl_readonly(desk->user, desk->file,
							good[i].cmd,
							&good[i].io),
				    "%s", good[i].name);
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    ask(desk, good[i].cmd, &good[i].io),
				    "%s", good[i].name);
	}
}

static int write_by_ioctl(void *ctx)
{
	struct cfgblk_block_io io = { .block = BENCH_BLOCK, .len = 1 };

	return ask(ctx, CFGBLK_IOC_WRITE, &io);
}

/* Unbinding ends the call, then waits until nobody is in the node any more */
static void unbind_ends_calls_with_enodev(struct kunit *test)
{
	struct desk *desk = desk_at_vf(test);
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), 0);
	/* The largest of the commands' structures */
	struct cfgblk_stats arg = { };
	struct caller *caller;
	unsigned int i;

	sim_faults(bench_sim(test), 0)->lost_bells = 1;
	caller = caller_start_own(test, pdev, write_by_ioctl, desk);
	callers_wait_unheard(test, 0);
	bench_unbind(pdev);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ENODEV);
	for (i = 0; i < ARRAY_SIZE(all_commands); i++)
		KUNIT_EXPECT_EQ_MSG(test, -ENODEV,
				    ask(desk, all_commands[i], &arg),
				    "command %x", all_commands[i]);
}

static void vf_ioctl_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case vf_ioctl_cases[] = {
	KUNIT_CASE(info_says_what_the_vf_is),
	KUNIT_CASE(info_says_that_a_map_was_never_tried),
	KUNIT_CASE(link_says_that_it_is_up),
	KUNIT_CASE(link_says_that_nobody_has_answered),
	KUNIT_CASE(link_says_that_it_was_refused),
	KUNIT_CASE(link_shows_what_nobody_has_looked_at),
	KUNIT_CASE(block_is_written_and_read),
	KUNIT_CASE(echo_gives_back_what_was_sent),
	KUNIT_CASE(stats_count_what_the_vf_did),
	KUNIT_CASE(refusals_are_as_documented),
	KUNIT_CASE(access_of_a_block_is_kept),
	KUNIT_CASE(bad_addresses_are_refused),
	KUNIT_CASE(unbind_ends_calls_with_enodev),
	{ }
};

static struct kunit_suite vf_ioctl_suite = {
	.name = "cfgblk_vf_ioctl",
	.init = bench_init,
	.exit = vf_ioctl_exit,
	.test_cases = vf_ioctl_cases,
};

kunit_test_suite(vf_ioctl_suite);
