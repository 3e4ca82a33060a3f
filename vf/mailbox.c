// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: calls over the device's mailbox
 */
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/string.h>

#include "debugfs.h"
#include "maps.h"
#include "transport.h"
#include "vf.h"

static void mailbox_come(void *ctx)
{
	cfgblk_vf_wide_test(ctx);
}

static void mailbox_mask(void *ctx, u64 mask)
{
	cfgblk_vf_listener_mask(ctx, mask);
}

static void mailbox_up(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct cfgblk_vf *vf = ctx;

	if (__ratelimit(&vf->log))
		pci_info(vf->pdev, "attached as VF %u, protocol version %u\n",
			 welcome->vf, welcome->version);
}

static void mailbox_refused(void *ctx, const struct cfgblk_welcome *welcome)
{
	struct cfgblk_vf *vf = ctx;

	if (__ratelimit(&vf->log))
		pci_err(vf->pdev, "refused by the PF: it speaks protocol versions %u to %u, this driver %u to %u; update the older one\n",
			welcome->min, welcome->max, CFGBLK_VERSION_MIN,
			CFGBLK_VERSION_MAX);
}

static const struct cfgblk_vf_link_ops mailbox_link_ops = {
	.come = mailbox_come,
	.mask = mailbox_mask,
	.up = mailbox_up,
	.refused = mailbox_refused,
};

static void mailbox_init(struct cfgblk_vf *vf)
{
	const struct cfgblk_mbx mbx = {
		.ops = &cfgblk_mmio_vf_ops,
		.ctx = &vf->mmio,
		.name = pci_name(vf->pdev),
	};

	cfgblk_mmio_init_vf(&vf->mmio, vf->bar, vf->map);
	cfgblk_vf_wide_init(vf);
	cfgblk_vf_link_init(&vf->link, &mbx, &mailbox_link_ops, vf,
			    cfgblk_vf_limit_ms());
	vf->calls = &vf->link.calls;
}

static int mailbox_map(struct cfgblk_vf *vf)
{
	int err = pci_request_mem_regions(vf->pdev, KBUILD_MODNAME);

	if (err)
		return err;
	vf->bar = pci_ioremap_bar(vf->pdev, 0);
	if (vf->bar)
		return 0;
	pci_release_mem_regions(vf->pdev);
	return -ENOMEM;
}

static int mailbox_open(struct cfgblk_vf *vf)
{
	int err = pci_enable_device_mem(vf->pdev);

	if (err)
		return err;
	err = mailbox_map(vf);
	if (err) {
		pci_disable_device(vf->pdev);
		return err;
	}
	mailbox_init(vf);
	return 0;
}

static void mailbox_close(struct cfgblk_vf *vf)
{
	iounmap(vf->bar);
	pci_release_mem_regions(vf->pdev);
	pci_disable_device(vf->pdev);
}

static int mailbox_start(struct cfgblk_vf *vf)
{
	int err;

	pci_set_master(vf->pdev);
	err = cfgblk_vf_irq_request(vf);
	if (err) {
		pci_clear_master(vf->pdev);
		return err;
	}
	cfgblk_vf_link_start(&vf->link);
	return 0;
}

static void mailbox_quiesce(struct cfgblk_vf *vf)
{
	cfgblk_vf_irq_disable(vf);
	cfgblk_vf_link_stop(&vf->link, -ENODEV);
	cfgblk_vf_hw_down(vf);
}

/* After the interrupt is gone nothing queues work any more */
static void mailbox_release(struct cfgblk_vf *vf)
{
	cfgblk_vf_irq_free(vf);
	cfgblk_vf_link_fini(&vf->link);
	pci_clear_master(vf->pdev);
}

static void mailbox_pause(struct cfgblk_vf *vf)
{
	cfgblk_vf_irq_disable(vf);
	cfgblk_vf_link_stop(&vf->link, -ECONNRESET);
}

static void mailbox_resume(struct cfgblk_vf *vf)
{
	cfgblk_vf_irq_enable(vf);
	cfgblk_vf_link_start(&vf->link);
}

static void mailbox_want(struct cfgblk_vf *vf, bool wanted)
{
	cfgblk_vf_link_want(&vf->link, wanted);
}

static void mailbox_info(struct cfgblk_vf *vf, struct cfgblk_info *info)
{
	info->transport = CFGBLK_TRANSPORT_MAILBOX;
	info->version_min = CFGBLK_VERSION_MIN;
	info->version_max = CFGBLK_VERSION_MAX;
	if (!vf->map->tried)
		info->capabilities |= CFGBLK_CAP_UNTRIED;
	info->capabilities |= cfgblk_mmio_capabilities(&vf->mmio);
	strscpy(info->map, vf->map->name, sizeof(info->map));
}

static u32 mailbox_state(const struct cfgblk_vf *vf)
{
	enum cfgblk_vf_state state = READ_ONCE(vf->link.state);

	if (cfgblk_vf_state_is_up(state))
		return CFGBLK_LINK_UP;
	return state == CFGBLK_VF_REFUSED ? CFGBLK_LINK_REFUSED :
					    CFGBLK_LINK_DOWN;
}

static void mailbox_link(struct cfgblk_vf *vf, struct cfgblk_link_info *info)
{
	const struct cfgblk_welcome *welcome = &vf->link.welcome;

	info->state = mailbox_state(vf);
	info->peer_min = READ_ONCE(welcome->min);
	info->peer_max = READ_ONCE(welcome->max);
	info->vf = info->peer_max ? READ_ONCE(welcome->vf) : CFGBLK_VF_ALL;
	if (info->state == CFGBLK_LINK_UP) {
		info->version = READ_ONCE(welcome->version);
		info->features = READ_ONCE(welcome->features);
		info->epoch = READ_ONCE(welcome->epoch);
	}
}

static void mailbox_stats(struct cfgblk_vf *vf, struct cfgblk_stats *stats)
{
	stats->interrupts = atomic64_read(&vf->interrupts);
	cfgblk_counters_show(&vf->link.counters, stats);
}

static void mailbox_show(struct cfgblk_vf *vf, struct seq_file *seq)
{
	cfgblk_vf_link_show(seq, &vf->link);
}

const struct cfgblk_vf_transport cfgblk_vf_mailbox = {
	.echo = true,
	.open = mailbox_open,
	.close = mailbox_close,
	.start = mailbox_start,
	.quiesce = mailbox_quiesce,
	.release = mailbox_release,
	.pause = mailbox_pause,
	.resume = mailbox_resume,
	.want = mailbox_want,
	.info = mailbox_info,
	.link = mailbox_link,
	.stats = mailbox_stats,
	.show = mailbox_show,
};
