// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: a provider, who answers for blocks before the built-in store does
 *
 * It may go while its blocks are read, and so may the PF.  Neither frees what
 * the other still uses: the seat is there until both have left it.  A provider
 * that takes its time with one VF keeps no other one waiting, also while it
 * comes or goes: each VF has a desk of its own, where it is served.
 */
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "pf.h"

/**
 * struct cfgblk_provider - the seat of a PF's one provider
 * @kref: one of the PF, from probe to remove; one of who sits there
 * @lock: guards @pf and @ops, and is held while the desks change.  Taken outside
 *	of the desks, and by nobody who holds the PF's admin
 * @pf: the PF, NULL when it is gone
 * @ops: who sits there; NULL for nobody
 * @ctx: handed to each of @ops; changes only while no desk has a provider
 */
struct cfgblk_provider {
	struct kref kref;
	struct mutex lock; /* see above */
	struct cfgblk_pf *pf;
	const struct cfgblk_provider_ops *ops;
	void *ctx;
};

static void provider_release(struct kref *kref)
{
	struct cfgblk_provider *seat =
		container_of(kref, struct cfgblk_provider, kref);

	mutex_destroy(&seat->lock);
	kfree(seat);
}

/**
 * cfgblk_pf_provider_init - a seat, and nobody in it
 * @pf: the PF, being probed
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int cfgblk_pf_provider_init(struct cfgblk_pf *pf)
{
	struct cfgblk_provider *seat = kzalloc(sizeof(*seat), GFP_KERNEL);
	unsigned int i;

	if (!seat)
		return -ENOMEM;
	kref_init(&seat->kref);
	mutex_init(&seat->lock);
	seat->pf = pf;
	pf->provider = seat;
	for (i = 0; i < pf->total_vfs; i++)
		mutex_init(&pf->vfs[i].desk.lock);
	return 0;
}

/* Under the desk's lock, as all of these */
static u64 desk_published(struct cfgblk_pf_vf *vf)
{
	const struct cfgblk_provider_ops *ops = vf->desk.ops;

	if (!ops || !ops->published)
		return 0;
	return ops->published(vf->pf->provider->ctx, vf->link.vf);
}

static void desk_came(struct cfgblk_pf_vf *vf)
{
	const struct cfgblk_provider_ops *ops = vf->desk.ops;

	if (ops && ops->came)
		ops->came(vf->pf->provider->ctx, vf->link.vf);
	cfgblk_pf_link_invalidate(&vf->link, desk_published(vf));
}

static void desk_went(struct cfgblk_pf_vf *vf)
{
	const struct cfgblk_provider_ops *ops = vf->desk.ops;

	if (ops && ops->went)
		ops->went(vf->pf->provider->ctx, vf->link.vf);
}

static void desk_open(struct cfgblk_pf_vf *vf,
		      const struct cfgblk_provider_ops *ops)
{
	mutex_lock(&vf->desk.lock);
	vf->desk.ops = ops;
	if (vf->desk.here)
		desk_came(vf);
	mutex_unlock(&vf->desk.lock);
}

static void desk_close(struct cfgblk_pf_vf *vf)
{
	u64 mask;

	mutex_lock(&vf->desk.lock);
	mask = desk_published(vf);
	if (vf->desk.here)
		desk_went(vf);
	vf->desk.ops = NULL;
	mutex_unlock(&vf->desk.lock);
	cfgblk_pf_link_invalidate(&vf->link, mask);
}

/* The links ask at the desks from now on, or the stores alone */
static void provider_patient(struct cfgblk_pf *pf, bool patient)
{
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++)
		cfgblk_pf_link_patient(&pf->vfs[i].link, patient);
}

/* The provider leaves the PF; under the seat's lock */
static void provider_leave(struct cfgblk_provider *seat)
{
	unsigned int i;

	for (i = 0; i < seat->pf->total_vfs; i++)
		desk_close(&seat->pf->vfs[i]);
	seat->ops = NULL;
	provider_patient(seat->pf, false);
}

/**
 * cfgblk_pf_provider_dismiss - the PF goes; its provider is told, and neither
 * calls the other again
 * @pf: the PF; no VF is served any more
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_provider_dismiss(struct cfgblk_pf *pf)
{
	struct cfgblk_provider *seat = pf->provider;
	const struct cfgblk_provider_ops *ops;

	mutex_lock(&seat->lock);
	ops = seat->ops;
	provider_leave(seat);
	seat->pf = NULL;
	if (ops && ops->gone)
		ops->gone(seat->ctx);
	mutex_unlock(&seat->lock);
}

/**
 * cfgblk_pf_provider_fini - the PF leaves the seat
 * @pf: the PF, about to be freed
 *
 * Context: process.
 */
void cfgblk_pf_provider_fini(struct cfgblk_pf *pf)
{
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++)
		mutex_destroy(&pf->vfs[i].desk.lock);
	kref_put(&pf->provider->kref, provider_release);
}

/* What cannot be an answer is the provider's mistake, and none of the VF's */
static int desk_check(struct cfgblk_pf_vf *vf, const void *fn, int ret, int min,
		      int max)
{
	if (ret < 0 || (ret >= min && ret <= max))
		return ret;
	pci_warn_once(vf->pf->pdev, "%ps() returned %d, not a negative errno or %d to %d\n",
		      fn, ret, min, max);
	return -EIO;
}

/**
 * cfgblk_pf_provider_read - the VF reads
 * @vf: the VF
 * @block: block id
 * @buf: receives the bytes
 * @len: how many are wanted
 *
 * Context: process, may sleep.
 * Return: their number; a negative errno; -ENOENT if the block is not the
 * provider's, or there is none.
 */
int cfgblk_pf_provider_read(struct cfgblk_pf_vf *vf, u32 block, void *buf,
			    unsigned int len)
{
	const struct cfgblk_provider_ops *ops;
	int n = -ENOENT;

	mutex_lock(&vf->desk.lock);
	ops = vf->desk.ops;
	if (ops) {
		n = ops->read(vf->pf->provider->ctx, vf->link.vf, block, buf,
			      len);
		n = desk_check(vf, ops->read, n, 1, len);
	}
	mutex_unlock(&vf->desk.lock);
	return n;
}

/**
 * cfgblk_pf_provider_write - the VF writes
 * @vf: the VF
 * @block: block id
 * @buf: the bytes
 * @len: how many
 *
 * Context: process, may sleep.
 * Return: 0; a negative errno; -ENOENT if the block is not the provider's, or
 * there is none.
 */
int cfgblk_pf_provider_write(struct cfgblk_pf_vf *vf, u32 block,
			     const void *buf, unsigned int len)
{
	const struct cfgblk_provider_ops *ops;
	int err = -ENOENT;

	mutex_lock(&vf->desk.lock);
	ops = vf->desk.ops;
	if (ops) {
		err = ops->write(vf->pf->provider->ctx, vf->link.vf, block,
				 buf, len);
		err = desk_check(vf, ops->write, err, 0, 0);
	}
	mutex_unlock(&vf->desk.lock);
	return err;
}

/**
 * cfgblk_pf_provider_came - a VF driver finished its handshake
 * @vf: the VF
 *
 * It may do so again and again; the provider is told of the first time.
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_provider_came(struct cfgblk_pf_vf *vf)
{
	mutex_lock(&vf->desk.lock);
	if (!vf->desk.here)
		desk_came(vf);
	vf->desk.here = true;
	mutex_unlock(&vf->desk.lock);
}

/**
 * cfgblk_pf_provider_went - it is gone
 * @vf: the VF
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_provider_went(struct cfgblk_pf_vf *vf)
{
	mutex_lock(&vf->desk.lock);
	if (vf->desk.here)
		desk_went(vf);
	vf->desk.here = false;
	mutex_unlock(&vf->desk.lock);
}

/**
 * cfgblk_pf_provider_published - what the VF has to read of the provider
 * @vf: the VF
 *
 * Context: process, may sleep.
 * Return: block mask.
 */
u64 cfgblk_pf_provider_published(struct cfgblk_pf_vf *vf)
{
	u64 mask;

	mutex_lock(&vf->desk.lock);
	mask = desk_published(vf);
	mutex_unlock(&vf->desk.lock);
	return mask;
}

static int provider_sit(struct cfgblk_provider *seat,
			const struct cfgblk_provider_ops *ops, void *ctx)
{
	unsigned int i;

	if (seat->ops)
		return -EBUSY;
	kref_get(&seat->kref);
	seat->ops = ops;
	seat->ctx = ctx;
	provider_patient(seat->pf, true);
	/* Whoever serves a VF in a softirq has ended */
	synchronize_rcu();
	for (i = 0; i < seat->pf->total_vfs; i++)
		desk_open(&seat->pf->vfs[i], ops);
	return 0;
}

/**
 * cfgblk_register_provider - answer for blocks of a PF's VFs
 * @dev: PF bound to cfgblk_pf; the caller keeps it bound until this returns, by
 *	the device lock or by what it knows
 * @ops: what to call, from before this returns until
 *	cfgblk_unregister_provider() returns
 * @ctx: handed to each of @ops
 *
 * VFs that are attached have come, and are told of what is published.  Who holds
 * a lock here that one of @ops takes waits for ever.
 *
 * Context: process, may sleep; not from @ops.
 * Return: for cfgblk_unregister_provider(), which has to follow, also when the
 * PF is gone; or ERR_PTR: -ENODEV if @dev is not bound to cfgblk_pf, -EINVAL
 * without read or write, -EBUSY if there is a provider.
 */
struct cfgblk_provider *
cfgblk_register_provider(struct pci_dev *dev,
			 const struct cfgblk_provider_ops *ops, void *ctx)
{
	struct cfgblk_pf *pf = cfgblk_pf_of(dev);
	int err;

	if (!pf)
		return ERR_PTR(-ENODEV);
	if (!ops->read || !ops->write)
		return ERR_PTR(-EINVAL);
	mutex_lock(&pf->provider->lock);
	err = provider_sit(pf->provider, ops, ctx);
	mutex_unlock(&pf->provider->lock);
	if (err)
		return ERR_PTR(err);
	pci_info(dev, "provider %ps answers before the block store does\n",
		 ops->read);
	return pf->provider;
}
EXPORT_SYMBOL_GPL(cfgblk_register_provider);

/**
 * cfgblk_unregister_provider - answer no more
 * @provider: what cfgblk_register_provider() gave
 *
 * Waits for calls under way.  VFs that are attached have gone, for the provider,
 * and are told that what was published changed.  Who holds a lock here that one
 * of the provider's calls takes waits for ever.
 *
 * Context: process, may sleep; not from the provider's own calls.
 */
void cfgblk_unregister_provider(struct cfgblk_provider *provider)
{
	mutex_lock(&provider->lock);
	if (provider->pf)
		provider_leave(provider);
	mutex_unlock(&provider->lock);
	kref_put(&provider->kref, provider_release);
}
EXPORT_SYMBOL_GPL(cfgblk_unregister_provider);
