// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk_hvif.ko: hyperv_*_cfg_blk() over our calls
 *
 * Where there is no Hyper-V nobody fills the table hvpci_block_ops, and
 * hyperv_read_cfg_blk() and its siblings refuse.  This module fills it, so that
 * code written for them works on any VF that is bound to cfgblk_vf.
 *
 * The kernel calls through the table without holding anything, so leaving takes
 * three steps: out of the table; wait until each task that had looked there has
 * come in, or was never about to (RCU tasks: none sleeps in between); wait until
 * those inside have left (SRCU).  While a client is registered the module stays.
 */
#include <linux/cfgblk.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>

#include "hvif.h"
#include "hyperv_intf.h"
#include "vf.h"

/**
 * struct hvif_client - who listens to one VF
 * @list: of all clients
 * @dev: the VF; a reference is held
 * @context: handed to @fn
 * @fn: the client's callback
 * @caller: the task that is in @fn now
 * @left: unregistered from within @fn; not called any more
 * @work: takes it away then
 */
struct hvif_client {
	struct list_head list;
	struct pci_dev *dev;
	void *context;
	void (*fn)(void *context, u64 block_mask);
	struct task_struct *caller;
	bool left;
	struct work_struct work;
};

/* Guards the list of clients; never held while a client is called or waited for */
static DEFINE_MUTEX(hvif_lock);
static LIST_HEAD(hvif_clients);

/* Whoever is inside */
DEFINE_STATIC_SRCU(hvif_inside);

static struct hyperv_pci_block_ops *hvif_ops;

static int hvif_read(struct pci_dev *dev, void *buf, unsigned int buf_len,
		     unsigned int block_id, unsigned int *bytes_returned)
{
	int inside = srcu_read_lock(&hvif_inside);
	int err = cfgblk_read_cfg_blk(dev, buf, buf_len, block_id,
				      bytes_returned);

	srcu_read_unlock(&hvif_inside, inside);
	return err;
}

static int hvif_write(struct pci_dev *dev, void *buf, unsigned int len,
		      unsigned int block_id)
{
	int inside = srcu_read_lock(&hvif_inside);
	int err = cfgblk_write_cfg_blk(dev, buf, len, block_id);

	srcu_read_unlock(&hvif_inside, inside);
	return err;
}

/* From a work item */
static void hvif_invalidate(void *context, u64 mask)
{
	struct hvif_client *client = context;

	if (READ_ONCE(client->left))
		return;
	WRITE_ONCE(client->caller, current);
	client->fn(client->context, mask);
	WRITE_ONCE(client->caller, NULL);
}

/* From the list already; its callback has ended on return */
static void hvif_end(struct hvif_client *client)
{
	cfgblk_unreg_own_block_invalidate(client->dev, client, hvif_invalidate);
	pci_dev_put(client->dev);
	kfree(client);
	module_put(THIS_MODULE);
}

static void hvif_end_work(struct work_struct *work)
{
	hvif_end(container_of(work, struct hvif_client, work));
}

static struct hvif_client *hvif_find(struct pci_dev *dev)
{
	struct hvif_client *client;

	list_for_each_entry(client, &hvif_clients, list) {
		if (client->dev == dev)
			return client;
	}
	return NULL;
}

static struct hvif_client *hvif_remove(struct pci_dev *dev)
{
	struct hvif_client *client;

	mutex_lock(&hvif_lock);
	client = hvif_find(dev);
	if (client)
		list_del(&client->list);
	mutex_unlock(&hvif_lock);
	return client;
}

/* As with Hyper-V it is no error if nobody is registered */
static int hvif_unregister(struct pci_dev *dev)
{
	struct hvif_client *client = hvif_remove(dev);

	if (!client)
		return 0;
	if (READ_ONCE(client->caller) == current) {
		/* Its callback cannot wait for its own end */
		WRITE_ONCE(client->left, true);
		schedule_work(&client->work);
	} else {
		hvif_end(client);
	}
	return 0;
}

static struct hvif_client *hvif_new(struct pci_dev *dev, void *context,
				    void (*fn)(void *context, u64 block_mask))
{
	struct hvif_client *client = kzalloc(sizeof(*client), GFP_KERNEL);

	if (!client)
		return NULL;
	client->dev = pci_dev_get(dev);
	client->context = context;
	client->fn = fn;
	INIT_WORK(&client->work, hvif_end_work);
	return client;
}

/* The client is in the list when it is called for the first time */
static int hvif_add(struct hvif_client *client)
{
	int err = -EBUSY;

	mutex_lock(&hvif_lock);
	if (!hvif_find(client->dev)) {
		err = cfgblk_reg_block_invalidate(client->dev, client,
						  hvif_invalidate);
		if (!err)
			list_add(&client->list, &hvif_clients);
	}
	mutex_unlock(&hvif_lock);
	return err;
}

static int hvif_register(struct pci_dev *dev, void *context,
			 void (*fn)(void *context, u64 block_mask))
{
	struct hvif_client *client = hvif_new(dev, context, fn);
	int err;

	if (!client)
		return -ENOMEM;
	err = try_module_get(THIS_MODULE) ? 0 : -EOPNOTSUPP;
	if (err)
		goto err_free;
	err = hvif_add(client);
	if (!err)
		return 0;

	module_put(THIS_MODULE);
err_free:
	pci_dev_put(dev);
	kfree(client);
	return err;
}

static int hvif_listen(struct pci_dev *dev, void *context,
		       void (*block_invalidate)(void *context, u64 block_mask))
{
	int inside = srcu_read_lock(&hvif_inside);
	int err;

	if (block_invalidate)
		err = hvif_register(dev, context, block_invalidate);
	else
		err = hvif_unregister(dev);
	srcu_read_unlock(&hvif_inside, inside);
	return err;
}

/**
 * cfgblk_hvif_offer - answer calls of hyperv_*_cfg_blk()
 * @ops: the table that they look into
 *
 * Context: process, may sleep.
 * Return: 0; -EBUSY if somebody else answers them.
 */
int cfgblk_hvif_offer(struct hyperv_pci_block_ops *ops)
{
	if (READ_ONCE(ops->read_block) || READ_ONCE(ops->write_block) ||
	    READ_ONCE(ops->reg_blk_invalidate))
		return -EBUSY;
	hvif_ops = ops;
	WRITE_ONCE(ops->read_block, hvif_read);
	WRITE_ONCE(ops->write_block, hvif_write);
	WRITE_ONCE(ops->reg_blk_invalidate, hvif_listen);
	return 0;
}

/* Not if somebody else has written there since */
static void hvif_clear(struct hyperv_pci_block_ops *ops)
{
	cmpxchg(&ops->read_block, hvif_read, NULL);
	cmpxchg(&ops->write_block, hvif_write, NULL);
	cmpxchg(&ops->reg_blk_invalidate, hvif_listen, NULL);
}

/**
 * cfgblk_hvif_withdraw - answer them no more
 *
 * No client is registered.  Nobody is inside any more on return.
 *
 * Context: process, may sleep.
 */
void cfgblk_hvif_withdraw(void)
{
	hvif_clear(hvif_ops);
	synchronize_rcu_tasks();
	synchronize_srcu(&hvif_inside);
	/* And the last instructions after that */
	synchronize_rcu_tasks();
}
