/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel versions: 6.1 and later.  The only file that asks for a version.
 */
#ifndef CFGBLK_COMPAT_H
#define CFGBLK_COMPAT_H

#include <linux/device/class.h>
#include <linux/timer.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* class_create() lost its module argument in 6.4 */
static inline struct class *cfgblk_class_create(const char *name)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return class_create(name);
#else
	return class_create(THIS_MODULE, name);
#endif
}

/* timer_delete_sync() is the name since 6.2, the older one went in 6.15 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define timer_delete_sync(timer)	del_timer_sync(timer)
#endif

/* Newer kernels want to be told that work stays on the CPU that queues it */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
#define WQ_PERCPU	0
#endif

/* Work in softirqs is there since 6.9 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
#define CFGBLK_WQ_LINK	(WQ_BH | WQ_HIGHPRI | WQ_PERCPU)
#else
#define CFGBLK_WQ_LINK	(WQ_HIGHPRI | WQ_MEM_RECLAIM | WQ_PERCPU)
#endif

/* timer_container_of() is the name since 6.16, from_timer() before */
#ifndef timer_container_of
#define timer_container_of(var, timer, field) from_timer(var, timer, field)
#endif

/* __assign_str() lost its source in 6.10: __string() has it */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define cfgblk_assign_str(dst, src)	__assign_str(dst)
#else
#define cfgblk_assign_str(dst, src)	__assign_str(dst, src)
#endif

#endif /* CFGBLK_COMPAT_H */
