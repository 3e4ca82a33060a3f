// SPDX-License-Identifier: GPL-2.0
/*
 * A run: one thread for each VF makes exchanges, all on one processor, until
 * the first of them has made its number.  So all VFs are busy all the time.
 * They begin together when each has made one exchange that is not counted.
 *
 * One line written to the file "run" makes one, and the same open file then
 * gives one line: exchanges that all VFs made, ns that this took, and the ns of
 * each exchange.
 *
 *   KIND BYTES COUNT GAP_US CPU VF...
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/rtnetlink.h>
#include <linux/sched/task.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "bench.h"

#define VFS_MAX		8
#define COUNT_MAX	100000
#define LINE_MAX_LEN	512

/* Characters of one time in the answer, with the space */
#define TIME_CHARS	12

struct run;

struct caller {
	struct run *run;
	struct pci_dev *vf;
	struct task_struct *task;
	unsigned int done;
	u32 *times;
};

struct run {
	struct bench_what what;
	unsigned int count;
	unsigned int gap_us;
	unsigned int cpu;
	unsigned int vfs;
	struct caller callers[VFS_MAX];
	atomic_t unready;
	struct completion ready;
	struct completion go;
	atomic_t running;
	struct completion ended;
	bool stop;
	int err;
	ktime_t began;
	u64 took;
};

/* What an open file has to say */
struct answer {
	char *text;
	size_t len;
	loff_t pos;
};

static int caller_once(struct caller *caller)
{
	const struct bench_what *what = &caller->run->what;
	ktime_t start = ktime_get();
	int err = what->once(caller->vf, what);

	caller->times[caller->done] = ktime_to_ns(ktime_sub(ktime_get(), start));
	return err;
}

static void caller_warm_up(struct caller *caller)
{
	struct run *run = caller->run;
	int err = caller_once(caller);

	if (err)
		WRITE_ONCE(run->err, err);
	if (atomic_dec_and_test(&run->unready))
		complete(&run->ready);
	wait_for_completion(&run->go);
}

static void caller_loop(struct caller *caller)
{
	struct run *run = caller->run;
	int err;

	while (!READ_ONCE(run->stop)) {
		if (run->gap_us)
			usleep_range(run->gap_us, run->gap_us + 1);
		err = caller_once(caller);
		if (err) {
			WRITE_ONCE(run->err, err);
			break;
		}
		if (++caller->done == run->count)
			break;
	}
}

/* The first who has made its number ends the run; the last one out says so */
static int caller_thread(void *data)
{
	struct caller *caller = data;
	struct run *run = caller->run;

	if (run->what.rtnl)
		rtnl_lock();
	caller_warm_up(caller);
	caller_loop(caller);
	if (run->what.rtnl)
		rtnl_unlock();
	if (!xchg(&run->stop, true))
		run->took = ktime_to_ns(ktime_sub(ktime_get(), run->began));
	if (atomic_dec_and_test(&run->running))
		complete(&run->ended);
	return 0;
}

static int caller_create(struct run *run, struct caller *caller)
{
	struct task_struct *task;

	caller->run = run;
	caller->times = kvcalloc(run->count, sizeof(*caller->times), GFP_KERNEL);
	if (!caller->times)
		return -ENOMEM;
	task = kthread_create(caller_thread, caller, "cfgblk_bench");
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, run->cpu);
	caller->task = get_task_struct(task);
	return 0;
}

static int run_all(struct run *run)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < run->vfs && !err; i++)
		err = caller_create(run, &run->callers[i]);
	if (err)
		return err;
	for (i = 0; i < run->vfs; i++)
		wake_up_process(run->callers[i].task);
	wait_for_completion(&run->ready);
	run->stop = run->err;
	run->began = ktime_get();
	complete_all(&run->go);
	wait_for_completion(&run->ended);
	return run->err;
}

/*
 * No thread is in the module's code any more when this returns; one that was
 * not woken never was
 */
static void run_free(struct run *run)
{
	unsigned int i;

	for (i = 0; i < run->vfs; i++) {
		struct caller *caller = &run->callers[i];

		if (caller->task) {
			kthread_stop(caller->task);
			put_task_struct(caller->task);
		}
		kvfree(caller->times);
		pci_dev_put(caller->vf);
	}
}

static int run_parse_vf(struct run *run, const char *name)
{
	unsigned int domain, bus, slot, fn;
	struct pci_dev *vf;

	if (run->vfs == VFS_MAX ||
	    sscanf(name, "%x:%x:%x.%x", &domain, &bus, &slot, &fn) != 4)
		return -EINVAL;
	vf = pci_get_domain_bus_and_slot(domain, bus, PCI_DEVFN(slot, fn));
	if (!vf)
		return -ENODEV;
	run->callers[run->vfs++].vf = vf;
	return 0;
}

static int run_parse(struct run *run, char *line)
{
	unsigned int bytes;
	char kind[8], *name;
	int n, err;

	if (sscanf(line, "%7s %u %u %u %u%n", kind, &bytes, &run->count,
		   &run->gap_us, &run->cpu, &n) != 5 ||
	    !run->count || run->count > COUNT_MAX || !cpu_online(run->cpu))
		return -EINVAL;
	err = bench_what_parse(kind, bytes, &run->what);
	line = strim(line + n);
	while (!err && (name = strsep(&line, " ")))
		err = run_parse_vf(run, name);
	atomic_set(&run->unready, run->vfs);
	atomic_set(&run->running, run->vfs);
	return err ?: run->vfs ? 0 : -EINVAL;
}

static unsigned int run_exchanges(const struct run *run)
{
	unsigned int i, n = 0;

	for (i = 0; i < run->vfs; i++)
		n += run->callers[i].done;
	return n;
}

static void run_print(const struct run *run, struct seq_buf *to)
{
	unsigned int i, j;

	seq_buf_printf(to, "%u %llu", run_exchanges(run), run->took);
	for (i = 0; i < run->vfs; i++)
		for (j = 0; j < run->callers[i].done; j++)
			seq_buf_printf(to, " %u", run->callers[i].times[j]);
	seq_buf_printf(to, "\n");
}

static int run_answer(const struct run *run, struct answer *answer)
{
	size_t room = (run_exchanges(run) + 4) * TIME_CHARS;
	struct seq_buf text;

	kvfree(answer->text);
	answer->text = kvmalloc(room, GFP_KERNEL);
	if (!answer->text)
		return -ENOMEM;
	seq_buf_init(&text, answer->text, room);
	run_print(run, &text);
	answer->len = seq_buf_used(&text);
	answer->pos = 0;
	return seq_buf_has_overflowed(&text) ? -EOVERFLOW : 0;
}

static int bench_run(char *line, struct answer *answer)
{
	struct run *run = kzalloc(sizeof(*run), GFP_KERNEL);
	int err;

	if (!run)
		return -ENOMEM;
	init_completion(&run->ready);
	init_completion(&run->go);
	init_completion(&run->ended);
	err = run_parse(run, line);
	if (!err)
		err = run_all(run);
	if (!err)
		err = run_answer(run, answer);
	run_free(run);
	kfree(run);
	return err;
}

static int run_open(struct inode *inode, struct file *file)
{
	struct answer *answer = kzalloc(sizeof(*answer), GFP_KERNEL);

	file->private_data = answer;
	return answer ? 0 : -ENOMEM;
}

static int run_release(struct inode *inode, struct file *file)
{
	struct answer *answer = file->private_data;

	kvfree(answer->text);
	kfree(answer);
	return 0;
}

static ssize_t run_write(struct file *file, const char __user *from,
			 size_t len, loff_t *pos)
{
	char *line;
	int err;

	if (len >= LINE_MAX_LEN)
		return -EINVAL;
	line = memdup_user_nul(from, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	err = bench_run(line, file->private_data);
	kfree(line);
	return err ?: len;
}

/* The answer has a position of its own: the file's was moved by the question */
static ssize_t run_read(struct file *file, char __user *to, size_t len,
			loff_t *pos)
{
	struct answer *answer = file->private_data;

	return simple_read_from_buffer(to, len, &answer->pos, answer->text,
				       answer->len);
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = run_open,
	.release = run_release,
	.write = run_write,
	.read = run_read,
};

/**
 * bench_run_init - make the file "run"
 * @dir: where
 *
 * Context: process, may sleep.
 */
void bench_run_init(struct dentry *dir)
{
	debugfs_create_file("run", 0600, dir, NULL, &run_fops);
}
