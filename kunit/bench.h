/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Test bench: a simulated device with the PF and VF drivers on it
 *
 * Shared by the suites that run the real drivers.  test->priv is the bench's:
 * a suite names bench_init() and bench_exit() as its init and exit, and each
 * case begins with bench_plug_in() or bench_with_vfs().  VF drivers bind
 * because the kernel is booted with cfgblk_vf.allow_parent=1.
 */
#ifndef CFGBLK_BENCH_H
#define CFGBLK_BENCH_H

#include <kunit/test.h>
#include <uapi/linux/cfgblk.h>

#include "sim.h"

struct cfgblk_pf;
struct cfgblk_pf_link;
struct cfgblk_store;
struct cfgblk_vf;
struct kernel_param;
struct pci_dev;

/* The block that each VF of bench_with_vfs() has: 128 bytes, read and write */
#define BENCH_BLOCK	7
#define BENCH_RW	(CFGBLK_ACCESS_READ | CFGBLK_ACCESS_WRITE)

extern const struct sim_config bench_82576;
extern const struct sim_config bench_bare;
extern const struct sim_config bench_qemu;

/* As an 82576, but its map has no 64-bit accesses to the buffer */
extern const struct sim_config bench_narrow;

int bench_init(struct kunit *test);
void bench_exit(struct kunit *test);

struct sim *bench_plug_in(struct kunit *test, const struct sim_config *config);
struct sim *bench_with_vfs(struct kunit *test, const struct sim_config *config,
			   unsigned int vfs);
void bench_pull_out(struct kunit *test);

struct sim *bench_sim(struct kunit *test);
const struct kernel_param *bench_param(struct kunit *test, const char *name);
int bench_bind(struct pci_dev *pdev);
void bench_unbind(struct pci_dev *pdev);

struct cfgblk_pf *bench_pf(struct kunit *test);
struct cfgblk_pf_link *bench_pf_link(struct kunit *test, unsigned int vf);
void bench_pf_is_deaf(struct kunit *test);
struct cfgblk_vf *bench_vf_up(struct kunit *test, unsigned int vf);

struct cfgblk_store *bench_store(struct kunit *test, unsigned int vf);
void bench_define(struct kunit *test, unsigned int vf);
void bench_define_block(struct kunit *test, unsigned int vf, u32 id,
			unsigned int size, u32 access);
void bench_publish(struct kunit *test, unsigned int vf, u32 id,
		   const char *text);
void bench_expect_block(struct kunit *test, unsigned int vf, u32 id,
			const char *text);

void bench_fill(u8 *bytes, u8 seed);
void bench_there_and_back(struct kunit *test, unsigned int vf);

#endif /* CFGBLK_BENCH_H */
