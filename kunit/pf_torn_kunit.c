// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a VF that rewrites its message while the PF reads it, on the simulated
 * device
 *
 * The VF has no driver: what it says is written here.  From the PF's read of
 * the header on, all of the buffer changes before each further read.  The PF
 * must go by what it has read: by the first header and no other.
 */
#include <linux/delay.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../pf/pf.h"
#include "bench.h"
#include "status.h"

/* VF 0's buffer in the PF's BAR of the 82576, and VF 1's behind it */
#define MEM		0x800
#define MEM_END		(MEM + 4 * CFGBLK_MBX_DWORDS)
#define ALL_MEM_END	0xa00

#define REQ		BIT(0)

#define SMALL		9	/* block id of a block of 8 bytes */
#define SMALL_LEN	8
#define RARE		BIT(20)	/* block id that no header can hold */

#define TORN		0xdeadbeef

#define ANSWER_MS	1

/**
 * struct torn - a VF that lies, and what the PF did
 * @sim: the device
 * @pf: its PF
 * @id: request id of the next request
 * @epoch: of the last WELCOME
 * @words: what the VF writes over its message; NULL for TORN everywhere
 * @reads: buffer dwords that the PF has read
 * @stray: of these, those of another VF
 */
struct torn {
	struct sim *sim;
	struct cfgblk_pf *pf;
	u8 id;
	u32 epoch;
	const u32 *words;
	unsigned int reads;
	unsigned int stray;
};

static void tear(void *ctx, const struct sim_access *access)
{
	struct torn *torn = ctx;
	unsigned int i;

	if (access->fn != SIM_PF || access->write || access->reg < MEM ||
	    access->reg >= ALL_MEM_END)
		return;
	torn->stray += access->reg >= MEM_END;
	if (!torn->reads++)
		return;
	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		sim_poke(torn->sim, 0, i, torn->words ? torn->words[i] : TORN);
}

/* Put a message into VF 0's buffer and ring */
static void send(struct torn *torn, const u32 *words, unsigned int n)
{
	while (n--)
		sim_poke(torn->sim, 0, n, words[n]);
	torn->reads = 0;
	sim_ring_as_vf(torn->sim, 0, REQ);
	msleep(ANSWER_MS);
	flush_delayed_work(&torn->pf->vfs[0].link.work);
}

static void send_torn(struct torn *torn, const u32 *words, unsigned int n)
{
	sim_hook(torn->sim, tear, torn);
	send(torn, words, n);
	sim_hook(torn->sim, NULL, NULL);
}

static void knock(struct torn *torn)
{
	const struct cfgblk_hdr hdr = {
		.id = ++torn->id,
		.op = CFGBLK_OP_KNOCK,
	};
	u32 word = cfgblk_hdr_pack(&hdr);

	send(torn, &word, 1);
}

/* KNOCK and HELLO, and nothing goes wrong */
static void attach(struct kunit *test, struct torn *torn)
{
	const struct cfgblk_hello hello = {
		.min = CFGBLK_VERSION_MIN,
		.max = CFGBLK_VERSION_MAX,
		.instance = 1,
	};
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome welcome;
	unsigned int i;

	knock(torn);
	cfgblk_hello_pack(&hello, words);
	send(torn, words, ARRAY_SIZE(words));
	for (i = 0; i < ARRAY_SIZE(words); i++)
		words[i] = sim_peek(torn->sim, 0, i);
	KUNIT_ASSERT_TRUE(test, cfgblk_welcome_unpack(words, &welcome));
	KUNIT_ASSERT_NE(test, welcome.version, 0);
	torn->epoch = welcome.epoch;
}

struct mode {
	const char *name;
	const struct sim_config *config;
};

/* Either way each dword is an access of its own to the hook */
static const struct mode modes[] = {
	{ "32-bit accesses", &bench_narrow },
	{ "64-bit accesses, split", &bench_qemu },
};

static void mode_name(const struct mode *mode, char *name)
{
	strscpy(name, mode->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mode, modes, mode_name);

static struct torn *torn_new(struct kunit *test)
{
	const struct mode *mode = test->param_value;
	struct torn *torn = kunit_kzalloc(test, sizeof(*torn), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, torn);
	torn->sim = bench_with_vfs(test, mode->config, 2);
	torn->pf = bench_pf(test);
	bench_unbind(sim_vf_pdev(torn->sim, 0));
	bench_define_block(test, 0, SMALL, SMALL_LEN, BENCH_RW);
	bench_define_block(test, 0, RARE, SMALL_LEN, BENCH_RW);
	attach(test, torn);
	return torn;
}

static u32 request(struct torn *torn, u8 op, unsigned int len, u8 short_id,
		   bool more)
{
	const struct cfgblk_hdr hdr = {
		.id = ++torn->id,
		.epoch = torn->epoch,
		.short_id = short_id,
		.op = op,
		.arg = len - 1,
		.more = more,
	};

	return cfgblk_hdr_pack(&hdr);
}

/* NEXT: belongs to the last request, counts fragments */
static u32 request_next(struct torn *torn, u8 number, bool more)
{
	const struct cfgblk_hdr hdr = {
		.id = torn->id,
		.epoch = torn->epoch,
		.op = CFGBLK_OP_NEXT,
		.arg = number,
		.more = more,
	};

	return cfgblk_hdr_pack(&hdr);
}

/* The PF answered the request that it had read first */
static void expect_answer(struct kunit *test, struct torn *torn, u8 op, u8 arg)
{
	struct cfgblk_hdr hdr;

	KUNIT_EXPECT_TRUE(test, cfgblk_hdr_unpack(sim_peek(torn->sim, 0, 0),
						  &hdr));
	KUNIT_EXPECT_EQ(test, hdr.op, op);
	KUNIT_EXPECT_EQ(test, hdr.arg, arg);
	KUNIT_EXPECT_EQ(test, hdr.id, torn->id & CFGBLK_ID_MASK);
	KUNIT_EXPECT_EQ(test, hdr.epoch, torn->epoch & CFGBLK_EPOCH_MASK);
	KUNIT_EXPECT_FALSE(test, hdr.more);
	KUNIT_EXPECT_LE(test, torn->reads, CFGBLK_MBX_DWORDS);
	KUNIT_EXPECT_EQ(test, torn->stray, 0);
}

/* The PF waits for a fragment, and has left the buffer as it was */
static void expect_go(struct kunit *test, struct torn *torn, u8 number)
{
	struct cfgblk_pf_link *link = &torn->pf->vfs[0].link;

	KUNIT_EXPECT_EQ(test, link->state, CFGBLK_PF_RECEIVING);
	KUNIT_EXPECT_EQ(test, link->in.frag, number);
	KUNIT_EXPECT_EQ(test, sim_peek(torn->sim, 0, 0), TORN);
	KUNIT_EXPECT_LE(test, torn->reads, CFGBLK_MBX_DWORDS);
	KUNIT_EXPECT_EQ(test, torn->stray, 0);
}

/* A block of VF 0 has @len bytes, each of them torn */
static void expect_stored(struct kunit *test, struct torn *torn, u32 id, int len)
{
	const u32 word = TORN;
	u8 bytes[CFGBLK_BLOCK_MAX];
	int i;

	KUNIT_ASSERT_EQ(test, len,
			cfgblk_store_peek(bench_store(test, 0), id, bytes,
					  sizeof(bytes)));
	for (i = 0; i < len; i++)
		KUNIT_EXPECT_EQ(test, bytes[i], ((const u8 *)&word)[i % 4]);
}

/* An honest message is served as ever, and so is the other VF */
static void expect_life_goes_on(struct kunit *test, struct torn *torn)
{
	u32 words[3] = { 0, 1, 2 };

	attach(test, torn);
	words[0] = request(torn, CFGBLK_OP_WRITE, SMALL_LEN, SMALL, false);
	send(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_DONE, 0);
	bench_there_and_back(test, 1);
}

static void torn_write_has_the_length_that_was_checked(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[3] = { };

	words[0] = request(torn, CFGBLK_OP_WRITE, SMALL_LEN, SMALL, false);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_DONE, 0);
	KUNIT_EXPECT_EQ(test, torn->reads, 3);
	expect_stored(test, torn, SMALL, SMALL_LEN);
	expect_life_goes_on(test, torn);
}

/* Dword 1 is read once: the block id that was looked up is the one written */
static void torn_block_id_of_a_write_is_read_once(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[4] = { }, lie[CFGBLK_MBX_DWORDS];
	int i;

	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		lie[i] = RARE;
	words[0] = request(torn, CFGBLK_OP_WRITE, SMALL_LEN,
			   CFGBLK_SHORT_ID_NONE, false);
	words[1] = SMALL;
	torn->words = lie;
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_DONE, 0);
	KUNIT_EXPECT_EQ(test, torn->reads, 4);
	KUNIT_EXPECT_EQ(test, cfgblk_store_peek(bench_store(test, 0), SMALL,
						lie, 1), -ENODATA);
	KUNIT_EXPECT_EQ(test, cfgblk_store_peek(bench_store(test, 0), RARE,
						lie, sizeof(lie)), SMALL_LEN);
	expect_life_goes_on(test, torn);
}

static void torn_block_id_of_a_read_is_looked_up(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[2] = { 0, RARE };

	words[0] = request(torn, CFGBLK_OP_READ, SMALL_LEN,
			   CFGBLK_SHORT_ID_NONE, false);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_FAIL, CFGBLK_STATUS_NO_BLOCK);
	KUNIT_EXPECT_EQ(test, torn->reads, 2);
	expect_life_goes_on(test, torn);
}

/* Not one byte more comes back than was asked for */
static void torn_echo_has_the_length_that_was_checked(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[3] = { };

	words[0] = request(torn, CFGBLK_OP_ECHO, 7, 0, false);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_DATA, 6);
	KUNIT_EXPECT_EQ(test, torn->reads, 3);
	KUNIT_EXPECT_EQ(test, sim_peek(torn->sim, 0, 1), TORN);
	KUNIT_EXPECT_EQ(test, sim_peek(torn->sim, 0, 2), TORN & GENMASK(23, 0));
	expect_life_goes_on(test, torn);
}

/* 128 bytes in three fragments, each of them torn */
static void torn_fragments_make_a_block_of_the_first_length(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[CFGBLK_MBX_DWORDS] = { };

	words[0] = request(torn, CFGBLK_OP_WRITE, CFGBLK_BLOCK_MAX, BENCH_BLOCK,
			   true);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_go(test, torn, 1);
	words[0] = request_next(torn, 1, true);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_go(test, torn, 2);
	words[0] = request_next(torn, 2, false);
	send_torn(torn, words, 3);
	expect_answer(test, torn, CFGBLK_OP_DONE, 0);
	KUNIT_EXPECT_EQ(test, torn->reads, 3);
	expect_stored(test, torn, BENCH_BLOCK, CFGBLK_BLOCK_MAX);
	expect_life_goes_on(test, torn);
}

/* What it announces and what it sends differ: nothing is stored */
static void fragment_too_many_or_too_few_stores_nothing(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	u32 words[CFGBLK_MBX_DWORDS] = { };
	u8 byte;

	words[0] = request(torn, CFGBLK_OP_WRITE, SMALL_LEN, BENCH_BLOCK, true);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_FAIL, CFGBLK_STATUS_BAD_LENGTH);
	words[0] = request(torn, CFGBLK_OP_WRITE, 61, BENCH_BLOCK, false);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_FAIL, CFGBLK_STATUS_BAD_LENGTH);
	words[0] = request(torn, CFGBLK_OP_WRITE, 61, BENCH_BLOCK, true);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_go(test, torn, 1);
	words[0] = request_next(torn, 1, true);
	send_torn(torn, words, ARRAY_SIZE(words));
	expect_answer(test, torn, CFGBLK_OP_FAIL, CFGBLK_STATUS_BAD_LENGTH);
	KUNIT_EXPECT_EQ(test, -ENODATA,
			cfgblk_store_peek(bench_store(test, 0), BENCH_BLOCK,
					  &byte, 1));
	expect_life_goes_on(test, torn);
}

static void torn_hello_is_no_handshake(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	struct cfgblk_pf_link *link = &torn->pf->vfs[0].link;
	const struct cfgblk_hello hello = {
		.min = CFGBLK_VERSION_MIN, .max = CFGBLK_VERSION_MAX,
	};
	u64 handshakes = link->counters.handshakes;
	u64 malformed = link->counters.malformed;
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_hello_pack(&hello, words);
	send_torn(torn, words, ARRAY_SIZE(words));
	KUNIT_EXPECT_EQ(test, torn->reads, CFGBLK_HELLO_DWORDS);
	KUNIT_EXPECT_EQ(test, link->counters.malformed, malformed + 1);
	KUNIT_EXPECT_EQ(test, link->counters.handshakes, handshakes);
	KUNIT_EXPECT_EQ(test, sim_peek(torn->sim, 0, 0), TORN);
	expect_life_goes_on(test, torn);
}

/* All but its header is that of another: as good as if it were the only one */
static void hello_torn_into_another_is_the_other(struct kunit *test)
{
	struct torn *torn = torn_new(test);
	struct cfgblk_hello hello = { .min = 1, .max = 1, .instance = 5 };
	u32 words[CFGBLK_HELLO_DWORDS], lie[CFGBLK_MBX_DWORDS] = { };

	cfgblk_hello_pack(&hello, words);
	hello.instance = 6;
	hello.min = CFGBLK_VERSION_MAX + 1;
	hello.max = CFGBLK_VERSION_MAX + 1;
	cfgblk_hello_pack(&hello, lie);
	torn->words = lie;
	send_torn(torn, words, ARRAY_SIZE(words));
	KUNIT_EXPECT_EQ(test, torn->pf->vfs[0].link.instance, 6);
	KUNIT_EXPECT_EQ(test, torn->pf->vfs[0].link.version, 0);
	expect_life_goes_on(test, torn);
}

static struct kunit_case pf_torn_cases[] = {
	KUNIT_CASE_PARAM(torn_write_has_the_length_that_was_checked, mode_gen_params),
	KUNIT_CASE_PARAM(torn_block_id_of_a_write_is_read_once, mode_gen_params),
	KUNIT_CASE_PARAM(torn_block_id_of_a_read_is_looked_up, mode_gen_params),
	KUNIT_CASE_PARAM(torn_echo_has_the_length_that_was_checked, mode_gen_params),
	KUNIT_CASE_PARAM(torn_fragments_make_a_block_of_the_first_length,
			 mode_gen_params),
	KUNIT_CASE_PARAM(fragment_too_many_or_too_few_stores_nothing, mode_gen_params),
	KUNIT_CASE_PARAM(torn_hello_is_no_handshake, mode_gen_params),
	KUNIT_CASE_PARAM(hello_torn_into_another_is_the_other, mode_gen_params),
	{ }
};

static struct kunit_suite pf_torn_suite = {
	.name = "cfgblk_pf_torn",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = pf_torn_cases,
};

kunit_test_suite(pf_torn_suite);
