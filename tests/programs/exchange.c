// SPDX-License-Identifier: GPL-2.0
/*
 * exchange VF BLOCK COUNT SEED, VF a PCI address: write a block and read it back, COUNT times,
 * each time other bytes and another length, and compare every byte.
 *
 * exchange -m VF BLOCK COUNT SEED: many processes share the block.  Each
 * write is one length of one byte, so whatever is read has to be that as well:
 * a block that is half one write and half another shows.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/cfgblk.h>

static unsigned int state;

/* xorshift32: the same bytes for the same seed, on every machine */
static unsigned int next(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void fail(const char *what, unsigned int round)
{
	fprintf(stderr, "exchange: %s in round %u: %s\n", what, round,
		strerror(errno));
	exit(1);
}

static void fill(struct cfgblk_block_io *io, int shared)
{
	unsigned int i;

	io->len = 1 + next() % CFGBLK_BLOCK_MAX;
	memset(io->data, 0, sizeof(io->data));
	for (i = 0; i < io->len; i++)
		io->data[i] = shared ? io->len : next();
}

static int same(const struct cfgblk_block_io *a, const struct cfgblk_block_io *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, sizeof(a->data));
}

static int uniform(const struct cfgblk_block_io *io)
{
	unsigned int i;

	for (i = 0; i < CFGBLK_BLOCK_MAX; i++)
		if (io->data[i] != (i < io->len ? io->len : 0))
			return 0;
	return 1;
}

static void round_trip(int fd, unsigned int block, unsigned int round,
		       int shared)
{
	struct cfgblk_block_io out = { .block = block };
	struct cfgblk_block_io in = { .block = block, .len = CFGBLK_BLOCK_MAX };

	fill(&out, shared);
	if (ioctl(fd, CFGBLK_IOC_WRITE, &out))
		fail("write", round);
	if (ioctl(fd, CFGBLK_IOC_READ, &in))
		fail("read", round);
	errno = EILSEQ;
	if (shared ? !uniform(&in) : !same(&in, &out))
		fail("other bytes came back", round);
}

int main(int argc, char **argv)
{
	int shared = argc > 1 && !strcmp(argv[1], "-m");
	unsigned int block, count, i;
	char path[64];
	int fd;

	argv += shared;
	if (argc - shared != 5) {
		fprintf(stderr, "usage: exchange [-m] VF BLOCK COUNT SEED\n");
		return 2;
	}
	block = strtoul(argv[2], NULL, 0);
	count = strtoul(argv[3], NULL, 0);
	state = strtoul(argv[4], NULL, 0) | 1;
	snprintf(path, sizeof(path), "/dev/cfgblk/%s", argv[1]);
	fd = open(path, O_RDWR);
	if (fd < 0)
		fail(path, 0);
	for (i = 0; i < count; i++)
		round_trip(fd, block, i, shared);
	printf("%u exchanges\n", count);
	return 0;
}
