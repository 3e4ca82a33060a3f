// SPDX-License-Identifier: GPL-2.0
/*
 * Tests: VFs that guests have, on the simulated device
 */
#include <linux/cfgblk.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/pci.h>

#include "../pf/pf.h"
#include "../vf/vf.h"
#include "bench.h"

#define GUEST	0	/* the VF that a guest has */
#define HOST	1	/* one that the host has */

#define QUIET_MS	1500	/* time to begin afresh, without a call */

static int user_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return 0;
}

static const struct pci_device_id user_ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10ca) },
	{ }
};

/* What vfio-pci is to the kernel: it enables a VF while somebody has it open */
static struct pci_driver user_driver = {
	.name = "kunit_user_space",
	.id_table = user_ids,
	.probe = user_probe,
	.driver_managed_dma = true,
};

static struct pci_dev *vf_pdev(struct kunit *test, unsigned int vf)
{
	return sim_vf_pdev(bench_sim(test), vf);
}

static struct pci_dev *pf_pdev(struct kunit *test)
{
	return sim_pf_pdev(bench_sim(test));
}

static void give_to_user_space(struct kunit *test)
{
	struct pci_dev *pdev = vf_pdev(test, GUEST);

	bench_unbind(pdev);
	KUNIT_ASSERT_EQ(test, 0, device_driver_attach(&user_driver.driver,
						      &pdev->dev));
}

static void lend_to_user_space(struct kunit *test)
{
	give_to_user_space(test);
	KUNIT_ASSERT_EQ(test, 0, pci_enable_device(vf_pdev(test, GUEST)));
}

static void back_from_user_space(struct kunit *test)
{
	struct pci_dev *pdev = vf_pdev(test, GUEST);

	pci_disable_device(pdev);
	bench_unbind(pdev);
	KUNIT_ASSERT_EQ(test, 0, bench_bind(pdev));
}

/* As a hypervisor that tells the kernel, which vfio does not */
static void assign(struct kunit *test)
{
	pci_set_dev_assigned(vf_pdev(test, GUEST));
}

static void back_from_assignment(struct kunit *test)
{
	pci_clear_dev_assigned(vf_pdev(test, GUEST));
}

/* As whoever unbinds vfio-pci, and waits for the guest */
static void hold(struct kunit *test)
{
	device_lock(&vf_pdev(test, GUEST)->dev);
}

static void let_go(struct kunit *test)
{
	device_unlock(&vf_pdev(test, GUEST)->dev);
}

static const struct lender {
	const char *name;
	void (*lend)(struct kunit *test);
	void (*back)(struct kunit *test);
} lenders[] = {
	{ "user-space", lend_to_user_space, back_from_user_space },
	{ "assigned", assign, back_from_assignment },
	{ "held", hold, let_go },
};

static void lender_name(const struct lender *lender, char *desc)
{
	strscpy(desc, lender->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lender, lenders, lender_name);

static void vfs_of_a_guest_are_not_disabled(struct kunit *test)
{
	const struct lender *lender = test->param_value;
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);

	lender->lend(test);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), -EBUSY);
	KUNIT_ASSERT_EQ(test, sim_num_vfs(sim), 2);
	bench_there_and_back(test, HOST);
	lender->back(test);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), 0);
}

static void vfs_of_a_guest_outlive_the_driver(struct kunit *test)
{
	const struct lender *lender = test->param_value;
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);
	unsigned int i;

	lender->lend(test);
	bench_unbind(pf_pdev(test));
	KUNIT_ASSERT_EQ(test, sim_num_vfs(sim), 2);
	KUNIT_EXPECT_EQ(test, -ETIMEDOUT,
			cfgblk_write_cfg_blk(vf_pdev(test, HOST), "x", 1,
					     BENCH_BLOCK));
	KUNIT_ASSERT_EQ(test, bench_bind(pf_pdev(test)), 0);
	KUNIT_EXPECT_EQ(test, bench_pf(test)->num_vfs, 2);
	lender->back(test);
	msleep(QUIET_MS);
	for (i = 0; i < 2; i++) {
		bench_define(test, i);
		bench_vf_up(test, i);
		bench_there_and_back(test, i);
	}
}

static void vf_that_nobody_has_open_is_disabled(struct kunit *test)
{
	struct sim *sim = bench_with_vfs(test, &bench_82576, 2);

	give_to_user_space(test);
	KUNIT_EXPECT_EQ(test, sim_set_num_vfs(sim, 0), 0);
	KUNIT_EXPECT_EQ(test, sim_num_vfs(sim), 0);
}

/* Once: what is left of a driver that has gone may still have its name */
static int guest_suite_init(struct kunit_suite *suite)
{
	return pci_register_driver(&user_driver);
}

static void guest_suite_exit(struct kunit_suite *suite)
{
	pci_unregister_driver(&user_driver);
}

/* What a failed case has left lent would outlive the device */
static void guest_exit(struct kunit *test)
{
	struct sim *sim = bench_sim(test);
	struct pci_dev *pdev = sim ? sim_vf_pdev(sim, GUEST) : NULL;

	if (pdev)
		pci_clear_dev_assigned(pdev);
	bench_exit(test);
}

static struct kunit_case guest_cases[] = {
	KUNIT_CASE_PARAM(vfs_of_a_guest_are_not_disabled, lender_gen_params),
	KUNIT_CASE_PARAM(vfs_of_a_guest_outlive_the_driver, lender_gen_params),
	KUNIT_CASE(vf_that_nobody_has_open_is_disabled),
	{ }
};

static struct kunit_suite guest_suite = {
	.name = "cfgblk_guest",
	.suite_init = guest_suite_init,
	.suite_exit = guest_suite_exit,
	.init = bench_init,
	.exit = guest_exit,
	.test_cases = guest_cases,
};

kunit_test_suite(guest_suite);

MODULE_LICENSE("GPL");
