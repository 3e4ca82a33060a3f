/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TOOLS_PLACE_H
#define TOOLS_PLACE_H

#include <stddef.h>
#include <jansson.h>
#include <linux/types.h>

/* Where in a JSON file something is, for messages; the file itself has no @up */
struct place {
	const struct place *up;
	const char *key;	/* of the file: its name; NULL: @index counts */
	size_t index;
};

__attribute__((format(printf, 4, 5)))
int place_fail(const struct place *at, int error, const char *what_to_do,
	       const char *format, ...);
const char *place_file(const struct place *at);

/*
 * Each returns an exit status and has said what is wrong.  The getters leave
 * the value alone if the key is not there.
 */
int place_object(const struct place *at, const json_t *json,
		 const char *const *known);
int place_u32(const struct place *at, const json_t *object, const char *key,
	      __u32 min, __u32 max, __u32 *value);
int place_word(const struct place *at, const json_t *json, const char **word);
int place_get_word(const struct place *at, const json_t *object,
		   const char *key, const char **word);

#endif
