/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the sources of common/ need of the kernel, in user space
 *
 * They are compiled unmodified; each linux/NAME.h of theirs is one line beside
 * this file that leads here.  There is one thread.  So:
 *
 *  - atomics are plain numbers, a spinlock is a flag, and taking one that is
 *    held is a failure;
 *  - work, delayed work and a timer are a flag and a moment.  A fuzz target
 *    runs them, with work_run(), when its input says so; work that may sleep
 *    runs at once, as if another processor did it;
 *  - jiffies and the clock stand until the target moves them;
 *  - random numbers are the same for each input;
 *  - waiting for a completion that has not happened is being killed.
 *
 * Nothing here is true to the kernel beyond what common/ uses.
 */
#ifndef FUZZ_KERNEL_H
#define FUZZ_KERNEL_H

#include <asm/errno.h>
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* linux/types.h: those of the kernel, not those of stdint.h */
typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef signed int __s32;
typedef signed long long __s64;
#define __aligned(n)	__attribute__((aligned(n)))
#define __noreturn	__attribute__((noreturn))
#define __aligned_u64	__u64 __aligned(8)
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

#define U32_MAX			(~0U)
#define div_u64(n, d)		((n) / (d))
typedef __s32 s32;
typedef __s64 s64;

/* A failed check ends the run */
#define CHECK(condition) \
	((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))
void __noreturn check_failed(const char *file, int line,
			     const char *condition);

/* compiler.h, export.h, version.h, device/class.h */
#define READ_ONCE(x)		(x)
#define smp_load_acquire(p)	(*(p))
#define smp_store_release(p, v)	(*(p) = (v))
#define WRITE_ONCE(x, value)	((x) = (value))
#define EXPORT_SYMBOL_GPL(symbol)
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + (c))
#define LINUX_VERSION_CODE	KERNEL_VERSION(6, 12, 0)
struct class;
struct class *class_create(const char *name);

/* kernel.h, math.h, minmax.h */
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define lower_32_bits(n)	((u32)(n))
#define upper_32_bits(n)	((u32)((u64)(n) >> 32))
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define min(a, b) \
	({ typeof(a) __a = (a); typeof(b) __b = (b); __a < __b ? __a : __b; })
#define max(a, b) \
	({ typeof(a) __a = (a); typeof(b) __b = (b); __a > __b ? __a : __b; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define clamp(value, low, high)	min(max(value, low), high)
#define swap(a, b) \
	({ typeof(a) __t = (a); (a) = (b); (b) = __t; })

/* bits.h, bitfield.h */
#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(high, low)	((~0UL << (low)) & (~0UL >> (63 - (high))))
#define FIELD_PREP(mask, value) \
	(((typeof(mask))(value) << __builtin_ctzl(mask)) & (mask))
#define FIELD_GET(mask, word) \
	((typeof(mask))(((word) & (mask)) >> __builtin_ctzl(mask)))

/* byteorder.h: where this runs, bytes lie as the protocol has them */
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little endian only");
#define le32_to_cpu_array(words, n)	((void)(words), (void)(n))
#define cpu_to_le32_array(words, n)	((void)(words), (void)(n))

/* atomic.h */
typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
#define atomic_read(v)		((v)->counter)
#define atomic_set(v, i)	((v)->counter = (i))
#define atomic_or(i, v)		((void)((v)->counter |= (i)))
#define atomic_and(i, v)		((void)((v)->counter &= (i)))
#define atomic_xchg(v, i)	xchg(&(v)->counter, i)
#define atomic64_read(v)	((v)->counter)
#define atomic64_xchg(v, i)	xchg(&(v)->counter, i)
#define xchg(ptr, value) \
	({ typeof(*(ptr)) __old = *(ptr); *(ptr) = (value); __old; })

static inline int atomic_fetch_or(int i, atomic_t *v)
{
	int old = v->counter;

	v->counter |= i;
	return old;
}

static inline s64 atomic64_fetch_or(s64 i, atomic64_t *v)
{
	s64 old = v->counter;

	v->counter |= i;
	return old;
}

/* spinlock.h.  @locks_held tells whether any is held */
typedef struct { bool held; } spinlock_t;
extern unsigned int locks_held;

static inline void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

static inline void spin_lock(spinlock_t *lock)
{
	CHECK(!lock->held);
	lock->held = true;
	locks_held++;
}

static inline void spin_unlock(spinlock_t *lock)
{
	CHECK(lock->held);
	lock->held = false;
	locks_held--;
}

#define spin_lock_bh(lock)	spin_lock(lock)
#define spin_unlock_bh(lock)	spin_unlock(lock)

/* bottom_half.h, processor.h, rcupdate.h, sched/signal.h */
#define local_bh_disable()	((void)0)
#define local_bh_enable()	((void)0)
#define cpu_relax()		((void)0)
#define rcu_read_lock()		((void)0)
#define rcu_read_unlock()	((void)0)
#define might_sleep()		((void)0)
#define need_resched()		true
#define fatal_signal_pending(task)	((void)(task), true)
#define current			NULL

/* Not counted: it keeps our interrupts out, and the other end goes on */
#define spin_lock_irqsave(lock, flags) \
	do { \
		(flags) = (lock)->held; \
		CHECK(!(flags)); \
		(lock)->held = true; \
	} while (0)
#define spin_unlock_irqrestore(lock, flags) \
	do { \
		CHECK((lock)->held && !(flags)); \
		(lock)->held = false; \
	} while (0)

/* list.h */
struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add_tail(struct list_head *entry,
				 struct list_head *head)
{
	CHECK(list_empty(entry));
	entry->prev = head->prev;
	entry->next = head;
	head->prev->next = entry;
	head->prev = entry;
}

static inline void list_del_init(struct list_head *entry)
{
	entry->prev->next = entry->next;
	entry->next->prev = entry->prev;
	INIT_LIST_HEAD(entry);
}

#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : container_of((head)->next, type, member))

/* kref.h, slab.h */
struct kref { unsigned int count; };
#define GFP_KERNEL	0
#define kzalloc(size, gfp)	calloc(1, size)
#define kfree_sensitive(ptr)	free(ptr)

static inline void kref_init(struct kref *ref)
{
	ref->count = 1;
}

static inline void kref_get(struct kref *ref)
{
	CHECK(ref->count);
	ref->count++;
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *))
{
	CHECK(ref->count);
	if (!--ref->count)
		release(ref);
}

/* completion.h: none of ours may be completed twice */
struct completion { bool done; };

static inline void init_completion(struct completion *completion)
{
	completion->done = false;
}

static inline void complete(struct completion *completion)
{
	CHECK(!completion->done);
	completion->done = true;
}

static inline bool completion_done(const struct completion *completion)
{
	return completion->done;
}

static inline int wait_for_completion_killable(struct completion *completion)
{
	return completion->done ? 0 : -EINTR;
}

/* jiffies.h, ktime.h, time64.h */
#define HZ			250
#define NSEC_PER_SEC		1000000000L
#define NSEC_PER_USEC		1000L
#define NSEC_PER_MSEC		1000000L
#define NSEC_PER_JIFFY		(NSEC_PER_SEC / HZ)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_before_eq(a, b)	time_after_eq(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define msecs_to_jiffies(ms)	((unsigned long)(ms) * HZ / 1000)
#define nsecs_to_jiffies(ns)	((unsigned long)((u64)(ns) / NSEC_PER_JIFFY))
extern unsigned long jiffies;
extern u64 clock_ns;
#define ktime_get_ns()		clock_ns

/* Forward, both clocks */
static inline void time_pass(unsigned long ticks)
{
	jiffies += ticks;
	clock_ns += (u64)ticks * NSEC_PER_JIFFY;
}

/*
 * tracepoint.h: a tracepoint is a function that does nothing, and a class, or
 * what tools have to know of it, is nothing
 */
#define TRACE_DEFINE_ENUM(name)		struct tracepoint
#define DECLARE_EVENT_CLASS(...)	struct tracepoint
#define TP_PROTO(...)			__VA_ARGS__
#define DEFINE_EVENT(class, name, proto, args) \
	static inline void trace_##name(proto) {} struct tracepoint

/* random.h */
u32 get_random_u32(void);

/* timer.h */
struct timer_list {
	void (*function)(struct timer_list *timer);
	unsigned long expires;
	bool pending;
};

#define timer_setup(timer, fn, flags) \
	(*(timer) = (struct timer_list){ .function = (fn) })
#define timer_container_of(var, timer, field) \
	container_of(timer, typeof(*(var)), field)

static inline void mod_timer(struct timer_list *timer, unsigned long when)
{
	timer->expires = when;
	timer->pending = true;
}

static inline bool timer_pending(const struct timer_list *timer)
{
	return timer->pending;
}

static inline void timer_delete_sync(struct timer_list *timer)
{
	timer->pending = false;
}

bool timer_run(struct timer_list *timer);

/* workqueue.h.  @at: not before this moment */
struct workqueue_struct;
struct work_struct {
	void (*func)(struct work_struct *work);
	unsigned long at;
	bool pending;
	bool running;
};

struct delayed_work {
	struct work_struct work;
};

#define INIT_WORK(w, fn) \
	(*(w) = (struct work_struct){ .func = (fn) })
#define INIT_DELAYED_WORK(w, fn)	INIT_WORK(&(w)->work, fn)
#define queue_work(wq, w)		work_queue_on(wq, w)
#define queue_delayed_work(wq, w, delay)	work_queue(&(w)->work, delay)
#define mod_delayed_work(wq, w, delay)	work_queue_anew(&(w)->work, delay)
#define flush_work(w)			work_run(w)
#define cancel_work_sync(w)		work_cancel(w)
#define cancel_delayed_work_sync(w)	work_cancel(&(w)->work)

void work_queue(struct work_struct *work, unsigned long delay);
void work_queue_on(struct workqueue_struct *wq, struct work_struct *work);
void work_queue_anew(struct work_struct *work, unsigned long delay);
void work_cancel(struct work_struct *work);
bool work_run(struct work_struct *work);

#endif /* FUZZ_KERNEL_H */
