// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: code written for hyperv_*_cfg_blk(), on the simulated device
 *
 * The calls go through a table of the test's own, as those of pci-hyperv-intf
 * go through hvpci_block_ops.
 */
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/hvif.h"
#include "../vf/hyperv_intf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "sim.h"

/* As mlx5 has it: block 0 controls, the others belong to an agent each */
#define CONTROL		0
#define STATS		1
#define CHUNK		120
#define STATS_LEN	300

static struct hyperv_pci_block_ops table;

/* What goes to the host in one block of an agent */
struct chunk {
	u16 sequence;
	u16 offset;
	u8 reserved[4];
	u8 data[CHUNK];
};

/**
 * struct client - who listens, and works where it may sleep
 * @pdev: the VF
 * @work: queued by the callback
 * @mask: what it was told
 * @worked: @work has run
 * @entered: the callback has begun
 * @may_leave: and may end
 * @unregisters: it unregisters first
 * @left: it has ended
 * @times: how often it was called
 * @err: what went wrong
 */
struct client {
	struct pci_dev *pdev;
	struct work_struct work;
	atomic64_t mask;
	struct completion worked;
	struct completion entered;
	struct completion may_leave;
	bool unregisters;
	bool left;
	unsigned int times;
	int err;
};

/* Answer the host in its control block: here all of it plus one */
static int control(struct client *client)
{
	u8 block[CFGBLK_BLOCK_MAX];
	unsigned int n;
	int err = table.read_block(client->pdev, block, sizeof(block), CONTROL,
				   &n);

	if (err || n != sizeof(block))
		return err ?: -EIO;
	block[0]++;
	return table.write_block(client->pdev, block, sizeof(block), CONTROL);
}

static void client_work(struct work_struct *work)
{
	struct client *client = container_of(work, struct client, work);

	if (atomic64_xchg(&client->mask, 0) & BIT(CONTROL))
		client->err = control(client);
	complete(&client->worked);
}

static void client_invalidate(void *context, u64 mask)
{
	struct client *client = context;

	atomic64_or(mask, &client->mask);
	schedule_work(&client->work);
}

static void client_lingers(void *context, u64 mask)
{
	struct client *client = context;

	client->times++;
	complete(&client->entered);
	wait_for_completion(&client->may_leave);
	if (client->unregisters)
		client->err = table.reg_blk_invalidate(client->pdev, NULL,
						       NULL);
	client->left = true;
}

static void expect_soon(struct kunit *test, struct completion *completion)
{
	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(completion, 10 * HZ),
			0);
}

static int hvif_init(struct kunit *test)
{
	memset(&table, 0, sizeof(table));
	KUNIT_ASSERT_EQ(test, cfgblk_hvif_offer(&table), 0);
	return bench_init(test);
}

static void hvif_exit(struct kunit *test)
{
	callers_fini();
	cfgblk_hvif_withdraw();
	KUNIT_EXPECT_NULL(test, table.read_block);
	KUNIT_EXPECT_NULL(test, table.write_block);
	KUNIT_EXPECT_NULL(test, table.reg_blk_invalidate);
	bench_exit(test);
}

static struct client *client_new(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct client *client = kunit_kzalloc(test, sizeof(*client),
					      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, client);
	client->pdev = sim_vf_pdev(sim, 0);
	INIT_WORK(&client->work, client_work);
	init_completion(&client->worked);
	init_completion(&client->entered);
	init_completion(&client->may_leave);
	bench_define_block(test, 0, CONTROL, CFGBLK_BLOCK_MAX, BENCH_RW);
	bench_define_block(test, 0, STATS, CFGBLK_BLOCK_MAX, BENCH_RW);
	return client;
}

static void invalidate(struct kunit *test, u64 mask)
{
	cfgblk_invalidate(sim_pf_pdev(bench_sim(test)), 0, mask);
}

static void publish_control(struct kunit *test, u8 first)
{
	u8 bytes[CFGBLK_BLOCK_MAX];

	bench_fill(bytes, first);
	cfgblk_store_publish(bench_store(test, 0), CONTROL, bytes,
			     sizeof(bytes));
}

static void expect_control(struct kunit *test, u8 first)
{
	u8 bytes[CFGBLK_BLOCK_MAX];
	int n = cfgblk_store_peek(bench_store(test, 0), CONTROL, bytes,
				  sizeof(bytes));

	KUNIT_EXPECT_EQ(test, n, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, bytes[0], first);
}

static void control_block_is_answered_when_told(struct kunit *test)
{
	struct client *client = client_new(test);

	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate), 0);
	publish_control(test, 7);
	invalidate(test, BIT(CONTROL));
	expect_soon(test, &client->worked);
	KUNIT_EXPECT_EQ(test, client->err, 0);
	expect_control(test, 8);
	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, NULL,
						       NULL), 0);
	invalidate(test, BIT(CONTROL));
	bench_vf_up(test, 0);
	KUNIT_EXPECT_FALSE(test, work_pending(&client->work));
}

/* The host sees each before the next one is sent */
static void statistics_go_in_chunks(struct kunit *test)
{
	struct client *client = client_new(test);
	unsigned int sent, offset = 0;
	struct chunk chunk, seen;

	for (sent = 0; sent < STATS_LEN; sent += CHUNK) {
		chunk = (struct chunk){ .sequence = 3, .offset = offset++ };
		memset(chunk.data, sent, min(CHUNK, STATS_LEN - sent));
		KUNIT_ASSERT_EQ(test, table.write_block(client->pdev, &chunk,
							sizeof(chunk), STATS),
				0);
		KUNIT_EXPECT_EQ(test, cfgblk_store_peek(bench_store(test, 0),
							STATS, (u8 *)&seen,
							sizeof(seen)),
				sizeof(seen));
		KUNIT_EXPECT_EQ(test, memcmp(&seen, &chunk, sizeof(chunk)), 0);
	}
	KUNIT_EXPECT_EQ(test, offset, 3);
}

static void mask_waits_for_the_client(struct kunit *test)
{
	struct client *client = client_new(test);

	publish_control(test, 1);
	invalidate(test, BIT(CONTROL));
	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate), 0);
	expect_soon(test, &client->worked);
	expect_control(test, 2);
	table.reg_blk_invalidate(client->pdev, NULL, NULL);
}

static int unregister_own(void *ctx)
{
	struct client *client = ctx;

	return table.reg_blk_invalidate(client->pdev, NULL, NULL);
}

static void unregister_waits_for_the_callback(struct kunit *test)
{
	struct client *client = client_new(test);
	struct caller *caller;

	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_lingers), 0);
	invalidate(test, 1);
	expect_soon(test, &client->entered);
	caller = caller_start_own(test, client->pdev, unregister_own, client);
	msleep(100);
	KUNIT_EXPECT_FALSE(test, completion_done(&caller->ended));
	complete(&client->may_leave);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), 0);
	KUNIT_EXPECT_TRUE(test, client->left);
}

static void callback_may_unregister(struct kunit *test)
{
	struct client *client = client_new(test);

	client->unregisters = true;
	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_lingers), 0);
	invalidate(test, 1);
	expect_soon(test, &client->entered);
	invalidate(test, 2);
	complete_all(&client->may_leave);
	msleep(100);
	KUNIT_EXPECT_TRUE(test, client->left);
	KUNIT_EXPECT_EQ(test, client->err, 0);
	KUNIT_EXPECT_EQ(test, client->times, 1);
	/* And then anybody may register, and hears of it */
	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate), 0);
	table.reg_blk_invalidate(client->pdev, NULL, NULL);
}

static void second_client_is_ebusy(struct kunit *test)
{
	struct client *client = client_new(test);

	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, NULL,
						       NULL), 0);
	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate), 0);
	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate),
			-EBUSY);
	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, NULL,
						       NULL), 0);
}

static int read_of_others(struct pci_dev *dev, void *buf, unsigned int buf_len,
			  unsigned int block_id, unsigned int *bytes_returned)
{
	return -EIO;
}

static void table_of_somebody_else_is_left_alone(struct kunit *test)
{
	struct hyperv_pci_block_ops before = table;

	KUNIT_EXPECT_EQ(test, cfgblk_hvif_offer(&table), -EBUSY);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &table, sizeof(table)), 0);
	/* As the bus driver does when it comes later */
	table.read_block = read_of_others;
	cfgblk_hvif_withdraw();
	KUNIT_EXPECT_TRUE(test, table.read_block == read_of_others);
	table.read_block = NULL;
	KUNIT_ASSERT_EQ(test, cfgblk_hvif_offer(&table), 0);
}

static void vf_that_is_not_bound_is_enodev(struct kunit *test)
{
	struct client *client = client_new(test);
	unsigned int n;
	u8 byte = 0;

	KUNIT_ASSERT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate), 0);
	bench_unbind(client->pdev);
	KUNIT_EXPECT_EQ(test, table.read_block(client->pdev, &byte, 1, STATS,
					       &n), -ENODEV);
	KUNIT_EXPECT_EQ(test, table.write_block(client->pdev, &byte, 1, STATS),
			-ENODEV);
	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, NULL,
						       NULL), 0);
	KUNIT_EXPECT_EQ(test, table.reg_blk_invalidate(client->pdev, client,
						       client_invalidate),
			-ENODEV);
}

static int read_own(void *ctx)
{
	struct client *client = ctx;
	unsigned int n;
	u8 byte;

	return table.read_block(client->pdev, &byte, 1, STATS, &n);
}

/* Who is inside waits for a PF that is silent */
static void withdrawal_waits_for_who_is_inside(struct kunit *test)
{
	struct client *client = client_new(test);
	struct caller *caller;

	sim_faults(bench_sim(test), 0)->lost_bells = UINT_MAX;
	caller = caller_start_own(test, client->pdev, read_own, client);
	callers_wait(test, cfgblk_vf_of(client->pdev), 1);
	cfgblk_hvif_withdraw();
	KUNIT_EXPECT_EQ(test, caller->err, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, caller_result(test, caller), -ETIMEDOUT);
	sim_faults(bench_sim(test), 0)->lost_bells = 0;
	KUNIT_ASSERT_EQ(test, cfgblk_hvif_offer(&table), 0);
}

static struct kunit_case hvif_cases[] = {
	KUNIT_CASE(control_block_is_answered_when_told),
	KUNIT_CASE(statistics_go_in_chunks),
	KUNIT_CASE(mask_waits_for_the_client),
	KUNIT_CASE(unregister_waits_for_the_callback),
	KUNIT_CASE(callback_may_unregister),
	KUNIT_CASE(second_client_is_ebusy),
	KUNIT_CASE(table_of_somebody_else_is_left_alone),
	KUNIT_CASE(vf_that_is_not_bound_is_enodev),
	KUNIT_CASE(withdrawal_waits_for_who_is_inside),
	{ }
};

static struct kunit_suite hvif_suite = {
	.name = "cfgblk_hvif",
	.init = hvif_init,
	.exit = hvif_exit,
	.test_cases = hvif_cases,
};

kunit_test_suite(hvif_suite);
