// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: memory that is not there
 *
 * Whatever is done here is tried again and again: first its first allocation
 * fails, then its second, until it is done without a failure.  After each try
 * that failed nothing is left behind, and all works as before.  What leaks is
 * found by kmemleak at the end of the run.
 *
 * Not made to fail:
 * - pci_enable_sriov(): the PCI core does not survive it (a VF's own probe is
 *   made to fail within it);
 * - ioremap(): UML warns, so a BAR that is none stands in for it;
 * - the workqueue of cfgblk.ko: made once, at boot;
 * - a watcher of a node: larger than any slab, and of pages UML has enough.
 */
#include <kunit/test.h>
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "../pf/pf.h"
#include "../vf/host.h"
#include "../vf/hvif.h"
#include "../vf/hyperv_intf.h"
#include "../vf/vf.h"
#include "bench.h"
#include "fail.h"
#include "fake_hyperv.h"
#include "node.h"
#include "user.h"

#define TRIES_MAX	500
#define BLOCK		1000
#define MINORS		63	/* that an IDA keeps without memory */
#define LARGE_SITES	1	/* node_watch() */

/* CONFIG_DEBUG_KOBJECT_RELEASE keeps what was put for up to 4 s */
#define RELEASED_S	5

/* Enabling VFs takes its time: not each allocation fails there */
#define BIND_STEP	8

/* Small enough for kmalloc(): what is larger falls back to vmalloc() */
static const struct sim_config one_vf_bare = {
	.model = SIM_82576, .total_vfs = 1, .bare = true,
};

/**
 * struct trial - what is tried without memory
 * @try: do it
 * @failed: it failed: is all as before?  Optional
 * @undo: it did not fail, as the kernel can do without what it had no memory
 *	for; NULL: it has to fail
 * @interrupts: the function gets interrupts
 */
struct trial {
	int (*try)(struct kunit *test, void *ctx);
	void (*failed)(struct kunit *test, void *ctx);
	void (*undo)(struct kunit *test, void *ctx);
	bool interrupts;
};

/* The kernel says so as well, of addresses and of interrupts */
static bool says_no_memory(const struct trial *trial, int err)
{
	if (trial->undo && (err == -EBUSY || err == -ENOSPC))
		return true;
	if (trial->interrupts && err == -ENODEV)
		return sim_gives_each_function_a_domain();
	return err == -ENOMEM;
}

static bool failed_well(struct kunit *test, const struct trial *trial,
			void *ctx, unsigned int nth, int err)
{
	if (!err && trial->undo) {
		trial->undo(test, ctx);
		return false;
	}
	KUNIT_EXPECT_TRUE_MSG(test, says_no_memory(trial, err),
			      "allocation %u failed, and it says %d", nth, err);
	if (trial->failed)
		trial->failed(test, ctx);
	return true;
}

/* Ends with it done.  Returns how often it failed */
static unsigned int try_without_memory(struct kunit *test,
				       const struct trial *trial, void *ctx,
				       bool rest)
{
	unsigned int nth, failures = 0;
	bool failed;
	int err;

	for (nth = 1; nth < TRIES_MAX; nth++) {
		fail_arm(nth, rest);
		err = trial->try(test, ctx);
		failed = fail_disarm();
		if (!failed) {
			KUNIT_ASSERT_EQ(test, err, 0);
			return failures;
		}
		failures += failed_well(test, trial, ctx, nth, err);
	}
	KUNIT_ASSERT_LT_MSG(test, nth, TRIES_MAX, "it always fails");
	return 0;
}

/* One failure alone, and with all that follow it */
static unsigned int each_failure(struct kunit *test, const struct trial *trial,
				 void *ctx, void (*undo)(struct kunit *test,
							 void *ctx))
{
	unsigned int failures = try_without_memory(test, trial, ctx, false);

	undo(test, ctx);
	try_without_memory(test, trial, ctx, true);
	return failures;
}

static int bind(struct kunit *test, void *ctx)
{
	return bench_bind(ctx);
}

static void unbind(struct kunit *test, void *ctx)
{
	bench_unbind(ctx);
}

/* The interrupts and mappings that a driver kept are found by bench_exit() */
static void not_bound(struct kunit *test, void *ctx)
{
	struct pci_dev *pdev = ctx;

	KUNIT_EXPECT_NULL(test, pci_dev_driver(pdev));
	KUNIT_EXPECT_NULL(test, pci_get_drvdata(pdev));
	KUNIT_EXPECT_FALSE(test, pci_is_enabled(pdev));
	KUNIT_EXPECT_FALSE(test, pdev->msix_enabled);
	KUNIT_EXPECT_FALSE(test, pdev->is_busmaster);
}

static void pf_probe_fails_whole(struct kunit *test)
{
	static const struct trial trial = {
		.try = bind, .failed = not_bound, .undo = unbind,
		.interrupts = true,
	};
	struct sim *sim = bench_plug_in(test, &one_vf_bare);

	KUNIT_EXPECT_GT(test, each_failure(test, &trial, sim_pf_pdev(sim),
					   unbind), 10);
	KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 1), 1);
	bench_define(test, 0);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

static void vf_not_bound(struct kunit *test, void *ctx)
{
	not_bound(test, ctx);
	bench_there_and_back(test, 1);
}

static void vf_probe_fails_whole(struct kunit *test)
{
	static const struct trial trial = {
		.try = bind, .failed = vf_not_bound, .undo = unbind,
		.interrupts = true,
	};
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	struct pci_dev *pdev = sim_vf_pdev(sim, 0);

	unbind(test, pdev);
	KUNIT_EXPECT_GT(test, each_failure(test, &trial, pdev, unbind), 10);
	bench_vf_up(test, 0);
	bench_there_and_back(test, 0);
}

static void functions_put(void)
{
}

static int functions_find(struct cfgblk_host_functions *functions)
{
	functions->listen = fake_host_listen;
	functions->put = functions_put;
	return 0;
}

static void hyperv_probe_fails_whole(struct kunit *test)
{
	static const struct trial trial = {
		.try = bind, .failed = not_bound, .undo = unbind,
	};
	struct pci_dev *pdev;

	cfgblk_host_find = functions_find;
	KUNIT_ASSERT_EQ(test, fake_hyperv_plug(0x8086, 0x10ca), 0);
	pdev = fake_hyperv_pdev();
	unbind(test, pdev);
	KUNIT_EXPECT_GT(test, each_failure(test, &trial, pdev, unbind), 5);
	KUNIT_EXPECT_TRUE(test, fake_host_heard());
	fake_hyperv_pull();
	cfgblk_host_find = cfgblk_hyperv_find;
}

static void hears_nothing(void *context, u64 mask)
{
}

static int hvif_register(struct kunit *test, void *ctx)
{
	struct hyperv_pci_block_ops *ops = ctx;

	return ops->reg_blk_invalidate(sim_vf_pdev(bench_sim(test), 0), NULL,
				       hears_nothing);
}

static void hvif_unregister(struct kunit *test, void *ctx)
{
	struct hyperv_pci_block_ops *ops = ctx;

	ops->reg_blk_invalidate(sim_vf_pdev(bench_sim(test), 0), NULL, NULL);
}

static void hyperv_client_needs_memory_to_register(struct kunit *test)
{
	static const struct trial trial = { .try = hvif_register };
	struct hyperv_pci_block_ops ops = { };

	bench_with_vfs(test, &bench_82576, 1);
	KUNIT_ASSERT_EQ(test, cfgblk_hvif_offer(&ops), 0);
	KUNIT_EXPECT_EQ(test, each_failure(test, &trial, &ops, hvif_unregister),
			1);
	hvif_unregister(test, &ops);
	cfgblk_hvif_withdraw();
}

/* pci_ioremap_bar() maps memory only: -ENOMEM for a BAR that is none */
static void bar_that_cannot_be_mapped_ends_the_probe(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 1);
	struct pci_dev *pdevs[] = { sim_vf_pdev(sim, 0), sim_pf_pdev(sim) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pdevs); i++) {
		struct resource *bar = &pdevs[i]->resource[0];
		unsigned long flags = bar->flags;

		unbind(test, pdevs[i]);
		bar->flags &= ~IORESOURCE_MEM;
		KUNIT_EXPECT_EQ(test, bind(test, pdevs[i]), -ENOMEM);
		bar->flags = flags;
		not_bound(test, pdevs[i]);
		KUNIT_ASSERT_EQ(test, bind(test, pdevs[i]), 0);
	}
}

/**
 * struct bind_watch - makes allocations fail while VF 0 is bound
 * @nb: of the PCI bus
 * @nth: which of them
 * @failed: one has failed
 */
struct bind_watch {
	struct notifier_block nb;
	unsigned int nth;
	bool failed;
};

static int bind_notify(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	struct bind_watch *watch = container_of(nb, struct bind_watch, nb);
	struct pci_dev *pdev = to_pci_dev((struct device *)data);

	if (!pdev->is_virtfn || pci_iov_vf_id(pdev))
		return NOTIFY_DONE;
	if (action == BUS_NOTIFY_BIND_DRIVER)
		fail_arm(watch->nth, false);
	if (action == BUS_NOTIFY_BOUND_DRIVER ||
	    action == BUS_NOTIFY_DRIVER_NOT_BOUND)
		watch->failed = fail_disarm();
	return NOTIFY_DONE;
}

static void enable_two_vfs(struct kunit *test, struct bind_watch *watch)
{
	struct sim *sim = bench_sim(test);

	bus_register_notifier(&pci_bus_type, &watch->nb);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 2), 2);
	bus_unregister_notifier(&pci_bus_type, &watch->nb);
	KUNIT_ASSERT_EQ(test, sim_num_vfs(sim), 2);
	KUNIT_ASSERT_FALSE(test, fail_armed());
	bench_vf_up(test, 1);
	bench_there_and_back(test, 1);
}

/* The VFs are enabled all the same; the one without driver gets it later */
static void vf_that_fails_while_enabled_leaves_the_others(struct kunit *test)
{
	struct bind_watch watch = { .nb.notifier_call = bind_notify, .nth = 1 };
	struct sim *sim = bench_plug_in(test, &bench_82576);
	unsigned int unbound = 0;
	struct pci_dev *pdev;

	bench_define(test, 0);
	bench_define(test, 1);
	do {
		enable_two_vfs(test, &watch);
		pdev = sim_vf_pdev(sim, 0);
		if (!pci_dev_driver(pdev)) {
			unbound++;
			KUNIT_ASSERT_EQ(test, bind(test, pdev), 0);
		}
		bench_vf_up(test, 0);
		bench_there_and_back(test, 0);
		KUNIT_ASSERT_EQ(test, sim_set_num_vfs(sim, 0), 0);
		watch.nth += BIND_STEP;
	} while (watch.failed);
	KUNIT_EXPECT_GT(test, unbound, 0);
}

static const struct cfgblk_node_ops no_ops = { };

static int node_new(struct kunit *test, void *ctx)
{
	struct cfgblk_node **node = ctx;

	*node = cfgblk_node_new(&sim_pf_pdev(bench_sim(test))->dev, &no_ops,
				NULL);
	return *node ? 0 : -ENOMEM;
}

static void node_put(struct kunit *test, void *ctx)
{
	struct cfgblk_node **node = ctx;

	cfgblk_node_put(*node);
	ssleep(RELEASED_S);
}

/* The device number, too, once so many are in use that it takes memory */
static void node_needs_memory_for_itself_and_its_number(struct kunit *test)
{
	static const struct trial trial = { .try = node_new };
	struct cfgblk_node *nodes[MINORS], *node;
	unsigned int i;

	bench_plug_in(test, &one_vf_bare);
	ssleep(RELEASED_S);
	KUNIT_EXPECT_EQ(test, each_failure(test, &trial, &node, node_put), 1);
	node_put(test, &node);
	for (i = 0; i < MINORS; i++)
		KUNIT_ASSERT_EQ(test, node_new(test, &nodes[i]), 0);
	KUNIT_EXPECT_GT(test, each_failure(test, &trial, &node, node_put), 1);
	node_put(test, &node);
	while (i--)
		cfgblk_node_put(nodes[i]);
}

static int nodes_init(struct kunit *test, void *ctx)
{
	return cfgblk_nodes_init();
}

static void nodes_exit(struct kunit *test, void *ctx)
{
	cfgblk_nodes_exit();
}

/* What loading cfgblk.ko does; no node is there now */
static void class_and_numbers_come_both_or_neither(struct kunit *test)
{
	static const struct trial trial = {
		.try = nodes_init, .undo = nodes_exit,
	};

	ssleep(RELEASED_S);
	nodes_exit(test, NULL);
	KUNIT_EXPECT_GE(test, each_failure(test, &trial, NULL, nodes_exit), 2);
	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
}

/**
 * struct command - an ioctl
 * @desk: where it is said
 * @cmd: CFGBLK_IOC_*
 * @arg: its structure
 */
struct command {
	struct desk *desk;
	unsigned int cmd;
	union {
		struct cfgblk_info info;
		struct cfgblk_link_info link;
		struct cfgblk_block_io io;
		struct cfgblk_define define;
		struct cfgblk_block_info next;
		struct cfgblk_invalidate invalidate;
		struct cfgblk_echo echo;
		struct cfgblk_stats stats;
	} arg;
};

static int command_try(struct kunit *test, void *ctx)
{
	struct command *command = ctx;

	return ask(command->desk, command->cmd, &command->arg);
}

static void no_undo(struct kunit *test, void *ctx)
{
}

/* The node's own part of open() and close(): the kernel's needs memory, too */
static int node_open(struct kunit *test, void *ctx)
{
	struct file *file = ctx;

	return file->f_op->open(file_inode(file), file);
}

static void node_release(struct kunit *test, void *ctx)
{
	struct file *file = ctx;

	file->f_op->release(file_inode(file), file);
}

static void node_that_was_not_opened_can_be(struct kunit *test)
{
	static const struct trial trial = { .try = node_open };
	struct desk *desk;

	bench_with_vfs(test, &bench_82576, 1);
	desk = desk_new(test, bench_vf_up(test, 0)->node);
	node_release(test, desk->file);
	KUNIT_EXPECT_EQ(test, 1, each_failure(test, &trial, desk->file,
					      node_release));
	/* Its watcher is a site that is too large: see fail_expect_every_site() */
	KUNIT_EXPECT_EQ(test, ask(desk, CFGBLK_IOC_WATCH, NULL), 0);
	bench_there_and_back(test, 0);
}

static void expect_not_defined(struct kunit *test, void *ctx)
{
	struct cfgblk_pf *pf = bench_pf(test);
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++) {
		struct cfgblk_store *store = &pf->vfs[i].store;

		KUNIT_EXPECT_EQ(test, cfgblk_store_count(store), !i);
		KUNIT_EXPECT_EQ(test, -ENOENT,
				cfgblk_store_fits(store, BLOCK, 0));
	}
	bench_there_and_back(test, 0);
}

static void undefine(struct kunit *test, void *ctx)
{
	struct command *define = ctx;
	struct command command = {
		.desk = define->desk, .cmd = CFGBLK_IOC_UNDEFINE,
		.arg.define = { .vf = define->arg.define.vf, .block = BLOCK },
	};
	static const struct trial trial = { .try = command_try };

	/* Freeing takes no memory */
	KUNIT_EXPECT_EQ(test, 0, try_without_memory(test, &trial, &command,
						    false));
	expect_not_defined(test, ctx);
}

/* VF 0 talks, the others do not exist yet */
static struct desk *desk_at_pf(struct kunit *test)
{
	bench_with_vfs(test, &bench_82576, 1);
	return desk_new(test, bench_pf(test)->node);
}

static struct command define_for(struct desk *desk, unsigned int vf)
{
	return (struct command){
		.desk = desk, .cmd = CFGBLK_IOC_DEFINE,
		.arg.define = {
			.vf = vf, .block = BLOCK, .size = CFGBLK_BLOCK_MAX,
			.access = CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE,
		},
	};
}

static void define_is_for_all_vfs_or_none(struct kunit *test)
{
	static const struct trial trial = {
		.try = command_try, .failed = expect_not_defined,
	};
	struct desk *desk = desk_at_pf(test);
	struct command one = define_for(desk, 0);
	struct command all = define_for(desk, CFGBLK_VF_ALL);
	unsigned int vfs = bench_pf(test)->total_vfs;

	KUNIT_EXPECT_GE(test, each_failure(test, &trial, &one, undefine), 2);
	undefine(test, &one);
	KUNIT_EXPECT_GE(test, each_failure(test, &trial, &all, undefine),
			2 * vfs);
	undefine(test, &all);
}

/* In the first bytes of BENCH_BLOCK of each VF */
static void expect_text(struct kunit *test, const char *text)
{
	unsigned int i;

	for (i = 0; i < bench_pf(test)->total_vfs; i++)
		bench_expect_block(test, i, BENCH_BLOCK, text);
}

static void publish_needs_no_memory(struct kunit *test)
{
	static const struct trial trial = { .try = command_try };
	struct command all = {
		.cmd = CFGBLK_IOC_WRITE,
		.arg.io = {
			.vf = CFGBLK_VF_ALL, .block = BENCH_BLOCK, .len = 3,
			.data = "new",
		},
	};
	unsigned int i;

	bench_plug_in(test, &bench_82576);
	for (i = 0; i < bench_pf(test)->total_vfs; i++)
		bench_define(test, i);
	all.desk = desk_new(test, bench_pf(test)->node);
	KUNIT_EXPECT_EQ(test, 0, try_without_memory(test, &trial, &all, true));
	expect_text(test, "new");
}

/* All other commands of the PF's node */
static void pf_asks_and_tells_without_memory(struct kunit *test)
{
	static const struct trial trial = { .try = command_try };
	struct desk *desk = desk_at_pf(test);
	struct command commands[] = {
		{ .cmd = CFGBLK_IOC_INFO },
		{ .cmd = CFGBLK_IOC_LINK },
		{ .cmd = CFGBLK_IOC_READ,
		  .arg.io = { .block = BENCH_BLOCK, .len = 1 } },
		{ .cmd = CFGBLK_IOC_NEXT_BLOCK },
		{ .cmd = CFGBLK_IOC_INVALIDATE, .arg.invalidate = { .mask = 1 } },
		{ .cmd = CFGBLK_IOC_STATS },
	};
	unsigned int i;

	bench_there_and_back(test, 0);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		commands[i].desk = desk;
		KUNIT_EXPECT_EQ_MSG(test, 0,
				    try_without_memory(test, &trial,
						       &commands[i], false),
				    "command %x", commands[i].cmd);
	}
}

/* Those of the VF's: the ones that ask the PF need memory for the call */
static void vf_commands_need_memory_for_a_call_only(struct kunit *test)
{
	static const struct trial trial = { .try = command_try };
	struct command commands[] = {
		{ .cmd = CFGBLK_IOC_INFO },
		{ .cmd = CFGBLK_IOC_LINK },
		{ .cmd = CFGBLK_IOC_STATS },
		{ .cmd = CFGBLK_IOC_WRITE,
		  .arg.io = { .block = BENCH_BLOCK, .len = 128 } },
		{ .cmd = CFGBLK_IOC_READ,
		  .arg.io = { .block = BENCH_BLOCK, .len = 128 } },
		{ .cmd = CFGBLK_IOC_ECHO, .arg.echo = { .len = 128 } },
	};
	struct desk *desk;
	unsigned int i;

	bench_with_vfs(test, &bench_82576, 1);
	desk = desk_new(test, bench_vf_up(test, 0)->node);
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		commands[i].desk = desk;
		KUNIT_EXPECT_EQ_MSG(test, i >= 3,
				    each_failure(test, &trial, &commands[i],
						 no_undo),
				    "command %x", commands[i].cmd);
	}
	bench_there_and_back(test, 0);
}

/**
 * struct exchange - a call of VF 0 through the kernel's interface
 * @write: a write, otherwise a read
 * @buf: its bytes
 * @n: bytes read
 */
struct exchange {
	bool write;
	u8 buf[CFGBLK_BLOCK_MAX];
	unsigned int n;
};

static int exchange_try(struct kunit *test, void *ctx)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), 0);
	struct exchange *exchange = ctx;

	if (exchange->write)
		return cfgblk_write_cfg_blk(pdev, exchange->buf,
					    sizeof(exchange->buf), BENCH_BLOCK);
	return cfgblk_read_cfg_blk(pdev, exchange->buf, sizeof(exchange->buf),
				   BENCH_BLOCK, &exchange->n);
}

/* Neither the caller's buffer nor the block has anything new */
static void exchange_failed(struct kunit *test, void *ctx)
{
	struct exchange *exchange = ctx;
	struct exchange now = { };
	u8 old[CFGBLK_BLOCK_MAX];

	bench_fill(old, 0);
	KUNIT_EXPECT_EQ(test, exchange->n, 0);
	KUNIT_ASSERT_EQ(test, exchange_try(test, &now), 0);
	KUNIT_EXPECT_EQ(test, now.n, sizeof(old));
	KUNIT_EXPECT_EQ(test, memcmp(now.buf, old, sizeof(old)), 0);
	if (!exchange->write)
		KUNIT_EXPECT_NULL(test, memchr_inv(exchange->buf, 0,
						   sizeof(exchange->buf)));
}

static void call_without_memory_asks_nothing(struct kunit *test)
{
	static const struct trial trial = {
		.try = exchange_try, .failed = exchange_failed,
	};
	struct exchange read = { }, write = { .write = true };

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, try_without_memory(test, &trial, &read, false), 1);
	bench_fill(write.buf, 1);
	KUNIT_EXPECT_EQ(test, try_without_memory(test, &trial, &write, true), 1);
}

/* At the VF, before anything is sent: nothing is left that could fail */
static void exchange_allocates_once(struct kunit *test)
{
	struct exchange read = { }, write = { .write = true };
	unsigned int before;

	bench_with_vfs(test, &bench_82576, 1);
	bench_there_and_back(test, 0);
	before = fail_sites_hit();
	KUNIT_EXPECT_EQ(test, exchange_try(test, &write), 0);
	KUNIT_EXPECT_EQ(test, fail_sites_hit() - before, 1);
	KUNIT_EXPECT_EQ(test, exchange_try(test, &read), 0);
	KUNIT_EXPECT_EQ(test, fail_sites_hit() - before, 2);
}

static void deaf(void *context, u64 block_mask)
{
}

static int listen_and_invalidate(struct kunit *test, void *ctx)
{
	struct pci_dev *pdev = sim_vf_pdev(bench_sim(test), 0);
	int err = cfgblk_reg_block_invalidate(pdev, NULL, deaf);

	cfgblk_invalidate(sim_pf_pdev(bench_sim(test)), CFGBLK_VF_ALL, ~0ULL);
	cfgblk_unreg_block_invalidate(pdev);
	return err;
}

static void listening_and_invalidating_need_no_memory(struct kunit *test)
{
	static const struct trial trial = { .try = listen_and_invalidate };

	bench_with_vfs(test, &bench_82576, 1);
	KUNIT_EXPECT_EQ(test, try_without_memory(test, &trial, NULL, false), 0);
	bench_there_and_back(test, 0);
}

/**
 * struct passage - a state of VF 0, on its way to VF 1
 * @state: its bytes, not freed yet, or NULL
 * @len: how many
 */
struct passage {
	u8 *state;
	size_t len;
};

static void passage_end(struct kunit *test, void *ctx)
{
	struct passage *passage = ctx;

	kvfree_sensitive(passage->state, passage->len);
	passage->state = NULL;
}

static int passage_save(struct kunit *test, void *ctx)
{
	struct passage *passage = ctx;

	passage->state = cfgblk_pf_save_vf(&bench_pf(test)->vfs[0],
					   &passage->len);
	return passage->state ? 0 : -ENOMEM;
}

static int passage_restore(struct kunit *test, void *ctx)
{
	struct passage *passage = ctx;

	return cfgblk_pf_restore_vf(&bench_pf(test)->vfs[1], passage->state,
				    passage->len);
}

/* VF 1 has what it had */
static void not_restored(struct kunit *test, void *ctx)
{
	bench_there_and_back(test, 1);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(bench_store(test, 1)), 1);
}

static void state_is_saved_and_restored_whole_or_not_at_all(struct kunit *test)
{
	static const struct trial save = { .try = passage_save };
	static const struct trial restore = {
		.try = passage_restore, .failed = not_restored,
	};
	struct passage passage = { };

	bench_with_vfs(test, &bench_82576, 2);
	bench_define_block(test, 0, BLOCK, 1, CFGBLK_ACCESS_READ);
	bench_there_and_back(test, 0);
	KUNIT_EXPECT_EQ(test, 1, each_failure(test, &save, &passage,
					      passage_end));
	KUNIT_EXPECT_GE(test, try_without_memory(test, &restore, &passage,
						 false), 5);
	passage_end(test, &passage);
	KUNIT_EXPECT_EQ(test, cfgblk_store_count(bench_store(test, 1)), 2);
}

/* The last case: it looks at what the others did */
static void every_allocation_was_made_to_fail(struct kunit *test)
{
	fail_expect_every_site(test, LARGE_SITES);
}

static int alloc_suite_init(struct kunit_suite *suite)
{
	return fail_init();
}

static void alloc_suite_exit(struct kunit_suite *suite)
{
	fail_exit();
}

static struct kunit_case alloc_cases[] = {
	KUNIT_CASE(pf_probe_fails_whole),
	KUNIT_CASE(vf_probe_fails_whole),
	KUNIT_CASE(hyperv_probe_fails_whole),
	KUNIT_CASE(hyperv_client_needs_memory_to_register),
	KUNIT_CASE(bar_that_cannot_be_mapped_ends_the_probe),
	KUNIT_CASE(vf_that_fails_while_enabled_leaves_the_others),
	KUNIT_CASE(node_needs_memory_for_itself_and_its_number),
	KUNIT_CASE(class_and_numbers_come_both_or_neither),
	KUNIT_CASE(node_that_was_not_opened_can_be),
	KUNIT_CASE(define_is_for_all_vfs_or_none),
	KUNIT_CASE(publish_needs_no_memory),
	KUNIT_CASE(pf_asks_and_tells_without_memory),
	KUNIT_CASE(vf_commands_need_memory_for_a_call_only),
	KUNIT_CASE(call_without_memory_asks_nothing),
	KUNIT_CASE(exchange_allocates_once),
	KUNIT_CASE(listening_and_invalidating_need_no_memory),
	KUNIT_CASE(state_is_saved_and_restored_whole_or_not_at_all),
	KUNIT_CASE(every_allocation_was_made_to_fail),
	{ }
};

static struct kunit_suite alloc_suite = {
	.name = "cfgblk_alloc",
	.suite_init = alloc_suite_init,
	.suite_exit = alloc_suite_exit,
	.init = bench_init,
	.exit = bench_exit,
	.test_cases = alloc_cases,
};

kunit_test_suite(alloc_suite);
