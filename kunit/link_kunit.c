// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: both ends of a link, with a mailbox in memory between them
 */
#include <kunit/test.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "pair.h"
#include "pf_link.h"
#include "vf_link.h"

#define LIMIT_MS	500
#define LONG		(10 * HZ)
#define REMINDERS	10
#define STEPS_MAX	300

/**
 * struct both - two ends
 * @pair: the mailbox between them
 * @pf: the PF's end
 * @vf: the VF's end
 * @data: the one block of the PF
 * @len: its length
 * @mask: block mask that reached the VF driver
 * @told: the VF driver was given a mask
 * @steps: accesses to the mailbox so far
 * @at: the one at which @act is called
 * @act: what happens then
 */
struct both {
	struct pair pair;
	struct cfgblk_pf_link pf;
	struct cfgblk_vf_link vf;
	u8 data[CFGBLK_BLOCK_MAX];
	unsigned int len;
	atomic64_t mask;
	wait_queue_head_t told;
	atomic_t steps;
	int at;
	void (*act)(struct both *both);
};

static int server_read(void *ctx, u32 block, void *buf, unsigned int len)
{
	struct both *both = ctx;

	len = min(len, both->len);
	memcpy(buf, both->data, len);
	return len ?: -ENODATA;
}

static int server_write(void *ctx, u32 block, const void *buf,
			unsigned int len)
{
	struct both *both = ctx;

	memcpy(both->data, buf, len);
	both->len = len;
	return 0;
}

static void server_came(void *ctx, const struct cfgblk_hello *hello,
			u8 version)
{
}

static void server_went(void *ctx)
{
}

static u64 server_published(void *ctx)
{
	return 0;
}

static void server_limited(void *ctx, bool limited)
{
}

static const struct cfgblk_pf_link_ops server_ops = {
	.read = server_read,
	.write = server_write,
	.came = server_came,
	.went = server_went,
	.published = server_published,
	.limited = server_limited,
};

static void driver_mask(void *ctx, u64 mask)
{
	struct both *both = ctx;

	atomic64_or(mask, &both->mask);
	wake_up(&both->told);
}

static void driver_up(void *ctx, const struct cfgblk_welcome *welcome)
{
}

static const struct cfgblk_vf_link_ops driver_ops = {
	.mask = driver_mask,
	.up = driver_up,
	.refused = driver_up,
};

static void fill(u8 *bytes, unsigned int len, u8 seed)
{
	while (len--)
		bytes[len] = seed + 5 * len;
}

/* A call from its start to its end, which comes within two time limits */
static int call_run(struct both *both, struct cfgblk_call *call)
{
	int err = cfgblk_calls_submit(&both->vf.calls, call);

	return err ?: cfgblk_calls_wait(&both->vf.calls, call);
}

static int vf_writes(struct kunit *test, unsigned int len, u8 seed)
{
	struct cfgblk_call *call = cfgblk_call_new(CFGBLK_OP_WRITE, len);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, call);
	cfgblk_bytes_start(&call->bytes, len);
	fill(call->bytes.data, len, seed);
	err = call_run(test->priv, call);
	cfgblk_call_put(call);
	return err;
}

/* The bytes are looked at if the call succeeds */
static int vf_gets_back(struct kunit *test, u8 op, unsigned int len, u8 seed)
{
	struct cfgblk_call *call = cfgblk_call_new(op, len);
	u8 want[CFGBLK_BLOCK_MAX];
	int err;

	KUNIT_ASSERT_NOT_NULL(test, call);
	fill(want, len, seed);
	if (op == CFGBLK_OP_READ) {
		call->wanted = CFGBLK_BLOCK_MAX;
	} else {
		cfgblk_bytes_start(&call->bytes, len);
		memcpy(call->bytes.data, want, len);
	}
	err = call_run(test->priv, call);
	if (!err) {
		KUNIT_EXPECT_EQ(test, call->answer.len, len);
		KUNIT_EXPECT_EQ(test, memcmp(call->answer.data, want, len), 0);
	}
	cfgblk_call_put(call);
	return err;
}

static int transfer(struct kunit *test, u8 op, unsigned int len, u8 seed)
{
	return op == CFGBLK_OP_WRITE ? vf_writes(test, len, seed) :
				       vf_gets_back(test, op, len, seed);
}

/* The block of the PF has those bytes */
static void expect_written(struct kunit *test, unsigned int len, u8 seed)
{
	struct both *both = test->priv;
	u8 want[CFGBLK_BLOCK_MAX];

	fill(want, len, seed);
	KUNIT_EXPECT_EQ(test, both->len, len);
	KUNIT_EXPECT_EQ(test, memcmp(both->data, want, len), 0);
}

static void expect_works(struct kunit *test, u8 seed)
{
	KUNIT_EXPECT_EQ(test, vf_writes(test, CFGBLK_BLOCK_MAX, seed), 0);
	expect_written(test, CFGBLK_BLOCK_MAX, seed);
	KUNIT_EXPECT_EQ(test, vf_gets_back(test, CFGBLK_OP_READ,
					   CFGBLK_BLOCK_MAX, seed), 0);
}

static void settle(struct both *both)
{
	flush_delayed_work(&both->pf.work);
	flush_work(&both->vf.work);
	flush_delayed_work(&both->pf.work);
}

/* The first call waits for the handshake */
static void both_ends_attach(struct kunit *test)
{
	struct both *both = test->priv;

	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	settle(both);
	KUNIT_EXPECT_EQ(test, both->vf.welcome.epoch, both->pf.epoch);
	KUNIT_EXPECT_EQ(test, both->pf.instance, both->vf.instance);
	KUNIT_EXPECT_EQ(test, both->pf.counters.handshakes, 1);
	KUNIT_EXPECT_EQ(test, both->vf.counters.handshakes, 1);
	KUNIT_EXPECT_EQ(test, both->pf.counters.late, 0);
	KUNIT_EXPECT_EQ(test, both->vf.counters.late, 0);
}

/* The length is the block id as well, so both forms of a header come up */
static void bytes_of_every_size_go_there_and_back(struct kunit *test)
{
	struct both *both = test->priv;
	unsigned int len;

	cfgblk_vf_link_start(&both->vf);
	for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
		KUNIT_EXPECT_EQ(test, vf_writes(test, len, len), 0);
		expect_written(test, len, len);
		KUNIT_EXPECT_EQ(test, vf_gets_back(test, CFGBLK_OP_READ, len,
						   len), 0);
		KUNIT_EXPECT_EQ(test, vf_gets_back(test, CFGBLK_OP_ECHO, len,
						   len + 1), 0);
	}
	settle(both);
	KUNIT_EXPECT_EQ(test, both->pf.counters.requests,
			3 * CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, both->vf.counters.answers_ok,
			3 * CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_EQ(test, both->vf.counters.resets, 0);
}

struct loss {
	const char *name;
	unsigned int to_pf, to_vf;
	bool irq;
	u8 op;
	int err;
};

static const struct loss losses[] = {
	{ "VF's message, write", CFGBLK_BELL_MESSAGE, 0, false,
	  CFGBLK_OP_WRITE, -ETIMEDOUT },
	{ "VF's message, read", CFGBLK_BELL_MESSAGE, 0, false,
	  CFGBLK_OP_READ, -ETIMEDOUT },
	{ "VF's ack", CFGBLK_BELL_ACK, 0, false,
	  CFGBLK_OP_READ, -ETIMEDOUT },
	{ "PF's go, write", 0, CFGBLK_BELL_ACK, false,
	  CFGBLK_OP_WRITE, -ETIMEDOUT },
	{ "PF's message, write", 0, CFGBLK_BELL_MESSAGE, false,
	  CFGBLK_OP_WRITE, -ETIMEDOUT },
	{ "PF's message, read", 0, CFGBLK_BELL_MESSAGE, false,
	  CFGBLK_OP_READ, -ETIMEDOUT },
	{ "PF's message, echo", 0, CFGBLK_BELL_MESSAGE, false,
	  CFGBLK_OP_ECHO, -ETIMEDOUT },
};

static void loss_name(const struct loss *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(loss, losses, loss_name);

static void lost_bell_costs_its_call_and_no_other(struct kunit *test)
{
	const struct loss *row = test->param_value;
	struct both *both = test->priv;

	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->pair.lose_to_pf = row->to_pf;
	both->pair.lose_to_vf = row->to_vf;
	KUNIT_EXPECT_EQ(test, transfer(test, row->op, CFGBLK_BLOCK_MAX, 1),
			row->err);
	KUNIT_EXPECT_EQ(test, both->pair.lose_to_pf, 0);
	KUNIT_EXPECT_EQ(test, both->pair.lose_to_vf, 0);
	expect_works(test, 2);
	KUNIT_EXPECT_EQ(test, both->vf.counters.timeouts, 1);
	KUNIT_EXPECT_EQ(test, both->vf.counters.handshakes, 2);
}

/* KNOCK and COME, then HELLO and WELCOME: the VF tries again on its own */
static void lost_bell_of_the_handshake_costs_nothing(struct kunit *test)
{
	struct both *both = test->priv;

	both->pair.lose_to_pf = CFGBLK_BELL_MESSAGE;
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	cfgblk_vf_link_stop(&both->vf, -ENODEV);
	both->pair.lose_to_vf = CFGBLK_BELL_MESSAGE;
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 2);
	KUNIT_EXPECT_EQ(test, both->vf.counters.timeouts, 0);
}

/* The VF looks at its doorbells in time before a longer limit than ours */
static void lost_interrupt_costs_nothing(struct kunit *test)
{
	struct both *both = test->priv;

	both->vf.calls.limit = LONG;
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->pair.lose_irq = true;
	both->pair.lose_to_vf = CFGBLK_BELL_MESSAGE;
	expect_works(test, 2);
	KUNIT_EXPECT_EQ(test, both->pair.lose_to_vf, 0);
	KUNIT_EXPECT_EQ(test, both->vf.counters.polled, 1);
	both->pair.lose_to_vf = CFGBLK_BELL_ACK;
	expect_works(test, 3);
	KUNIT_EXPECT_EQ(test, both->pair.lose_to_vf, 0);
	KUNIT_EXPECT_EQ(test, both->vf.counters.polled, 2);
	KUNIT_EXPECT_EQ(test, both->vf.counters.timeouts, 0);
}

static bool told_of(struct both *both, u64 mask, unsigned long limit)
{
	return wait_event_timeout(both->told,
				  (atomic64_read(&both->mask) & mask) == mask,
				  limit);
}

static void notice_without_interrupt_is_found(struct kunit *test)
{
	struct both *both = test->priv;

	cfgblk_vf_link_want(&both->vf, true);
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->pair.lose_irq = true;
	both->pair.lose_to_vf = CFGBLK_BELL_NOTICE;
	cfgblk_pf_link_invalidate(&both->pf, BIT_ULL(9));
	KUNIT_EXPECT_TRUE(test, told_of(both, BIT_ULL(9), LONG));
	KUNIT_EXPECT_EQ(test, both->vf.counters.polled, 1);
}

/* The owner of the PF's end reminds once a second */
static void lost_notice_is_repeated(struct kunit *test)
{
	struct both *both = test->priv;
	unsigned int tries;

	cfgblk_vf_link_want(&both->vf, true);
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->pair.lose_to_vf = CFGBLK_BELL_NOTICE;
	cfgblk_pf_link_invalidate(&both->pf, BIT_ULL(9));
	settle(both);
	KUNIT_EXPECT_EQ(test, atomic64_read(&both->mask), 0);
	for (tries = 0; tries < REMINDERS; tries++) {
		cfgblk_pf_link_remind(&both->pf);
		if (told_of(both, BIT_ULL(9), HZ))
			break;
	}
	KUNIT_EXPECT_LT(test, tries, REMINDERS);
	expect_works(test, 2);
}

static void step(struct pair *pair, const struct pair_access *access)
{
	struct both *both = pair->hook_ctx;

	if (atomic_inc_return(&both->steps) == READ_ONCE(both->at))
		both->act(both);
}

/* Transfer @op, @act being called at access @at.  False if it ended before */
static bool transfer_with(struct kunit *test, u8 op, int at, int *err)
{
	struct both *both = test->priv;
	u8 seed = op == CFGBLK_OP_WRITE ? at : 1;
	bool reached;

	fill(both->data, CFGBLK_BLOCK_MAX, 1);
	both->len = CFGBLK_BLOCK_MAX;
	both->at = at;
	atomic_set(&both->steps, 0);
	WRITE_ONCE(both->pair.hook, step);
	*err = transfer(test, op, CFGBLK_BLOCK_MAX, seed);
	reached = atomic_read(&both->steps) >= at;
	WRITE_ONCE(both->pair.hook, NULL);
	settle(both);
	if (!*err && op == CFGBLK_OP_WRITE)
		expect_written(test, CFGBLK_BLOCK_MAX, seed);
	return reached;
}

static void act_invalidate(struct both *both)
{
	cfgblk_pf_link_invalidate(&both->pf, BIT_ULL(both->at % 64));
}

static const u8 ops[] = { CFGBLK_OP_WRITE, CFGBLK_OP_READ, CFGBLK_OP_ECHO };

static void op_name(const u8 *op, char *name)
{
	static const char * const names[] = {
		[CFGBLK_OP_READ] = "read", [CFGBLK_OP_WRITE] = "write",
		[CFGBLK_OP_ECHO] = "echo",
	};

	strscpy(name, names[*op], KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(op, ops, op_name);

static void notice_at_every_step_disturbs_nothing(struct kunit *test)
{
	const u8 *op = test->param_value;
	struct both *both = test->priv;
	int at, err;

	cfgblk_vf_link_want(&both->vf, true);
	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->act = act_invalidate;
	for (at = 1; transfer_with(test, *op, at, &err); at++) {
		KUNIT_ASSERT_LT(test, at, STEPS_MAX);
		KUNIT_EXPECT_EQ(test, err, 0);
		KUNIT_ASSERT_TRUE(test, told_of(both, BIT_ULL(at % 64), LONG));
		atomic64_set(&both->mask, 0);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GT(test, at, 12);
	KUNIT_EXPECT_EQ(test, both->vf.counters.handshakes, 1);
	KUNIT_EXPECT_EQ(test, both->vf.counters.late, 0);
	KUNIT_EXPECT_EQ(test, both->pf.counters.late, 0);
}

static void act_reset(struct both *both)
{
	cfgblk_pf_link_bell(&both->pf, CFGBLK_BELL_RESET);
}

/* The VF driver is not told: it finds out, and nothing torn is believed */
static void reset_at_every_step_is_survived(struct kunit *test)
{
	const u8 *op = test->param_value;
	struct both *both = test->priv;
	int at, err;

	cfgblk_vf_link_start(&both->vf);
	expect_works(test, 1);
	both->act = act_reset;
	for (at = 1; transfer_with(test, *op, at, &err); at++) {
		KUNIT_ASSERT_LT(test, at, STEPS_MAX);
		KUNIT_EXPECT_TRUE(test, !err || err == -ECONNRESET ||
				  err == -ETIMEDOUT);
		/* The next call hears of the reset if that one did not */
		vf_writes(test, 1, 0);
		expect_works(test, at);
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GT(test, at, 12);
}

static int link_test_init(struct kunit *test)
{
	struct both *both = kunit_kzalloc(test, sizeof(*both), GFP_KERNEL);
	struct cfgblk_mbx of_pf = { .ops = &pair_pf_ops };
	struct cfgblk_mbx of_vf = { .ops = &pair_vf_ops };

	if (!both)
		return -ENOMEM;
	of_pf.ctx = &both->pair;
	of_vf.ctx = &both->pair;
	init_waitqueue_head(&both->told);
	pair_init(&both->pair);
	cfgblk_pf_link_init(&both->pf, 0, &of_pf, &server_ops, both);
	cfgblk_vf_link_init(&both->vf, &of_vf, &driver_ops, both, LIMIT_MS);
	both->pair.pf = &both->pf;
	both->pair.vf = &both->vf;
	both->pair.hook_ctx = both;
	cfgblk_pf_link_on(&both->pf);
	test->priv = both;
	return 0;
}

/* Each end rings the other's as long as it runs: the VF's work comes last */
static void link_test_exit(struct kunit *test)
{
	struct both *both = test->priv;

	if (!both)
		return;
	cfgblk_vf_link_stop(&both->vf, -ENODEV);
	cfgblk_pf_link_off(&both->pf);
	cfgblk_vf_link_fini(&both->vf);
}

static struct kunit_case link_cases[] = {
	KUNIT_CASE(both_ends_attach),
	KUNIT_CASE(bytes_of_every_size_go_there_and_back),
	KUNIT_CASE_PARAM(lost_bell_costs_its_call_and_no_other,
			 loss_gen_params),
	KUNIT_CASE(lost_bell_of_the_handshake_costs_nothing),
	KUNIT_CASE(lost_interrupt_costs_nothing),
	KUNIT_CASE(notice_without_interrupt_is_found),
	KUNIT_CASE(lost_notice_is_repeated),
	KUNIT_CASE_PARAM(notice_at_every_step_disturbs_nothing,
			 op_gen_params),
	KUNIT_CASE_PARAM(reset_at_every_step_is_survived, op_gen_params),
	{ }
};

static struct kunit_suite link_suite = {
	.name = "cfgblk_link",
	.init = link_test_init,
	.exit = link_test_exit,
	.test_cases = link_cases,
};

kunit_test_suite(link_suite);
