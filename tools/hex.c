// SPDX-License-Identifier: GPL-2.0
/* Bytes as hex digits, and back */
#include <string.h>

#include "hex.h"

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * "010203", "01 02 03", "01:02:03", "0x01 0x02 0x03": every group has an even
 * number of digits.  @len counts all bytes, also those past @room, which are
 * not stored.  Returns -1 if it is not hex.
 */
int hex_parse(const char *word, __u8 *data, size_t room, size_t *len)
{
	*len = 0;
	for (;;) {
		word += strspn(word, " \t\n:");
		if (!*word)
			return 0;
		if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X'))
			word += 2;
		do {
			int high = hex_digit(word[0]);
			int low = high < 0 ? -1 : hex_digit(word[1]);

			if (low < 0)
				return -1;
			if (*len < room)
				data[*len] = high << 4 | low;
			(*len)++;
			word += 2;
		} while (*word && !strchr(" \t\n:", *word));
	}
}

/* @text has room for 2 * @len + 1 characters */
void hex_format(const __u8 *data, size_t len, char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*text++ = digits[data[i] >> 4];
		*text++ = digits[data[i] & 0xf];
	}
	*text = '\0';
}
