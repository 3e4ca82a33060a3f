// SPDX-License-Identifier: GPL-2.0
/*
 * Test fixture: the kernel as the command meets it, for tests/check.sh only
 *
 * A node is a plain file that says "pf" or "vf".  What the user interface's
 * header promises about arguments is checked as there; the rest is canned.
 * FAKE_ERROR=NAME:errno makes one command fail, FAKE_OPEN=errno each open of
 * a node; FAKE_EVENTS=n is how many events there are, FAKE_HANGUP=1 takes the
 * device away after them; FAKE_LOG=file is told what came in.
 * FAKE_NARROW=1 has the VF's 64-bit accesses failed their self test.
 * FAKE_LIMITED=1 has VF 0 sent more than its limit.  FAKE_STATE=n is the length
 * of the state, FAKE_GROW=n what is added each time that it is read, FAKE_LEN=n
 * the length that the driver claims, also of a read; FAKE_RESTORED=file gets
 * what is restored.  FAKE_BACK=1 has a walk over blocks go back.
 * FAKE_FRESH=1 has no VF enabled and no link that was ever up.
 * FAKE_SLOW=n: milliseconds that an echo or a definition takes.
 * FAKE_RESET_OPEN=errno and FAKE_RESET=errno: opening a VF's reset file, and
 * writing to it.  FAKE_STORE=file has the PF remember: see fake_store.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fake.h"

int __wrap_open(const char *path, int flags, ...);
int __real_open(const char *path, int flags, ...);
int __wrap_poll(struct pollfd *fds, nfds_t n, int ms);
int __real_poll(struct pollfd *fds, nfds_t n, int ms);
int __wrap_ioctl(int fd, unsigned long request, ...);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);

static const char *const names[] = {
	"INFO", "LINK", "READ", "WRITE", "DEFINE", "UNDEFINE", "NEXT_BLOCK",
	"INVALIDATE", "WATCH", "EVENT", "ECHO", "STATS",
	"LIMIT", "SAVE", "RESTORE",
};

static int env_number(const char *name)
{
	const char *value = getenv(name);

	return value ? atoi(value) : 0;
}

int __wrap_open(const char *path, int flags, ...)
{
	if (env_number("FAKE_OPEN") && !strncmp(path, "dev/cfgblk/", 11)) {
		errno = env_number("FAKE_OPEN");
		return -1;
	}
	if (env_number("FAKE_RESET_OPEN") && strstr(path, "/reset")) {
		errno = env_number("FAKE_RESET_OPEN");
		return -1;
	}
	return __real_open(path, flags);
}

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	if (env_number("FAKE_RESET")) {
		errno = env_number("FAKE_RESET");
		return -1;
	}
	return __real_write(fd, data, len);
}

static int taken;

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
	if (taken < env_number("FAKE_EVENTS"))
		fds->revents = POLLIN;
	else if (env_number("FAKE_HANGUP"))
		fds->revents = POLLHUP | POLLERR;
	else
		return __real_poll(NULL, 0, n ? ms : 0);
	return 1;
}

static int vf_error(__u32 vf, int all)
{
	return vf < TOTAL_VFS || (all && vf == CFGBLK_VF_ALL) ? 0 : ENXIO;
}

static int len_error(__u32 len)
{
	return !len ? EINVAL : len > CFGBLK_BLOCK_MAX ? EMSGSIZE : 0;
}

static int fake_info(struct cfgblk_info *info, int pf)
{
	memset(info, 0, sizeof(*info));
	info->role = pf ? CFGBLK_ROLE_PF : CFGBLK_ROLE_VF;
	info->capabilities = CFGBLK_CAP_SRIOV |
			     (pf ? CFGBLK_CAP_PF | CFGBLK_CAP_UNTRIED :
			      CFGBLK_CAP_VF);
	if (!pf)
		info->capabilities |= env_number("FAKE_NARROW") ?
				      CFGBLK_CAP_WIDE_FAILED : CFGBLK_CAP_WIDE;
	info->block_max = CFGBLK_BLOCK_MAX;
	info->version_min = info->version_max = 1;
	info->total_vfs = pf ? TOTAL_VFS : 0;
	info->num_vfs = pf && !env_number("FAKE_FRESH") ? 2 : 0;
	info->transport = pf ? 0 : CFGBLK_TRANSPORT_MAILBOX;
	info->partition = pf ? 0 : CFGBLK_PARTITION_CHILD;
	info->outstanding_max = pf ? 0 : 16;
	snprintf(info->map, sizeof(info->map), "%s", pf ? "i350\033" : "82576");
	if (!pf && env_number("FAKE_HYPERV")) {
		info->transport = CFGBLK_TRANSPORT_HYPERV;
		info->capabilities = CFGBLK_CAP_SRIOV | CFGBLK_CAP_VF |
				     CFGBLK_CAP_UNTRIED;
		info->version_min = info->version_max = 0;
		info->map[0] = 0;
	}
	return 0;
}

static int fake_link(struct cfgblk_link_info *link, int pf)
{
	__u32 vf = pf ? link->vf : 2;
	int down = env_number("FAKE_DOWN");

	if (vf_error(vf, 0))
		return ENXIO;
	if (link->limited)
		return EINVAL;
	memset(link, 0, sizeof(*link));
	link->limited = pf && vf == 0 && env_number("FAKE_LIMITED");
	link->vf = down && !pf ? CFGBLK_VF_ALL : vf;
	if (pf && env_number("FAKE_FRESH"))
		return 0;
	link->enabled = pf ? vf < 2 : 1;
	link->blocks = pf && vf == 0 ? 2 : 0;
	if (vf == 1) {
		link->state = CFGBLK_LINK_REFUSED;
		link->peer_min = 2;
		link->peer_max = 3;
	} else if ((vf == 0 || !pf) && !down) {
		link->state = CFGBLK_LINK_UP;
		link->version = 1;
		link->epoch = 5;
		link->pending = 1ULL << 63 | 1 << 17 | 1 << 3;
	}
	return 0;
}

static int fake_io(struct cfgblk_block_io *io, int pf, int write)
{
	int error = len_error(io->len);

	if (!error && pf)
		error = vf_error(io->vf, write);
	if (!error && io->flags & ~(pf && write ? CFGBLK_WRITE_QUIET : 0))
		error = EINVAL;
	if (!error && !pf && io->vf)
		error = EINVAL;
	if (!error && pf && getenv("FAKE_STORE"))
		return store_io(io, write);
	if (error || write)
		return error;
	memset(io->data, 0, sizeof(io->data));
	if (io->len > 5)
		io->len = 5;
	memcpy(io->data, "\0a\xff\n\033", io->len);
	if (getenv("FAKE_LEN"))
		io->len = env_number("FAKE_LEN");
	return 0;
}

static int fake_define(const struct cfgblk_define *d, int pf, int undefine)
{
	if (!pf)
		return EPERM;
	if (undefine ? d->size || d->access : !d->size ||
	    d->size > CFGBLK_BLOCK_MAX || !d->access || d->access > 3)
		return EINVAL;
	if (getenv("FAKE_STORE") && d->vf < TOTAL_VFS)
		return store_define(d, undefine);
	return vf_error(d->vf, 1);
}

static int fake_next_block(struct cfgblk_block_info *b, int pf)
{
	if (!pf)
		return EPERM;
	if (vf_error(b->vf, 0))
		return ENXIO;
	if (getenv("FAKE_STORE"))
		return store_next_block(b);
	if (b->vf)
		return ENOENT;
	b->block = b->block <= 3 || getenv("FAKE_BACK") ? 3 : 0xffffffff;
	b->size = b->block == 3 ? 16 : 128;
	b->access = b->block == 3 ? 1 : 3;
	b->len = b->block == 3 ? 5 : 0;
	b->writer = b->block == 3 ? CFGBLK_ROLE_PF : 0;
	return 0;
}

static int fake_event(struct cfgblk_event *e, int pf)
{
	if (taken == env_number("FAKE_EVENTS"))
		return EAGAIN;
	memset(e, 0, sizeof(*e));
	e->type = pf ? CFGBLK_EVENT_WROTE : CFGBLK_EVENT_INVALIDATED;
	e->vf = pf ? 2 : 0;
	e->block = pf ? 5 : 0;
	e->len = pf ? 16 : 0;
	e->mask = pf ? 0 : 1 << 3 | 1 << 17;
	e->lost = pf && taken == 1 ? 7 : 0;
	taken++;
	return 0;
}

static int fake_echo(struct cfgblk_echo *echo, int pf)
{
	int error = pf ? EPERM : len_error(echo->len);

	usleep(env_number("FAKE_SLOW"));
	if (env_number("FAKE_GARBLE"))
		echo->data[0] ^= 1;
	return error;
}

static int fake_stats(struct cfgblk_stats *s, int pf)
{
	if (pf ? vf_error(s->vf, 0) != 0 : s->vf != 0)
		return ENXIO;
	s->interrupts = 1000;
	s->requests = s->vf == 1 || s->vf == 2 ? 0 : 12;
	s->limited = s->requests / 3;
	return 0;
}

static int limit_valid(const struct cfgblk_limit *limit)
{
	if (!limit->per_second)
		return !limit->burst;
	return limit->per_second >= CFGBLK_LIMIT_RATE_MIN &&
	       limit->per_second <= CFGBLK_LIMIT_RATE_MAX && limit->burst &&
	       limit->burst <= CFGBLK_LIMIT_BURST_MAX;
}

/* VF 1 has no limit, the others have the driver's own */
static int fake_limit(struct cfgblk_limit *limit, int pf)
{
	if (!pf)
		return EPERM;
	if (getenv("FAKE_STORE") && limit_valid(limit) &&
	    limit->vf < TOTAL_VFS)
		return store_limit(limit);
	if (limit->flags == CFGBLK_LIMIT_SET)
		return limit_valid(limit) ? vf_error(limit->vf, 1) : EINVAL;
	if (limit->flags || limit->per_second || limit->burst)
		return EINVAL;
	limit->per_second = limit->vf == 1 ? 0 : 10000;
	limit->burst = limit->vf == 1 ? 0 : 20000;
	return vf_error(limit->vf, 0);
}

static int fake_save(struct cfgblk_state *state, int pf)
{
	static __u32 grown;
	__u8 *to = (__u8 *)(uintptr_t)state->addr;
	__u32 room = state->len;

	if (!pf)
		return EPERM;
	if (vf_error(state->vf, 0))
		return ENXIO;
	state->len = env_number("FAKE_STATE") + grown;
	grown += env_number("FAKE_GROW");
	if (room < state->len)
		return ENOBUFS;
	for (__u32 i = 0; i < state->len; i++)
		to[i] = i * 7 + i / 256;
	if (getenv("FAKE_LEN"))
		state->len = env_number("FAKE_LEN");
	return 0;
}

static int fake_restore(const struct cfgblk_state *state, int pf)
{
	const char *path = getenv("FAKE_RESTORED");
	FILE *file;

	if (!pf)
		return EPERM;
	if (vf_error(state->vf, 0))
		return ENXIO;
	if (!state->len || state->len > CFGBLK_STATE_MAX)
		return EINVAL;
	file = path ? fopen(path, "w") : NULL;
	if (!file)
		return 0;
	fwrite((const void *)(uintptr_t)state->addr, 1, state->len, file);
	return fclose(file) ? EIO : 0;
}

static int fake_command(unsigned long request, void *arg, int pf)
{
	switch (request) {
	case CFGBLK_IOC_INFO:
		return fake_info(arg, pf);
	case CFGBLK_IOC_LINK:
		return fake_link(arg, pf);
	case CFGBLK_IOC_READ:
	case CFGBLK_IOC_WRITE:
		return fake_io(arg, pf, request == CFGBLK_IOC_WRITE);
	case CFGBLK_IOC_DEFINE:
	case CFGBLK_IOC_UNDEFINE:
		return fake_define(arg, pf, request == CFGBLK_IOC_UNDEFINE);
	case CFGBLK_IOC_NEXT_BLOCK:
		return fake_next_block(arg, pf);
	case CFGBLK_IOC_INVALIDATE:
		return pf ? vf_error(*(__u32 *)arg, 1) : EPERM;
	case CFGBLK_IOC_WATCH:
		return 0;
	case CFGBLK_IOC_EVENT:
		return fake_event(arg, pf);
	case CFGBLK_IOC_ECHO:
		return fake_echo(arg, pf);
	case CFGBLK_IOC_STATS:
		return fake_stats(arg, pf);
	case CFGBLK_IOC_LIMIT:
		return fake_limit(arg, pf);
	case CFGBLK_IOC_SAVE:
		return fake_save(arg, pf);
	case CFGBLK_IOC_RESTORE:
		return fake_restore(arg, pf);
	}
	return ENOTTY;
}

/* "DEFINE 02000000 ...": the structure's first 48 bytes, word by word */
static void fake_log(const char *name, unsigned long request, const void *arg)
{
	const char *path = getenv("FAKE_LOG");
	FILE *log = path ? fopen(path, "a") : NULL;
	const __u8 *bytes = arg;

	if (!log)
		return;
	fputs(name, log);
	for (unsigned int i = 0; i < _IOC_SIZE(request) && i < 48; i++)
		fprintf(log, "%s%02x", i % 4 ? "" : " ", bytes[i]);
	fputc('\n', log);
	fclose(log);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	unsigned int nr = _IOC_NR(request) - _IOC_NR(CFGBLK_IOC_INFO);
	const char *forced = getenv("FAKE_ERROR");
	char role[3] = "";
	va_list list;
	void *arg;

	va_start(list, request);
	arg = va_arg(list, void *);
	va_end(list);
	if (pread(fd, role, 2, 0) != 2 || role[1] != 'f') {
		errno = ENOTTY;
		return -1;
	}
	fake_log(names[nr], request, arg);
	if (request == CFGBLK_IOC_ECHO || request == CFGBLK_IOC_DEFINE)
		usleep(1000 * env_number("FAKE_SLOW"));
	if (forced && !strncmp(forced, names[nr], strlen(names[nr])) &&
	    forced[strlen(names[nr])] == ':')
		errno = atoi(strchr(forced, ':') + 1);
	else
		errno = fake_command(request, arg, role[0] == 'p');
	return errno ? -1 : 0;
}
