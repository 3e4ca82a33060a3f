// SPDX-License-Identifier: GPL-2.0
/*
 * PF driver: serves what comes over a VF's link, from the VF's block store.  If
 * there is a provider it is asked first, where it may sleep.
 *
 * Which VF asks is told by the link, and so by the mailbox that it came
 * through.  Everything here may be caused by a VF as often as it likes, so
 * what it says in the log is limited, for each VF by itself.
 */
#include <linux/pci.h>
#include <uapi/linux/cfgblk.h>

#include "node.h"
#include "pf.h"

/**
 * cfgblk_pf_published - what a VF that knows nothing has to read
 * @vf: the VF
 *
 * Context: process, may sleep.
 * Return: block mask.
 */
u64 cfgblk_pf_published(struct cfgblk_pf_vf *vf)
{
	return cfgblk_store_published(&vf->store) |
	       cfgblk_pf_provider_published(vf);
}

static int server_read(void *ctx, u32 block, void *buf, unsigned int len)
{
	struct cfgblk_pf_vf *vf = ctx;

	return cfgblk_store_read(&vf->store, block, buf, len);
}

static int server_write(void *ctx, u32 block, const void *buf,
			unsigned int len)
{
	struct cfgblk_pf_vf *vf = ctx;
	const struct cfgblk_event event = {
		.type = CFGBLK_EVENT_WROTE,
		.vf = vf->link.vf,
		.block = block,
		.len = len,
	};
	int err = cfgblk_store_write(&vf->store, block, buf, len);

	if (!err)
		cfgblk_node_event(vf->pf->node, &event);
	return err;
}

static void server_log_came(struct cfgblk_pf_vf *vf,
			    const struct cfgblk_hello *hello, u8 version)
{
	struct pci_dev *pdev = vf->pf->pdev;

	if (!__ratelimit(&vf->log))
		return;
	if (version)
		pci_info(pdev, "VF %u: attached, protocol version %u\n",
			 vf->link.vf, version);
	else
		pci_warn(pdev, "VF %u: refused: its driver speaks protocol versions %u to %u, this one %u to %u; update the older one\n",
			 vf->link.vf, hello->min, hello->max,
			 CFGBLK_VERSION_MIN, CFGBLK_VERSION_MAX);
}

static void server_came(void *ctx, const struct cfgblk_hello *hello,
			u8 version)
{
	struct cfgblk_pf_vf *vf = ctx;

	if (version)
		vf->desk.here = true;
	server_log_came(vf, hello, version);
}

static void server_went(void *ctx)
{
	struct cfgblk_pf_vf *vf = ctx;

	vf->desk.here = false;
	cfgblk_store_erase_vf(&vf->store);
}

static u64 server_published(void *ctx)
{
	struct cfgblk_pf_vf *vf = ctx;

	return cfgblk_store_published(&vf->store);
}

static void server_limited(void *ctx, bool limited)
{
	struct cfgblk_pf_vf *vf = ctx;
	const struct cfgblk_rate *rate = &vf->link.rate;

	cfgblk_pf_mute(vf->pf, vf->link.vf, limited);
	if (limited && __ratelimit(&vf->flood))
		pci_warn(vf->pf->pdev, "VF %u: sends more than its %u messages a second and is made to wait; 'cfgblk limit' changes that\n",
			 vf->link.vf, READ_ONCE(rate->per_second));
}

/* The provider first, and the store for what is not the provider's */
static int patient_read(void *ctx, u32 block, void *buf, unsigned int len)
{
	int n = cfgblk_pf_provider_read(ctx, block, buf, len);

	return n == -ENOENT ? server_read(ctx, block, buf, len) : n;
}

static int patient_write(void *ctx, u32 block, const void *buf,
			 unsigned int len)
{
	int err = cfgblk_pf_provider_write(ctx, block, buf, len);

	return err == -ENOENT ? server_write(ctx, block, buf, len) : err;
}

static void patient_came(void *ctx, const struct cfgblk_hello *hello,
			 u8 version)
{
	if (version)
		cfgblk_pf_provider_came(ctx);
	server_log_came(ctx, hello, version);
}

static void patient_went(void *ctx)
{
	struct cfgblk_pf_vf *vf = ctx;

	cfgblk_pf_provider_went(vf);
	cfgblk_store_erase_vf(&vf->store);
}

static u64 patient_published(void *ctx)
{
	return cfgblk_pf_published(ctx);
}

/**
 * cfgblk_pf_storm - the VF rang on and on before anybody could look
 * @vf: the VF
 *
 * Context: process.
 */
void cfgblk_pf_storm(struct cfgblk_pf_vf *vf)
{
	atomic64_inc(&vf->storms);
	if (__ratelimit(&vf->flood))
		pci_warn(vf->pf->pdev, "VF %u: rings more often than anybody could look and is made to wait; its driver is broken, or hostile\n",
			 vf->link.vf);
}

static const struct cfgblk_pf_link_ops patient_ops = {
	.read = patient_read,
	.write = patient_write,
	.came = patient_came,
	.went = patient_went,
	.published = patient_published,
	.limited = server_limited,
};

const struct cfgblk_pf_link_ops cfgblk_pf_server_ops = {
	.read = server_read,
	.write = server_write,
	.came = server_came,
	.went = server_went,
	.published = server_published,
	.limited = server_limited,
	.patient = &patient_ops,
};
