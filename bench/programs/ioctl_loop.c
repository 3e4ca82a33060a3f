// SPDX-License-Identifier: GPL-2.0
/*
 * Reads or writes of a VF's block from user space, one after the other
 *
 *   ioctl_loop NODE read|write BLOCK BYTES COUNT
 *
 * Prints the ns of each on one line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/cfgblk.h>

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int once(int fd, unsigned long request, unsigned int block,
		unsigned int bytes, long long *time)
{
	struct cfgblk_block_io io = { .block = block, .len = bytes };
	long long start = now_ns();
	int err = ioctl(fd, request, &io);

	*time = now_ns() - start;
	return err;
}

static int loop(int fd, unsigned long request, unsigned int block,
		unsigned int bytes, unsigned int count)
{
	long long *times = calloc(count, sizeof(*times));
	unsigned int i;

	if (!times)
		return 1;
	for (i = 0; i < count; i++) {
		if (once(fd, request, block, bytes, &times[i])) {
			perror("ioctl_loop");
			free(times);
			return 1;
		}
	}
	for (i = 0; i < count; i++)
		printf("%s%lld", i ? " " : "", times[i]);
	putchar('\n');
	free(times);
	return 0;
}

int main(int argc, char **argv)
{
	int fd;

	if (argc != 6) {
		fprintf(stderr, "usage: ioctl_loop NODE read|write BLOCK BYTES COUNT\n");
		return 2;
	}
	fd = open(argv[1], O_RDWR);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	return loop(fd, strcmp(argv[2], "read") ? CFGBLK_IOC_WRITE : CFGBLK_IOC_READ,
		    atoi(argv[3]), atoi(argv[4]), atoi(argv[5]));
}
