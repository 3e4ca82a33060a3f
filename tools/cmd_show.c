// SPDX-License-Identifier: GPL-2.0
/* cfgblk show: one function at a glance */
#include <stdio.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "out.h"
#include "show.h"
#include "table.h"
#include "walk.h"
#include "words.h"

static error_t parse_show(int key, char *arg, struct argp_state *state)
{
	return args_parse(key, arg, state, state->input);
}

int show_link(const struct dev *dev, __u32 vf, struct cfgblk_link_info *link)
{
	const struct call call = {
		.dev = dev, .request = CFGBLK_IOC_LINK,
		.about_vf = true, .vf = vf,
	};

	*link = (struct cfgblk_link_info){ .vf = vf };
	return call_driver(&call, link);
}

static bool on_hyperv(const struct dev *dev)
{
	return dev->info.transport == CFGBLK_TRANSPORT_HYPERV;
}

static void show_protocol(const struct dev *dev)
{
	const struct cfgblk_info *info = &dev->info;

	if (on_hyperv(dev))
		printf("  protocol      none of ours: Hyper-V carries blocks of at "
		       "most %u bytes\n", info->block_max);
	else
		printf("  protocol      versions %u to %u, blocks of at most %u "
		       "bytes\n", info->version_min, info->version_max,
		       info->block_max);
}

static void show_buffer(const struct dev *dev)
{
	__u32 capabilities = dev->info.capabilities;

	if (on_hyperv(dev))
		return;
	if (capabilities & CFGBLK_CAP_WIDE)
		puts("  buffer        64 bits at a time");
	else if (capabilities & CFGBLK_CAP_WIDE_FAILED)
		puts("  buffer        32 bits at a time: 64 failed their self test");
	else
		puts("  buffer        32 bits at a time");
}

static void show_function(const struct dev *dev)
{
	const struct cfgblk_info *info = &dev->info;

	printf("%s: %s\n", dev->name, dev_is_pf(dev) ?
	       "PF (physical function)" : "VF (virtual function)");
	if (info->map[0])
		printf("  register map  %s\n", info->map);
	if (info->capabilities & CFGBLK_CAP_UNTRIED)
		puts(on_hyperv(dev) ?
		     "  untried       nobody has run this on a real Hyper-V yet" :
		     "                untried: nobody has run this map on this "
		     "hardware yet");
	show_buffer(dev);
	show_protocol(dev);
	if (dev_is_pf(dev))
		return;
	printf("  transport     %s, at most %u calls at once\n",
	       transport_word(info->transport), info->outstanding_max);
	printf("  partition     %s: its PF is %s\n",
	       partition_word(info->partition),
	       info->partition == CFGBLK_PARTITION_PARENT ?
	       "in this system" : "elsewhere");
}

static void show_peer(const struct cfgblk_link_info *link)
{
	if (link->state == CFGBLK_LINK_DOWN)
		puts("down: the PF has not answered yet");
	else if (link->state == CFGBLK_LINK_REFUSED)
		printf("refused: the PF speaks versions %u to %u\n",
		       link->peer_min, link->peer_max);
	else
		printf("%s, version %u, epoch %u, features 0x%x\n",
		       link_word(link->state), link->version, link->epoch,
		       link->features);
}

static void show_host(const struct cfgblk_link_info *link)
{
	puts(link->state == CFGBLK_LINK_UP ?
	     "up: there is no handshake, the host is asked when somebody calls" :
	     "down: the host does not answer");
}

static int show_vf(const struct dev *dev)
{
	struct cfgblk_link_info link;
	char ids[MASK_TEXT_LEN];
	int status = show_link(dev, 0, &link);

	if (status)
		return status;
	show_function(dev);
	mask_text(link.pending, ids);
	if (on_hyperv(dev))
		puts("  VF id         not told on Hyper-V");
	else if (link.vf == CFGBLK_VF_ALL)
		puts("  VF id         not known before the link is up");
	else
		printf("  VF id         %u\n", link.vf);
	fputs("  link          ", stdout);
	if (on_hyperv(dev))
		show_host(&link);
	else
		show_peer(&link);
	printf("  pending       %s\n", link.pending ? ids : "none");
	return STATUS_DONE;
}

static void link_cell(struct table *t, const struct cfgblk_link_info *link)
{
	const char *limited = link->limited ? ", limited" : "";

	if (link->state == CFGBLK_LINK_REFUSED)
		table_add(t, "refused: speaks %u to %u%s", link->peer_min,
			  link->peer_max, limited);
	else
		table_add(t, "%s%s", link_word(link->state), limited);
}

static void link_cells(struct table *t, const struct cfgblk_link_info *link)
{
	char ids[MASK_TEXT_LEN];

	link_cell(t, link);
	if (link->version)
		table_add(t, "%u", link->version);
	else
		table_add(t, "-");
	if (link->epoch)
		table_add(t, "%u", link->epoch);
	else
		table_add(t, "-");
	table_add(t, "%u", link->blocks);
	mask_text(link->pending, ids);
	table_add(t, "%s", link->pending ? ids : "none");
}

/* The VFs of a PF; @idle are those that are in no row */
struct vfs {
	struct table table;
	bool all;
	unsigned int up, refused, limited, idle;
};

static void count_link(struct vfs *vfs, const struct cfgblk_link_info *link)
{
	vfs->up += link->state == CFGBLK_LINK_UP;
	vfs->refused += link->state == CFGBLK_LINK_REFUSED;
	vfs->limited += !!link->limited;
}

/* With vfio-pci a guest has it */
static void place_cells(struct table *t, const struct dev *dev, __u32 vf)
{
	char address[ADDRESS_LEN], driver[64];

	if (!sysfs_virtfn(dev->address, vf, address, sizeof(address))) {
		table_add(t, "unknown");
		table_add(t, "-");
		return;
	}
	table_add(t, "%s", address);
	table_add(t, "%s", sysfs_link(address, "driver", driver, sizeof(driver)) ?
		  driver : "-");
}

static int vf_row(const struct dev *dev, __u32 vf, void *data)
{
	struct vfs *vfs = data;
	struct cfgblk_link_info link;
	int status = show_link(dev, vf, &link);

	if (status)
		return status;
	count_link(vfs, &link);
	if (vfs->all && !link.enabled && !link.blocks && !link.pending) {
		vfs->idle++;
		return STATUS_DONE;
	}
	table_add(&vfs->table, "%u", vf);
	if (link.enabled) {
		place_cells(&vfs->table, dev, vf);
	} else {
		table_add(&vfs->table, "not enabled");
		table_add(&vfs->table, "-");
	}
	link_cells(&vfs->table, &link);
	return STATUS_DONE;
}

static void show_vfs_line(const struct dev *dev, const struct vfs *vfs)
{
	printf("  VFs           %u enabled of %u", dev->info.num_vfs,
	       dev->info.total_vfs);
	if (vfs->all && dev->info.num_vfs)
		printf("; link up: %u", vfs->up);
	if (vfs->all && vfs->refused)
		printf("; refused: %u", vfs->refused);
	if (vfs->all && vfs->limited)
		printf("; limited: %u", vfs->limited);
	putchar('\n');
}

static void show_vfs(const struct dev *dev, struct vfs *vfs)
{
	if (vfs->table.n == vfs->table.columns) {
		printf("No VF is enabled; to enable one: echo 1 > "
		       "/sys/bus/pci/devices/%s/sriov_numvfs\n", dev->address);
		return;
	}
	table_print(&vfs->table);
	if (vfs->idle)
		printf("VFs that are not enabled and have no blocks: %u\n",
		       vfs->idle);
}

static int show_pf(const struct dev *dev, __u32 vf)
{
	static const char *const vf_heads[] = {
		"VF", "ADDRESS", "DRIVER", "LINK", "VERSION", "EPOCH", "BLOCKS",
		"PENDING", NULL
	};
	struct vfs vfs = { .table.columns = 8, .all = vf == CFGBLK_VF_ALL };
	struct blocks blocks = { 0 };
	int status;

	table_heads(&vfs.table, vf_heads);
	status = walk_vfs(dev, vf, vf_row, &vfs);
	if (!status)
		status = walk_vfs(dev, vf, show_blocks_take, &blocks);
	if (status)
		return status;
	show_function(dev);
	show_vfs_line(dev, &vfs);
	putchar('\n');
	show_vfs(dev, &vfs);
	putchar('\n');
	show_blocks(dev, vf, &blocks);
	return STATUS_DONE;
}

static int show(const struct dev *dev, void *data)
{
	const struct args *args = data;
	__u32 vf;
	int status = args_vf(args, dev, WHICH_ANY, &vf);

	if (status)
		return status;
	if (args->json)
		return show_json(dev, vf);
	status = dev_is_pf(dev) ? show_pf(dev, vf) : show_vf(dev);
	return status ? status : out_flush();
}

int cmd_show(int argc, char **argv)
{
	static const struct argp_option options[] = {
		OPTION_VF,
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_show, .args_doc = "DEV",
		.doc = "Show a function's state and protocol versions; on a PF "
		       "also its VFs and their blocks.",
	};
	struct args args = { .words = 1 };

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	return dev_run(args.dev, show, &args);
}
