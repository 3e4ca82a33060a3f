// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: 64-bit accesses to the buffer, on the simulated device
 *
 * What is counted, a hook sees: accesses to VF 0's buffer, from either end.
 * Doorbells and causes are the same with 32-bit accesses.
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/math.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

/* Registers of the 82576 and the I350: VF 0's buffer, in both BARs alike */
#define MEM		0x800
#define MEM_END		0x840
#define CTRL_EXT	0x00018
#define CTRL_EXT_PFRSTD	BIT(14)

#define VFS		8
#define ROOM		60	/* bytes behind the header of one message */
#define LATER_MS	3000	/* a VF looks once a second */
#define LONG_ID		BIT(20)	/* block id that no header can hold */

/**
 * struct tally - accesses to VF 0's buffer
 * @vf_reads: reads of the VF
 * @vf_writes: writes of the VF
 * @pf_reads: reads of the PF
 * @pf_writes: writes of the PF
 */
struct tally {
	unsigned int vf_reads;
	unsigned int vf_writes;
	unsigned int pf_reads;
	unsigned int pf_writes;
};

static void count(void *ctx, const struct sim_access *access)
{
	struct tally *tally = ctx;

	if (access->reg < MEM || access->reg >= MEM_END)
		return;
	if (access->fn == SIM_PF && access->write)
		tally->pf_writes++;
	else if (access->fn == SIM_PF)
		tally->pf_reads++;
	else if (access->write)
		tally->vf_writes++;
	else
		tally->vf_reads++;
}

static struct tally *tally_new(struct kunit *test)
{
	struct tally *tally = kunit_kzalloc(test, sizeof(*tally), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, tally);
	return tally;
}

static struct pci_dev *vf_pdev(struct kunit *test)
{
	return sim_vf_pdev(bench_sim(test), 0);
}

static void write_counted(struct kunit *test, struct tally *tally, u32 id,
			  u8 *bytes, unsigned int len)
{
	*tally = (struct tally){ };
	sim_hook(bench_sim(test), count, tally);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(vf_pdev(test), bytes, len,
						      id));
	sim_hook(bench_sim(test), NULL, NULL);
}

static void read_counted(struct kunit *test, struct tally *tally, u32 id,
			 u8 *bytes, unsigned int len)
{
	unsigned int n = 0;

	*tally = (struct tally){ };
	sim_hook(bench_sim(test), count, tally);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(vf_pdev(test), bytes,
						     CFGBLK_BLOCK_MAX, id, &n));
	sim_hook(bench_sim(test), NULL, NULL);
	KUNIT_EXPECT_EQ(test, n, len);
}

struct mode {
	const char *name;
	const struct sim_config *config;
	bool wide;
};

static const struct mode modes[] = {
	{ "32-bit accesses", &bench_narrow, false },
	{ "64-bit accesses", &bench_82576, true },
};

static void mode_name(const struct mode *mode, char *name)
{
	strscpy(name, mode->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(mode, modes, mode_name);

/* Accesses that a message of @n dwords takes whoever reads it */
static unsigned int to_read(bool wide, unsigned int n)
{
	return wide ? DIV_ROUND_UP(n, 2) : n;
}

/* And whoever writes it: dwords 0 and 1 are no pair then */
static unsigned int to_write(bool wide, unsigned int n)
{
	return wide && n > 2 ? 2 + DIV_ROUND_UP(n - 2, 2) : n;
}

/* The same of all messages that @len bytes are cut into */
static unsigned int of_all(unsigned int (*of_one)(bool wide, unsigned int n),
			   bool wide, unsigned int len)
{
	unsigned int all = 0;

	for (; len > ROOM; len -= ROOM)
		all += of_one(wide, 1 + ROOM / 4);
	return all + of_one(wide, 1 + DIV_ROUND_UP(len, 4));
}

static void write_as_it_must(struct kunit *test, struct tally *tally, u8 *bytes,
			     unsigned int len)
{
	const struct mode *mode = test->param_value;
	u8 stored[CFGBLK_BLOCK_MAX];

	write_counted(test, tally, BENCH_BLOCK, bytes, len);
	KUNIT_EXPECT_EQ(test, tally->vf_writes,
			of_all(to_write, mode->wide, len));
	KUNIT_EXPECT_EQ(test, tally->pf_reads, of_all(to_read, mode->wide, len));
	KUNIT_ASSERT_EQ(test, len,
			cfgblk_store_peek(bench_store(test, 0), BENCH_BLOCK,
					  stored, sizeof(stored)));
	KUNIT_EXPECT_EQ(test, memcmp(stored, bytes, len), 0);
}

/* The VF looks at dword 0 once more in the end: was it wiped meanwhile? */
static void read_as_it_must(struct kunit *test, struct tally *tally,
			    const u8 *bytes, unsigned int len)
{
	const struct mode *mode = test->param_value;
	u8 got[CFGBLK_BLOCK_MAX] = { };

	read_counted(test, tally, BENCH_BLOCK, got, len);
	KUNIT_EXPECT_EQ(test, tally->vf_writes, 1);
	KUNIT_EXPECT_EQ(test, tally->pf_reads, 1);
	KUNIT_EXPECT_EQ(test, tally->pf_writes,
			of_all(to_write, mode->wide, len));
	KUNIT_EXPECT_EQ(test, tally->vf_reads,
			of_all(to_read, mode->wide, len) + 1);
	KUNIT_EXPECT_EQ(test, memcmp(got, bytes, len), 0);
}

static void every_size_arrives_and_costs_what_it_must(struct kunit *test)
{
	const struct mode *mode = test->param_value;
	struct tally *tally = tally_new(test);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int len;

	bench_with_vfs(test, mode->config, 1);
	for (len = 1; len <= CFGBLK_BLOCK_MAX; len++) {
		bench_fill(bytes, len);
		write_as_it_must(test, tally, bytes, len);
		read_as_it_must(test, tally, bytes, len);
	}
}

/* In numbers: 16 + 16 + 3 dwords */
static void largest_block_costs_so_many_accesses(struct kunit *test)
{
	const struct mode *mode = test->param_value;
	struct tally *tally = tally_new(test);
	u8 bytes[CFGBLK_BLOCK_MAX] = { };

	bench_with_vfs(test, mode->config, 1);
	write_counted(test, tally, BENCH_BLOCK, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, tally->vf_writes, mode->wide ? 9 + 9 + 3 : 35);
	KUNIT_EXPECT_EQ(test, tally->pf_reads, mode->wide ? 8 + 8 + 2 : 35);
	read_counted(test, tally, BENCH_BLOCK, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, tally->pf_writes, mode->wide ? 9 + 9 + 3 : 35);
	KUNIT_EXPECT_EQ(test, tally->vf_reads, mode->wide ? 8 + 8 + 2 + 1 : 36);
}

/* It is dword 1, which comes with the header */
static void long_block_id_costs_no_read(struct kunit *test)
{
	struct tally *tally = tally_new(test);
	u8 byte = 0x5a;

	bench_with_vfs(test, &bench_82576, 1);
	bench_define_block(test, 0, LONG_ID, 1, BENCH_RW);
	write_counted(test, tally, LONG_ID, &byte, 1);
	KUNIT_EXPECT_EQ(test, tally->vf_writes, 3);
	KUNIT_EXPECT_EQ(test, tally->pf_reads, 2);
	bench_expect_block(test, 0, LONG_ID, "\x5a");
}

/**
 * struct order - in which order each end writes a message
 * @last: dword that was written last: by the VF, by the PF
 * @headers: headers written
 * @paired: of these, those that were written with dword 1
 * @early: of these, those before which dword 1 was not the last
 * @up: dwords that were written after one below them
 */
struct order {
	u32 last[2];
	unsigned int headers;
	unsigned int paired;
	unsigned int early;
	unsigned int up;
};

static void watch_order(void *ctx, const struct sim_access *access)
{
	struct order *order = ctx;
	u32 *last = &order->last[access->fn == SIM_PF];

	if (!access->write || access->reg < MEM || access->reg >= MEM_END)
		return;
	order->up += *last != MEM && access->reg >= *last;
	if (access->reg == MEM) {
		order->headers++;
		order->paired += access->wide;
		order->early += *last != MEM && *last != MEM + 4;
	}
	*last = access->reg;
}

static void header_is_written_last_and_alone(struct kunit *test)
{
	struct order *order = kunit_kzalloc(test, sizeof(*order), GFP_KERNEL);
	u8 bytes[CFGBLK_BLOCK_MAX] = { };

	KUNIT_ASSERT_NOT_NULL(test, order);
	bench_with_vfs(test, &bench_82576, 1);
	order->last[0] = MEM;
	order->last[1] = MEM;
	sim_hook(bench_sim(test), watch_order, order);
	KUNIT_EXPECT_EQ(test, sizeof(bytes),
			cfgblk_vf_echo(cfgblk_vf_of(vf_pdev(test)), bytes,
				       sizeof(bytes)));
	sim_hook(bench_sim(test), NULL, NULL);
	/* Three fragments there and three back, at least */
	KUNIT_EXPECT_GE(test, order->headers, 6);
	KUNIT_EXPECT_EQ(test, order->paired, 0);
	KUNIT_EXPECT_EQ(test, order->early, 0);
	KUNIT_EXPECT_EQ(test, order->up, 0);
}

/**
 * struct glance - what the other end would see, before each access
 * @sim: the device
 * @header: dword 0 before the message
 * @old: dword 1 before it
 * @seen: accesses before which dword 0 was new
 * @stale: of these, those before which dword 1 was old
 */
struct glance {
	struct sim *sim;
	u32 header;
	u32 old;
	unsigned int seen;
	unsigned int stale;
};

static void glance(void *ctx, const struct sim_access *access)
{
	struct glance *glance = ctx;

	if (sim_peek(glance->sim, 0, 0) == glance->header)
		return;
	glance->seen++;
	glance->stale += sim_peek(glance->sim, 0, 1) == glance->old;
}

/* QEMU makes two writes of a pair, and somebody may look between them */
static void new_header_never_has_an_old_dword_1(struct kunit *test)
{
	struct glance *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);
	struct sim *sim = bench_with_vfs(test, &bench_qemu, 1);
	u8 bytes[ROOM];

	KUNIT_ASSERT_NOT_NULL(test, seen);
	seen->sim = sim;
	memset(bytes, 0x11, sizeof(bytes));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(vf_pdev(test), bytes,
						      sizeof(bytes), BENCH_BLOCK));
	seen->header = sim_peek(sim, 0, 0);
	seen->old = sim_peek(sim, 0, 1);
	memset(bytes, 0x22, sizeof(bytes));
	sim_hook(sim, glance, seen);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_write_cfg_blk(vf_pdev(test), bytes,
						      sizeof(bytes), BENCH_BLOCK));
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_GT(test, seen->seen, 0);
	KUNIT_EXPECT_EQ(test, seen->stale, 0);
}

struct broken {
	const char *name;
	enum sim_wide wide;
};

static const struct broken broken[] = {
	{ "reads give half", SIM_WIDE_READS_HALF },
	{ "reads give all ones", SIM_WIDE_READS_ONES },
	{ "reads are swapped", SIM_WIDE_READS_SWAPPED },
	{ "writes lose half", SIM_WIDE_WRITES_HALF },
	{ "writes are lost", SIM_WIDE_WRITES_NOTHING },
	{ "writes are swapped", SIM_WIDE_WRITES_SWAPPED },
};

static void broken_name(const struct broken *broken, char *name)
{
	strscpy(name, broken->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(broken, broken, broken_name);

static enum cfgblk_wide wide_of_pf(struct kunit *test, unsigned int vf)
{
	return bench_pf(test)->vfs[vf].mmio.wide;
}

static enum cfgblk_wide wide_of_vf(struct kunit *test)
{
	return bench_vf_up(test, 0)->mmio.wide;
}

/* The PF driver is bound and the VF not yet there: it comes, and it works */
static void expect_works(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(bench_sim(test), 1), 1);
	bench_define(test, 0);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

/* Accesses of 8 bytes since the counts were cleared */
static unsigned int wide_accesses(struct kunit *test, int fn)
{
	struct sim_counts counts;

	sim_counts(bench_sim(test), fn, &counts);
	return counts.wide;
}

static void pf_that_fails_its_test_goes_on_with_32_bits(struct kunit *test)
{
	const struct broken *param = test->param_value;
	struct sim *sim = bench_plug_in(test, &bench_bare);

	sim_faults(sim, SIM_PF)->wide = param->wide;
	KUNIT_ASSERT_EQ(test, bench_bind(sim_pf_pdev(sim)), 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, 0), CFGBLK_WIDE_FAILED);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, VFS - 1), CFGBLK_WIDE_FAILED);
	sim_counts_clear(sim);
	expect_works(test);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_GT(test, wide_accesses(test, 0), 0);
	KUNIT_EXPECT_EQ(test, wide_of_vf(test), CFGBLK_WIDE_ON);
}

static void vf_that_fails_its_test_goes_on_with_32_bits(struct kunit *test)
{
	const struct broken *param = test->param_value;
	struct sim *sim = bench_plug_in(test, &bench_82576);

	sim_faults(sim, 0)->wide = param->wide;
	expect_works(test);
	KUNIT_EXPECT_EQ(test, wide_of_vf(test), CFGBLK_WIDE_FAILED);
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, pci_reset_function(vf_pdev(test)), 0);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, 0), 0);
	KUNIT_EXPECT_GT(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, 0), CFGBLK_WIDE_ON);
}

static void device_that_is_gone_fails_the_test(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct cfgblk_mmio mmio = bench_vf_up(test, 0)->mmio;

	mmio.wide = CFGBLK_WIDE_UNTRIED;
	sim_faults(sim, 0)->gone = true;
	KUNIT_EXPECT_FALSE(test, cfgblk_mmio_try_wide(&mmio));
	sim_faults(sim, 0)->gone = false;
	KUNIT_EXPECT_EQ(test, mmio.wide, CFGBLK_WIDE_FAILED);
	KUNIT_EXPECT_EQ(test, cfgblk_mmio_capabilities(&mmio),
			CFGBLK_CAP_WIDE_FAILED);
	/* For good: there is no second test, and nothing more to tell */
	KUNIT_EXPECT_TRUE(test, cfgblk_mmio_try_wide(&mmio));
	KUNIT_EXPECT_EQ(test, mmio.wide, CFGBLK_WIDE_FAILED);
}

static void each_end_is_tested_once(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);

	sim_faults(sim, SIM_PF)->wide = SIM_WIDE_READS_ONES;
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, cfgblk_pf_hw_up(bench_pf(test)), 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, SIM_PF), 0);
	sim_faults(sim, SIM_PF)->wide = SIM_WIDE_WORKS;
	KUNIT_ASSERT_EQ(test, pci_reset_function(vf_pdev(test)), 0);
	bench_vf_up(test, 0);
	/* HELLO has three pairs that are written, WELCOME four that are read */
	KUNIT_EXPECT_EQ(test, wide_accesses(test, 0), 7);
	bench_there_and_back(test, 0);
}

/**
 * struct trial - the PF's self test
 * @accesses: of 8 bytes, to any buffer
 * @late: of these, those after the VFs were told that the PF is ready
 * @ready: they were
 */
struct trial {
	unsigned int accesses;
	unsigned int late;
	bool ready;
};

static void watch_trial(void *ctx, const struct sim_access *access)
{
	struct trial *trial = ctx;

	if (access->fn != SIM_PF)
		return;
	if (access->write && access->reg == CTRL_EXT &&
	    access->value & CTRL_EXT_PFRSTD)
		trial->ready = true;
	trial->accesses += access->wide;
	trial->late += access->wide && trial->ready;
}

static void pf_is_tested_while_the_vfs_have_to_wait(struct kunit *test)
{
	struct trial *trial = kunit_kzalloc(test, sizeof(*trial), GFP_KERNEL);
	struct sim *sim = bench_plug_in(test, &bench_bare);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, trial);
	sim_hook(sim, watch_trial, trial);
	KUNIT_ASSERT_EQ(test, bench_bind(sim_pf_pdev(sim)), 0);
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, trial->ready);
	KUNIT_EXPECT_EQ(test, trial->accesses, CFGBLK_MBX_DWORDS);
	KUNIT_EXPECT_EQ(test, trial->late, 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, 0), CFGBLK_WIDE_ON);
	for (i = 0; i < CFGBLK_MBX_DWORDS; i++)
		KUNIT_EXPECT_EQ(test, sim_peek(sim, VFS - 1, i), 0);
}

/* As those that guests have when the PF's driver is bound */
static void test_of_the_pf_leaves_vfs_in_use_alone(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, VFS);
	unsigned int i;

	bench_pf(test)->vfs[VFS - 1].mmio.wide = CFGBLK_WIDE_UNTRIED;
	KUNIT_ASSERT_EQ(test, pci_reset_function(sim_pf_pdev(sim)), 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, VFS - 1), CFGBLK_WIDE_ON);
	msleep(LATER_MS);
	for (i = 0; i < VFS; i++) {
		struct cfgblk_vf *vf = bench_vf_up(test, i);

		bench_there_and_back(test, i);
		KUNIT_EXPECT_EQ(test, vf->link.counters.malformed, 0);
	}
}

/**
 * struct look - what the PF would find in the buffer that the VF tests
 * @sim: the device
 * @looks: how often the VF touched dword 2 before it had a WELCOME
 * @messages: of these, those at which dword 0 was a message
 */
struct look {
	struct sim *sim;
	unsigned int looks;
	unsigned int messages;
};

static void look(void *ctx, const struct sim_access *access)
{
	struct look *look = ctx;
	struct cfgblk_hdr hdr;
	bool message;

	if (access->fn != 0 || access->reg != MEM + 8)
		return;
	message = cfgblk_hdr_unpack(sim_peek(look->sim, 0, 0), &hdr);
	if (message && hdr.op == CFGBLK_OP_WELCOME)
		return;
	look->looks++;
	look->messages += message;
}

/* A test, then HELLO: its dword 2 is written while dword 0 is empty */
static void buffer_that_is_tested_holds_no_message(struct kunit *test)
{
	struct look *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);
	struct sim *sim = bench_plug_in(test, &bench_82576);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	seen->sim = sim;
	sim_hook(sim, look, seen);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	bench_vf_up(test, 0);
	sim_hook(sim, NULL, NULL);
	KUNIT_EXPECT_GE(test, seen->looks, 6);
	KUNIT_EXPECT_EQ(test, seen->messages, 0);
	KUNIT_EXPECT_EQ(test, bench_pf_link(test, 0)->counters.malformed, 0);
}

static void set_parameter(struct kunit *test, const char *name, bool value)
{
	const struct kernel_param *param = bench_param(test, name);

	if (param)
		*(bool *)param->arg = value;
}

static void set_parameters(struct kunit *test, bool of_pf, bool of_vf)
{
	set_parameter(test, "cfgblk_pf.wide_buffer", of_pf);
	set_parameter(test, "cfgblk_vf.wide_buffer", of_vf);
}

static void parameter_switches_it_off(struct kunit *test)
{
	set_parameters(test, false, false);
	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, 0), CFGBLK_WIDE_OFF);
	KUNIT_EXPECT_EQ(test, wide_of_vf(test), CFGBLK_WIDE_OFF);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, 0), 0);
}

static void pf_alone_may_use_it(struct kunit *test)
{
	set_parameters(test, true, false);
	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_GT(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, 0), 0);
}

static void vf_alone_may_use_it(struct kunit *test)
{
	set_parameters(test, false, true);
	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_GT(test, wide_accesses(test, 0), 0);
}

static void parameter_does_not_outdo_the_map(struct kunit *test)
{
	set_parameters(test, 1, 1);
	bench_with_vfs(test, &bench_narrow, 1);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, wide_of_pf(test, 0), CFGBLK_WIDE_OFF);
	KUNIT_EXPECT_EQ(test, wide_of_vf(test), CFGBLK_WIDE_OFF);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, SIM_PF), 0);
	KUNIT_EXPECT_EQ(test, wide_accesses(test, 0), 0);
}

static void wide_exit(struct kunit *test)
{
	set_parameters(test, -1, -1);
	bench_exit(test);
}

static struct kunit_case wide_cases[] = {
	KUNIT_CASE_PARAM(every_size_arrives_and_costs_what_it_must,
			 mode_gen_params),
	KUNIT_CASE_PARAM(largest_block_costs_so_many_accesses, mode_gen_params),
	KUNIT_CASE(long_block_id_costs_no_read),
	KUNIT_CASE(header_is_written_last_and_alone),
	KUNIT_CASE(new_header_never_has_an_old_dword_1),
	KUNIT_CASE_PARAM(pf_that_fails_its_test_goes_on_with_32_bits,
			 broken_gen_params),
	KUNIT_CASE_PARAM(vf_that_fails_its_test_goes_on_with_32_bits,
			 broken_gen_params),
	KUNIT_CASE(device_that_is_gone_fails_the_test),
	KUNIT_CASE(each_end_is_tested_once),
	KUNIT_CASE(pf_is_tested_while_the_vfs_have_to_wait),
	KUNIT_CASE(test_of_the_pf_leaves_vfs_in_use_alone),
	KUNIT_CASE(buffer_that_is_tested_holds_no_message),
	KUNIT_CASE(parameter_switches_it_off),
	KUNIT_CASE(pf_alone_may_use_it),
	KUNIT_CASE(vf_alone_may_use_it),
	KUNIT_CASE(parameter_does_not_outdo_the_map),
	{ }
};

static struct kunit_suite wide_suite = {
	.name = "cfgblk_wide",
	.init = bench_init,
	.exit = wide_exit,
	.test_cases = wide_cases,
};

kunit_test_suite(wide_suite);
