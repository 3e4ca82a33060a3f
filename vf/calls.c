// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: read, write and echo, waiting for the PF
 */
#include <linux/cfgblk.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "transport.h"
#include "vf.h"

/* Calls, not submitted: one to be put, or an errno as a pointer */
static struct cfgblk_call *call_new(u8 op, u32 block, unsigned int len)
{
	struct cfgblk_call *call;

	if (!len)
		return ERR_PTR(-EINVAL);
	if (len > CFGBLK_BLOCK_MAX)
		return ERR_PTR(-EMSGSIZE);
	call = cfgblk_call_new(op, block);
	return call ?: ERR_PTR(-ENOMEM);
}

/**
 * cfgblk_vf_call_read - a read, not submitted
 * @block: block id
 * @len: bytes wanted, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep.
 * Return: the call, or -EINVAL, -EMSGSIZE, -ENOMEM as a pointer.
 */
struct cfgblk_call *cfgblk_vf_call_read(u32 block, unsigned int len)
{
	struct cfgblk_call *call = call_new(CFGBLK_OP_READ, block, len);

	if (!IS_ERR(call))
		call->wanted = len;
	return call;
}

static struct cfgblk_call *call_with_bytes(u8 op, u32 block, const void *buf,
					   unsigned int len)
{
	struct cfgblk_call *call = call_new(op, block, len);

	if (IS_ERR(call))
		return call;
	cfgblk_bytes_start(&call->bytes, len);
	memcpy(call->bytes.data, buf, len);
	return call;
}

/**
 * cfgblk_vf_call_write - a write, not submitted
 * @block: block id
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep.
 * Return: the call, or -EINVAL, -EMSGSIZE, -ENOMEM as a pointer.
 */
struct cfgblk_call *cfgblk_vf_call_write(u32 block, const void *buf,
					 unsigned int len)
{
	return call_with_bytes(CFGBLK_OP_WRITE, block, buf, len);
}

/* Submit and wait; the answer's bytes, if there are any, go to @buf */
static int call_and_wait(struct cfgblk_vf *vf, struct cfgblk_call *call,
			 void *buf)
{
	struct work_struct *work = current_work();
	int err = 0;

	if (IS_ERR(call))
		return PTR_ERR(call);
	/*
	 * Who is told of the end of a call keeps others from being told, and may
	 * wait for another VF's, who waits for this one.
	 */
	if (work && work->func == vf->calls->teller.func)
		err = -EDEADLK;
	if (!err)
		err = cfgblk_calls_submit(vf->calls, call);
	if (!err)
		err = cfgblk_calls_wait(vf->calls, call);
	if (!err && buf) {
		err = call->answer.len;
		memcpy(buf, call->answer.data, err);
	}
	cfgblk_call_put(call);
	return err;
}

/**
 * cfgblk_vf_read - read a block
 * @vf: the VF
 * @block: block id
 * @buf: receives the block's first bytes; nothing past them is touched
 * @len: bytes of @buf, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep; within two time limits of the link.
 * Return: number of bytes, or a negative errno as in struct cfgblk_block_io.
 */
int cfgblk_vf_read(struct cfgblk_vf *vf, u32 block, void *buf,
		   unsigned int len)
{
	return call_and_wait(vf, cfgblk_vf_call_read(block, len), buf);
}

/**
 * cfgblk_vf_write - write a block
 * @vf: the VF
 * @block: block id
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep; within two time limits of the link.
 * Return: 0 when the provider has all of it; otherwise a negative errno as in
 * struct cfgblk_block_io, and after -ETIMEDOUT, -ECONNRESET, -EPROTO and
 * -EINTR the provider has all of it or nothing.
 */
int cfgblk_vf_write(struct cfgblk_vf *vf, u32 block, const void *buf,
		    unsigned int len)
{
	return call_and_wait(vf, cfgblk_vf_call_write(block, buf, len), NULL);
}

/**
 * cfgblk_vf_echo - bytes to the PF's link and back
 * @vf: the VF
 * @buf: the bytes; what came back replaces them
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 *
 * Context: process, may sleep; within two time limits of the link.
 * Return: number of bytes that came back, or a negative errno; -EOPNOTSUPP if
 * the transport has no echo.
 */
int cfgblk_vf_echo(struct cfgblk_vf *vf, void *buf, unsigned int len)
{
	if (!vf->transport->echo)
		return -EOPNOTSUPP;
	return call_and_wait(vf, call_with_bytes(CFGBLK_OP_ECHO, 0, buf, len),
			     buf);
}

/**
 * cfgblk_read_cfg_blk - read a block of a VF
 * @dev: VF bound to cfgblk_vf
 * @buf: receives the block's first bytes
 * @buf_len: bytes of @buf, 1..CFGBLK_BLOCK_MAX
 * @block_id: block id
 * @bytes_returned: receives the number of bytes
 *
 * Context: process, may sleep; ends within a time limit and when killed.
 * Return: 0 or a negative errno as in struct cfgblk_block_io; -ENODEV if @dev
 * is not such a VF.
 */
int cfgblk_read_cfg_blk(struct pci_dev *dev, void *buf, unsigned int buf_len,
			unsigned int block_id, unsigned int *bytes_returned)
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);
	int n;

	if (!vf)
		return -ENODEV;
	n = cfgblk_vf_read(vf, block_id, buf, buf_len);
	cfgblk_vf_put(vf);
	if (n < 0)
		return n;
	*bytes_returned = n;
	return 0;
}
EXPORT_SYMBOL_GPL(cfgblk_read_cfg_blk);

/**
 * cfgblk_write_cfg_blk - write a block of a VF
 * @dev: VF bound to cfgblk_vf
 * @buf: the bytes
 * @len: how many, 1..CFGBLK_BLOCK_MAX
 * @block_id: block id
 *
 * Context: process, may sleep; ends within a time limit and when killed.
 * Return: 0 when the provider has all of it, or a negative errno as in struct
 * cfgblk_block_io; -ENODEV if @dev is not such a VF.
 */
int cfgblk_write_cfg_blk(struct pci_dev *dev, void *buf, unsigned int len,
			 unsigned int block_id)
{
	struct cfgblk_vf *vf = cfgblk_vf_get(dev);
	int err;

	if (!vf)
		return -ENODEV;
	err = cfgblk_vf_write(vf, block_id, buf, len);
	cfgblk_vf_put(vf);
	return err;
}
EXPORT_SYMBOL_GPL(cfgblk_write_cfg_blk);
