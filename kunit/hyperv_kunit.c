// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a VF on Hyper-V, with a host that may do anything
 */
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/pci.h>

#include "../vf/host.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "fake_hyperv.h"
#include "sim.h"
#include "user.h"

/* That of an 82576's VF: a map is there for it, and not used */
#define VENDOR		0x8086
#define DEVICE		0x10ca

#define BLOCK		5
#define WAIT_TRIES	500
#define WAIT_EVERY_MS	10

static unsigned int found, put;

static void functions_put(void)
{
	put++;
}

static int functions_find(struct cfgblk_host_functions *functions)
{
	*functions = (struct cfgblk_host_functions){
		.read = fake_host_read,
		.write = fake_host_write,
		.listen = fake_host_listen,
		.put = functions_put,
	};
	found++;
	return 0;
}

static int deaf_listen(struct pci_dev *dev, void *context,
		       void (*block_invalidate)(void *context, u64 block_mask))
{
	return -EOPNOTSUPP;
}

static int deaf_find(struct cfgblk_host_functions *functions)
{
	int err = functions_find(functions);

	functions->listen = deaf_listen;
	return err;
}

/* At boot, and it stays: cfgblk_alloc uses it, too */
late_initcall(fake_hyperv_init);

static int hyperv_init(struct kunit *test)
{
	found = 0;
	put = 0;
	cfgblk_host_find = functions_find;
	return bench_init(test);
}

/* Until the host has answered all, however late, and its thread is gone */
static void wait_for_threads(struct kunit *test)
{
	int tries;

	for (tries = 0; tries < WAIT_TRIES && put != found; tries++)
		msleep(WAIT_EVERY_MS);
	KUNIT_EXPECT_EQ(test, put, found);
}

static void hyperv_exit(struct kunit *test)
{
	fake_host_set(FAKE_ANSWERS);
	callers_fini();
	if (fake_hyperv_pdev()) {
		bench_unbind(fake_hyperv_pdev());
		wait_for_threads(test);
		fake_hyperv_pull();
	}
	cfgblk_host_find = cfgblk_hyperv_find;
	bench_exit(test);
}

/* The VF, with the driver bound */
static struct pci_dev *one_vf(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, fake_hyperv_plug(VENDOR, DEVICE), 0);
	KUNIT_ASSERT_NOT_NULL(test, fake_hyperv_pdev());
	KUNIT_ASSERT_NOT_NULL(test, cfgblk_vf_of(fake_hyperv_pdev()));
	return fake_hyperv_pdev();
}

static struct cfgblk_vf *vf_of(struct kunit *test)
{
	struct cfgblk_vf *vf = cfgblk_vf_of(fake_hyperv_pdev());

	KUNIT_ASSERT_NOT_NULL(test, vf);
	return vf;
}

static int write_text(struct pci_dev *pdev, const char *text)
{
	return cfgblk_write_cfg_blk(pdev, (void *)text, strlen(text), BLOCK);
}

static void expect_text(struct kunit *test, struct pci_dev *pdev,
			const char *text)
{
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n = 0;

	memset(buf, 0xee, sizeof(buf));
	KUNIT_ASSERT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, sizeof(buf), BLOCK,
						  &n), 0);
	KUNIT_EXPECT_EQ(test, n, strlen(text));
	KUNIT_EXPECT_EQ(test, memcmp(buf, text, n), 0);
	KUNIT_EXPECT_EQ(test, buf[n], 0xee);
}

/* The host is asked once more than @before, and does not answer */
static void wait_asked(struct kunit *test, unsigned int before)
{
	int tries;

	for (tries = 0; tries < WAIT_TRIES; tries++) {
		if (fake_host_asked() == before + 1)
			return;
		msleep(WAIT_EVERY_MS);
	}
	KUNIT_ASSERT_EQ(test, fake_host_asked(), before + 1);
}

static void wait_answered(struct kunit *test)
{
	int tries;

	for (tries = 0; tries < WAIT_TRIES; tries++) {
		if (fake_host_answered() == fake_host_asked())
			break;
		msleep(WAIT_EVERY_MS);
	}
	KUNIT_ASSERT_EQ(test, fake_host_answered(), fake_host_asked());
	/* And what the answer queues */
	msleep(WAIT_EVERY_MS);
}

/* A read that hangs at the host */
static struct caller *hanging_read(struct kunit *test, struct pci_dev *pdev)
{
	unsigned int asked = fake_host_asked();
	struct caller *caller;

	fake_host_set(FAKE_HANGS);
	caller = caller_start(test, pdev, CALLER_READ, BLOCK);
	wait_asked(test, asked);
	return caller;
}

static void blocks_go_to_the_host_and_back(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	u8 out[CFGBLK_BLOCK_MAX], in[CFGBLK_BLOCK_MAX];
	unsigned int len, n;

	bench_fill(out, 1);
	for (len = 1; len <= sizeof(out); len++) {
		KUNIT_ASSERT_EQ(test, cfgblk_write_cfg_blk(pdev, out, len,
							   U32_MAX), 0);
		memset(in, 0, sizeof(in));
		KUNIT_ASSERT_EQ(test, cfgblk_read_cfg_blk(pdev, in, sizeof(in),
							  U32_MAX, &n), 0);
		KUNIT_EXPECT_EQ(test, n, len);
		KUNIT_EXPECT_EQ(test, memcmp(in, out, len), 0);
	}
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, in, 3, U32_MAX, &n), 0);
	KUNIT_EXPECT_EQ(test, n, 3);
}

/* The host's end has no journal: on Hyper-V this is the only one */
static void calls_are_in_the_journal(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct cfgblk_journal *journal = &vf_of(test)->hyperv.journal;
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n;

	KUNIT_ASSERT_EQ(test, write_text(pdev, "four"), 0);
	expect_text(test, pdev, "four");
	fake_host_set(FAKE_REFUSES);
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, sizeof(buf), BLOCK,
						  &n), -EACCES);
	KUNIT_ASSERT_EQ(test, journal->n, 3);
	KUNIT_EXPECT_EQ(test, (int)journal->last[0].op, CFGBLK_OP_WRITE);
	KUNIT_EXPECT_EQ(test, journal->last[0].len, 4);
	KUNIT_EXPECT_EQ(test, (int)journal->last[1].op, CFGBLK_OP_READ);
	KUNIT_EXPECT_EQ(test, journal->last[1].len, 4);
	KUNIT_EXPECT_EQ(test, (int)journal->last[1].err, 0);
	KUNIT_EXPECT_EQ(test, journal->last[2].block, BLOCK);
	KUNIT_EXPECT_EQ(test, (int)journal->last[2].err, EACCES);
}

static void refused_length_asks_nobody(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	u8 buf[CFGBLK_BLOCK_MAX + 1] = { };
	unsigned int n;

	KUNIT_EXPECT_EQ(test, cfgblk_write_cfg_blk(pdev, buf, 0, BLOCK),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, cfgblk_write_cfg_blk(pdev, buf, sizeof(buf),
						   BLOCK), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, sizeof(buf), BLOCK,
						  &n), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, fake_host_asked(), 0);
}

/* Its id is that of a device with a map, and there is no BAR to map */
static void device_is_left_alone(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);

	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), 0);
	KUNIT_EXPECT_EQ(test, fake_hyperv_command(), 0);
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pdev));
	KUNIT_EXPECT_FALSE(test, pdev->msix_enabled);
	bench_unbind(pdev);
	KUNIT_EXPECT_EQ(test, fake_hyperv_command(), 0);
}

static void device_of_another_bus_keeps_its_mailbox(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);

	KUNIT_EXPECT_FALSE(test, cfgblk_vf_on_hyperv(sim_pf_pdev(sim)));
	KUNIT_EXPECT_FALSE(test, cfgblk_vf_on_hyperv(sim_vf_pdev(sim, 0)));
	one_vf(test);
	KUNIT_EXPECT_TRUE(test, cfgblk_vf_on_hyperv(fake_hyperv_pdev()));
	/* As one that the guest made itself, of a PF that it was given */
	fake_hyperv_pdev()->is_virtfn = 1;
	KUNIT_EXPECT_FALSE(test, cfgblk_vf_on_hyperv(fake_hyperv_pdev()));
	fake_hyperv_pdev()->is_virtfn = 0;
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, fake_host_asked(), 0);
}

static void node_says_what_carries_the_calls(struct kunit *test)
{
	struct cfgblk_info info, want = {
		.role = CFGBLK_ROLE_VF,
		.capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_VF |
				CFGBLK_CAP_UNTRIED,
		.block_max = 128,
		.transport = CFGBLK_TRANSPORT_HYPERV,
		.partition = CFGBLK_PARTITION_CHILD,
		.outstanding_max = CFGBLK_VF_CALLS_MAX,
	};
	struct cfgblk_link_info link = { }, want_link = {
		.vf = CFGBLK_VF_ALL, .state = CFGBLK_LINK_UP, .enabled = 1,
	};
	struct cfgblk_echo echo = { .len = 1 };
	struct desk *desk;

	one_vf(test);
	desk = desk_new(test, vf_of(test)->node);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_INFO, &info), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &want, sizeof(info)), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_LINK, &link), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&link, &want_link, sizeof(link)), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_ECHO, &echo), -EOPNOTSUPP);
}

static void node_counts(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct cfgblk_stats stats = { };
	struct desk *desk = desk_new(test, vf_of(test)->node);

	KUNIT_EXPECT_EQ(test, write_text(pdev, "four"), 0);
	expect_text(test, pdev, "four");
	fake_host_set(FAKE_REFUSES);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "more"), -EACCES);
	fake_host_signal(1, false);
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_STATS, &stats), 0);
	KUNIT_EXPECT_EQ(test, stats.requests, 3);
	KUNIT_EXPECT_EQ(test, stats.answers_ok, 2);
	KUNIT_EXPECT_EQ(test, stats.answers_failed, 1);
	KUNIT_EXPECT_EQ(test, stats.bytes_out, 8);
	KUNIT_EXPECT_EQ(test, stats.bytes_in, 4);
	KUNIT_EXPECT_EQ(test, stats.notices, 1);
	KUNIT_EXPECT_EQ(test, stats.masks, 1);
}

static void silent_host_costs_its_caller_the_time_limit(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct cfgblk_vf *vf = vf_of(test);
	struct cfgblk_link_info link = { };
	struct desk *desk = desk_new(test, vf->node);
	struct caller *caller = hanging_read(test, pdev);

	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ETIMEDOUT);
	KUNIT_EXPECT_GE(test, caller->longest, vf->hyperv.calls.limit);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_LINK, &link), 0);
	KUNIT_EXPECT_EQ(test, link.state, CFGBLK_LINK_DOWN);
}

/* The host is asked one thing at a time, so they never begin */
static void calls_behind_a_hung_one_time_out(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *callers[3];
	unsigned int i, asked;

	hanging_read(test, pdev);
	asked = fake_host_asked();
	for (i = 0; i < ARRAY_SIZE(callers); i++)
		callers[i] = caller_start(test, pdev, CALLER_WRITE, BLOCK);
	for (i = 0; i < ARRAY_SIZE(callers); i++)
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[i]),
				-ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, fake_host_asked(), asked);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.timeouts, 4);
}

/* Who is told of a time-out has his buffer back, whatever the host does then */
static void late_answer_touches_nobodys_buffer(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *caller;
	u8 before[CFGBLK_BLOCK_MAX];

	KUNIT_ASSERT_EQ(test, write_text(pdev, "secret"), 0);
	caller = hanging_read(test, pdev);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ETIMEDOUT);
	memcpy(before, caller->data, sizeof(before));
	fake_host_set(FAKE_ANSWERS);
	wait_answered(test);
	KUNIT_EXPECT_EQ(test, memcmp(before, caller->data, sizeof(before)), 0);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.late, 1);
	expect_text(test, pdev, "secret");
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.late, 1);
}

/* It does not end the next call, which waited for its turn meanwhile */
static void late_answer_ends_no_other_call(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *writer;

	KUNIT_ASSERT_EQ(test, write_text(pdev, "old"), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, hanging_read(test, pdev)),
			-ETIMEDOUT);
	writer = caller_start(test, pdev, CALLER_WRITE, BLOCK);
	callers_wait(test, vf_of(test), 1);
	fake_host_set(FAKE_ANSWERS);
	KUNIT_EXPECT_EQ(test, caller_result(test, writer), 0);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.late, 1);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.answers_ok, 2);
}

static void caller_can_be_killed(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *reads = hanging_read(test, pdev);
	struct caller *waits = caller_start(test, pdev, CALLER_WRITE, BLOCK);

	callers_wait(test, vf_of(test), 2);
	caller_kill(waits);
	caller_kill(reads);
	KUNIT_EXPECT_EQ(test, caller_result(test, waits), -EINTR);
	KUNIT_EXPECT_EQ(test, caller_result(test, reads), -EINTR);
	fake_host_set(FAKE_ANSWERS);
	wait_answered(test);
	KUNIT_EXPECT_EQ(test, fake_host_asked(), 1);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "next"), 0);
	expect_text(test, pdev, "next");
}

static void one_call_too_many_is_eagain(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *callers[CFGBLK_VF_CALLS_MAX];
	unsigned int i;

	callers[0] = hanging_read(test, pdev);
	for (i = 1; i < ARRAY_SIZE(callers); i++)
		callers[i] = caller_start(test, pdev, CALLER_WRITE, BLOCK);
	callers_wait(test, vf_of(test), CFGBLK_VF_CALLS_MAX);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -EAGAIN);
	fake_host_set(FAKE_SAYS_NOTHING);
	KUNIT_EXPECT_EQ(test, caller_result(test, callers[0]), -EIO);
	for (i = 1; i < ARRAY_SIZE(callers); i++)
		KUNIT_EXPECT_EQ(test, caller_result(test, callers[i]), 0);
}

static void length_that_cannot_be_is_eio(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	u8 buf[CFGBLK_BLOCK_MAX + 8];
	unsigned int n = 77;

	KUNIT_ASSERT_EQ(test, write_text(pdev, "x"), 0);
	memset(buf, 0xee, sizeof(buf));
	fake_host_set(FAKE_SAYS_NOTHING);
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, 128, BLOCK, &n),
			-EIO);
	fake_host_set(FAKE_SAYS_MORE);
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, 128, BLOCK, &n),
			-EIO);
	KUNIT_EXPECT_EQ(test, cfgblk_read_cfg_blk(pdev, buf, 1, BLOCK, &n),
			-EIO);
	KUNIT_EXPECT_EQ(test, n, 77);
	KUNIT_EXPECT_NULL(test, memchr_inv(buf, 0xee, sizeof(buf)));
}

static void error_of_the_host_is_told(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);

	fake_host_set(FAKE_REFUSES);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -EACCES);
	fake_host_set(FAKE_STRANGE);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -EIO);
	fake_host_set(FAKE_GONE);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -ENODEV);
	fake_host_set(FAKE_ANSWERS);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), 0);
}

/**
 * struct ear - what a listener or a callback heard
 * @pdev: the VF
 * @heard: it did
 * @mask: all of it
 * @err: of the call that waited within it
 * @times: how often
 */
struct ear {
	struct pci_dev *pdev;
	struct completion heard;
	u64 mask;
	int err;
	unsigned int times;
};

static struct ear *ear_new(struct kunit *test, struct pci_dev *pdev)
{
	struct ear *ear = kunit_kzalloc(test, sizeof(*ear), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ear);
	init_completion(&ear->heard);
	ear->pdev = pdev;
	return ear;
}

static void ear_wait(struct kunit *test, struct ear *ear)
{
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&ear->heard, 10 * HZ),
			0);
}

static void ear_hears(void *context, u64 mask)
{
	struct ear *ear = context;
	unsigned int n;
	u8 byte;

	ear->err = cfgblk_read_cfg_blk(ear->pdev, &byte, 1, BLOCK, &n);
	ear->mask |= mask;
	ear->times++;
	complete(&ear->heard);
}

static void listener_hears_and_may_read_blocks(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);

	KUNIT_ASSERT_EQ(test, write_text(pdev, "x"), 0);
	KUNIT_ASSERT_EQ(test, cfgblk_reg_block_invalidate(pdev, ear, ear_hears),
			0);
	fake_host_signal(BIT_ULL(63) | 1, false);
	ear_wait(test, ear);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(63) | 1);
	KUNIT_EXPECT_EQ(test, ear->err, 0);
	cfgblk_unreg_block_invalidate(pdev);
	fake_host_signal(2, false);
	KUNIT_EXPECT_EQ(test, ear->mask, BIT_ULL(63) | 1);
}

/* Linux's bus driver forgets it */
static void mask_waits_for_the_first_listener(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);

	fake_host_signal(4, false);
	fake_host_signal(8, false);
	KUNIT_ASSERT_EQ(test, cfgblk_reg_block_invalidate(pdev, ear, ear_hears),
			0);
	ear_wait(test, ear);
	cfgblk_unreg_block_invalidate(pdev);
	KUNIT_EXPECT_EQ(test, ear->mask, 12);
	KUNIT_EXPECT_EQ(test, ear->times, 1);
}

static void watcher_hears(struct kunit *test)
{
	struct cfgblk_event event;
	struct desk *desk;

	one_vf(test);
	desk = desk_new(test, vf_of(test)->node);
	fake_host_signal(16, false);
	KUNIT_ASSERT_EQ(test, ask(desk, CFGBLK_IOC_WATCH, NULL), 0);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_EVENT, &event), 0);
	KUNIT_EXPECT_EQ(test, event.mask, 16);
	fake_host_signal(32, false);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_EVENT, &event), 0);
	KUNIT_EXPECT_EQ(test, event.mask, 32);
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_EVENT, &event), -EAGAIN);
}

/* The bus driver may have looked before it was told not to call any more */
static void signal_after_unbind_touches_nothing(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	u32 id = vf_of(test)->hyperv.id;

	KUNIT_EXPECT_TRUE(test, fake_host_heard());
	bench_unbind(pdev);
	KUNIT_EXPECT_FALSE(test, fake_host_heard());
	fake_host_signal(1, true);
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	KUNIT_EXPECT_NE(test, vf_of(test)->hyperv.id, id);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vf_of(test)->hyperv.heard), 0);
}

/* Nobody waits for the host, and all is given back when it answers at last */
static void unbind_while_the_host_hangs_is_enodev(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct caller *reads = hanging_read(test, pdev);
	struct caller *waits = caller_start(test, pdev, CALLER_WRITE, BLOCK);

	callers_wait(test, vf_of(test), 2);
	bench_unbind(pdev);
	KUNIT_EXPECT_EQ(test, caller_result(test, reads), -ENODEV);
	KUNIT_EXPECT_EQ(test, caller_result(test, waits), -ENODEV);
	KUNIT_EXPECT_EQ(test, put, 0);
	KUNIT_EXPECT_LT(test, reads->longest, 2 * HZ);
	fake_host_set(FAKE_ANSWERS);
	wait_for_threads(test);
}

static void bound_again_while_the_host_hangs(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);

	hanging_read(test, pdev);
	bench_unbind(pdev);
	KUNIT_ASSERT_EQ(test, bench_bind(pdev), 0);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -ETIMEDOUT);
	fake_host_set(FAKE_ANSWERS);
	wait_answered(test);
	KUNIT_EXPECT_EQ(test, put, 1);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.late, 1);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "y"), 0);
	expect_text(test, pdev, "y");
}

static void without_the_functions_nothing_is_bound(struct kunit *test)
{
	/* A user-mode kernel does not have them */
	cfgblk_host_find = cfgblk_hyperv_find;
	KUNIT_ASSERT_EQ(test, fake_hyperv_plug(VENDOR, DEVICE), 0);
	KUNIT_EXPECT_NULL(test, cfgblk_vf_of(fake_hyperv_pdev()));
	KUNIT_EXPECT_EQ(test, bench_bind(fake_hyperv_pdev()), -EOPNOTSUPP);
	cfgblk_host_find = deaf_find;
	KUNIT_EXPECT_EQ(test, bench_bind(fake_hyperv_pdev()), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, put, 1);
	cfgblk_host_find = functions_find;
	KUNIT_EXPECT_EQ(test, bench_bind(fake_hyperv_pdev()), 0);
}

static void sleep_ends_calls_with_econnreset(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct device *dev = &pdev->dev;
	struct ear *ear = ear_new(test, pdev);
	struct caller *caller = hanging_read(test, pdev);

	KUNIT_ASSERT_EQ(test, dev->driver->pm->suspend(dev), 0);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ECONNRESET);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), -ECONNRESET);
	fake_host_set(FAKE_ANSWERS);
	wait_answered(test);
	KUNIT_ASSERT_EQ(test, dev->driver->pm->resume(dev), 0);
	KUNIT_EXPECT_EQ(test, write_text(pdev, "x"), 0);
	KUNIT_EXPECT_EQ(test, vf_of(test)->hyperv.counters.late, 1);
	/* What was invalidated meanwhile nobody knows */
	KUNIT_ASSERT_EQ(test, cfgblk_reg_block_invalidate(pdev, ear, ear_hears),
			0);
	ear_wait(test, ear);
	cfgblk_unreg_block_invalidate(pdev);
	KUNIT_EXPECT_EQ(test, ear->mask, U64_MAX);
}

static void ear_is_told(void *context, int err, unsigned int bytes_returned)
{
	struct ear *ear = context;
	unsigned int n;
	u8 byte;

	ear->err = cfgblk_read_cfg_blk(ear->pdev, &byte, 1, BLOCK, &n);
	ear->mask = err ? U64_MAX : bytes_returned;
	ear->times++;
	complete(&ear->heard);
}

static void async_calls_tell_their_bytes(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);
	struct cfgblk_call *call = cfgblk_write_async(pdev, "async", 5, BLOCK,
						      ear_is_told, ear);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	ear_wait(test, ear);
	KUNIT_EXPECT_FALSE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
	KUNIT_EXPECT_EQ(test, ear->mask, 5);
	KUNIT_EXPECT_EQ(test, ear->err, -EDEADLK);
	expect_text(test, pdev, "async");
}

static void cancelled_call_at_the_host_is_silent(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct ear *ear = ear_new(test, pdev);
	struct cfgblk_call *call;
	u8 buf[4] = { };

	KUNIT_ASSERT_EQ(test, write_text(pdev, "full"), 0);
	fake_host_set(FAKE_HANGS);
	call = cfgblk_read_async(pdev, buf, sizeof(buf), BLOCK, ear_is_told,
				 ear);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	wait_asked(test, 1);
	KUNIT_EXPECT_TRUE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
	fake_host_set(FAKE_ANSWERS);
	wait_answered(test);
	KUNIT_EXPECT_EQ(test, ear->times, 0);
	KUNIT_EXPECT_EQ(test, buf[0], 0);
	expect_text(test, pdev, "full");
}

static struct kunit_case hyperv_cases[] = {
	KUNIT_CASE(blocks_go_to_the_host_and_back),
	KUNIT_CASE(calls_are_in_the_journal),
	KUNIT_CASE(refused_length_asks_nobody),
	KUNIT_CASE(device_is_left_alone),
	KUNIT_CASE(device_of_another_bus_keeps_its_mailbox),
	KUNIT_CASE(node_says_what_carries_the_calls),
	KUNIT_CASE(node_counts),
	KUNIT_CASE(silent_host_costs_its_caller_the_time_limit),
	KUNIT_CASE(calls_behind_a_hung_one_time_out),
	KUNIT_CASE(late_answer_touches_nobodys_buffer),
	KUNIT_CASE(late_answer_ends_no_other_call),
	KUNIT_CASE(caller_can_be_killed),
	KUNIT_CASE(one_call_too_many_is_eagain),
	KUNIT_CASE(length_that_cannot_be_is_eio),
	KUNIT_CASE(error_of_the_host_is_told),
	KUNIT_CASE(listener_hears_and_may_read_blocks),
	KUNIT_CASE(mask_waits_for_the_first_listener),
	KUNIT_CASE(watcher_hears),
	KUNIT_CASE(signal_after_unbind_touches_nothing),
	KUNIT_CASE(unbind_while_the_host_hangs_is_enodev),
	KUNIT_CASE(bound_again_while_the_host_hangs),
	KUNIT_CASE(without_the_functions_nothing_is_bound),
	KUNIT_CASE(sleep_ends_calls_with_econnreset),
	KUNIT_CASE(async_calls_tell_their_bytes),
	KUNIT_CASE(cancelled_call_at_the_host_is_silent),
	{ }
};

static struct kunit_suite hyperv_suite = {
	.name = "cfgblk_hyperv",
	.init = hyperv_init,
	.exit = hyperv_exit,
	.test_cases = hyperv_cases,
};

kunit_test_suite(hyperv_suite);
