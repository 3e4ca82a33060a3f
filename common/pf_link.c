// SPDX-License-Identifier: GPL-2.0
/*
 * Link, the PF's end: answers one VF
 */

/**
 * DOC: states of the PF's end
 *
 *            HELLO, no common version
 *              +--------+
 *  FLR,        v        |
 *  KNOCK -> +------+ ---+      HELLO (from every state)
 *  (from    | DOWN | ------------------> +------+ <---------------+
 *  every)   +------+                     | IDLE |                 |
 *                        WRITE, ECHO, M  +------+  READ, ECHO:    |
 *                       +------------------+  ^  +-- DATA, M -+   |
 *                       v                     |               v   | NEXT_DATA
 *                 +-----------+   last NEXT:  |     +-----------+ | without M
 *         +------ | RECEIVING | --------------+     | ANSWERING |-+
 *         | NEXT  +-----------+  DONE, FAIL, DATA   +-----------+
 *         +-- (GO) --^                                ^  | ACK:
 *                                                     +--+ NEXT_DATA, M
 *
 * (GO) is a doorbell and nothing else, unless the VF asks for a GO in the
 * buffer.  Nobody is told of a mask in RECEIVING: the answer, which is to come,
 * does that for nothing, and a notice could hide a GO.
 *
 * Every step is taken by what the VF does; the PF never waits for it.  A VF
 * that stops half way keeps its own link busy and nothing else.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/rcupdate.h>

#include "link_wq.h"
#include "mask.h"
#include "pf_link.h"
#include "status.h"

/* A VF that was told of a mask and does not take it is told again after this */
#define REMIND_FIRST	HZ
#define REMIND_MAX	(64UL * HZ)

/*
 * A reset of the VF, or a HELLO of another instance, costs so many messages:
 * wiping, erasing, reading eight dwords.
 */
#define RESET_TOKENS	16

/*
 * A VF over its limit is left alone for this long at least, and gets the tokens
 * of that time at once: to begin and to end it costs more than a message.
 */
#define REST_MIN	max(HZ / 100, 1)

/* Somebody who looks once a second has to see that a VF is limited */
#define LIMITED_SHOWN	(2 * HZ)

static void link_get(struct cfgblk_pf_link *link, u32 *words,
		     unsigned int first, unsigned int n)
{
	link->mbx.ops->get(link->mbx.ctx, &words[first], first, n);
}

/* What follows the header that link_on_message() has read */
static void link_get_body(struct cfgblk_pf_link *link, u32 *words,
			  unsigned int first, unsigned int n)
{
	cfgblk_mbx_body(&link->mbx, &link->head, words, first, n);
}

/* Others look at it, for people */
static void link_enter(struct cfgblk_pf_link *link, enum cfgblk_pf_state state)
{
	WRITE_ONCE(link->state, state);
}

static void link_wipe(struct cfgblk_pf_link *link)
{
	link->mbx.ops->wipe(link->mbx.ctx);
	link->dword0 = 0;
}

/*
 * Is the VF past waiting for what we are about to send?  It is if it was reset
 * or has spoken again.  The bell of the very message that is being served may
 * come late: then dword 0 is still the one that we know.
 */
static bool link_overtaken(struct cfgblk_pf_link *link)
{
	unsigned int bells = atomic_read(&link->bells);
	u32 word;

	if (bells & CFGBLK_BELL_RESET)
		return true;
	if (!(bells & CFGBLK_BELL_MESSAGE))
		return false;
	link_get(link, &word, 0, 1);
	return word != link->dword0;
}

/* The mask waits for the VF from here on; true if none did before */
static bool link_pend(struct cfgblk_pf_link *link, u64 mask)
{
	cfgblk_journal_mask(&link->journal, mask);
	return cfgblk_mask_or(&link->pending, mask);
}

/* The VF is being told of the pending mask */
static void link_told(struct cfgblk_pf_link *link)
{
	link->told = true;
	link->remind_at = jiffies + link->patience;
	link->patience = min(2 * link->patience, REMIND_MAX);
	link->counters.notices++;
}

/*
 * Send a message, and tell of the pending mask with the same register write.
 * Not if the VF was reset or has spoken again: the buffer is no longer ours to
 * write.
 *
 * Return: true if it was sent.
 */
static bool link_put(struct cfgblk_pf_link *link, const u32 *words,
		     unsigned int n)
{
	unsigned int bells = CFGBLK_BELL_MESSAGE;

	if (link_overtaken(link)) {
		link->counters.late++;
		return false;
	}
	if (atomic64_read(&link->pending)) {
		link_told(link);
		bells |= CFGBLK_BELL_ACK;
	}
	link->dword0 = words[0];
	link->counters.fragments_out++;
	link->mbx.ops->put(link->mbx.ctx, words, n, bells);
	return true;
}

static u32 link_header(const struct cfgblk_pf_link *link, u8 op, u8 arg,
		       bool more)
{
	const struct cfgblk_hdr hdr = {
		.id = link->id,
		.epoch = link->epoch,
		.op = op,
		.arg = arg,
		.more = more,
	};

	return cfgblk_hdr_pack(&hdr);
}

/* Answer the request @link->id */
static bool link_answer(struct cfgblk_pf_link *link, u8 op, u8 arg, bool more,
			u32 *words, unsigned int n)
{
	words[0] = link_header(link, op, arg, more);
	return link_put(link, words, n);
}

/* The request was answered, unless the VF has given it up before */
static void link_answered(struct cfgblk_pf_link *link, bool sent, int err)
{
	if (!sent)
		err = -ETIMEDOUT;
	else if (err)
		link->counters.answers_failed++;
	else
		link->counters.answers_ok++;
	cfgblk_journal_end(&link->journal, err);
}

static void link_done(struct cfgblk_pf_link *link)
{
	u32 word;

	link_answered(link, link_answer(link, CFGBLK_OP_DONE, 0, false, &word,
					1), 0);
}

static void link_fail(struct cfgblk_pf_link *link, u8 status)
{
	u32 word;

	link_answered(link, link_answer(link, CFGBLK_OP_FAIL, status, false,
					&word, 1),
		      cfgblk_status_to_errno(status));
}

/* Send the next fragment of the answer and wait for its ACK, if more follow */
static void link_send_out(struct cfgblk_pf_link *link)
{
	unsigned int n = 1 + cfgblk_frag_dwords(&link->out, 1);
	bool first = !link->out.frag;
	u8 arg = first ? link->out.len - 1 : link->out.frag;
	u32 words[CFGBLK_MBX_DWORDS];
	bool more, sent;

	cfgblk_frag_cut(&link->out, words, 1);
	more = !cfgblk_bytes_whole(&link->out);
	link_enter(link, more ? CFGBLK_PF_ANSWERING : CFGBLK_PF_IDLE);
	sent = link_answer(link, first ? CFGBLK_OP_DATA : CFGBLK_OP_NEXT_DATA,
			   arg, more, words, n);
	if (!sent || !more)
		link_answered(link, sent, 0);
}

static void link_send_data(struct cfgblk_pf_link *link, unsigned int len)
{
	cfgblk_bytes_start(&link->out, len);
	cfgblk_journal_len(&link->journal, len);
	link->counters.bytes_out += len;
	link_send_out(link);
}

static void link_serve_read(struct cfgblk_pf_link *link)
{
	int n = link->server->read(link->ctx, link->block, link->out.data,
				link->in.len);

	if (n > 0 && n <= link->in.len)
		link_send_data(link, n);
	else
		link_fail(link, cfgblk_status_from_errno(n));
}

static void link_serve_write(struct cfgblk_pf_link *link)
{
	int err = link->server->write(link->ctx, link->block, link->in.data,
				   link->in.len);

	link->counters.bytes_in += link->in.len;
	if (err)
		link_fail(link, cfgblk_status_from_errno(err));
	else
		link_done(link);
}

static void link_serve_echo(struct cfgblk_pf_link *link)
{
	link->counters.bytes_in += link->in.len;
	memcpy(link->out.data, link->in.data, link->in.len);
	link_send_data(link, link->in.len);
}

/* The request has arrived whole */
static void link_serve_bytes(struct cfgblk_pf_link *link)
{
	link_enter(link, CFGBLK_PF_IDLE);
	if (link->op == CFGBLK_OP_WRITE)
		link_serve_write(link);
	else
		link_serve_echo(link);
}

static void link_say_go(struct cfgblk_pf_link *link)
{
	u32 word;

	link_answer(link, CFGBLK_OP_GO, link->in.frag, false, &word, 1);
}

/* Ask for the fragment that is next: the VF's message has been copied */
static void link_go(struct cfgblk_pf_link *link)
{
	link_enter(link, CFGBLK_PF_RECEIVING);
	if (link->asked)
		link_say_go(link);
	else
		link->mbx.ops->ring(link->mbx.ctx, CFGBLK_BELL_ACK);
}

/*
 * All ones may be the VF's bytes, or what a device reads as that is gone.  Then
 * the header reads so as well, and what was copied is nobody's.
 */
static bool link_gone(struct cfgblk_pf_link *link, u32 last)
{
	u32 word;

	if (last != U32_MAX)
		return false;
	link_get(link, &word, 0, 1);
	return word == U32_MAX;
}

/* Copy one fragment of the request; its bytes begin in dword @first */
static void link_receive(struct cfgblk_pf_link *link, bool more,
			 unsigned int first)
{
	unsigned int n = cfgblk_frag_dwords(&link->in, first);
	u32 words[CFGBLK_MBX_DWORDS];

	link_get_body(link, words, first, n);
	if (link_gone(link, words[first + n - 1])) {
		link->counters.malformed++;
		return;
	}
	cfgblk_frag_join(&link->in, words, first);
	if (more == cfgblk_bytes_whole(&link->in))
		link_fail(link, CFGBLK_STATUS_BAD_LENGTH);
	else if (more)
		link_go(link);
	else
		link_serve_bytes(link);
}

/* Block id of a READ or WRITE; returns the dword in which its bytes begin */
static unsigned int link_block_id(struct cfgblk_pf_link *link,
				  const struct cfgblk_hdr *hdr)
{
	u32 words[2];

	link->block = hdr->short_id;
	if (hdr->short_id != CFGBLK_SHORT_ID_NONE)
		return 1;
	link_get_body(link, words, 1, 1);
	link->block = words[1];
	cfgblk_journal_block(&link->journal, link->block);
	return 2;
}

static void link_on_read(struct cfgblk_pf_link *link,
			 const struct cfgblk_hdr *hdr)
{
	link_block_id(link, hdr);
	if (hdr->more)
		link_fail(link, CFGBLK_STATUS_BAD_LENGTH);
	else
		link_serve_read(link);
}

static void link_on_next(struct cfgblk_pf_link *link,
			 const struct cfgblk_hdr *hdr)
{
	bool receiving = link->state == CFGBLK_PF_RECEIVING;

	if (hdr->arg < link->in.frag) {
		link->counters.late++;
		return;
	}
	link_enter(link, CFGBLK_PF_IDLE);
	if (receiving && hdr->arg == link->in.frag)
		link_receive(link, hdr->more, 1);
	else
		link_fail(link, CFGBLK_STATUS_BAD_FRAGMENT);
}

/* The VF has to be told of the next mask again */
static void link_untold(struct cfgblk_pf_link *link)
{
	link->told = false;
	link->patience = REMIND_FIRST;
}

/*
 * Hand over the mask.  @taken keeps it until the VF speaks again in this epoch
 * and so shows that it got the answer; whatever else comes puts it back.
 */
static void link_on_take(struct cfgblk_pf_link *link)
{
	u64 mask = cfgblk_mask_take(&link->pending);
	u32 words[3];
	bool sent;

	words[1] = lower_32_bits(mask);
	words[2] = upper_32_bits(mask);
	WRITE_ONCE(link->taken, mask);
	link_untold(link);
	sent = link_answer(link, CFGBLK_OP_MASK, 0, false, words,
			   ARRAY_SIZE(words));
	link->counters.masks += sent;
	link_answered(link, sent, 0);
}

/* Bytes of the block that a request is about */
static u8 request_len(const struct cfgblk_hdr *hdr)
{
	bool bytes = hdr->op == CFGBLK_OP_READ || hdr->op == CFGBLK_OP_WRITE ||
		     hdr->op == CFGBLK_OP_ECHO;

	return bytes ? hdr->arg + 1 : 0;
}

static void link_journal(struct cfgblk_pf_link *link,
			 const struct cfgblk_hdr *request)
{
	cfgblk_journal_begin(&link->journal, request->op, request->id,
			     request->short_id, request_len(request));
}

/* A request of this epoch that was not seen before */
static void link_on_request(struct cfgblk_pf_link *link,
			    const struct cfgblk_hdr *hdr)
{
	WRITE_ONCE(link->taken, 0);
	link->counters.requests++;
	link_journal(link, hdr);
	link->op = hdr->op;
	link_enter(link, CFGBLK_PF_IDLE);
	cfgblk_bytes_start(&link->in, hdr->arg + 1);
	switch (hdr->op) {
	case CFGBLK_OP_READ:
		link_on_read(link, hdr);
		break;
	case CFGBLK_OP_WRITE:
		link_receive(link, hdr->more, link_block_id(link, hdr));
		break;
	case CFGBLK_OP_ECHO:
		link_receive(link, hdr->more, 1);
		break;
	case CFGBLK_OP_TAKE:
		link_on_take(link);
		break;
	default:
		link_fail(link, CFGBLK_STATUS_BAD_OP);
	}
}

/* Beside the token of the message, or of the bell, itself */
static void link_charge_reset(struct cfgblk_pf_link *link)
{
	cfgblk_rate_charge(&link->rate, RESET_TOKENS - 1, ktime_get_ns());
}

static void link_forget_vf(struct cfgblk_pf_link *link)
{
	if (link->known)
		link->server->went(link->ctx);
	WRITE_ONCE(link->known, false);
	WRITE_ONCE(link->peer_min, 0);
	WRITE_ONCE(link->peer_max, 0);
}

/* Start afresh: nothing of what went on is valid any more */
static void link_afresh(struct cfgblk_pf_link *link)
{
	link_pend(link, link->taken);
	WRITE_ONCE(link->taken, 0);
	link_untold(link);
	link_enter(link, CFGBLK_PF_DOWN);
	cfgblk_journal_end(&link->journal, -ECONNRESET);
	WRITE_ONCE(link->version, 0);
	WRITE_ONCE(link->epoch, link->epoch + 1);
	link->last_id = -1;
	link->asked = false;
	memset(&link->in, 0, sizeof(link->in));
	memset(&link->out, 0, sizeof(link->out));
}

static bool link_welcome(struct cfgblk_pf_link *link, u32 attempt)
{
	const struct cfgblk_welcome welcome = {
		.features = link->features,
		.attempt = attempt,
		.epoch = link->epoch,
		.vf = link->vf,
		.version = link->version,
		.min = CFGBLK_VERSION_MIN,
		.max = CFGBLK_VERSION_MAX,
	};
	u32 words[CFGBLK_HELLO_DWORDS];

	cfgblk_welcome_pack(&welcome, words);
	return link_put(link, words, ARRAY_SIZE(words));
}

/* Another instance of the VF driver is another tenant, which knows nothing */
static void link_new_instance(struct cfgblk_pf_link *link, u32 instance)
{
	link_charge_reset(link);
	link_forget_vf(link);
	WRITE_ONCE(link->instance, instance);
	WRITE_ONCE(link->known, true);
	link_pend(link, link->server->published(link->ctx));
}

static void link_greeted(struct cfgblk_pf_link *link, bool sent)
{
	int err = link->version ? 0 : -EPROTONOSUPPORT;

	cfgblk_journal_end(&link->journal, sent ? err : -ETIMEDOUT);
}

static void link_on_hello(struct cfgblk_pf_link *link, const u32 *words)
{
	struct cfgblk_hello hello;
	bool sent;

	if (!cfgblk_hello_unpack(words, &hello)) {
		link->counters.malformed++;
		return;
	}
	link_afresh(link);
	cfgblk_journal_begin(&link->journal, CFGBLK_OP_HELLO,
			     hello.attempt & CFGBLK_ID_MASK, 0, 0);
	if (!link->known || link->instance != hello.instance)
		link_new_instance(link, hello.instance);
	WRITE_ONCE(link->peer_min, hello.min);
	WRITE_ONCE(link->peer_max, hello.max);
	WRITE_ONCE(link->features, hello.features & CFGBLK_FEATURES);
	WRITE_ONCE(link->version, cfgblk_version_agree(CFGBLK_VERSION_MIN,
						       CFGBLK_VERSION_MAX,
						       hello.min, hello.max));
	if (link->version)
		link_enter(link, CFGBLK_PF_IDLE);
	sent = link_welcome(link, hello.attempt);
	link->counters.handshakes += sent && link->version;
	link_greeted(link, sent);
	link->server->came(link->ctx, &hello, link->version);
}

/*
 * The VF wants to begin again and asks whether we still look at its last
 * message.  We do not: this is where messages are looked at.
 */
static void link_on_knock(struct cfgblk_pf_link *link,
			  const struct cfgblk_hdr *knock)
{
	const struct cfgblk_hdr come = {
		.id = knock->id,
		.op = CFGBLK_OP_COME,
	};
	u32 word = cfgblk_hdr_pack(&come);

	link_afresh(link);
	cfgblk_journal_begin(&link->journal, CFGBLK_OP_KNOCK, knock->id, 0, 0);
	cfgblk_journal_end(&link->journal,
			   link_put(link, &word, 1) ? 0 : -ETIMEDOUT);
}

/* With the block that was asked for.  A NEXT is no exchange of its own */
static void link_journal_refused(struct cfgblk_pf_link *link,
				 const struct cfgblk_hdr *request)
{
	if (request->op == CFGBLK_OP_NEXT)
		return;
	link_journal(link, request);
	if (request->op == CFGBLK_OP_READ || request->op == CFGBLK_OP_WRITE)
		link_block_id(link, request);
}

/* No handshake yet; the VF may believe in an epoch that is over */
static void link_refuse(struct cfgblk_pf_link *link,
			const struct cfgblk_hdr *request)
{
	const struct cfgblk_hdr fail = {
		.id = request->id,
		.epoch = request->epoch,
		.op = CFGBLK_OP_FAIL,
		.arg = CFGBLK_STATUS_NOT_ATTACHED,
	};
	u32 word = cfgblk_hdr_pack(&fail);

	link_journal_refused(link, request);
	link_answered(link, link_put(link, &word, 1),
		      cfgblk_status_to_errno(CFGBLK_STATUS_NOT_ATTACHED));
}

/* Does the header belong to this epoch, and is it new? */
static bool link_fresh(struct cfgblk_pf_link *link,
		       const struct cfgblk_hdr *hdr)
{
	if (hdr->epoch != (link->epoch & CFGBLK_EPOCH_MASK))
		return false;
	if (hdr->op == CFGBLK_OP_NEXT)
		return hdr->id == link->last_id;
	return hdr->id != link->last_id;
}

static void link_on_header(struct cfgblk_pf_link *link,
			   const struct cfgblk_hdr *hdr)
{
	if (link->state == CFGBLK_PF_DOWN) {
		link_refuse(link, hdr);
		return;
	}
	if (!link_fresh(link, hdr)) {
		link->counters.late++;
		return;
	}
	link->id = hdr->id;
	link->last_id = hdr->id;
	if (hdr->op == CFGBLK_OP_NEXT)
		link_on_next(link, hdr);
	else
		link_on_request(link, hdr);
}

static void link_dispatch(struct cfgblk_pf_link *link, u32 *words,
			  const struct cfgblk_hdr *hdr)
{
	switch (hdr->op) {
	case CFGBLK_OP_KNOCK:
		link_on_knock(link, hdr);
		break;
	case CFGBLK_OP_HELLO:
		link_get_body(link, words, 1, CFGBLK_HELLO_DWORDS - 1);
		link_on_hello(link, words);
		break;
	default:
		link_on_header(link, hdr);
	}
}

/*
 * The VF has copied a fragment; or it cannot tell whether we rang GO, and then
 * writes nothing before it finds a GO in the buffer.  It asks once at most for
 * each fragment: a second GO could be written over the next one.
 */
static void link_on_ack(struct cfgblk_pf_link *link)
{
	if (link->state == CFGBLK_PF_ANSWERING) {
		link_send_out(link);
	} else if (link->state == CFGBLK_PF_RECEIVING && !link->asked) {
		link->asked = true;
		link_say_go(link);
	} else {
		link->counters.spurious++;
	}
}

/*
 * The VF says that its message is in the buffer: copy it, then look.  What is
 * known already was looked at when it came before its bell; an ACK that was
 * rung since is not of a VF that has given up, then.
 */
static void link_on_message(struct cfgblk_pf_link *link, bool acked)
{
	u32 words[CFGBLK_HELLO_DWORDS];
	struct cfgblk_hdr hdr;

	words[0] = cfgblk_mbx_head(&link->mbx, &link->head);
	if (words[0] == link->dword0) {
		if (acked)
			link_on_ack(link);
		else
			link->counters.spurious++;
		return;
	}
	link->dword0 = words[0];
	link->asked = acked;
	link->counters.fragments_in++;
	if (cfgblk_hdr_unpack(words[0], &hdr) && !(hdr.op & CFGBLK_OP_FROM_PF))
		link_dispatch(link, words, &hdr);
	else
		link->counters.malformed++;
}

/*
 * The VF was reset.  Its buffer may hold what the dead VF wrote, and that must
 * not be seen by the next one; or already the KNOCK of the next one, and that
 * must not be lost.  A driver that does not know of the reset is told that
 * something changed: when it asks what, it hears that it has to begin again.
 */
static void link_on_reset(struct cfgblk_pf_link *link)
{
	struct cfgblk_hdr hdr;
	u32 word;

	link_get(link, &word, 0, 1);
	link_wipe(link);
	link->counters.resets++;
	link_charge_reset(link);
	link_afresh(link);
	link_forget_vf(link);
	link_pend(link, link->server->published(link->ctx));
	if (cfgblk_hdr_unpack(word, &hdr) && hdr.op == CFGBLK_OP_KNOCK)
		link_on_knock(link, &hdr);
}

/*
 * Ring the VF's bell for what is pending: once, and ever more rarely again
 * until it takes the mask, in case that a bell got lost.  Not while the VF waits
 * for a GO or has got it: the answer to its request tells it.
 */
static void link_tell(struct cfgblk_pf_link *link)
{
	if (!atomic64_read(&link->pending) ||
	    link->state == CFGBLK_PF_RECEIVING)
		return;
	if (link->told && time_before(jiffies, link->remind_at))
		return;
	link_told(link);
	link->mbx.ops->ring(link->mbx.ctx, CFGBLK_BELL_NOTICE);
}

static void link_set_limited(struct cfgblk_pf_link *link, bool limited)
{
	if (link->limited == limited)
		return;
	WRITE_ONCE(link->limited, limited);
	link->server->limited(link->ctx, limited);
}

/*
 * Has the VF a token for what it rang?  If not, come back when it has; what it
 * rings until then changes nothing but @bells.  Only that a VF which was reset
 * leaves nothing to the next one in the buffer cannot wait.
 */
static bool link_over_limit(struct cfgblk_pf_link *link)
{
	unsigned int bells = atomic_read(&link->bells);
	u64 wait = 0;

	if (bells)
		wait = cfgblk_rate_take(&link->rate, 1, ktime_get_ns());
	link_set_limited(link, wait);
	if (!wait)
		return false;
	if (bells & CFGBLK_BELL_RESET)
		link_wipe(link);
	link->counters.limited++;
	WRITE_ONCE(link->limited_at, jiffies);
	mod_delayed_work(cfgblk_link_wq, &link->work,
			 max(nsecs_to_jiffies(wait) + 1, REST_MIN));
	return true;
}

/* Does nothing if it is queued, or delayed, already */
static void link_queue(struct cfgblk_pf_link *link)
{
	queue_delayed_work(cfgblk_link_wq, &link->work, 0);
}

/*
 * The reset comes before the message, as the message may be older than it; the
 * message before the ACK, as a VF that sends one has given up the answer; or has
 * asked for a GO before we looked at what it is to follow.
 */
static void link_step(struct cfgblk_pf_link *link)
{
	unsigned int bells;

	if (link_over_limit(link))
		return;
	bells = atomic_xchg(&link->bells, 0);
	if (bells & CFGBLK_BELL_RESET)
		link_on_reset(link);
	else if (bells & CFGBLK_BELL_MESSAGE)
		link_on_message(link, bells & CFGBLK_BELL_ACK);
	else if (bells & CFGBLK_BELL_ACK)
		link_on_ack(link);
	link_tell(link);
}

/* This step, or what the owner does, may sleep */
static void link_ask_patient(struct cfgblk_pf_link *link)
{
	link->server = link->ops->patient ?: link->ops;
}

static bool link_is_on(const struct cfgblk_pf_link *link)
{
	/* Pairs with cfgblk_pf_link_on() */
	return smp_load_acquire(&link->on);
}

/* Are the steps the slow work's, or have they to be from now on? */
static bool link_is_slow(struct cfgblk_pf_link *link)
{
	/* Pairs with the release in link_slow() */
	if (!smp_load_acquire(&link->is_slow)) {
		if (!READ_ONCE(link->patient))
			return false;
		/* Pairs with the acquire in link_slow(): the steps before */
		smp_store_release(&link->is_slow, true);
	}
	return true;
}

/* Who calls cfgblk_pf_link_patient() waits for the reader */
static void pf_link_work(struct work_struct *work)
{
	struct cfgblk_pf_link *link =
		container_of(work, struct cfgblk_pf_link, work.work);

	if (!link_is_on(link))
		return;
	rcu_read_lock();
	if (link_is_slow(link)) {
		queue_work(cfgblk_wq, &link->slow);
	} else {
		link->server = link->ops;
		link_step(link);
	}
	rcu_read_unlock();
}

static void link_slow(struct work_struct *work)
{
	struct cfgblk_pf_link *link =
		container_of(work, struct cfgblk_pf_link, slow);

	if (!link_is_on(link))
		return;
	/*
	 * Queued before the steps were given back: they are to be taken there.
	 * Pairs with the release in link_is_slow().
	 */
	if (!smp_load_acquire(&link->is_slow)) {
		link_queue(link);
		return;
	}
	link_ask_patient(link);
	link_step(link);
	if (!READ_ONCE(link->patient))
		/* Pairs with the acquire in link_is_slow(): this step is over */
		smp_store_release(&link->is_slow, false);
}

/**
 * cfgblk_pf_link_init - set up a link; it is off
 * @link: the link, zeroed
 * @vf: VF id
 * @mbx: the VF's mailbox, seen from the PF
 * @ops: the server
 * @ctx: handed to each of @ops
 *
 * Context: any.
 */
void cfgblk_pf_link_init(struct cfgblk_pf_link *link, u16 vf,
			 const struct cfgblk_mbx *mbx,
			 const struct cfgblk_pf_link_ops *ops, void *ctx)
{
	link->mbx = *mbx;
	link->ops = ops;
	link->ctx = ctx;
	link->vf = vf;
	link->server = ops;
	link->last_id = -1;
	link->patience = REMIND_FIRST;
	cfgblk_journal_init(&link->journal, mbx->name, true, vf);
	cfgblk_rate_set(&link->rate, CFGBLK_RATE_DEFAULT,
			CFGBLK_BURST_DEFAULT);
	/* An earlier life of the PF driver began elsewhere */
	link->epoch = get_random_u32();
	INIT_DELAYED_WORK(&link->work, pf_link_work);
	INIT_WORK(&link->slow, link_slow);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_init);

/**
 * cfgblk_pf_link_patient - let the server sleep, or no more
 * @link: the link
 * @patient: ask the patient server, from a work item
 *
 * After synchronize_rcu() no other one is being asked.
 *
 * Context: any.
 */
void cfgblk_pf_link_patient(struct cfgblk_pf_link *link, bool patient)
{
	WRITE_ONCE(link->patient, patient);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_patient);

/* No step is taken on return, and what it may still queue takes none */
static void link_halt(struct cfgblk_pf_link *link)
{
	WRITE_ONCE(link->on, false);
	cancel_delayed_work_sync(&link->work);
	cancel_work_sync(&link->slow);
	cancel_delayed_work_sync(&link->work);
	WRITE_ONCE(link->is_slow, false);
	link_ask_patient(link);
}

/**
 * cfgblk_pf_link_on - the VF exists from now on
 * @link: the link, off
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_link_on(struct cfgblk_pf_link *link)
{
	link_wipe(link);
	/* Pairs with link_is_on(): the buffer is wiped */
	smp_store_release(&link->on, true);
	/* For what was rung, or invalidated, while it was off */
	link_queue(link);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_on);

/**
 * cfgblk_pf_link_off - nobody answers the VF from now on
 * @link: the link; it may be off already
 *
 * Waits for a server call under way.  What is pending is kept for whoever comes
 * when it is on again, and so is that the VF was reset.  No operation of the
 * mailbox is called from the return on.
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_link_off(struct cfgblk_pf_link *link)
{
	link_halt(link);
	/* May find bells and queue the work: it finds that the link is off */
	link_set_limited(link, false);
	atomic_and(CFGBLK_BELL_RESET, &link->bells);
	link_afresh(link);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_off);

/**
 * cfgblk_pf_link_forget - the VF is gone, and what it wrote goes with it
 * @link: the link, off
 *
 * Context: process, may sleep.
 */
void cfgblk_pf_link_forget(struct cfgblk_pf_link *link)
{
	atomic_set(&link->bells, 0);
	link->rate.full = 0;
	link_ask_patient(link);
	link_forget_vf(link);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_forget);

/**
 * cfgblk_pf_link_expect - the VF driver to come is one that was here before
 * @link: the link, off
 * @instance: its number.  Any other is another tenant: what is there of the
 *	expected one is forgotten then
 *
 * Context: process.
 */
void cfgblk_pf_link_expect(struct cfgblk_pf_link *link, u32 instance)
{
	WRITE_ONCE(link->instance, instance);
	WRITE_ONCE(link->known, true);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_expect);

/**
 * cfgblk_pf_link_bell - the VF rang
 * @link: the link
 * @bells: CFGBLK_BELL_MESSAGE, CFGBLK_BELL_ACK, CFGBLK_BELL_RESET
 *
 * Context: any but NMI; does not sleep.
 * Return: true if any of that is news; false if all had rung before, and nobody
 * has looked since.
 */
bool cfgblk_pf_link_bell(struct cfgblk_pf_link *link, unsigned int bells)
{
	unsigned int before = atomic_fetch_or(bells, &link->bells);

	if (bells & CFGBLK_BELL_RESET)
		mod_delayed_work(cfgblk_link_wq, &link->work, 0);
	else
		link_queue(link);
	return (before & bells) != bells;
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_bell);

/**
 * cfgblk_pf_link_remind - has the VF taken what it was told of?
 * @link: the link; to be called about once a second while it is on
 *
 * Context: any; does not sleep.
 */
void cfgblk_pf_link_remind(struct cfgblk_pf_link *link)
{
	if (atomic64_read(&link->pending))
		link_queue(link);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_remind);

/**
 * cfgblk_pf_link_invalidate - blocks changed
 * @link: the link; it may be off, the mask then waits for the VF
 * @mask: block mask; 0 does nothing
 *
 * Context: any but NMI; does not sleep or allocate, cannot fail.
 */
void cfgblk_pf_link_invalidate(struct cfgblk_pf_link *link, u64 mask)
{
	if (link_pend(link, mask))
		link_queue(link);
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_invalidate);

/**
 * cfgblk_pf_link_limited - did the VF send more than it may, a moment ago?
 * @link: the link
 *
 * Context: any.
 * Return: true if it is, or was lately, made to wait.
 */
bool cfgblk_pf_link_limited(const struct cfgblk_pf_link *link)
{
	return READ_ONCE(link->counters.limited) &&
	       jiffies - READ_ONCE(link->limited_at) < LIMITED_SHOWN;
}
EXPORT_SYMBOL_GPL(cfgblk_pf_link_limited);
