// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: who hears of invalidations
 *
 * Masks stay with the PF until somebody here wants them: a kernel listener, or
 * a watcher of the device node.  Both get every mask that comes while they are
 * there.
 */
#include <linux/cfgblk.h>
#include <linux/export.h>
#include <linux/pci.h>

#include "mask.h"
#include "node.h"
#include "transport.h"
#include "vf.h"

/* Under listener->lock, so that the last word is the true one */
static void listener_want(struct cfgblk_vf *vf)
{
	if (vf->transport->want)
		vf->transport->want(vf, vf->listener.fn ||
					vf->listener.watched);
}

/**
 * cfgblk_vf_watched - somebody began to watch the node, or nobody does now
 * @ctx: the VF
 * @watched: which of the two
 *
 * Context: any; does not sleep.
 */
void cfgblk_vf_watched(void *ctx, bool watched)
{
	struct cfgblk_vf *vf = ctx;
	unsigned long flags;

	spin_lock_irqsave(&vf->listener.lock, flags);
	vf->listener.watched = watched;
	listener_want(vf);
	spin_unlock_irqrestore(&vf->listener.lock, flags);
}

/**
 * cfgblk_vf_listener_mask - a mask came from the PF
 * @vf: the VF
 * @mask: block mask
 *
 * Context: any; does not sleep or allocate.
 */
void cfgblk_vf_listener_mask(struct cfgblk_vf *vf, u64 mask)
{
	bool listened, watched;
	unsigned long flags;

	if (!mask)
		return;
	spin_lock_irqsave(&vf->listener.lock, flags);
	listened = vf->listener.fn;
	watched = vf->listener.watched;
	/* Nobody is left who wanted it: kept for whoever comes next, of both */
	if (listened || !watched)
		cfgblk_mask_or(&vf->listener.pending, mask);
	if (listened)
		schedule_work(&vf->listener.work);
	spin_unlock_irqrestore(&vf->listener.lock, flags);
	if (watched || !listened)
		cfgblk_node_mask(vf->node, mask);
}

static void listener_work(struct work_struct *work)
{
	struct cfgblk_vf_listener *listener =
		container_of(work, struct cfgblk_vf_listener, work);
	void (*fn)(void *context, u64 block_mask);
	void *context;
	u64 mask = 0;

	spin_lock_irq(&listener->lock);
	fn = listener->fn;
	context = listener->context;
	if (fn)
		mask = cfgblk_mask_take(&listener->pending);
	spin_unlock_irq(&listener->lock);
	if (mask)
		fn(context, mask);
}

/**
 * cfgblk_vf_listener_init - nobody listens yet
 * @vf: the VF
 *
 * Context: any.
 */
void cfgblk_vf_listener_init(struct cfgblk_vf *vf)
{
	spin_lock_init(&vf->listener.lock);
	INIT_WORK(&vf->listener.work, listener_work);
}

/**
 * cfgblk_vf_listener_fini - no listener is called from the return on
 * @vf: the VF; its calls have ended, and so does a listener that waits for one
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_listener_fini(struct cfgblk_vf *vf)
{
	spin_lock_irq(&vf->listener.lock);
	vf->listener.gone = true;
	vf->listener.fn = NULL;
	spin_unlock_irq(&vf->listener.lock);
	cancel_work_sync(&vf->listener.work);
}

static int listener_set(struct cfgblk_vf *vf, void *context,
			void (*fn)(void *context, u64 block_mask))
{
	int err = 0;

	spin_lock_irq(&vf->listener.lock);
	if (vf->listener.gone) {
		err = -ENODEV;
	} else if (vf->listener.fn) {
		err = -EBUSY;
	} else {
		vf->listener.context = context;
		vf->listener.fn = fn;
		listener_want(vf);
		schedule_work(&vf->listener.work);
	}
	spin_unlock_irq(&vf->listener.lock);
	return err;
}

/**
 * cfgblk_reg_block_invalidate - listen for invalidations of a VF's blocks
 * @dev: VF bound to cfgblk_vf; when its driver goes, nobody listens any more
 * @context: handed to @block_invalidate
 * @block_invalidate: called with a block mask, from a work item: it may sleep
 *	and read blocks.  Masks that came while nobody listened, and nobody
 *	watched the device node, come first
 *
 * Context: process.
 * Return: 0; -EINVAL without @block_invalidate; -EBUSY if somebody listens
 * already; -ENODEV if @dev is not such a VF.
 */
int cfgblk_reg_block_invalidate(struct pci_dev *dev, void *context,
				void (*block_invalidate)(void *context,
							 u64 block_mask))
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);
	int err = -EINVAL;

	if (!vf)
		return -ENODEV;
	if (block_invalidate)
		err = listener_set(vf, context, block_invalidate);
	cfgblk_vf_put(vf);
	return err;
}
EXPORT_SYMBOL_GPL(cfgblk_reg_block_invalidate);

/*
 * Without @fn whoever listens.  The work may be the next listener's already, so
 * it is not cancelled; and it is waited for in any case, as somebody else may
 * have taken a listener off that still runs.
 */
static void listener_clear(struct cfgblk_vf *vf, void *context,
			   void (*fn)(void *context, u64 block_mask))
{
	spin_lock_irq(&vf->listener.lock);
	if (!fn || (vf->listener.fn == fn && vf->listener.context == context)) {
		vf->listener.fn = NULL;
		listener_want(vf);
	}
	spin_unlock_irq(&vf->listener.lock);
	flush_work(&vf->listener.work);
}

/**
 * cfgblk_unreg_own_block_invalidate - stop listening, if it is who listens
 * @dev: any PCI device
 * @context: as it was registered
 * @block_invalidate: as it was registered; not NULL
 *
 * The VF's driver may have gone and come again since, and somebody else may
 * listen by now: a listener with another function or another context stays.
 * Otherwise as cfgblk_unreg_block_invalidate(): ours is not called any more when
 * this returns.  If the other one is running, this waits for that as well.
 *
 * Context: process, may sleep; neither from a listener nor from a
 * cfgblk_done_t.
 */
void cfgblk_unreg_own_block_invalidate(struct pci_dev *dev, void *context,
				       void (*block_invalidate)(void *context,
								u64 block_mask))
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);

	if (!vf)
		return;
	if (block_invalidate)
		listener_clear(vf, context, block_invalidate);
	cfgblk_vf_put(vf);
}
EXPORT_SYMBOL_GPL(cfgblk_unreg_own_block_invalidate);

/**
 * cfgblk_unreg_block_invalidate - stop listening
 * @dev: VF bound to cfgblk_vf
 *
 * The listener is not called any more when this returns; it may be called
 * neither from the listener nor from a cfgblk_done_t.  What it was not told yet
 * is kept for the next one.
 *
 * Context: process, may sleep.
 */
void cfgblk_unreg_block_invalidate(struct pci_dev *dev)
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);

	if (!vf)
		return;
	listener_clear(vf, NULL, NULL);
	cfgblk_vf_put(vf);
}
EXPORT_SYMBOL_GPL(cfgblk_unreg_block_invalidate);
