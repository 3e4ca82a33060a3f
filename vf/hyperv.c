// SPDX-License-Identifier: GPL-2.0
/*
 * VF driver: calls through Hyper-V's bus driver
 *
 * The device is left alone: no BAR, no interrupt, no bus mastering.  All steps
 * are taken in one work item; a thread asks the host (host.c), one call at a
 * time.  A host that does not answer costs its caller the time limit, and who
 * calls meanwhile another one.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/xarray.h>

#include "compat.h"
#include "debugfs.h"
#include "host.h"
#include "hyperv.h"
#include "transport.h"
#include "vf.h"

/*
 * The bus driver may call with what we gave it at any time, also after it was
 * told not to.  So it gets a number, and never the same one soon again.
 */
static DEFINE_XARRAY_ALLOC1(hyperv_vfs);
static u32 hyperv_next_id;

/**
 * cfgblk_vf_on_hyperv - does the bus driver carry the calls of a device?
 * @pdev: any PCI device
 *
 * The bus driver takes the device of each call for one of its own, and would
 * write to memory that is not: so this has to be right.  VFs of a PF that the
 * guest was given are not known to it.
 *
 * Context: process.
 * Return: true if the device came over Hyper-V's bus, with or without a map.
 */
bool cfgblk_vf_on_hyperv(struct pci_dev *pdev)
{
	const struct device *parent;

	if (pdev->is_virtfn)
		return false;
	parent = pci_find_host_bridge(pdev->bus)->dev.parent;
	return parent && parent->bus && !strcmp(parent->bus->name, "vmbus");
}

/* In any context, at any time */
static void hyperv_invalidate(void *context, u64 mask)
{
	struct cfgblk_vf *vf;

	rcu_read_lock();
	vf = xa_load(&hyperv_vfs, (unsigned long)context);
	if (vf) {
		atomic64_inc(&vf->hyperv.heard);
		cfgblk_journal_mask(&vf->hyperv.journal, mask);
		cfgblk_vf_listener_mask(vf, mask);
	}
	rcu_read_unlock();
}

static int hyperv_listen(struct cfgblk_vf *vf)
{
	struct cfgblk_hyperv *hv = &vf->hyperv;
	int err = xa_alloc_cyclic(&hyperv_vfs, &hv->id, vf, xa_limit_31b,
				  &hyperv_next_id, GFP_KERNEL);

	if (err < 0)
		return err;
	err = cfgblk_host_listen(hv->host, (void *)(unsigned long)hv->id,
				 hyperv_invalidate);
	if (!err)
		return 0;
	xa_erase(&hyperv_vfs, hv->id);
	return err > 0 ? -EIO : err;
}

/* The bus driver calls from a softirq at the most, and that has ended then */
static void hyperv_unlisten(struct cfgblk_vf *vf)
{
	xa_erase(&hyperv_vfs, vf->hyperv.id);
	cfgblk_host_listen(vf->hyperv.host, NULL, NULL);
	synchronize_rcu();
}

static void hyperv_end(struct cfgblk_hyperv *hv, int err)
{
	struct cfgblk_call *call = hv->call;

	hv->call = NULL;
	cfgblk_journal_end(&hv->journal, err);
	if (call)
		cfgblk_calls_end(&hv->calls, call, err);
}

/* The answer to our call, or one that nobody wants any more */
static void hyperv_take(struct cfgblk_hyperv *hv)
{
	int err = cfgblk_host_take(hv->host, hv->call);

	WRITE_ONCE(hv->hung, false);
	if (!hv->call) {
		hv->counters.late++;
		return;
	}
	if (err) {
		hv->counters.answers_failed++;
	} else {
		hv->counters.answers_ok++;
		hv->counters.bytes_in += hv->call->answer.len;
		if (hv->call->op == CFGBLK_OP_READ)
			cfgblk_journal_len(&hv->journal, hv->call->answer.len);
	}
	hyperv_end(hv, err);
}

static void hyperv_expire(struct cfgblk_vf *vf)
{
	struct cfgblk_hyperv *hv = &vf->hyperv;

	if (!hv->call || time_before(jiffies, hv->deadline))
		return;
	hv->counters.timeouts++;
	WRITE_ONCE(hv->hung, true);
	if (__ratelimit(&vf->log))
		pci_warn(vf->pdev, "the host has not answered within %u ms; calls wait until it does, and time out\n",
			 jiffies_to_msecs(hv->calls.limit));
	hyperv_end(hv, -ETIMEDOUT);
}

static void hyperv_begin(struct cfgblk_hyperv *hv, struct cfgblk_call *call)
{
	u8 len = call->op == CFGBLK_OP_READ ? call->wanted : call->bytes.len;
	int err;

	cfgblk_journal_begin(&hv->journal, call->op, 0, call->block, len);
	err = cfgblk_host_ask(hv->host, call);
	if (err) {
		cfgblk_journal_end(&hv->journal, err);
		cfgblk_calls_end(&hv->calls, call, err);
		return;
	}
	hv->call = call;
	hv->deadline = jiffies + hv->calls.limit;
	hv->counters.requests++;
	hv->counters.bytes_out += call->bytes.len;
}

static void hyperv_next(struct cfgblk_hyperv *hv)
{
	struct cfgblk_call *call;

	while (cfgblk_host_idle(hv->host)) {
		call = cfgblk_calls_pop(&hv->calls, &hv->counters.timeouts);
		if (!call)
			break;
		hyperv_begin(hv, call);
	}
}

/* Without a call under way only those that wait for their turn can be late */
static void hyperv_arm(struct cfgblk_hyperv *hv)
{
	cfgblk_calls_arm(&hv->calls, &hv->timer,
			 hv->call ? hv->deadline : jiffies + MAX_JIFFY_OFFSET);
}

static void hyperv_work(struct work_struct *work)
{
	struct cfgblk_vf *vf = container_of(work, struct cfgblk_vf,
					    hyperv.work);
	struct cfgblk_hyperv *hv = &vf->hyperv;

	if (cfgblk_calls_stopped(&hv->calls))
		return;
	if (cfgblk_host_answered(hv->host))
		hyperv_take(hv);
	hyperv_expire(vf);
	hyperv_next(hv);
	cfgblk_calls_end_late(&hv->calls, &hv->counters.timeouts);
	hyperv_arm(hv);
}

static void hyperv_timer(struct timer_list *timer)
{
	struct cfgblk_hyperv *hv = timer_container_of(hv, timer, timer);

	cfgblk_calls_kick(&hv->calls);
}

static int hyperv_open(struct cfgblk_vf *vf)
{
	struct cfgblk_hyperv *hv = &vf->hyperv;

	cfgblk_calls_init(&hv->calls, &hv->work, cfgblk_vf_limit_ms());
	INIT_WORK(&hv->work, hyperv_work);
	timer_setup(&hv->timer, hyperv_timer, 0);
	cfgblk_journal_init(&hv->journal, pci_name(vf->pdev), false,
			    CFGBLK_VF_ALL);
	hv->host = cfgblk_host_new(vf->pdev, &hv->calls);
	if (IS_ERR(hv->host))
		return PTR_ERR(hv->host);
	vf->calls = &hv->calls;
	return 0;
}

/* Without waiting for the host */
static void hyperv_close(struct cfgblk_vf *vf)
{
	cfgblk_host_leave(vf->hyperv.host);
	cancel_work_sync(&vf->hyperv.work);
}

static int hyperv_start(struct cfgblk_vf *vf)
{
	int err = hyperv_listen(vf);

	if (!err)
		cfgblk_calls_start(&vf->hyperv.calls);
	return err;
}

static void hyperv_stop(struct cfgblk_hyperv *hv, int err)
{
	cfgblk_calls_stop(&hv->calls, err);
	timer_delete_sync(&hv->timer);
	cancel_work_sync(&hv->work);
	hv->counters.resets++;
	/* The host still is asked for it */
	if (hv->call)
		WRITE_ONCE(hv->hung, true);
	hyperv_end(hv, err);
	cfgblk_calls_end_all(&hv->calls, err);
	cfgblk_calls_drain(&hv->calls);
}

static void hyperv_quiesce(struct cfgblk_vf *vf)
{
	hyperv_unlisten(vf);
	hyperv_stop(&vf->hyperv, -ENODEV);
}

/* What was queued by a call that came too late, or by the host's answer */
static void hyperv_release(struct cfgblk_vf *vf)
{
	cancel_work_sync(&vf->hyperv.work);
}

static void hyperv_pause(struct cfgblk_vf *vf)
{
	hyperv_stop(&vf->hyperv, -ECONNRESET);
}

/* What was invalidated meanwhile nobody knows: everything, then */
static void hyperv_resume(struct cfgblk_vf *vf)
{
	cfgblk_calls_start(&vf->hyperv.calls);
	cfgblk_calls_kick(&vf->hyperv.calls);
	cfgblk_vf_listener_mask(vf, U64_MAX);
}

static void hyperv_info(struct cfgblk_vf *vf, struct cfgblk_info *info)
{
	info->transport = CFGBLK_TRANSPORT_HYPERV;
	/* Nobody has run this on a real Hyper-V yet */
	info->capabilities |= CFGBLK_CAP_UNTRIED;
}

static void hyperv_link(struct cfgblk_vf *vf, struct cfgblk_link_info *info)
{
	bool down = READ_ONCE(vf->hyperv.hung) ||
		    cfgblk_calls_stopped(&vf->hyperv.calls);

	info->state = down ? CFGBLK_LINK_DOWN : CFGBLK_LINK_UP;
	info->vf = CFGBLK_VF_ALL;
}

static void hyperv_stats(struct cfgblk_vf *vf, struct cfgblk_stats *stats)
{
	cfgblk_counters_show(&vf->hyperv.counters, stats);
	stats->notices = atomic64_read(&vf->hyperv.heard);
	stats->masks = stats->notices;
}

static void hyperv_show(struct cfgblk_vf *vf, struct seq_file *seq)
{
	struct cfgblk_hyperv *hv = &vf->hyperv;

	seq_printf(seq, "host       %s\n",
		   READ_ONCE(hv->hung) ? "does not answer" : "answers");
	seq_printf(seq, "waiting    %u calls\n", READ_ONCE(hv->calls.waiting));
	cfgblk_journal_show(seq, &hv->journal);
}

const struct cfgblk_vf_transport cfgblk_vf_hyperv = {
	.open = hyperv_open,
	.close = hyperv_close,
	.start = hyperv_start,
	.quiesce = hyperv_quiesce,
	.release = hyperv_release,
	.pause = hyperv_pause,
	.resume = hyperv_resume,
	.info = hyperv_info,
	.link = hyperv_link,
	.stats = hyperv_stats,
	.show = hyperv_show,
};
