// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the VF driver on the simulated device, with a PF that means harm
 *
 * The PF's link is off; the test writes into the buffer and rings.
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "callers.h"
#include "proto.h"
#include "status.h"

#define EPOCH		0x12345679
#define STS		BIT(0)
#define ACK		BIT(1)
#define GARBAGE		0xa5a5a5a5
#define REACH_STEPS	8

/* The VF may answer, and then ask or knock, for each bell */
#define SENT_MAX	2

/**
 * struct foe - the PF by hand, and what the VF is made to wait for
 * @test: the test
 * @sim: the device
 * @vf: VF 0
 * @call: a call that was submitted, or NULL
 * @version: what a WELCOME agrees on
 */
struct foe {
	struct kunit *test;
	struct sim *sim;
	struct cfgblk_vf *vf;
	struct cfgblk_call *call;
	u8 version;
};

static void foe_rings(struct foe *foe, u32 bells)
{
	sim_ring_as_pf(foe->sim, 0, bells);
	flush_work(&foe->vf->link.work);
}

/* What does not fill the buffer leaves garbage behind it */
static void foe_says(struct foe *foe, const u32 *words, unsigned int n,
		     u32 bells)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		sim_poke(foe->sim, 0, i, i < n ? words[i] : GARBAGE);
	foe_rings(foe, bells);
}

/* An answer of one dword; @id and @epoch are off by so many */
static void foe_answers(struct foe *foe, u8 op, u8 arg, bool more, u8 id,
			u8 epoch, u32 bells)
{
	const struct cfgblk_hdr hdr = {
		.id = foe->vf->link.id + id,
		.epoch = foe->vf->link.welcome.epoch + epoch,
		.op = op, .arg = arg, .more = more,
	};
	u32 word = cfgblk_hdr_pack(&hdr);

	foe_says(foe, &word, 1, bells);
}

static void foe_comes(struct foe *foe)
{
	const struct cfgblk_hdr come = {
		.id = foe->vf->link.attempt, .op = CFGBLK_OP_COME,
	};
	u32 word = cfgblk_hdr_pack(&come);

	foe_says(foe, &word, 1, STS);
}

static void foe_welcomes(struct foe *foe)
{
	const struct cfgblk_welcome welcome = {
		.attempt = foe->vf->link.attempt, .epoch = EPOCH,
		.version = foe->version, .min = 1, .max = 9,
	};
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_welcome_pack(&welcome, words);
	foe_says(foe, words, ARRAY_SIZE(words), STS);
}

static void foe_refuses_to_know(struct foe *foe)
{
	foe_answers(foe, CFGBLK_OP_FAIL, CFGBLK_STATUS_NOT_ATTACHED, false, 0,
		    0, STS);
}

/* The call is the foe's until it has ended, whatever the VF thinks of it */
static void foe_reap(struct foe *foe)
{
	struct cfgblk_call *call = foe->call;

	if (!call || !completion_done(&call->ended))
		return;
	foe->call = NULL;
	KUNIT_EXPECT_LE(foe->test, call->err, 0);
	KUNIT_EXPECT_LE(foe->test, call->answer.len, CFGBLK_BLOCK_MAX);
	KUNIT_EXPECT_LE(foe->test, call->answer.done, call->answer.len);
	cfgblk_call_put(call);
}

static void foe_submit(struct foe *foe, u8 op)
{
	struct cfgblk_call *call = cfgblk_call_new(op, BENCH_BLOCK);

	KUNIT_ASSERT_NOT_NULL(foe->test, call);
	KUNIT_ASSERT_NULL(foe->test, foe->call);
	foe->call = call;
	if (op == CFGBLK_OP_READ)
		call->wanted = CFGBLK_BLOCK_MAX;
	else
		cfgblk_bytes_start(&call->bytes, CFGBLK_BLOCK_MAX);
	KUNIT_ASSERT_EQ(foe->test, 0,
			cfgblk_calls_submit(&foe->vf->link.calls, call));
	flush_work(&foe->vf->link.work);
}

/* Out of a state that is not the one wanted, by honest means */
static void foe_step(struct foe *foe, enum cfgblk_vf_state wanted)
{
	switch (foe->vf->link.state) {
	case CFGBLK_VF_DOWN:
		/* Not too long, or the VF knocks a second time */
		flush_work(&foe->vf->link.work);
		if (foe->vf->link.state == CFGBLK_VF_DOWN)
			msleep(200);
		break;
	case CFGBLK_VF_KNOCKING:
		foe_comes(foe);
		break;
	case CFGBLK_VF_GREETING:
		foe_welcomes(foe);
		break;
	case CFGBLK_VF_IDLE:
		if (wanted < CFGBLK_VF_IDLE || wanted == CFGBLK_VF_REFUSED)
			pci_reset_function(foe->vf->pdev);
		else
			foe_submit(foe, wanted == CFGBLK_VF_SENDING ?
				   CFGBLK_OP_WRITE : CFGBLK_OP_READ);
		break;
	case CFGBLK_VF_WAITING:
		if (wanted == CFGBLK_VF_RECEIVING)
			foe_answers(foe, CFGBLK_OP_DATA, CFGBLK_BLOCK_MAX - 1,
				    true, 0, 0, STS);
		else
			foe_refuses_to_know(foe);
		break;
	case CFGBLK_VF_REFUSED:
		pci_reset_function(foe->vf->pdev);
		break;
	default:
		foe_refuses_to_know(foe);
	}
	foe_reap(foe);
}

static void foe_reach(struct foe *foe, enum cfgblk_vf_state wanted)
{
	unsigned int steps;

	foe->version = wanted != CFGBLK_VF_REFUSED;
	for (steps = 0; steps < REACH_STEPS; steps++) {
		if (foe->vf->link.state == wanted)
			return;
		foe_step(foe, wanted);
	}
	KUNIT_ASSERT_EQ(foe->test, foe->vf->link.state, wanted);
}

static struct foe *foe_new(struct kunit *test)
{
	struct foe *foe = kunit_kzalloc(test, sizeof(*foe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, foe);
	foe->test = test;
	foe->sim = bench_with_vfs(test, &bench_82576, 1);
	foe->vf = bench_vf_up(test, 0);
	cfgblk_pf_link_off(&bench_pf(test)->vfs[0].link);
	return foe;
}

/* The PF comes to its senses: the VF forgets all of it with the next reset */
static void foe_gives_up(struct foe *foe)
{
	struct kunit *test = foe->test;

	cfgblk_pf_link_on(&bench_pf(test)->vfs[0].link);
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(foe->vf->pdev));
	foe_reap(foe);
	KUNIT_EXPECT_NULL(test, foe->call);
	KUNIT_EXPECT_EQ(test, foe->vf->link.calls.waiting, 0);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* One message: the VF takes a bounded number of steps, and loses no call */
static void foe_harms(struct foe *foe, enum cfgblk_vf_state state, u8 op,
		      u8 arg, bool more, u8 id, u8 epoch, u32 bells)
{
	struct cfgblk_vf_link *link = &foe->vf->link;
	u64 sent;

	foe_reach(foe, state);
	sent = link->counters.fragments_out;
	foe_answers(foe, op, arg, more, id, epoch, bells);
	KUNIT_EXPECT_LE(foe->test, link->counters.fragments_out,
			sent + SENT_MAX);
	KUNIT_EXPECT_LE(foe->test, link->state, CFGBLK_VF_REFUSED);
	foe_reap(foe);
	KUNIT_EXPECT_EQ(foe->test, link->calls.waiting, !!foe->call);
}

static const u8 args[] = { 0, 1, 2, 59, 60, 127 };

/* Every op, of either side, with lengths and numbers that fit and do not */
static void foe_harms_with_op(struct foe *foe, enum cfgblk_vf_state state,
			      u8 op)
{
	unsigned int i, more;

	for (i = 0; i < ARRAY_SIZE(args); i++) {
		for (more = 0; more < 2; more++) {
			foe_harms(foe, state, op, args[i], more, 0, 0, STS);
			foe_harms(foe, state, op, args[i], more, 0, 0,
				  STS | ACK);
			foe_harms(foe, state, op, args[i], more, 1, 0, STS);
			foe_harms(foe, state, op, args[i], more, 0, 1, STS);
		}
	}
}

static const struct harmed {
	const char *name;
	enum cfgblk_vf_state state;
} harmed[] = {
	{ "knocking", CFGBLK_VF_KNOCKING },
	{ "greeting", CFGBLK_VF_GREETING },
	{ "idle", CFGBLK_VF_IDLE },
	{ "sending", CFGBLK_VF_SENDING },
	{ "waiting", CFGBLK_VF_WAITING },
	{ "receiving", CFGBLK_VF_RECEIVING },
	{ "refused", CFGBLK_VF_REFUSED },
};

static void harmed_name(const struct harmed *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(harmed, harmed, harmed_name);

static void no_message_harms_the_vf(struct kunit *test)
{
	const struct harmed *param = test->param_value;
	struct foe *foe = foe_new(test);
	u8 op;

	for (op = 0; op <= CFGBLK_OP_NEXT_DATA; op++)
		foe_harms_with_op(foe, param->state, op);
	foe_gives_up(foe);
}

/* Not even a header; all ones is what a device that is gone reads as */
static void no_garbage_harms_the_vf(struct kunit *test)
{
	static const u32 words[] = { 0, U32_MAX, GARBAGE, 0xc00, 0x43474642 };
	const struct harmed *param = test->param_value;
	struct foe *foe = foe_new(test);
	struct cfgblk_vf_link *link = &foe->vf->link;
	unsigned int i;
	u64 sent;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		foe_reach(foe, param->state);
		sent = link->counters.fragments_out;
		foe_says(foe, &words[i], 1, STS);
		KUNIT_EXPECT_EQ(test, link->state, param->state);
		KUNIT_EXPECT_EQ(test, link->counters.fragments_out, sent);
		foe_rings(foe, STS | ACK);
		KUNIT_EXPECT_EQ(test, link->state, param->state);
		foe_rings(foe, ACK);
		KUNIT_EXPECT_EQ(test, link->state, param->state);
	}
	foe_gives_up(foe);
}

static void listen_to_nothing(void *context, u64 block_mask)
{
	*(u64 *)context |= block_mask;
}

/* A PF that rings for a mask and then gives anything but one */
static void no_answer_to_take_harms_the_vf(struct kunit *test)
{
	struct foe *foe = foe_new(test);
	struct cfgblk_vf_link *link = &foe->vf->link;
	u64 heard = 0;
	u8 op;

	foe_reach(foe, CFGBLK_VF_IDLE);
	KUNIT_ASSERT_EQ(test, 0,
			cfgblk_reg_block_invalidate(foe->vf->pdev, &heard,
						    listen_to_nothing));
	for (op = 0; op <= CFGBLK_OP_NEXT_DATA; op++) {
		foe_reach(foe, CFGBLK_VF_IDLE);
		foe_rings(foe, STS | ACK);
		KUNIT_EXPECT_EQ(test, link->state, CFGBLK_VF_WAITING);
		KUNIT_EXPECT_EQ(test, link->op, CFGBLK_OP_TAKE);
		foe_answers(foe, op, CFGBLK_BLOCK_MAX - 1, true, 0, 0, STS);
		flush_work(&foe->vf->listener.work);
		KUNIT_EXPECT_EQ(test, heard, op < CFGBLK_OP_MASK ? 0 :
				GARBAGE * (BIT_ULL(32) + 1));
	}
	cfgblk_unreg_block_invalidate(foe->vf->pdev);
	foe_gives_up(foe);
}

/* A WELCOME without a common version, then calls of each kind */
static void refused_vf_refuses_calls_until_the_pf_was_reset(struct kunit *test)
{
	struct foe *foe = foe_new(test);
	struct pci_dev *pdev = foe->vf->pdev;
	u8 byte = 0;
	unsigned int n;

	foe_reach(foe, CFGBLK_VF_REFUSED);
	KUNIT_EXPECT_EQ(test, -EPROTONOSUPPORT,
			cfgblk_read_cfg_blk(pdev, &byte, 1, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, -EPROTONOSUPPORT,
			cfgblk_write_cfg_blk(pdev, &byte, 1, BENCH_BLOCK));
	KUNIT_EXPECT_EQ(test, -EPROTONOSUPPORT,
			cfgblk_vf_echo(foe->vf, &byte, 1));
	KUNIT_EXPECT_EQ(test, foe->vf->link.welcome.max, 9);
	ssleep(100);
	KUNIT_EXPECT_EQ(test, foe->vf->link.state, CFGBLK_VF_REFUSED);
	cfgblk_pf_link_on(&bench_pf(test)->vfs[0].link);
	KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(bench_pf(test)), 0);
	ssleep(2);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* A PF that is always in reset again by the time the VF has knocked */
static void pf_that_resets_for_ever_costs_polls_alone(struct kunit *test)
{
	struct foe *foe = foe_new(test);
	struct caller *callers[CALLER_KINDS];
	unsigned int i;

	for (i = 0; i < CALLER_KINDS; i++)
		callers[i] = caller_start(test, foe->vf->pdev, i, BENCH_BLOCK);
	for (i = 0; i < 60; i++) {
		KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(bench_pf(test)), 0);
		msleep(100);
	}
	for (i = 0; i < CALLER_KINDS; i++)
		KUNIT_EXPECT_NE(test, caller_result(test, callers[i]), 0);
	/* 6 s: ten looks a second, and a knock after each that saw a reset */
	KUNIT_EXPECT_LE(test, foe->vf->link.counters.resets, 70);
	foe_gives_up(foe);
}

static void hostile_exit(struct kunit *test)
{
	callers_fini();
	bench_exit(test);
}

static struct kunit_case hostile_cases[] = {
	KUNIT_CASE_PARAM(no_message_harms_the_vf, harmed_gen_params),
	KUNIT_CASE_PARAM(no_garbage_harms_the_vf, harmed_gen_params),
	KUNIT_CASE(no_answer_to_take_harms_the_vf),
	KUNIT_CASE(refused_vf_refuses_calls_until_the_pf_was_reset),
	KUNIT_CASE(pf_that_resets_for_ever_costs_polls_alone),
	{ }
};

static struct kunit_suite hostile_suite = {
	.name = "cfgblk_hostile_pf",
	.init = bench_init,
	.exit = hostile_exit,
	.test_cases = hostile_cases,
};

kunit_test_suite(hostile_suite);
