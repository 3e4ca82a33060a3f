// SPDX-License-Identifier: GPL-2.0
/* cfgblk apply: make PFs' blocks and limits as a file has them */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apply.h"
#include "args.h"
#include "cmd.h"
#include "errors.h"
#include "out.h"
#include "progress.h"

enum {
	ARG_DRY_RUN = ARG_OWN,
};

struct apply_args {
	const char *file;
	bool dry_run;
	bool json;
};

static error_t parse_apply(int key, char *arg, struct argp_state *state)
{
	struct apply_args *args = state->input;

	switch (key) {
	case ARG_HELP:
		args_help(state);
		return 0;
	case ARG_JSON:
		args->json = true;
		return 0;
	case ARG_DRY_RUN:
		args->dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		if (args->file)
			return ARGP_ERR_UNKNOWN;
		args->file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!args->file)
			argp_error(state, "the file is missing");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int check_vfs(const struct place *at, const struct apply_pf *pf)
{
	__u32 total = pf->dev.info.total_vfs;

	for (size_t i = 0; i < pf->n_vfs; i++) {
		__u32 vf = pf->vfs[i].vf;

		if (vf != CFGBLK_VF_ALL && vf >= total)
			return place_fail(at, ENXIO, "correct or remove it",
					  "the device cannot have VF %u, as it "
					  "has at most %u VFs", vf, total);
	}
	return STATUS_DONE;
}

static int open_pf(const char *file, struct apply_pf *pf)
{
	const struct place top = { .key = file };
	const struct place at = { .up = &top, .key = pf->address };
	const struct place vfs = { .up = &at, .key = "vfs" };
	int status = dev_open(&pf->dev, pf->address);

	if (status)
		return status;
	pf->opened = true;
	if (!dev_is_pf(&pf->dev))
		return place_fail(&at, EPERM, "write the address of its PF: "
				  "cfgblk list shows it", "this is a VF");
	return check_vfs(&vfs, pf);
}

/* All of it is known before anything is changed */
static int find_changes(const char *name, struct apply_file *file,
			struct apply_changes *changes)
{
	int status = apply_file_read(name, file);

	for (size_t i = 0; i < file->n_pfs && !status; i++)
		status = open_pf(name, &file->pfs[i]);
	for (size_t i = 0; i < file->n_pfs && !status; i++)
		status = apply_diff(&file->pfs[i], changes);
	return status;
}

/* Unless the lines are shown on a terminal: they say it themselves */
static void start_progress(struct progress *progress,
			   const struct apply_args *args)
{
	*progress = (struct progress){ 0 };
	if (args->json || !isatty(STDOUT_FILENO))
		progress_start(progress);
}

/* A line says what is done, so it comes after that; @list is for JSON */
static int make_changes(const struct apply_args *args,
			const struct apply_changes *changes, json_t *list)
{
	struct progress progress;

	start_progress(&progress, args);
	for (size_t i = 0; i < changes->n; i++) {
		const struct apply_change *c = &changes->at[i];
		int status;

		progress_step(&progress, i, changes->n);
		status = args->dry_run ? STATUS_DONE : apply_change_make(c);

		if (status) {
			progress_end(&progress);
			complain(NULL, "%s: %zu of %zu changes were made; apply "
				 "it again when the cause is gone", args->file,
				 i, changes->n);
			return status;
		}
		if (args->json)
			json_array_append_new(list, apply_change_json(c));
		else
			apply_change_print(c);
	}
	progress_end(&progress);
	return STATUS_DONE;
}

static int print_end(const struct apply_args *args, size_t n, json_t *list)
{
	if (args->json)
		return out_json(json_pack("{s:s, s:b, s:O}", "file", args->file,
					  "dry_run", args->dry_run,
					  "changes", list), JSON_INDENT(2));
	if (!n)
		puts("nothing to do");
	else if (args->dry_run)
		printf("%zu change%s to make; nothing was changed\n", n,
		       n == 1 ? "" : "s");
	return out_flush();
}

static int apply(const struct apply_args *args, struct apply_file *file,
		 struct apply_changes *changes)
{
	int status = find_changes(args->file, file, changes);
	json_t *list;
	int printed;

	if (status)
		return status;
	list = json_array();
	status = make_changes(args, changes, list);
	printed = status && !args->json ? out_flush() :
		  print_end(args, changes->n, list);
	json_decref(list);
	return status ? status : printed;
}

int cmd_apply(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "dry-run", ARG_DRY_RUN, NULL, 0,
		  "print what would be changed, and change nothing", 0 },
		OPTION_JSON,
		OPTION_END
	};
	static const struct argp argp = {
		.options = options, .parser = parse_apply, .args_doc = "FILE",
		.doc = "Make the blocks and limits of PFs as the JSON file FILE "
		       "has them, with the fewest changes, also before the VFs "
		       "exist.  cfgblk(8) tells what is in the file.",
	};
	struct apply_args args = { 0 };
	struct apply_changes changes = { 0 };
	struct apply_file file = { 0 };
	int status;

	argp_parse(&argp, argc, argv, 0, NULL, &args);
	status = apply(&args, &file, &changes);
	free(changes.at);
	apply_file_free(&file);
	return status;
}
