// SPDX-License-Identifier: GPL-2.0
/*
 * poke PCI-ADDRESS OFFSET VALUE: write one register of BAR 0, behind the back of
 * the driver that has the device.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	volatile uint32_t *bar;
	char path[128];
	int fd;

	if (argc != 4) {
		fprintf(stderr, "usage: poke PCI-ADDRESS OFFSET VALUE\n");
		return 2;
	}
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", argv[1]);
	fd = open(path, O_RDWR | O_SYNC);
	if (fd < 0) {
		perror(path);
		return 1;
	}
	bar = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (bar == MAP_FAILED) {
		perror("mmap");
		return 1;
	}
	bar[strtoul(argv[2], NULL, 0) / 4] = strtoul(argv[3], NULL, 0);
	return 0;
}
