// SPDX-License-Identifier: GPL-2.0
/*
 * Link, the VF's end: asks the PF
 */

/**
 * DOC: states of the VF's end
 *
 *   PF in reset     +------+ <-------------- too late, nonsense, PF reset,
 *        +--------- | DOWN |                 from every state
 *        +--------> +------+
 *                     |  ^
 *               KNOCK |  | too late
 *                     v  |
 *                 +----------+
 *                 | KNOCKING |
 *                 +----------+
 *                      | COME: HELLO
 *                      v
 *                 +----------+   no common version   +---------+
 *                 | GREETING | --------------------> | REFUSED |
 *                 +----------+                       +---------+
 *                      | WELCOME
 *                      v
 *                   +------+  WRITE or ECHO, M   +---------+
 *         +-------> | IDLE | ------------------> | SENDING | <--+ (GO):
 *         |         +------+                     +---------+ ---+ NEXT, M
 *         |            | READ, TAKE,                  | (GO): NEXT
 *         |            | WRITE, ECHO                  |
 *         |            v                              |
 *         +------- +---------+ <----------------------+
 *         |        | WAITING |
 *         |        +---------+
 *         |            | DATA, M: ACK
 *         |            v
 *         |        +-----------+ <--+ NEXT_DATA, M:
 *         +------- | RECEIVING | ---+ ACK
 *                  +-----------+
 *
 * (GO) is the PF's ACK alone, or a message after a notice that may hide the ACK.
 *
 * All steps are taken in one work item, in a softirq, and none sleeps; who calls
 * waits on a completion.  The interrupt handler and the timer only queue the work.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/random.h>

#include "compat.h"
#include "link_wq.h"
#include "status.h"
#include "vf_link.h"

/*
 * A PF that does not answer KNOCK or HELLO is asked again after this time, then
 * after twice as long each time, up to the link's time limit.
 */
#define KNOCK_AGAIN	msecs_to_jiffies(200)

/*
 * No interrupt tells of a PF reset, and one may get lost while the vectors are
 * programmed again: look at the doorbells this often when none has come.
 */
#define POLL_EVERY	HZ

/*
 * With interrupts lost on both ends every message of an exchange waits for such
 * a look; the largest block is six of them, within one time limit.
 */
#define POLL_BUSY	(HZ / 10)

static void link_get(struct cfgblk_vf_link *link, u32 *words,
		     unsigned int first, unsigned int n)
{
	link->mbx.ops->get(link->mbx.ctx, &words[first], first, n);
}

/* What follows the header that link_answered() has read */
static void link_get_body(struct cfgblk_vf_link *link, u32 *words,
			  unsigned int first, unsigned int n)
{
	cfgblk_mbx_body(&link->mbx, &link->head, words, first, n);
}

static void link_put(struct cfgblk_vf_link *link, const u32 *words,
		     unsigned int n)
{
	link->dword0 = words[0];
	link->counters.fragments_out++;
	link->mbx.ops->put(link->mbx.ctx, words, n, CFGBLK_BELL_MESSAGE);
}

/*
 * Hear the PF, and take all that was heard.  The mailbox interrupts on either of
 * two vectors, so two handlers and the work may hear at a time.  To read a bell
 * and to note it has to be one step, or an old one, noted late, would be taken
 * for an answer to what was sent since: an old ACK for a GO.
 */
static unsigned int link_listen(struct cfgblk_vf_link *link)
{
	unsigned int bells;
	unsigned long flags;

	spin_lock_irqsave(&link->hearing, flags);
	bells = link->mbx.ops->poll(link->mbx.ctx);
	bells |= atomic_xchg(&link->bells, 0);
	spin_unlock_irqrestore(&link->hearing, flags);
	return bells;
}

/* The exchange is over */
static void link_end(struct cfgblk_vf_link *link, int err)
{
	struct cfgblk_call *call = link->call;

	link->call = NULL;
	WRITE_ONCE(link->state, CFGBLK_VF_IDLE);
	if (err)
		link->counters.answers_failed++;
	else
		link->counters.answers_ok++;
	cfgblk_journal_end(&link->journal, err);
	if (call)
		cfgblk_calls_end(&link->calls, call, err);
}

/* Start afresh.  What the PF still has to say is void after the next WELCOME */
static void link_down(struct cfgblk_vf_link *link, int err)
{
	struct cfgblk_call *call = link->call;

	link->call = NULL;
	WRITE_ONCE(link->notice, false);
	link->counters.resets++;
	cfgblk_journal_end(&link->journal, err);
	WRITE_ONCE(link->state, CFGBLK_VF_DOWN);
	link->deadline = jiffies;
	link->patience = KNOCK_AGAIN;
	if (call)
		cfgblk_calls_end(&link->calls, call, err);
}

static u32 link_header(const struct cfgblk_vf_link *link, u8 op, u8 arg,
		       u8 short_id, bool more)
{
	const struct cfgblk_hdr hdr = {
		.id = link->id,
		.epoch = link->welcome.epoch,
		.short_id = short_id,
		.op = op,
		.arg = arg,
		.more = more,
	};

	return cfgblk_hdr_pack(&hdr);
}

/* Cut the next fragment of the call into @words and send it */
static void link_send_fragment(struct cfgblk_vf_link *link, u32 *words,
			       unsigned int first, u8 op, u8 arg, u8 short_id)
{
	struct cfgblk_bytes *bytes = &link->call->bytes;
	unsigned int n = first + cfgblk_frag_dwords(bytes, first);
	bool more;

	cfgblk_frag_cut(bytes, words, first);
	more = !cfgblk_bytes_whole(bytes);
	words[0] = link_header(link, op, arg, short_id, more);
	WRITE_ONCE(link->state, more ? CFGBLK_VF_SENDING : CFGBLK_VF_WAITING);
	link->asked = false;
	link_put(link, words, n);
}

/* The PF has copied the last fragment */
static void link_send_next(struct cfgblk_vf_link *link)
{
	u32 words[CFGBLK_MBX_DWORDS];

	link_send_fragment(link, words, 1, CFGBLK_OP_NEXT,
			   link->call->bytes.frag, 0);
}

/* An exchange begins: the PF has one time limit for all of it */
static void link_begin(struct cfgblk_vf_link *link, u8 op, u32 block, u8 len)
{
	link->op = op;
	link->id++;
	cfgblk_journal_begin(&link->journal, op, link->id & CFGBLK_ID_MASK,
			     block, len);
	link->looked_at = jiffies;
	link->deadline = jiffies + link->calls.limit;
	link->counters.requests++;
}

/* Put the block id into dword 1 if it is too long for the header */
static u8 link_short_id(const struct cfgblk_call *call, u32 *words,
			unsigned int *first)
{
	if (call->op == CFGBLK_OP_ECHO)
		return 0;
	if (call->block < CFGBLK_SHORT_ID_NONE)
		return call->block;
	words[1] = call->block;
	*first = 2;
	return CFGBLK_SHORT_ID_NONE;
}

static void link_begin_call(struct cfgblk_vf_link *link,
			    struct cfgblk_call *call)
{
	u8 len = call->op == CFGBLK_OP_READ ? call->wanted : call->bytes.len;
	u32 words[CFGBLK_MBX_DWORDS];
	unsigned int first = 1;
	u8 short_id = link_short_id(call, words, &first);

	link->call = call;
	link_begin(link, call->op, call->block, len);
	link->counters.bytes_out += call->bytes.len;
	link_send_fragment(link, words, first, call->op, len - 1, short_id);
}

static void link_begin_take(struct cfgblk_vf_link *link)
{
	u32 word;

	WRITE_ONCE(link->notice, false);
	link_begin(link, CFGBLK_OP_TAKE, 0, 0);
	word = link_header(link, CFGBLK_OP_TAKE, 0, 0, false);
	WRITE_ONCE(link->state, CFGBLK_VF_WAITING);
	link_put(link, &word, 1);
}

/* Nothing but dword 0: the PF may still be reading what we sent last */
static void link_knock(struct cfgblk_vf_link *link)
{
	const struct cfgblk_hdr knock = {
		.id = ++link->attempt & CFGBLK_ID_MASK,
		.op = CFGBLK_OP_KNOCK,
	};
	u32 word = cfgblk_hdr_pack(&knock);

	cfgblk_journal_begin(&link->journal, CFGBLK_OP_KNOCK, knock.id, 0, 0);
	WRITE_ONCE(link->state, CFGBLK_VF_KNOCKING);
	link->deadline = jiffies + link->patience;
	link->patience = min(2 * link->patience, link->calls.limit);
	link_put(link, &word, 1);
}

/* The PF has left the buffer to us, and waits for HELLO */
static void link_greet(struct cfgblk_vf_link *link)
{
	const struct cfgblk_hello hello = {
		.min = CFGBLK_VERSION_MIN,
		.max = CFGBLK_VERSION_MAX,
		.features = CFGBLK_FEATURES,
		.instance = link->instance,
		.attempt = link->attempt,
	};
	u32 words[CFGBLK_HELLO_DWORDS];

	if (link->ops->come)
		link->ops->come(link->ctx);
	cfgblk_hello_pack(&hello, words);
	cfgblk_journal_begin(&link->journal, CFGBLK_OP_HELLO,
			     link->attempt & CFGBLK_ID_MASK, 0, 0);
	WRITE_ONCE(link->state, CFGBLK_VF_GREETING);
	link->deadline = jiffies + link->patience;
	link_put(link, words, ARRAY_SIZE(words));
}

/* Begin anew, or wait while the PF is in reset; older bells are void either way */
static void link_try_knock(struct cfgblk_vf_link *link)
{
	unsigned int bells = link_listen(link);

	link->looked_at = jiffies;
	if (bells & CFGBLK_BELL_DOWN) {
		link->deadline = jiffies + KNOCK_AGAIN;
		return;
	}
	link->mbx.ops->prepare(link->mbx.ctx);
	link_knock(link);
}

static void link_noticed(struct cfgblk_vf_link *link)
{
	WRITE_ONCE(link->notice, true);
	link->counters.notices++;
}

/*
 * Dword 0 is the one that we know: it was a notice alone, or the bell of a
 * message that we saw before it rang.  Such a bell and a GO look like a notice,
 * and so do a notice and a GO: ask for a GO in the buffer, and heed no other.
 */
static void link_nothing_new(struct cfgblk_vf_link *link, bool noticed)
{
	if (!noticed) {
		link->counters.spurious++;
	} else if (link->state == CFGBLK_VF_SENDING && !link->asked) {
		link->asked = true;
		link->mbx.ops->ring(link->mbx.ctx, CFGBLK_BELL_ACK);
	}
}

static void link_knocked(struct cfgblk_vf_link *link, bool noticed)
{
	struct cfgblk_hdr hdr;
	u32 word;

	link_get(link, &word, 0, 1);
	if (word == link->dword0) {
		link_nothing_new(link, noticed);
		return;
	}
	link->counters.fragments_in++;
	if (cfgblk_hdr_unpack(word, &hdr) && hdr.op == CFGBLK_OP_COME &&
	    hdr.id == (link->attempt & CFGBLK_ID_MASK)) {
		cfgblk_journal_end(&link->journal, 0);
		link_greet(link);
	} else {
		link->counters.late++;
	}
}

/*
 * What the PF rang before it wrote the WELCOME has rung by now.  A GO among it
 * is for an exchange that we gave up, and must not be heard in the next one.
 */
static void link_forget_go(struct cfgblk_vf_link *link)
{
	unsigned int bells = link_listen(link);

	if (bells & (CFGBLK_BELL_RESET | CFGBLK_BELL_DOWN))
		link_down(link, -ECONNRESET);
	else if (bells == CFGBLK_BELL_NOTICE)
		link_noticed(link);
}

/* Others look at it, for people; its attempt is over */
static void link_remember(struct cfgblk_welcome *last,
			  const struct cfgblk_welcome *welcome)
{
	WRITE_ONCE(last->features, welcome->features);
	WRITE_ONCE(last->epoch, welcome->epoch);
	WRITE_ONCE(last->vf, welcome->vf);
	WRITE_ONCE(last->version, welcome->version);
	WRITE_ONCE(last->min, welcome->min);
	WRITE_ONCE(last->max, welcome->max);
}

static void link_on_welcome(struct cfgblk_vf_link *link,
			    const struct cfgblk_welcome *welcome)
{
	link_remember(&link->welcome, welcome);
	link->journal.vf = welcome->vf;
	link->id = 0;
	if (welcome->version >= CFGBLK_VERSION_MIN &&
	    welcome->version <= CFGBLK_VERSION_MAX) {
		WRITE_ONCE(link->state, CFGBLK_VF_IDLE);
		link->counters.handshakes++;
		cfgblk_journal_end(&link->journal, 0);
		link->ops->up(link->ctx, welcome);
		link_forget_go(link);
		return;
	}
	cfgblk_journal_end(&link->journal, -EPROTONOSUPPORT);
	WRITE_ONCE(link->state, CFGBLK_VF_REFUSED);
	link->ops->refused(link->ctx, welcome);
}

static void link_greeted(struct cfgblk_vf_link *link, bool noticed)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_welcome welcome;

	link_get(link, words, 0, ARRAY_SIZE(words));
	if (words[0] == link->dword0) {
		link_nothing_new(link, noticed);
		return;
	}
	link->counters.fragments_in++;
	if (cfgblk_welcome_unpack(words, &welcome) &&
	    welcome.attempt == link->attempt)
		link_on_welcome(link, &welcome);
	else
		link->counters.late++;
}

/* What the PF says makes no sense: tell the caller, and begin again */
static void link_nonsense(struct cfgblk_vf_link *link)
{
	link->counters.malformed++;
	link_down(link, -EPROTO);
}

static void link_on_go(struct cfgblk_vf_link *link,
		       const struct cfgblk_hdr *hdr)
{
	if (link->state == CFGBLK_VF_SENDING &&
	    hdr->arg == link->call->bytes.frag)
		link_send_next(link);
	else
		link_nonsense(link);
}

static void link_on_done(struct cfgblk_vf_link *link)
{
	if (link->state == CFGBLK_VF_WAITING && link->op == CFGBLK_OP_WRITE)
		link_end(link, 0);
	else
		link_nonsense(link);
}

static void link_on_fail(struct cfgblk_vf_link *link,
			 const struct cfgblk_hdr *hdr)
{
	int err = cfgblk_status_to_errno(hdr->arg);

	if (hdr->arg == CFGBLK_STATUS_NOT_ATTACHED)
		link_down(link, err);
	else
		link_end(link, err);
}

/*
 * No look whether it was wiped meanwhile: the PF then keeps the mask, and rings
 * again.
 */
static void link_on_mask(struct cfgblk_vf_link *link)
{
	u32 words[3];
	u64 mask;

	if (link->state != CFGBLK_VF_WAITING || link->op != CFGBLK_OP_TAKE) {
		link_nonsense(link);
		return;
	}
	link_get_body(link, words, 1, 2);
	mask = words[1] | (u64)words[2] << 32;
	link->counters.masks++;
	link_end(link, 0);
	cfgblk_journal_mask(&link->journal, mask);
	link->ops->mask(link->ctx, mask);
}

/*
 * Was the buffer wiped while we copied an answer out of it?  Then there was a
 * reset that nobody told us of, and the copy is worth nothing.
 */
static bool link_wiped(struct cfgblk_vf_link *link, u32 header)
{
	u32 word;

	link_get(link, &word, 0, 1);
	if (word == header)
		return false;
	link->counters.late++;
	link_down(link, -ECONNRESET);
	return true;
}

/*
 * Copy one fragment of the answer, and ask for the next one if there is.  A wipe
 * before the last one needs no look: the next one then never comes.
 */
static void link_receive(struct cfgblk_vf_link *link, bool more, u32 header)
{
	struct cfgblk_bytes *answer = &link->call->answer;
	unsigned int n = cfgblk_frag_dwords(answer, 1);
	u32 words[CFGBLK_MBX_DWORDS];

	link_get_body(link, words, 1, n);
	cfgblk_frag_join(answer, words, 1);
	if (more == cfgblk_bytes_whole(answer)) {
		link_nonsense(link);
	} else if (more) {
		WRITE_ONCE(link->state, CFGBLK_VF_RECEIVING);
		link->mbx.ops->ring(link->mbx.ctx, CFGBLK_BELL_ACK);
	} else if (!link_wiped(link, header)) {
		link->counters.bytes_in += answer->len;
		link_end(link, 0);
	}
}

/* Bytes that the answer to the call may have at most */
static unsigned int call_room(const struct cfgblk_call *call)
{
	return call->op == CFGBLK_OP_READ ? call->wanted : call->bytes.len;
}

static void link_on_data(struct cfgblk_vf_link *link,
			 const struct cfgblk_hdr *hdr, u32 header)
{
	unsigned int len = hdr->arg + 1;

	if (link->state != CFGBLK_VF_WAITING || !link->call ||
	    link->op == CFGBLK_OP_WRITE || len > call_room(link->call)) {
		link_nonsense(link);
		return;
	}
	cfgblk_bytes_start(&link->call->answer, len);
	cfgblk_journal_len(&link->journal, len);
	link_receive(link, hdr->more, header);
}

static void link_on_next_data(struct cfgblk_vf_link *link,
			      const struct cfgblk_hdr *hdr, u32 header)
{
	if (link->state == CFGBLK_VF_RECEIVING &&
	    hdr->arg == link->call->answer.frag)
		link_receive(link, hdr->more, header);
	else
		link_nonsense(link);
}

/* @hdr is what dword 0, @header, says */
static void link_dispatch(struct cfgblk_vf_link *link,
			  const struct cfgblk_hdr *hdr, u32 header)
{
	switch (hdr->op) {
	case CFGBLK_OP_DONE:
		link_on_done(link);
		break;
	case CFGBLK_OP_DATA:
		link_on_data(link, hdr, header);
		break;
	case CFGBLK_OP_NEXT_DATA:
		link_on_next_data(link, hdr, header);
		break;
	case CFGBLK_OP_FAIL:
		link_on_fail(link, hdr);
		break;
	case CFGBLK_OP_MASK:
		link_on_mask(link);
		break;
	case CFGBLK_OP_GO:
		link_on_go(link, hdr);
		break;
	default:
		link_nonsense(link);
	}
}

/* An answer is ours if it is of our epoch and repeats our request id */
static void link_answered(struct cfgblk_vf_link *link, bool noticed)
{
	struct cfgblk_hdr hdr;
	u32 word;

	word = cfgblk_mbx_head(&link->mbx, &link->head);
	if (word == link->dword0) {
		link_nothing_new(link, noticed);
		return;
	}
	link->dword0 = word;
	link->counters.fragments_in++;
	if (cfgblk_hdr_unpack(word, &hdr) && (hdr.op & CFGBLK_OP_FROM_PF) &&
	    hdr.epoch == (link->welcome.epoch & CFGBLK_EPOCH_MASK) &&
	    hdr.id == (link->id & CFGBLK_ID_MASK))
		link_dispatch(link, &hdr, word);
	else
		link->counters.late++;
}

/* An exchange is under way */
static bool link_busy(const struct cfgblk_vf_link *link)
{
	return link->state == CFGBLK_VF_SENDING ||
	       link->state == CFGBLK_VF_WAITING ||
	       link->state == CFGBLK_VF_RECEIVING;
}

/* If nothing is expected, a notice does not cost a look at the buffer */
static void link_on_message(struct cfgblk_vf_link *link, bool noticed)
{
	if (link->state == CFGBLK_VF_KNOCKING)
		link_knocked(link, noticed);
	else if (link->state == CFGBLK_VF_GREETING)
		link_greeted(link, noticed);
	else if (link_busy(link))
		link_answered(link, noticed);
	else if (!noticed)
		link->counters.spurious++;
}

/* ACK alone is a GO.  Nothing is read: only the PF can have rung it */
static void link_on_ack(struct cfgblk_vf_link *link)
{
	if (link->state != CFGBLK_VF_SENDING)
		link->counters.spurious++;
	else if (!link->asked)
		link_send_next(link);
}

static void link_on_bells(struct cfgblk_vf_link *link, unsigned int bells)
{
	if (bells & (CFGBLK_BELL_RESET | CFGBLK_BELL_DOWN)) {
		if (link->state != CFGBLK_VF_DOWN)
			link_down(link, -ECONNRESET);
		return;
	}
	if (bells == CFGBLK_BELL_ACK) {
		link_on_ack(link);
		return;
	}
	if (bells & CFGBLK_BELL_ACK)
		link_noticed(link);
	if (bells & CFGBLK_BELL_MESSAGE)
		link_on_message(link, bells & CFGBLK_BELL_ACK);
}

/* Does the PF owe us a message? */
static bool link_expecting(const struct cfgblk_vf_link *link)
{
	return link_busy(link) || link->state == CFGBLK_VF_KNOCKING ||
	       link->state == CFGBLK_VF_GREETING;
}

/* When to look at the doorbells, if no interrupt comes before */
static unsigned long link_poll_at(const struct cfgblk_vf_link *link)
{
	return link->looked_at + (link_expecting(link) ? POLL_BUSY : POLL_EVERY);
}

/*
 * The host of a guest can reset its VF, and nobody tells the guest.  But the PF
 * wipes the buffer then, and no message begins with 0: what is under way will
 * never be answered.
 */
static bool link_reset_unheard(struct cfgblk_vf_link *link)
{
	u32 word;

	if (!link_busy(link))
		return false;
	link_get(link, &word, 0, 1);
	return !word;
}

/* Bells that no interrupt brought, once in a while */
static unsigned int link_poll(struct cfgblk_vf_link *link)
{
	unsigned int bells;

	if (time_before(jiffies, link_poll_at(link)))
		return 0;
	link->looked_at = jiffies;
	bells = link_listen(link);
	if (bells & (CFGBLK_BELL_MESSAGE | CFGBLK_BELL_ACK))
		link->counters.polled++;
	else if (!bells && link_reset_unheard(link))
		bells = CFGBLK_BELL_RESET;
	return bells;
}

/* The PF is late */
static void link_expire(struct cfgblk_vf_link *link)
{
	if (time_before(jiffies, link->deadline))
		return;
	if (link_busy(link)) {
		if (link->call)
			link->counters.timeouts++;
		link_down(link, -ETIMEDOUT);
	} else if (link->state == CFGBLK_VF_KNOCKING ||
		   link->state == CFGBLK_VF_GREETING) {
		cfgblk_journal_end(&link->journal, -ETIMEDOUT);
		WRITE_ONCE(link->state, CFGBLK_VF_DOWN);
	}
}

static bool link_wants_mask(const struct cfgblk_vf_link *link)
{
	return link->notice && READ_ONCE(link->wanted);
}

/*
 * A mask goes first, but not one after the other: a PF that always has another
 * one must not keep all calls waiting.
 */
static struct cfgblk_call *link_next_call(struct cfgblk_vf_link *link)
{
	if (link_wants_mask(link) && link->op != CFGBLK_OP_TAKE)
		return NULL;
	return cfgblk_calls_pop(&link->calls, &link->counters.timeouts);
}

/* Begin what can begin */
static void link_next(struct cfgblk_vf_link *link)
{
	struct cfgblk_call *call;

	if (link->state == CFGBLK_VF_REFUSED)
		cfgblk_calls_end_all(&link->calls, -EPROTONOSUPPORT);
	else if (link->state == CFGBLK_VF_DOWN &&
		 time_after_eq(jiffies, link->deadline))
		link_try_knock(link);
	if (link->state != CFGBLK_VF_IDLE)
		return;
	call = link_next_call(link);
	if (call)
		link_begin_call(link, call);
	else if (link_wants_mask(link))
		link_begin_take(link);
}

/* When is the work due again, if no bell rings? */
static void link_arm(struct cfgblk_vf_link *link)
{
	unsigned long when = link_poll_at(link);

	if (link->state != CFGBLK_VF_IDLE && link->state != CFGBLK_VF_REFUSED &&
	    time_before(link->deadline, when))
		when = link->deadline;
	cfgblk_calls_arm(&link->calls, &link->timer, when);
}

static void vf_link_work(struct work_struct *work)
{
	struct cfgblk_vf_link *link =
		container_of(work, struct cfgblk_vf_link, work);
	unsigned int bells;

	if (cfgblk_calls_stopped(&link->calls))
		return;
	bells = atomic_xchg(&link->bells, 0);
	if (!bells)
		bells = link_poll(link);
	link_on_bells(link, bells);
	link_expire(link);
	link_next(link);
	cfgblk_calls_end_late(&link->calls, &link->counters.timeouts);
	link_arm(link);
}

/* From interrupt handlers as well, unlike cfgblk_calls_kick() */
static void link_queue(struct cfgblk_vf_link *link)
{
	queue_work(link->calls.wq, &link->work);
}

static void link_timer(struct timer_list *timer)
{
	struct cfgblk_vf_link *link =
		timer_container_of(link, timer, timer);

	link_queue(link);
}

/**
 * cfgblk_vf_link_init - set up a link; it is stopped
 * @link: the link, zeroed
 * @mbx: the mailbox, seen from the VF
 * @ops: the VF driver
 * @ctx: handed to each of @ops
 * @limit_ms: milliseconds that one exchange with the PF may take
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_link_init(struct cfgblk_vf_link *link,
			 const struct cfgblk_mbx *mbx,
			 const struct cfgblk_vf_link_ops *ops, void *ctx,
			 unsigned int limit_ms)
{
	link->mbx = *mbx;
	link->ops = ops;
	link->ctx = ctx;
	link->instance = get_random_u32();
	link->attempt = get_random_u32();
	spin_lock_init(&link->hearing);
	cfgblk_journal_init(&link->journal, mbx->name, false, CFGBLK_VF_ALL);
	cfgblk_calls_init(&link->calls, &link->work, limit_ms);
	link->calls.wq = cfgblk_link_wq;
	INIT_WORK(&link->work, vf_link_work);
	timer_setup(&link->timer, link_timer, 0);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_init);

/**
 * cfgblk_vf_link_start - the mailbox may be used from now on
 * @link: the link, stopped
 *
 * Returns at once; the handshake goes on in the background for as long as it
 * takes, and calls wait for it within their own time limit.
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_link_start(struct cfgblk_vf_link *link)
{
	WRITE_ONCE(link->state, CFGBLK_VF_DOWN);
	link->deadline = jiffies;
	link->patience = KNOCK_AGAIN;
	link->looked_at = jiffies;
	atomic_set(&link->bells, 0);
	cfgblk_calls_start(&link->calls);
	cfgblk_calls_kick(&link->calls);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_start);

/**
 * cfgblk_vf_link_stop - the mailbox may not be used any more
 * @link: the link; it may be stopped already
 * @err: negative errno with which every call ends, now and until it is started
 *
 * The owner must have silenced its interrupt.  On return no call is under way
 * and no operation of the mailbox is called any more.
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_link_stop(struct cfgblk_vf_link *link, int err)
{
	cfgblk_calls_stop(&link->calls, err);
	timer_delete_sync(&link->timer);
	cancel_work_sync(&link->work);
	link_down(link, err);
	cfgblk_calls_end_all(&link->calls, err);
	cfgblk_calls_drain(&link->calls);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_stop);

/**
 * cfgblk_vf_link_fini - before the memory goes
 * @link: the link, stopped; nobody submits calls any more
 *
 * Context: process, may sleep.
 */
void cfgblk_vf_link_fini(struct cfgblk_vf_link *link)
{
	timer_delete_sync(&link->timer);
	cancel_work_sync(&link->work);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_fini);

/**
 * cfgblk_vf_link_bell - the PF rang
 * @link: the link
 * @bells: CFGBLK_BELL_*
 *
 * Context: any but NMI; does not sleep.
 */
void cfgblk_vf_link_bell(struct cfgblk_vf_link *link, unsigned int bells)
{
	atomic_or(bells, &link->bells);
	link_queue(link);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_bell);

/**
 * cfgblk_vf_link_hear - the PF may have rung: look, and note what was rung
 * @link: the link
 *
 * For interrupt handlers; of two that run at once, one waits for the other.
 *
 * Context: any but NMI; does not sleep.
 */
void cfgblk_vf_link_hear(struct cfgblk_vf_link *link)
{
	unsigned long flags;
	unsigned int bells;

	/* One step, see link_listen() */
	spin_lock_irqsave(&link->hearing, flags);
	bells = link->mbx.ops->poll(link->mbx.ctx);
	if (bells)
		cfgblk_vf_link_bell(link, bells);
	spin_unlock_irqrestore(&link->hearing, flags);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_hear);

/**
 * cfgblk_vf_link_want - does anybody want masks?
 * @link: the link
 * @wanted: if not, masks stay with the PF
 *
 * Context: any but NMI; does not sleep.
 */
void cfgblk_vf_link_want(struct cfgblk_vf_link *link, bool wanted)
{
	WRITE_ONCE(link->wanted, wanted);
	if (wanted)
		link_queue(link);
}
EXPORT_SYMBOL_GPL(cfgblk_vf_link_want);
