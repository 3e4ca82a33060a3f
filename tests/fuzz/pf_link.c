// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: the PF's end of a link against a hostile VF
 *
 * The input is a script of what the VF and the host do.  The VF writes what it
 * likes to its buffer, also while the link looks at it; messages with a sound
 * header are a step of their own, so that the fuzzer need not guess them.
 *
 * What the link read is kept as the link read it, and what it does is compared
 * with that: a model of the messages, and none of the link's states.
 */
#include <errno.h>

#include "mask.h"
#include "pf_link.h"
#include "script.h"
#include "status.h"

#define VF_ID		5
#define ROOM		((CFGBLK_MBX_DWORDS - 1) * 4)

/**
 * struct bench - a link, what is around it, and what is known of it
 * @script: what happens
 * @link: the link, in memory of its own
 * @words: the buffer
 * @on: the link may use the mailbox
 * @limited: the server was told so
 * @attached: the server was told that a VF is there
 * @instance: its number
 * @arm: mailbox operations or server calls until the VF acts in one; 0: never
 * @raced: it acted after the link had looked whether it may answer
 * @told: the VF's bell was rung for the mask that is pending
 * @looks: this run of the work is for a message or a reset
 * @acked: the VF rang ACK, too
 * @gets: dword 0 was read so often in it
 * @wiped: the buffer was wiped in it
 * @answered: something was sent in it
 * @stale: dword 0 was nothing new
 * @hdr: what it was, the first time
 * @ours: it had our signature
 * @known: dword 0 as both ends know it
 * @long_id: dword 1 was read for the block id
 * @dword1: and was this
 * @hello: dwords of a HELLO, as read
 * @block: block id of the request whose bytes are read
 * @in: its bytes, as read
 * @in_len: how many it says it has
 * @in_done: how many were read
 * @in_id: its request id
 * @in_frags: in so many fragments
 * @echo: they have to come back
 * @out: bytes that the answer has to have
 * @out_len: how many
 * @owed: block mask that the VF has not confirmed
 * @ored: what was ORed into it in this run of the work
 */
struct bench {
	struct script *script;
	struct cfgblk_pf_link *link;
	u32 words[CFGBLK_MBX_DWORDS];
	bool on;
	bool limited;
	bool attached;
	u32 instance;
	unsigned int arm;
	bool raced;
	bool told;
	bool looks;
	bool acked;
	unsigned int gets;
	bool wiped;
	bool answered;
	bool stale;
	struct cfgblk_hdr hdr;
	bool ours;
	u32 known;
	bool long_id;
	u32 dword1;
	u32 hello[CFGBLK_HELLO_DWORDS];
	u32 block;
	u8 in[CFGBLK_BLOCK_MAX];
	unsigned int in_len;
	unsigned int in_done;
	u8 in_id;
	unsigned int in_frags;
	bool echo;
	u8 out[CFGBLK_BLOCK_MAX];
	unsigned int out_len;
	u64 owed;
	u64 ored;
};

static void act_as_vf(struct bench *bench);

/* The VF and the host's other processors do not stand still meanwhile */
static void meanwhile(struct bench *bench)
{
	CHECK(!locks_held);
	if (!bench->arm || --bench->arm)
		return;
	TRACE("  in between: ");
	act_as_vf(bench);
	bench->raced = true;
}

/* Bytes of a request, @n dwords of them */
static void read_bytes(struct bench *bench, const u32 *words, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n * 4 && bench->in_done < bench->in_len; i++)
		bench->in[bench->in_done++] = words[i / 4] >> i % 4 * 8;
}

static u32 block_id(const struct bench *bench)
{
	return bench->long_id ? bench->dword1 : bench->hdr.short_id;
}

/* Anything but dword 0 of a READ or WRITE begins with the block id, if long */
static void read_rest(struct bench *bench, const u32 *words,
		      unsigned int first, unsigned int n)
{
	bool request = bench->hdr.op == CFGBLK_OP_READ ||
		       bench->hdr.op == CFGBLK_OP_WRITE;

	if (bench->hdr.op == CFGBLK_OP_HELLO) {
		CHECK(first == 1 && n == CFGBLK_HELLO_DWORDS - 1);
		memcpy(&bench->hello[1], words, n * sizeof(*words));
	} else if (request && bench->hdr.short_id == CFGBLK_SHORT_ID_NONE &&
		   !bench->long_id) {
		CHECK(first == 1 && n == 1);
		bench->dword1 = words[0];
		bench->long_id = true;
	} else {
		CHECK(bench->hdr.op != CFGBLK_OP_READ);
		CHECK(first == (bench->long_id ? 2 : 1));
		if (bench->hdr.op != CFGBLK_OP_NEXT) {
			bench->in_len = bench->hdr.arg + 1;
			bench->in_done = 0;
			bench->in_frags = 0;
			bench->in_id = bench->hdr.id;
			bench->block = block_id(bench);
			bench->echo = bench->hdr.op == CFGBLK_OP_ECHO;
		}
		CHECK(bench->hdr.id == bench->in_id);
		if (bench->in_frags++)
			CHECK(bench->hdr.arg == bench->in_frags - 1);
		read_bytes(bench, words, n);
	}
}

static void read_header(struct bench *bench, u32 word)
{
	if (!bench->looks || bench->gets++)
		return;
	bench->stale = word == bench->known;
	bench->known = word;
	bench->hello[0] = word;
	bench->ours = cfgblk_hdr_unpack(word, &bench->hdr);
	bench->long_id = false;
}

static void mbx_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	struct bench *bench = ctx;

	CHECK(bench->on);
	CHECK(n >= 1 && first + n <= CFGBLK_MBX_DWORDS);
	bench->raced = false;
	meanwhile(bench);
	memcpy(words, &bench->words[first], n * sizeof(*words));
	if (first)
		read_rest(bench, words, first, n);
	else
		read_header(bench, words[0]);
}

/* The answer to an ECHO begins */
static void echo_begins(struct bench *bench)
{
	CHECK(bench->in_done == bench->in_len);
	memcpy(bench->out, bench->in, bench->in_len);
	bench->out_len = bench->in_len;
	bench->echo = false;
}

/* DATA and NEXT_DATA: the very dwords that there have to be */
static void check_data(struct bench *bench, const struct cfgblk_hdr *hdr,
		       const u32 *words, unsigned int n)
{
	unsigned int done = hdr->op == CFGBLK_OP_DATA ? 0 : hdr->arg * ROOM;
	u32 expected[CFGBLK_MBX_DWORDS] = { words[0] };
	unsigned int len, i;

	if (hdr->op == CFGBLK_OP_DATA && bench->echo)
		echo_begins(bench);
	if (hdr->op == CFGBLK_OP_DATA)
		CHECK(hdr->arg + 1 == bench->out_len);
	CHECK(done < bench->out_len);
	len = min(bench->out_len - done, (unsigned int)ROOM);
	for (i = 0; i < len; i++)
		expected[1 + i / 4] |= (u32)bench->out[done + i] << i % 4 * 8;
	CHECK(n == 1 + DIV_ROUND_UP(len, 4));
	CHECK(hdr->more == (done + len < bench->out_len));
	CHECK(!memcmp(words, expected, n * sizeof(*words)));
}

static void check_welcome(struct bench *bench, const u32 *words,
			  unsigned int n)
{
	struct cfgblk_welcome welcome;

	CHECK(n == CFGBLK_HELLO_DWORDS);
	CHECK(cfgblk_welcome_unpack(words, &welcome));
	CHECK(welcome.attempt == bench->hello[5]);
	CHECK(welcome.epoch == bench->link->epoch);
	CHECK(welcome.vf == VF_ID && welcome.version <= CFGBLK_VERSION_MAX);
	CHECK(!welcome.features);
}

/* Answers that are to the message that was read in this run */
static void check_answer(struct bench *bench, const struct cfgblk_hdr *hdr,
			 const u32 *words, unsigned int n)
{
	bool refused = hdr->op == CFGBLK_OP_FAIL &&
		       hdr->arg == CFGBLK_STATUS_NOT_ATTACHED;

	CHECK(hdr->id == bench->hdr.id);
	if (hdr->op != CFGBLK_OP_COME && !refused)
		CHECK(hdr->epoch == (bench->link->epoch & CFGBLK_EPOCH_MASK));
	switch (hdr->op) {
	case CFGBLK_OP_DATA:
		check_data(bench, hdr, words, n);
		break;
	case CFGBLK_OP_MASK:
		CHECK(n == 3 && bench->link->taken ==
		      (words[1] | (u64)words[2] << 32));
		break;
	case CFGBLK_OP_FAIL:
		CHECK(n == 1 && hdr->arg <= CFGBLK_STATUS_BAD_FRAGMENT);
		break;
	default:
		CHECK(hdr->op == CFGBLK_OP_COME || hdr->op == CFGBLK_OP_DONE);
		CHECK(n == 1);
	}
}

/* A GO is in the buffer if the VF asked, and for nobody else */
static void check_go(struct bench *bench, const struct cfgblk_hdr *hdr,
		     unsigned int n)
{
	struct cfgblk_pf_link *link = bench->link;

	CHECK(n == 1 && !hdr->more && bench->acked);
	CHECK(link->state == CFGBLK_PF_RECEIVING);
	CHECK(hdr->arg == link->in.frag);
	CHECK(hdr->id == (link->last_id & CFGBLK_ID_MASK));
	CHECK(hdr->epoch == (link->epoch & CFGBLK_EPOCH_MASK));
}

/* Nobody writes to a buffer whose VF was reset or has spoken again */
static void check_turn(struct bench *bench)
{
	int bells = bench->link->bells.counter;

	if (bench->raced)
		return;
	CHECK(!(bells & CFGBLK_BELL_RESET));
	CHECK(!(bells & CFGBLK_BELL_MESSAGE) ||
	      bench->words[0] == bench->known);
}

/* A mask is told of with whatever is sent, and only if there is one */
static void check_bells(struct bench *bench, unsigned int bells)
{
	CHECK(!(bells & ~(CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK)));
	CHECK(!(bells & CFGBLK_BELL_ACK) == !bench->link->pending.counter);
	if (bells & CFGBLK_BELL_ACK)
		bench->told = true;
}

static void mbx_put(void *ctx, const u32 *words, unsigned int n,
		    unsigned int bells)
{
	struct bench *bench = ctx;
	struct cfgblk_hdr hdr;

	CHECK(bench->on);
	CHECK(n >= 1 && n <= CFGBLK_MBX_DWORDS);
	CHECK(bells & CFGBLK_BELL_MESSAGE);
	CHECK(!bench->stale || bench->wiped || bench->acked);
	check_turn(bench);
	CHECK(cfgblk_hdr_unpack(words[0], &hdr));
	if (hdr.op == CFGBLK_OP_MASK || hdr.op == CFGBLK_OP_COME ||
	    hdr.op == CFGBLK_OP_WELCOME)
		bench->told = false;
	check_bells(bench, bells);
	bench->answered = true;
	CHECK(!hdr.short_id && (hdr.op & CFGBLK_OP_FROM_PF));
	if (hdr.op == CFGBLK_OP_WELCOME)
		check_welcome(bench, words, n);
	else if (hdr.op == CFGBLK_OP_NEXT_DATA)
		check_data(bench, &hdr, words, n);
	else if (hdr.op == CFGBLK_OP_GO)
		check_go(bench, &hdr, n);
	else
		check_answer(bench, &hdr, words, n);
	memcpy(bench->words, words, n * sizeof(*words));
	bench->known = words[0];
	TRACE("  PF: op %x arg %u, %u dwords\n", hdr.op, hdr.arg, n);
	meanwhile(bench);
}

static void mbx_ring(void *ctx, unsigned int bells)
{
	struct bench *bench = ctx;

	CHECK(bench->on);
	if (bench->link->state == CFGBLK_PF_RECEIVING) {
		CHECK(bells == CFGBLK_BELL_ACK && !bench->stale);
		bench->answered = true;
	} else {
		CHECK(bells == CFGBLK_BELL_NOTICE);
		check_bells(bench, bells);
	}
	meanwhile(bench);
}

static void mbx_wipe(void *ctx)
{
	struct bench *bench = ctx;

	memset(bench->words, 0, sizeof(bench->words));
	bench->known = 0;
	bench->wiped = true;
	bench->told = false;
}

static const struct cfgblk_mbx_ops mbx_ops = {
	.get = mbx_get,
	.put = mbx_put,
	.ring = mbx_ring,
	.wipe = mbx_wipe,
};

/* Some providers give errors, and some give nonsense */
static int server_read(void *ctx, u32 block, void *buf, unsigned int len)
{
	struct bench *bench = ctx;
	u8 how = script_u8(bench->script);
	unsigned int n = how % (len + 1);

	CHECK(bench->hdr.op == CFGBLK_OP_READ && !bench->hdr.more);
	CHECK(block == block_id(bench));
	CHECK(len == bench->hdr.arg + 1);
	meanwhile(bench);
	if (how == 0xff)
		return -(int)script_u8(bench->script);
	if (how == 0xfe)
		return len + 1;
	fill(bench->out, n, how);
	memcpy(buf, bench->out, n);
	bench->out_len = n;
	bench->echo = false;
	return n;
}

static int server_write(void *ctx, u32 block, const void *buf,
			unsigned int len)
{
	struct bench *bench = ctx;
	u8 how = script_u8(bench->script);

	CHECK(block == bench->block);
	CHECK(len >= 1 && len <= CFGBLK_BLOCK_MAX);
	CHECK(len == bench->in_len && len == bench->in_done);
	CHECK(!memcmp(buf, bench->in, len));
	CHECK(!bench->hdr.more);
	meanwhile(bench);
	return how & 0x80 ? -(int)(how & 0x7f) : 0;
}

static void server_came(void *ctx, const struct cfgblk_hello *hello,
			u8 version)
{
	struct bench *bench = ctx;

	CHECK(bench->hdr.op == CFGBLK_OP_HELLO);
	CHECK(hello->instance == bench->hello[4]);
	CHECK(!bench->attached || hello->instance == bench->instance);
	CHECK(version == cfgblk_version_agree(CFGBLK_VERSION_MIN,
					      CFGBLK_VERSION_MAX, hello->min,
					      hello->max));
	bench->attached = true;
	bench->instance = hello->instance;
	meanwhile(bench);
}

static void server_went(void *ctx)
{
	struct bench *bench = ctx;

	CHECK(bench->attached);
	bench->attached = false;
	meanwhile(bench);
}

/* Whoever does not know is told of all that is there */
static u64 server_published(void *ctx)
{
	struct bench *bench = ctx;
	u64 mask = BIT_ULL(script_u8(bench->script) % 64);

	CHECK(!bench->attached);
	bench->ored |= mask;
	return mask;
}

static void server_limited(void *ctx, bool limited)
{
	struct bench *bench = ctx;

	CHECK(limited != bench->limited);
	bench->limited = limited;
}

static const struct cfgblk_pf_link_ops server_ops = {
	.read = server_read,
	.write = server_write,
	.came = server_came,
	.went = server_went,
	.published = server_published,
	.limited = server_limited,
};

static void vf_rings(struct bench *bench, unsigned int bells)
{
	TRACE("bells %x\n", bells);
	cfgblk_pf_link_bell(bench->link, bells);
}

static void vf_writes(struct bench *bench)
{
	u8 i = script_u8(bench->script) % CFGBLK_MBX_DWORDS;

	bench->words[i] = script_u32(bench->script);
	TRACE("dword %u %x\n", i, bench->words[i]);
}

/* A message with, mostly, the right epoch and the right id */
static void vf_sends(struct bench *bench)
{
	u8 op = script_u8(bench->script), arg = script_u8(bench->script);
	u8 short_id = script_u8(bench->script);
	const struct cfgblk_hdr hdr = {
		.id = bench->link->last_id + !(op & 0x80),
		.epoch = bench->link->epoch - (op >> 6 & 1),
		.short_id = short_id,
		.op = op & 0x7,
		.arg = arg & 0x7f,
		.more = arg & 0x80,
	};

	fill((u8 *)&bench->words[1], ROOM, short_id);
	bench->words[0] = cfgblk_hdr_pack(&hdr);
	TRACE("op %x arg %u more %u, ", hdr.op, hdr.arg, hdr.more);
	vf_rings(bench, CFGBLK_BELL_MESSAGE);
}

/* The fragment that is next, or one after it */
static void vf_sends_next(struct bench *bench)
{
	u8 how = script_u8(bench->script);
	const struct cfgblk_hdr hdr = {
		.id = bench->link->last_id,
		.epoch = bench->link->epoch,
		.op = CFGBLK_OP_NEXT,
		.arg = bench->link->in.frag + (how >> 6),
		.more = how & 1,
	};

	bench->words[0] = cfgblk_hdr_pack(&hdr);
	TRACE("next %u, ", hdr.arg);
	vf_rings(bench, CFGBLK_BELL_MESSAGE);
}

static void vf_greets(struct bench *bench)
{
	u8 who = script_u8(bench->script);
	const struct cfgblk_hello hello = {
		.min = 1 + (who >> 7),
		.max = 1 + (who >> 6 & 3),
		.features = who,
		.instance = who % 4,
		.attempt = jiffies,
	};

	cfgblk_hello_pack(&hello, bench->words);
	TRACE("HELLO of %u, ", hello.instance);
	vf_rings(bench, CFGBLK_BELL_MESSAGE);
}

static void host_invalidates(struct bench *bench)
{
	u8 bit = script_u8(bench->script);
	u64 mask = bit & 0x80 ? script_u64(bench->script) : BIT_ULL(bit % 64);

	TRACE("invalidate %llx\n", mask);
	bench->ored |= mask;
	cfgblk_pf_link_invalidate(bench->link, mask);
}

/* What may come at any moment */
static void act_as_vf(struct bench *bench)
{
	switch (script_u8(bench->script) % 8) {
	case 0:
		vf_writes(bench);
		break;
	case 1:
		vf_sends_next(bench);
		break;
	case 2:
		vf_greets(bench);
		break;
	case 3:
		vf_rings(bench, script_u8(bench->script) & 7);
		break;
	case 4:
		host_invalidates(bench);
		break;
	case 5:
		TRACE("remind\n");
		cfgblk_pf_link_remind(bench->link);
		break;
	default:
		vf_sends(bench);
	}
}

static void host_turns(struct bench *bench)
{
	u8 how = script_u8(bench->script);

	TRACE("off%s\n", how & 1 ? "" : " and on");
	cfgblk_pf_link_off(bench->link);
	bench->on = false;
	bench->told = false;
	if (how & 8)
		cfgblk_pf_link_forget(bench->link);
	if (how & 2) {
		cfgblk_pf_link_expect(bench->link, how % 4);
		bench->attached = true;
		bench->instance = how % 4;
	}
	if (how & 1)
		return;
	bench->on = true;
	cfgblk_pf_link_on(bench->link);
}

static void host_limits(struct bench *bench)
{
	u8 per_second = script_u8(bench->script);
	u8 burst = script_u8(bench->script);

	cfgblk_rate_set(&bench->link->rate, per_second, max_t(u32, burst, 1));
}

/* Bits that were owed are owed still, but for what a request confirmed */
static void check_mask(struct bench *bench, u64 confirmed)
{
	struct cfgblk_pf_link *link = bench->link;

	bench->owed = (bench->owed & ~confirmed) | bench->ored;
	bench->ored = 0;
	CHECK((link->pending.counter | link->taken) == bench->owed);
}

static void check_link(struct bench *bench)
{
	struct cfgblk_pf_link *link = bench->link;

	CHECK(link->state <= CFGBLK_PF_ANSWERING);
	CHECK((link->state == CFGBLK_PF_DOWN) == !link->version);
	CHECK(link->in.len <= CFGBLK_BLOCK_MAX && link->in.done <= link->in.len);
	CHECK(link->out.len <= CFGBLK_BLOCK_MAX &&
	      link->out.done <= link->out.len);
	CHECK(link->patience <= 64 * HZ);
	CHECK(link->known == bench->attached);
	CHECK(link->limited == bench->limited);
	if (bench->on && link->bells.counter)
		CHECK(link->work.work.pending);
}

/* Nothing of the dead VF is left, and a KNOCK of the next one is not lost */
static void check_reset(struct bench *bench)
{
	CHECK(bench->wiped);
	if (bench->ours && bench->hdr.op == CFGBLK_OP_KNOCK &&
	    !bench->link->bells.counter)
		CHECK(bench->answered);
}

static void run_begins(struct bench *bench)
{
	bench->looks = bench->link->bells.counter &
		       (CFGBLK_BELL_RESET | CFGBLK_BELL_MESSAGE);
	bench->acked = bench->link->bells.counter & CFGBLK_BELL_ACK;
	bench->gets = 0;
	bench->wiped = false;
	bench->answered = false;
	bench->stale = false;
}

/*
 * The work, if it is due.  After it the VF has been told of what is pending, if
 * it is not to send a fragment, and a mask that it took is confirmed only by a
 * request of this epoch.
 */
static void run_work(struct bench *bench)
{
	struct cfgblk_pf_link *link = bench->link;
	u64 requests = link->counters.requests, resets = link->counters.resets;
	u64 taken = link->taken & ~link->pending.counter;
	u32 epoch = link->epoch;
	int last_id = link->last_id;
	u64 confirmed = 0;

	run_begins(bench);
	if (!work_run(&link->work.work))
		return;
	if (link->counters.resets != resets)
		check_reset(bench);
	if (link->counters.requests != requests) {
		CHECK(bench->hdr.epoch == (epoch & CFGBLK_EPOCH_MASK));
		CHECK(bench->hdr.op != CFGBLK_OP_NEXT);
		CHECK(bench->hdr.id != last_id);
		confirmed = taken;
	}
	check_mask(bench, confirmed);
	if (bench->limited)
		CHECK(cfgblk_pf_link_limited(link));
	if (bench->on && !bench->limited && link->pending.counter &&
	    link->state != CFGBLK_PF_RECEIVING)
		CHECK(bench->told);
}

static void step(struct bench *bench)
{
	u8 what = script_u8(bench->script);

	switch (what % 16) {
	case 0:
		bench->arm = script_u8(bench->script) % 8;
		break;
	case 1:
		host_turns(bench);
		break;
	case 2:
		host_limits(bench);
		break;
	case 5:
		cfgblk_pf_link_patient(bench->link, script_u8(bench->script) & 1);
		break;
	case 3:
	case 4:
		time_pass(script_ticks(bench->script));
		break;
	default:
		act_as_vf(bench);
	}
	check_mask(bench, 0);
	if (!(what & 0x80))
		run_work(bench);
	check_link(bench);
}

void fuzz_target(struct script *script)
{
	struct bench bench = { .script = script, .on = true };
	const struct cfgblk_mbx mbx = { &mbx_ops, &bench };

	bench.link = calloc(1, sizeof(*bench.link));
	cfgblk_pf_link_init(bench.link, VF_ID, &mbx, &server_ops, &bench);
	cfgblk_pf_link_on(bench.link);
	while (script_more(script))
		step(&bench);
	cfgblk_pf_link_off(bench.link);
	cfgblk_pf_link_forget(bench.link);
	check_mask(&bench, 0);
	CHECK(!bench.attached && !bench.limited);
	free(bench.link);
}
