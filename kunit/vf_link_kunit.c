// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the VF's end of a link, with a PF that does what the test says
 *
 * Time limits are real ones; nothing else waits but for a completion.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include "pair.h"
#include "status.h"
#include "vf_link.h"

#define LIMIT_MS	1000
#define LONG		(10 * HZ)
#define TRIES		500
#define EVERY_MS	10
#define EPOCH		0x12345679
#define CALLS		(CFGBLK_VF_CALLS_MAX + 1)

/**
 * struct script - a PF by hand, and the driver above the link
 * @pair: the mailbox
 * @link: the link under test
 * @calls: what was submitted, to be put at the end
 * @n_calls: how many
 * @ups: how often the link came up
 * @refusals: how often it was refused
 * @masks: how often the driver was given a mask
 * @mask: the last one
 */
struct script {
	struct pair pair;
	struct cfgblk_vf_link link;
	struct cfgblk_call *calls[CALLS];
	unsigned int n_calls;
	unsigned int ups;
	unsigned int refusals;
	unsigned int masks;
	u64 mask;
};

static void driver_mask(void *ctx, u64 mask)
{
	struct script *script = ctx;

	script->masks++;
	script->mask = mask;
}

static void driver_up(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct script *script = ctx;

	script->ups++;
}

static void driver_refused(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct script *script = ctx;

	script->refusals++;
}

static const struct cfgblk_vf_link_ops driver_ops = {
	.mask = driver_mask,
	.up = driver_up,
	.refused = driver_refused,
};

static void pf_rings(struct script *script, unsigned int bells)
{
	cfgblk_vf_link_bell(&script->link, bells);
	flush_work(&script->link.work);
}

static void pf_says(struct script *script, const u32 *words, unsigned int n)
{
	pair_heard_by_pf(&script->pair);
	pair_write(&script->pair, words, n);
	pf_rings(script, CFGBLK_BELL_MESSAGE);
}

/* An answer of one dword; @id and @epoch are off by so many */
static void pf_answers_off(struct script *script, u8 op, u8 arg, bool more,
			   u8 id, u8 epoch)
{
	const struct cfgblk_hdr hdr = {
		.id = script->link.id + id, .epoch = EPOCH + epoch,
		.op = op, .arg = arg, .more = more,
	};
	u32 word = cfgblk_hdr_pack(&hdr);

	pf_says(script, &word, 1);
}

static void pf_answers(struct script *script, u8 op, u8 arg, bool more)
{
	pf_answers_off(script, op, arg, more, 0, 0);
}

static void pf_comes(struct script *script, u32 attempt)
{
	const struct cfgblk_hdr come = {
		.id = attempt, .op = CFGBLK_OP_COME,
	};
	u32 word = cfgblk_hdr_pack(&come);

	pf_says(script, &word, 1);
}

static void pf_welcomes(struct script *script, u32 attempt, u8 version)
{
	const struct cfgblk_welcome welcome = {
		.attempt = attempt, .epoch = EPOCH, .vf = 3,
		.version = version, .min = 1, .max = 9,
	};
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_welcome_pack(&welcome, words);
	pf_says(script, words, ARRAY_SIZE(words));
}

/* The VF has sent a message since the PF's last one, and it is that */
static struct cfgblk_hdr expect_message(struct kunit *test, u8 op, u8 arg,
					bool more)
{
	struct script *script = test->priv;
	struct cfgblk_hdr hdr;

	KUNIT_EXPECT_EQ(test, pair_heard_by_pf(&script->pair),
			CFGBLK_BELL_MESSAGE);
	KUNIT_EXPECT_TRUE(test, cfgblk_hdr_unpack(script->pair.words[0], &hdr));
	KUNIT_EXPECT_EQ(test, hdr.op, op);
	KUNIT_EXPECT_EQ(test, hdr.arg, arg);
	KUNIT_EXPECT_EQ(test, hdr.more, more);
	return hdr;
}

static void expect_request(struct kunit *test, u8 op, u8 arg, bool more)
{
	struct script *script = test->priv;
	struct cfgblk_hdr hdr = expect_message(test, op, arg, more);

	KUNIT_EXPECT_EQ(test, hdr.id, script->link.id & CFGBLK_ID_MASK);
	KUNIT_EXPECT_EQ(test, hdr.epoch, EPOCH & CFGBLK_EPOCH_MASK);
}

static void expect_knock(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_hdr hdr = expect_message(test, CFGBLK_OP_KNOCK, 0, false);

	KUNIT_EXPECT_EQ(test, hdr.id, script->link.attempt & CFGBLK_ID_MASK);
	KUNIT_EXPECT_EQ(test, hdr.epoch, 0);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_KNOCKING);
}

static void expect_silence(struct kunit *test)
{
	struct script *script = test->priv;

	KUNIT_EXPECT_EQ(test, pair_heard_by_pf(&script->pair), 0);
}

/* A handshake, the VF having knocked */
static void greet(struct kunit *test)
{
	struct script *script = test->priv;

	KUNIT_ASSERT_EQ(test, script->link.state, CFGBLK_VF_KNOCKING);
	pf_comes(script, script->link.attempt);
	KUNIT_ASSERT_EQ(test, script->link.state, CFGBLK_VF_GREETING);
	pf_welcomes(script, script->link.attempt, 1);
	KUNIT_ASSERT_NE(test, script->link.welcome.version, 0);
}

static void knock(struct kunit *test)
{
	struct script *script = test->priv;

	cfgblk_vf_link_start(&script->link);
	flush_work(&script->link.work);
}

static void attach(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	greet(test);
	pair_heard_by_pf(&script->pair);
	KUNIT_ASSERT_EQ(test, script->link.state, CFGBLK_VF_IDLE);
}

static struct cfgblk_call *submit(struct kunit *test, u8 op, u32 block,
				  unsigned int len)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;
	unsigned int i;

	KUNIT_ASSERT_LT(test, script->n_calls, CALLS);
	call = cfgblk_call_new(op, block);
	KUNIT_ASSERT_NOT_NULL(test, call);
	script->calls[script->n_calls++] = call;
	if (op == CFGBLK_OP_READ)
		call->wanted = len;
	else
		cfgblk_bytes_start(&call->bytes, len);
	for (i = 0; i < call->bytes.len; i++)
		call->bytes.data[i] = 0x80 | i;
	KUNIT_ASSERT_EQ(test, cfgblk_calls_submit(&script->link.calls, call), 0);
	flush_work(&script->link.work);
	return call;
}

static void expect_ended(struct kunit *test, struct cfgblk_call *call, int err)
{
	KUNIT_ASSERT_TRUE(test, completion_done(&call->ended));
	KUNIT_EXPECT_EQ(test, call->err, err);
}

static void expect_ends(struct kunit *test, struct cfgblk_call *call, int err)
{
	struct script *script = test->priv;

	KUNIT_ASSERT_NE(test, wait_for_completion_timeout(&call->ended, LONG),
			0);
	KUNIT_EXPECT_EQ(test, call->err, err);
	flush_work(&script->link.work);
}

/* The link still serves, once it is up */
static void expect_works(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call = submit(test, CFGBLK_OP_WRITE, 1, 1);

	expect_request(test, CFGBLK_OP_WRITE, 0, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, call, 0);
}

static void vf_knocks_then_greets_then_is_up(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_hello hello;

	script->pair.words[1] = 0x5a5a5a5a;
	knock(test);
	expect_knock(test);
	KUNIT_EXPECT_EQ(test, script->pair.words[1], 0x5a5a5a5a);
	KUNIT_EXPECT_EQ(test, script->pair.prepared, 1);
	pf_comes(script, script->link.attempt);
	KUNIT_ASSERT_TRUE(test, cfgblk_hello_unpack(script->pair.words,
						    &hello));
	KUNIT_EXPECT_EQ(test, hello.min, CFGBLK_VERSION_MIN);
	KUNIT_EXPECT_EQ(test, hello.max, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, hello.instance, script->link.instance);
	KUNIT_EXPECT_EQ(test, hello.attempt, script->link.attempt);
	pf_welcomes(script, script->link.attempt, 1);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_IDLE);
	KUNIT_EXPECT_EQ(test, script->ups, 1);
	KUNIT_EXPECT_EQ(test, script->link.welcome.vf, 3);
	expect_works(test);
}

static void come_of_another_knock_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	pf_comes(script, script->link.attempt - 1);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_KNOCKING);
	greet(test);
}

static void welcome_of_another_hello_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	pf_comes(script, script->link.attempt);
	pf_welcomes(script, script->link.attempt - 32, 1);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_GREETING);
	script->pair.words[7]++;
	pf_rings(script, CFGBLK_BELL_MESSAGE);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_GREETING);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 2);
	KUNIT_EXPECT_EQ(test, script->ups, 0);
	pf_welcomes(script, script->link.attempt, 1);
	KUNIT_EXPECT_EQ(test, script->ups, 1);
}

/* Bounded: an attempt that is not answered is followed by the next one */
static void wait_for_messages(struct kunit *test, unsigned int n)
{
	struct script *script = test->priv;
	unsigned int tries = TRIES;

	while (READ_ONCE(script->pair.vf_puts) < n && --tries)
		msleep(EVERY_MS);
	KUNIT_ASSERT_GT(test, tries, 0);
	flush_work(&script->link.work);
}

static void silent_pf_is_asked_again(struct kunit *test)
{
	struct script *script = test->priv;
	u32 first;

	knock(test);
	first = script->link.attempt;
	wait_for_messages(test, 3);
	expect_knock(test);
	KUNIT_EXPECT_GE(test, script->link.attempt, first + 2);
	greet(test);
	expect_silence(test);
	expect_works(test);
}

/* Also one that the PF makes up */
static void without_common_version_calls_are_refused(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *waits;

	knock(test);
	waits = submit(test, CFGBLK_OP_READ, 1, 1);
	pf_comes(script, script->link.attempt);
	pf_welcomes(script, script->link.attempt, 0);
	KUNIT_EXPECT_EQ(test, script->refusals, 1);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_REFUSED);
	expect_ended(test, waits, -EPROTONOSUPPORT);
	expect_ended(test, submit(test, CFGBLK_OP_READ, 1, 1),
		     -EPROTONOSUPPORT);
	expect_silence(test);
	pf_rings(script, CFGBLK_BELL_RESET);
	expect_knock(test);
	pf_comes(script, script->link.attempt);
	pf_welcomes(script, script->link.attempt, CFGBLK_VERSION_MAX + 1);
	KUNIT_EXPECT_EQ(test, script->refusals, 2);
	KUNIT_EXPECT_EQ(test, script->ups, 0);
}

static void answer_of_old_id_or_epoch_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	pf_answers_off(script, CFGBLK_OP_DONE, 0, false, -1, 0);
	pf_answers_off(script, CFGBLK_OP_FAIL, 2, false, 0, -1);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 2);
	KUNIT_EXPECT_FALSE(test, completion_done(&call->ended));
	expect_silence(test);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, call, 0);
}

static void message_that_is_not_ours_is_dropped(struct kunit *test)
{
	const u32 foreign[] = { 0x80000001 };
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	pf_says(script, foreign, 1);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 1);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	pf_says(script, foreign, 1);
	pf_answers(script, CFGBLK_OP_WRITE, 0, false);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 2);
	KUNIT_EXPECT_FALSE(test, completion_done(&call->ended));
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, call, 0);
}

struct nonsense {
	const char *name;
	u8 ask;
	u8 len;
	u8 op, arg;
	bool more;
};

static const struct nonsense nonsense[] = {
	{ "longer than asked", CFGBLK_OP_READ, 4, CFGBLK_OP_DATA, 4, false },
	{ "data goes on after its end", CFGBLK_OP_READ, 4, CFGBLK_OP_DATA, 3,
	  true },
	{ "data ends too early", CFGBLK_OP_READ, 128, CFGBLK_OP_DATA, 127,
	  false },
	{ "read is done without data", CFGBLK_OP_READ, 4, CFGBLK_OP_DONE, 0,
	  false },
	{ "mask for a read", CFGBLK_OP_READ, 4, CFGBLK_OP_MASK, 0, false },
	{ "go for a read", CFGBLK_OP_READ, 4, CFGBLK_OP_GO, 1, false },
	{ "second fragment first", CFGBLK_OP_READ, 128, CFGBLK_OP_NEXT_DATA,
	  1, true },
	{ "come for a read", CFGBLK_OP_READ, 4, CFGBLK_OP_COME, 0, false },
	{ "welcome for a read", CFGBLK_OP_READ, 4, CFGBLK_OP_WELCOME, 0,
	  false },
	{ "data for a write", CFGBLK_OP_WRITE, 4, CFGBLK_OP_DATA, 3, false },
	{ "go after the end", CFGBLK_OP_WRITE, 4, CFGBLK_OP_GO, 1, false },
	{ "go for another fragment", CFGBLK_OP_WRITE, 128, CFGBLK_OP_GO, 2,
	  false },
	{ "done too early", CFGBLK_OP_WRITE, 128, CFGBLK_OP_DONE, 0, false },
	{ "echo is done without data", CFGBLK_OP_ECHO, 4, CFGBLK_OP_DONE, 0,
	  false },
	{ "echo longer than sent", CFGBLK_OP_ECHO, 4, CFGBLK_OP_DATA, 4,
	  false },
};

static void nonsense_name(const struct nonsense *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(nonsense, nonsense, nonsense_name);

static void nonsense_is_eproto_and_a_new_knock(struct kunit *test)
{
	const struct nonsense *row = test->param_value;
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, row->ask, 1, row->len);
	pf_answers(script, row->op, row->arg, row->more);
	expect_ended(test, call, -EPROTO);
	KUNIT_EXPECT_EQ(test, script->link.counters.malformed, 1);
	expect_knock(test);
	greet(test);
	expect_works(test);
}

static void repeated_data_fragment_is_eproto(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_READ, 1, 128);
	pf_answers(script, CFGBLK_OP_DATA, 127, true);
	pf_answers(script, CFGBLK_OP_DATA, 126, true);
	expect_ended(test, call, -EPROTO);
	expect_knock(test);
}

static void failure_has_its_errno_and_the_link_goes_on(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;
	unsigned int status;

	attach(test);
	for (status = 0; status < 14; status++) {
		if (status == CFGBLK_STATUS_NOT_ATTACHED)
			continue;
		call = submit(test, CFGBLK_OP_READ, 1, 4);
		pf_answers(script, CFGBLK_OP_FAIL, status, false);
		expect_ended(test, call, cfgblk_status_to_errno(status));
		KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_IDLE);
	}
	KUNIT_EXPECT_EQ(test, script->link.counters.answers_failed, 13);
}

static void not_attached_is_econnreset_and_a_new_knock(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_READ, 1, 4);
	pf_answers(script, CFGBLK_OP_FAIL, CFGBLK_STATUS_NOT_ATTACHED, false);
	expect_ended(test, call, -ECONNRESET);
	expect_knock(test);
	greet(test);
	expect_works(test);
}

static void write_of_a_whole_block_has_three_fragments(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, U32_MAX, 128);
	KUNIT_EXPECT_EQ(test, script->pair.words[1], U32_MAX);
	KUNIT_EXPECT_EQ(test, script->pair.words[2], 0x83828180);
	expect_request(test, CFGBLK_OP_WRITE, 127, true);
	pf_rings(script, CFGBLK_BELL_ACK);
	KUNIT_EXPECT_EQ(test, script->pair.words[1], 0xbbbab9b8);
	expect_request(test, CFGBLK_OP_NEXT, 1, true);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_request(test, CFGBLK_OP_NEXT, 2, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, call, 0);
}

static void read_of_a_whole_block_has_two_acks(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_READ, 62, 128);
	expect_request(test, CFGBLK_OP_READ, 127, false);
	script->pair.words[15] = 0x44332211;
	pf_answers(script, CFGBLK_OP_DATA, 127, true);
	KUNIT_EXPECT_EQ(test, pair_heard_by_pf(&script->pair), CFGBLK_BELL_ACK);
	pf_answers(script, CFGBLK_OP_NEXT_DATA, 1, true);
	KUNIT_EXPECT_EQ(test, pair_heard_by_pf(&script->pair), CFGBLK_BELL_ACK);
	pf_answers(script, CFGBLK_OP_NEXT_DATA, 2, false);
	expect_silence(test);
	expect_ended(test, call, 0);
	KUNIT_EXPECT_EQ(test, call->answer.len, 128);
	KUNIT_EXPECT_EQ(test, memcmp(&call->answer.data[56],
				     "\x11\x22\x33\x44", 4), 0);
}

/* The first takes all its time, the second has some of its own left */
static void timeout_ends_one_call_and_the_next_is_served(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *first, *second;

	attach(test);
	first = submit(test, CFGBLK_OP_WRITE, 1, 1);
	msleep(LIMIT_MS / 2);
	second = submit(test, CFGBLK_OP_WRITE, 2, 2);
	expect_request(test, CFGBLK_OP_WRITE, 0, false);
	expect_ends(test, first, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, script->link.counters.timeouts, 1);
	expect_knock(test);
	greet(test);
	expect_request(test, CFGBLK_OP_WRITE, 1, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, second, 0);
}

static void call_that_never_begins_times_out(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	knock(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	expect_ends(test, call, -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.requests, 0);
}

/* A reset while the VF copies an answer: between the bytes and the last look */
static void wipe_after_copy(struct pair *pair, const struct pair_access *access)
{
	if (!access->pf && access->op == PAIR_GET && access->first == 1)
		memset(pair->words, 0, sizeof(pair->words));
}

static void answer_wiped_during_the_copy_is_econnreset(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_READ, 1, 8);
	script->pair.hook = wipe_after_copy;
	pf_answers(script, CFGBLK_OP_DATA, 7, false);
	script->pair.hook = NULL;
	expect_ended(test, call, -ECONNRESET);
	KUNIT_EXPECT_EQ(test, script->link.counters.bytes_in, 0);
	expect_knock(test);
	greet(test);
	expect_works(test);
}

/* As in a guest, whose host resets the VF: the PF wipes, and no bell rings */
static void reset_that_nobody_tells_of_is_econnreset(struct kunit *test)
{
	static const u32 zeroes[CFGBLK_MBX_DWORDS];
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 128);
	pair_heard_by_pf(&script->pair);
	pair_write(&script->pair, zeroes, ARRAY_SIZE(zeroes));
	expect_ends(test, call, -ECONNRESET);
	KUNIT_EXPECT_EQ(test, script->link.counters.timeouts, 0);
	expect_knock(test);
	greet(test);
	expect_works(test);
}

static void nothing_is_sent_while_the_pf_is_in_reset(struct kunit *test)
{
	struct script *script = test->priv;

	script->pair.down = true;
	knock(test);
	msleep(LIMIT_MS);
	flush_work(&script->link.work);
	KUNIT_EXPECT_EQ(test, script->pair.vf_puts, 0);
	KUNIT_EXPECT_EQ(test, script->pair.prepared, 0);
	WRITE_ONCE(script->pair.down, false);
	wait_for_messages(test, 1);
	greet(test);
	KUNIT_EXPECT_EQ(test, script->pair.prepared, 1);
	expect_silence(test);
	expect_works(test);
}

static void pf_reset_ends_the_call_under_way(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 128);
	script->pair.down = true;
	pair_heard_by_pf(&script->pair);
	pf_rings(script, CFGBLK_BELL_DOWN);
	expect_ended(test, call, -ECONNRESET);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_DOWN);
	WRITE_ONCE(script->pair.down, false);
	wait_for_messages(test, 4);
	greet(test);
	expect_silence(test);
	expect_works(test);
}

static void one_call_too_many_is_eagain(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;
	unsigned int i;

	attach(test);
	for (i = 0; i < CFGBLK_VF_CALLS_MAX; i++)
		submit(test, CFGBLK_OP_WRITE, i, 1);
	call = cfgblk_call_new(CFGBLK_OP_READ, 1);
	KUNIT_ASSERT_NOT_NULL(test, call);
	script->calls[script->n_calls++] = call;
	KUNIT_EXPECT_EQ(test, cfgblk_calls_submit(&script->link.calls, call),
			-EAGAIN);
	for (i = 0; i < CFGBLK_VF_CALLS_MAX; i++) {
		expect_request(test, CFGBLK_OP_WRITE, 0, false);
		pf_answers(script, CFGBLK_OP_DONE, 0, false);
		expect_ended(test, script->calls[i], 0);
	}
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 0);
	expect_silence(test);
}

static void stop_ends_all_calls_with_its_errno(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *running, *queued;

	attach(test);
	running = submit(test, CFGBLK_OP_WRITE, 1, 128);
	queued = submit(test, CFGBLK_OP_READ, 1, 4);
	cfgblk_vf_link_stop(&script->link, -ESHUTDOWN);
	expect_ended(test, running, -ESHUTDOWN);
	expect_ended(test, queued, -ESHUTDOWN);
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_calls_submit(&script->link.calls, queued),
			-ESHUTDOWN);
	pair_heard_by_pf(&script->pair);
	pf_rings(script, CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK);
	expect_silence(test);
	attach(test);
	expect_works(test);
}

/**
 * struct waiter - a process that waits for a call
 * @link: the link
 * @call: the call
 * @ready: it can be killed from now on
 */
struct waiter {
	struct cfgblk_vf_link *link;
	struct cfgblk_call *call;
	struct completion ready;
};

static int waiter_waits(void *arg)
{
	struct waiter *waiter = arg;

	allow_signal(SIGKILL);
	complete(&waiter->ready);
	return cfgblk_calls_wait(&waiter->link->calls, waiter->call);
}

/* Wait for a call in a process that is killed; returns what it got */
static int killed_waiter(struct kunit *test, struct cfgblk_call *call)
{
	struct script *script = test->priv;
	struct waiter waiter = { .link = &script->link, .call = call };
	struct task_struct *task;
	int err;

	init_completion(&waiter.ready);
	task = kthread_create(waiter_waits, &waiter, "cfgblk-waiter");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&waiter.ready);
	send_sig(SIGKILL, task, 1);
	err = kthread_stop(task);
	put_task_struct(task);
	return err;
}

static void call_of_a_killed_waiter_never_begins(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *running, *queued;

	attach(test);
	running = submit(test, CFGBLK_OP_WRITE, 1, 1);
	queued = submit(test, CFGBLK_OP_WRITE, 2, 2);
	KUNIT_EXPECT_EQ(test, killed_waiter(test, queued), -EINTR);
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 1);
	expect_request(test, CFGBLK_OP_WRITE, 0, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, running, 0);
	expect_silence(test);
	expect_works(test);
}

/* Its own reference keeps it until the PF has answered */
static void call_under_way_outlives_its_killed_waiter(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	KUNIT_EXPECT_EQ(test, killed_waiter(test, call), -EINTR);
	cfgblk_call_put(call);
	script->n_calls--;
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 1);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	KUNIT_EXPECT_EQ(test, script->link.calls.waiting, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.answers_ok, 1);
	pair_heard_by_pf(&script->pair);
	expect_works(test);
}

static void pf_gives_mask(struct script *script, u64 mask)
{
	const struct cfgblk_hdr hdr = {
		.id = script->link.id, .epoch = EPOCH & CFGBLK_EPOCH_MASK,
		.op = CFGBLK_OP_MASK,
	};
	const u32 words[] = {
		cfgblk_hdr_pack(&hdr), lower_32_bits(mask),
		upper_32_bits(mask),
	};

	pf_says(script, words, ARRAY_SIZE(words));
}

static void notice_is_taken_once_somebody_wants_it(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_silence(test);
	expect_works(test);
	cfgblk_vf_link_want(&script->link, true);
	flush_work(&script->link.work);
	expect_request(test, CFGBLK_OP_TAKE, 0, false);
	pf_gives_mask(script, BIT_ULL(63) | BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, script->masks, 1);
	KUNIT_EXPECT_EQ(test, script->mask, BIT_ULL(63) | BIT_ULL(1));
	expect_silence(test);
}

static void notice_waits_for_the_call_under_way_only(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *running, *queued;

	attach(test);
	cfgblk_vf_link_want(&script->link, true);
	running = submit(test, CFGBLK_OP_WRITE, 1, 1);
	queued = submit(test, CFGBLK_OP_WRITE, 2, 2);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_request(test, CFGBLK_OP_WRITE, 0, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, running, 0);
	expect_request(test, CFGBLK_OP_TAKE, 0, false);
	pf_gives_mask(script, BIT_ULL(5));
	KUNIT_EXPECT_EQ(test, script->mask, BIT_ULL(5));
	expect_request(test, CFGBLK_OP_WRITE, 1, false);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, queued, 0);
}

/* Each MASK comes with the next notice */
static void masks_without_end_leave_the_calls_their_turns(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *calls[3];
	unsigned int i;

	attach(test);
	cfgblk_vf_link_want(&script->link, true);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		expect_request(test, CFGBLK_OP_TAKE, 0, false);
		calls[i] = submit(test, CFGBLK_OP_WRITE, 1, 1);
		pf_rings(script, CFGBLK_BELL_NOTICE);
		pf_gives_mask(script, BIT_ULL(i));
		KUNIT_EXPECT_EQ(test, script->mask, BIT_ULL(i));
		expect_request(test, CFGBLK_OP_WRITE, 0, false);
		pf_answers(script, CFGBLK_OP_DONE, 0, false);
		expect_ended(test, calls[i], 0);
	}
	expect_request(test, CFGBLK_OP_TAKE, 0, false);
}

static void count_gets(struct pair *pair, const struct pair_access *access)
{
	if (!access->pf && access->op == PAIR_GET)
		++*(unsigned int *)pair->hook_ctx;
}

/* How often the VF looks at the buffer when @bells ring */
static unsigned int gets_for(struct script *script, unsigned int bells)
{
	unsigned int gets = 0;

	script->pair.hook_ctx = &gets;
	script->pair.hook = count_gets;
	pf_rings(script, bells);
	script->pair.hook = NULL;
	return gets;
}

static void go_and_notice_cost_no_look_at_the_buffer(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	KUNIT_EXPECT_EQ(test, gets_for(script, CFGBLK_BELL_NOTICE), 0);
	KUNIT_EXPECT_TRUE(test, script->link.notice);
	submit(test, CFGBLK_OP_WRITE, 1, 128);
	KUNIT_EXPECT_EQ(test, gets_for(script, CFGBLK_BELL_ACK), 0);
	KUNIT_EXPECT_EQ(test, gets_for(script, CFGBLK_BELL_ACK), 0);
	expect_request(test, CFGBLK_OP_NEXT, 2, false);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.notices, 1);
}

/* Nobody sends a fragment for it, and it is no notice */
static void go_that_nobody_waits_for_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	knock(test);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_knock(test);
	greet(test);
	pair_heard_by_pf(&script->pair);
	cfgblk_vf_link_want(&script->link, true);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
	call = submit(test, CFGBLK_OP_READ, 1, 128);
	expect_request(test, CFGBLK_OP_READ, 127, false);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
	pf_answers(script, CFGBLK_OP_DATA, 127, true);
	pair_heard_by_pf(&script->pair);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 4);
	KUNIT_EXPECT_FALSE(test, completion_done(&call->ended));
}

/* The ACK may be the PF's GO, a bell of the last message being late */
static void notice_that_may_hide_a_go_is_asked_about_once(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 128);
	expect_request(test, CFGBLK_OP_WRITE, 127, true);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	KUNIT_EXPECT_EQ(test, pair_heard_by_pf(&script->pair), CFGBLK_BELL_ACK);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_silence(test);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
	pf_answers(script, CFGBLK_OP_GO, 1, false);
	expect_request(test, CFGBLK_OP_NEXT, 1, true);
	pf_rings(script, CFGBLK_BELL_ACK);
	expect_request(test, CFGBLK_OP_NEXT, 2, false);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_silence(test);
	pf_answers(script, CFGBLK_OP_DONE, 0, false);
	expect_ended(test, call, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 0);
}

/* A notice that comes while dword 0 is still that of the last fragment */
static void notice_between_two_fragments_is_no_fragment(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_READ, 1, 128);
	pf_answers(script, CFGBLK_OP_DATA, 127, true);
	pair_heard_by_pf(&script->pair);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	pf_rings(script, CFGBLK_BELL_MESSAGE);
	expect_silence(test);
	pf_answers(script, CFGBLK_OP_NEXT_DATA, 1, true);
	pf_answers(script, CFGBLK_OP_NEXT_DATA, 2, false);
	expect_ended(test, call, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 1);
}

static void notice_during_the_handshake_is_no_answer(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_knock(test);
	pf_comes(script, script->link.attempt);
	pair_heard_by_pf(&script->pair);
	pf_rings(script, CFGBLK_BELL_NOTICE);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_VF_GREETING);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 0);
	pf_welcomes(script, script->link.attempt, 1);
	expect_works(test);
}

/* It was rung, and no interrupt has told of it by the time of the WELCOME */
static void go_of_an_old_epoch_is_not_heard_in_the_next(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	pf_comes(script, script->link.attempt);
	WRITE_ONCE(script->pair.to_vf, CFGBLK_BELL_ACK);
	pf_welcomes(script, script->link.attempt, 1);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, 0);
	submit(test, CFGBLK_OP_WRITE, 1, 128);
	expect_request(test, CFGBLK_OP_WRITE, 127, true);
	cfgblk_vf_link_hear(&script->link);
	flush_work(&script->link.work);
	expect_silence(test);
	KUNIT_EXPECT_FALSE(test, script->link.notice);
}

static void notice_that_is_heard_with_the_welcome_is_kept(struct kunit *test)
{
	struct script *script = test->priv;

	cfgblk_vf_link_want(&script->link, true);
	knock(test);
	pf_comes(script, script->link.attempt);
	WRITE_ONCE(script->pair.to_vf, CFGBLK_BELL_NOTICE);
	pf_welcomes(script, script->link.attempt, 1);
	expect_request(test, CFGBLK_OP_TAKE, 0, false);
}

static void reset_that_is_heard_with_the_welcome_is_kept(struct kunit *test)
{
	struct script *script = test->priv;

	knock(test);
	pf_comes(script, script->link.attempt);
	WRITE_ONCE(script->pair.to_vf, CFGBLK_BELL_RESET | CFGBLK_BELL_ACK);
	pf_welcomes(script, script->link.attempt, 1);
	flush_work(&script->link.work);
	expect_knock(test);
}

/* The bell is there, the interrupt is not */
static void go_without_an_interrupt_is_found(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	submit(test, CFGBLK_OP_WRITE, 1, 61);
	expect_request(test, CFGBLK_OP_WRITE, 60, true);
	WRITE_ONCE(script->pair.to_vf, CFGBLK_BELL_ACK);
	msleep(LIMIT_MS / 2);
	flush_work(&script->link.work);
	expect_request(test, CFGBLK_OP_NEXT, 1, false);
	KUNIT_EXPECT_EQ(test, script->link.counters.polled, 1);
}

/* The message and its bell are there, the interrupt is not */
static void pf_is_done_without_an_interrupt(struct script *script)
{
	const struct cfgblk_hdr done = {
		.id = script->link.id,
		.epoch = EPOCH & CFGBLK_EPOCH_MASK,
		.op = CFGBLK_OP_DONE,
	};
	u32 word = cfgblk_hdr_pack(&done);

	pair_write(&script->pair, &word, 1);
	WRITE_ONCE(script->pair.to_vf, CFGBLK_BELL_MESSAGE);
}

static void answer_without_an_interrupt_is_found(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	pf_is_done_without_an_interrupt(script);
	expect_ends(test, call, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.polled, 1);
}

/* The timer was to come in nearly a second */
static void call_after_a_rest_is_looked_after_as_often(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_call *call;

	attach(test);
	msleep(1100);
	call = submit(test, CFGBLK_OP_WRITE, 1, 1);
	pf_is_done_without_an_interrupt(script);
	KUNIT_ASSERT_NE(test, 0,
			wait_for_completion_timeout(&call->ended, HZ / 4));
	KUNIT_EXPECT_EQ(test, call->err, 0);
}

static int vf_link_test_init(struct kunit *test)
{
	struct script *script = kunit_kzalloc(test, sizeof(*script),
					      GFP_KERNEL);
	struct cfgblk_mbx mbx = { .ops = &pair_vf_ops };

	if (!script)
		return -ENOMEM;
	mbx.ctx = &script->pair;
	pair_init(&script->pair);
	cfgblk_vf_link_init(&script->link, &mbx, &driver_ops, script,
			    LIMIT_MS);
	test->priv = script;
	return 0;
}

static void vf_link_test_exit(struct kunit *test)
{
	struct script *script = test->priv;

	if (!script)
		return;
	cfgblk_vf_link_stop(&script->link, -ENODEV);
	cfgblk_vf_link_fini(&script->link);
	while (script->n_calls)
		cfgblk_call_put(script->calls[--script->n_calls]);
}

static struct kunit_case vf_link_cases[] = {
	KUNIT_CASE(vf_knocks_then_greets_then_is_up),
	KUNIT_CASE(come_of_another_knock_is_dropped),
	KUNIT_CASE(welcome_of_another_hello_is_dropped),
	KUNIT_CASE(silent_pf_is_asked_again),
	KUNIT_CASE(without_common_version_calls_are_refused),
	KUNIT_CASE(answer_of_old_id_or_epoch_is_dropped),
	KUNIT_CASE(message_that_is_not_ours_is_dropped),
	KUNIT_CASE_PARAM(nonsense_is_eproto_and_a_new_knock,
			 nonsense_gen_params),
	KUNIT_CASE(repeated_data_fragment_is_eproto),
	KUNIT_CASE(failure_has_its_errno_and_the_link_goes_on),
	KUNIT_CASE(not_attached_is_econnreset_and_a_new_knock),
	KUNIT_CASE(write_of_a_whole_block_has_three_fragments),
	KUNIT_CASE(read_of_a_whole_block_has_two_acks),
	KUNIT_CASE(timeout_ends_one_call_and_the_next_is_served),
	KUNIT_CASE(call_that_never_begins_times_out),
	KUNIT_CASE(answer_wiped_during_the_copy_is_econnreset),
	KUNIT_CASE(reset_that_nobody_tells_of_is_econnreset),
	KUNIT_CASE(nothing_is_sent_while_the_pf_is_in_reset),
	KUNIT_CASE(pf_reset_ends_the_call_under_way),
	KUNIT_CASE(one_call_too_many_is_eagain),
	KUNIT_CASE(stop_ends_all_calls_with_its_errno),
	KUNIT_CASE(call_of_a_killed_waiter_never_begins),
	KUNIT_CASE(call_under_way_outlives_its_killed_waiter),
	KUNIT_CASE(notice_is_taken_once_somebody_wants_it),
	KUNIT_CASE(notice_waits_for_the_call_under_way_only),
	KUNIT_CASE(masks_without_end_leave_the_calls_their_turns),
	KUNIT_CASE(go_and_notice_cost_no_look_at_the_buffer),
	KUNIT_CASE(go_that_nobody_waits_for_is_dropped),
	KUNIT_CASE(notice_that_may_hide_a_go_is_asked_about_once),
	KUNIT_CASE(notice_between_two_fragments_is_no_fragment),
	KUNIT_CASE(notice_during_the_handshake_is_no_answer),
	KUNIT_CASE(go_of_an_old_epoch_is_not_heard_in_the_next),
	KUNIT_CASE(notice_that_is_heard_with_the_welcome_is_kept),
	KUNIT_CASE(reset_that_is_heard_with_the_welcome_is_kept),
	KUNIT_CASE(go_without_an_interrupt_is_found),
	KUNIT_CASE(answer_without_an_interrupt_is_found),
	KUNIT_CASE(call_after_a_rest_is_looked_after_as_often),
	{ }
};

static struct kunit_suite vf_link_suite = {
	.name = "cfgblk_vf_link",
	.init = vf_link_test_init,
	.exit = vf_link_test_exit,
	.test_cases = vf_link_cases,
};

kunit_test_suite(vf_link_suite);
