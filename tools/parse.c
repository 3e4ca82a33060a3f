// SPDX-License-Identifier: GPL-2.0
/* Words of the command line into values */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "parse.h"

#define NS_PER_S	1000000000ULL

int parse_u64(const char *word, __u64 max, __u64 *value)
{
	unsigned int base = 10;
	__u64 sum = 0;

	if (word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
		base = 16;
		word += 2;
	}
	if (!*word)
		return -1;
	for (; *word; word++) {
		int digit = hex_digit(*word);

		if (digit < 0 || (unsigned int)digit >= base ||
		    (__u64)digit > max || sum > (max - digit) / base)
			return -1;
		sum = sum * base + digit;
	}
	*value = sum;
	return 0;
}

int parse_u32(const char *word, __u32 *value)
{
	__u64 wide;

	if (parse_u64(word, UINT32_MAX, &wide))
		return -1;
	*value = wide;
	return 0;
}

/* Digits after the point, as nanoseconds; past the ninth they do not count */
static int parse_fraction(const char *word, __u64 *ns)
{
	__u64 unit = NS_PER_S / 10;

	*ns = 0;
	for (; *word; word++) {
		if (*word < '0' || *word > '9')
			return -1;
		*ns += unit * (*word - '0');
		unit /= 10;
	}
	return 0;
}

/* "2", "2.5", ".5" */
int parse_seconds(const char *word, __u64 *ns)
{
	size_t digits = strspn(word, "0123456789");
	__u64 whole = 0, fraction = 0;
	char copy[16];

	if (digits >= sizeof(copy) || (!digits && !(word[0] == '.' && word[1])))
		return -1;
	memcpy(copy, word, digits);
	copy[digits] = '\0';
	if (digits && parse_u64(copy, INT64_MAX / NS_PER_S - 1, &whole))
		return -1;
	if (word[digits] == '.') {
		if (parse_fraction(word + digits + 1, &fraction))
			return -1;
	} else if (word[digits]) {
		return -1;
	}
	*ns = whole * NS_PER_S + fraction;
	return 0;
}

/* Hex digits, between min and max of them, and then the character @after */
static const char *parse_field(const char *word, size_t min, size_t max,
			       char after, unsigned int *value)
{
	size_t n = strspn(word, "0123456789abcdefABCDEF");

	if (n < min || n > max || word[n] != after)
		return NULL;
	*value = 0;
	while (n--)
		*value = *value << 4 | (unsigned int)hex_digit(*word++);
	return word + 1;
}

/* "0000:01:00.0" or "01:00.0", into the form that sysfs uses */
int parse_address(const char *word, char address[ADDRESS_LEN])
{
	unsigned int domain = 0, bus, slot, function;
	const char *colon = strchr(word, ':');

	if (colon && strchr(colon + 1, ':'))
		word = parse_field(word, 1, 8, ':', &domain);
	if (word)
		word = parse_field(word, 1, 2, ':', &bus);
	if (word)
		word = parse_field(word, 1, 2, '.', &slot);
	if (word)
		word = parse_field(word, 1, 1, '\0', &function);
	if (!word || slot > 0x1f || function > 7)
		return -1;
	snprintf(address, ADDRESS_LEN, "%04x:%02x:%02x.%u", domain, bus, slot,
		 function);
	return 0;
}
