// SPDX-License-Identifier: GPL-2.0
/* cfgblk show --json */
#include "cmd.h"
#include "out.h"
#include "show.h"
#include "walk.h"
#include "words.h"

static json_t *capabilities(__u32 bits)
{
	static const char *const names[] = {
		"sriov", "pf", "vf", "untried", "wide", "wide_failed",
	};
	json_t *list = json_array();

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (bits >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	}
	return list;
}

static json_t *function_json(const struct dev *dev)
{
	const struct cfgblk_info *info = &dev->info;

	return json_pack("{s:s, s:s, s:s, s:o, s:b, s:b, s:b, s:I, s:I, s:I}",
			 "device", dev->name,
			 "role", role_word(info->role),
			 "map", info->map,
			 "capabilities", capabilities(info->capabilities),
			 "untried", !!(info->capabilities & CFGBLK_CAP_UNTRIED),
			 "wide", !!(info->capabilities & CFGBLK_CAP_WIDE),
			 "wide_failed", !!(info->capabilities &
					   CFGBLK_CAP_WIDE_FAILED),
			 "block_max", (json_int_t)info->block_max,
			 "version_min", (json_int_t)info->version_min,
			 "version_max", (json_int_t)info->version_max);
}

static json_t *link_json(const struct cfgblk_link_info *link)
{
	return json_pack("{s:o, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o}",
			 "vf", link->vf == CFGBLK_VF_ALL ? json_null() :
			 json_integer(link->vf),
			 "link", link_word(link->state),
			 "version", (json_int_t)link->version,
			 "features", (json_int_t)link->features,
			 "epoch", (json_int_t)link->epoch,
			 "peer_min", (json_int_t)link->peer_min,
			 "peer_max", (json_int_t)link->peer_max,
			 "pending", mask_json(link->pending),
			 "pending_blocks", mask_ids_json(link->pending));
}

static int vf_json(const struct dev *dev, __u32 vf, void *list)
{
	struct cfgblk_link_info link;
	char address[ADDRESS_LEN];
	char driver[64];
	bool known;
	json_t *json;
	int status = show_link(dev, vf, &link);

	if (status)
		return status;
	known = link.enabled && sysfs_virtfn(dev->address, vf, address,
					     sizeof(address));
	json = link_json(&link);
	json_object_set_new(json, "enabled", json_boolean(link.enabled));
	json_object_set_new(json, "address",
			    known ? json_string(address) : json_null());
	json_object_set_new(json, "driver", known &&
			    sysfs_link(address, "driver", driver, sizeof(driver)) ?
			    json_string(driver) : json_null());
	json_object_set_new(json, "blocks", json_integer(link.blocks));
	json_object_set_new(json, "limited", json_boolean(link.limited));
	json_array_append_new(list, json);
	return STATUS_DONE;
}

static int block_json(const struct cfgblk_block_info *block, void *list)
{
	json_t *writer = block->writer ?
			 json_string(role_word(block->writer)) : json_null();

	json_array_append_new(list,
			      json_pack("{s:I, s:I, s:I, s:s, s:I, s:o}",
					"vf", (json_int_t)block->vf,
					"block", (json_int_t)block->block,
					"size", (json_int_t)block->size,
					"access", access_word(block->access),
					"length", (json_int_t)block->len,
					"writer", writer));
	return STATUS_DONE;
}

static int blocks_json(const struct dev *dev, __u32 vf, void *list)
{
	return walk_blocks(dev, vf, block_json, list);
}

static int pf_json(const struct dev *dev, __u32 vf, json_t *json)
{
	json_t *vfs = json_array(), *blocks = json_array();
	int status = walk_vfs(dev, vf, vf_json, vfs);

	if (!status)
		status = walk_vfs(dev, vf, blocks_json, blocks);
	json_object_set_new(json, "num_vfs", json_integer(dev->info.num_vfs));
	json_object_set_new(json, "total_vfs",
			    json_integer(dev->info.total_vfs));
	json_object_set_new(json, "vfs", vfs);
	json_object_set_new(json, "blocks", blocks);
	return status;
}

static int own_json(const struct dev *dev, json_t *json)
{
	const struct cfgblk_info *info = &dev->info;
	struct cfgblk_link_info link;
	json_t *own;
	int status = show_link(dev, 0, &link);

	if (status)
		return status;
	json_object_set_new(json, "transport",
			    json_string(transport_word(info->transport)));
	json_object_set_new(json, "partition",
			    json_string(partition_word(info->partition)));
	json_object_set_new(json, "outstanding_max",
			    json_integer(info->outstanding_max));
	own = link_json(&link);
	json_object_update(json, own);
	json_decref(own);
	return STATUS_DONE;
}

int show_json(const struct dev *dev, __u32 vf)
{
	json_t *json = function_json(dev);
	int status;

	if (!json)
		out_of_memory();
	status = dev_is_pf(dev) ? pf_json(dev, vf, json) : own_json(dev, json);
	if (!status)
		return out_json(json, JSON_INDENT(2));
	json_decref(json);
	return status;
}
