// SPDX-License-Identifier: MIT
/* What ships compiles, against its board, to the bytes that the original's compiler makes of the same configuration. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <openssl/sha.h>
#include "shipped.h"

static void sum_of(const struct definition_result *result, char hex[65])
{
	unsigned char sum[SHA256_DIGEST_LENGTH];

	SHA256(result->blob, result->size, sum);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

static void shipped_definitions_have_their_fingerprints(void **state)
{
	struct definition_result result;
	size_t compared = 0;
	char hex[65];

	(void)state;
	for (const struct shipped *row = shipped; row->file; row++) {
		shipped_compile(row, &result);
		sum_of(&result, hex);
		if (row->sum && strcmp(hex, row->sum) != 0)
			print_error("%s: %zu bytes\n", row->file, result.size);
		if (row->sum)
			assert_string_equal(hex, row->sum);
		compared += row->sum != NULL;
		definition_result_free(&result);
	}
	assert_int_equal(compared, 13);
}

/* A definition that is added must be added to the table, too. */
static void every_definition_is_in_the_table(void **state)
{
	static const char *const patterns[] = { "boards/*/*.json", "boards/*/*/*.json", "cells/*/*.json" };
	size_t found = 0, rows = 0;
	char path[512];
	glob_t files;

	(void)state;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		snprintf(path, sizeof(path), CONFIGS "/%s", patterns[i]);
		if (glob(path, 0, NULL, &files) == 0)
			found += files.gl_pathc;
		globfree(&files);
	}
	while (shipped[rows].file)
		rows++;
	assert_int_equal(found, rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_definitions_have_their_fingerprints),
		cmocka_unit_test(every_definition_is_in_the_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
