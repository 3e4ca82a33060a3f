// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: a device node, used as a process of user space would
 *
 * There is no /dev in a kernel that only runs tests, so the operations of the
 * node are called with an inode and a file of our own.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/ioctl.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "node.h"
#include "handle.h"

/**
 * struct handle - who may have the node open
 * @inode: the node's
 * @file: the open file
 * @mm: user space
 * @page: memory there, present
 */
struct handle {
	struct inode inode;
	struct file file;
	struct mm_struct *mm;
	void __user *page;
};

/* As kunit_vm_mmap() does, which 6.1 does not have; that one leaks it */
static struct mm_struct *mm_attach(void)
{
	struct mm_struct *mm = mm_alloc();

	if (!mm)
		return NULL;
	mm->task_size = TASK_SIZE;
	arch_pick_mmap_layout(mm, &current->signal->rlim[RLIMIT_STACK]);
	kthread_use_mm(mm);
	return mm;
}

/**
 * handle_new - a handle of a node, not open
 * @test: one handle at a time
 * @node: the node
 *
 * Context: the task of a test case, and so are the other calls.
 * Return: the handle, for handle_free().
 */
struct handle *handle_new(struct kunit *test, struct cfgblk_node *node)
{
	struct handle *handle = kunit_kzalloc(test, sizeof(*handle), GFP_KERNEL);
	unsigned long at;

	KUNIT_ASSERT_NOT_NULL(test, handle);
	handle->inode.i_cdev = &node->cdev;
	handle->mm = mm_attach();
	KUNIT_ASSERT_NOT_NULL(test, handle->mm);
	at = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
		     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(at));
	handle->page = (void __user *)at;
	KUNIT_ASSERT_EQ(test, clear_user(handle->page, PAGE_SIZE), 0);
	return handle;
}

/**
 * handle_free - give back user space
 * @handle: the handle, not open
 */
void handle_free(struct handle *handle)
{
	kthread_unuse_mm(handle->mm);
	mmput(handle->mm);
}

/**
 * handle_open - open the node
 * @handle: the handle, not open
 *
 * Return: 0 or what the node says.
 */
int handle_open(struct handle *handle)
{
	return handle->inode.i_cdev->ops->open(&handle->inode, &handle->file);
}

/**
 * handle_close - close the node
 * @handle: the handle, open
 */
void handle_close(struct handle *handle)
{
	handle->inode.i_cdev->ops->release(&handle->inode, &handle->file);
}

/**
 * handle_ioctl - a command
 * @handle: the handle, open
 * @cmd: CFGBLK_IOC_*
 * @arg: its structure; what the node leaves in user space comes back
 *
 * Return: what the node says; -EFAULT for memory that is not there.
 */
long handle_ioctl(struct handle *handle, unsigned int cmd, void *arg)
{
	size_t size = _IOC_SIZE(cmd);
	long ret;

	if (copy_to_user(handle->page, arg, size))
		return -EFAULT;
	ret = handle->inode.i_cdev->ops->unlocked_ioctl(&handle->file, cmd,
						      (unsigned long)handle->page);
	if (copy_from_user(arg, handle->page, size))
		return -EFAULT;
	return ret;
}
