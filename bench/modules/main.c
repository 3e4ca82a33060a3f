// SPDX-License-Identifier: GPL-2.0
/*
 * cfgblk_bench: times calls, in the test machine alone
 *
 * debugfs cfgblk_bench/: see run.c and pf_time.c.  The parameters tell the
 * sizes of what the drivers have in memory.
 */
#include <linux/debugfs.h>
#include <linux/module.h>

#include "bench.h"
#include "pf.h"

static unsigned int pf_bytes = sizeof(struct cfgblk_pf);
module_param(pf_bytes, uint, 0444);
MODULE_PARM_DESC(pf_bytes, "bytes of a PF without its VFs");

static unsigned int vf_bytes = sizeof(struct cfgblk_pf_vf);
module_param(vf_bytes, uint, 0444);
MODULE_PARM_DESC(vf_bytes, "bytes of a VF on its PF");

static struct dentry *dir;

static int __init bench_init(void)
{
	dir = debugfs_create_dir("cfgblk_bench", NULL);
	bench_run_init(dir);
	bench_pf_time_init(dir);
	return 0;
}
module_init(bench_init);

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
	bench_pf_time_fini();
}
module_exit(bench_exit);

MODULE_DESCRIPTION("VF configuration blocks: timing, for the test machine");
MODULE_LICENSE("GPL");
