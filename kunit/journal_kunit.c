// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: the journal, alone and of the real links, and what debugfs shows
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "debugfs.h"
#include "journal.h"

#define TEXT_MAX	8192
#define LONG_ID		0x12345
#define NO_BLOCK	9

static struct cfgblk_journal *journal_new(struct kunit *test)
{
	struct cfgblk_journal *journal =
		kunit_kzalloc(test, sizeof(*journal), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, journal);
	cfgblk_journal_init(journal, "device", false, 3);
	return journal;
}

static void one_read(struct cfgblk_journal *journal, u32 block, int err)
{
	cfgblk_journal_begin(journal, CFGBLK_OP_READ, 1, block, 5);
	cfgblk_journal_end(journal, err);
}

/* What a file shows */
static struct seq_file *text_new(struct kunit *test)
{
	struct seq_file *seq = kunit_kzalloc(test, sizeof(*seq), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seq);
	seq->buf = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, seq->buf);
	seq->size = TEXT_MAX - 1;
	return seq;
}

static unsigned int lines(const struct seq_file *seq)
{
	unsigned int i, n = 0;

	for (i = 0; i < seq->count; i++)
		n += seq->buf[i] == '\n';
	return n;
}

static void expect_text(struct kunit *test, const struct seq_file *seq,
			const char *text)
{
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(seq->buf, text),
				  "no '%s' in: %s", text, seq->buf);
}

static void nothing_has_happened_at_first(struct kunit *test)
{
	struct cfgblk_journal *journal = journal_new(test);
	struct seq_file *seq = text_new(test);

	cfgblk_journal_end(journal, 0);
	KUNIT_EXPECT_EQ(test, journal->n, 0);
	cfgblk_journal_show(seq, journal);
	KUNIT_EXPECT_STREQ(test, seq->buf, "\nlast 0 of 0 exchanges\n");
}

static void the_last_64_are_kept_oldest_first(struct kunit *test)
{
	struct cfgblk_journal *journal = journal_new(test);
	struct seq_file *seq = text_new(test);
	char *first;
	u32 i;

	for (i = 0; i < CFGBLK_JOURNAL_LEN + 6; i++)
		one_read(journal, 1000 + i, 0);
	cfgblk_journal_show(seq, journal);
	KUNIT_EXPECT_EQ(test, lines(seq), CFGBLK_JOURNAL_LEN + 3);
	expect_text(test, seq, "last 64 of 70 exchanges\n");
	KUNIT_EXPECT_NULL(test, strstr(seq->buf, " 1005 "));
	first = strstr(seq->buf, " 1006 ");
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_NOT_NULL(test, strstr(first, " 1069 "));
}

static void a_new_exchange_ends_the_one_before(struct kunit *test)
{
	struct cfgblk_journal *journal = journal_new(test);

	cfgblk_journal_begin(journal, CFGBLK_OP_WRITE, 1, 2, 3);
	one_read(journal, 4, 0);
	KUNIT_ASSERT_EQ(test, journal->n, 2);
	KUNIT_EXPECT_EQ(test, (int)journal->last[0].op, CFGBLK_OP_WRITE);
	KUNIT_EXPECT_EQ(test, (int)journal->last[0].err, ECANCELED);
	KUNIT_EXPECT_EQ(test, (int)journal->last[1].op, CFGBLK_OP_READ);
	KUNIT_EXPECT_EQ(test, (int)journal->last[1].err, 0);
}

static void a_knock_pushes_nothing_out(struct kunit *test)
{
	struct cfgblk_journal *journal = journal_new(test);
	int i;

	one_read(journal, 4, 0);
	for (i = 0; i < 2 * CFGBLK_JOURNAL_LEN; i++) {
		cfgblk_journal_begin(journal, CFGBLK_OP_KNOCK, i, 0, 0);
		cfgblk_journal_end(journal, -ETIMEDOUT);
	}
	KUNIT_EXPECT_EQ(test, journal->n, 1);
	KUNIT_EXPECT_EQ(test, journal->last[0].block, 4);
}

static void every_errno_fits(struct kunit *test)
{
	struct cfgblk_journal *journal = journal_new(test);

	one_read(journal, 4, -MAX_ERRNO);
	KUNIT_EXPECT_EQ(test, (int)journal->last[0].err, MAX_ERRNO);
	one_read(journal, 4, -EPROTONOSUPPORT);
	KUNIT_EXPECT_EQ(test, (int)journal->last[1].err, EPROTONOSUPPORT);
}

/* Entry number @back from the end of what the VF's, or the PF's, end has kept */
static const struct cfgblk_exchange *
last_but(struct kunit *test, struct cfgblk_journal *journal, u32 back)
{
	KUNIT_ASSERT_GT(test, journal->n, back);
	return &journal->last[(journal->n - 1 - back) % CFGBLK_JOURNAL_LEN];
}

static struct cfgblk_journal *vf_journal(struct kunit *test)
{
	return &bench_vf_up(test, 0)->link.journal;
}

/* The bell of an answer rings before the PF's end writes it down */
static struct cfgblk_journal *pf_journal(struct kunit *test)
{
	struct cfgblk_pf_link *link = bench_pf_link(test, 0);

	flush_delayed_work(&link->work);
	return &link->journal;
}

static void expect_last(struct kunit *test, struct cfgblk_journal *journal,
			u8 op, u32 block, u8 len, int err)
{
	const struct cfgblk_exchange *exchange = last_but(test, journal, 0);

	KUNIT_EXPECT_EQ(test, (int)exchange->op, op);
	KUNIT_EXPECT_EQ(test, exchange->block, block);
	KUNIT_EXPECT_EQ(test, exchange->len, len);
	KUNIT_EXPECT_EQ(test, (int)exchange->err, err);
}

static void expect_at_both_ends(struct kunit *test, u8 op, u32 block, u8 len,
				int err)
{
	expect_last(test, vf_journal(test), op, block, len, err);
	expect_last(test, pf_journal(test), op, block, len, err);
	KUNIT_EXPECT_EQ(test, last_but(test, vf_journal(test), 0)->id,
			last_but(test, pf_journal(test), 0)->id);
}

static void a_call_is_in_both_journals(struct kunit *test)
{
	u8 data[CFGBLK_BLOCK_MAX];
	struct cfgblk_vf *vf;

	bench_with_vfs(test, &bench_82576, 1);
	vf = bench_vf_up(test, 0);
	bench_define_block(test, 0, LONG_ID, CFGBLK_BLOCK_MAX, BENCH_RW);
	bench_fill(data, 1);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_write(vf, LONG_ID, data, 100), 0);
	expect_at_both_ends(test, CFGBLK_OP_WRITE, LONG_ID, 100, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_read(vf, LONG_ID, data, 128), 100);
	expect_at_both_ends(test, CFGBLK_OP_READ, LONG_ID, 100, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_echo(vf, data, 128), 128);
	expect_at_both_ends(test, CFGBLK_OP_ECHO, 0, 128, 0);
}

static void a_refusal_is_the_same_errno_in_both(struct kunit *test)
{
	u8 data[CFGBLK_BLOCK_MAX];
	struct cfgblk_vf *vf;

	bench_with_vfs(test, &bench_82576, 1);
	vf = bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_read(vf, NO_BLOCK, data, 128), -ENOENT);
	expect_at_both_ends(test, CFGBLK_OP_READ, NO_BLOCK, 128, ENOENT);
	bench_define_block(test, 0, NO_BLOCK, 4, BENCH_RW);
	KUNIT_EXPECT_EQ(test, cfgblk_vf_write(vf, NO_BLOCK, data, 128),
			-EMSGSIZE);
	expect_at_both_ends(test, CFGBLK_OP_WRITE, NO_BLOCK, 128, EMSGSIZE);
}

static void the_handshake_is_in_both_journals(struct kunit *test)
{
	bench_with_vfs(test, &bench_82576, 1);
	expect_at_both_ends(test, CFGBLK_OP_HELLO, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, vf_journal(test)->vf, 0);
	KUNIT_EXPECT_STREQ(test, vf_journal(test)->name,
			   pci_name(sim_vf_pdev(bench_sim(test), 0)));
	KUNIT_EXPECT_STREQ(test, pf_journal(test)->name,
			   pci_name(bench_pf(test)->pdev));
}

/* Two seconds are the default limit */
static void a_pf_that_does_not_answer_is_told_with_its_time(struct kunit *test)
{
	const struct cfgblk_exchange *exchange;
	u8 data[CFGBLK_BLOCK_MAX];
	struct cfgblk_vf *vf;

	bench_with_vfs(test, &bench_82576, 1);
	vf = bench_vf_up(test, 0);
	cfgblk_pf_link_off(bench_pf_link(test, 0));
	KUNIT_EXPECT_EQ(test, cfgblk_vf_read(vf, BENCH_BLOCK, data, 128),
			-ETIMEDOUT);
	exchange = last_but(test, &vf->link.journal, 0);
	KUNIT_EXPECT_EQ(test, (int)exchange->op, CFGBLK_OP_READ);
	KUNIT_EXPECT_EQ(test, (int)exchange->err, ETIMEDOUT);
	KUNIT_EXPECT_GE(test, exchange->took, 2000000U);
	cfgblk_pf_link_on(bench_pf_link(test, 0));
}

static void debugfs_shows_both_ends(struct kunit *test)
{
	struct seq_file *seq = text_new(test);

	bench_with_vfs(test, &bench_82576, 1);
	cfgblk_vf_link_show(seq, &bench_vf_up(test, 0)->link);
	expect_text(test, seq, "state      idle\n");
	expect_text(test, seq, "version    1\n");
	expect_text(test, seq, "  hello  ");
	seq = text_new(test);
	cfgblk_pf_link_invalidate(bench_pf_link(test, 0), BIT_ULL(5));
	cfgblk_pf_link_show(seq, bench_pf_link(test, 0));
	expect_text(test, seq, "state      idle\n");
	expect_text(test, seq, "pending    0x0000000000000020\n");
	cfgblk_pf_link_off(bench_pf_link(test, 0));
	seq = text_new(test);
	cfgblk_pf_link_show(seq, bench_pf_link(test, 0));
	expect_text(test, seq, "state      off\n");
	cfgblk_pf_link_on(bench_pf_link(test, 0));
}

static void debugfs_shows_no_agreement_that_is_over(struct kunit *test)
{
	struct seq_file *seq = text_new(test);
	struct cfgblk_vf *vf;

	bench_with_vfs(test, &bench_82576, 1);
	vf = bench_vf_up(test, 0);
	cfgblk_vf_link_stop(&vf->link, -ECONNRESET);
	cfgblk_vf_link_show(seq, &vf->link);
	expect_text(test, seq, "state      down\n");
	expect_text(test, seq, "version    0\n");
	expect_text(test, seq, "epoch      0\n");
	cfgblk_vf_link_start(&vf->link);
}

/* Whether the VF speaks or not */
static void debugfs_shows_that_a_provider_is_there(struct kunit *test)
{
	struct cfgblk_pf_link *link;
	struct seq_file *seq;

	bench_with_vfs(test, &bench_82576, 1);
	bench_vf_up(test, 0);
	link = bench_pf_link(test, 0);
	flush_delayed_work(&link->work);
	cfgblk_pf_link_patient(link, true);
	seq = text_new(test);
	cfgblk_pf_link_show(seq, link);
	expect_text(test, seq, "patient    yes\n");
	cfgblk_pf_link_patient(link, false);
	seq = text_new(test);
	cfgblk_pf_link_show(seq, link);
	expect_text(test, seq, "patient    no\n");
}

static struct kunit_case journal_cases[] = {
	KUNIT_CASE(nothing_has_happened_at_first),
	KUNIT_CASE(the_last_64_are_kept_oldest_first),
	KUNIT_CASE(a_new_exchange_ends_the_one_before),
	KUNIT_CASE(a_knock_pushes_nothing_out),
	KUNIT_CASE(every_errno_fits),
	KUNIT_CASE(a_call_is_in_both_journals),
	KUNIT_CASE(a_refusal_is_the_same_errno_in_both),
	KUNIT_CASE(the_handshake_is_in_both_journals),
	KUNIT_CASE(a_pf_that_does_not_answer_is_told_with_its_time),
	KUNIT_CASE(debugfs_shows_both_ends),
	KUNIT_CASE(debugfs_shows_no_agreement_that_is_over),
	KUNIT_CASE(debugfs_shows_that_a_provider_is_there),
	{}
};

static struct kunit_suite journal_suite = {
	.name = "cfgblk_journal",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = journal_cases,
};

kunit_test_suite(journal_suite);
