// SPDX-License-Identifier: GPL-2.0
/* Unit tests of the pure parts; prints TAP */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "hex.h"
#include "parse.h"
#include "percentile.h"

static void test_numbers(void)
{
	static const char *const bad[] = {
		"", "0x", "-1", "+1", " 1", "1 ", "1x", "a", "0xg", "1.0",
		"4294967296", "0x100000000", "99999999999999999999999",
	};
	__u32 v = 7;
	__u64 w;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert(parse_u32(bad[i], &v) == -1);
	assert(v == 7);
	assert(!parse_u32("0", &v) && v == 0);
	assert(!parse_u32("010", &v) && v == 10);
	assert(!parse_u32("4294967295", &v) && v == UINT32_MAX);
	assert(!parse_u32("0xFFFFffff", &v) && v == UINT32_MAX);
	assert(!parse_u64("18446744073709551615", UINT64_MAX, &w) &&
	       w == UINT64_MAX);
	assert(!parse_u64("0xffffffffffffffff", UINT64_MAX, &w) &&
	       w == UINT64_MAX);
	assert(parse_u64("18446744073709551616", UINT64_MAX, &w));
	assert(parse_u64("0x10000000000000000", UINT64_MAX, &w));
	assert(parse_u64("9", 5, &w) && !parse_u64("5", 5, &w));
}

static void test_seconds(void)
{
	static const char *const bad[] = {
		"", ".", "-1", "1e3", "inf", "nan", "1.x", "1 ", "0x1", "1,5",
		"1.5.", "9999999999", "99999999999999999999",
	};
	__u64 ns;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert(parse_seconds(bad[i], &ns) == -1);
	assert(!parse_seconds("0", &ns) && ns == 0);
	assert(!parse_seconds("2", &ns) && ns == 2000000000ULL);
	assert(!parse_seconds("2.", &ns) && ns == 2000000000ULL);
	assert(!parse_seconds(".5", &ns) && ns == 500000000ULL);
	assert(!parse_seconds("1.25", &ns) && ns == 1250000000ULL);
	assert(!parse_seconds("0.0000000019", &ns) && ns == 1);
}

static void test_addresses(void)
{
	static const char *const bad[] = {
		"", "1", "01:00", "01:00.8", "01:20.0", "01:00.0 ", "x1:00.0",
		":01:00.0", "0:0:01:00.0", "123456789:01:00.0", "01:00.0/",
		"001:00.0", "..", "01:.0",
	};
	char a[ADDRESS_LEN];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert(parse_address(bad[i], a) == -1);
	assert(!parse_address("01:00.0", a) && !strcmp(a, "0000:01:00.0"));
	assert(!parse_address("0000:AF:1f.7", a) && !strcmp(a, "0000:af:1f.7"));
	assert(!parse_address("10000:1:2.3", a) && !strcmp(a, "10000:01:02.3"));
}

static void test_hex(void)
{
	static const char *const bad[] = {
		"1", "0x", "0x1", "zz", "01 2", "0x 01", "01,02", "-1", "010x02",
	};
	static const char *const good[] = {
		"01aBff", "01 ab ff", "01:ab:ff", "0x01 0xAB 0xff", "0x01abff",
		" 01ab:ff ",
	};
	__u8 data[3];
	char text[7];
	size_t len;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert(hex_parse(bad[i], data, sizeof(data), &len) == -1);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert(!hex_parse(good[i], data, sizeof(data), &len));
		assert(len == 3 && !memcmp(data, "\x01\xab\xff", 3));
	}
	hex_format(data, len, text);
	assert(!strcmp(text, "01abff"));
	hex_format(data, 0, text);
	assert(!strcmp(text, ""));
	assert(!hex_parse("", data, sizeof(data), &len) && len == 0);
	assert(!hex_parse("0102030405", data, sizeof(data), &len) && len == 5);
	assert(!memcmp(data, "\x01\x02\x03", 3));
}

static void test_percentiles(void)
{
	__u64 one[] = { 4 }, ten[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };

	assert(percentile(one, 1, 0) == 4 && percentile(one, 1, 50) == 4);
	assert(percentile(one, 1, 100) == 4);
	samples_sort(ten, 10);
	assert(percentile(ten, 10, 0) == 1 && percentile(ten, 10, 50) == 5);
	assert(percentile(ten, 10, 90) == 9 && percentile(ten, 10, 91) == 10);
	assert(percentile(ten, 10, 100) == 10);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} tests[] = {
		{ "numbers", test_numbers },
		{ "seconds", test_seconds },
		{ "PCI addresses", test_addresses },
		{ "hex", test_hex },
		{ "percentiles", test_percentiles },
	};
	size_t n = sizeof(tests) / sizeof(tests[0]);

	printf("1..%zu\n", n);
	for (size_t i = 0; i < n; i++) {
		tests[i].run();
		printf("ok %zu - %s\n", i + 1, tests[i].name);
		fflush(stdout);
	}
	return 0;
}
