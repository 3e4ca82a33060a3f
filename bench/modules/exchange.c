// SPDX-License-Identifier: GPL-2.0
/*
 * One exchange: of the stock pair, or of ours through the kernel interface
 */
#include <linux/cfgblk.h>
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "bench.h"

/* Every run uses this one */
#define BLOCK		3

/* One that the VF may give itself */
#define STOCK_ADDRESS	"\x02\xcf\x9b\x1c\x00\x01"

/* The VF asks the PF to set its address: three dwords there, three back */
static int stock_once(struct pci_dev *vf, const struct bench_what *what)
{
	struct net_device *netdev = pci_get_drvdata(vf);
	struct sockaddr addr = { };

	memcpy(addr.sa_data, STOCK_ADDRESS, ETH_ALEN);
	return netdev->netdev_ops->ndo_set_mac_address(netdev, &addr);
}

static int read_once(struct pci_dev *vf, const struct bench_what *what)
{
	unsigned int n;
	u8 buf[CFGBLK_BLOCK_MAX];
	int err = cfgblk_read_cfg_blk(vf, buf, what->bytes, BLOCK, &n);

	return !err && n != what->bytes ? -ENODATA : err;
}

static int write_once(struct pci_dev *vf, const struct bench_what *what)
{
	u8 buf[CFGBLK_BLOCK_MAX];

	memset(buf, 0x5a, sizeof(buf));
	return cfgblk_write_cfg_blk(vf, buf, what->bytes, BLOCK);
}

/**
 * bench_what_parse - what a run consists of
 * @kind: "stock", "read" or "write"
 * @bytes: of a block; "stock" has always 12
 * @what: receives it
 *
 * Context: any.
 * Return: 0; -EINVAL.
 */
int bench_what_parse(const char *kind, unsigned int bytes,
		     struct bench_what *what)
{
	if (!bytes || bytes > CFGBLK_BLOCK_MAX)
		return -EINVAL;
	what->bytes = bytes;
	what->rtnl = !strcmp(kind, "stock");
	if (what->rtnl)
		what->once = stock_once;
	else if (!strcmp(kind, "read"))
		what->once = read_once;
	else if (!strcmp(kind, "write"))
		what->once = write_once;
	else
		return -EINVAL;
	return 0;
}
