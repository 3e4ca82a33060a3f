// SPDX-License-Identifier: GPL-2.0
/*
 * Processor time of the PF: how long its interrupt handler and its link work run
 *
 * Each function has a return probe.  A function that interrupts another one,
 * and a thread that takes the processor from it, are taken off its time; so is
 * what the probe itself costs, which an empty function tells.  The handler of
 * the VFs is there for that alone.
 *
 * The file "pf_time": writing begins anew, reading gives for each function its
 * name, calls, ns of its own, and how often the probe was missed.
 */
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "bench.h"

#define EMPTY_CALLS	1000
#define PAUSED_MAX	16

/* A call under way; @task only of what may be taken from the processor */
struct frame {
	struct frame *below;
	struct task_struct *task;
	u64 since;
	u64 own;
};

struct probe {
	struct kretprobe kretprobe;
	const char *name;
	bool thread;
	atomic64_t calls;
	atomic64_t ns;
};

static DEFINE_PER_CPU(struct frame *, top);

/* Those whose thread does not run; of all processors, as a worker may move */
static DEFINE_RAW_SPINLOCK(paused_lock);
static struct frame *paused[PAUSED_MAX];

static void frame_stop(struct frame *frame, u64 now)
{
	if (frame)
		frame->own += now - frame->since;
}

static void frame_go(struct frame *frame, u64 now)
{
	if (frame)
		frame->since = now;
}

static int probe_entry(struct kretprobe_instance *instance,
		       struct pt_regs *regs)
{
	struct kretprobe *kretprobe = get_kretprobe(instance);
	struct probe *probe = container_of(kretprobe, struct probe, kretprobe);
	struct frame *frame = (struct frame *)instance->data;
	unsigned long flags;
	u64 now;

	local_irq_save(flags);
	now = ktime_get_ns();
	frame->below = this_cpu_read(top);
	frame_stop(frame->below, now);
	frame->task = probe->thread ? current : NULL;
	frame->own = 0;
	this_cpu_write(top, frame);
	frame_go(frame, ktime_get_ns());
	local_irq_restore(flags);
	return 0;
}

NOKPROBE_SYMBOL(probe_entry);

static int probe_return(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	struct kretprobe *kretprobe = get_kretprobe(instance);
	struct probe *probe = container_of(kretprobe, struct probe, kretprobe);
	struct frame *frame = (struct frame *)instance->data;
	unsigned long flags;

	local_irq_save(flags);
	frame_stop(frame, ktime_get_ns());
	this_cpu_write(top, frame->below);
	frame_go(frame->below, ktime_get_ns());
	local_irq_restore(flags);
	atomic64_inc(&probe->calls);
	atomic64_add(frame->own, &probe->ns);
	return 0;
}

NOKPROBE_SYMBOL(probe_return);

static struct frame **paused_find(struct task_struct *task)
{
	unsigned int i;

	for (i = 0; i < PAUSED_MAX; i++)
		if (task ? paused[i] && paused[i]->task == task : !paused[i])
			return &paused[i];
	return NULL;
}

static void frame_pause(struct frame *frame, struct task_struct *task)
{
	struct frame **place;

	if (!frame || frame->task != task)
		return;
	place = paused_find(NULL);
	if (WARN_ON_ONCE(!place))
		return;
	frame_stop(frame, ktime_get_ns());
	*place = frame;
	this_cpu_write(top, frame->below);
}

static void frame_resume(struct task_struct *task)
{
	struct frame **place = paused_find(task);
	struct frame *frame = place ? *place : NULL;

	if (!frame)
		return;
	frame->below = this_cpu_read(top);
	this_cpu_write(top, frame);
	frame_go(frame, ktime_get_ns());
	*place = NULL;
}

/* Interrupts are off, so nothing of an interrupt is on top */
static void on_switch(void *data, bool preempt, struct task_struct *prev,
		      struct task_struct *next, unsigned int prev_state)
{
	raw_spin_lock(&paused_lock);
	frame_pause(this_cpu_read(top), prev);
	frame_resume(next);
	raw_spin_unlock(&paused_lock);
}

static noinline void empty(void)
{
	barrier();
}

#define PROBE(what, symbol, in_thread) { \
	.name = (what), .thread = (in_thread), \
	.kretprobe = { \
		.kp.symbol_name = (symbol), .maxactive = 32, \
		.entry_handler = probe_entry, .handler = probe_return, \
		.data_size = sizeof(struct frame), \
	}, \
}

static struct probe probes[] = {
	PROBE("pf_interrupt", "cfgblk_pf:hw_interrupt", false),
	PROBE("pf_work", "cfgblk:pf_link_work", true),
	PROBE("vf_interrupt", "cfgblk_vf:hw_interrupt", false),
	PROBE("empty", "cfgblk_bench:empty", false),
};

static struct tracepoint *switch_tracepoint;
static bool probing;

static void find_switch(struct tracepoint *tracepoint, void *data)
{
	if (!strcmp(tracepoint->name, "sched_switch"))
		switch_tracepoint = tracepoint;
}

static void probes_remove(unsigned int n)
{
	while (n--)
		unregister_kretprobe(&probes[n].kretprobe);
}

static int probes_add(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = register_kretprobe(&probes[i].kretprobe);
		if (err) {
			pr_err("cfgblk_bench: there is no function %s\n",
			       probes[i].kretprobe.kp.symbol_name);
			probes_remove(i);
			return err;
		}
	}
	return 0;
}

/* Once, when the drivers are there */
static int probes_start(void)
{
	int err;

	for_each_kernel_tracepoint(find_switch, NULL);
	if (!switch_tracepoint)
		return -ENOENT;
	err = tracepoint_probe_register(switch_tracepoint, on_switch, NULL);
	if (err)
		return err;
	err = probes_add();
	if (err) {
		tracepoint_probe_unregister(switch_tracepoint, on_switch, NULL);
		tracepoint_synchronize_unregister();
	}
	probing = !err;
	return err;
}

static void time_reset(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		atomic64_set(&probes[i].calls, 0);
		atomic64_set(&probes[i].ns, 0);
		probes[i].kretprobe.nmissed = 0;
		probes[i].kretprobe.kp.nmissed = 0;
	}
	for (i = 0; i < EMPTY_CALLS; i++)
		empty();
}

static ssize_t time_write(struct file *file, const char __user *from,
			  size_t len, loff_t *pos)
{
	int err = probing ? 0 : probes_start();

	if (err)
		return err;
	time_reset();
	return len;
}

static int time_show(struct seq_file *to, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		seq_printf(to, "%s %lld %lld %lu\n", probes[i].name,
			   atomic64_read(&probes[i].calls),
			   atomic64_read(&probes[i].ns),
			   probes[i].kretprobe.nmissed +
			   probes[i].kretprobe.kp.nmissed);
	return 0;
}

static int time_open(struct inode *inode, struct file *file)
{
	return single_open(file, time_show, NULL);
}

static const struct file_operations time_fops = {
	.owner = THIS_MODULE,
	.open = time_open,
	.release = single_release,
	.read = seq_read,
	.write = time_write,
};

/**
 * bench_pf_time_init - make the file "pf_time"
 * @dir: where
 *
 * Context: process, may sleep.
 */
void bench_pf_time_init(struct dentry *dir)
{
	debugfs_create_file("pf_time", 0600, dir, NULL, &time_fops);
}

/**
 * bench_pf_time_fini - take the probes away
 *
 * Context: process, may sleep.
 */
void bench_pf_time_fini(void)
{
	if (!probing)
		return;
	probes_remove(ARRAY_SIZE(probes));
	tracepoint_probe_unregister(switch_tracepoint, on_switch, NULL);
	tracepoint_synchronize_unregister();
}
