/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Times calls in the test machine
 */
#ifndef BENCH_H
#define BENCH_H

#include <linux/types.h>

struct dentry;
struct pci_dev;

/**
 * struct bench_what - what each exchange of a run is
 * @once: does one; 0 or a negative errno
 * @bytes: bytes of its block
 * @rtnl: whoever calls it has to hold the RTNL
 */
struct bench_what {
	int (*once)(struct pci_dev *vf, const struct bench_what *what);
	unsigned int bytes;
	bool rtnl;
};

/* exchange.c */
int bench_what_parse(const char *kind, unsigned int bytes,
		     struct bench_what *what);

/* run.c */
void bench_run_init(struct dentry *dir);

/* pf_time.c */
void bench_pf_time_init(struct dentry *dir);
void bench_pf_time_fini(void);

#endif /* BENCH_H */
