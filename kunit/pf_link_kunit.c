// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the PF's end of a link, with a VF that does what the test says
 *
 * The test writes the buffer, rings, and lets the link's work run to its end
 * before it looks at what was answered.
 */
#include <kunit/test.h>
#include <linux/string.h>

#include "pair.h"
#include "pf_link.h"
#include "status.h"

#define VF_ID		5
#define INSTANCE	0x11112222
#define ATTEMPT		0x33334445
#define PUBLISHED	(BIT_ULL(0) | BIT_ULL(63))

/**
 * struct script - a VF by hand, and the server behind the link
 * @pair: the mailbox
 * @link: the link under test
 * @id: request id used last
 * @epoch: of the last WELCOME
 * @err: what the server returns; for a read, bytes if not negative
 * @data: what a read gives, and what a write brought
 * @len: bytes of the last read or write
 * @block: block of the last read or write
 * @calls: how often the server was called
 * @came: how often a VF came
 * @version: of the one that came last
 * @went: how often one went
 * @published: what the server has published
 * @limited: the VF is over its limit
 * @limits: how often the server was told of that, or of its end
 * @slow: called while the server is at work
 */
struct script {
	struct pair pair;
	struct cfgblk_pf_link link;
	u8 id;
	u32 epoch;
	int err;
	u8 data[CFGBLK_BLOCK_MAX];
	unsigned int len;
	u32 block;
	unsigned int calls;
	unsigned int came;
	u8 version;
	unsigned int went;
	u64 published;
	bool limited;
	unsigned int limits;
	void (*slow)(struct script *script);
};

static void server_called(struct script *script, u32 block, unsigned int len)
{
	script->calls++;
	script->block = block;
	script->len = len;
	if (script->slow)
		script->slow(script);
}

static int server_read(void *ctx, u32 block, void *buf, unsigned int len)
{
	struct script *script = ctx;

	server_called(script, block, len);
	if (script->err > 0)
		memcpy(buf, script->data, min_t(int, len, script->err));
	return script->err;
}

static int server_write(void *ctx, u32 block, const void *buf,
			unsigned int len)
{
	struct script *script = ctx;

	server_called(script, block, len);
	memcpy(script->data, buf, len);
	return script->err;
}

static void server_came(void *ctx, const struct cfgblk_hello *hello,
			u8 version)
{
	struct script *script = ctx;

	script->came++;
	script->version = version;
}

static void server_went(void *ctx)
{
	struct script *script = ctx;

	script->went++;
}

static u64 server_published(void *ctx)
{
	struct script *script = ctx;

	return script->published;
}

static void server_limited(void *ctx, bool limited)
{
	struct script *script = ctx;

	script->limited = limited;
	script->limits++;
}

static const struct cfgblk_pf_link_ops server_ops = {
	.read = server_read,
	.write = server_write,
	.came = server_came,
	.went = server_went,
	.published = server_published,
	.limited = server_limited,
};

static void vf_rings(struct script *script, unsigned int bells)
{
	cfgblk_pf_link_bell(&script->link, bells);
	flush_delayed_work(&script->link.work);
}

static void vf_says(struct script *script, const u32 *words, unsigned int n)
{
	pair_heard_by_vf(&script->pair);
	pair_write(&script->pair, words, n);
	vf_rings(script, CFGBLK_BELL_MESSAGE);
}

static void vf_says_word(struct script *script, u32 word)
{
	vf_says(script, &word, 1);
}

static u32 vf_header(const struct script *script, u8 op, u8 arg, bool more)
{
	const struct cfgblk_hdr hdr = {
		.id = script->id, .epoch = script->epoch, .op = op,
		.arg = arg, .more = more,
	};

	return cfgblk_hdr_pack(&hdr);
}

/* A new request of one dword; block id 0 */
static void vf_asks(struct script *script, u8 op, u8 arg, bool more)
{
	script->id++;
	vf_says_word(script, vf_header(script, op, arg, more));
}

static void vf_knocks(struct script *script, u8 id)
{
	const struct cfgblk_hdr knock = { .id = id, .op = CFGBLK_OP_KNOCK };

	vf_says_word(script, cfgblk_hdr_pack(&knock));
}

static void vf_greets(struct script *script, u32 instance, u8 min, u8 max)
{
	const struct cfgblk_hello hello = {
		.instance = instance, .attempt = ATTEMPT,
		.min = min, .max = max,
	};
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_hello_pack(&hello, words);
	vf_says(script, words, ARRAY_SIZE(words));
}

/* The PF has answered, with that message */
static struct cfgblk_hdr expect_answer(struct kunit *test, u8 op, u8 arg,
				       bool more)
{
	struct script *script = test->priv;
	struct cfgblk_hdr hdr;

	KUNIT_EXPECT_TRUE(test, script->pair.to_vf & CFGBLK_BELL_MESSAGE);
	KUNIT_EXPECT_TRUE(test, cfgblk_hdr_unpack(script->pair.words[0], &hdr));
	KUNIT_EXPECT_EQ(test, hdr.op, op);
	KUNIT_EXPECT_EQ(test, hdr.arg, arg);
	KUNIT_EXPECT_EQ(test, hdr.more, more);
	KUNIT_EXPECT_EQ(test, hdr.id, script->id & CFGBLK_ID_MASK);
	KUNIT_EXPECT_EQ(test, hdr.epoch, script->epoch & CFGBLK_EPOCH_MASK);
	KUNIT_EXPECT_EQ(test, hdr.short_id, 0);
	return hdr;
}

static void expect_fail(struct kunit *test, u8 status)
{
	expect_answer(test, CFGBLK_OP_FAIL, status, false);
}

static void expect_silence(struct kunit *test)
{
	struct script *script = test->priv;

	KUNIT_EXPECT_EQ(test, script->pair.to_vf & CFGBLK_BELL_MESSAGE, 0);
}

/* A GO and nothing else; what the VF has sent is still in the buffer */
static void expect_go(struct kunit *test, const u32 *words, unsigned int n)
{
	struct script *script = test->priv;

	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_ACK);
	KUNIT_EXPECT_EQ(test, 0, memcmp(script->pair.words, words,
					n * sizeof(*words)));
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_RECEIVING);
}

static void expect_go_for_word(struct kunit *test, u32 word)
{
	expect_go(test, &word, 1);
}

/* A request or fragment of one dword that is not the last */
static void vf_begins(struct kunit *test, u8 op, u8 arg)
{
	struct script *script = test->priv;
	u32 word;

	script->id += op != CFGBLK_OP_NEXT;
	word = vf_header(script, op, arg, true);
	vf_says_word(script, word);
	expect_go_for_word(test, word);
}

/* A VF that speaks our version; published blocks are rung for */
static void attach(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_welcome welcome;

	vf_knocks(script, ATTEMPT & CFGBLK_ID_MASK);
	vf_greets(script, INSTANCE, CFGBLK_VERSION_MIN, CFGBLK_VERSION_MAX);
	KUNIT_ASSERT_TRUE(test, cfgblk_welcome_unpack(script->pair.words,
						      &welcome));
	KUNIT_ASSERT_EQ(test, welcome.version, CFGBLK_VERSION_MAX);
	script->epoch = welcome.epoch;
	script->id = 0;
	pair_heard_by_vf(&script->pair);
}

/* The link still serves */
static void expect_works(struct kunit *test)
{
	struct script *script = test->priv;

	script->err = 0;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
}

static void knock_is_answered_with_come(struct kunit *test)
{
	struct script *script = test->priv;
	u32 words[CFGBLK_MBX_DWORDS];

	memset32(words, 0x5a5a5a5a, ARRAY_SIZE(words));
	pair_write(&script->pair, words, ARRAY_SIZE(words));
	vf_knocks(script, 31);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_MESSAGE);
	KUNIT_EXPECT_EQ(test, script->pair.words[0],
			31u << 27 | 0xcu << 12 | CFGBLK_OP_COME << 8);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_DOWN);
}

static void hello_is_answered_with_welcome(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_welcome welcome;

	vf_knocks(script, 1);
	vf_greets(script, INSTANCE, 1, 255);
	KUNIT_ASSERT_TRUE(test, cfgblk_welcome_unpack(script->pair.words,
						      &welcome));
	KUNIT_EXPECT_EQ(test, welcome.version, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, welcome.min, CFGBLK_VERSION_MIN);
	KUNIT_EXPECT_EQ(test, welcome.max, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, welcome.attempt, ATTEMPT);
	KUNIT_EXPECT_EQ(test, welcome.epoch, script->link.epoch);
	KUNIT_EXPECT_EQ(test, welcome.features, 0);
	KUNIT_EXPECT_EQ(test, welcome.vf, VF_ID);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_IDLE);
	KUNIT_EXPECT_EQ(test, script->came, 1);
	KUNIT_EXPECT_EQ(test, script->version, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, script->link.peer_max, 255);
}

static void hello_without_common_version_is_told_so(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_welcome welcome;

	vf_greets(script, INSTANCE, CFGBLK_VERSION_MAX + 1, 255);
	KUNIT_ASSERT_TRUE(test, cfgblk_welcome_unpack(script->pair.words,
						      &welcome));
	KUNIT_EXPECT_EQ(test, welcome.version, 0);
	KUNIT_EXPECT_EQ(test, welcome.max, CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_DOWN);
	KUNIT_EXPECT_EQ(test, script->came, 1);
	KUNIT_EXPECT_EQ(test, script->version, 0);
	vf_asks(script, CFGBLK_OP_READ, 0, false);
	expect_fail(test, CFGBLK_STATUS_NOT_ATTACHED);
}

static void damaged_hello_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;
	const struct cfgblk_hello hello = { .min = 1, .max = 1 };
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_hello_pack(&hello, words);
	words[7]++;
	vf_says(script, words, ARRAY_SIZE(words));
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.malformed, 1);
	KUNIT_EXPECT_EQ(test, script->came, 0);
}

static void request_without_handshake_is_refused_in_its_own_epoch(struct kunit *test)
{
	struct script *script = test->priv;

	for (script->epoch = 0; script->epoch < 32; script->epoch++) {
		vf_asks(script, CFGBLK_OP_WRITE, 0, false);
		expect_fail(test, CFGBLK_STATUS_NOT_ATTACHED);
	}
	KUNIT_EXPECT_EQ(test, script->calls, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.answers_failed, 32);
}

/* The second dword has the block; what follows a first fragment has none */
static void refused_request_is_kept_with_its_block(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_journal *journal = &script->link.journal;
	const struct cfgblk_hdr read = {
		.op = CFGBLK_OP_READ, .short_id = CFGBLK_SHORT_ID_NONE,
	};
	u32 words[] = { cfgblk_hdr_pack(&read), 0x12345 };

	vf_says(script, words, ARRAY_SIZE(words));
	KUNIT_ASSERT_EQ(test, journal->n, 1);
	KUNIT_EXPECT_EQ(test, journal->last[0].block, 0x12345);
	KUNIT_EXPECT_EQ(test, (int)journal->last[0].err, ECONNRESET);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, false));
	expect_fail(test, CFGBLK_STATUS_NOT_ATTACHED);
	KUNIT_EXPECT_EQ(test, journal->n, 1);
}

static void knock_ends_the_epoch(struct kunit *test)
{
	struct script *script = test->priv;
	u32 epoch;

	attach(test);
	epoch = script->epoch;
	vf_knocks(script, 9);
	vf_asks(script, CFGBLK_OP_READ, 0, false);
	expect_fail(test, CFGBLK_STATUS_NOT_ATTACHED);
	KUNIT_EXPECT_EQ(test, script->went, 0);
	attach(test);
	KUNIT_EXPECT_NE(test, (script->epoch ^ epoch) & CFGBLK_EPOCH_MASK, 0);
	expect_works(test);
}

static void message_that_is_not_ours_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_says_word(script, 0x00000001);
	expect_silence(test);
	vf_says_word(script, vf_header(script, CFGBLK_OP_COME, 0, false));
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.malformed, 2);
	expect_works(test);
}

struct malformed {
	const char *name;
	u8 op, arg;
	bool more;
	u8 status;
};

static const struct malformed malformed[] = {
	{ "unknown op", 0x7, 0, false, CFGBLK_STATUS_BAD_OP },
	{ "write: more than there is", CFGBLK_OP_WRITE, 59, true,
	  CFGBLK_STATUS_BAD_LENGTH },
	{ "write: less than there is", CFGBLK_OP_WRITE, 60, false,
	  CFGBLK_STATUS_BAD_LENGTH },
	{ "echo: more than there is", CFGBLK_OP_ECHO, 0, true,
	  CFGBLK_STATUS_BAD_LENGTH },
	{ "echo: less than there is", CFGBLK_OP_ECHO, 127, false,
	  CFGBLK_STATUS_BAD_LENGTH },
	{ "read in fragments", CFGBLK_OP_READ, 0, true,
	  CFGBLK_STATUS_BAD_LENGTH },
};

static void malformed_name(const struct malformed *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(malformed, malformed, malformed_name);

static void malformed_request_has_its_status(struct kunit *test)
{
	const struct malformed *row = test->param_value;
	struct script *script = test->priv;

	attach(test);
	vf_asks(script, row->op, row->arg, row->more);
	expect_fail(test, row->status);
	KUNIT_EXPECT_EQ(test, script->calls, 0);
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_IDLE);
	expect_works(test);
}

/* The second fragment of a write of 128 bytes is none, or not the one */
static const struct malformed bad_next[] = {
	{ "skipped one", CFGBLK_OP_NEXT, 2, true, CFGBLK_STATUS_BAD_FRAGMENT },
	{ "far ahead", CFGBLK_OP_NEXT, 127, true, CFGBLK_STATUS_BAD_FRAGMENT },
	{ "ends too early", CFGBLK_OP_NEXT, 1, false,
	  CFGBLK_STATUS_BAD_LENGTH },
};

KUNIT_ARRAY_PARAM(bad_next, bad_next, malformed_name);

static void malformed_fragment_has_its_status(struct kunit *test)
{
	const struct malformed *row = test->param_value;
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	vf_says_word(script, vf_header(script, row->op, row->arg, row->more));
	expect_fail(test, row->status);
	KUNIT_EXPECT_EQ(test, script->calls, 0);
	expect_works(test);
}

static void fragment_without_end_is_bad_length(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 60);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, true));
	expect_fail(test, CFGBLK_STATUS_BAD_LENGTH);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 2, false));
	expect_fail(test, CFGBLK_STATUS_BAD_FRAGMENT);
	KUNIT_EXPECT_EQ(test, script->calls, 0);
	expect_works(test);
}

static void fragment_without_request_is_bad_fragment(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	expect_works(test);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, false));
	expect_fail(test, CFGBLK_STATUS_BAD_FRAGMENT);
	expect_works(test);
}

static void request_of_old_epoch_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->epoch--;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	KUNIT_EXPECT_EQ(test, script->calls, 0);
	script->epoch++;
	expect_works(test);
}

static void repeated_request_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	expect_works(test);
	vf_says_word(script, vf_header(script, CFGBLK_OP_WRITE, 0, false));
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	KUNIT_EXPECT_EQ(test, script->calls, 1);
}

static void repeated_fragment_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	vf_begins(test, CFGBLK_OP_NEXT, 1);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, true));
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 1);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, false));
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 2, false));
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
	KUNIT_EXPECT_EQ(test, script->len, 128);
}

static void fragment_of_another_request_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_asks(script, CFGBLK_OP_WRITE, 127, true);
	vf_asks(script, CFGBLK_OP_NEXT, 1, true);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
}

static void bytes_fill(struct cfgblk_bytes *bytes, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		bytes->data[i] = len + 3 * i;
	cfgblk_bytes_start(bytes, len);
}

/* All fragments of a request whose bytes begin in dword @first at first */
static void vf_sends(struct kunit *test, u8 op, u32 *words, unsigned int first,
		     struct cfgblk_bytes *bytes)
{
	struct script *script = test->priv;
	u32 short_id = first == 2 ? CFGBLK_SHORT_ID_NONE : 0;
	unsigned int n;
	u8 arg;

	for (;;) {
		arg = bytes->frag ?: bytes->len - 1;
		n = first + cfgblk_frag_dwords(bytes, first);
		cfgblk_frag_cut(bytes, words, first);
		words[0] = vf_header(script, op, arg,
				     !cfgblk_bytes_whole(bytes)) |
			   short_id << 16;
		vf_says(script, words, n);
		if (cfgblk_bytes_whole(bytes))
			return;
		expect_go(test, words, n);
		op = CFGBLK_OP_NEXT;
		short_id = 0;
		first = 1;
	}
}

/* All fragments of the answer, the first one being in the buffer */
static void vf_receives(struct kunit *test, struct cfgblk_bytes *bytes,
			unsigned int len)
{
	struct script *script = test->priv;
	u8 op = CFGBLK_OP_DATA;
	unsigned int n;
	bool more;

	cfgblk_bytes_start(bytes, len);
	for (;;) {
		n = len - bytes->done;
		more = n > 60;
		expect_answer(test, op, bytes->frag ?: len - 1, more);
		cfgblk_frag_join(bytes, script->pair.words, 1);
		if (!more)
			return;
		op = CFGBLK_OP_NEXT_DATA;
		pair_heard_by_vf(&script->pair);
		vf_rings(script, CFGBLK_BELL_ACK);
	}
}

static void write_of_every_size_reaches_the_server(struct kunit *test)
{
	struct script *script = test->priv;
	u32 words[CFGBLK_MBX_DWORDS];
	struct cfgblk_bytes bytes;
	unsigned int first, len;

	attach(test);
	for (first = 1; first <= 2; first++) {
		for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
			bytes_fill(&bytes, len);
			words[1] = 0xfffffffe;
			script->id++;
			vf_sends(test, CFGBLK_OP_WRITE, words, first, &bytes);
			expect_answer(test, CFGBLK_OP_DONE, 0, false);
			KUNIT_EXPECT_EQ(test, script->len, len);
			KUNIT_EXPECT_EQ(test, script->block,
					first == 2 ? 0xfffffffe : 0);
			KUNIT_EXPECT_EQ(test, memcmp(script->data, bytes.data,
						     len), 0);
		}
	}
	KUNIT_EXPECT_EQ(test, script->calls, 2 * CFGBLK_BLOCK_MAX);
}

static void read_of_every_size_comes_back(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_bytes want, got;
	unsigned int len;

	attach(test);
	for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
		bytes_fill(&want, len);
		memcpy(script->data, want.data, CFGBLK_BLOCK_MAX);
		script->err = len;
		vf_asks(script, CFGBLK_OP_READ, 127, false);
		vf_receives(test, &got, len);
		KUNIT_EXPECT_EQ(test, script->len, CFGBLK_BLOCK_MAX);
		KUNIT_EXPECT_EQ(test, memcmp(got.data, want.data, len), 0);
	}
	KUNIT_EXPECT_EQ(test, script->link.state, CFGBLK_PF_IDLE);
}

static void echo_of_every_size_comes_back(struct kunit *test)
{
	struct script *script = test->priv;
	struct cfgblk_bytes want, got;
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int len;

	attach(test);
	for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
		bytes_fill(&want, len);
		script->id++;
		vf_sends(test, CFGBLK_OP_ECHO, words, 1, &want);
		vf_receives(test, &got, len);
		KUNIT_EXPECT_EQ(test, memcmp(got.data, want.data, len), 0);
	}
	KUNIT_EXPECT_EQ(test, script->calls, 0);
}

static void block_id_comes_in_the_header_or_behind_it(struct kunit *test)
{
	static const u32 ids[] = { 0, 62, 63, 64, U32_MAX };
	struct script *script = test->priv;
	unsigned int i;
	u32 words[2];

	attach(test);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		script->id++;
		words[0] = vf_header(script, CFGBLK_OP_READ, 3, false) |
			   CFGBLK_SHORT_ID_NONE << 16;
		words[1] = ids[i];
		vf_says(script, words, 2);
		KUNIT_EXPECT_EQ(test, script->block, ids[i]);
		KUNIT_EXPECT_EQ(test, script->len, 4);
	}
	for (i = 0; i < CFGBLK_SHORT_ID_NONE; i++) {
		script->id++;
		vf_says_word(script, i << 16 | vf_header(script, CFGBLK_OP_READ,
							 3, false));
		KUNIT_EXPECT_EQ(test, script->block, i);
	}
}

/* Also when it makes up a length, or would have the VF begin again */
static void error_of_the_server_has_its_status(struct kunit *test)
{
	static const struct { int err; u8 status; } rows[] = {
		{ -ENOENT, CFGBLK_STATUS_NO_BLOCK },
		{ -ENODATA, CFGBLK_STATUS_NO_DATA },
		{ -EACCES, CFGBLK_STATUS_ACCESS },
		{ -ECONNRESET, CFGBLK_STATUS_FAILED },
		{ -ENOTTY, CFGBLK_STATUS_FAILED },
		{ 0, CFGBLK_STATUS_FAILED },
		{ 5, CFGBLK_STATUS_FAILED },
	};
	struct script *script = test->priv;
	unsigned int i;

	attach(test);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		script->err = rows[i].err;
		vf_asks(script, CFGBLK_OP_READ, 3, false);
		expect_fail(test, rows[i].status);
	}
	script->err = -EMSGSIZE;
	vf_asks(script, CFGBLK_OP_WRITE, 3, false);
	expect_fail(test, CFGBLK_STATUS_TOO_LONG);
	expect_works(test);
}

static void ack_that_nobody_waits_for_is_dropped(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 1);
	expect_works(test);
}

static void new_request_ends_the_answer_under_way(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->err = 128;
	vf_asks(script, CFGBLK_OP_READ, 127, false);
	expect_answer(test, CFGBLK_OP_DATA, 127, true);
	expect_works(test);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_ACK);
	expect_silence(test);
}

static void go_is_a_bell_and_no_message(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->pair.pf_puts = 0;
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	vf_begins(test, CFGBLK_OP_NEXT, 1);
	KUNIT_EXPECT_EQ(test, script->pair.pf_puts, 0);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 2);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 2, false));
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
	KUNIT_EXPECT_EQ(test, script->pair.pf_puts, 1);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 2);
}

/* For this fragment, and once: a second one might hit the next fragment */
static void vf_that_asks_finds_its_go_in_the_buffer(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_ACK);
	expect_answer(test, CFGBLK_OP_GO, 1, false);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_ACK);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 1);
	vf_begins(test, CFGBLK_OP_NEXT, 1);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 2, false));
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
}

static void vf_that_asks_too_early_finds_its_go_in_the_buffer(struct kunit *test)
{
	struct script *script = test->priv;
	u32 word;

	attach(test);
	script->id++;
	word = vf_header(script, CFGBLK_OP_WRITE, 127, true);
	pair_write(&script->pair, &word, 1);
	vf_rings(script, CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK);
	expect_answer(test, CFGBLK_OP_GO, 1, false);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_ACK);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, 0);
}

/* The bell of the message that we know is heard with the one that asks */
static void vf_that_asks_is_heard_with_a_late_bell(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK);
	expect_answer(test, CFGBLK_OP_GO, 1, false);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 0);
}

static bool buffer_is_empty(struct script *script)
{
	return !memchr_inv(script->pair.words, 0, sizeof(script->pair.words));
}

static void reset_leaves_nothing_of_the_vf(struct kunit *test)
{
	struct script *script = test->priv;
	u32 words[CFGBLK_MBX_DWORDS];

	attach(test);
	memset32(words, 0x5a5a5a5a, ARRAY_SIZE(words));
	vf_says(script, words, ARRAY_SIZE(words));
	script->published = PUBLISHED;
	vf_rings(script, CFGBLK_BELL_RESET | CFGBLK_BELL_MESSAGE);
	KUNIT_EXPECT_TRUE(test, buffer_is_empty(script));
	KUNIT_EXPECT_EQ(test, script->went, 1);
	KUNIT_EXPECT_EQ(test, script->link.counters.resets, 1);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	KUNIT_EXPECT_EQ(test, atomic64_read(&script->link.pending), PUBLISHED);
	vf_asks(script, CFGBLK_OP_TAKE, 0, false);
	expect_fail(test, CFGBLK_STATUS_NOT_ATTACHED);
	vf_rings(script, CFGBLK_BELL_RESET);
	KUNIT_EXPECT_EQ(test, script->went, 1);
}

/* It may be the next VF's, which was quicker than our work */
static void reset_keeps_a_knock(struct kunit *test)
{
	const struct cfgblk_hdr knock = { .id = 17, .op = CFGBLK_OP_KNOCK };
	const u32 words[] = { cfgblk_hdr_pack(&knock), 0x5a5a5a5a };
	struct script *script = test->priv;

	attach(test);
	pair_write(&script->pair, words, ARRAY_SIZE(words));
	vf_rings(script, CFGBLK_BELL_RESET | CFGBLK_BELL_MESSAGE);
	script->id = 17;
	script->epoch = 0;
	expect_answer(test, CFGBLK_OP_COME, 0, false);
	KUNIT_EXPECT_EQ(test, script->pair.words[1], 0);
	KUNIT_EXPECT_EQ(test, script->went, 1);
	attach(test);
	expect_works(test);
}

static void another_instance_is_another_tenant(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	attach(test);
	KUNIT_EXPECT_EQ(test, script->went, 0);
	script->published = PUBLISHED;
	vf_greets(script, INSTANCE + 1, 1, 1);
	KUNIT_EXPECT_EQ(test, script->went, 1);
	KUNIT_EXPECT_EQ(test, script->came, 3);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
}

/* While the server works, the VF gives up and begins again */
static void slow_vf_knocks(struct script *script)
{
	const struct cfgblk_hdr knock = { .id = 3, .op = CFGBLK_OP_KNOCK };
	u32 word = cfgblk_hdr_pack(&knock);

	script->slow = NULL;
	pair_write(&script->pair, &word, 1);
	cfgblk_pf_link_bell(&script->link, CFGBLK_BELL_MESSAGE);
}

static void late_answer_is_not_written_over_a_new_message(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->slow = slow_vf_knocks;
	script->pair.pf_puts = 0;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	flush_delayed_work(&script->link.work);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	KUNIT_EXPECT_EQ(test, script->pair.pf_puts, 1);
	script->id = 3;
	script->epoch = 0;
	expect_answer(test, CFGBLK_OP_COME, 0, false);
	attach(test);
	expect_works(test);
}

static void slow_vf_is_reset(struct script *script)
{
	script->slow = NULL;
	cfgblk_pf_link_bell(&script->link, CFGBLK_BELL_RESET);
}

static void answer_is_not_sent_to_a_vf_that_was_reset(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->slow = slow_vf_is_reset;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	flush_delayed_work(&script->link.work);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 1);
	KUNIT_EXPECT_TRUE(test, buffer_is_empty(script));
	KUNIT_EXPECT_EQ(test, script->went, 1);
}

static void slow_bell_comes_late(struct script *script)
{
	script->slow = NULL;
	cfgblk_pf_link_bell(&script->link, CFGBLK_BELL_MESSAGE);
}

/* Once while the message is being served, and once more after the answer */
static void late_bell_of_a_known_message_changes_nothing(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->slow = slow_bell_comes_late;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	flush_delayed_work(&script->link.work);
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_MESSAGE);
	expect_silence(test);
	KUNIT_EXPECT_EQ(test, script->calls, 1);
	KUNIT_EXPECT_EQ(test, script->link.counters.spurious, 2);
	KUNIT_EXPECT_EQ(test, script->link.counters.late, 0);
	KUNIT_EXPECT_EQ(test, script->link.counters.malformed, 0);
	expect_works(test);
}

static void invalidate(struct script *script, u64 mask)
{
	cfgblk_pf_link_invalidate(&script->link, mask);
	flush_delayed_work(&script->link.work);
}

static void expect_mask(struct kunit *test, u64 mask)
{
	struct script *script = test->priv;

	vf_asks(script, CFGBLK_OP_TAKE, 0, false);
	expect_answer(test, CFGBLK_OP_MASK, 0, false);
	KUNIT_EXPECT_EQ(test, script->pair.words[1], lower_32_bits(mask));
	KUNIT_EXPECT_EQ(test, script->pair.words[2], upper_32_bits(mask));
}

static void two_invalidates_ring_once(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, 0);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 0);
	invalidate(script, BIT_ULL(63));
	invalidate(script, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 1);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	expect_mask(test, BIT_ULL(63) | BIT_ULL(1));
	expect_mask(test, 0);
	invalidate(script, BIT_ULL(1));
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 2);
}

static void slow_blocks_change(struct script *script)
{
	script->slow = NULL;
	cfgblk_pf_link_invalidate(&script->link, BIT_ULL(40));
}

static void notice_rides_on_an_answer(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	script->slow = slow_blocks_change;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	flush_delayed_work(&script->link.work);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 0);
	expect_mask(test, BIT_ULL(40));
}

/* Nobody takes it, and it costs the write nothing */
static void pending_mask_does_not_change_a_go(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, BIT_ULL(3));
	vf_begins(test, CFGBLK_OP_WRITE, 60);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 1, false));
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	expect_mask(test, BIT_ULL(3));
}

/* By the answer, once, and not by a bell that could hide a GO */
static void mask_that_comes_during_a_long_write_is_told_with_its_end(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	invalidate(script, BIT_ULL(3));
	cfgblk_pf_link_remind(&script->link);
	flush_delayed_work(&script->link.work);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_ACK);
	vf_begins(test, CFGBLK_OP_NEXT, 1);
	KUNIT_EXPECT_EQ(test, script->link.counters.notices, 0);
	vf_says_word(script, vf_header(script, CFGBLK_OP_NEXT, 2, false));
	expect_answer(test, CFGBLK_OP_DONE, 0, false);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 2);
	KUNIT_EXPECT_EQ(test, script->link.counters.notices, 1);
	expect_mask(test, BIT_ULL(3));
}

static void mask_that_comes_during_a_broken_write_is_told_at_once(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	invalidate(script, BIT_ULL(3));
	vf_knocks(script, 8);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	attach(test);
	expect_mask(test, BIT_ULL(3));
	vf_begins(test, CFGBLK_OP_WRITE, 127);
	invalidate(script, BIT_ULL(4));
	pair_heard_by_vf(&script->pair);
	vf_rings(script, CFGBLK_BELL_RESET);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	attach(test);
	expect_mask(test, BIT_ULL(4));
}

/* The VF may not have got the answer: it began again */
static void taken_mask_comes_back_after_a_knock(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, BIT_ULL(2));
	expect_mask(test, BIT_ULL(2));
	vf_knocks(script, 8);
	KUNIT_EXPECT_EQ(test, script->pair.to_vf, CFGBLK_BELL_NOTICE);
	attach(test);
	expect_mask(test, BIT_ULL(2));
}

static void taken_mask_is_gone_after_the_next_request(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, BIT_ULL(2));
	expect_mask(test, BIT_ULL(2));
	expect_works(test);
	attach(test);
	expect_mask(test, 0);
}

static void taken_mask_comes_back_after_a_reset(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, BIT_ULL(2));
	expect_mask(test, BIT_ULL(2));
	vf_rings(script, CFGBLK_BELL_RESET);
	attach(test);
	expect_mask(test, BIT_ULL(2));
}

/* What it was told is void, so it is told again, but not all the time */
static void vf_that_does_not_take_is_reminded_ever_more_rarely(struct kunit *test)
{
	struct script *script = test->priv;
	unsigned int s;

	attach(test);
	cfgblk_pf_link_remind(&script->link);
	flush_delayed_work(&script->link.work);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 0);
	invalidate(script, 1);
	script->link.remind_at = jiffies;
	for (s = 0; s < 3; s++) {
		cfgblk_pf_link_remind(&script->link);
		flush_delayed_work(&script->link.work);
		KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 2);
	}
	KUNIT_EXPECT_TRUE(test, time_after(script->link.remind_at,
					   jiffies + HZ));
	expect_mask(test, 1);
	KUNIT_EXPECT_EQ(test, script->link.patience, HZ);
}

static void link_that_is_off_does_nothing(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	cfgblk_pf_link_off(&script->link);
	cfgblk_pf_link_off(&script->link);
	script->pair.pf_puts = 0;
	vf_asks(script, CFGBLK_OP_WRITE, 0, false);
	invalidate(script, 1);
	KUNIT_EXPECT_EQ(test, script->pair.pf_puts, 0);
	KUNIT_EXPECT_EQ(test, script->pair.pf_rings, 0);
	KUNIT_EXPECT_EQ(test, script->calls, 0);
}

/* The PF was reset, or slept: the tenant is still the same */
static void pause_of_the_link_is_no_end_of_the_vf(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	cfgblk_pf_link_off(&script->link);
	cfgblk_pf_link_on(&script->link);
	attach(test);
	KUNIT_EXPECT_EQ(test, script->went, 0);
	expect_works(test);
	cfgblk_pf_link_off(&script->link);
	cfgblk_pf_link_on(&script->link);
	vf_knocks(script, 1);
	vf_greets(script, INSTANCE + 1, CFGBLK_VERSION_MIN,
		  CFGBLK_VERSION_MAX);
	KUNIT_EXPECT_EQ(test, script->went, 1);
}

static void vf_is_forgotten_once(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	cfgblk_pf_link_off(&script->link);
	cfgblk_pf_link_forget(&script->link);
	KUNIT_EXPECT_EQ(test, script->went, 1);
	cfgblk_pf_link_forget(&script->link);
	KUNIT_EXPECT_EQ(test, script->went, 1);
}

static void pending_mask_waits_for_the_next_vf(struct kunit *test)
{
	struct script *script = test->priv;

	attach(test);
	invalidate(script, BIT_ULL(4));
	expect_mask(test, BIT_ULL(4));
	cfgblk_pf_link_off(&script->link);
	invalidate(script, BIT_ULL(5));
	script->pair.words[7] = 0x5a5a5a5a;
	cfgblk_pf_link_on(&script->link);
	KUNIT_EXPECT_TRUE(test, buffer_is_empty(script));
	attach(test);
	expect_mask(test, BIT_ULL(4) | BIT_ULL(5));
}

static int pf_link_test_init(struct kunit *test)
{
	struct script *script = kunit_kzalloc(test, sizeof(*script),
					      GFP_KERNEL);
	struct cfgblk_mbx mbx = { .ops = &pair_pf_ops };

	if (!script)
		return -ENOMEM;
	mbx.ctx = &script->pair;
	pair_init(&script->pair);
	cfgblk_pf_link_init(&script->link, VF_ID, &mbx, &server_ops, script);
	cfgblk_pf_link_on(&script->link);
	test->priv = script;
	return 0;
}

static void pf_link_test_exit(struct kunit *test)
{
	struct script *script = test->priv;

	if (script)
		cfgblk_pf_link_off(&script->link);
}

static struct kunit_case pf_link_cases[] = {
	KUNIT_CASE(knock_is_answered_with_come),
	KUNIT_CASE(hello_is_answered_with_welcome),
	KUNIT_CASE(hello_without_common_version_is_told_so),
	KUNIT_CASE(damaged_hello_is_dropped),
	KUNIT_CASE(request_without_handshake_is_refused_in_its_own_epoch),
	KUNIT_CASE(refused_request_is_kept_with_its_block),
	KUNIT_CASE(knock_ends_the_epoch),
	KUNIT_CASE(message_that_is_not_ours_is_dropped),
	KUNIT_CASE_PARAM(malformed_request_has_its_status,
			 malformed_gen_params),
	KUNIT_CASE_PARAM(malformed_fragment_has_its_status,
			 bad_next_gen_params),
	KUNIT_CASE(fragment_without_end_is_bad_length),
	KUNIT_CASE(fragment_without_request_is_bad_fragment),
	KUNIT_CASE(request_of_old_epoch_is_dropped),
	KUNIT_CASE(repeated_request_is_dropped),
	KUNIT_CASE(repeated_fragment_is_dropped),
	KUNIT_CASE(fragment_of_another_request_is_dropped),
	KUNIT_CASE(write_of_every_size_reaches_the_server),
	KUNIT_CASE(read_of_every_size_comes_back),
	KUNIT_CASE(echo_of_every_size_comes_back),
	KUNIT_CASE(block_id_comes_in_the_header_or_behind_it),
	KUNIT_CASE(error_of_the_server_has_its_status),
	KUNIT_CASE(ack_that_nobody_waits_for_is_dropped),
	KUNIT_CASE(new_request_ends_the_answer_under_way),
	KUNIT_CASE(go_is_a_bell_and_no_message),
	KUNIT_CASE(vf_that_asks_finds_its_go_in_the_buffer),
	KUNIT_CASE(vf_that_asks_too_early_finds_its_go_in_the_buffer),
	KUNIT_CASE(vf_that_asks_is_heard_with_a_late_bell),
	KUNIT_CASE(reset_leaves_nothing_of_the_vf),
	KUNIT_CASE(reset_keeps_a_knock),
	KUNIT_CASE(another_instance_is_another_tenant),
	KUNIT_CASE(late_answer_is_not_written_over_a_new_message),
	KUNIT_CASE(answer_is_not_sent_to_a_vf_that_was_reset),
	KUNIT_CASE(late_bell_of_a_known_message_changes_nothing),
	KUNIT_CASE(two_invalidates_ring_once),
	KUNIT_CASE(notice_rides_on_an_answer),
	KUNIT_CASE(pending_mask_does_not_change_a_go),
	KUNIT_CASE(mask_that_comes_during_a_long_write_is_told_with_its_end),
	KUNIT_CASE(mask_that_comes_during_a_broken_write_is_told_at_once),
	KUNIT_CASE(taken_mask_comes_back_after_a_knock),
	KUNIT_CASE(taken_mask_is_gone_after_the_next_request),
	KUNIT_CASE(taken_mask_comes_back_after_a_reset),
	KUNIT_CASE(vf_that_does_not_take_is_reminded_ever_more_rarely),
	KUNIT_CASE(link_that_is_off_does_nothing),
	KUNIT_CASE(pause_of_the_link_is_no_end_of_the_vf),
	KUNIT_CASE(vf_is_forgotten_once),
	KUNIT_CASE(pending_mask_waits_for_the_next_vf),
	{ }
};

static struct kunit_suite pf_link_suite = {
	.name = "cfgblk_pf_link",
	.init = pf_link_test_init,
	.exit = pf_link_test_exit,
	.test_cases = pf_link_cases,
};

kunit_test_suite(pf_link_suite);
