// SPDX-License-Identifier: GPL-2.0
/* What goes to standard output: JSON, block masks, and whether it got there */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "errors.h"
#include "out.h"

/* The ids whose bits are set, with a blank between them */
void mask_text(__u64 mask, char text[MASK_TEXT_LEN])
{
	*text = '\0';
	for (unsigned int id = 0; id < 64; id++) {
		if (mask >> id & 1)
			text += sprintf(text, "%u ", id);
	}
	if (mask)
		text[-1] = '\0';
}

json_t *mask_json(__u64 mask)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)mask);
	return json_string(text);
}

json_t *mask_ids_json(__u64 mask)
{
	json_t *ids = json_array();

	for (unsigned int id = 0; id < 64; id++) {
		if (mask >> id & 1)
			json_array_append_new(ids, json_integer(id));
	}
	return ids;
}

/* Takes the reference to @json, which may be NULL: it could not be made */
int out_json(json_t *json, size_t flags)
{
	if (!json)
		out_of_memory();
	json_dumpf(json, stdout, flags);
	json_decref(json);
	putchar('\n');
	return out_flush();
}

/* What was printed has to arrive: a full disk or a closed pipe is a failure */
int out_flush(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return STATUS_DONE;
	complain(NULL, "cannot write to standard output: %s (%s)",
		 strerror(errno), errno_name(errno));
	return STATUS_FAILED;
}

void out_of_memory(void)
{
	complain(NULL, "out of memory (ENOMEM); try again");
	exit(STATUS_FAILED);
}
