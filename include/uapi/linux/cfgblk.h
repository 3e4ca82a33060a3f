/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * VF configuration blocks: the user interface of /dev/cfgblk/<pci address>
 *
 * A node exists for each PF bound to cfgblk_pf and each VF bound to
 * cfgblk_vf.  Every command takes one structure of fixed size; every padding
 * and reserved field has to be zero on the way in (-EINVAL otherwise) and is
 * zero on the way out.  An unknown command is -ENOTTY; a command that is of
 * the other side (a VF defining a block, say) is -EPERM.  Once the device is
 * gone from its driver, each command on a node still open is -ENODEV.
 */
#ifndef _UAPI_LINUX_CFGBLK_H
#define _UAPI_LINUX_CFGBLK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bytes of the largest block (NdisMReadConfigBlock: BlockData limit) */
#define CFGBLK_BLOCK_MAX	128

/* Block ids 0..63 have a bit in the block mask; higher ids have none */
#define CFGBLK_MASK_BLOCKS	64

/* Instead of a VF id, on a PF: every VF that the device can have */
#define CFGBLK_VF_ALL		0xffff

/* Access to a block, as the VF sees it */
#define CFGBLK_ACCESS_READ	(1 << 0)
#define CFGBLK_ACCESS_WRITE	(1 << 1)

enum cfgblk_role {
	CFGBLK_ROLE_PF = 1,
	CFGBLK_ROLE_VF = 2,
};

/* What carries a VF's calls */
enum cfgblk_transport {
	CFGBLK_TRANSPORT_MAILBOX = 1,
	CFGBLK_TRANSPORT_HYPERV = 2,
};

/* Where a VF's driver runs: beside the PF's driver, or apart from it */
enum cfgblk_partition {
	CFGBLK_PARTITION_PARENT = 1,
	CFGBLK_PARTITION_CHILD = 2,
};

/* State of a link, as its own end sees it */
enum cfgblk_link_state {
	CFGBLK_LINK_DOWN = 0,		/* nobody has answered yet */
	CFGBLK_LINK_UP = 1,		/* versions agreed, blocks can go */
	CFGBLK_LINK_REFUSED = 2,	/* no common version */
};

/**
 * struct cfgblk_info - CFGBLK_IOC_INFO: what the function behind the node is
 * @role: enum cfgblk_role
 * @capabilities: CFGBLK_CAP_*
 * @block_max: bytes of the largest block
 * @version_min: oldest protocol version that this driver speaks; on Hyper-V 0
 * @version_max: newest protocol version that this driver speaks; on Hyper-V 0
 * @total_vfs: PF: VFs that the device can have; VF: 0
 * @num_vfs: PF: VFs that are enabled now; VF: 0
 * @transport: VF: enum cfgblk_transport; PF: 0
 * @partition: VF: enum cfgblk_partition; PF: 0
 * @outstanding_max: VF: calls that may wait at once; PF: 0
 * @reserved: zero
 * @map: name of the register map, NUL-terminated; on Hyper-V empty
 */
struct cfgblk_info {
	__u32 role;
	__u32 capabilities;
	__u32 block_max;
	__u32 version_min;
	__u32 version_max;
	__u32 total_vfs;
	__u32 num_vfs;
	__u32 transport;
	__u32 partition;
	__u32 outstanding_max;
	__u32 reserved[2];
	char map[16];
};

#define CFGBLK_CAP_SRIOV	(1 << 0)	/* SR-IOV is supported */
#define CFGBLK_CAP_PF		(1 << 1)	/* the function is a PF */
#define CFGBLK_CAP_VF		(1 << 2)	/* the function is a VF */
#define CFGBLK_CAP_UNTRIED	(1 << 3)	/* never met this hardware */
#define CFGBLK_CAP_WIDE		(1 << 4)	/* 64-bit accesses to the buffer */
#define CFGBLK_CAP_WIDE_FAILED	(1 << 5)	/* 32-bit: those failed their test */

/**
 * struct cfgblk_link_info - CFGBLK_IOC_LINK: one VF's link
 * @vf: in, PF: VF id; in, VF: 0.  Out, on both: VF id
 *	(a VF whose link never was up, or on Hyper-V, says CFGBLK_VF_ALL)
 * @state: enum cfgblk_link_state; on Hyper-V, down while the host hangs
 * @enabled: PF: the VF exists now; VF: 1
 * @version: protocol version agreed on, 0 if none
 * @features: features agreed on
 * @epoch: epoch agreed on, 0 if none
 * @peer_min: oldest version that the other end offered, 0 if unknown
 * @peer_max: newest version that the other end offered, 0 if unknown
 * @pending: PF: block mask that the VF has not taken yet;
 *	VF: block mask taken from the PF that nobody here has looked at
 * @blocks: PF: number of blocks defined for the VF; VF: 0
 * @limited: PF: 1 if the VF sends more than its limit allows and is made to
 *	wait, now or in the last two seconds; VF: 0.  Zero in
 */
struct cfgblk_link_info {
	__u32 vf;
	__u32 state;
	__u32 enabled;
	__u32 version;
	__u32 features;
	__u32 epoch;
	__u32 peer_min;
	__u32 peer_max;
	__aligned_u64 pending;
	__u32 blocks;
	__u32 limited;
};

/**
 * struct cfgblk_block_io - CFGBLK_IOC_READ and CFGBLK_IOC_WRITE
 * @vf: PF: VF id (write: or CFGBLK_VF_ALL); VF: 0
 * @block: block id
 * @len: read: bytes wanted in, bytes read out, 1..128; a block that is longer
 *	gives its first bytes.  Write: bytes of @data, 1..128
 * @flags: write on a PF: CFGBLK_WRITE_QUIET; otherwise 0
 * @data: the bytes; past @len they are zero on the way out
 *
 * Errors: -EINVAL length 0 or a reserved bit; -EMSGSIZE longer than 128 or
 * than the block; -ENOENT no such block; -ENODATA nothing was written to it
 * yet; -EACCES its access forbids it; -ENOMEM; on a PF, -ENXIO no such VF.  On
 * a VF, -EAGAIN too many calls wait already; -ETIMEDOUT the PF did not answer,
 * or the link did not come up, in time; -ECONNRESET the link started afresh
 * meanwhile; -EPROTONOSUPPORT no common version; -EPROTO an answer without
 * sense; -EINTR killed; -EIO, -EBUSY, -EOPNOTSUPP, -EBADRQC, -EBADMSG, -EILSEQ
 * as the PF says.  On Hyper-V the host says -EIO for all that it refuses.
 */
struct cfgblk_block_io {
	__u32 vf;
	__u32 block;
	__u32 len;
	__u32 flags;
	__u8 data[CFGBLK_BLOCK_MAX];
};

/* Publish without invalidating the block */
#define CFGBLK_WRITE_QUIET	(1 << 0)

/**
 * struct cfgblk_define - CFGBLK_IOC_DEFINE and CFGBLK_IOC_UNDEFINE (PF)
 * @vf: VF id, or CFGBLK_VF_ALL
 * @block: block id
 * @size: bytes that the block may have, 1..128; undefine: 0
 * @access: CFGBLK_ACCESS_*, at least one; undefine: 0
 *
 * With CFGBLK_VF_ALL it is done for every VF or, on an error, for none.
 * Errors: -EEXIST defined already; -ENOENT not defined; -ENOSPC the VF has as
 * many blocks as it may have; -ENXIO no such VF; -EINVAL.
 */
struct cfgblk_define {
	__u32 vf;
	__u32 block;
	__u32 size;
	__u32 access;
};

/**
 * struct cfgblk_block_info - CFGBLK_IOC_NEXT_BLOCK (PF): walk a VF's blocks
 * @vf: VF id
 * @block: in: where to start; out: first block id that is not below it
 * @size: bytes that the block may have
 * @access: CFGBLK_ACCESS_*
 * @len: bytes that it holds now, 0 if nothing was written yet
 * @writer: enum cfgblk_role of who wrote what it holds now, 0 if nobody
 *
 * Errors: -ENOENT no block at or above @block; -ENXIO no such VF.
 */
struct cfgblk_block_info {
	__u32 vf;
	__u32 block;
	__u32 size;
	__u32 access;
	__u32 len;
	__u32 writer;
};

/**
 * struct cfgblk_invalidate - CFGBLK_IOC_INVALIDATE (PF)
 * @vf: VF id, or CFGBLK_VF_ALL
 * @reserved: zero
 * @mask: block mask; 0 does nothing
 */
struct cfgblk_invalidate {
	__u32 vf;
	__u32 reserved;
	__aligned_u64 mask;
};

enum cfgblk_event_type {
	CFGBLK_EVENT_INVALIDATED = 1,	/* VF: blocks of @mask changed */
	CFGBLK_EVENT_WROTE = 2,		/* PF: VF @vf wrote block @block */
};

/**
 * struct cfgblk_event - CFGBLK_IOC_EVENT: take one event
 * @type: enum cfgblk_event_type
 * @vf: PF: VF id
 * @block: PF: block id
 * @len: PF: bytes written
 * @mask: VF: block mask, everything since the last event in one
 * @lost: PF: events that found no room, or could not be copied, since the last
 *	one that was taken
 *
 * CFGBLK_IOC_WATCH makes the open file a watcher; from then on poll() says
 * POLLIN when there is an event and CFGBLK_IOC_EVENT takes it, or says -EAGAIN
 * when there is none.  It never waits.  CFGBLK_IOC_WATCH a second time is
 * -EALREADY, CFGBLK_IOC_EVENT without it -EINVAL.  Every watcher hears every event; what
 * came for a VF while nobody watched is kept for the first who does.
 */
struct cfgblk_event {
	__u32 type;
	__u32 vf;
	__u32 block;
	__u32 len;
	__aligned_u64 mask;
	__aligned_u64 lost;
};

/**
 * struct cfgblk_echo - CFGBLK_IOC_ECHO (VF): bytes to the PF and back
 * @len: bytes of @data, 1..128
 * @reserved: zero
 * @data: the bytes; what came back replaces them
 *
 * The PF's link answers, no provider is asked.  On Hyper-V -EOPNOTSUPP.
 */
struct cfgblk_echo {
	__u32 len;
	__u32 reserved;
	__u8 data[CFGBLK_BLOCK_MAX];
};

/**
 * struct cfgblk_stats - CFGBLK_IOC_STATS: counters since the driver was bound
 * @vf: PF: VF id in; VF: 0 in
 * @reserved: zero
 * @interrupts: PF: of the whole PF; VF: of the VF
 * @requests: requests begun (PF) or sent (VF)
 * @answers_ok: answers that carried success
 * @answers_failed: answers that carried a status
 * @fragments_in: mailbox buffers read
 * @fragments_out: mailbox buffers written
 * @bytes_in: block bytes received
 * @bytes_out: block bytes sent
 * @handshakes: times that the link came up
 * @notices: PF: doorbells rung for a mask; VF: heard
 * @masks: masks handed over (PF) or taken (VF)
 * @resets: times that the link was started afresh: FLR, PF reset, time-out, an
 *	answer without sense
 * @timeouts: VF: calls that ended in -ETIMEDOUT
 * @late: messages dropped because their turn was over: an old epoch, an old
 *	or repeated request id
 * @malformed: messages dropped or refused because they made no sense
 * @spurious: doorbells with nothing behind them
 * @polled: doorbells found by looking, that no interrupt had told of; PF: of
 *	the whole PF
 * @limited: PF: times that the VF was made to wait because it sent more than
 *	its limit allows, or rang more often than anybody could look
 * @spare: zero, in and out
 */
struct cfgblk_stats {
	__u32 vf;
	__u32 reserved;
	__aligned_u64 interrupts;
	__aligned_u64 requests;
	__aligned_u64 answers_ok;
	__aligned_u64 answers_failed;
	__aligned_u64 fragments_in;
	__aligned_u64 fragments_out;
	__aligned_u64 bytes_in;
	__aligned_u64 bytes_out;
	__aligned_u64 handshakes;
	__aligned_u64 notices;
	__aligned_u64 masks;
	__aligned_u64 resets;
	__aligned_u64 timeouts;
	__aligned_u64 late;
	__aligned_u64 malformed;
	__aligned_u64 spurious;
	__aligned_u64 polled;
	__aligned_u64 limited;
	__aligned_u64 spare[5];
};

/* Bounds of struct cfgblk_limit */
#define CFGBLK_LIMIT_RATE_MIN	10
#define CFGBLK_LIMIT_RATE_MAX	1000000
#define CFGBLK_LIMIT_BURST_MAX	1000000

/* Change the limit; without it the limit is only told */
#define CFGBLK_LIMIT_SET	(1 << 0)

/**
 * struct cfgblk_limit - CFGBLK_IOC_LIMIT (PF): what a VF may cost the host
 * @vf: VF id; with CFGBLK_LIMIT_SET also CFGBLK_VF_ALL
 * @flags: CFGBLK_LIMIT_SET or 0
 * @per_second: messages a second, CFGBLK_LIMIT_RATE_MIN to
 *	CFGBLK_LIMIT_RATE_MAX; 0 for no limit
 * @burst: messages that may come at once, 1 to CFGBLK_LIMIT_BURST_MAX
 *
 * A block of 128 bytes takes three messages, one of up to 56 bytes takes one; a
 * reset of the VF counts as 16.  A VF that sends more is served late, and is
 * told nothing; nobody else notices.  A limit of @per_second 0 has no @burst.
 * To tell, @per_second and @burst are zero in.  Errors: -EINVAL; -ENXIO.
 */
struct cfgblk_limit {
	__u32 vf;
	__u32 flags;
	__u32 per_second;
	__u32 burst;
};

/* Bytes of the largest state: every block, with both of its values */
#define CFGBLK_STATE_MAX	(64 + 4096 * (8 + 2 * CFGBLK_BLOCK_MAX))

/**
 * struct cfgblk_state - CFGBLK_IOC_SAVE and CFGBLK_IOC_RESTORE (PF)
 * @vf: VF id
 * @len: save: bytes that @addr has room for in, bytes of the state out;
 *	restore: bytes of the state
 * @addr: the state, as a pointer of user space
 * @flags: 0
 * @reserved: zero
 *
 * The state is what the VF's end of the channel is made of: its blocks, what
 * the host published and what the VF wrote, the pending mask, the version.
 * Its bytes are told in Documentation/state.rst.  To restore replaces all
 * blocks of the VF, or changes nothing; the VF then begins afresh and has to
 * read everything again.
 *
 * Errors: save: -ENOBUFS @len is too small, and says out how much there is;
 * restore: -EBADMSG damaged or cut off; -EPROTONOSUPPORT a format, or a VF
 * driver, that this driver does not speak; -EINVAL makes no sense; -ENOSPC too
 * many blocks; both: -ENXIO no such VF; -ENOMEM.
 */
struct cfgblk_state {
	__u32 vf;
	__u32 len;
	__aligned_u64 addr;
	__u32 flags;
	__u32 reserved;
};

/* 0xCB 0x20..0x2f: free in userspace-api/ioctl/ioctl-number.rst of Linux 6.12 */
#define CFGBLK_IOC_MAGIC	0xcb

#define CFGBLK_IOC_INFO		_IOR(CFGBLK_IOC_MAGIC, 0x20, struct cfgblk_info)
#define CFGBLK_IOC_LINK		_IOWR(CFGBLK_IOC_MAGIC, 0x21, struct cfgblk_link_info)
#define CFGBLK_IOC_READ		_IOWR(CFGBLK_IOC_MAGIC, 0x22, struct cfgblk_block_io)
#define CFGBLK_IOC_WRITE	_IOW(CFGBLK_IOC_MAGIC, 0x23, struct cfgblk_block_io)
#define CFGBLK_IOC_DEFINE	_IOW(CFGBLK_IOC_MAGIC, 0x24, struct cfgblk_define)
#define CFGBLK_IOC_UNDEFINE	_IOW(CFGBLK_IOC_MAGIC, 0x25, struct cfgblk_define)
#define CFGBLK_IOC_NEXT_BLOCK	_IOWR(CFGBLK_IOC_MAGIC, 0x26, struct cfgblk_block_info)
#define CFGBLK_IOC_INVALIDATE	_IOW(CFGBLK_IOC_MAGIC, 0x27, struct cfgblk_invalidate)
#define CFGBLK_IOC_WATCH	_IO(CFGBLK_IOC_MAGIC, 0x28)
#define CFGBLK_IOC_EVENT	_IOR(CFGBLK_IOC_MAGIC, 0x29, struct cfgblk_event)
#define CFGBLK_IOC_ECHO		_IOWR(CFGBLK_IOC_MAGIC, 0x2a, struct cfgblk_echo)
#define CFGBLK_IOC_STATS	_IOWR(CFGBLK_IOC_MAGIC, 0x2b, struct cfgblk_stats)
#define CFGBLK_IOC_LIMIT	_IOWR(CFGBLK_IOC_MAGIC, 0x2c, struct cfgblk_limit)
#define CFGBLK_IOC_SAVE		_IOWR(CFGBLK_IOC_MAGIC, 0x2d, struct cfgblk_state)
#define CFGBLK_IOC_RESTORE	_IOW(CFGBLK_IOC_MAGIC, 0x2e, struct cfgblk_state)

#endif /* _UAPI_LINUX_CFGBLK_H */
