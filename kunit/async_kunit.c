// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: reads and writes that nobody waits for, on the simulated device
 */
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

#define END_WITHIN	(10 * HZ)	/* twice the link's time limit, and more */

/**
 * struct note - what one call came to
 * @pdev: the VF
 * @ended: it has been told of
 * @go: who is told may return
 * @times: how often
 * @err: how it ended
 * @n: bytes
 * @sync_err: what a call that waits said within @done
 * @buf: of the read
 */
struct note {
	struct pci_dev *pdev;
	struct completion ended;
	struct completion go;
	unsigned int times;
	int err;
	unsigned int n;
	int sync_err;
	u8 buf[CFGBLK_BLOCK_MAX];
};

static struct note *note_new(struct kunit *test, struct pci_dev *pdev)
{
	struct note *note = kunit_kzalloc(test, sizeof(*note), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, note);
	note->pdev = pdev;
	init_completion(&note->ended);
	init_completion(&note->go);
	return note;
}

static void note_take(void *context, int err, unsigned int bytes_returned)
{
	struct note *note = context;

	note->times++;
	note->err = err;
	note->n = bytes_returned;
	complete(&note->ended);
}

static void expect_end(struct kunit *test, struct note *note, int err,
		       unsigned int n)
{
	KUNIT_ASSERT_NE(test, 0, wait_for_completion_timeout(&note->ended,
							     END_WITHIN));
	KUNIT_EXPECT_EQ(test, note->times, 1);
	KUNIT_EXPECT_EQ(test, note->err, err);
	KUNIT_EXPECT_EQ(test, note->n, n);
}

static struct pci_dev *one_vf(struct kunit *test)
{
	return sim_vf_pdev(bench_with_vfs(test, &bench_82576, 1), 0);
}

static struct cfgblk_call *begin_write(struct kunit *test, struct note *note,
				       const char *text)
{
	struct cfgblk_call *call =
		cfgblk_write_async(note->pdev, text, strlen(text), BENCH_BLOCK,
				   note_take, note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	return call;
}

static struct cfgblk_call *begin_read(struct kunit *test, struct note *note)
{
	struct cfgblk_call *call =
		cfgblk_read_async(note->pdev, note->buf, sizeof(note->buf),
				  BENCH_BLOCK, note_take, note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	return call;
}

/* From now on the PF hears nothing of VF 0 */
static void deafen(struct kunit *test)
{
	sim_faults(bench_sim(test), 0)->lost_bells = UINT_MAX;
}

static void hear_again(struct kunit *test)
{
	sim_faults(bench_sim(test), 0)->lost_bells = 0;
}

static void write_and_read_tell_their_bytes(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *writes = note_new(test, pdev);
	struct note *reads = note_new(test, pdev);

	/* Put at once: who does not cancel needs no handle */
	cfgblk_call_put(begin_write(test, writes, "async"));
	cfgblk_call_put(begin_read(test, reads));
	expect_end(test, writes, 0, 5);
	expect_end(test, reads, 0, 5);
	KUNIT_EXPECT_EQ(test, memcmp(reads->buf, "async", 6), 0);
}

static void calls_end_in_the_order_in_which_they_began(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *notes[CFGBLK_VF_CALLS_MAX];
	char text[] = "a";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(notes); i++) {
		notes[i] = note_new(test, pdev);
		text[0] = 'a' + i;
		cfgblk_call_put(begin_write(test, notes[i], text));
	}
	for (i = 0; i < ARRAY_SIZE(notes); i++)
		expect_end(test, notes[i], 0, 1);
	bench_expect_block(test, 0, BENCH_BLOCK, text);
}

static void one_more_than_may_wait_is_eagain(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *note = note_new(test, pdev);
	struct cfgblk_call *calls[CFGBLK_VF_CALLS_MAX];
	unsigned int i;

	deafen(test);
	for (i = 0; i < ARRAY_SIZE(calls); i++)
		calls[i] = begin_write(test, note, "x");
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EAGAIN),
			    cfgblk_write_async(pdev, "y", 1, BENCH_BLOCK,
					       note_take, note));
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		KUNIT_EXPECT_TRUE(test, cfgblk_cancel(pdev, calls[i]));
		cfgblk_call_put(calls[i]);
	}
	hear_again(test);
	KUNIT_EXPECT_EQ(test, note->times, 0);
}

static void note_and_stay(void *context, int err, unsigned int bytes_returned)
{
	struct note *note = context;

	note_take(context, err, bytes_returned);
	wait_for_completion(&note->go);
}

/* They all end at once, while who was told of the first one does not return */
static void ended_call_counts_until_it_is_told(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *slow = note_new(test, pdev);
	struct note *others = note_new(test, pdev);
	struct cfgblk_call *call;
	unsigned int i;

	deafen(test);
	call = cfgblk_write_async(pdev, "x", 1, BENCH_BLOCK, note_and_stay,
				  slow);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	cfgblk_call_put(call);
	for (i = 1; i < CFGBLK_VF_CALLS_MAX; i++)
		cfgblk_call_put(begin_write(test, others, "y"));
	msleep(2 * cfgblk_vf_limit_ms());
	KUNIT_EXPECT_EQ(test, slow->times, 1);
	KUNIT_EXPECT_EQ(test, others->times, 0);
	cfgblk_call_put(begin_write(test, others, "z"));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EAGAIN),
			    cfgblk_write_async(pdev, "z", 1, BENCH_BLOCK,
					       note_take, others));
	complete(&slow->go);
	msleep(2 * cfgblk_vf_limit_ms());
	KUNIT_EXPECT_EQ(test, others->times, CFGBLK_VF_CALLS_MAX);
	hear_again(test);
}

static void bad_arguments_are_refused_and_nothing_is_told(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *note = note_new(test, pdev);
	u8 byte = 0;

	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EINVAL),
			    cfgblk_read_async(pdev, &byte, 0, BENCH_BLOCK,
					      note_take, note));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EMSGSIZE),
			    cfgblk_read_async(pdev, &byte, 129, BENCH_BLOCK,
					      note_take, note));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EINVAL),
			    cfgblk_read_async(pdev, &byte, 1, BENCH_BLOCK,
					      NULL, note));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-EINVAL),
			    cfgblk_write_async(pdev, &byte, 1, BENCH_BLOCK,
					       NULL, note));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-ENODEV),
			    cfgblk_write_async(sim_pf_pdev(bench_sim(test)),
					       &byte, 1, BENCH_BLOCK,
					       note_take, note));
	KUNIT_EXPECT_PTR_EQ(test, ERR_PTR(-ENODEV),
			    cfgblk_read_async(sim_pf_pdev(bench_sim(test)),
					      &byte, 1, BENCH_BLOCK,
					      note_take, note));
	KUNIT_EXPECT_EQ(test, note->times, 0);
}

static void status_of_the_provider_is_told(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *note = note_new(test, pdev);
	struct cfgblk_call *call =
		cfgblk_write_async(pdev, "x", 1, BENCH_BLOCK + 1, note_take,
				   note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	expect_end(test, note, -ENOENT, 0);
	KUNIT_EXPECT_FALSE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
}

static void cancelled_call_that_had_not_begun_never_does(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *first = note_new(test, pdev);
	struct note *second = note_new(test, pdev);
	struct cfgblk_call *call;

	deafen(test);
	cfgblk_call_put(begin_write(test, first, "first"));
	call = begin_write(test, second, "second");
	KUNIT_EXPECT_TRUE(test, cfgblk_cancel(pdev, call));
	KUNIT_ASSERT_TRUE(test, completion_done(&call->ended));
	KUNIT_EXPECT_FALSE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
	expect_end(test, first, -ETIMEDOUT, 0);
	hear_again(test);
	bench_vf_up(test, 0);
	cfgblk_call_put(begin_write(test, first, "third"));
	KUNIT_ASSERT_NE(test, 0, wait_for_completion_timeout(&first->ended,
							     END_WITHIN));
	bench_expect_block(test, 0, BENCH_BLOCK, "third");
	KUNIT_EXPECT_EQ(test, second->times, 0);
}

/* The answer comes, and nobody is told of it; the buffer is not touched */
static void cancelled_call_under_way_is_silent(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct cfgblk_vf *vf = bench_vf_up(test, 0);
	struct note *note = note_new(test, pdev);
	struct cfgblk_call *call;

	KUNIT_ASSERT_EQ(test, 0, cfgblk_write_cfg_blk(pdev, "here", 4,
						      BENCH_BLOCK));
	sim_faults(bench_sim(test), 0)->lost_irqs = 1;
	call = begin_read(test, note);
	while (READ_ONCE(vf->link.state) != CFGBLK_VF_WAITING)
		msleep(20);
	KUNIT_EXPECT_TRUE(test, cfgblk_cancel(pdev, call));
	KUNIT_EXPECT_FALSE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
	bench_vf_up(test, 0);
	KUNIT_EXPECT_EQ(test, note->times, 0);
	KUNIT_EXPECT_EQ(test, note->buf[0], 0);
}

static void note_and_wait(void *context, int err, unsigned int bytes_returned)
{
	struct note *note = context;
	unsigned int n;

	note->sync_err = cfgblk_read_cfg_blk(note->pdev, note->buf, 1,
					     BENCH_BLOCK, &n);
	note_take(context, err, bytes_returned);
}

static void waiting_where_the_link_works_is_edeadlk(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *note = note_new(test, pdev);
	struct cfgblk_call *call =
		cfgblk_write_async(pdev, "x", 1, BENCH_BLOCK, note_and_wait,
				   note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	expect_end(test, note, 0, 1);
	KUNIT_EXPECT_EQ(test, note->sync_err, -EDEADLK);
	cfgblk_call_put(call);
}

/* It may be waiting for this one, at this moment */
static void waiting_for_another_vf_there_is_edeadlk(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct note *note = note_new(test, sim_vf_pdev(sim, 1));
	struct cfgblk_call *call =
		cfgblk_write_async(sim_vf_pdev(sim, 0), "x", 1, BENCH_BLOCK,
				   note_and_wait, note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	expect_end(test, note, 0, 1);
	KUNIT_EXPECT_EQ(test, note->sync_err, -EDEADLK);
	cfgblk_call_put(call);
}

static void note_and_read(void *context, int err, unsigned int bytes_returned)
{
	struct note *note = context;
	struct cfgblk_call *call =
		cfgblk_read_async(note->pdev, note->buf, sizeof(note->buf),
				  BENCH_BLOCK, note_take, note);

	if (IS_ERR(call))
		note_take(context, PTR_ERR(call), 0);
	else
		cfgblk_call_put(call);
}

static void next_call_may_begin_where_one_ended(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *note = note_new(test, pdev);
	struct cfgblk_call *call =
		cfgblk_write_async(pdev, "chain", 5, BENCH_BLOCK,
				   note_and_read, note);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, call);
	cfgblk_call_put(call);
	expect_end(test, note, 0, 5);
	KUNIT_EXPECT_EQ(test, memcmp(note->buf, "chain", 5), 0);
}

static void reset_of_the_vf_ends_calls_with_econnreset(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *first = note_new(test, pdev);
	struct note *second = note_new(test, pdev);

	deafen(test);
	cfgblk_call_put(begin_write(test, first, "x"));
	cfgblk_call_put(begin_write(test, second, "y"));
	KUNIT_ASSERT_EQ(test, 0, pci_reset_function(pdev));
	expect_end(test, first, -ECONNRESET, 0);
	expect_end(test, second, -ECONNRESET, 0);
	hear_again(test);
	bench_there_and_back(test, 0);
}

static void unbind_ends_calls_with_enodev(struct kunit *test)
{
	struct pci_dev *pdev = one_vf(test);
	struct note *first = note_new(test, pdev);
	struct note *second = note_new(test, pdev);
	struct cfgblk_call *call;

	deafen(test);
	cfgblk_call_put(begin_write(test, first, "x"));
	call = begin_write(test, second, "y");
	bench_unbind(pdev);
	expect_end(test, first, -ENODEV, 0);
	expect_end(test, second, -ENODEV, 0);
	KUNIT_EXPECT_FALSE(test, cfgblk_cancel(pdev, call));
	cfgblk_call_put(call);
	hear_again(test);
	KUNIT_EXPECT_EQ(test, bench_bind(pdev), 0);
	bench_there_and_back(test, 0);
}

static struct kunit_case async_cases[] = {
	KUNIT_CASE(write_and_read_tell_their_bytes),
	KUNIT_CASE(calls_end_in_the_order_in_which_they_began),
	KUNIT_CASE(one_more_than_may_wait_is_eagain),
	KUNIT_CASE(ended_call_counts_until_it_is_told),
	KUNIT_CASE(bad_arguments_are_refused_and_nothing_is_told),
	KUNIT_CASE(status_of_the_provider_is_told),
	KUNIT_CASE(cancelled_call_that_had_not_begun_never_does),
	KUNIT_CASE(cancelled_call_under_way_is_silent),
	KUNIT_CASE(waiting_where_the_link_works_is_edeadlk),
	KUNIT_CASE(waiting_for_another_vf_there_is_edeadlk),
	KUNIT_CASE(next_call_may_begin_where_one_ended),
	KUNIT_CASE(reset_of_the_vf_ends_calls_with_econnreset),
	KUNIT_CASE(unbind_ends_calls_with_enodev),
	{ }
};

static struct kunit_suite async_suite = {
	.name = "cfgblk_async",
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = async_cases,
};

kunit_test_suite(async_suite);
