// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzing: both ends of a link on one buffer, when things go wrong
 *
 * Both ends are honest; the input says when each of them runs, which bells and
 * interrupts are lost, when either end is reset, and what happens between two
 * accesses of the other end to the mailbox: each dword is an access, as it is
 * on the hardware.
 *
 * Every block that anybody writes is made of its own number, so that a byte
 * tells where it is from.  A write that was acknowledged was stored; what is
 * stored is whole, and in the order of the calls; what is read is whole, was
 * there while the call went on, and no other tenant wrote it.  In the end, when
 * nothing goes wrong any more, the link works and no mask is lost.
 */
#include <errno.h>

#include "mask.h"
#include "pf_link.h"
#include "script.h"
#include "vf_link.h"

#define LIMIT_MS	2000
#define LIMIT		(LIMIT_MS * HZ / 1000)
#define BLOCKS		4
#define SLOTS		8
#define VALUES_MAX	1024

/* Time for everything to come right again: what a reminder takes at most */
#define RECOVERY	(200UL * HZ)

static const u32 block_ids[BLOCKS] = { 3, 62, 63, 70000 };

/**
 * struct value - something that was written to a block
 * @block: index of the block
 * @len: bytes
 * @tenant: VF driver that wrote it; 0: the host
 * @stored: so often
 */
struct value {
	unsigned int block;
	unsigned int len;
	unsigned int tenant;
	unsigned int stored;
};

/**
 * struct slot - a caller
 * @call: its call; NULL for none
 * @block: index of the block
 * @value: write: number of what it writes
 * @since: changes to the blocks before it called
 */
struct slot {
	struct cfgblk_call *call;
	unsigned int block;
	unsigned int value;
	unsigned int since;
};

/**
 * struct change - a block has another value
 * @block: index of the block
 * @value: number of what it has now; 0 for nothing
 */
struct change {
	unsigned int block;
	unsigned int value;
};

/**
 * struct bench - two links and what is between them
 * @script: what happens
 * @pf: the PF's end
 * @vf: the VF's end, in memory of its own
 * @slots: callers on the VF
 * @words: the buffer
 * @to_pf: bells that the PF has not heard
 * @to_vf: bells that the VF has not heard
 * @lose_bells: so many bells are lost
 * @lose_pf_irqs: so many interrupts for the PF are lost; the bells are heard
 *	later
 * @lose_vf_irqs: the same for the VF
 * @troubles: resets, lost bells and the like so far
 * @lost_irqs: interrupts lost so far
 * @down: the PF is in reset
 * @turning: the host turns the link on, and does nothing else to it
 * @poll_at: jiffies at which the PF looks for bells
 * @arm: accesses until something comes in between; 0: never
 * @values: what was written, by number
 * @values_n: how many
 * @stored_last: number of what the VF stored last
 * @host: what the host published, by block
 * @now: what each block has
 * @changes: what they had
 * @changes_n: how many
 * @tenant: VF drivers so far
 * @ored: block mask of all that was ever invalidated
 * @owed: block mask of what the listener has to hear
 * @sent: what it will have heard with the mask that is on its way
 */
struct bench {
	struct script *script;
	struct cfgblk_pf_link pf;
	struct cfgblk_vf_link *vf;
	struct slot slots[SLOTS];
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int to_pf;
	unsigned int to_vf;
	unsigned int lose_bells;
	unsigned int lose_pf_irqs;
	unsigned int lose_vf_irqs;
	unsigned int troubles;
	unsigned int lost_irqs;
	bool down;
	bool turning;
	unsigned long poll_at;
	unsigned int arm;
	struct value values[VALUES_MAX];
	unsigned int values_n;
	unsigned int stored_last;
	unsigned int host[BLOCKS];
	unsigned int now[BLOCKS];
	struct change changes[2 * VALUES_MAX];
	unsigned int changes_n;
	unsigned int tenant;
	u64 ored;
	u64 owed;
	u64 sent;
};

static void act_in_between(struct bench *bench);

static void access_done(struct bench *bench)
{
	CHECK(!locks_held);
	if (!bench->arm || --bench->arm)
		return;
	TRACE("  in between: ");
	act_in_between(bench);
}

/* Two bytes of the number, over and over, each place different */
static u8 value_byte(unsigned int value, unsigned int i)
{
	return (value >> i % 2 * 8) + i / 2 * 0x35;
}

static void value_fill(unsigned int value, u8 *bytes, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < len; i++)
		bytes[i] = value_byte(value, i);
}

/* Which value begins so?  It has to go on so as well */
static unsigned int value_find(struct bench *bench, const u8 *bytes,
			       unsigned int len)
{
	unsigned int value, i;

	CHECK(len >= 2);
	value = bytes[0] | bytes[1] << 8;
	CHECK(value >= 1 && value <= bench->values_n);
	for (i = 0; i < len; i++)
		CHECK(bytes[i] == value_byte(value, i));
	return value;
}

/* Return: the number of a new one; 0 if there were too many */
static unsigned int value_new(struct bench *bench, unsigned int block,
			      unsigned int len, unsigned int tenant)
{
	if (bench->values_n + 1 >= VALUES_MAX)
		return 0;
	bench->values[++bench->values_n] =
		(struct value){ block, len, tenant, 0 };
	return bench->values_n;
}

static void block_change(struct bench *bench, unsigned int block,
			 unsigned int value)
{
	if (bench->now[block] == value ||
	    bench->changes_n == ARRAY_SIZE(bench->changes))
		return;
	bench->now[block] = value;
	bench->changes[bench->changes_n++] = (struct change){ block, value };
}

/* Did the block have that value at any time since? */
static bool block_had(struct bench *bench, unsigned int block,
		      unsigned int value, unsigned int since)
{
	unsigned int first = 0, i;

	/* The change before @since is the one that held when it began */
	for (i = 0; i < since; i++)
		if (bench->changes[i].block == block)
			first = i;
	for (i = first; i < bench->changes_n; i++)
		if (bench->changes[i].block == block &&
		    bench->changes[i].value == value)
			return true;
	return false;
}

/* A mask that is on its way already does not count */
static void block_invalidated(struct bench *bench, u64 mask)
{
	bench->ored |= mask;
	bench->owed |= mask;
	bench->sent &= ~mask;
}

static unsigned int block_index(u32 id)
{
	unsigned int i;

	for (i = 0; i < BLOCKS; i++)
		if (block_ids[i] == id)
			return i;
	check_failed(__FILE__, __LINE__, "a block that nobody asked for");
}

static void mbx_get(void *ctx, u32 *words, unsigned int first, unsigned int n)
{
	struct bench *bench = ctx;
	unsigned int i;

	CHECK(n >= 1 && first + n <= CFGBLK_MBX_DWORDS);
	for (i = 0; i < n; i++) {
		words[i] = bench->words[first + i];
		access_done(bench);
	}
}

/* With every other tenant, dword 1 comes with the header */
static unsigned int mbx_head(void *ctx, u32 *words)
{
	struct bench *bench = ctx;
	unsigned int n = 1 + bench->tenant % 2;

	mbx_get(bench, words, 0, n);
	return n;
}

/* Dword 0 last */
static void mbx_write(struct bench *bench, const u32 *words, unsigned int n)
{
	CHECK(n >= 1 && n <= CFGBLK_MBX_DWORDS);
	while (n--) {
		bench->words[n] = words[n];
		access_done(bench);
	}
}

static void mbx_wipe(void *ctx)
{
	struct bench *bench = ctx;
	unsigned int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++) {
		bench->words[i] = 0;
		access_done(bench);
	}
}

/* One less to lose, one more that was lost */
static bool lost(unsigned int *lose, unsigned int *count)
{
	if (!*lose)
		return false;
	(*lose)--;
	(*count)++;
	return true;
}

static void pf_hears(struct bench *bench)
{
	unsigned int bells = 0;

	if (bench->down)
		return;
	swap(bells, bench->to_pf);
	if (bells)
		cfgblk_pf_link_bell(&bench->pf, bells);
}

static void vf_hears(struct bench *bench)
{
	unsigned int bells = 0;

	swap(bells, bench->to_vf);
	if (bells)
		cfgblk_vf_link_bell(bench->vf,
				    bench->down ? CFGBLK_BELL_DOWN : bells);
}

static void vf_mbx_ring(void *ctx, unsigned int bells)
{
	struct bench *bench = ctx;

	if (!lost(&bench->lose_bells, &bench->troubles))
		bench->to_pf |= bells;
	if (!lost(&bench->lose_pf_irqs, &bench->lost_irqs))
		pf_hears(bench);
	access_done(bench);
}

static void pf_mbx_ring(void *ctx, unsigned int bells)
{
	struct bench *bench = ctx;

	CHECK(!bench->down);
	if (!lost(&bench->lose_bells, &bench->troubles))
		bench->to_vf |= bells;
	if (!lost(&bench->lose_vf_irqs, &bench->lost_irqs))
		vf_hears(bench);
	access_done(bench);
}

static void vf_mbx_put(void *ctx, const u32 *words, unsigned int n,
		       unsigned int bells)
{
	TRACE("  VF: %08x, %u dwords\n", words[0], n);
	mbx_write(ctx, words, n);
	vf_mbx_ring(ctx, bells);
}

static void pf_mbx_put(void *ctx, const u32 *words, unsigned int n,
		       unsigned int bells)
{
	struct bench *bench = ctx;
	struct cfgblk_hdr hdr;

	TRACE("  PF: %08x, %u dwords\n", words[0], n);
	cfgblk_hdr_unpack(words[0], &hdr);
	if (hdr.op == CFGBLK_OP_MASK)
		bench->sent = words[1] | (u64)words[2] << 32;
	mbx_write(ctx, words, n);
	pf_mbx_ring(ctx, bells);
}

static unsigned int vf_mbx_poll(void *ctx)
{
	struct bench *bench = ctx;
	unsigned int bells = 0;

	swap(bells, bench->to_vf);
	access_done(bench);
	return bench->down ? CFGBLK_BELL_DOWN : bells;
}

static void vf_mbx_prepare(void *ctx)
{
	access_done(ctx);
}

static const struct cfgblk_mbx_ops pf_mbx_ops = {
	.get = mbx_get,
	.head = mbx_head,
	.put = pf_mbx_put,
	.ring = pf_mbx_ring,
	.wipe = mbx_wipe,
};

static const struct cfgblk_mbx_ops vf_mbx_ops = {
	.get = mbx_get,
	.head = mbx_head,
	.put = vf_mbx_put,
	.ring = vf_mbx_ring,
	.poll = vf_mbx_poll,
	.prepare = vf_mbx_prepare,
};

static int server_read(void *ctx, u32 id, void *buf, unsigned int len)
{
	struct bench *bench = ctx;
	unsigned int value = bench->now[block_index(id)];
	unsigned int n = min(len, bench->values[value].len);

	access_done(bench);
	if (!value)
		return -ENODATA;
	value_fill(value, buf, n);
	return n;
}

/* Whole, of this block, never twice, and never after one that came later */
static int server_write(void *ctx, u32 id, const void *buf, unsigned int len)
{
	struct bench *bench = ctx;
	unsigned int block = block_index(id);
	unsigned int number = value_find(bench, buf, len);
	struct value *value = &bench->values[number];

	CHECK(value->tenant && value->block == block && value->len == len);
	CHECK(!value->stored++);
	CHECK(number > bench->stored_last);
	bench->stored_last = number;
	block_change(bench, block, number);
	TRACE("  stored %u\n", number);
	access_done(bench);
	return 0;
}

static void server_came(void *ctx, const struct cfgblk_hello *hello,
			u8 version)
{
	CHECK(version == CFGBLK_VERSION_MAX);
}

/* The host's values come back */
static void server_went(void *ctx)
{
	struct bench *bench = ctx;
	unsigned int i;

	TRACE("  VF went\n");
	for (i = 0; i < BLOCKS; i++)
		if (bench->values[bench->now[i]].tenant)
			block_change(bench, i, bench->host[i]);
}

static u64 server_published(void *ctx)
{
	struct bench *bench = ctx;
	u64 mask = 0;
	unsigned int i;

	for (i = 0; i < BLOCKS; i++)
		if (bench->host[i])
			mask |= cfgblk_mask_of(block_ids[i]);
	block_invalidated(bench, mask);
	return mask;
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
	struct bench *bench = ctx;

	TRACE("  VF heard %llx\n", mask);
	CHECK(!(mask & ~bench->ored));
	bench->owed &= ~(mask & bench->sent);
}

static void driver_up(void *ctx, const struct cfgblk_welcome *welcome)
{
	CHECK(welcome->version == CFGBLK_VERSION_MAX);
}

static void driver_refused(void *ctx, const struct cfgblk_welcome *welcome)
{
	check_failed(__FILE__, __LINE__, "refused, with the same versions");
}

static const struct cfgblk_vf_link_ops driver_ops = {
	.mask = driver_mask,
	.up = driver_up,
	.refused = driver_refused,
};

static void check_read(struct bench *bench, const struct slot *slot)
{
	const struct cfgblk_bytes *answer = &slot->call->answer;
	unsigned int number = value_find(bench, answer->data, answer->len);
	const struct value *value = &bench->values[number];

	CHECK(value->block == slot->block);
	CHECK(answer->len == min_t(unsigned int, value->len,
				   slot->call->wanted));
	CHECK(!value->tenant || value->tenant == bench->tenant);
	CHECK(block_had(bench, slot->block, number, slot->since));
}

static void check_end(struct bench *bench, const struct slot *slot)
{
	int err = slot->call->err;

	TRACE("  call %d ended with %d\n", (int)(slot - bench->slots), err);
	CHECK(!err || err == -ENODATA || err == -ETIMEDOUT ||
	      err == -ECONNRESET || err == -ESHUTDOWN);
	/* One lost interrupt costs a second and no call */
	if (!bench->troubles && bench->lost_irqs <= 1)
		CHECK(!err || err == -ENODATA);
	if (err)
		return;
	if (slot->call->op == CFGBLK_OP_READ)
		check_read(bench, slot);
	else
		CHECK(bench->values[slot->value].stored == 1);
}

static void reap(struct bench *bench)
{
	int i;

	for (i = 0; i < SLOTS; i++) {
		struct slot *slot = &bench->slots[i];

		if (!slot->call || !slot->call->ended.done)
			continue;
		check_end(bench, slot);
		cfgblk_call_put(slot->call);
		slot->call = NULL;
	}
}

static struct slot *slot_free(struct bench *bench)
{
	int i;

	for (i = 0; i < SLOTS; i++)
		if (!bench->slots[i].call)
			return &bench->slots[i];
	return NULL;
}

static void slot_submit(struct bench *bench, struct slot *slot)
{
	slot->since = bench->changes_n;
	CHECK(!cfgblk_calls_submit(&bench->vf->calls, slot->call));
	TRACE("call %d: op %u block %u value %u\n",
	      (int)(slot - bench->slots), slot->call->op, slot->block,
	      slot->value);
}

static struct slot *caller_reads(struct bench *bench, unsigned int block,
				 unsigned int len)
{
	struct slot *slot = slot_free(bench);

	if (!slot)
		return NULL;
	*slot = (struct slot){ .block = block };
	slot->call = cfgblk_call_new(CFGBLK_OP_READ, block_ids[block]);
	slot->call->wanted = len;
	slot_submit(bench, slot);
	return slot;
}

static struct slot *caller_writes(struct bench *bench, unsigned int block,
				  unsigned int len)
{
	struct slot *slot = slot_free(bench);
	unsigned int value;

	if (!slot)
		return NULL;
	value = value_new(bench, block, len, bench->tenant);
	if (!value)
		return NULL;
	*slot = (struct slot){ .block = block, .value = value };
	slot->call = cfgblk_call_new(CFGBLK_OP_WRITE, block_ids[block]);
	cfgblk_bytes_start(&slot->call->bytes, len);
	value_fill(value, slot->call->bytes.data, len);
	slot_submit(bench, slot);
	return slot;
}

static void caller_calls(struct bench *bench)
{
	u8 what = script_u8(bench->script);
	unsigned int len = script_u8(bench->script) % 127 + 2;

	if (what & 0x80)
		caller_reads(bench, what % BLOCKS, len);
	else
		caller_writes(bench, what % BLOCKS, len);
}

static void host_publishes(struct bench *bench)
{
	u8 what = script_u8(bench->script);
	unsigned int block = what % BLOCKS;
	unsigned int value = value_new(bench, block, what % 127 + 2, 0);
	u64 mask = cfgblk_mask_of(block_ids[block]);

	if (!value)
		return;
	TRACE("publish %u\n", value);
	bench->host[block] = value;
	block_change(bench, block, value);
	block_invalidated(bench, mask);
	cfgblk_pf_link_invalidate(&bench->pf, mask);
}

/* The bells that it rang before may be gone with it, or not */
static void vf_is_reset(struct bench *bench)
{
	u8 how = script_u8(bench->script);

	TRACE("FLR\n");
	bench->troubles++;
	if (how & 1)
		bench->to_pf = 0;
	if (how & 2)
		bench->to_vf = 0;
	bench->to_pf |= CFGBLK_BELL_RESET;
	pf_hears(bench);
}

static void pf_goes_down(struct bench *bench)
{
	if (bench->down || bench->turning || bench->pf.work.work.running)
		return;
	TRACE("PF reset\n");
	bench->troubles++;
	cfgblk_pf_link_off(&bench->pf);
	bench->down = true;
	bench->to_pf = 0;
	bench->to_vf = 0;
	memset(bench->words, 0, sizeof(bench->words));
}

static void pf_comes_up(struct bench *bench)
{
	if (!bench->down)
		return;
	TRACE("PF up\n");
	bench->down = false;
	bench->to_vf = CFGBLK_BELL_RESET;
	bench->turning = true;
	cfgblk_pf_link_on(&bench->pf);
	bench->turning = false;
	pf_hears(bench);
}

static void vf_stops(struct bench *bench)
{
	cfgblk_vf_link_stop(bench->vf, -ESHUTDOWN);
	reap(bench);
}

/* Another VF driver, which knows nothing: it has to be told of all there is */
static void vf_is_new(struct bench *bench)
{
	const struct cfgblk_mbx mbx = { &vf_mbx_ops, bench };

	TRACE("new tenant\n");
	bench->tenant++;
	memset(bench->vf, 0, sizeof(*bench->vf));
	cfgblk_vf_link_init(bench->vf, &mbx, &driver_ops, bench, LIMIT_MS);
	cfgblk_vf_link_want(bench->vf, true);
	server_published(bench);
}

static void vf_restarts(struct bench *bench)
{
	u8 how = script_u8(bench->script);

	if (bench->vf->work.running)
		return;
	TRACE("VF restarts\n");
	bench->troubles++;
	vf_stops(bench);
	bench->to_vf = 0;
	if (how & 1)
		vf_is_reset(bench);
	if (how & 2)
		vf_is_new(bench);
	cfgblk_vf_link_start(bench->vf);
}

static bool vf_runs(struct bench *bench)
{
	timer_run(&bench->vf->timer);
	if (!work_run(&bench->vf->work))
		return false;
	reap(bench);
	return true;
}

/* Once a second the PF looks for bells, and whether masks were taken */
static bool pf_runs(struct bench *bench)
{
	if (time_after_eq(jiffies, bench->poll_at)) {
		bench->poll_at = jiffies + HZ;
		pf_hears(bench);
		if (!bench->down)
			cfgblk_pf_link_remind(&bench->pf);
	}
	return work_run(&bench->pf.work.work);
}

static void time_out(struct bench *bench)
{
	TRACE("time out\n");
	bench->troubles++;
	time_pass(LIMIT + 1);
}

/* What may happen between two accesses; whoever is at work does not run */
static void act_in_between(struct bench *bench)
{
	u8 what = script_u8(bench->script);

	bench->arm = what >> 4;
	switch (what % 16) {
	case 0:
		vf_is_reset(bench);
		break;
	case 1:
		time_out(bench);
		vf_runs(bench);
		pf_runs(bench);
		break;
	case 2:
		host_publishes(bench);
		break;
	case 3:
		pf_goes_down(bench);
		break;
	case 4:
		pf_comes_up(bench);
		break;
	case 5:
		vf_restarts(bench);
		break;
	case 6:
		caller_calls(bench);
		break;
	case 7:
		pf_runs(bench);
		break;
	default:
		vf_runs(bench);
		pf_runs(bench);
		vf_runs(bench);
	}
}

/* Time in which both ends have a processor each */
static void live(struct bench *bench, unsigned long ticks)
{
	unsigned long end = jiffies + ticks;
	unsigned int runs = 0;

	for (;;) {
		unsigned long next = end;

		bool vf_ran = vf_runs(bench), pf_ran = pf_runs(bench);

		if (vf_ran || pf_ran) {
			CHECK(++runs < 1000);
			continue;
		}
		if (!time_before(jiffies, end))
			break;
		runs = 0;
		if (time_before(bench->poll_at, next))
			next = bench->poll_at;
		if (bench->vf->timer.pending &&
		    time_before(bench->vf->timer.expires, next))
			next = bench->vf->timer.expires;
		time_pass(time_after(next, jiffies) ? next - jiffies : 1);
	}
}

/* 0..15: one to three bells, or one or two interrupts for either end */
static void lose(struct bench *bench, u8 how)
{
	if (how & 3)
		bench->lose_bells = how & 3;
	else if (how & 4)
		bench->lose_vf_irqs = 1 + (how >> 3);
	else
		bench->lose_pf_irqs = 1 + (how >> 3);
}

static void step(struct bench *bench)
{
	u8 what = script_u8(bench->script);

	switch (what % 16) {
	case 0:
		vf_is_reset(bench);
		break;
	case 1:
		time_out(bench);
		break;
	case 2:
	case 3:
		host_publishes(bench);
		break;
	case 4:
		if (bench->down)
			pf_comes_up(bench);
		else
			pf_goes_down(bench);
		break;
	case 5:
		vf_restarts(bench);
		break;
	case 6:
		lose(bench, what >> 4);
		break;
	case 7:
		live(bench, script_ticks(bench->script) % HZ);
		break;
	case 8:
	case 9:
		bench->arm = script_u8(bench->script) % 64;
		break;
	case 10:
		vf_runs(bench);
		break;
	case 11:
		pf_runs(bench);
		break;
	case 12:
		live(bench, 0);
		break;
	default:
		caller_calls(bench);
	}
}

static bool recovered(const struct bench *bench)
{
	return bench->vf->state == CFGBLK_VF_IDLE && !bench->owed;
}

/* The end of a call that nothing disturbs */
static void live_until_ended(struct bench *bench, const struct slot *slot)
{
	struct cfgblk_call *call;

	CHECK(slot);
	call = slot->call;
	kref_get(&call->ref);
	live(bench, 2 * HZ);
	CHECK(call->ended.done && !call->err);
	cfgblk_call_put(call);
}

/* Nothing goes wrong any more */
static void check_recovery(struct bench *bench)
{
	unsigned long end;

	TRACE("recovery\n");
	bench->arm = 0;
	bench->lose_bells = 0;
	bench->lose_pf_irqs = 0;
	bench->lose_vf_irqs = 0;
	pf_comes_up(bench);
	end = jiffies + RECOVERY;
	while (!recovered(bench) && time_before(jiffies, end))
		live(bench, HZ);
	CHECK(recovered(bench));
	CHECK(bench->vf->counters.malformed == 0);
	live(bench, 2 * LIMIT + HZ);
	if (bench->values_n + 2 >= VALUES_MAX)
		return;
	/* A VF that was reset unawares may hear of it only now */
	caller_writes(bench, 2, CFGBLK_BLOCK_MAX);
	live(bench, 2 * LIMIT);
	live_until_ended(bench, caller_writes(bench, 2, CFGBLK_BLOCK_MAX));
	live_until_ended(bench, caller_reads(bench, 2, CFGBLK_BLOCK_MAX));
}

static void bench_begin(struct bench *bench)
{
	const struct cfgblk_mbx mbx = { &pf_mbx_ops, bench };

	cfgblk_pf_link_init(&bench->pf, 0, &mbx, &server_ops, bench);
	cfgblk_pf_link_on(&bench->pf);
	bench->poll_at = jiffies + HZ;
	bench->vf = malloc(sizeof(*bench->vf));
	vf_is_new(bench);
	cfgblk_vf_link_start(bench->vf);
}

/* With whatever calls there still are */
static void bench_end(struct bench *bench)
{
	bench->troubles++;
	vf_stops(bench);
	cfgblk_vf_link_fini(bench->vf);
	cfgblk_pf_link_off(&bench->pf);
	free(bench->vf);
	free(bench);
}

void fuzz_target(struct script *script)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->script = script;
	bench_begin(bench);
	while (script_more(script))
		step(bench);
	check_recovery(bench);
	bench_end(bench);
}
