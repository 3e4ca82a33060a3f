/* SPDX-License-Identifier: GPL-2.0 */
/*
 * User space: what a test needs to use a device node as a process would
 *
 * An address space with one page, and files of device nodes that nobody has to
 * find in /dev.  All of it is used from a test's own thread, or from another
 * kernel thread: it takes the address space for one call.  In a call nothing
 * allocates memory but what the node does.
 */
#ifndef CFGBLK_USER_H
#define CFGBLK_USER_H

#include <kunit/test.h>
#include <linux/types.h>

struct cfgblk_node;
struct file;
struct mm_struct;
struct vfsmount;

/**
 * struct user_space - a user space
 * @mm: its address space
 * @page: a page of it that may be read and written
 * @readonly: the same memory, which may only be read here
 * @nowhere: an address without memory
 * @mnt: file system without a name, for the inodes
 *
 * Lifetime: user_new() to the end of the case.
 */
struct user_space {
	struct mm_struct *mm;
	void __user *page;
	void __user *readonly;
	void __user *nowhere;
	struct vfsmount *mnt;
};

/**
 * struct desk - where an administrator sits
 * @user: a user space
 * @file: a device node, open
 *
 * Lifetime: desk_new() to the end of the case.
 */
struct desk {
	struct user_space *user;
	struct file *file;
};

struct user_space *user_new(struct kunit *test);
struct file *user_open(struct user_space *user, struct cfgblk_node *node);
void user_close(struct file *file);
struct file *user_keep_open(struct kunit *test, struct user_space *user,
			    struct cfgblk_node *node);

long user_ioctl(struct user_space *user, struct file *file, unsigned int cmd,
		void *arg);
long user_ioctl_readonly(struct user_space *user, struct file *file,
			 unsigned int cmd, void *arg);
long user_ioctl_nowhere(struct user_space *user, struct file *file,
			unsigned int cmd);

struct desk *desk_new(struct kunit *test, struct cfgblk_node *node);

static inline long ask(struct desk *desk, unsigned int cmd, void *arg)
{
	return user_ioctl(desk->user, desk->file, cmd, arg);
}

#endif /* CFGBLK_USER_H */
