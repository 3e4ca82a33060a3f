/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests: allocations that fail
 *
 * The kernel's failslab does it, for the task that asks: so the drivers are the
 * very ones that are shipped, and what the kernel allocates for them fails too.
 * A hook in our own code instead would reach nothing but our kmalloc() calls.
 *
 * Each place in our code that calls kmalloc() is noted when it does so, from
 * boot on, and whether it was made to fail.
 */
#ifndef CFGBLK_KUNIT_FAIL_H
#define CFGBLK_KUNIT_FAIL_H

#include <linux/types.h>

struct kunit;

int fail_init(void);
void fail_exit(void);

void fail_arm(unsigned int nth, bool rest);
bool fail_disarm(void);
bool fail_armed(void);

unsigned int fail_sites_hit(void);
void fail_expect_every_site(struct kunit *test, unsigned int large);

#endif /* CFGBLK_KUNIT_FAIL_H */
