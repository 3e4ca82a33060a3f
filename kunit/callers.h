/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: processes that call the VF driver, as many at once as a test wants
 *
 * A suite that starts callers names callers_fini() in its exit, before
 * bench_exit().  In the test's kernel time passes only while all processes
 * sleep: who exchanges for ever sleeps a tick after each exchange.
 */
#ifndef CFGBLK_KUNIT_CALLERS_H
#define CFGBLK_KUNIT_CALLERS_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <uapi/linux/cfgblk.h>

struct cfgblk_vf;
struct pci_dev;
struct task_struct;

/* Two time limits of the VF driver (2 s each), and what a timer is late */
#define CALLER_WITHIN	(4 * HZ + HZ / 2)

/**
 * enum caller_op - what a caller does
 * @CALLER_READ: one read of a block
 * @CALLER_WRITE: one write of a block
 * @CALLER_ECHO: one echo
 * @CALLER_EXCHANGE: write a block and read it back until caller_stop()
 * @CALLER_OWN: one call of the test's own, see caller_start_own()
 */
enum caller_op {
	CALLER_READ,
	CALLER_WRITE,
	CALLER_ECHO,
	CALLER_EXCHANGE,
	CALLER_OWN,
};

#define CALLER_KINDS	CALLER_EXCHANGE	/* reads, writes and echoes */

/**
 * struct caller - a process that calls
 * @list: of all callers
 * @pdev: the VF; a reference is held
 * @op: what it does
 * @block: block id
 * @own: CALLER_OWN: the call
 * @ctx: for @own
 * @seed: what it writes, see bench_fill(); another one for each caller
 * @task: the process
 * @stop: no exchange more
 * @ended: it will do nothing more
 * @err: what its last call returned
 * @len: bytes that its last read or echo got
 * @data: those bytes
 * @longest: jiffies of its longest call
 * @rounds: CALLER_EXCHANGE: exchanges that worked
 * @failed: calls that ended with an errno that a reset may give
 * @strange: calls that ended with another errno
 * @mixed: reads that got other bytes than were written
 */
struct caller {
	struct list_head list;
	struct pci_dev *pdev;
	enum caller_op op;
	u32 block;
	int (*own)(void *ctx);
	void *ctx;
	u8 seed;
	struct task_struct *task;
	bool stop;
	struct completion ended;
	int err;
	unsigned int len;
	u8 data[CFGBLK_BLOCK_MAX];
	unsigned long longest;
	unsigned int rounds;
	unsigned int failed;
	unsigned int strange;
	unsigned int mixed;
};

struct caller *caller_start(struct kunit *test, struct pci_dev *pdev,
			    enum caller_op op, u32 block);
struct caller *caller_start_own(struct kunit *test, struct pci_dev *pdev,
				int (*own)(void *ctx), void *ctx);
int caller_result(struct kunit *test, struct caller *caller);
void caller_stop(struct kunit *test, struct caller *caller);
void caller_kill(struct caller *caller);
void callers_wait(struct kunit *test, struct cfgblk_vf *vf, unsigned int n);
void callers_wait_unheard(struct kunit *test, unsigned int vf);
void callers_fini(void);

#endif /* CFGBLK_KUNIT_CALLERS_H */
