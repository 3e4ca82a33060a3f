// SPDX-License-Identifier: GPL-2.0
/*
 * User space: what a test needs to use a device node as a process would
 *
 * KUnit has user memory since 6.11 only, and it lives as long as the thread of
 * the case; this works in 6.1 as well.
 */
#include <kunit/resource.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/ramfs.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "node.h"
#include "user.h"

/* A file of the file system that has no name: no path leads to it */
static struct file *open_inode(struct user_space *user, umode_t mode,
			       dev_t devt, loff_t size)
{
	struct path path = { .mnt = user->mnt };
	struct inode *inode;
	struct file *file;

	inode = ramfs_get_inode(user->mnt->mnt_sb, NULL, mode, devt);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	i_size_write(inode, size);
	path.dentry = d_obtain_alias(inode);
	if (IS_ERR(path.dentry))
		return ERR_CAST(path.dentry);
	file = dentry_open(&path, O_RDWR, current_cred());
	dput(path.dentry);
	return file;
}

/* In the address space: one page of memory, twice */
static int map_page(struct user_space *user, struct file *file)
{
	unsigned long rw, ro;

	rw = vm_mmap(file, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
	if (IS_ERR_VALUE(rw))
		return rw;
	ro = vm_mmap(file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
	if (IS_ERR_VALUE(ro))
		return ro;
	user->page = (void __user *)rw;
	user->readonly = (void __user *)ro;
	user->nowhere = (void __user *)PAGE_SIZE;
	return 0;
}

/* Pages that are there: no access to them has to find memory */
static int touch_page(struct user_space *user)
{
	u8 byte;

	if (clear_user(user->page, PAGE_SIZE) ||
	    copy_from_user(&byte, user->readonly, 1))
		return -EFAULT;
	return 0;
}

static int make_mm(struct user_space *user)
{
	struct file *file;
	int err;

	user->mm = mm_alloc();
	if (!user->mm)
		return -ENOMEM;
	user->mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(user->mm, &current->signal->rlim[RLIMIT_STACK]);
	file = open_inode(user, S_IFREG | 0600, 0, PAGE_SIZE);
	if (IS_ERR(file))
		return PTR_ERR(file);
	kthread_use_mm(user->mm);
	err = map_page(user, file) ?: touch_page(user);
	kthread_unuse_mm(user->mm);
	user_close(file);
	return err;
}

static void user_free(struct kunit_resource *res)
{
	struct user_space *user = res->data;

	if (user->mm)
		mmput(user->mm);
	if (!IS_ERR_OR_NULL(user->mnt))
		kern_unmount(user->mnt);
	kfree(user);
}

static int user_init(struct kunit_resource *res, void *context)
{
	struct user_space *user = kzalloc(sizeof(*user), GFP_KERNEL);
	int err;

	if (!user)
		return -ENOMEM;
	res->data = user;
	user->mnt = kern_mount(get_fs_type("ramfs"));
	err = PTR_ERR_OR_ZERO(user->mnt) ?: make_mm(user);
	if (err)
		user_free(res);
	return err;
}

/* Ends with the case, after its exit */
struct user_space *user_new(struct kunit *test)
{
	struct user_space *user = kunit_alloc_resource(test, user_init,
						       user_free, GFP_KERNEL,
						       NULL);

	KUNIT_ASSERT_NOT_NULL(test, user);
	return user;
}

/* Return: a file or an ERR_PTR, as open() of the node in /dev */
struct file *user_open(struct user_space *user, struct cfgblk_node *node)
{
	return open_inode(user, S_IFCHR | 0600, node->dev.devt, 0);
}

/* At once, and not when some work item comes to it */
void user_close(struct file *file)
{
	__fput_sync(file);
}

/**
 * struct opening - what is to be kept open
 * @user: by whom
 * @node: what
 */
struct opening {
	struct user_space *user;
	struct cfgblk_node *node;
};

static int kept_init(struct kunit_resource *res, void *context)
{
	const struct opening *opening = context;

	res->data = user_open(opening->user, opening->node);
	return PTR_ERR_OR_ZERO(res->data);
}

static void kept_free(struct kunit_resource *res)
{
	if (!IS_ERR(res->data))
		user_close(res->data);
}

/* Closed at the end of the case: when the device is gone already */
struct file *user_keep_open(struct kunit *test, struct user_space *user,
			    struct cfgblk_node *node)
{
	struct opening opening = { .user = user, .node = node };
	struct file *file = kunit_alloc_resource(test, kept_init, kept_free,
						 GFP_KERNEL, &opening);

	KUNIT_ASSERT_NOT_NULL(test, file);
	return file;
}

static long call(struct file *file, unsigned int cmd, void __user *arg)
{
	return file->f_op->unlocked_ioctl(file, cmd, (unsigned long)arg);
}

/* Put @arg into the page, call with @at, and get it back */
static long call_with(struct user_space *user, struct file *file,
		      unsigned int cmd, void *arg, void __user *at)
{
	size_t size = _IOC_SIZE(cmd);
	long ret = -EFAULT;

	kthread_use_mm(user->mm);
	if (!copy_to_user(user->page, arg, size))
		ret = call(file, cmd, at);
	if (copy_from_user(arg, user->page, size))
		ret = -EFAULT;
	kthread_unuse_mm(user->mm);
	return ret;
}

long user_ioctl(struct user_space *user, struct file *file, unsigned int cmd,
		void *arg)
{
	return call_with(user, file, cmd, arg, user->page);
}

/* Where the driver can read @arg, and cannot write it */
long user_ioctl_readonly(struct user_space *user, struct file *file,
			 unsigned int cmd, void *arg)
{
	return call_with(user, file, cmd, arg, user->readonly);
}

long user_ioctl_nowhere(struct user_space *user, struct file *file,
			unsigned int cmd)
{
	long ret;

	kthread_use_mm(user->mm);
	ret = call(file, cmd, user->nowhere);
	kthread_unuse_mm(user->mm);
	return ret;
}

/* At a node that may go before the file does */
struct desk *desk_new(struct kunit *test, struct cfgblk_node *node)
{
	struct desk *desk = kunit_kzalloc(test, sizeof(*desk), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, desk);
	desk->user = user_new(test);
	desk->file = user_keep_open(test, desk->user, node);
	return desk;
}
