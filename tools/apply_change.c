// SPDX-License-Identifier: GPL-2.0
/* One change that cfgblk apply finds: making it, and telling of it */
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "call.h"
#include "cmd.h"
#include "hex.h"
#include "words.h"

static int call_block(const struct apply_change *c, unsigned long request,
		      __u32 block, __u32 len, void *io)
{
	const struct call call = {
		.dev = c->dev, .request = request,
		.about_vf = true, .about_block = true,
		.vf = c->vf, .block = block, .len = len,
	};

	return call_driver(&call, io);
}

static int undefine(const struct apply_change *c)
{
	struct cfgblk_define io = { .vf = c->vf, .block = c->old.block };

	return call_block(c, CFGBLK_IOC_UNDEFINE, io.block, 0, &io);
}

static int define(const struct apply_change *c)
{
	struct cfgblk_define io = {
		.vf = c->vf, .block = c->block->id,
		.size = c->block->size, .access = c->block->access,
	};

	return call_block(c, CFGBLK_IOC_DEFINE, io.block, io.size, &io);
}

static int publish(const struct apply_change *c)
{
	struct cfgblk_block_io io = {
		.vf = c->vf, .block = c->block->id, .len = c->block->len,
	};

	memcpy(io.data, c->block->data, io.len);
	return call_block(c, CFGBLK_IOC_WRITE, io.block, io.len, &io);
}

static int set_limit(const struct apply_change *c)
{
	struct cfgblk_limit io = {
		.vf = c->vf, .flags = CFGBLK_LIMIT_SET,
		.per_second = c->to.rate, .burst = c->to.burst,
	};
	const struct call call = {
		.dev = c->dev, .request = CFGBLK_IOC_LIMIT,
		.about_vf = true, .vf = c->vf,
	};

	return call_driver(&call, &io);
}

/* Returns an exit status; on failure it has been said why */
int apply_change_make(const struct apply_change *c)
{
	int status;

	switch (c->what) {
	case APPLY_UNDEFINE:
		return undefine(c);
	case APPLY_REDEFINE:
		status = undefine(c);
		return status ? status : define(c);
	case APPLY_DEFINE:
		return define(c);
	case APPLY_PUBLISH:
		return publish(c);
	default:
		return set_limit(c);
	}
}

static void print_limit(const struct apply_limit *limit)
{
	if (limit->rate)
		printf("%u messages/s, burst %u", limit->rate, limit->burst);
	else
		fputs("none", stdout);
}

void apply_change_print(const struct apply_change *c)
{
	const struct apply_block *b = c->block;

	printf("%s: VF %u: ", c->dev->name, c->vf);
	switch (c->what) {
	case APPLY_UNDEFINE:
		printf("block %u: undefine\n", c->old.block);
		break;
	case APPLY_REDEFINE:
		printf("block %u: undefine (%u bytes, %s), with what it holds, "
		       "and define (%u bytes, %s)\n", b->id, c->old.size,
		       access_word(c->old.access), b->size,
		       access_word(b->access));
		break;
	case APPLY_DEFINE:
		printf("block %u: define (%u bytes, %s)\n", b->id, b->size,
		       access_word(b->access));
		break;
	case APPLY_PUBLISH:
		printf("block %u: publish (%u byte%s)\n", b->id, b->len,
		       b->len == 1 ? "" : "s");
		break;
	case APPLY_LIMIT:
		fputs("limit: ", stdout);
		print_limit(&c->from);
		fputs(" -> ", stdout);
		print_limit(&c->to);
		putchar('\n');
		break;
	}
}

static json_t *limit_json(const struct apply_limit *limit)
{
	if (!limit->rate)
		return json_string("none");
	return json_pack("{s:I, s:I}", "rate", (json_int_t)limit->rate,
			 "burst", (json_int_t)limit->burst);
}

static void add_definition(json_t *json, __u32 size, __u32 access)
{
	json_object_set_new(json, "size", json_integer(size));
	json_object_set_new(json, "access", json_string(access_word(access)));
}

static void add_details(json_t *json, const struct apply_change *c)
{
	char hex[2 * CFGBLK_BLOCK_MAX + 1];

	if (c->what == APPLY_LIMIT) {
		json_object_set_new(json, "from", limit_json(&c->from));
		json_object_set_new(json, "to", limit_json(&c->to));
		return;
	}
	if (c->what == APPLY_UNDEFINE) {
		json_object_set_new(json, "block", json_integer(c->old.block));
		return;
	}
	json_object_set_new(json, "block", json_integer(c->block->id));
	if (c->what == APPLY_PUBLISH) {
		hex_format(c->block->data, c->block->len, hex);
		json_object_set_new(json, "hex", json_string(hex));
	} else {
		add_definition(json, c->block->size, c->block->access);
	}
	if (c->what == APPLY_REDEFINE) {
		json_object_set_new(json, "from", json_object());
		add_definition(json_object_get(json, "from"), c->old.size,
			       c->old.access);
	}
}

json_t *apply_change_json(const struct apply_change *c)
{
	static const char *const words[] = {
		[APPLY_UNDEFINE] = "undefine", [APPLY_REDEFINE] = "redefine",
		[APPLY_DEFINE] = "define", [APPLY_PUBLISH] = "publish",
		[APPLY_LIMIT] = "limit",
	};
	json_t *json = json_pack("{s:s, s:I, s:s}", "device", c->dev->name,
				 "vf", (json_int_t)c->vf,
				 "change", words[c->what]);

	add_details(json, c);
	return json;
}
