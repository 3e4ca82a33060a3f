// SPDX-License-Identifier: GPL-2.0
/* The file of cfgblk apply: what it wants, all of it checked */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "cmd.h"
#include "errors.h"
#include "limit.h"
#include "out.h"

void *apply_alloc(size_t n, size_t size)
{
	void *room = calloc(n ? n : 1, size);

	if (!room)
		out_of_memory();
	return room;
}

static int block_compare(const void *a, const void *b)
{
	__u32 left = ((const struct apply_block *)a)->id;
	__u32 right = ((const struct apply_block *)b)->id;

	return left < right ? -1 : left > right;
}

static int sort_blocks(const struct place *at, struct apply_vf *vf)
{
	qsort(vf->blocks, vf->n_blocks, sizeof(*vf->blocks), block_compare);
	for (size_t i = 1; i < vf->n_blocks; i++) {
		if (vf->blocks[i].id == vf->blocks[i - 1].id)
			return place_fail(at, EEXIST, "keep one of the two",
					  "block %u is there twice",
					  vf->blocks[i].id);
	}
	return STATUS_DONE;
}

static int parse_blocks(const struct place *up, const json_t *json,
			struct apply_vf *vf)
{
	const struct place at = { .up = up, .key = "blocks" };
	struct place here = { .up = &at };
	size_t n = json_array_size(json);

	if (!json)
		return STATUS_DONE;
	if (!json_is_array(json))
		return place_fail(&at, EINVAL, "write it as [ ... ]",
				  "this is not a list");
	vf->blocks = apply_alloc(n, sizeof(*vf->blocks));
	vf->n_blocks = n;
	for (here.index = 0; here.index < n; here.index++) {
		int status = apply_block_parse(&here,
					       json_array_get(json, here.index),
					       &vf->blocks[here.index]);

		if (status)
			return status;
	}
	return sort_blocks(&at, vf);
}

static int parse_rate(const struct place *at, const json_t *json,
		      struct apply_limit *limit)
{
	static const char *const known[] = { "rate", "burst", NULL };
	int status = place_object(at, json, known);

	if (!status && !json_object_get(json, "rate"))
		status = place_fail(at, EINVAL, "add \"rate\", or write "
				    "\"none\" for no limit",
				    "the rate is missing");
	if (!status)
		status = place_u32(at, json, "rate", CFGBLK_LIMIT_RATE_MIN,
				   CFGBLK_LIMIT_RATE_MAX, &limit->rate);
	limit->burst = limit_default_burst(limit->rate);
	if (!status)
		status = place_u32(at, json, "burst", 1, CFGBLK_LIMIT_BURST_MAX,
				   &limit->burst);
	return status;
}

static int parse_limit(const struct place *up, const json_t *json,
		       struct apply_limit *limit)
{
	const struct place at = { .up = up, .key = "limit" };

	limit->given = json;
	if (!json)
		return STATUS_DONE;
	if (json_is_object(json))
		return parse_rate(&at, json, limit);
	if (json_is_string(json) && !strcmp(json_string_value(json), "none"))
		return STATUS_DONE;
	return place_fail(&at, EINVAL, "write \"none\" or "
			  "{ \"rate\": N, \"burst\": N }", "not a limit");
}

static int parse_vf_id(const struct place *at, struct apply_pf *pf, __u32 *vf)
{
	*vf = CFGBLK_VF_ALL;
	if (strcmp(at->key, "all") &&
	    (parse_u32(at->key, vf) || *vf == CFGBLK_VF_ALL))
		return place_fail(at, EINVAL, "write the VF id, from 0, or all",
				  "not a VF");
	for (size_t i = 0; i < pf->n_vfs; i++) {
		if (pf->vfs[i].vf == *vf)
			return place_fail(at, EEXIST, "keep one of the two",
					  "this VF is there twice");
	}
	return STATUS_DONE;
}

static int parse_vf(const struct place *at, const json_t *json,
		    struct apply_pf *pf)
{
	static const char *const known[] = { "blocks", "limit", NULL };
	struct apply_vf *vf = &pf->vfs[pf->n_vfs];
	int status = parse_vf_id(at, pf, &vf->vf);

	pf->n_vfs++;
	if (!status)
		status = place_object(at, json, known);
	if (!status)
		status = parse_limit(at, json_object_get(json, "limit"),
				     &vf->limit);
	return status ? status :
	       parse_blocks(at, json_object_get(json, "blocks"), vf);
}

static int parse_vfs(const struct place *up, json_t *json, struct apply_pf *pf)
{
	const struct place at = { .up = up, .key = "vfs" };
	struct place here = { .up = &at };
	int status;
	json_t *vf;

	if (!json)
		return STATUS_DONE;
	status = place_object(&at, json, NULL);
	if (status)
		return status;
	pf->vfs = apply_alloc(json_object_size(json), sizeof(*pf->vfs));
	json_object_foreach(json, here.key, vf) {
		status = parse_vf(&here, vf, pf);
		if (status)
			return status;
	}
	return STATUS_DONE;
}

static int parse_address_key(const struct place *at, struct apply_file *file,
			     char address[ADDRESS_LEN])
{
	if (parse_address(at->key, address))
		return place_fail(at, EINVAL, "write the PF's PCI address, "
				  "such as 0000:01:00.0", "not a PCI address");
	for (size_t i = 0; i < file->n_pfs; i++) {
		if (!strcmp(file->pfs[i].address, address))
			return place_fail(at, EEXIST, "keep one of the two",
					  "this PF is there twice");
	}
	return STATUS_DONE;
}

static int parse_only(const struct place *up, const json_t *json, bool *only)
{
	const struct place at = { .up = up, .key = "only" };

	*only = json_is_true(json);
	if (!json || json_is_boolean(json))
		return STATUS_DONE;
	return place_fail(&at, EINVAL, "write true or false",
			  "neither true nor false");
}

static int parse_pf(const struct place *at, const json_t *json,
		    struct apply_file *file)
{
	static const char *const known[] = { "only", "vfs", NULL };
	struct apply_pf *pf = &file->pfs[file->n_pfs];
	char address[ADDRESS_LEN];
	int status = parse_address_key(at, file, address);

	if (status)
		return status;
	memcpy(pf->address, address, sizeof(address));
	file->n_pfs++;
	status = place_object(at, json, known);
	if (!status)
		status = parse_only(at, json_object_get(json, "only"),
				    &pf->only);
	return status ? status :
	       parse_vfs(at, json_object_get(json, "vfs"), pf);
}

static int parse_file(const struct place *at, json_t *json,
		      struct apply_file *file)
{
	struct place here = { .up = at };
	int status = place_object(at, json, NULL);
	json_t *pf;

	if (status)
		return status;
	file->pfs = apply_alloc(json_object_size(json), sizeof(*file->pfs));
	json_object_foreach(json, here.key, pf) {
		status = parse_pf(&here, pf, file);
		if (status)
			return status;
	}
	return STATUS_DONE;
}

static int syntax_failed(const struct place *at, json_error_t *error)
{
	int number = errno;

	if (json_error_code(error) == json_error_cannot_open_file)
		return place_fail(at, number, "give the path of a JSON file",
				  "cannot open it: %s", strerror(number));
	/* It quotes the file: nothing of that reaches a terminal raw */
	for (char *c = error->text; *c; c++) {
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
	}
	return place_fail(at, EINVAL, "correct it there",
			  "line %d, column %d: %s", error->line, error->column,
			  error->text);
}

/* What it found is to be freed, whether it returns STATUS_DONE or not */
int apply_file_read(const char *name, struct apply_file *file)
{
	const struct place at = { .key = name };
	json_error_t error;
	json_t *json;
	int status;

	json = json_load_file(name, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			      &error);
	if (!json)
		return syntax_failed(&at, &error);
	status = parse_file(&at, json, file);
	json_decref(json);
	return status;
}

void apply_file_free(struct apply_file *file)
{
	for (size_t i = 0; i < file->n_pfs; i++) {
		struct apply_pf *pf = &file->pfs[i];

		for (size_t vf = 0; vf < pf->n_vfs; vf++)
			free(pf->vfs[vf].blocks);
		free(pf->vfs);
		if (pf->opened)
			dev_close(&pf->dev);
	}
	free(file->pfs);
}
