// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: the VF's end of a link against a hostile PF
 *
 * The input is a script of what the PF, the callers and the clock do.  The PF
 * writes what it likes to the buffer, also while the link looks at it; answers
 * with a sound header are a step of their own, so that the fuzzer need not
 * guess them.  What comes out is compared with what the link read.
 */
#include <errno.h>

#include "script.h"
#include "status.h"
#include "vf_link.h"

#define LIMIT_MS	2000
#define LIMIT		(LIMIT_MS * HZ / 1000)
#define ROOM		((CFGBLK_MBX_DWORDS - 1) * 4)

/* More than may wait at once */
#define SLOTS		(CFGBLK_VF_CALLS_MAX + 4)

/* Bells and reads of a run of the work, at most: none of it loops */
#define ACCESSES_MAX	24

struct bench;

/**
 * struct slot - a caller
 * @bench: where
 * @call: its call, with a reference; NULL for none
 * @data: what it writes
 * @buf: where it reads to, with nothing behind it; NULL if it waits
 * @at: jiffies at which it called
 * @told: how often it was told of the end
 * @given_up: it does not want to know
 */
struct slot {
	struct bench *bench;
	struct cfgblk_call *call;
	u8 data[CFGBLK_BLOCK_MAX];
	u8 *buf;
	unsigned long at;
	unsigned int told;
	bool given_up;
};

/**
 * struct bench - a link, what is around it, and what is known of it
 * @script: what happens
 * @link: the link, in memory of its own
 * @slots: the callers
 * @words: the buffer
 * @bells: what @poll finds
 * @down: the PF is in reset
 * @told_down: and said so when it was asked last
 * @on: the link may use the mailbox
 * @stopped: the driver takes no calls, or has begun to take none
 * @arm: operations of the mailbox until the PF acts in one; 0: never
 * @accesses: to the mailbox, in this run of the work
 * @gets: dword 0 was read so often in this run of the work
 * @heard: dword 0 was read since the link wrote
 * @rung: bells that this run of the work has heard
 * @hdr: what it was, taken apart
 * @answer: bytes of the answer, as read
 * @answer_len: how many it says it has
 * @answer_done: how many were read
 * @mask: block mask, as read
 * @sent: bytes of the call that were sent
 * @untracked: calls that may be under way and are in no slot
 */
struct bench {
	struct script *script;
	struct cfgblk_vf_link *link;
	struct slot slots[SLOTS];
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int bells;
	bool down;
	bool told_down;
	bool on;
	bool stopped;
	unsigned int arm;
	unsigned int accesses;
	unsigned int gets;
	bool heard;
	unsigned int rung;
	struct cfgblk_hdr hdr;
	u8 answer[CFGBLK_BLOCK_MAX];
	unsigned int answer_len;
	unsigned int answer_done;
	u64 mask;
	unsigned int sent;
	unsigned int untracked;
};

static void act_as_pf(struct bench *bench);
static void caller_calls(struct bench *bench);

static void access_begins(struct bench *bench)
{
	CHECK(bench->on);
	CHECK(!locks_held);
	CHECK(bench->accesses++ < ACCESSES_MAX);
	if (!bench->arm || --bench->arm)
		return;
	TRACE("  in between: ");
	act_as_pf(bench);
}

static void read_rest(struct bench *bench, const u32 *words, unsigned int n)
{
	unsigned int i;

	if (bench->hdr.op == CFGBLK_OP_MASK) {
		CHECK(n == 2);
		bench->mask = words[0] | (u64)words[1] << 32;
		return;
	}
	if (bench->hdr.op == CFGBLK_OP_DATA) {
		bench->answer_len = bench->hdr.arg + 1;
		bench->answer_done = 0;
	}
	CHECK(bench->hdr.op & CFGBLK_OP_FROM_PF);
	for (i = 0; i < n * 4 && bench->answer_done < bench->answer_len; i++)
		bench->answer[bench->answer_done++] = words[i / 4] >> i % 4 * 8;
}

static void mbx_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	struct bench *bench = ctx;

	CHECK(n >= 1 && first + n <= CFGBLK_MBX_DWORDS);
	access_begins(bench);
	memcpy(words, &bench->words[first], n * sizeof(*words));
	bench->heard = true;
	if (first)
		read_rest(bench, words, n);
	else if (!bench->gets++)
		cfgblk_hdr_unpack(words[0], &bench->hdr);
}

static struct slot *slot_of(struct bench *bench, struct cfgblk_call *call)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		if (bench->slots[i].call == call)
			return &bench->slots[i];
	return NULL;
}

/* The bytes of a call that are next, and zeroes to the end of the dword */
static void check_bytes(struct bench *bench, const u32 *words, unsigned int n,
			unsigned int first, bool more)
{
	struct cfgblk_call *call = bench->link->call;
	unsigned int room = (CFGBLK_MBX_DWORDS - first) * 4;
	unsigned int len = min(call->bytes.len - bench->sent, room);
	struct slot *slot = slot_of(bench, call);
	unsigned int i;

	CHECK(n == first + DIV_ROUND_UP(len, 4));
	CHECK(more == (bench->sent + len < call->bytes.len));
	for (i = 0; i < (n - first) * 4; i++) {
		u8 byte = words[first + i / 4] >> i % 4 * 8;

		if (i >= len)
			CHECK(!byte);
		else if (slot)
			CHECK(byte == slot->data[bench->sent + i]);
	}
	bench->sent += len;
}

static void check_request(struct bench *bench, const u32 *words,
			  unsigned int n, const struct cfgblk_hdr *hdr)
{
	struct cfgblk_call *call = bench->link->call;
	unsigned int first = 1;

	CHECK(call && hdr->op == call->op);
	if (hdr->op != CFGBLK_OP_ECHO && call->block >= CFGBLK_SHORT_ID_NONE) {
		CHECK(hdr->short_id == CFGBLK_SHORT_ID_NONE);
		CHECK(n >= 2 && words[1] == call->block);
		first = 2;
	} else if (hdr->op != CFGBLK_OP_ECHO) {
		CHECK(hdr->short_id == call->block);
	}
	if (hdr->op == CFGBLK_OP_READ) {
		CHECK(n == first && !hdr->more);
		CHECK(hdr->arg + 1 == call->wanted);
		return;
	}
	bench->sent = 0;
	CHECK(hdr->arg + 1 == call->bytes.len);
	check_bytes(bench, words, n, first, hdr->more);
}

static void check_hello(struct bench *bench, const u32 *words, unsigned int n)
{
	struct cfgblk_hello hello;

	CHECK(bench->hdr.op == CFGBLK_OP_COME);
	CHECK(bench->hdr.id == (bench->link->attempt & CFGBLK_ID_MASK));
	CHECK(n == CFGBLK_HELLO_DWORDS && cfgblk_hello_unpack(words, &hello));
	CHECK(hello.instance == bench->link->instance);
	CHECK(hello.attempt == bench->link->attempt);
}

/* ACK alone, and then nothing was read; or a message */
static void check_go(struct bench *bench, const struct cfgblk_hdr *hdr)
{
	if (bench->gets) {
		CHECK(bench->hdr.op == CFGBLK_OP_GO);
		CHECK(hdr->arg == bench->hdr.arg);
	} else {
		CHECK(bench->rung == CFGBLK_BELL_ACK);
		bench->heard = true;
	}
}

static void check_message(struct bench *bench, const u32 *words,
			  unsigned int n, const struct cfgblk_hdr *hdr)
{
	switch (hdr->op) {
	case CFGBLK_OP_HELLO:
		check_hello(bench, words, n);
		break;
	case CFGBLK_OP_NEXT:
		check_go(bench, hdr);
		check_bytes(bench, words, n, 1, hdr->more);
		break;
	case CFGBLK_OP_TAKE:
		CHECK(n == 1 && bench->link->wanted && !bench->link->call);
		break;
	default:
		CHECK(hdr->op >= CFGBLK_OP_READ && hdr->op <= CFGBLK_OP_ECHO);
		check_request(bench, words, n, hdr);
	}
}

/* Whose turn is it?  KNOCK is dword 0 alone and may come at any time */
static void mbx_put(void *ctx, const u32 *words, unsigned int n,
		    unsigned int bells)
{
	struct bench *bench = ctx;
	struct cfgblk_hdr hdr;

	CHECK(n >= 1 && n <= CFGBLK_MBX_DWORDS);
	CHECK(bells == CFGBLK_BELL_MESSAGE);
	CHECK(!bench->told_down);
	CHECK(cfgblk_hdr_unpack(words[0], &hdr));
	CHECK(!(hdr.op & CFGBLK_OP_FROM_PF));
	TRACE("  VF: op %x arg %u, %u dwords\n", hdr.op, hdr.arg, n);
	if (hdr.op == CFGBLK_OP_KNOCK) {
		CHECK(n == 1 && !hdr.epoch && !hdr.arg);
	} else {
		check_message(bench, words, n, &hdr);
		CHECK(bench->heard);
	}
	access_begins(bench);
	memcpy(bench->words, words, n * sizeof(*words));
	bench->heard = false;
}

static void mbx_ring(void *ctx, unsigned int bells)
{
	struct bench *bench = ctx;

	CHECK(bells == CFGBLK_BELL_ACK);
	CHECK(!bench->told_down);
	access_begins(bench);
}

static unsigned int mbx_poll(void *ctx)
{
	struct bench *bench = ctx;
	unsigned int bells = 0;

	access_begins(bench);
	swap(bells, bench->bells);
	bench->told_down = bench->down;
	bench->rung |= bells | bench->link->bells.counter;
	return bench->down ? CFGBLK_BELL_DOWN : bells;
}

static void mbx_prepare(void *ctx)
{
	access_begins(ctx);
}

static const struct cfgblk_mbx_ops mbx_ops = {
	.get = mbx_get,
	.put = mbx_put,
	.ring = mbx_ring,
	.poll = mbx_poll,
	.prepare = mbx_prepare,
};

/* An answer of another exchange, or of another epoch, is none */
static void check_answer(const struct bench *bench)
{
	CHECK(bench->hdr.id == (bench->link->id & CFGBLK_ID_MASK));
	CHECK(bench->hdr.epoch ==
	      (bench->link->welcome.epoch & CFGBLK_EPOCH_MASK));
}

static void driver_mask(void *ctx, u64 mask)
{
	struct bench *bench = ctx;

	CHECK(!locks_held);
	CHECK(bench->hdr.op == CFGBLK_OP_MASK && mask == bench->mask);
	check_answer(bench);
}

static void driver_up(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct bench *bench = ctx;

	CHECK(bench->hdr.op == CFGBLK_OP_WELCOME);
	CHECK(welcome->version >= CFGBLK_VERSION_MIN &&
	      welcome->version <= CFGBLK_VERSION_MAX);
	CHECK(welcome->attempt == bench->link->attempt);
}

static void driver_refused(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct bench *bench = ctx;

	CHECK(bench->hdr.op == CFGBLK_OP_WELCOME);
	CHECK(welcome->version < CFGBLK_VERSION_MIN ||
	      welcome->version > CFGBLK_VERSION_MAX);
}

static const struct cfgblk_vf_link_ops driver_ops = {
	.mask = driver_mask,
	.up = driver_up,
	.refused = driver_refused,
};

static unsigned int most_bytes(const struct cfgblk_call *call)
{
	return call->op == CFGBLK_OP_READ ? call->wanted : call->bytes.len;
}

/* A call that ended well says what the link read, no more and no less */
static void check_success(struct bench *bench, const struct cfgblk_call *call,
			  const u8 *bytes, unsigned int len)
{
	CHECK(len >= 1 && len <= most_bytes(call));
	if (call->op == CFGBLK_OP_WRITE) {
		CHECK(bench->hdr.op == CFGBLK_OP_DONE);
		CHECK(bench->sent == len && len == call->bytes.len);
		return;
	}
	CHECK(bench->hdr.op == CFGBLK_OP_DATA ||
	      bench->hdr.op == CFGBLK_OP_NEXT_DATA);
	CHECK(len == bench->answer_len && len == bench->answer_done);
	CHECK(!memcmp(bytes, bench->answer, len));
}

/* None is too late, and none is told so too early */
static void check_age(const struct slot *slot, int err)
{
	unsigned long age = jiffies - slot->at;

	CHECK(err <= 0 && err > -4096);
	CHECK(age <= 2 * LIMIT + 1);
	if (err == -ETIMEDOUT)
		CHECK(age >= LIMIT);
}

/* The end of a call for which nobody waits */
static void slot_told(void *context, int err, unsigned int len)
{
	struct slot *slot = context;
	struct bench *bench = slot->bench;

	CHECK(!locks_held);
	CHECK(!slot->told++ && !slot->given_up);
	check_age(slot, err);
	if (err) {
		CHECK(!len);
	} else {
		check_answer(bench);
		check_success(bench, slot->call, slot->buf, len);
	}
	free(slot->buf);
	slot->buf = NULL;
	if (script_u8(bench->script) & 1)
		caller_calls(bench);
}

static void slot_clear(struct slot *slot)
{
	cfgblk_call_put(slot->call);
	free(slot->buf);
	*slot = (struct slot){ .bench = slot->bench };
}

/* Callers whose calls have ended since the last time: one at most ended well */
static void reap(struct bench *bench)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		struct slot *slot = &bench->slots[i];
		struct cfgblk_call *call = slot->call;

		if (!call || !call->ended.done)
			continue;
		TRACE("  call %d ended with %d\n", i, call->err);
		check_age(slot, call->err);
		CHECK(!call->done);
		if (!call->err && !slot->told && !slot->given_up &&
		    call->op != CFGBLK_OP_WRITE)
			check_success(bench, call, call->answer.data,
				      call->answer.len);
		slot_clear(slot);
	}
}

static struct cfgblk_call *call_new(struct slot *slot, u8 how, u8 len)
{
	static const u8 ops[] = {
		CFGBLK_OP_READ, CFGBLK_OP_WRITE, CFGBLK_OP_ECHO,
	};
	u8 op = ops[how % ARRAY_SIZE(ops)];
	struct cfgblk_call *call = cfgblk_call_new(op, how >> 2);

	if (how & 0x80)
		call->block = 0x10000 + how;
	if (op == CFGBLK_OP_READ) {
		call->wanted = len;
		return call;
	}
	fill(slot->data, len, how);
	cfgblk_bytes_start(&call->bytes, len);
	memcpy(call->bytes.data, slot->data, len);
	return call;
}

/* As vf/async.c does, or vf/calls.c */
static void slot_call(struct slot *slot, u8 how, u8 len, bool waits)
{
	struct bench *bench = slot->bench;
	unsigned int waiting = bench->link->calls.waiting;
	int err;

	*slot = (struct slot){ .bench = bench, .at = jiffies };
	slot->call = call_new(slot, how, len);
	if (!waits) {
		slot->buf = malloc(len);
		if (slot->call->op != CFGBLK_OP_WRITE)
			slot->call->buf = slot->buf;
		slot->call->done = slot_told;
		slot->call->context = slot;
	}
	err = cfgblk_calls_submit(&bench->link->calls, slot->call);
	TRACE("call %d: op %u, %u bytes: %d\n", (int)(slot - bench->slots),
	      slot->call->op, len, err);
	if (bench->stopped)
		CHECK(err == -ESHUTDOWN);
	else
		CHECK(err == (waiting < CFGBLK_VF_CALLS_MAX ? 0 : -EAGAIN));
	if (err)
		slot_clear(slot);
}

static void caller_calls(struct bench *bench)
{
	u8 how = script_u8(bench->script), len = script_u8(bench->script);
	struct slot *slot = slot_of(bench, NULL);

	if (slot)
		slot_call(slot, how, len % CFGBLK_BLOCK_MAX + 1, len & 0x80);
}

/*
 * Cancelled, or killed: the buffer is the caller's from here on.  A call that
 * had begun ends on its own, with or without a reference of the caller.
 */
static void caller_gives_up(struct bench *bench)
{
	u8 which = script_u8(bench->script);
	struct slot *slot = &bench->slots[which % SLOTS];
	struct cfgblk_call *call = slot->call;
	bool queued;

	if (!call || slot->given_up)
		return;
	TRACE("give up call %u\n", which % SLOTS);
	queued = !list_empty(&call->list);
	if (call->done) {
		CHECK(cfgblk_call_disown(call));
		cfgblk_calls_cancel(&bench->link->calls, call);
	} else {
		CHECK(cfgblk_calls_wait(&bench->link->calls, call) == -EINTR);
	}
	slot->given_up = true;
	free(slot->buf);
	slot->buf = NULL;
	if (!queued && which & 0x80)
		bench->untracked++;
	if (queued || which & 0x80)
		slot_clear(slot);
}

static void pf_rings(struct bench *bench, unsigned int bells)
{
	TRACE("bells %x\n", bells);
	cfgblk_vf_link_bell(bench->link, bells);
}

static void pf_writes(struct bench *bench)
{
	u8 i = script_u8(bench->script) % CFGBLK_MBX_DWORDS;

	bench->words[i] = script_u32(bench->script);
	TRACE("dword %u %x\n", i, bench->words[i]);
}

/* An answer with, mostly, the right id and epoch */
static void pf_answers(struct bench *bench)
{
	u8 op = script_u8(bench->script), arg = script_u8(bench->script);
	const struct cfgblk_hdr hdr = {
		.id = bench->link->id + (op >> 5 & 1),
		.epoch = bench->link->welcome.epoch + (op >> 6 & 1),
		.op = (op & 7) | CFGBLK_OP_FROM_PF,
		.arg = arg,
		.more = arg & 0x80,
	};

	fill((u8 *)&bench->words[1], ROOM, arg ^ op);
	bench->words[0] = cfgblk_hdr_pack(&hdr);
	TRACE("op %x arg %u more %u, ", hdr.op, hdr.arg, hdr.more);
	pf_rings(bench, CFGBLK_BELL_MESSAGE);
}

/* The next fragment of an answer, or the wish for one of the request */
static void pf_goes_on(struct bench *bench)
{
	struct cfgblk_call *call = bench->link->call;
	u8 more = script_u8(bench->script);
	struct cfgblk_hdr hdr = {
		.id = bench->link->id,
		.epoch = bench->link->welcome.epoch,
		.op = CFGBLK_OP_GO,
		.more = more & 1,
	};

	if (!call)
		return;
	hdr.arg = call->bytes.frag;
	if (bench->link->state == CFGBLK_VF_SENDING && more & 2) {
		TRACE("GO, ");
		pf_rings(bench, CFGBLK_BELL_ACK);
		return;
	}
	if (bench->link->state == CFGBLK_VF_RECEIVING) {
		hdr.op = CFGBLK_OP_NEXT_DATA;
		hdr.arg = call->answer.frag;
	}
	bench->words[0] = cfgblk_hdr_pack(&hdr);
	TRACE("op %x, ", hdr.op);
	pf_rings(bench, CFGBLK_BELL_MESSAGE);
}

static void pf_lets_come(struct bench *bench)
{
	const struct cfgblk_hdr come = {
		.id = bench->link->attempt,
		.op = CFGBLK_OP_COME,
	};

	bench->words[0] = cfgblk_hdr_pack(&come);
	TRACE("COME, ");
	pf_rings(bench, CFGBLK_BELL_MESSAGE);
}

static void pf_welcomes(struct bench *bench)
{
	u8 epoch = script_u8(bench->script);
	const struct cfgblk_welcome welcome = {
		.features = epoch,
		.attempt = bench->link->attempt,
		.epoch = epoch,
		.version = epoch & 0x80 ? epoch % 4 : 1,
		.min = 1,
		.max = epoch,
	};

	cfgblk_welcome_pack(&welcome, bench->words);
	TRACE("WELCOME %u, ", welcome.version);
	pf_rings(bench, CFGBLK_BELL_MESSAGE);
}

/* What may come at any moment */
static void act_as_pf(struct bench *bench)
{
	switch (script_u8(bench->script) % 8) {
	case 0:
		pf_writes(bench);
		break;
	case 1:
		pf_lets_come(bench);
		break;
	case 2:
		pf_welcomes(bench);
		break;
	case 3:
		pf_rings(bench, script_u8(bench->script) & 15);
		break;
	case 4:
		bench->bells |= script_u8(bench->script) & 7;
		break;
	case 5:
		pf_goes_on(bench);
		break;
	default:
		pf_answers(bench);
	}
}

static bool run_work(struct bench *bench)
{
	bench->accesses = 0;
	bench->gets = 0;
	bench->rung = bench->link->bells.counter;
	if (!work_run(&bench->link->work))
		return false;
	reap(bench);
	return true;
}

/* No processor is too busy for the link, and none is busy with it alone */
static void pass(struct bench *bench, unsigned long ticks)
{
	struct timer_list *timer = &bench->link->timer;
	unsigned long end = jiffies + ticks;
	unsigned int runs = 0;

	for (;;) {
		timer_run(timer);
		if (run_work(bench)) {
			CHECK(++runs < 32);
			continue;
		}
		if (!time_before(jiffies, end))
			break;
		runs = 0;
		if (timer->pending && time_before(timer->expires, end))
			time_pass(timer->expires - jiffies);
		else
			time_pass(end - jiffies);
	}
}

/* A link that runs has something that wakes it, and no call waits for ever */
static void check_link(struct bench *bench)
{
	struct cfgblk_vf_link *link = bench->link;
	unsigned int calls = 0;
	int i;

	for (i = 0; i < SLOTS; i++) {
		const struct slot *slot = &bench->slots[i];

		if (!slot->call)
			continue;
		calls++;
		CHECK(list_empty(&slot->call->list) ||
		      jiffies - slot->at <= LIMIT);
	}
	CHECK(link->calls.waiting >= calls);
	CHECK(link->calls.waiting <= calls + bench->untracked);
	CHECK(link->calls.waiting <= CFGBLK_VF_CALLS_MAX);
	CHECK(link->state <= CFGBLK_VF_REFUSED);
	CHECK(link->patience <= LIMIT);
	if (bench->on)
		CHECK(link->work.pending || link->timer.pending);
	else
		CHECK(!link->timer.pending && !calls);
}

static void driver_stops(struct bench *bench)
{
	TRACE("stop\n");
	bench->accesses = 0;
	bench->stopped = true;
	cfgblk_vf_link_stop(bench->link, -ESHUTDOWN);
	bench->on = false;
	reap(bench);
	bench->untracked = 0;
	CHECK(!bench->link->calls.waiting && list_empty(&bench->link->calls.queue));
}

static void driver_starts(struct bench *bench)
{
	TRACE("start\n");
	bench->on = true;
	bench->stopped = false;
	bench->told_down = false;
	cfgblk_vf_link_start(bench->link);
}

static void step(struct bench *bench)
{
	u8 what = script_u8(bench->script);

	switch (what % 16) {
	case 0:
		bench->arm = script_u8(bench->script) % 8;
		break;
	case 1:
		if (bench->on)
			driver_stops(bench);
		else
			driver_starts(bench);
		break;
	case 2:
		pass(bench, script_ticks(bench->script));
		break;
	case 3:
		bench->down = script_u8(bench->script) & 1;
		break;
	case 4:
		TRACE("want %u\n", what >> 6 & 1);
		cfgblk_vf_link_want(bench->link, what & 0x40);
		break;
	case 5:
		caller_gives_up(bench);
		break;
	case 6:
	case 7:
	case 8:
		caller_calls(bench);
		break;
	default:
		act_as_pf(bench);
	}
	if (!(what & 0x80))
		pass(bench, 0);
}

void fuzz_target(struct script *script)
{
	struct bench bench = { .script = script };
	const struct cfgblk_mbx mbx = { &mbx_ops, &bench };
	int i;

	for (i = 0; i < SLOTS; i++)
		bench.slots[i].bench = &bench;
	bench.link = calloc(1, sizeof(*bench.link));
	cfgblk_vf_link_init(bench.link, &mbx, &driver_ops, &bench, LIMIT_MS);
	driver_starts(&bench);
	while (script_more(script)) {
		step(&bench);
		check_link(&bench);
	}
	driver_stops(&bench);
	cfgblk_vf_link_fini(bench.link);
	free(bench.link);
}
