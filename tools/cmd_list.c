// SPDX-License-Identifier: GPL-2.0
/* cfgblk list: the functions that have a node */
#include <stdbool.h>

#include "args.h"
#include "call.h"
#include "cmd.h"
#include "errors.h"
#include "out.h"
#include "table.h"
#include "walk.h"
#include "words.h"

struct list {
	struct table table;
	json_t *json;		/* NULL: a table is wanted */
	bool any;
};

static error_t parse_list(int key, char *arg, struct argp_state *state)
{
	return args_parse(key, arg, state, state->input);
}

static void list_row(struct table *t, const struct dev *dev)
{
	struct cfgblk_link_info link = { 0 };
	const struct cfgblk_info *info = &dev->info;

	table_add(t, "%s", dev->name);
	table_add(t, "%s", dev_is_pf(dev) ? "PF" : "VF");
	table_add(t, "%s", info->map[0] ? info->map : "-");
	if (dev_is_pf(dev))
		table_add(t, "%u of %u VFs enabled", info->num_vfs,
			  info->total_vfs);
	else if (dev_ioctl(dev, CFGBLK_IOC_LINK, &link))
		table_add(t, "link unknown");
	else if (link.vf == CFGBLK_VF_ALL)
		table_add(t, "link %s", link_word(link.state));
	else
		table_add(t, "VF %u, link %s", link.vf, link_word(link.state));
}

static json_t *list_json(const struct dev *dev)
{
	struct cfgblk_link_info link = { 0 };
	const struct cfgblk_info *info = &dev->info;
	json_t *json = json_pack("{s:s, s:s, s:s}", "device", dev->name,
				 "role", role_word(info->role),
				 "map", info->map);

	if (!json)
		out_of_memory();
	if (dev_is_pf(dev)) {
		json_object_set_new(json, "num_vfs",
				    json_integer(info->num_vfs));
		json_object_set_new(json, "total_vfs",
				    json_integer(info->total_vfs));
		return json;
	}
	if (dev_ioctl(dev, CFGBLK_IOC_LINK, &link))
		link.vf = CFGBLK_VF_ALL;
	json_object_set_new(json, "vf", link.vf == CFGBLK_VF_ALL ?
			    json_null() : json_integer(link.vf));
	json_object_set_new(json, "link", json_string(link_word(link.state)));
	return json;
}

static int list_one(const char *name, void *data)
{
	static const char *const heads[] = {
		"DEVICE", "ROLE", "MAP", "STATE", NULL
	};
	struct list *list = data;
	struct dev dev;
	int status;

	if (!list->any && !list->json)
		table_heads(&list->table, heads);
	list->any = true;
	status = dev_open(&dev, name);
	if (status)
		return STATUS_FAILED;
	if (list->json)
		json_array_append_new(list->json, list_json(&dev));
	else
		list_row(&list->table, &dev);
	dev_close(&dev);
	return STATUS_DONE;
}

static int list_all(struct list *list)
{
	int status = walk_functions(list_one, list);

	if (!status && !list->any)
		complain(NULL, "no function is bound; to bind one: modprobe "
			 "cfgblk_pf (in the host) or cfgblk_vf (in a guest); if "
			 "they are loaded, cfgblk show PCI-ADDRESS tells who has "
			 "the card");
	return status;
}

int cmd_list(int argc, char **argv)
{
	static const struct argp_option options[] = { OPTION_JSON, OPTION_END };
	static const struct argp argp = {
		.options = options, .parser = parse_list,
		.doc = "List the functions that are bound to cfgblk_pf and "
		       "cfgblk_vf.",
	};
	struct args args = { 0 };
	struct list list = { .table = { .columns = 4 } };
	int status, printed = STATUS_DONE;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	if (args.json)
		list.json = json_array();
	status = list_all(&list);
	if (list.json)
		printed = out_json(list.json, JSON_INDENT(2));
	else if (list.table.n > list.table.columns)
		table_print(&list.table);
	return status ? status : printed;
}
