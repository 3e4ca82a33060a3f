// SPDX-License-Identifier: GPL-2.0
/* Values out of a JSON file, and messages that say where in it */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "errors.h"
#include "place.h"

/* A key as a JSON pointer has it; nothing in it reaches a terminal raw */
static void print_key(const char *key)
{
	for (; *key; key++) {
		if (*key == '~')
			fputs("~0", stderr);
		else if (*key == '/')
			fputs("~1", stderr);
		else
			fputc(isascii(*key) && isprint(*key) ? *key : '?',
			      stderr);
	}
}

static void print_place(const struct place *at)
{
	if (!at->up) {
		fprintf(stderr, "%s: ", at->key);
		return;
	}
	print_place(at->up);
	fputc('/', stderr);
	if (at->key)
		print_key(at->key);
	else
		fprintf(stderr, "%zu", at->index);
}

int place_fail(const struct place *at, int error, const char *what_to_do,
	       const char *format, ...)
{
	va_list list;

	fputs("cfgblk: ", stderr);
	print_place(at);
	if (at->up)
		fputs(": ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, " (%s); %s\n", errno_name(error), what_to_do);
	return STATUS_FAILED;
}

const char *place_file(const struct place *at)
{
	while (at->up)
		at = at->up;
	return at->key;
}

static int unknown_key(const struct place *at, const char *const *known)
{
	char text[128] = "correct or remove it; there are: ";

	for (; *known; known++) {
		strncat(text, *known, sizeof(text) - strlen(text) - 1);
		if (known[1])
			strncat(text, ", ", sizeof(text) - strlen(text) - 1);
	}
	return place_fail(at, EINVAL, text, "unknown key");
}

/* @known ends with NULL; a @known of NULL takes every key */
int place_object(const struct place *at, const json_t *json,
		 const char *const *known)
{
	void *iter;

	if (!json_is_object(json))
		return place_fail(at, EINVAL, "write it as { ... }",
				  "this is not an object");
	if (!known)
		return STATUS_DONE;
	for (iter = json_object_iter((json_t *)json); iter;
	     iter = json_object_iter_next((json_t *)json, iter)) {
		const char *const *k = known;
		struct place here = {
			.up = at, .key = json_object_iter_key(iter),
		};

		while (*k && strcmp(*k, here.key))
			k++;
		if (!*k)
			return unknown_key(&here, known);
	}
	return STATUS_DONE;
}

int place_u32(const struct place *at, const json_t *object, const char *key,
	      __u32 min, __u32 max, __u32 *value)
{
	const json_t *json = json_object_get(object, key);
	const struct place here = { .up = at, .key = key };
	char text[64];

	if (!json)
		return STATUS_DONE;
	if (json_is_integer(json) && json_integer_value(json) >= min &&
	    json_integer_value(json) <= max) {
		*value = json_integer_value(json);
		return STATUS_DONE;
	}
	snprintf(text, sizeof(text), "give a number from %u to %u", min, max);
	return place_fail(&here, EINVAL, text,
			  "not a whole number in its bounds");
}

int place_word(const struct place *at, const json_t *json, const char **word)
{
	if (json_is_string(json) &&
	    strlen(json_string_value(json)) == json_string_length(json)) {
		*word = json_string_value(json);
		return STATUS_DONE;
	}
	return place_fail(at, EINVAL, "write it as \"...\", without \\u0000",
			  "this is not a word");
}

int place_get_word(const struct place *at, const json_t *object,
		   const char *key, const char **word)
{
	const json_t *json = json_object_get(object, key);
	const struct place here = { .up = at, .key = key };

	return json ? place_word(&here, json, word) : STATUS_DONE;
}
