/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints cfgblk:*, see Documentation/tracing.rst
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM cfgblk

#if !defined(CFGBLK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CFGBLK_TRACE_H

#include <linux/tracepoint.h>

#include "compat.h"
#include "journal.h"
#include "proto.h"

/* What a VF asks; also for who shows a journal */
#define CFGBLK_OP_NAMES						\
	{ CFGBLK_OP_KNOCK,	"knock" },			\
	{ CFGBLK_OP_HELLO,	"hello" },			\
	{ CFGBLK_OP_READ,	"read" },			\
	{ CFGBLK_OP_WRITE,	"write" },			\
	{ CFGBLK_OP_ECHO,	"echo" },			\
	{ CFGBLK_OP_TAKE,	"take" }

/* Tools that read the ring buffer know no names of ours */
TRACE_DEFINE_ENUM(CFGBLK_OP_KNOCK);
TRACE_DEFINE_ENUM(CFGBLK_OP_HELLO);
TRACE_DEFINE_ENUM(CFGBLK_OP_READ);
TRACE_DEFINE_ENUM(CFGBLK_OP_WRITE);
TRACE_DEFINE_ENUM(CFGBLK_OP_ECHO);
TRACE_DEFINE_ENUM(CFGBLK_OP_TAKE);

DECLARE_EVENT_CLASS(cfgblk_exchange,
	TP_PROTO(const struct cfgblk_journal *journal, int status,
		 u64 duration),
	TP_ARGS(journal, status, duration),
	TP_STRUCT__entry(
		__string(dev, journal->name)
		__field(int, vf)
		__field(u8, op)
		__field(u8, id)
		__field(u8, len)
		__field(u32, block)
		__field(int, status)
		__field(u64, duration)
	),
	TP_fast_assign(
		cfgblk_assign_str(dev, journal->name);
		__entry->vf = cfgblk_journal_vf(journal);
		__entry->op = journal->now.op;
		__entry->id = journal->now.id;
		__entry->len = journal->now.len;
		__entry->block = journal->now.block;
		__entry->status = status;
		__entry->duration = duration;
	),
	TP_printk("%s vf=%d %s id=%u block=%u len=%u status=%d duration=%llu",
		  __get_str(dev), __entry->vf,
		  __print_symbolic(__entry->op, CFGBLK_OP_NAMES), __entry->id,
		  __entry->block, __entry->len, __entry->status,
		  __entry->duration)
);

/* The VF's end: from the first write to the buffer to the end of the call */
DEFINE_EVENT(cfgblk_exchange, cfgblk_vf_exchange,
	TP_PROTO(const struct cfgblk_journal *journal, int status,
		 u64 duration),
	TP_ARGS(journal, status, duration));

/* The PF's end: from the first look at the request to the answer's bell */
DEFINE_EVENT(cfgblk_exchange, cfgblk_pf_exchange,
	TP_PROTO(const struct cfgblk_journal *journal, int status,
		 u64 duration),
	TP_ARGS(journal, status, duration));

DECLARE_EVENT_CLASS(cfgblk_mask,
	TP_PROTO(const struct cfgblk_journal *journal, u64 mask),
	TP_ARGS(journal, mask),
	TP_STRUCT__entry(
		__string(dev, journal->name)
		__field(int, vf)
		__field(u64, mask)
	),
	TP_fast_assign(
		cfgblk_assign_str(dev, journal->name);
		__entry->vf = cfgblk_journal_vf(journal);
		__entry->mask = mask;
	),
	TP_printk("%s vf=%d mask=%#llx", __get_str(dev), __entry->vf,
		  __entry->mask)
);

/* The mask waits for the VF from here on: blocks changed, or it knows nothing */
DEFINE_EVENT(cfgblk_mask, cfgblk_pf_invalidate,
	TP_PROTO(const struct cfgblk_journal *journal, u64 mask),
	TP_ARGS(journal, mask));

/* The VF has the mask */
DEFINE_EVENT(cfgblk_mask, cfgblk_vf_invalidated,
	TP_PROTO(const struct cfgblk_journal *journal, u64 mask),
	TP_ARGS(journal, mask));

#endif /* CFGBLK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE cfgblk_trace
#include <trace/define_trace.h>
