// SPDX-License-Identifier: GPL-2.0
/* Commands to the driver, and what each of its refusals means and asks for */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "call.h"
#include "cmd.h"
#include "errors.h"

/* One bit for each command, as few refusals are of one command only */
#define OP_BIT(request)	(1u << (_IOC_NR(request) - _IOC_NR(CFGBLK_IOC_INFO)))
#define ANY_OP		(~0u)
#define INFO		OP_BIT(CFGBLK_IOC_INFO)
#define READ		OP_BIT(CFGBLK_IOC_READ)
#define WRITE		OP_BIT(CFGBLK_IOC_WRITE)
#define DEFINE		OP_BIT(CFGBLK_IOC_DEFINE)
#define UNDEFINE	OP_BIT(CFGBLK_IOC_UNDEFINE)
#define NEXT_BLOCK	OP_BIT(CFGBLK_IOC_NEXT_BLOCK)
#define INVALIDATE	OP_BIT(CFGBLK_IOC_INVALIDATE)
#define ECHO		OP_BIT(CFGBLK_IOC_ECHO)
#define SAVE		OP_BIT(CFGBLK_IOC_SAVE)
#define RESTORE		OP_BIT(CFGBLK_IOC_RESTORE)
#define IO		(READ | WRITE)
#define TRIP		(READ | WRITE | ECHO)

/* When a row holds; all of it has to be so */
#define ON_PF		(1u << 0)
#define ON_VF		(1u << 1)
#define LEN_0		(1u << 2)
#define LEN_OVER	(1u << 3)	/* over what any block can hold */
#define ONE_VF		(1u << 4)
#define ALL_VFS		(1u << 5)
#define ON_HYPERV	(1u << 6)

/*
 * The first row that fits.  In the texts {dev} {block} {vf} {len} {max} stand
 * for themselves, {sel} for --vf N or --all, {last} for the last VF's id.
 */
static const struct refusal {
	int error;
	unsigned int ops;
	unsigned int when;
	const char *why;
	const char *what_to_do;
} refusals[] = {
	{ ENODEV, ANY_OP, 0, "the device is gone from its driver",
	  "cfgblk list shows what is bound now" },
	{ ENOTTY, INFO, 0, "this is not a node of cfgblk",
	  "cfgblk list shows those that there are" },
	{ ENOTTY, ANY_OP, 0, "the loaded driver does not know this command",
	  "load modules as new as this cfgblk" },
	{ EPERM, ECHO, ON_PF, "this is a PF, and round trips start at a VF",
	  "run it on a VF: cfgblk list shows them" },
	{ EPERM, ~INFO, ON_VF, "this is a VF, and only a PF does this",
	  "run it in the host, on the VF's PF" },

	{ EOPNOTSUPP, ECHO, ON_HYPERV, "on Hyper-V nothing but blocks goes to the "
	  "host, and there is no round trip without one",
	  "read a block: cfgblk read {dev} BLOCK" },
	{ EOPNOTSUPP, IO, ON_HYPERV, "the kernel's calls for Hyper-V are empty",
	  "see whether pci-hyperv is loaded" },
	{ ETIMEDOUT, IO, ON_HYPERV, "the host did not answer in time, or hangs "
	  "over an earlier call", "cfgblk show {dev} tells whether it hangs; "
	  "a write may still arrive" },
	{ EIO, IO, ON_HYPERV, "the host refused it, or answered with a length "
	  "that cannot be", "dmesg has what the bus driver knows of it" },

	{ EINVAL, READ, LEN_0, "a read of 0 bytes reads nothing",
	  "ask for 1 to {max} bytes" },
	{ EINVAL, WRITE, LEN_0, "there is no data to write",
	  "give 1 to {max} bytes, with --hex, --file or standard input" },
	{ EINVAL, RESTORE, LEN_0, "standard input is empty",
	  "give it what cfgblk save wrote" },
	{ EINVAL, RESTORE, 0, "this is no saved state, or one without sense",
	  "give what cfgblk save wrote" },
	{ EINVAL, ANY_OP, 0, "the driver does not take these arguments",
	  "load modules as new as this cfgblk" },
	{ EMSGSIZE, WRITE, LEN_OVER,
	  "more than {max} bytes, the most that any block can hold",
	  "write less, or to several blocks" },
	{ EMSGSIZE, READ, LEN_OVER, "no block has {len} bytes",
	  "ask for 1 to {max} bytes" },
	{ EMSGSIZE, WRITE, ON_PF, "{len} bytes are more than the block may have",
	  "cfgblk show {dev} tells its size" },
	{ EMSGSIZE, WRITE, ON_VF, "{len} bytes are more than the block may have",
	  "the host sets its size: cfgblk define PF {block} --vf {vf} "
	  "--size {len}, after undefine" },

	{ ENOENT, IO, ON_PF | ONE_VF, "not defined for this VF",
	  "define it there: cfgblk define {dev} {block} {sel}" },
	{ ENOENT, IO, ON_PF | ALL_VFS, "at least one VF does not have it, so it was "
	  "written for none", "cfgblk show {dev} tells which VFs have it" },
	{ ENOENT, IO, ON_VF, "not defined for this VF",
	  "the host does that: cfgblk define PF {block} --vf {vf}" },
	{ ENOENT, UNDEFINE, ALL_VFS, "at least one VF does not have it, so nothing "
	  "was changed", "cfgblk show {dev} tells which VFs have it" },
	{ ENOENT, UNDEFINE, 0, "not defined, so there is nothing to undefine",
	  "cfgblk show {dev} {sel} lists the blocks" },
	{ ENODATA, READ, ON_PF, "nothing was written to it yet",
	  "write it: cfgblk write {dev} {block} {sel}" },
	{ ENODATA, READ, ON_VF, "nothing was written to it yet",
	  "wait for the host: cfgblk watch {dev}" },
	{ EACCES, READ, 0, "the VF may not read it, its access is wo",
	  "the host sets the access: cfgblk define PF {block} --vf {vf} "
	  "--access rw, after undefine" },
	{ EACCES, WRITE, 0, "the VF may not write it, its access is ro",
	  "the host sets the access: cfgblk define PF {block} --vf {vf} "
	  "--access rw, after undefine" },
	{ EEXIST, DEFINE, ALL_VFS, "defined already for at least one VF, so "
	  "nothing was changed", "cfgblk show {dev} tells which VFs have it" },
	{ EEXIST, DEFINE, 0, "defined already",
	  "to change it, first: cfgblk undefine {dev} {block} {sel}" },
	{ ENOSPC, DEFINE, ALL_VFS, "a VF has as many blocks as it may have, so "
	  "nothing was changed", "undefine blocks that nobody needs" },
	{ ENOSPC, DEFINE, 0, "the VF has as many blocks as it may have",
	  "undefine one that nobody needs: cfgblk show {dev} {sel}" },

	{ ENOBUFS, SAVE, 0, "the state grew each time that it was read",
	  "try again" },
	{ EBADMSG, RESTORE, 0, "the state is damaged or cut off",
	  "save it again" },
	{ EPROTONOSUPPORT, RESTORE, 0, "a newer cfgblk made the state, or its "
	  "VF driver speaks other versions", "renew cfgblk_pf" },
	{ ENOSPC, RESTORE, 0, "the state has more blocks than a VF may have",
	  "undefine some, save again" },

	{ ENXIO, ANY_OP, ON_PF, "the device cannot have this VF",
	  "its VFs are 0 to {last}" },
	{ ENXIO, ANY_OP, ON_VF, "the PF does not have this VF",
	  "see in the host whether it is enabled: cfgblk show PF" },
	{ EAGAIN, TRIP, 0, "too many calls wait for the PF already",
	  "try again in a moment" },
	{ ETIMEDOUT, TRIP, 0, "the PF did not answer in time",
	  "see in the host whether cfgblk_pf is bound and the link is up: "
	  "cfgblk show PF" },
	{ ECONNRESET, TRIP, 0, "the link to the PF started afresh meanwhile",
	  "try again" },
	{ EPROTO, TRIP, 0, "the PF's answer made no sense",
	  "cfgblk stats {dev} tells how often; renew the older of the two drivers" },
	{ EBADRQC, TRIP, 0, "the PF does not know this request",
	  "renew the driver of the PF" },
	{ EBADMSG, TRIP, 0, "the PF took the request for malformed",
	  "renew the older of the two drivers" },
	{ EILSEQ, TRIP, 0, "the PF missed a part of the request", "try again" },
	{ EPROTONOSUPPORT, TRIP, 0, "the PF's driver has no protocol version in "
	  "common with ours", "cfgblk show {dev} tells both; renew the older" },
	{ EBUSY, TRIP, 0, "the PF is busy", "try again in a moment" },
	{ EIO, TRIP, 0, "the PF could not do it and does not say why",
	  "dmesg in the host may tell" },
	{ EOPNOTSUPP, TRIP, 0, "the PF does not support this",
	  "see in the host which driver serves the blocks" },
	{ ENOMEM, ANY_OP, 0, "the kernel is out of memory", "try again" },
};

static bool refusal_fits(const struct refusal *r, const struct call *c,
			 int error)
{
	unsigned int now = dev_is_pf(c->dev) ? ON_PF : ON_VF;

	if (c->dev->info.transport == CFGBLK_TRANSPORT_HYPERV)
		now |= ON_HYPERV;
	if (!c->len)
		now |= LEN_0;
	if (c->len > CFGBLK_BLOCK_MAX)
		now |= LEN_OVER;
	now |= c->about_vf && c->vf == CFGBLK_VF_ALL ? ALL_VFS : ONE_VF;
	return r->error == error && r->ops & OP_BIT(c->request) &&
	       (r->when & now) == r->when;
}

static void print_vf(const struct call *c)
{
	__u32 vf = c->vf;

	if (dev_is_pf(c->dev) || dev_vf_id(c->dev, &vf))
		fprintf(stderr, "%u", vf);
	else
		fputc('N', stderr);
}

static void print_selector(const struct call *c)
{
	if (c->vf == CFGBLK_VF_ALL)
		fputs("--all", stderr);
	else
		fprintf(stderr, "--vf %u", c->vf);
}

static void print_token(const struct call *c, const char *token)
{
	__u32 total = c->dev->info.total_vfs;

	if (!strncmp(token, "dev}", 4))
		fputs(c->dev->name, stderr);
	else if (!strncmp(token, "block}", 6))
		fprintf(stderr, "%u", c->block);
	else if (!strncmp(token, "vf}", 3))
		print_vf(c);
	else if (!strncmp(token, "len}", 4))
		fprintf(stderr, "%u", c->len);
	else if (!strncmp(token, "max}", 4))
		fprintf(stderr, "%u", CFGBLK_BLOCK_MAX);
	else if (!strncmp(token, "last}", 5))
		fprintf(stderr, "%u", total ? total - 1 : 0);
	else
		print_selector(c);
}

static void print_text(const struct call *c, const char *text)
{
	for (; *text; text++) {
		if (*text != '{') {
			fputc(*text, stderr);
			continue;
		}
		print_token(c, text + 1);
		text = strchr(text, '}');
	}
}

static void print_subject(const struct call *c)
{
	bool vf = c->about_vf && dev_is_pf(c->dev);

	fprintf(stderr, "cfgblk: %s: ", c->dev->name);
	if (c->about_block)
		fprintf(stderr, "block %u%s", c->block, vf ? " of " : ": ");
	if (vf && c->vf == CFGBLK_VF_ALL)
		fputs("all VFs: ", stderr);
	else if (vf)
		fprintf(stderr, "VF %u: ", c->vf);
}

/* Says why the driver refused, and what to do about it */
int call_failed(const struct call *c, int error)
{
	const struct refusal *r = refusals;
	const struct refusal *end = r + sizeof(refusals) / sizeof(refusals[0]);

	while (r < end && !refusal_fits(r, c, error))
		r++;
	print_subject(c);
	print_text(c, r < end ? r->why : strerror(error));
	fprintf(stderr, " (%s)", errno_name(error));
	if (r < end) {
		fputs("; ", stderr);
		print_text(c, r->what_to_do);
	}
	fputc('\n', stderr);
	return STATUS_FAILED;
}

/* Returns an exit status; on failure it has been said why */
int call_driver(const struct call *c, void *arg)
{
	int error = dev_ioctl(c->dev, c->request, arg);

	return error ? call_failed(c, error) : STATUS_DONE;
}
