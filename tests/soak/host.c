// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side: publishes versions of its blocks, and the watchers of the
 * VFs have to end up with the last of each
 *
 * A watcher reads a block when it is told to and at no other time: one
 * invalidation that got lost leaves it with an old version for ever.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "soak.h"

/*
 * The bell is rung again ever more rarely, up to a minute apart; twice that, on
 * a slow machine
 */
#define SETTLE_SECONDS 120

static unsigned int version_seed(unsigned int vf, unsigned int block,
				 unsigned int version)
{
	return version * 1000 + vf * 64 + block;
}

/* Four bytes of version, then as many others as that version has */
void host_fill(unsigned int vf, unsigned int block, unsigned int version,
	       struct cfgblk_block_io *io)
{
	unsigned int seed = version_seed(vf, block, version);

	memset(io, 0, sizeof(*io));
	io->vf = vf;
	io->block = block;
	io->len = sizeof(version) +
		  seed % (CFGBLK_BLOCK_MAX - sizeof(version) + 1);
	memcpy(io->data, &version, sizeof(version));
	random_bytes(io->data + sizeof(version), io->len - sizeof(version),
		     seed);
}

bool host_version(unsigned int vf, unsigned int block,
		  const struct cfgblk_block_io *io, unsigned int *version)
{
	struct cfgblk_block_io want;

	memcpy(version, io->data, sizeof(*version));
	host_fill(vf, block, *version, &want);
	return want.len == io->len &&
	       !memcmp(want.data, io->data, sizeof(want.data));
}

static void host_failed(const char *what)
{
	const struct vf host = { .id = CFGBLK_VF_ALL };

	board_add(&board->errors[errno < MAX_ERRNO ? errno : 0], 1);
	defect(UNEXPECTED_ERRORS, &host, "host: %s: %s", what,
	       strerrorname_np(errno));
}

static int host_open(const char *pf)
{
	int fd = open(pf, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		perror(pf);
		exit(2);
	}
	return fd;
}

/* In one step, or quietly and then with a mask */
static void publish(int fd, unsigned int vf, unsigned int block)
{
	unsigned int version = __atomic_add_fetch(&board->version, 1,
						  __ATOMIC_SEQ_CST);
	struct cfgblk_invalidate invalidate = { .vf = vf,
						.mask = 1ULL << block };
	struct cfgblk_block_io io;

	host_fill(vf, block, version, &io);
	if (random_next() % 2)
		io.flags = CFGBLK_WRITE_QUIET;
	if (ioctl(fd, CFGBLK_IOC_WRITE, &io))
		host_failed("write");
	if (io.flags && ioctl(fd, CFGBLK_IOC_INVALIDATE, &invalidate))
		host_failed("invalidate");
	board_add(&board->published, 1);
}

/* The node is another one when the PF's driver was bound again */
static void publish_one(const char *pf, unsigned int vf, unsigned int block)
{
	int fd = host_open(pf);

	publish(fd, vf, block);
	close(fd);
}

void run_publisher(const char *pf, unsigned int vfs)
{
	while (!board->stop) {
		pause_ms(random_next() % 20);
		__atomic_store_n(&board->publishing, 1, __ATOMIC_SEQ_CST);
		if (!__atomic_load_n(&board->paused, __ATOMIC_SEQ_CST))
			publish_one(pf, random_next() % vfs,
				    HOST_FIRST + random_next() % HOST_BLOCKS);
		__atomic_store_n(&board->publishing, 0, __ATOMIC_SEQ_CST);
	}
}

/* What a PF that lost its blocks needs, so that no watcher keeps an old one */
void publish_all(const char *pf, unsigned int vfs)
{
	unsigned int vf, i;
	int fd = host_open(pf);

	for (vf = 0; vf < vfs; vf++)
		for (i = 0; i < HOST_BLOCKS; i++)
			publish(fd, vf, HOST_FIRST + i);
	close(fd);
}

/* The publisher falls silent */
void hush(void)
{
	__atomic_store_n(&board->paused, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&board->publishing, __ATOMIC_SEQ_CST))
		pause_ms(1);
}

void unhush(void)
{
	__atomic_store_n(&board->paused, 0, __ATOMIC_SEQ_CST);
}

static void saw(struct vf *vf, unsigned int block,
		const struct cfgblk_block_io *io, const struct snapshot *before)
{
	__u32 *seen = &board->seen[vf->id][block - HOST_FIRST];
	unsigned int version;

	if (!host_version(vf->id, block, io, &version)) {
		defect(TORN, vf, "block %u: not a version that was published",
		       block);
		return;
	}
	if (version < *seen &&
	    !(faults_since(vf->id, before) & 1u << FAULT_RESTORE))
		defect(OUT_OF_ORDER, vf,
		       "block %u: version %u after version %u", block, version,
		       *seen);
	__atomic_store_n(seen, version, __ATOMIC_SEQ_CST);
}

/*
 * Reads what it was told to; returns what is left of it, for want of a link.
 * @good: before the last such read
 */
static __u64 read_told(struct vf *vf, __u64 mask, struct snapshot *good)
{
	unsigned int block;

	for (block = HOST_FIRST; block < HOST_FIRST + HOST_BLOCKS; block++) {
		struct cfgblk_block_io io = { .block = block,
					      .len = CFGBLK_BLOCK_MAX };
		struct snapshot before;
		int error;

		if (!(mask & 1ULL << block))
			continue;
		faults_now(vf->id, &before);
		if (!vf_call(vf, CFGBLK_IOC_READ, &io, &error))
			return vf->fd < 0 ? 0 : mask;
		saw(vf, block, &io, &good[block - HOST_FIRST]);
		good[block - HOST_FIRST] = before;
		board_add(&board->exchanges, 1);
		board_add(&board->bytes, io.len);
		mask &= ~(1ULL << block);
	}
	return 0;
}

static __u64 take_event(struct vf *vf)
{
	struct cfgblk_event event;
	int error;

	if (!vf_call(vf, CFGBLK_IOC_EVENT, &event, &error))
		return 0;
	board_add(&board->events, 1);
	return event.mask;
}

/* A node that is new tells everything by itself, so nothing is carried over */
static bool watch(struct vf *vf)
{
	int error;

	return vf->fd >= 0 || vf_call(vf, CFGBLK_IOC_WATCH, NULL, &error);
}

void run_watcher(struct vf *vf)
{
	struct snapshot good[HOST_BLOCKS];
	__u64 told = 0;
	unsigned int i;

	for (i = 0; i < HOST_BLOCKS; i++)
		faults_now(vf->id, &good[i]);
	while (!board->stop) {
		struct pollfd ready = { .events = POLLIN };

		if (!watch(vf))
			continue;
		ready.fd = vf->fd;
		if (poll(&ready, 1, told ? 0 : 200) > 0)
			told |= take_event(vf);
		if (vf->fd >= 0 && told)
			told = read_told(vf, told, good);
		if (vf->fd < 0)
			told = 0;
	}
}

/* What the host itself has there; 0 if nothing */
static unsigned int published(int fd, unsigned int vf, unsigned int block)
{
	struct cfgblk_block_io io = { .vf = vf,
				      .block = block,
				      .len = CFGBLK_BLOCK_MAX };
	unsigned int version = 0;

	if (!ioctl(fd, CFGBLK_IOC_READ, &io))
		host_version(vf, block, &io, &version);
	else if (errno != ENODATA)
		host_failed("read");
	return version;
}

/* Blocks of which a watcher has another version; says which if @say */
static unsigned int behind(int fd, unsigned int vfs, bool say)
{
	unsigned int vf, i, n = 0;

	for (vf = 0; vf < vfs; vf++) {
		for (i = 0; i < HOST_BLOCKS; i++) {
			unsigned int is = published(fd, vf, HOST_FIRST + i);
			unsigned int seen = __atomic_load_n(&board->seen[vf][i],
							    __ATOMIC_SEQ_CST);
			const struct vf at = { .id = vf };

			if (is == seen)
				continue;
			n++;
			if (say)
				defect(LOST_INVALIDATIONS, &at,
				       "block %u: version %u is published, the watcher has %u",
				       HOST_FIRST + i, is, seen);
		}
	}
	return n;
}

/*
 * The host falls silent, no fault is under way: every watcher has to get there
 */
bool settle(const char *pf, unsigned int vfs)
{
	int fd = host_open(pf);
	time_t end = time(NULL) + SETTLE_SECONDS;
	unsigned int n;

	hush();
	while ((n = behind(fd, vfs, false)) && time(NULL) < end)
		pause_ms(50);
	if (n)
		behind(fd, vfs, true);
	else
		board_add(&board->settled, 1);
	unhush();
	close(fd);
	return !n;
}
