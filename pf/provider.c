// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: a provider, who answers for blocks before the built-in store does
 *
 * It may go while its blocks are read, and so may the PF.  Neither frees what
 * the other still uses: the seat is there until both have left it.
 */
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/kref.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

#include "pf.h"

/**
 * struct cfgblk_provider - the seat of a PF's one provider
 * @kref: one of the PF, from probe to remove; one of who sits there
 * @lock: read while @ops are called, written to change any of the below.  Taken
 *	inside the PF's admin and by the links' work; no other lock of ours is
 *	taken inside it but a link's work queue
 * @pf: the PF, NULL when it is gone
 * @ops: who sits there; NULL for nobody
 * @ctx: handed to each of @ops
 */
struct cfgblk_provider {
	struct kref kref;
	struct rw_semaphore lock; /* see above */
	struct cfgblk_pf *pf;
	const struct cfgblk_provider_ops *ops;
	void *ctx;
};

static void provider_release(struct kref *kref)
{
	kfree(container_of(kref, struct cfgblk_provider, kref));
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

	if (!seat)
		return -ENOMEM;
	kref_init(&seat->kref);
	init_rwsem(&seat->lock);
	seat->pf = pf;
	pf->provider = seat;
	return 0;
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

	down_write(&seat->lock);
	if (seat->ops && seat->ops->gone)
		seat->ops->gone(seat->ctx);
	seat->ops = NULL;
	seat->pf = NULL;
	up_write(&seat->lock);
}

/**
 * cfgblk_pf_provider_fini - the PF leaves the seat
 * @pf: the PF, about to be freed
 *
 * Context: any.
 */
void cfgblk_pf_provider_fini(struct cfgblk_pf *pf)
{
	kref_put(&pf->provider->kref, provider_release);
}

/* What is no length of an answer is the provider's mistake, and no block */
static int provider_check(const struct cfgblk_provider *seat, int n,
			  unsigned int len)
{
	if (n < 0 || (n && n <= len))
		return n;
	pci_warn_once(seat->pf->pdev, "provider %ps: %d bytes read, 1 to %u asked for\n",
		      seat->ops->read, n, len);
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
	struct cfgblk_provider *seat = vf->pf->provider;
	int n = -ENOENT;

	down_read(&seat->lock);
	if (seat->ops)
		n = provider_check(seat, seat->ops->read(seat->ctx, vf->link.vf,
							 block, buf, len), len);
	up_read(&seat->lock);
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
	struct cfgblk_provider *seat = vf->pf->provider;
	int err = -ENOENT;

	down_read(&seat->lock);
	if (seat->ops)
		err = seat->ops->write(seat->ctx, vf->link.vf, block, buf, len);
	up_read(&seat->lock);
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
	struct cfgblk_provider *seat = vf->pf->provider;

	down_read(&seat->lock);
	if (!vf->here && seat->ops && seat->ops->came)
		seat->ops->came(seat->ctx, vf->link.vf);
	vf->here = true;
	up_read(&seat->lock);
}

/**
 * cfgblk_pf_provider_went - it is gone
 * @vf: the VF
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_provider_went(struct cfgblk_pf_vf *vf)
{
	struct cfgblk_provider *seat = vf->pf->provider;

	down_read(&seat->lock);
	if (vf->here && seat->ops && seat->ops->went)
		seat->ops->went(seat->ctx, vf->link.vf);
	vf->here = false;
	up_read(&seat->lock);
}

/* Under the seat's lock */
static u64 provider_published(struct cfgblk_provider *seat, u16 vf)
{
	if (!seat->ops || !seat->ops->published)
		return 0;
	return seat->ops->published(seat->ctx, vf);
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
	struct cfgblk_provider *seat = vf->pf->provider;
	u64 mask;

	down_read(&seat->lock);
	mask = provider_published(seat, vf->link.vf);
	up_read(&seat->lock);
	return mask;
}

/* The VFs that are here find other blocks than before */
static void provider_changes(struct cfgblk_provider *seat)
{
	struct cfgblk_pf *pf = seat->pf;
	unsigned int i;

	for (i = 0; i < pf->total_vfs; i++)
		if (pf->vfs[i].here)
			cfgblk_pf_link_invalidate(&pf->vfs[i].link,
						  provider_published(seat, i));
}

static void provider_meets(struct cfgblk_provider *seat)
{
	struct cfgblk_pf *pf = seat->pf;
	unsigned int i;

	for (i = 0; seat->ops->came && i < pf->total_vfs; i++)
		if (pf->vfs[i].here)
			seat->ops->came(seat->ctx, i);
}

static int provider_sit(struct cfgblk_provider *seat,
			const struct cfgblk_provider_ops *ops, void *ctx)
{
	if (seat->ops)
		return -EBUSY;
	seat->ops = ops;
	seat->ctx = ctx;
	kref_get(&seat->kref);
	provider_meets(seat);
	provider_changes(seat);
	return 0;
}

/**
 * cfgblk_register_provider - answer for blocks of a PF's VFs
 * @dev: PF bound to cfgblk_pf; the caller keeps it bound until this returns
 * @ops: what to call, from before this returns until after
 *	cfgblk_unregister_provider() has begun
 * @ctx: handed to each of @ops
 *
 * VFs that are attached are told of at once, and are told of what is published.
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
	down_write(&pf->provider->lock);
	err = provider_sit(pf->provider, ops, ctx);
	up_write(&pf->provider->lock);
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
 * Waits for calls under way.  VFs that are attached are told that what was
 * published changed.
 *
 * Context: process, may sleep; not from the provider's own calls.
 */
void cfgblk_unregister_provider(struct cfgblk_provider *provider)
{
	down_write(&provider->lock);
	if (provider->pf)
		provider_changes(provider);
	provider->ops = NULL;
	up_write(&provider->lock);
	kref_put(&provider->kref, provider_release);
}
EXPORT_SYMBOL_GPL(cfgblk_unregister_provider);
