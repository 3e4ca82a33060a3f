// SPDX-License-Identifier: GPL-2.0
/*
 * Sample: a provider of blocks for the VFs of a PF
 *
 * device       PCI address of a PF that is bound to cfgblk_pf, at load
 * setting      what the VFs have to take over; to write it tells them
 * taken        what each VF has taken over; 0 for one that is not there
 */
#include <linux/cfgblk.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/timekeeping.h>

#include "sample.h"

static char device[16];
module_param_string(device, device, sizeof(device), 0444);

static struct pci_dev *pf;
static struct cfgblk_provider *provider;
static unsigned int taken[64];
module_param_array(taken, uint, NULL, 0444);

/* Guards the next two; nothing that waits for the provider is called under it */
static DEFINE_MUTEX(lock);
static bool serving;
static unsigned int setting;

static int block_read(void *ctx, u16 vf, u32 block, void *buf, unsigned int len)
{
	struct sample_setting answer = {
		.uptime = cpu_to_le64(ktime_get_boottime_seconds()),
		.setting = cpu_to_le32(READ_ONCE(setting)),
	};

	if (block != SAMPLE_SETTING)
		return block == SAMPLE_STATUS ? -EACCES : -ENOENT;
	len = min_t(unsigned int, len, sizeof(answer));
	memcpy(buf, &answer, len);
	return len;
}

static int block_write(void *ctx, u16 vf, u32 block, const void *buf,
		       unsigned int len)
{
	const struct sample_status *status = buf;

	if (block != SAMPLE_STATUS)
		return block == SAMPLE_SETTING ? -EACCES : -ENOENT;
	/* Block, length and bytes are the VF's word; @vf is not */
	if (len != sizeof(*status))
		return -EMSGSIZE;
	WRITE_ONCE(taken[vf], le32_to_cpu(status->setting));
	return 0;
}

static void provider_came(void *ctx, u16 vf)
{
	pci_info(pf, "VF %u is there\n", vf);
}

static void provider_went(void *ctx, u16 vf)
{
	WRITE_ONCE(taken[vf], 0);
}

static u64 provider_published(void *ctx, u16 vf)
{
	return BIT_ULL(SAMPLE_SETTING);
}

static void serve(bool on)
{
	mutex_lock(&lock);
	serving = on;
	mutex_unlock(&lock);
}

static void provider_gone(void *ctx)
{
	serve(false);
}

static const struct cfgblk_provider_ops provider_ops = {
	.read = block_read,
	.write = block_write,
	.came = provider_came,
	.went = provider_went,
	.published = provider_published,
	.gone = provider_gone,
};

/* Comes also before init and after exit: the file is there by then */
static int setting_set(const char *text, const struct kernel_param *param)
{
	int err;

	mutex_lock(&lock);
	err = param_set_uint(text, param);
	if (!err && serving)
		cfgblk_invalidate(pf, CFGBLK_VF_ALL, BIT_ULL(SAMPLE_SETTING));
	mutex_unlock(&lock);
	return err;
}

static const struct kernel_param_ops setting_ops = {
	.set = setting_set, .get = param_get_uint,
};
module_param_cb(setting, &setting_ops, &setting, 0644);

/* The device lock keeps the PF bound meanwhile; later gone() tells */
static int start(void)
{
	if (pci_sriov_get_totalvfs(pf) > ARRAY_SIZE(taken))
		return -E2BIG;
	device_lock(&pf->dev);
	serve(true);
	provider = cfgblk_register_provider(pf, &provider_ops, NULL);
	if (IS_ERR(provider))
		serve(false);
	device_unlock(&pf->dev);
	return PTR_ERR_OR_ZERO(provider);
}

static int __init pf_provider_init(void)
{
	int err = -ENODEV;

	pf = sample_device(device);
	if (pf)
		err = start();
	if (err)
		pci_dev_put(pf);
	return err;
}
module_init(pf_provider_init);

static void __exit pf_provider_exit(void)
{
	serve(false);
	cfgblk_unregister_provider(provider);
	pci_dev_put(pf);
}
module_exit(pf_provider_exit);

MODULE_DESCRIPTION("Sample: a provider of configuration blocks");
MODULE_LICENSE("GPL");
