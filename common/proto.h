/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The wire protocol: what stands in the mailbox buffer, bit by bit
 *
 * The buffer is 16 dwords of 32 bits (VMBMEM of the 82576, VFMBMEM of the
 * 82599 and X550 datasheets), one for each VF, the same memory for both
 * directions.  A dword is a number as readl() gives it; block bytes are packed
 * four to a dword, lowest address in bits 7:0, and the bytes after the last
 * one are zero.
 *
 * Turns
 * -----
 * The VF begins each exchange and the PF answers; nobody writes the buffer out
 * of turn, so neither end needs the ownership bits VFU and PFU.
 *
 *  - VF doorbell REQ: a message of the VF is in the buffer.
 *  - PF doorbell STS: a message of the PF is in the buffer.
 *  - VF doorbell ACK: the VF has read the fragment, the next one may come.
 *  - PF doorbell ACK: GO, the PF has read the fragment, the next one may come.
 *  - PF doorbells STS and ACK in one register write: a notice, blocks were
 *    invalidated.  A message may be in the buffer as well, or the notice has
 *    not touched it; whether dword 0 is new tells which.
 *
 * Doorbells that are not heard at once add up.  GO and a bell heard late look
 * like a notice then: a VF that waits for GO, hears a notice and finds nothing
 * new in the buffer rings ACK itself, and waits for GO as a message.  The PF
 * sends that once for a fragment, and to nobody else.  As a notice would hide a
 * GO, and the answer tells of a mask anyway, the PF rings none while it waits
 * for a fragment.  ACK alone is never anything but GO, so a VF does not send a
 * fragment too early; a VF that begins again forgets, before its first request,
 * what was rung before the WELCOME.
 *
 * Dword 0, the header, is written last and read first, and dword 1 is written
 * right before it: who sees a new header sees the rest of that message as well,
 * also a dword 1 that was read in the same access.  Every message that is not
 * the expected one is dropped and counted.
 *
 * A VF that gives up an exchange (time-out, nonsense) does not know whether the
 * PF is still reading the old message, so it must not write over it.  It begins
 * again with KNOCK, which is dword 0 alone; once the PF has answered COME, it
 * is done with the old message, and HELLO may follow.  A PF that wipes the
 * buffer begins with dword 0; a VF that finds dword 0 changed after it has
 * copied an answer throws the copy away.
 *
 * Dword 0: header
 * ---------------
 *
 *   31   27 26   22 21      16 15  12 11    8  7  6         0
 *  +-------+-------+----------+------+-------+---+-----------+
 *  |  id   | epoch | short id |  0xC |  op   | M |    arg    |
 *  +-------+-------+----------+------+-------+---+-----------+
 *
 *  id       request id; the VF counts it up, each answer repeats it
 *  epoch    low bits of the epoch of the last WELCOME; 0 before it
 *  short id READ, WRITE: block id 0..62, or 63: the block id is dword 1
 *  0xC      tells our messages from a network driver's: igb and ixgbe keep
 *           their opcode in bits 15:0 and use none above 0x0fff
 *           (E1000_VF_*, IXGBE_VF_* in their mailbox headers)
 *  op       enum cfgblk_op; bit 11 is set in what the PF sends
 *  M        more fragments of this message follow
 *  arg      by op, see there
 *
 * Five bits of id and epoch are enough: there is one message in the buffer and
 * one exchange under way.  A message can only be late within the epoch in
 * which it was sent, because HELLO and WELCOME carry the numbers in full, both
 * ends serve in order, and the PF wipes the buffer when a VF is reset.
 *
 * Fragments
 * ---------
 * The bytes of a message follow its header (and block id) in the same buffer,
 * up to its end; the rest comes in NEXT messages behind one header each.  128
 * bytes are three buffers: 60 + 60 + 8.
 *
 *   VF writes 128 bytes      VF reads 128 bytes
 *   WRITE M  REQ ->          READ     REQ ->
 *        <- ACK                   <- STS  DATA M
 *   NEXT M   REQ ->                   ACK ->
 *        <- ACK                   <- STS  NEXT M
 *   NEXT     REQ ->                   ACK ->
 *        <- STS  DONE             <- STS  NEXT
 *
 * This file and proto.c know nothing of the kernel but its types.
 */
#ifndef CFGBLK_PROTO_H
#define CFGBLK_PROTO_H

#include <linux/bits.h>
#include <linux/minmax.h>
#include <linux/types.h>

/* Dwords of the mailbox buffer [82576, I350, X550: VFMBMEM] */
#define CFGBLK_MBX_DWORDS	16

/*
 * Protocol versions that this code speaks; tests build it with others.  Version 1
 * may still change, and has: it is what the first release will say that it is.
 */
#ifndef CFGBLK_VERSION_MIN
#define CFGBLK_VERSION_MIN	1
#define CFGBLK_VERSION_MAX	1
#endif

/* Optional features of HELLO and WELCOME; none is defined yet */
#define CFGBLK_FEATURES		0

#define CFGBLK_HDR_ID		GENMASK(31, 27)
#define CFGBLK_HDR_EPOCH	GENMASK(26, 22)
#define CFGBLK_HDR_SHORT_ID	GENMASK(21, 16)
#define CFGBLK_HDR_SIGNATURE	GENMASK(15, 12)
#define CFGBLK_HDR_OP		GENMASK(11, 8)
#define CFGBLK_HDR_MORE		BIT(7)
#define CFGBLK_HDR_ARG		GENMASK(6, 0)

#define CFGBLK_SIGNATURE	0xc
#define CFGBLK_SHORT_ID_NONE	63
#define CFGBLK_ID_MASK		0x1f
#define CFGBLK_EPOCH_MASK	0x1f

/**
 * enum cfgblk_op - what a message is
 * @CFGBLK_OP_KNOCK: frozen; may I write?  id is the low bits of the attempt of
 *	the HELLO to come, all else 0
 * @CFGBLK_OP_HELLO: frozen, see struct cfgblk_hello; arg 0
 * @CFGBLK_OP_READ: read a block; arg is the number of bytes wanted less 1
 * @CFGBLK_OP_WRITE: write a block; arg is the number of bytes less 1
 * @CFGBLK_OP_ECHO: give the bytes back; arg is their number less 1
 * @CFGBLK_OP_TAKE: hand over the pending block mask; arg 0
 * @CFGBLK_OP_NEXT: next bytes of the VF's message; arg counts fragments from 1
 * @CFGBLK_OP_COME: frozen; the buffer is yours.  Repeats the id, all else 0
 * @CFGBLK_OP_WELCOME: frozen, see struct cfgblk_welcome; arg 0
 * @CFGBLK_OP_DONE: the request is done and gives no bytes; arg 0
 * @CFGBLK_OP_DATA: the request is done; arg is the number of bytes less 1
 * @CFGBLK_OP_FAIL: the request failed; arg is an enum cfgblk_status
 * @CFGBLK_OP_MASK: dwords 1 and 2 are the block mask, low half first; arg 0
 * @CFGBLK_OP_GO: send the next fragment, to a VF that asked; arg is its number
 * @CFGBLK_OP_NEXT_DATA: next bytes of the PF's answer; arg counts from 1
 */
enum cfgblk_op {
	CFGBLK_OP_KNOCK		= 0x0,
	CFGBLK_OP_HELLO		= 0x1,
	CFGBLK_OP_READ		= 0x2,
	CFGBLK_OP_WRITE		= 0x3,
	CFGBLK_OP_ECHO		= 0x4,
	CFGBLK_OP_TAKE		= 0x5,
	CFGBLK_OP_NEXT		= 0x6,

	CFGBLK_OP_COME		= 0x8,
	CFGBLK_OP_WELCOME	= 0x9,
	CFGBLK_OP_DONE		= 0xa,
	CFGBLK_OP_DATA		= 0xb,
	CFGBLK_OP_FAIL		= 0xc,
	CFGBLK_OP_MASK		= 0xd,
	CFGBLK_OP_GO		= 0xe,
	CFGBLK_OP_NEXT_DATA	= 0xf,
};

/* Set in the op of everything that the PF sends */
#define CFGBLK_OP_FROM_PF	0x8

/**
 * struct cfgblk_hdr - header dword, taken apart
 * @id: request id
 * @epoch: low bits of the epoch
 * @short_id: block id 0..62, or CFGBLK_SHORT_ID_NONE
 * @op: enum cfgblk_op
 * @arg: by op
 * @more: more fragments follow
 */
struct cfgblk_hdr {
	u8 id;
	u8 epoch;
	u8 short_id;
	u8 op;
	u8 arg;
	bool more;
};

/*
 * HELLO and WELCOME: these eight dwords are frozen, as are KNOCK and COME.  No
 * version of the protocol may change them, so that any two ends can always tell
 * each other what they speak.
 *
 *  dword   HELLO (VF to PF)             WELCOME (PF to VF)
 *    0     header, op HELLO             header, op WELCOME
 *    1     CFGBLK_HELLO_MAGIC           CFGBLK_HELLO_MAGIC
 *    2     7:0 oldest version           7:0 version agreed, 0: none in common
 *          15:8 newest version          15:8 oldest, 23:16 newest version
 *    3     features offered             features in common
 *    4     instance                     attempt of the HELLO
 *    5     attempt                      epoch
 *    6     0                            15:0 VF id
 *    7     sum                          sum
 *
 *  instance  a number that the VF driver draws once in its life: another one
 *            is another tenant
 *  attempt   a number that differs in each HELLO; the WELCOME repeats it
 *  sum       makes the eight dwords add up to 0 modulo 2^32, so that a HELLO
 *            that was overwritten half way is known as such
 *
 * Undefined bits are zero when sent and not looked at when received.
 */
#define CFGBLK_HELLO_DWORDS	8
#define CFGBLK_HELLO_MAGIC	0x42474643	/* "CFGB", lowest byte first */

#define CFGBLK_HELLO_MIN	GENMASK(7, 0)
#define CFGBLK_HELLO_MAX	GENMASK(15, 8)
#define CFGBLK_WELCOME_VERSION	GENMASK(7, 0)
#define CFGBLK_WELCOME_MIN	GENMASK(15, 8)
#define CFGBLK_WELCOME_MAX	GENMASK(23, 16)
#define CFGBLK_WELCOME_VF	GENMASK(15, 0)

/**
 * struct cfgblk_hello - HELLO, taken apart
 * @features: features offered
 * @instance: who speaks
 * @attempt: which attempt this is
 * @min: oldest version spoken
 * @max: newest version spoken
 */
struct cfgblk_hello {
	u32 features;
	u32 instance;
	u32 attempt;
	u8 min;
	u8 max;
};

/**
 * struct cfgblk_welcome - WELCOME, taken apart
 * @features: features in common
 * @attempt: which HELLO is answered
 * @epoch: epoch of all that follows
 * @vf: VF id
 * @version: version agreed, 0 if there is none in common
 * @min: oldest version that the PF speaks
 * @max: newest version that the PF speaks
 */
struct cfgblk_welcome {
	u32 features;
	u32 attempt;
	u32 epoch;
	u16 vf;
	u8 version;
	u8 min;
	u8 max;
};

u32 cfgblk_hdr_pack(const struct cfgblk_hdr *hdr);
bool cfgblk_hdr_unpack(u32 word, struct cfgblk_hdr *hdr);

void cfgblk_hello_pack(const struct cfgblk_hello *hello, u32 *words);
bool cfgblk_hello_unpack(const u32 *words, struct cfgblk_hello *hello);
void cfgblk_welcome_pack(const struct cfgblk_welcome *welcome, u32 *words);
bool cfgblk_welcome_unpack(const u32 *words, struct cfgblk_welcome *welcome);

/**
 * cfgblk_version_agree - the newest version that both ends speak
 * @a_min: oldest version of one end
 * @a_max: newest version of one end
 * @b_min: oldest version of the other end
 * @b_max: newest version of the other end
 *
 * Context: any.
 * Return: the version, or 0 if there is none in common.
 */
static inline u8 cfgblk_version_agree(u8 a_min, u8 a_max, u8 b_min, u8 b_max)
{
	u8 newest = min(a_max, b_max);

	return newest >= max(a_min, b_min) ? newest : 0;
}

#endif /* CFGBLK_PROTO_H */
