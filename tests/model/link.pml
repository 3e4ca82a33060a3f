/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Model of the link, both ends and the mailbox between them, for spin
 *
 * It says what common/pf_link.c and common/vf_link.c do, function by function
 * under the same names, and not what they should do.  tests/model.sh runs it
 * with the bounds of tests/model/configurations, and with the defects of
 * tests/model/mutants.
 *
 * Steps
 * -----
 * Each d_step is one access to something shared: a dword of the buffer, the
 * doorbells, the bells heard.  All else is done in the same step, as nobody can
 * see it.  So another process may come between any two dwords, and a message
 * may be seen half written.  pf_pc and vf_pc say which access is next.
 *
 * Time
 * ----
 * There is none.  Polls, reminders and time limits come when nothing else moves
 * (tick), and with SLOW at any other moment, too, as often as they like.  After
 * CALM_MAX ticks without a fault both ends must have found back: that is how
 * "every request ends" and "every mask arrives" are checked.  A step that never
 * comes, with no tick to come either, is an invalid end state.
 *
 * Numbers
 * -------
 * Epochs and attempts are kept as ages: what both ends count up is 0 for ever,
 * and each copy of it, in a dword or a variable, gets older instead.  Both ends
 * only ask whether two numbers are equal, so that is the same, and runs that
 * differ in the start of a number alone are one.
 * Ids and epochs are counted modulo 4 (on the wire: 32), with WRAP modulo 2,
 * the attempts of HELLO and WELCOME (32 bits) modulo twice that.  So numbers
 * that differ on the wire may be equal here: what is late looks more like what
 * is expected, and with SLOW the numbers go round without end.  Whether a
 * header is late indeed is known from bits beside the protocol (g_, e_): they
 * belong to a copy of a header, and go out when its exchange or its epoch is
 * over, however often the numbers went round.
 * The other way, numbers that are equal on the wire and differ here, there are
 * none.  A modulus of 2 cannot hide what needs three different numbers; that is
 * why both are run.
 *
 * What is left out, and why
 * -------------------------
 *  - 13 of 16 dwords: three are enough for a message with something half
 *    written.  A block has one fragment or two, of two dwords each.
 *  - ECHO: it comes in as a WRITE does and goes out as a READ does.
 *  - Block ids, access and statuses: the server's.  A block id in dword 1 is
 *    one more dword of the message.
 *  - The queue of calls: its timer asks nobody.  A call begins in IDLE, and
 *    that both ends find back to IDLE is what a queued call needs.
 *  - The rate limit: it delays link_work(), and any delay is in here.
 *  - Stopping a VF driver in order: dying at any step can do more.
 *  - A VF that lies: everything here is of two honest ends.
 *  - More than one bit in a mask: bits are ORed and taken alike.
 *  - Writes that overtake each other: they are posted, see mmio.c.
 *  - hw_hear() is one step here: it reads the messages, then the resets, and
 *    tells of the resets first, so that no message is heard without the reset
 *    that was before it.  MUTANT_RESET_HEARD_LATE is the other order.
 *
 * How to read a trail
 * -------------------
 *   tests/model.sh -t NAME         what a configuration or a mutant came to
 *   tests/model.sh -t NAME -p -g   each statement, and each change of a variable
 *
 * It replays, with `spin -t`, what build/model/NAME holds.  "PF" and "VF" are
 * the ends, "ENV" is all else; op, arg, epoch and id are those of dword 0, with
 * epoch as an age.  The last line says which property is broken.
 */

/* How much of each may happen; 0 if the configuration does not say */
#ifndef CALLS
#define CALLS		2	/* reads and writes of the VF */
#endif
#ifndef INVALIDATES
#define INVALIDATES	0	/* by the host, which publishes a new version */
#endif
#ifndef LOSSES
#define LOSSES		0	/* interrupts lost, or late */
#endif
#ifndef FLRS
#define FLRS		0	/* resets of the VF that its driver is not told of */
#endif
#ifndef DEATHS
#define DEATHS		0	/* the VF driver ends at any step, another begins */
#endif
#ifndef PF_RESETS
#define PF_RESETS	0
#endif
#ifndef WANTS
#define WANTS		0	/* changes of who wants masks */
#endif
#ifndef VERSIONS
#define VERSIONS	0	/* 1: there may be no version in common */
#endif
#ifndef SLOW
#define SLOW		0	/* 1: time limits and polls at any moment */
#endif
#ifdef WRAP
#define MOD		2
#else
#define MOD		4
#endif
#ifndef CALM_MAX
#define CALM_MAX	3	/* messages of an exchange that a VF without interrupts hears */
#endif

#define FAULTLESS	(!LOSSES && !FLRS && !DEATHS && !PF_RESETS && \
			 !VERSIONS && !SLOW)

/* enum cfgblk_pf_state, enum cfgblk_vf_state */
mtype = {
	DOWN, IDLE, RECEIVING, ANSWERING,
	KNOCKING, GREETING, SENDING, WAITING, REFUSED
};

/* Which access is next */
mtype = {
	P_WORK,
	P_RESET, P_WIPE0, P_WIPE1, P_WIPE2,
	P_MESSAGE, P_HELLO1, P_HELLO2, P_GET1, P_GET2,
	P_BELLS, P_OVERTAKEN, P_PUT2, P_PUT1, P_PUT0, P_RING, P_GO, P_TELL,
	P_OFF, P_IN_RESET, P_ON0, P_ON1, P_ON2,
	V_WORK,
	V_KNOCK, V_PUT2, V_PUT1, V_PUT0, V_RING, V_ACK,
	V_COME, V_WELCOME0, V_WELCOME1, V_WELCOME2, V_LISTEN,
	V_ANSWER, V_MASK, V_DATA1, V_DATA2, V_LOOK
};

/* Bells */
#define MESSAGE		1
#define ACK		2
#define RESET		4
#define PF_DOWN		8
#define NOTICE		(MESSAGE | ACK)

/* enum cfgblk_op */
#define KNOCK		0
#define HELLO		1
#define READ		2
#define WRITE		3
#define TAKE		5
#define NEXT		6
#define FROM_PF		8
#define COME		8
#define WELCOME		9
#define DONE		10
#define DATA		11
#define FAIL		12
#define MASK		13
#define GO		14
#define NEXT_DATA	15

#define NOT_ATTACHED	1
#define BAD_LENGTH	2
#define BAD_FRAGMENT	3

/* Header: signature, op, M, arg, epoch, id.  A length is in fragments */
#define SIGNATURE	4096
#define HDR(op, more, arg, epoch, id) \
	(SIGNATURE | (op) << 8 | (more) << 7 | (arg) << 5 | (epoch) << 3 | (id))
#define VALID(h)	((h) & SIGNATURE)
#define OP(h)		(((h) >> 8) & 15)
#define MORE(h)		(((h) >> 7) & 1)
#define ARG(h)		(((h) >> 5) & 3)
#define EPOCH(h)	(((h) >> 3) & 3)
#define ID(h)		((h) & 7)
#define NO_ID		7

/*
 * Dwords behind the header: 0 wiped, 1..3 a version of the block, 4..6 what
 * the VF writes, else see the macros.  The second dword of HELLO and WELCOME
 * is the sum: it fits the first one of the same message only.
 */
#define MASK1(bit)		(16 | (bit))
#define HELLO1(inst, try)	(32 | (inst) << 3 | (try))
#define HELLO2(inst, try)	(64 | (inst) << 3 | (try))
#define IS_HELLO(w)		((w) >= 32 && (w) < 96)
#define IS_WELCOME(w)		((w) >= 96)
#define WELCOME1(try, epoch)	(96 | (try) << 2 | (epoch))
#define WELCOME2(ver, try, epoch) (128 | (ver) << 5 | (try) << 2 | (epoch))

/* The mailbox */
short mem0;			/* the buffer */
byte mem1;
byte mem2;
byte cause;			/* REQ and ACK, latched for the PF */
bit flr;			/* reset, latched for the PF */
byte latch;			/* STS, ACK, RSTD, latched for the VF */
bit rsti;			/* the PF is in reset */
bit deaf;			/* an interrupt of the PF got lost: none comes before it looks */
bit irq_on = 0;			/* the VF's vectors are programmed */

/* struct cfgblk_pf_link */
mtype pf_pc = P_WORK;
mtype pf_state = DOWN;
byte pf_bells;
bit pf_queued;			/* link_work() runs without a bell */
bit on = 1;
bit pending = 1;
bit taken;
bit told;
byte last_id = NO_ID;
byte instance;
bit known;
bit speaks = 1;			/* there is a version in common */
short dword0;
bit acked_too;			/* the ACK was heard with the message */
bit asked;			/* for a GO in the buffer */
byte in_len;
byte in_frag;
byte in_value;
byte out_len;
byte out_frag;
byte out_value;
short h;			/* header at hand */
byte w1;			/* dword at hand */
short o0;			/* message to be put */
byte o1;
byte o2;
byte obells;

/* The server */
byte version = 1;		/* of the published block: 1..3 */
byte stored;			/* what the VF wrote: 4..6, 0 nothing */

/* struct cfgblk_vf_link */
mtype vf_pc = V_WORK;
mtype vf_state = DOWN;
byte vf_bells;
bit expired;			/* the time limit is over */
bit waits;			/* DOWN: not yet time to KNOCK */
bit notice;
bit noticed;			/* by the bells at hand */
bit asks;			/* for a GO in the buffer */
short vf_dword0;
bit wanted = 1;
byte vf_instance = 1;
byte vf_epoch;
byte vf_id;
byte op;
byte length;			/* in fragments */
byte frag;			/* of either direction */
byte value = 4;			/* written last */
byte got;			/* read: the fragment before */
short vh;
byte vw1;
short s0;
byte s1;
byte s2;

/* What may still happen */
byte calls = CALLS;
byte invalidates = INVALIDATES;
byte losses = LOSSES;
byte flrs = FLRS;
byte deaths = DEATHS;
byte pf_resets = PF_RESETS;
byte wants = WANTS;
byte calm;

/*
 * What the properties need to know and the protocol does not
 */
bit g_mem;		/* mem0 is of the VF's exchange under way */
bit g_pf;		/* so is what the PF serves */
bit g_vf;		/* so is the header that the VF has at hand */
bit e_mem;		/* mem0 was written in the PF's epoch */
bit e_pf;		/* so was the header that the PF has at hand */
bit e_vf;		/* the VF is in the PF's epoch */
bit e_welcome;		/* the WELCOME that the VF has at hand is of it */
bit unseen;		/* invalidated, and this VF driver has not seen it */
bit g_stored;		/* the write under way was stored */
bit g_read;		/* the PF has copied what the VF sent last */
bit acked;		/* the last write was, and the VF knows it */
bit unaware;		/* reset without the driver's knowledge, not served */
bit in_torn;		/* parts of two messages */
bit got_torn;
byte allowed;		/* versions that a read may give, a bit for each */
byte rest;		/* bytes behind the HELLO: 1 of this VF, 2 of a dead one */
bit stored_dead;	/* stored is of a VF that is dead */

#define RESET_DUE	(flr || (pf_bells & RESET) || pf_pc == P_RESET || \
			 pf_pc == P_WIPE0 || pf_pc == P_WIPE1 || \
			 pf_pc == P_WIPE2)

/* What must hold.  The end of the trail, and with it model.sh, names what did not */
mtype = {
	NO_ANSWER_TO_ANOTHER_REQUEST,
	NO_MESSAGE_OF_AN_OLD_EPOCH,
	NO_BLOCK_READ_HALF_OLD,
	NO_BLOCK_WRITTEN_HALF_OLD,
	NO_FRAGMENT_OVER_ANOTHER,
	NO_NOTICE_BEFORE_A_FRAGMENT,
	NO_STALE_BLOCK,
	NO_INVALIDATION_LOST,
	NO_ACKNOWLEDGED_WRITE_LOST,
	NO_DONE_WITHOUT_A_WRITE,
	NOTHING_LEFT_OF_A_DEAD_VF,
	NO_HELLO_HALF_OLD,
	NO_CALL_FAILS_WITHOUT_A_FAULT,
	BOTH_ENDS_FIND_BACK,
	EVERY_MASK_ARRIVES
};

#define PROPERTY(name, condition) \
	if \
	:: (condition) \
	:: else -> printf("BROKEN: %e\n", name); assert(false) \
	fi

#define BUSY(state)	((state) == SENDING || (state) == WAITING || (state) == RECEIVING)

/*
 * The states that were worked in.  No part of the model's state: written at the
 * end of the search, so that model.sh sees that none was missed.
 */
#ifndef REPLAY
c_decl {
	\#include <stdlib.h>

	static unsigned int seen_states;

	static void tell_states(void)
	{
		printf("states worked in: %u\n", seen_states);
	}

	static void saw(unsigned int n)
	{
		if (!seen_states)
			atexit(tell_states);
		seen_states |= 1u << n;
	}
}
#endif

/* Spin cannot run C when it replays a trail */
#ifdef REPLAY
#define SAW(n)	skip
#else
#define SAW(n)	c_code { saw(n); }
#endif

inline pf_saw()
{
	if
	:: pf_state == DOWN -> SAW(0)
	:: pf_state == IDLE -> SAW(1)
	:: pf_state == RECEIVING -> SAW(2)
	:: pf_state == ANSWERING -> SAW(3)
	fi
}

inline vf_saw()
{
	if
	:: vf_state == DOWN -> SAW(4)
	:: vf_state == KNOCKING -> SAW(5)
	:: vf_state == GREETING -> SAW(6)
	:: vf_state == IDLE -> SAW(7)
	:: vf_state == SENDING -> SAW(8)
	:: vf_state == WAITING -> SAW(9)
	:: vf_state == RECEIVING -> SAW(10)
	:: vf_state == REFUSED -> SAW(11)
	fi
}

/* ---- doorbells ---- */

/* hw_hear(): from the latches into the link's bells */
inline pf_hear()
{
	if
	:: on -> pf_bells = pf_bells | cause | (flr -> RESET : 0)
	:: else
	fi;
	cause = 0;
	flr = 0;
	deaf = 0
}

/* The ISR of the VF */
inline vf_hear()
{
	vf_bells = vf_bells | latch;
	latch = 0
}

inline pf_ring(bells, lost)
{
	latch = latch | (bells);
	if
	:: irq_on && !(lost) -> vf_hear()
	:: else
	fi
}

inline vf_ring(bells, lost)
{
	cause = cause | (bells);
	if
	:: lost || deaf -> deaf = on
	:: else -> pf_hear()
	fi
}

inline lose()
{
	losses--;
	calm = 0
}

/* ---- the PF's end ---- */

inline pf_forget_vf()
{
	PROPERTY(NO_ACKNOWLEDGED_WRITE_LOST, !acked);
	known = 0;
	instance = 0;
	stored = 0;
	stored_dead = 0
}

/* All copies of an epoch are one older */
inline age_epoch(m)
{
	if
	:: VALID(m) && OP(m) != KNOCK && OP(m) != HELLO && OP(m) != COME &&
	   OP(m) != WELCOME ->
		m = (m & ~(3 << 3)) | (((EPOCH(m) + 1) % MOD) << 3)
	:: else
	fi
}

inline age_epoch_welcomed(w)
{
	if
	:: IS_WELCOME(w) -> w = (w & ~3) | (((w & 3) + 1) % MOD)
	:: else
	fi
}

inline pf_next_epoch()
{
	age_epoch(mem0);
	age_epoch(dword0);
	age_epoch(h);
	age_epoch(o0);
	age_epoch(vh);
	age_epoch(vf_dword0);
	age_epoch(s0);
	age_epoch_welcomed(mem1);
	age_epoch_welcomed(mem2);
	age_epoch_welcomed(o1);
	age_epoch_welcomed(o2);
	age_epoch_welcomed(vw1);
	if
	:: BUSY(vf_state) || vf_state == IDLE -> vf_epoch = (vf_epoch + 1) % MOD
	:: else
	fi
}

inline pf_afresh()
{
#ifndef MUTANT_TAKEN_NOT_PUT_BACK
	pending = pending | taken;
#endif
	taken = 0;
	told = 0;
	pf_state = DOWN;
	pf_next_epoch();
	last_id = NO_ID;
	asked = 0;
	in_len = 0;
	in_frag = 0;
	in_value = 0;
	in_torn = 0;
	out_len = 0;
	out_frag = 0;
	out_value = 0;
	e_mem = 0;
	e_pf = 0;
	e_vf = 0;
	e_welcome = 0
}

#ifdef MUTANT_TELLS_IN_RECEIVING
#define MAY_TELL	1
#else
#define MAY_TELL	(pf_state != RECEIVING)
#endif

/* The work is done but for link_tell() */
inline pf_done()
{
	h = 0;
	w1 = 0;
	o0 = 0;
	o1 = 0;
	o2 = 0;
	obells = 0;
	PROPERTY(NO_INVALIDATION_LOST,
		 !unseen || pending || taken || RESET_DUE || !known ||
		 instance != vf_instance);
	asked = (pf_state == RECEIVING -> asked : 0);
	acked_too = 0;
	pf_pc = (pending && !told && MAY_TELL -> P_TELL : P_WORK)
}

/* link_put() begins */
inline pf_put(m0, m1, m2)
{
	o0 = m0;
	o1 = m1;
	o2 = m2;
	h = 0;
	w1 = 0;
	pf_pc = P_BELLS
}

/* ... and goes on once it is clear that the VF waits */
inline pf_put_on()
{
	obells = MESSAGE;
	if
	:: pending -> told = 1; obells = MESSAGE | ACK
	:: else
	fi;
	dword0 = o0;
#ifdef MUTANT_DWORD0_FIRST
	pf_pc = P_PUT0
#else
	if
	:: o2 -> pf_pc = P_PUT2
	:: !o2 && o1 -> pf_pc = P_PUT1
	:: else -> pf_pc = P_PUT0
	fi
#endif
}

/* Which dword after dword 0 of the buffer, with the order reversed */
inline pf_put_next()
{
#ifdef MUTANT_DWORD0_FIRST
	if
	:: pf_pc == P_PUT0 && o1 -> pf_pc = P_PUT1
	:: pf_pc == P_PUT1 && o2 -> pf_pc = P_PUT2
	:: else -> pf_pc = P_RING
	fi
#else
	if
	:: pf_pc == P_PUT2 -> pf_pc = P_PUT1
	:: pf_pc == P_PUT1 -> pf_pc = P_PUT0
	:: else -> pf_pc = P_RING
	fi
#endif
}

inline pf_fail(status)
{
	pf_put(HDR(FAIL, 0, status, 0, last_id), 0, 0)
}

inline pf_send_out()
{
	if
	:: out_frag == 0 ->
		pf_put(HDR(DATA, (out_len > 1), out_len, 0, last_id),
		       out_value, out_value)
	:: else ->
		pf_put(HDR(NEXT_DATA, (out_frag + 1 < out_len), out_frag, 0,
			   last_id), out_value, out_value)
	fi;
	out_frag++;
	if
	:: out_frag < out_len -> pf_state = ANSWERING
	:: else ->
		pf_state = IDLE;
		out_frag = 0;
		out_len = 0;
		out_value = 0
	fi
}

inline pf_serve_write()
{
	pf_state = IDLE;
	PROPERTY(NO_BLOCK_WRITTEN_HALF_OLD, !in_torn);
	PROPERTY(NO_ACKNOWLEDGED_WRITE_LOST, !acked);
#ifndef MUTANT_NOT_STORED
	stored = in_value;
	stored_dead = 0;
	if
	:: g_pf -> g_stored = 1
	:: else
	fi;
#endif
	in_value = 0;
	pf_put(HDR(DONE, 0, 0, 0, last_id), 0, 0)
}

inline pf_say_go()
{
#ifdef MUTANT_GO_FOR_THE_LAST
	pf_put(HDR(GO, 0, (in_frag - 1), 0, last_id), 0, 0)
#else
	pf_put(HDR(GO, 0, in_frag, 0, last_id), 0, 0)
#endif
}

inline pf_go()
{
	pf_state = RECEIVING;
	if
	:: asked -> pf_say_go()
	:: else ->
		h = 0;
		w1 = 0;
		pf_pc = P_GO
	fi
}

/* Both dwords of the fragment are there: w1 and second */
inline pf_received(second)
{
	in_torn = in_torn | (w1 != second) | (in_frag && in_value != w1);
	in_value = w1;
	in_frag++;
	g_read = g_pf;
	if
	:: MORE(h) == (in_frag == in_len) -> pf_fail(BAD_LENGTH)
	:: MORE(h) != (in_frag == in_len) && MORE(h) -> pf_go()
	:: else -> pf_serve_write()
	fi
}

inline pf_on_take()
{
#ifndef MUTANT_TAKEN_NOT_KEPT
	taken = pending;
#endif
#ifndef MUTANT_TOLD_FOR_EVER
	told = 0;
#endif
	pf_put(HDR(MASK, 0, 0, 0, last_id), MASK1(pending), 0);
	pending = 0
}

inline pf_on_request()
{
	PROPERTY(NO_INVALIDATION_LOST,
		 !(taken && unseen && !pending) || RESET_DUE ||
		 instance != vf_instance);
	taken = 0;
	pf_state = IDLE;
	in_len = ARG(h);
	in_frag = 0;
	in_value = 0;
	in_torn = 0;
	if
	:: OP(h) == READ ->
		out_len = in_len;
		in_len = 0;
		out_frag = 0;
#ifdef MUTANT_READ_ONCE
		out_value = 1;
#else
		out_value = version;
#endif
		pf_send_out()
	:: OP(h) == WRITE -> pf_pc = P_GET1
	:: OP(h) == TAKE -> pf_on_take()
	fi
}

inline pf_on_next()
{
	if
	:: ARG(h) < in_frag -> pf_done()
	:: ARG(h) == in_frag && pf_state == RECEIVING ->
		pf_state = IDLE;
		pf_pc = P_GET1
	:: else ->
		pf_state = IDLE;
		pf_fail(BAD_FRAGMENT)
	fi
}

#ifdef MUTANT_EPOCH_ON_PF
#define FRESH_EPOCH	1
#else
#define FRESH_EPOCH	(EPOCH(h) == 0)
#endif
#ifdef MUTANT_ID_ON_PF
#define FRESH_ID	1
#else
#define FRESH_ID	((OP(h) == NEXT) == (ID(h) == last_id))
#endif

#ifdef MUTANT_DOWN_SERVES
#define SERVES		1
#else
#define SERVES		(pf_state != DOWN)
#endif

inline pf_on_header()
{
	if
#ifndef MUTANT_DOWN_SERVES
	:: pf_state == DOWN ->
		pf_put(HDR(FAIL, 0, NOT_ATTACHED, EPOCH(h), ID(h)), 0, 0)
#endif
	:: SERVES && !(FRESH_EPOCH && FRESH_ID) -> pf_done()
	:: else ->
		PROPERTY(NO_MESSAGE_OF_AN_OLD_EPOCH, e_pf);
		last_id = ID(h);
		if
		:: OP(h) == NEXT -> pf_on_next()
		:: else -> pf_on_request()
		fi
	fi
}

inline pf_on_knock()
{
	pf_afresh();
	pf_put(HDR(COME, 0, 0, 0, ID(h)), 0, 0)
}

inline pf_on_hello(second)
{
	pf_afresh();
	PROPERTY(NO_HELLO_HALF_OLD, second == w1 + 32);
	if
	:: !known || instance != ((w1 >> 3) & 3) ->
		if
		:: known -> pf_forget_vf()
		:: else
		fi;
		instance = (w1 >> 3) & 3;
		known = 1;
		pending = 1
	:: else
	fi;
	if
	:: speaks -> pf_state = IDLE
	:: else
	fi;
	PROPERTY(NOTHING_LEFT_OF_A_DEAD_VF,
		 (!stored_dead && rest != 2) || RESET_DUE ||
		 instance != vf_instance);
	pf_put(HDR(WELCOME, 0, 0, 0, 0), WELCOME1((w1 & 7), 0),
	       WELCOME2(speaks, (w1 & 7), 0))
}

#ifdef MUTANT_SERVED_TWICE
#define KNOWN		0
#else
#define KNOWN		1
#endif

#ifdef MUTANT_GO_TWICE
#define ASKED_BEFORE	0
#else
#define ASKED_BEFORE	asked
#endif

inline pf_on_ack()
{
	if
	:: pf_state == ANSWERING -> pf_send_out()
	:: pf_state == RECEIVING && !ASKED_BEFORE -> asked = 1; pf_say_go()
	:: else -> pf_done()
	fi
}

#ifdef MUTANT_LATE_BELL_ALONE
#define HEARS_BOTH	0
#else
#define HEARS_BOTH	1
#endif

inline pf_on_message()
{
	h = mem0;
	g_pf = g_mem;
	e_pf = e_mem;
	if
	:: h == dword0 && KNOWN && acked_too && HEARS_BOTH -> pf_on_ack()
	:: h == dword0 && KNOWN && !(acked_too && HEARS_BOTH) -> pf_done()
	:: else ->
		dword0 = h;
#ifndef MUTANT_ASKED_TOO_EARLY
		asked = acked_too;
#endif
		acked_too = 0;
		if
		:: !VALID(h) || (OP(h) & FROM_PF) -> pf_done()
		:: VALID(h) && OP(h) == KNOCK -> pf_on_knock()
		:: VALID(h) && OP(h) == HELLO -> pf_pc = P_HELLO1
		:: else -> pf_on_header()
		fi
	fi
}

/* The buffer is wiped */
inline pf_on_reset()
{
	pf_afresh();
#ifndef MUTANT_NOTHING_FORGOTTEN
	pf_forget_vf();
#endif
	unaware = 0;
#ifndef MUTANT_NOTHING_PUBLISHED
	pending = 1;
#endif
	if
	:: VALID(h) && OP(h) == KNOCK -> pf_on_knock()
	:: else -> pf_done()
	fi
}

inline pf_work()
{
	printf("PF works: bells %d, %e\n", pf_bells, pf_state);
	pf_saw();
	pf_queued = 0;
	if
	:: pf_bells & RESET -> pf_pc = P_RESET; pf_bells = 0
	:: (pf_bells & (RESET | MESSAGE)) == MESSAGE ->
		acked_too = (pf_bells & ACK) != 0;
		pf_pc = P_MESSAGE;
		pf_bells = 0
	:: pf_bells == ACK -> pf_bells = 0; pf_on_ack()
	:: else -> pf_bells = 0; pf_done()
	fi
}

inline wipe0()
{
	mem0 = 0;
	dword0 = 0;
	g_mem = 0;
	e_mem = 0
}

inline wipe1()
{
	mem1 = 0
}

inline wipe2()
{
	mem2 = 0;
	rest = 0
}

active proctype PF()
{
	do
	:: d_step { pf_pc == P_WORK && on && (pf_bells || pf_queued) -> pf_work() }

	/* link_on_reset() */
	:: d_step { pf_pc == P_RESET ->
		h = mem0;
		g_pf = g_mem;
#ifdef MUTANT_NO_WIPE
		wipe0();
		pf_on_reset()
#else
#ifdef MUTANT_DWORD0_WIPED_LAST
		pf_pc = P_WIPE1
#else
		pf_pc = P_WIPE0
#endif
#endif
	}
#ifdef MUTANT_DWORD0_WIPED_LAST
	:: d_step { pf_pc == P_WIPE1 -> wipe1(); pf_pc = P_WIPE2 }
	:: d_step { pf_pc == P_WIPE2 -> wipe2(); pf_pc = P_WIPE0 }
	:: d_step { pf_pc == P_WIPE0 -> wipe0(); pf_on_reset() }
#else
	:: d_step { pf_pc == P_WIPE0 -> wipe0(); pf_pc = P_WIPE1 }
	:: d_step { pf_pc == P_WIPE1 -> wipe1(); pf_pc = P_WIPE2 }
	:: d_step { pf_pc == P_WIPE2 -> wipe2(); pf_on_reset() }
#endif

	/* link_on_message() */
	:: d_step { pf_pc == P_MESSAGE -> pf_on_message() }
	:: d_step { pf_pc == P_HELLO1 -> w1 = mem1; pf_pc = P_HELLO2 }
	:: d_step { pf_pc == P_HELLO2 ->
		if
#ifdef MUTANT_SUM
		:: (w1 >> 5) == 1 -> pf_on_hello(mem2)
#else
		:: (w1 >> 5) == 1 && mem2 == w1 + 32 -> pf_on_hello(mem2)
#endif
		:: else -> pf_done()
		fi
	}
	:: d_step { pf_pc == P_GET1 -> w1 = mem1; pf_pc = P_GET2 }
	:: d_step { pf_pc == P_GET2 -> pf_received(mem2) }

	/* link_put() */
	:: d_step { pf_pc == P_BELLS ->
		if
		:: pf_bells & RESET -> pf_done()
		:: (pf_bells & (RESET | MESSAGE)) == MESSAGE -> pf_pc = P_OVERTAKEN
		:: else -> pf_put_on()
		fi
	}
	:: d_step { pf_pc == P_OVERTAKEN ->
		if
#ifndef MUTANT_OVERTAKEN
		:: mem0 != dword0 -> pf_done()
#endif
		:: else -> pf_put_on()
		fi
	}
	:: d_step { pf_pc == P_PUT2 -> mem2 = o2; rest = (IS_WELCOME(o2) -> rest : 0); pf_put_next() }
	:: d_step { pf_pc == P_PUT1 -> mem1 = o1; pf_put_next() }
	:: d_step { pf_pc == P_PUT0 ->
		printf("PF puts op %d arg %d epoch %d id %d\n", OP(o0), ARG(o0), EPOCH(o0), ID(o0));
		mem0 = o0;
		g_mem = g_pf;
		e_mem = 1;
		pf_put_next()
	}
	:: d_step { pf_pc == P_RING -> pf_ring(obells, 0); pf_done() }
	:: d_step { pf_pc == P_RING && losses && irq_on ->
		printf("PF's interrupt is lost\n");
		pf_ring(obells, 1);
		lose();
		pf_done()
	}

	/* link_go() */
	:: d_step { pf_pc == P_GO -> pf_ring(ACK, 0); pf_done() }
	:: d_step { pf_pc == P_GO && losses && irq_on ->
		printf("PF's GO is lost\n");
		pf_ring(ACK, 1);
		lose();
		pf_done()
	}

	/* link_tell() */
	:: d_step { pf_pc == P_TELL ->
		PROPERTY(NO_NOTICE_BEFORE_A_FRAGMENT, pf_state != RECEIVING);
		told = 1;
		pf_ring(NOTICE, 0);
		pf_pc = P_WORK
	}
	:: d_step { pf_pc == P_TELL && losses && irq_on ->
		told = 1;
		pf_ring(NOTICE, 1);
		lose();
		pf_pc = P_WORK
	}

	/* The device is reset, comes back, and cfgblk_pf_link_on() */
	:: d_step { pf_pc == P_OFF ->
		printf("PF in reset\n");
		rsti = 1;
		cause = 0;
		flr = 0;
		deaf = 0;
		latch = 0;
		irq_on = 0;
		pf_pc = P_IN_RESET
	}
	:: d_step { pf_pc == P_IN_RESET ->
		printf("PF out of reset\n");
		rsti = 0;
		latch = RESET;
		pf_pc = P_ON0
	}
	:: d_step { pf_pc == P_ON0 -> wipe0(); pf_pc = P_ON1 }
	:: d_step { pf_pc == P_ON1 -> wipe1(); pf_pc = P_ON2 }
	:: d_step { pf_pc == P_ON2 ->
		wipe2();
		pf_bells = 0;
		on = 1;
		calm = 0;
		pf_pc = P_WORK
	}
	:: d_step { VERSIONS && pf_pc == P_ON2 && !speaks ->
		wipe2();
		pf_bells = 0;
		on = 1;
		calm = 0;
		speaks = 1;
		pf_pc = P_WORK
	}
	od
}

/* ---- the VF's end ---- */

/* What the VF said before is of no exchange any more */
inline vf_exchange()
{
	g_mem = 0;
	g_pf = 0;
	g_read = 0;
	g_stored = 0
}

inline vf_work_done()
{
	vh = 0;
	vw1 = 0;
	s0 = 0;
	s1 = 0;
	s2 = 0;
	g_vf = 0;
	noticed = 0;
	vf_pc = V_WORK
}

/* The exchange is over: link->call is NULL */
inline vf_call_over()
{
	op = 0;
	length = 0;
	frag = 0;
	got = 0;
	got_torn = 0;
	allowed = 0;
	asks = 0;
	vf_dword0 = 0;
	vf_work_done()
}

inline vf_end(err)
{
	PROPERTY(NO_CALL_FAILS_WITHOUT_A_FAULT, !(err) || !FAULTLESS);
	vf_state = IDLE;
	vf_call_over()
}

inline vf_down()
{
	printf("VF down, was %e\n", vf_state);
	PROPERTY(NO_CALL_FAILS_WITHOUT_A_FAULT, !op || !FAULTLESS);
	notice = 0;
	vf_state = DOWN;
	waits = 0;
	vf_id = 0;
	vf_epoch = 0;
	e_vf = 0;
	vf_call_over()
}

/* link_put() begins */
inline vf_put(m0, m1, m2)
{
	s0 = m0;
	s1 = m1;
	s2 = m2;
	vh = 0;
	vw1 = 0;
	g_vf = 0;
	noticed = 0;
#ifdef MUTANT_DWORD0_FIRST
	vf_pc = V_PUT0
#else
	vf_pc = (s2 -> V_PUT2 : V_PUT0)
#endif
}

inline vf_put_next()
{
#ifdef MUTANT_DWORD0_FIRST
	if
	:: vf_pc == V_PUT0 && s1 -> vf_pc = V_PUT1
	:: vf_pc == V_PUT1 -> vf_pc = V_PUT2
	:: else -> vf_pc = V_RING
	fi
#else
	if
	:: vf_pc == V_PUT2 -> vf_pc = V_PUT1
	:: vf_pc == V_PUT1 -> vf_pc = V_PUT0
	:: else -> vf_pc = V_RING
	fi
#endif
}

inline vf_begin(what, fragments)
{
	printf("VF begins op %d, %d fragments\n", what, fragments);
	vf_exchange();
	op = what;
	length = fragments;
	vf_id = (vf_id + 1) % MOD;
	calm = 0
}

inline vf_begin_read(fragments)
{
	calls--;
	vf_begin(READ, fragments);
	allowed = 1 << version;
	vf_state = WAITING;
	vf_put(HDR(READ, 0, length, vf_epoch, vf_id), 0, 0)
}

inline vf_send_fragment(which, arg)
{
	vf_state = (frag + 1 < length -> SENDING : WAITING);
	g_read = 0;
	asks = 0;
	vf_put(HDR(which, (frag + 1 < length), arg, vf_epoch, vf_id), value, value);
	frag++
}

inline vf_begin_write(fragments)
{
	calls--;
	vf_begin(WRITE, fragments);
	acked = 0;
	value = (value == 6 -> 4 : value + 1);
	vf_send_fragment(WRITE, length)
}

inline vf_begin_take()
{
	vf_begin(TAKE, 0);
	notice = 0;
	vf_state = WAITING;
	vf_put(HDR(TAKE, 0, 0, vf_epoch, vf_id), 0, 0)
}

/* link_try_knock(), link_knock() but for the buffer */
inline vf_try_knock()
{
	latch = 0;
	vf_bells = 0;
	if
	:: rsti -> waits = 1
	:: else -> vf_pc = V_KNOCK
	fi
}

inline vf_greet()
{
	vf_exchange();
	vf_state = GREETING;
	vf_put(HDR(HELLO, 0, 0, 0, 0), HELLO1(vf_instance, 0),
	       HELLO2(vf_instance, 0))
}

/* All copies of an attempt are older */
inline age_try(m, by)
{
	if
	:: VALID(m) && (OP(m) == KNOCK || OP(m) == COME) ->
		m = (m & ~7) | ((ID(m) + by) % MOD)
	:: else
	fi
}

inline age_try_greeted(w, by)
{
	if
	:: IS_HELLO(w) -> w = (w & ~7) | (((w & 7) + by) % (2 * MOD))
	:: IS_WELCOME(w) ->
		w = (w & ~(7 << 2)) | (((((w >> 2) & 7) + by) % (2 * MOD)) << 2)
	:: else
	fi
}

inline vf_next_try(by)
{
	age_try(mem0, by);
	age_try(dword0, by);
	age_try(h, by);
	age_try(o0, by);
	age_try(vh, by);
	age_try(s0, by);
	age_try_greeted(mem1, by);
	age_try_greeted(mem2, by);
	age_try_greeted(w1, by);
	age_try_greeted(o1, by);
	age_try_greeted(o2, by);
	age_try_greeted(vw1, by);
	age_try_greeted(s1, by);
	age_try_greeted(s2, by)
}

inline vf_knock()
{
	irq_on = 1;
	vf_next_try(1);
#ifdef MUTANT_NO_KNOCK
	vf_greet()
#else
	printf("VF knocks\n");
	vf_exchange();
	vf_state = KNOCKING;
	mem0 = HDR(KNOCK, 0, 0, 0, 0);
	g_mem = 1;
	e_mem = 0;
	vf_pc = V_RING
#endif
}

inline vf_knocked()
{
	vh = mem0;
	if
	:: vh == HDR(COME, 0, 0, 0, 0) -> vf_greet()
	:: else -> vf_work_done()
	fi
}

inline vf_welcome(second)
{
	if
	:: (vw1 >> 5) == 3 && (second >> 6) == 2 && (vw1 & 31) == (second & 31) &&
	   ((vw1 >> 2) & 7) == 0 ->
		vf_epoch = vw1 & 3;
		vf_id = 0;
		vf_state = ((second >> 5) & 1 -> IDLE : REFUSED);
		e_vf = e_welcome;
		printf("VF %e\n", vf_state)
	:: else
	fi;
	e_welcome = 0;
	vf_work_done();
#ifndef MUTANT_NO_LISTEN
	vf_pc = (vf_state == IDLE -> V_LISTEN : V_WORK)
#endif
}

/* What the PF rang before it wrote the WELCOME */
inline vf_listen()
{
	if
	:: rsti -> vf_bells = PF_DOWN; latch = 0
	:: else -> vf_hear()
	fi;
	if
	:: vf_bells & (RESET | PF_DOWN) -> vf_down()
	:: else ->
		notice = notice | ((vf_bells & NOTICE) == NOTICE);
		vf_work_done()
	fi;
	vf_bells = 0
}

inline vf_on_go()
{
	printf("VF takes the GO for fragment %d\n", frag);
	PROPERTY(NO_FRAGMENT_OVER_ANOTHER, g_read || !e_vf);
	vf_send_fragment(NEXT, frag)
}

inline vf_on_data(first)
{
	if
	:: first && (vf_state != WAITING || op != READ || ARG(vh) > length) -> vf_down()
	:: !first && (vf_state != RECEIVING || ARG(vh) != frag) -> vf_down()
	:: else ->
		if
		:: first -> length = ARG(vh); frag = 0
		:: else
		fi;
		vf_pc = V_DATA1
	fi
}

inline vf_data(second)
{
	got_torn = got_torn | (vw1 != second) | (frag && got != vw1);
	got = vw1;
	frag++;
	if
	:: MORE(vh) == (frag == length) -> vf_down()
	:: MORE(vh) && frag != length ->
		vf_state = RECEIVING;
		vh = 0;
		vw1 = 0;
		g_vf = 0;
		noticed = 0;
		vf_pc = V_ACK
	:: else -> vf_pc = V_LOOK; vw1 = 0
	fi
}

inline vf_read_ends()
{
	PROPERTY(NO_BLOCK_READ_HALF_OLD, !got_torn);
	PROPERTY(NO_STALE_BLOCK, (allowed >> got) & 1);
	vf_end(0)
}

inline vf_write_ends()
{
	PROPERTY(NO_DONE_WITHOUT_A_WRITE, g_stored);
	acked = !unaware;
	vf_end(0)
}

inline vf_dispatch()
{
	if
	:: OP(vh) == DONE ->
		if
		:: vf_state == WAITING && op == WRITE -> vf_write_ends()
		:: else -> vf_down()
		fi
	:: OP(vh) == DATA -> vf_on_data(1)
	:: OP(vh) == NEXT_DATA -> vf_on_data(0)
	:: OP(vh) == FAIL ->
		if
		:: ARG(vh) == NOT_ATTACHED -> vf_down()
		:: else -> vf_end(1)
		fi
	:: OP(vh) == MASK ->
		if
		:: vf_state == WAITING && op == TAKE -> vf_pc = V_MASK
		:: else -> vf_down()
		fi
	:: OP(vh) == GO ->
		if
		:: vf_state == SENDING && ARG(vh) == frag -> vf_on_go()
		:: else -> vf_down()
		fi
	:: else -> vf_down()
	fi
}

#ifdef MUTANT_EPOCH_ON_VF
#define OUR_EPOCH	1
#else
#define OUR_EPOCH	(EPOCH(vh) == vf_epoch)
#endif
#ifdef MUTANT_ID_ON_VF
#define OUR_ID		1
#else
#define OUR_ID		(ID(vh) == vf_id)
#endif

#ifdef MUTANT_DWORD0_NOT_KNOWN
#define KNOWN_ON_VF	0
#else
#define KNOWN_ON_VF	1
#endif
#ifdef MUTANT_NEVER_ASKS
#define ASKS		0
#else
#define ASKS		(noticed && vf_state == SENDING && !asks)
#endif

inline vf_nothing_new()
{
	if
	:: ASKS ->
		asks = 1;
		vf_work_done();
		vf_pc = V_ACK
	:: else -> vf_work_done()
	fi
}

inline vf_answered()
{
	vh = mem0;
	g_vf = g_mem;
	if
	:: vh == vf_dword0 && KNOWN_ON_VF -> vf_nothing_new()
	:: !(vh == vf_dword0 && KNOWN_ON_VF) && VALID(vh) && (OP(vh) & FROM_PF) &&
	   OUR_EPOCH && OUR_ID ->
		vf_dword0 = vh;
		PROPERTY(NO_ANSWER_TO_ANOTHER_REQUEST, g_mem);
		vf_dispatch()
	:: else ->
		vf_dword0 = vh;
		vf_work_done()
	fi
}

inline vf_mask(mask)
{
	if
	:: mask & 1 -> unseen = 0; printf("VF sees the mask\n")
	:: else
	fi;
	vf_end(0)
}

#ifdef MUTANT_NOTICE_IS_GO
#define IS_GO(bells)	((bells) == ACK || ((bells) == NOTICE && vf_state == SENDING))
#else
#define IS_GO(bells)	((bells) == ACK)
#endif
#ifdef MUTANT_ASKS_AND_GOES
#define HEEDS_GO	1
#else
#define HEEDS_GO	(!asks)
#endif

inline vf_on_bells()
{
	printf("VF works: bells %d, %e\n", vf_bells, vf_state);
	vf_saw();
	if
	:: vf_bells & (RESET | PF_DOWN) ->
		if
		:: vf_state != DOWN -> vf_down()
		:: else
		fi
	:: !(vf_bells & (RESET | PF_DOWN)) && IS_GO(vf_bells) ->
		if
		:: vf_state == SENDING && HEEDS_GO -> vf_on_go()
		:: else
		fi
	:: else ->
		if
		:: vf_bells & ACK -> notice = 1; noticed = 1
		:: else
		fi;
		if
		:: vf_bells & MESSAGE && vf_state == KNOCKING -> vf_pc = V_COME
		:: vf_bells & MESSAGE && vf_state == GREETING -> vf_pc = V_WELCOME0
		:: vf_bells & MESSAGE && BUSY(vf_state) -> vf_pc = V_ANSWER
		:: else -> noticed = 0
		fi
	fi;
	vf_bells = 0
}

inline vf_expire()
{
	expired = 0;
	waits = 0;
	if
#ifdef MUTANT_TIMEOUT_KEEPS_LINK
	:: BUSY(vf_state) -> vf_end(1)
#else
	:: BUSY(vf_state) -> vf_down()
#endif
	:: vf_state == KNOCKING || vf_state == GREETING -> vf_state = DOWN
	:: else
	fi
}

#define TAKES	(vf_state == IDLE && notice && wanted)
#define CALLS_NOW	(vf_pc == V_WORK && vf_state == IDLE && !TAKES && calls)

active proctype VF()
{
	do
	:: d_step { vf_pc == V_WORK && vf_bells -> vf_on_bells() }
	:: d_step { vf_pc == V_WORK && expired -> vf_expire() }
	:: d_step { vf_pc == V_WORK && vf_state == DOWN && !waits -> vf_try_knock() }
	:: d_step { vf_pc == V_WORK && TAKES -> vf_begin_take() }
	:: d_step { CALLS_NOW -> vf_begin_read(1) }
	:: d_step { CALLS_NOW -> vf_begin_read(2) }
	:: d_step { CALLS_NOW -> vf_begin_write(1) }
	:: d_step { CALLS_NOW -> vf_begin_write(2) }
	:: d_step { vf_pc == V_KNOCK -> vf_knock() }

	/* link_put() */
	:: d_step { vf_pc == V_PUT2 ->
		mem2 = s2;
		rest = (op == WRITE -> 1 : rest);
		vf_put_next()
	}
	:: d_step { vf_pc == V_PUT1 ->
		mem1 = s1;
		vf_put_next()
	}
	:: d_step { vf_pc == V_PUT0 ->
		printf("VF puts op %d arg %d epoch %d id %d\n", OP(s0), ARG(s0), EPOCH(s0), ID(s0));
		mem0 = s0;
		vf_dword0 = (BUSY(vf_state) -> s0 : 0);
		g_mem = 1;
		e_mem = e_vf;
		vf_put_next()
	}
	:: d_step { vf_pc == V_RING -> vf_ring(MESSAGE, 0); vf_work_done() }
	:: d_step { vf_pc == V_RING && losses && on ->
		printf("VF's interrupt is lost\n");
		vf_ring(MESSAGE, 1);
		lose();
		vf_work_done()
	}
#ifdef MUTANT_RESET_HEARD_LATE
	/* hw_hear() hears the message of the next VF, and not the reset */
	:: d_step { vf_pc == V_RING && on && flr ->
		pf_bells = pf_bells | cause | MESSAGE;
		cause = 0;
		vf_work_done()
	}
#endif
	:: d_step { vf_pc == V_ACK -> vf_ring(ACK, 0); vf_work_done() }
	:: d_step { vf_pc == V_ACK && losses && on ->
		vf_ring(ACK, 1);
		lose();
		vf_work_done()
	}

	/* link_on_message() */
	:: d_step { vf_pc == V_COME -> vf_knocked() }
	:: d_step { vf_pc == V_WELCOME0 ->
		vh = mem0;
		e_welcome = e_mem;
		if
		:: VALID(vh) && OP(vh) == WELCOME -> vf_pc = V_WELCOME1
		:: else -> e_welcome = 0; vf_work_done()
		fi
	}
	:: d_step { vf_pc == V_WELCOME1 -> vw1 = mem1; vf_pc = V_WELCOME2 }
	:: d_step { vf_pc == V_WELCOME2 -> vf_welcome(mem2) }
	:: d_step { vf_pc == V_LISTEN -> vf_listen() }
	:: d_step { vf_pc == V_ANSWER -> vf_answered() }
	:: d_step { vf_pc == V_MASK -> vf_mask(mem1) }
	:: d_step { vf_pc == V_DATA1 -> vw1 = mem1; vf_pc = V_DATA2 }
	:: d_step { vf_pc == V_DATA2 -> vf_data(mem2) }

	/* link_wiped() */
	:: d_step { vf_pc == V_LOOK ->
		if
#ifndef MUTANT_NO_LOOK
		:: mem0 != vh -> vf_down()
#endif
		:: else -> vf_read_ends()
		fi
	}
	od
}

/* ---- all else that happens ---- */

inline tenant_is_dead()
{
	rest = (rest -> 2 : 0);
	stored_dead = (stored != 0);
	unseen = 1;
	acked = 0;
	calm = 0
}

/* QEMU's device keeps its doorbells over a reset; others clear them */
inline flr_hits(clears)
{
	if
	:: clears ->
		cause = 0;
		latch = 0;
		irq_on = 0
	:: else
	fi;
	flr = on
}

/* Does the interrupt come? */
inline flr_heard()
{
	if
	:: deaf
	:: else -> pf_hear()
	fi
}

inline flr_unaware(clears)
{
	printf("ENV: reset of the VF, unknown to its driver\n");
	flrs--;
	tenant_is_dead();
	unaware = 1;
	flr_hits(clears)
}

/* cfgblk_vf_link_start(), perhaps of another instance, whose KNOCK may look the same */
inline vf_starts(another, same_knock)
{
	vf_exchange();
	notice = 0;
	vf_state = DOWN;
	waits = 0;
	expired = 0;
	vf_bells = 0;
	vf_id = 0;
	vf_epoch = 0;
	e_vf = 0;
	e_welcome = 0;
	vf_call_over();
	if
	:: another -> vf_instance++
	:: else
	fi;
	if
	:: same_knock -> vf_next_try(MOD - 1)
	:: else
	fi
}

inline vf_restart(flr_first, clears, another)
{
	printf("ENV: VF driver starts again, reset %d\n", flr_first);
	deaths--;
	tenant_is_dead();
	if
	:: flr_first -> flr_hits(clears)
	:: else
	fi;
	vf_starts(another, another)
}

inline pf_off()
{
	on = 0;
	pf_bells = 0;
	pf_queued = 0;
	acked = 0;
	pf_afresh();
	pf_forget_vf();
	unaware = 0;
	unseen = 1;
	h = 0;
	w1 = 0;
	o0 = 0;
	o1 = 0;
	o2 = 0;
	obells = 0;
	acked_too = 0;
	calm = 0;
	pf_pc = P_OFF
}

#define PF_STILL	((pf_pc == P_WORK && !pf_bells && !pf_queued) || \
			 pf_pc == P_OFF || pf_pc == P_IN_RESET)
#define VF_STILL	(vf_pc == V_WORK && !vf_bells && !expired && !TAKES && \
			 !(vf_state == DOWN && !waits))
#define TICK		(PF_STILL && VF_STILL)
#define HAS_LIMIT	(vf_state != IDLE && vf_state != REFUSED)

inline settled()
{
	PROPERTY(BOTH_ENDS_FIND_BACK,
		 (speaks && vf_state == IDLE && pf_state == IDLE && e_vf) ||
		 (!speaks && vf_state == REFUSED && pf_state == DOWN));
	PROPERTY(EVERY_MASK_ARRIVES,
		 !(unseen && wanted && vf_state == IDLE))
}

inline pf_poll()
{
#ifndef MUTANT_NO_POLL_ON_PF
	pf_hear()
#else
	skip
#endif
}

/* A message or a GO that waits to be heard; a notice comes with every reminder */
#define NEWS \
	((latch & MESSAGE && vf_state != DOWN && VALID(mem0) && \
	  OP(mem0) & FROM_PF && mem0 != vf_dword0) || \
	 (latch == ACK && vf_state == SENDING))

/* The limit is over at last when the poll finds nothing new */
inline vf_poll()
{
	expired = HAS_LIMIT;
	if
	:: rsti -> vf_bells = PF_DOWN; latch = 0
#ifndef MUTANT_NO_POLL_ON_VF
	:: !rsti ->
		if
		:: NEWS -> expired = 0
		:: else
		fi;
		vf_hear()
#endif
	:: else
	fi
}

inline pf_remind()
{
	if
#ifndef MUTANT_NO_REMINDER
	:: on && pending -> told = 0; pf_queued = 1
#endif
	:: else
	fi
}

inline tick()
{
	if
	:: on && calm == CALM_MAX -> settled()
	:: on && calm < CALM_MAX -> calm++
	:: else
	fi;
	if
	:: on -> pf_poll()
	:: else
	fi;
	pf_remind();
	vf_poll()
}

active proctype ENV()
{
	do
	:: d_step { TICK -> tick() }

	/* Time limits, polls and late interrupts at any moment */
	:: d_step { SLOW && !expired && HAS_LIMIT -> expired = 1; calm = 0 }
	:: d_step { SLOW && on && (cause || flr) -> pf_hear(); calm = 0 }
	:: d_step { SLOW && latch && !rsti -> vf_hear(); calm = 0 }

	/* The host publishes a new version and invalidates */
	:: d_step { invalidates ->
		printf("ENV: invalidate\n");
		invalidates--;
		version = (version == 3 -> 1 : version + 1);
		if
		:: allowed -> allowed = allowed | 1 << version
		:: else
		fi;
		if
		:: !pending -> pf_queued = on
		:: else
		fi;
		pending = 1;
		unseen = 1;
		calm = 0
	}
	:: d_step { wants -> wants--; wanted = !wanted; calm = 0 }

	/* Reset of the VF, unknown to its driver */
	:: d_step { flrs && on -> flr_unaware(0); flr_heard() }
	:: d_step { flrs && on -> flr_unaware(1); flr_heard() }
	:: d_step { flrs && on && losses -> flr_unaware(0); deaf = on; lose() }

	/* Another VF driver, or the same one once more: after a reset, or without (kexec) */
	:: d_step { deaths -> vf_restart(0, 0, 1); rest = 0 }
	:: d_step { deaths -> vf_restart(1, 0, 1); flr_heard() }
	:: d_step { deaths -> vf_restart(1, 1, 0); flr_heard() }
	:: d_step { deaths && losses -> vf_restart(1, 0, 1); deaf = on; lose() }
	:: d_step { deaths && losses -> vf_restart(1, 1, 0); deaf = on; lose() }

	:: d_step { pf_resets && on ->
		printf("ENV: PF reset\n");
		pf_resets--;
		pf_off()
	}
	:: d_step { VERSIONS && pf_resets && on && speaks ->
		printf("ENV: PF reset, another version\n");
		pf_resets--;
		pf_off();
		speaks = 0
	}
	od
}
