// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the simulated device, with the real PF and VF drivers on it
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

#define RECOVER_TRIES	3

/*
 * Accesses of one exchange of 128 bytes, as QEMU's trace counts them.  One of
 * the VF's reads is the look whether an answer was wiped meanwhile.
 */
#define WRITE_VF_READS	4
#define WRITE_VF_WRITES	38
#define WRITE_PF_READS	41
#define WRITE_PF_WRITES	10
#define WRITE_ACCESSES	(WRITE_VF_READS + WRITE_VF_WRITES + \
			 WRITE_PF_READS + WRITE_PF_WRITES)
#define READ_VF_READS	39
#define READ_VF_WRITES	4
#define READ_PF_READS	7
#define READ_PF_WRITES	44

/* What the PCI core makes of the PF's configuration space */
static void sim_pf_is_found_with_its_capabilities(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_bare);
	struct pci_dev *pdev = sim_pf_pdev(sim);

	KUNIT_EXPECT_EQ(test, pdev->vendor, PCI_VENDOR_ID_INTEL);
	KUNIT_EXPECT_EQ(test, pdev->device, 0x10c9);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, 0), 0x20000);
	KUNIT_EXPECT_EQ(test, pci_msix_vec_count(pdev), 10);
	KUNIT_EXPECT_EQ(test, pcie_reset_flr(pdev, PCI_RESET_PROBE), 0);
	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(pdev), 8);
	KUNIT_EXPECT_EQ(test, pci_resource_len(pdev, PCI_IOV_RESOURCES),
			8 * 0x4000);
	KUNIT_EXPECT_NULL(test, pci_dev_driver(pdev));
	KUNIT_EXPECT_NULL(test, sim_vf_pdev(sim, 0));
}

static void sim_vfs_come_and_go_with_vf_enable(struct kunit *test)
{
	struct sim *sim = bench_plug_in(test, &bench_82576);
	unsigned int i, round;

	for (round = 0; round < 2; round++) {
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 8), 8);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 8);
		for (i = 0; i < 8; i++)
			bench_vf_up(test, i);
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 0), 0);
		KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 0);
		KUNIT_EXPECT_NULL(test, sim_vf_pdev(sim, 0));
	}
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 9), -EINVAL);
}

static void sim_interrupts_reach_both_ends(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct cfgblk_pf *pf = bench_pf(test);
	struct cfgblk_vf *vf = bench_vf_up(test, 0);
	u64 of_pf = atomic64_read(&pf->interrupts);
	u64 of_vf = atomic64_read(&vf->interrupts);
	struct sim_counts counts;

	sim_counts_clear(sim);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->interrupts) - of_pf, 6);
	KUNIT_EXPECT_EQ(test, atomic64_read(&vf->interrupts) - of_vf, 6);
	KUNIT_EXPECT_EQ(test, atomic64_read(&pf->polled), 0);
	sim_counts(sim, SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.irqs, 6);
	sim_counts(sim, 0, &counts);
	KUNIT_EXPECT_EQ(test, counts.irqs, 6);
}

static void expect_counts(struct kunit *test, int fn, unsigned int reads,
			  unsigned int writes)
{
	struct sim_counts counts;

	sim_counts(bench_sim(test), fn, &counts);
	KUNIT_EXPECT_EQ(test, counts.reads, reads);
	KUNIT_EXPECT_EQ(test, counts.writes, writes);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

/*
 * With 32-bit accesses to the buffer; cfgblk_wide counts the others.  Time stands
 * still while code runs, so no poll falls into an exchange.
 */
static void sim_counts_accesses_as_qemu_does(struct kunit *test)
{
	const struct sim_config config = { .model = SIM_I350, .qemu = true };
	struct sim *sim = bench_with_vfs(test, &config, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_there_and_back(test, 0);
	bench_fill(bytes, 0);
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BENCH_BLOCK));
	expect_counts(test, 0, WRITE_VF_READS, WRITE_VF_WRITES);
	expect_counts(test, SIM_PF, WRITE_PF_READS, WRITE_PF_WRITES);
	sim_counts_clear(sim);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes,
						     sizeof(bytes), BENCH_BLOCK, &n));
	expect_counts(test, 0, READ_VF_READS, READ_VF_WRITES);
	expect_counts(test, SIM_PF, READ_PF_READS, READ_PF_WRITES);
}

/* A VF's buffer, seen and changed by the hook before the PF reads it */
static void tear(void *ctx, const struct sim_access *access)
{
	struct kunit *test = ctx;

	if (access->fn == SIM_PF && !access->write && access->reg == 0x804)
		sim_poke(bench_sim(test), 0, 1, 0xdeadbeef);
}

static void sim_hook_can_tear_the_buffer(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_narrow, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_fill(bytes, 0);
	sim_hook(sim, tear, test);
	KUNIT_EXPECT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, bytes, 8, BENCH_BLOCK));
	sim_hook(sim, NULL, NULL);
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, bytes, 8, BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\xef\xbe\xad\xde", 4), 0);
}

#define TORN_DWORDS	5

/* Changed are those bytes that were torn, and no other */
static void expect_torn(struct kunit *test, const u8 *bytes, const u8 *sent,
			unsigned int torn)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		KUNIT_EXPECT_EQ(test, bytes[i], i < torn ? (u8)~sent[i] : sent[i]);
}

/* Lengths and numbers are looked at in the copy alone */
static void sim_torn_bytes_stay_in_their_block(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 sent[CFGBLK_BLOCK_MAX], got[CFGBLK_BLOCK_MAX];
	unsigned int n;

	bench_fill(sent, 3);
	sim_faults(sim, SIM_PF)->torn = TORN_DWORDS;
	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, sent, sizeof(sent),
						      BENCH_BLOCK));
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, got, sizeof(got),
						     BENCH_BLOCK, &n));
	expect_torn(test, got, sent, 4 * TORN_DWORDS);
	sim_faults(sim, 0)->torn = TORN_DWORDS;
	KUNIT_ASSERT_EQ(test, 0, cfgblk_read_cfg_blk(pdev, got, sizeof(got),
						     BENCH_BLOCK, &n));
	KUNIT_EXPECT_EQ(test, n, sizeof(got));
	expect_torn(test, got, sent, 0);	/* torn twice */
	bench_there_and_back(test, 1);
}

/* A HELLO, then a WELCOME */
static void sim_torn_handshake_is_not_believed(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_narrow, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	struct cfgblk_counters *of_pf =
		&bench_pf(test)->vfs[0].link.counters;
	struct cfgblk_counters *of_vf = &cfgblk_vf_of(pdev)->link.counters;
	u64 late = of_vf->late;

	sim_faults(sim, SIM_PF)->torn = 1;
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(pdev));
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, of_pf->malformed, 1);
	sim_faults(sim, 0)->torn = 1;
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(pdev));
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, of_vf->late, late + 1);
	bench_there_and_back(test, 0);
}

/* One after the other, each followed by an exchange that works */
static void sim_faults_are_survived(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct sim_faults *of_pf = sim_faults(sim, SIM_PF);
	struct sim_faults *of_vf = sim_faults(sim, 0);

	of_pf->dup_irqs = 3;
	of_vf->dup_irqs = 3;
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_pf->dup_irqs + of_vf->dup_irqs, 0);
	of_pf->lost_irqs = 1;
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_pf->lost_irqs, 0);
	of_vf->lost_irqs = 1;
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, of_vf->lost_irqs, 0);
	of_vf->keep_lock = true;
	bench_there_and_back(test, 0);
}

static void sim_lost_doorbell_times_out(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[8] = { };

	sim_faults(sim, 0)->lost_bells = 1;
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT,
			cfgblk_write_cfg_blk(pdev, bytes, sizeof(bytes),
					     BENCH_BLOCK));
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

static void sim_all_ones_do_not_hang(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);
	u8 bytes[8] = { };

	sim_faults(sim, SIM_PF)->gone = true;
	sim_faults(sim, 0)->gone = true;
	KUNIT_EXPECT_NE(test, 0, cfgblk_write_cfg_blk(pdev, bytes,
						      sizeof(bytes), BENCH_BLOCK));
	sim_faults(sim, SIM_PF)->gone = false;
	sim_faults(sim, 0)->gone = false;
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

struct many {
	const char *name;
	struct sim_config config;
	unsigned int vfs;
};

static const struct many many[] = {
	{ "82576", { .model = SIM_82576 }, 8 },
	{ "82576 of QEMU", { .model = SIM_82576, .qemu = true }, 8 },
	{ "i350", { .model = SIM_I350 }, 8 },
	{ "82599", { .model = SIM_82599 }, 64 },
	{ "x540", { .model = SIM_X540 }, 63 },
	{ "x550", { .model = SIM_X550 }, 33 },
};

static void many_name(const struct many *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(many, many, many_name);

static void sim_every_vf_of_every_model_talks(struct kunit *test)
{
	const struct many *param = test->param_value;
	struct sim *sim = bench_with_vfs(test, &param->config, param->vfs);
	struct sim_counts counts;
	unsigned int i;

	for (i = 0; i < param->vfs; i++)
		bench_there_and_back(test, i);
	sim_counts(sim, SIM_PF, &counts);
	KUNIT_EXPECT_EQ(test, counts.stray, 0);
}

/* By its own registers, not only by the HELLO that follows */
static void sim_vf_flr_is_heard_by_the_pf(struct kunit *test)
{
	const struct many *param = test->param_value;
	unsigned int last = param->vfs - 1;
	struct sim *sim = bench_with_vfs(test, &param->config, param->vfs);
	struct cfgblk_pf *pf = bench_pf(test);
	struct cfgblk_pf_link *link = &pf->vfs[last].link;
	u64 resets = link->counters.resets;
	u64 of_others = pf->vfs[0].link.counters.resets;
	u32 epoch = READ_ONCE(link->epoch);

	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(sim_vf_pdev(sim, last)));
	bench_vf_up(test, last);
	KUNIT_EXPECT_EQ(test, link->counters.resets, resets + 1);
	KUNIT_EXPECT_EQ(test, pf->vfs[0].link.counters.resets, of_others);
	KUNIT_EXPECT_NE(test, READ_ONCE(link->epoch), epoch);
	bench_there_and_back(test, last);
	bench_there_and_back(test, 0);
}

/* The ends may need to fail once or twice before they know of the reset */
static void recovers(struct kunit *test)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), 0);
	u8 bytes[CFGBLK_BLOCK_MAX];
	int tries, err = -EIO;

	bench_fill(bytes, 2);
	for (tries = 0; err && tries < RECOVER_TRIES; tries++)
		err = cfgblk_write_cfg_blk(pdev, bytes, sizeof(bytes), BENCH_BLOCK);
	KUNIT_ASSERT_EQ(test, err, 0);
	bench_there_and_back(test, 0);
}

/* A VF resets itself (VTCTRL.RST) during a write, at one access after another */
static void sim_vf_reset_at_each_access(struct kunit *test)
{
	const struct many *param = test->param_value;
	struct sim *sim = bench_with_vfs(test, &param->config, 1);
	u8 bytes[CFGBLK_BLOCK_MAX];
	unsigned int at;

	bench_fill(bytes, 1);
	for (at = 1; at <= WRITE_ACCESSES; at += 3) {
		sim_reset_at(sim, 0, at);
		cfgblk_write_cfg_blk(sim_vf_pdev(sim, 0), bytes, sizeof(bytes),
				     BENCH_BLOCK);
		recovers(test);
	}
}

/* More VFs than mailboxes: the driver uses those that have one */
static void sim_has_256_vfs(struct kunit *test)
{
	const struct sim_config config = {
		.model = SIM_X550, .total_vfs = SIM_VFS_MAX,
	};
	struct sim *sim = bench_plug_in(test, &config);

	KUNIT_EXPECT_EQ(test, pci_sriov_get_totalvfs(sim_pf_pdev(sim)), 256);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 256), -EINVAL);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 64), 64);
}

static struct kunit_case sim_cases[] = {
	KUNIT_CASE(sim_pf_is_found_with_its_capabilities),
	KUNIT_CASE(sim_vfs_come_and_go_with_vf_enable),
	KUNIT_CASE(sim_interrupts_reach_both_ends),
	KUNIT_CASE(sim_counts_accesses_as_qemu_does),
	KUNIT_CASE_PARAM(sim_vf_flr_is_heard_by_the_pf, many_gen_params),
	KUNIT_CASE(sim_hook_can_tear_the_buffer),
	KUNIT_CASE(sim_torn_bytes_stay_in_their_block),
	KUNIT_CASE(sim_torn_handshake_is_not_believed),
	KUNIT_CASE(sim_faults_are_survived),
	KUNIT_CASE(sim_lost_doorbell_times_out),
	KUNIT_CASE_PARAM(sim_vf_reset_at_each_access, many_gen_params),
	KUNIT_CASE(sim_all_ones_do_not_hang),
	KUNIT_CASE_PARAM(sim_every_vf_of_every_model_talks, many_gen_params),
	KUNIT_CASE(sim_has_256_vfs),
	{ }
};

static struct kunit_suite sim_suite = {
	.name = "cfgblk_sim",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = sim_cases,
};

kunit_test_suite(sim_suite);
