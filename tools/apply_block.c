// SPDX-License-Identifier: GPL-2.0
/* A block as a file for cfgblk apply has it */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "cmd.h"
#include "hex.h"
#include "out.h"
#include "words.h"

/* @data is cut at what a block can hold, @len is not */
static void take_bytes(struct apply_block *block, const void *data, size_t len)
{
	block->len = len;
	memcpy(block->data, data, len < sizeof(block->data) ? len :
	       sizeof(block->data));
}

static int take_hex(const struct place *at, const json_t *json,
		    struct apply_block *block)
{
	const char *word;
	size_t len;
	int status = place_word(at, json, &word);

	if (status)
		return status;
	if (hex_parse(word, block->data, sizeof(block->data), &len))
		return place_fail(at, EINVAL, "write it as \"01 02 ff\"",
				  "not a row of bytes with two hex digits each");
	block->len = len;
	return STATUS_DONE;
}

/* Text may hold any character, a NUL as well */
static int take_text(const struct place *at, const json_t *json,
		     struct apply_block *block)
{
	if (!json_is_string(json))
		return place_fail(at, EINVAL, "write it as \"...\"",
				  "this is not text");
	take_bytes(block, json_string_value(json), json_string_length(json));
	return STATUS_DONE;
}

/* A path counts from where the file that names it is */
static char *content_path(const struct place *at, const char *word)
{
	const char *file = place_file(at);
	const char *slash = strrchr(file, '/');
	int dir = slash && word[0] != '/' ? slash - file + 1 : 0;
	char *path;

	if (asprintf(&path, "%.*s%s", dir, file, word) < 0)
		out_of_memory();
	return path;
}

/* One byte more than a block can hold is read, so that too much is noticed */
static int read_content(const struct place *at, const char *path,
			struct apply_block *block)
{
	__u8 data[CFGBLK_BLOCK_MAX + 1];
	FILE *from = fopen(path, "re");
	int error = from ? 0 : errno;
	size_t len = 0;

	if (from) {
		errno = 0;
		len = fread(data, 1, sizeof(data), from);
		error = ferror(from) ? errno : 0;
		fclose(from);
	}
	if (error)
		return place_fail(at, error, "correct the path, which counts "
				  "from the directory of this file",
				  "cannot read %s: %s", path, strerror(error));
	take_bytes(block, data, len);
	return STATUS_DONE;
}

static int take_file(const struct place *at, const json_t *json,
		     struct apply_block *block)
{
	const char *word;
	char *path;
	int status = place_word(at, json, &word);

	if (status)
		return status;
	path = content_path(at, word);
	status = read_content(at, path, block);
	free(path);
	return status;
}

static const struct {
	const char *key;
	int (*take)(const struct place *at, const json_t *json,
		    struct apply_block *block);
} contents[] = {
	{ "hex", take_hex }, { "text", take_text }, { "file", take_file },
};

static int check_length(const struct place *at, const struct apply_block *block)
{
	if (!block->len)
		return place_fail(at, EINVAL, "give 1 byte or more, or leave "
				  "the key out", "there are no bytes in it");
	if (block->len <= block->size)
		return STATUS_DONE;
	if (block->len > CFGBLK_BLOCK_MAX)
		return place_fail(at, EMSGSIZE, "write less, or to several "
				  "blocks", "more than %u bytes, the most that "
				  "any block can hold", CFGBLK_BLOCK_MAX);
	return place_fail(at, EMSGSIZE, "write less, or raise the size",
			  "%u bytes are more than the block's size, %u",
			  block->len, block->size);
}

static int take_contents(const struct place *at, const json_t *json,
			 struct apply_block *block)
{
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		const json_t *value = json_object_get(json, contents[i].key);
		const struct place here = { .up = at, .key = contents[i].key };
		int status;

		if (!value)
			continue;
		if (block->len)
			return place_fail(&here, EINVAL, "keep one of hex, "
					  "text and file",
					  "the block has contents already");
		status = contents[i].take(&here, value, block);
		if (!status)
			status = check_length(&here, block);
		if (status)
			return status;
	}
	return STATUS_DONE;
}

static int take_access(const struct place *at, const json_t *json,
		       struct apply_block *block)
{
	const struct place here = { .up = at, .key = "access" };
	const char *word = "rw";
	int status = place_get_word(at, json, "access", &word);

	if (!status && access_parse(word, &block->access))
		status = place_fail(&here, EINVAL, "write ro, wo or rw",
				    "not an access");
	return status;
}

int apply_block_parse(const struct place *at, const json_t *json,
		      struct apply_block *block)
{
	static const char *const known[] = {
		"id", "size", "access", "hex", "text", "file", NULL
	};
	int status = place_object(at, json, known);

	if (!status && !json_object_get(json, "id"))
		status = place_fail(at, EINVAL, "add \"id\"",
				    "the block id is missing");
	block->size = CFGBLK_BLOCK_MAX;
	if (!status)
		status = place_u32(at, json, "id", 0, UINT32_MAX, &block->id);
	if (!status)
		status = place_u32(at, json, "size", 1, CFGBLK_BLOCK_MAX,
				   &block->size);
	if (!status)
		status = take_access(at, json, block);
	return status ? status : take_contents(at, json, block);
}
