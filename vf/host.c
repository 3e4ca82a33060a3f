// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: Hyper-V's host, asked by a thread that may hang for ever
 *
 * The kernel's wait for the host has no time limit and cannot be killed.  So a
 * thread waits, with buffers of its own, and nobody waits for the thread.  When
 * the VF driver leaves while the host is asked, all of this is left to the
 * thread, which ends when the host answers at last.  Only while the host is
 * asked the thread keeps the module.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "calls.h"
#include "host.h"
#include "proto.h"

/**
 * enum host_state - where the thread is
 * @HOST_IDLE: waits to be asked
 * @HOST_ASKED: is to ask the host
 * @HOST_RUNNING: asks the host
 * @HOST_ANSWERED: waits until the answer is taken
 */
enum host_state {
	HOST_IDLE,
	HOST_ASKED,
	HOST_RUNNING,
	HOST_ANSWERED,
};

/**
 * struct cfgblk_host - the host, and the thread that asks it
 * @pdev: the VF; a reference is held
 * @parent: what the bus driver has behind its bridge; a reference is held, as the
 *	thread may be in the bus driver when that is removed
 * @owner: the bus driver's module, held for the same reason; NULL for none
 * @functions: how to ask; found once
 * @calls: kicked when there is an answer
 * @task: the thread
 * @wake: it waits here
 * @lock: guards @state and @left; a leaf, never in interrupts
 * @state: whose the fields below are: the thread's while HOST_RUNNING, otherwise
 *	those of the transport's work
 * @left: the driver has left; the thread frees all of this
 * @op: what is asked: CFGBLK_OP_READ or CFGBLK_OP_WRITE
 * @block: block id
 * @len: bytes to read or to write
 * @n: bytes read
 * @err: what the host said
 * @data: the bytes
 *
 * Lifetime: cfgblk_host_new() to cfgblk_host_leave(), or to the host's answer
 * if that comes later.
 */
struct cfgblk_host {
	struct pci_dev *pdev;
	struct device *parent;
	struct module *owner;
	struct cfgblk_host_functions functions;
	struct cfgblk_calls *calls;
	struct task_struct *task;
	wait_queue_head_t wake;
	spinlock_t lock; /* a leaf, see above */
	enum host_state state;
	bool left;
	u8 op;
	u32 block;
	unsigned int len;
	unsigned int n;
	int err;
	u8 data[CFGBLK_BLOCK_MAX];
};

int (*cfgblk_host_find)(struct cfgblk_host_functions *functions) =
	cfgblk_hyperv_find;

static void host_free(struct cfgblk_host *host)
{
	host->functions.put();
	pci_dev_put(host->pdev);
	put_device(host->parent);
	module_put(host->owner);
	kfree_sensitive(host);
}

static enum host_state host_state(struct cfgblk_host *host)
{
	enum host_state state;

	spin_lock(&host->lock);
	state = host->state;
	spin_unlock(&host->lock);
	return state;
}

static int host_call(struct cfgblk_host *host)
{
	if (host->op == CFGBLK_OP_WRITE)
		return host->functions.write(host->pdev, host->data, host->len,
					     host->block);
	host->n = 0;
	return host->functions.read(host->pdev, host->data, host->len,
				    host->block, &host->n);
}

/* Hand the answer over.  Return: false if nobody is left who would take it */
static bool host_answer(struct cfgblk_host *host)
{
	bool left;

	spin_lock(&host->lock);
	left = host->left;
	host->state = HOST_ANSWERED;
	/* Under the lock: from the end of cfgblk_host_leave() on it is gone */
	if (!left)
		cfgblk_calls_kick(host->calls);
	spin_unlock(&host->lock);
	return !left;
}

/* Return: false if there is nothing to ask, or not any more */
static bool host_begin(struct cfgblk_host *host)
{
	bool asked;

	spin_lock(&host->lock);
	asked = host->state == HOST_ASKED;
	if (asked)
		host->state = HOST_RUNNING;
	spin_unlock(&host->lock);
	return asked;
}

static int host_thread(void *arg)
{
	struct cfgblk_host *host = arg;
	bool asked;

	for (;;) {
		wait_event_idle(host->wake, (asked = host_begin(host)) ||
				kthread_should_stop());
		if (!asked)
			return 0;
		host->err = host_call(host);
		if (!host_answer(host)) {
			host_free(host);
			module_put_and_kthread_exit(0);
		}
		module_put(THIS_MODULE);
	}
}

/* The bus driver is bound: the VF is behind it */
static void host_hold_bus(struct cfgblk_host *host)
{
	struct device *parent = pci_find_host_bridge(host->pdev->bus)->dev.parent;

	host->parent = get_device(parent);
	if (parent->driver) {
		host->owner = parent->driver->owner;
		__module_get(host->owner);
	}
}

static struct cfgblk_host *host_alloc(struct pci_dev *pdev,
				      struct cfgblk_calls *calls)
{
	struct cfgblk_host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	int err;

	if (!host)
		return ERR_PTR(-ENOMEM);
	err = cfgblk_host_find(&host->functions);
	if (err) {
		kfree(host);
		return ERR_PTR(err);
	}
	host->pdev = pci_dev_get(pdev);
	host_hold_bus(host);
	host->calls = calls;
	init_waitqueue_head(&host->wake);
	spin_lock_init(&host->lock);
	return host;
}

/**
 * cfgblk_host_new - get ready to ask the host
 * @pdev: a VF on Hyper-V
 * @calls: kicked when there is an answer
 *
 * Context: process, may sleep.
 * Return: the host, to be left with cfgblk_host_leave(); or as a pointer
 * -ENOMEM, or -EOPNOTSUPP without the kernel's functions.
 */
struct cfgblk_host *cfgblk_host_new(struct pci_dev *pdev,
				    struct cfgblk_calls *calls)
{
	struct cfgblk_host *host = host_alloc(pdev, calls);
	struct task_struct *task;

	if (IS_ERR(host))
		return host;
	task = kthread_create(host_thread, host, "cfgblk-host");
	if (IS_ERR(task)) {
		host_free(host);
		return ERR_CAST(task);
	}
	host->task = task;
	wake_up_process(task);
	return host;
}

/**
 * cfgblk_host_leave - the host is not needed any more
 * @host: the host; nobody asks or takes any more
 *
 * Does not wait for the host.  @calls are not kicked any more on return.
 *
 * Context: process, may sleep.
 */
void cfgblk_host_leave(struct cfgblk_host *host)
{
	enum host_state was;

	spin_lock(&host->lock);
	was = host->state;
	if (was == HOST_ASKED)
		host->state = HOST_IDLE;
	host->left = true;
	spin_unlock(&host->lock);
	if (was == HOST_RUNNING)
		return;
	/* What the thread would have put when the host had answered */
	if (was == HOST_ASKED)
		module_put(THIS_MODULE);
	kthread_stop(host->task);
	host_free(host);
}

/**
 * cfgblk_host_listen - who hears of invalidations
 * @host: the host
 * @context: handed to @block_invalidate
 * @block_invalidate: called in any context; NULL for nobody
 *
 * Context: process, may sleep.
 * Return: 0 or a negative errno.
 */
int cfgblk_host_listen(struct cfgblk_host *host, void *context,
		       void (*block_invalidate)(void *context, u64 mask))
{
	return host->functions.listen(host->pdev, context, block_invalidate);
}

/**
 * cfgblk_host_idle - may the host be asked?
 * @host: the host
 *
 * Context: the transport's work.
 * Return: false while it is asked, and while its answer has not been taken.
 */
bool cfgblk_host_idle(struct cfgblk_host *host)
{
	return host_state(host) == HOST_IDLE;
}

/**
 * cfgblk_host_answered - is there an answer?
 * @host: the host
 *
 * Context: the transport's work.
 * Return: true if there is one to be taken.
 */
bool cfgblk_host_answered(struct cfgblk_host *host)
{
	return host_state(host) == HOST_ANSWERED;
}

static void host_fill(struct cfgblk_host *host, const struct cfgblk_call *call)
{
	host->op = call->op;
	host->block = call->block;
	memset(host->data, 0, sizeof(host->data));
	if (call->op == CFGBLK_OP_READ) {
		host->len = call->wanted;
	} else {
		host->len = call->bytes.len;
		memcpy(host->data, call->bytes.data, host->len);
	}
}

/**
 * cfgblk_host_ask - have the thread ask the host
 * @host: the host, idle
 * @call: a read or a write; nothing of it is needed any more on return
 *
 * Context: the transport's work.
 * Return: 0; -ENODEV if the module is about to go.
 */
int cfgblk_host_ask(struct cfgblk_host *host, const struct cfgblk_call *call)
{
	/* The thread puts it when the host has answered */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	host_fill(host, call);
	spin_lock(&host->lock);
	host->state = HOST_ASKED;
	spin_unlock(&host->lock);
	wake_up(&host->wake);
	return 0;
}

/* What it said is not trusted */
static int host_err(const struct cfgblk_host *host)
{
	if (host->err)
		return host->err < 0 ? host->err : -EIO;
	if (host->op == CFGBLK_OP_READ && (!host->n || host->n > host->len))
		return -EIO;
	return 0;
}

/**
 * cfgblk_host_take - take the answer; the host is idle again
 * @host: the host, with an answer
 * @call: receives the bytes that were read, or NULL
 *
 * Context: the transport's work.
 * Return: 0 or what the host said; -EIO for a length that cannot be.
 */
int cfgblk_host_take(struct cfgblk_host *host, struct cfgblk_call *call)
{
	int err = host_err(host);

	if (!err && call && host->op == CFGBLK_OP_READ) {
		cfgblk_bytes_start(&call->answer, host->n);
		memcpy(call->answer.data, host->data, host->n);
	}
	spin_lock(&host->lock);
	host->state = HOST_IDLE;
	spin_unlock(&host->lock);
	return err;
}
