// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: read and write, while nobody waits
 *
 * A call is one allocation, made before anything is sent: its end needs none.
 */
#include <linux/cfgblk.h>
#include <linux/completion.h>
#include <linux/err.h>
#include <linux/export.h>

#include "vf.h"

/* Submit and leave the VF; the caller's reference goes with an error */
static struct cfgblk_call *async_submit(struct cfgblk_vf *vf,
					struct cfgblk_call *call,
					cfgblk_done_t done, void *context)
{
	int err = done ? 0 : -EINVAL;

	if (IS_ERR(call))
		goto out;
	call->done = done;
	call->context = context;
	if (!err)
		err = cfgblk_calls_submit(vf->calls, call);
	if (err) {
		cfgblk_call_put(call);
		call = ERR_PTR(err);
	}
out:
	cfgblk_vf_put(vf);
	return call;
}

/**
 * cfgblk_read_async - read a block of a VF and do not wait
 * @dev: VF bound to cfgblk_vf
 * @buf: receives the block's first bytes before @done is called
 * @buf_len: bytes of @buf, 1..CFGBLK_BLOCK_MAX
 * @block_id: block id
 * @done: called once when it has ended, within two time limits of the link;
 *	maybe before this function returns
 * @context: handed to @done
 *
 * Context: process, may sleep for memory.
 * Return: the call, to be put with cfgblk_call_put() at any time; or an errno
 * as a pointer, and @done is not called: -EINVAL; -EMSGSIZE; -ENOMEM; -EAGAIN
 * if as many calls wait as may; -ENODEV; -ECONNRESET while the VF is reset or
 * sleeps.
 */
struct cfgblk_call *cfgblk_read_async(struct pci_dev *dev, void *buf,
				      unsigned int buf_len,
				      unsigned int block_id,
				      cfgblk_done_t done, void *context)
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);
	struct cfgblk_call *call;

	if (!vf)
		return ERR_PTR(-ENODEV);
	call = cfgblk_vf_call_read(block_id, buf_len);
	if (!IS_ERR(call))
		call->buf = buf;
	return async_submit(vf, call, done, context);
}
EXPORT_SYMBOL_GPL(cfgblk_read_async);

/**
 * cfgblk_write_async - write a block of a VF and do not wait
 * @dev: VF bound to cfgblk_vf
 * @buf: the bytes; copied before this function returns
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 * @block_id: block id
 * @done: called once when it has ended, within two time limits of the link;
 *	maybe before this function returns
 * @context: handed to @done
 *
 * Context: process, may sleep for memory.
 * Return: as cfgblk_read_async().
 */
struct cfgblk_call *cfgblk_write_async(struct pci_dev *dev, const void *buf,
				       unsigned int len, unsigned int block_id,
				       cfgblk_done_t done, void *context)
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);

	if (!vf)
		return ERR_PTR(-ENODEV);
	return async_submit(vf, cfgblk_vf_call_write(block_id, buf, len), done,
			    context);
}
EXPORT_SYMBOL_GPL(cfgblk_write_async);

/**
 * cfgblk_cancel - give up a call
 * @dev: the VF that it was made on
 * @call: the call, not put yet
 *
 * A write that has begun may still reach the provider, whole or not at all.
 *
 * Context: process, may sleep; not from the call's own cfgblk_done_t, nor under
 * a lock that it takes.
 * Return: true if it is given up: its buffer is the caller's, and its
 * cfgblk_done_t is never called.  False if that was called, and has returned, or
 * if the call was given up before.
 */
bool cfgblk_cancel(struct pci_dev *dev, struct cfgblk_call *call)
{
	struct cfgblk_vf *vf;

	if (!cfgblk_call_disown(call)) {
		wait_for_completion(&call->ended);
		return false;
	}
	/* Without the driver there is no queue that it could be in */
	vf = cfgblk_vf_get(dev);
	if (vf) {
		cfgblk_calls_cancel(vf->calls, call);
		cfgblk_vf_put(vf);
	}
	return true;
}
EXPORT_SYMBOL_GPL(cfgblk_cancel);
