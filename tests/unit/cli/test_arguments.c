// SPDX-License-Identifier: MIT
/* How the command line is understood. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cell_ref.h"
#include "cli.h"
#include "image.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static char *words[8];

/* argv wants writable strings; the table of a case has constant ones. */
static char **argv_of(const char *const *texts, int count)
{
	int i;

	for (i = 0; i < count; i++)
		words[i] = (char *)(uintptr_t)texts[i];
	return words;
}

static struct cell_ref ref_of(const char *text)
{
	struct cell_ref ref;

	assert_int_equal(cell_ref_parse(&ref, 1, argv_of(&text, 1)), 1);
	return ref;
}

static void whole_numbers_of_any_base_are_ids(void **state)
{
	(void)state;
	assert_int_equal(ref_of("0").id, 0);
	assert_int_equal(ref_of("12").id, 12);
	assert_int_equal(ref_of("0x10").id, 16);
	assert_int_equal(ref_of("010").id, 8);
}

static void everything_else_is_a_name(void **state)
{
	static const char *const names[] = { "linux",	  "1a", "-1", "0x", "1.5", "99999999999999999999",
					     "4294967296" };
	int i;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		assert_int_equal(ref_of(names[i]).id, -1);
		assert_string_equal(ref_of(names[i]).name, names[i]);
	}
}

static void name_option_makes_a_number_a_name(void **state)
{
	static const char *const texts[] = { "--name", "1" };
	struct cell_ref ref;

	(void)state;
	assert_int_equal(cell_ref_parse(&ref, 2, argv_of(texts, 2)), 2);
	assert_int_equal(ref.id, -1);
	assert_string_equal(ref.name, "1");
	assert_int_equal(cell_ref_parse(&ref, 1, argv_of(texts, 1)), 0);
	assert_int_equal(cell_ref_parse(&ref, 0, NULL), 0);
}

static void names_are_cut_at_31_characters(void **state)
{
	(void)state;
	assert_string_equal(ref_of("abcdefghijklmnopqrstuvwxyz01234").name,
			    "abcdefghijklmnopqrstuvwxyz01234");
	assert_string_equal(ref_of("abcdefghijklmnopqrstuvwxyz012345").name,
			    "abcdefghijklmnopqrstuvwxyz01234");
}

static void addresses_are_whole_numbers_of_64_bits(void **state)
{
	static const char *const wrong[] = {
		"", "-1", "+1", " 1", "0x", "12k", "0x10000000000000000", "start"
	};
	uint64_t address = 7;
	int i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(address_parse(wrong[i], &address), -EINVAL);
	assert_int_equal(address, 7);
	assert_int_equal(address_parse("0xffffffffffffffff", &address), 0);
	assert_true(address == UINT64_MAX);
	assert_int_equal(address_parse("4096", &address), 0);
	assert_int_equal(address, 4096);
	assert_int_equal(address_parse("010", &address), 0);
	assert_int_equal(address, 8);
}

static void an_address_belongs_to_the_image_before_it(void **state)
{
	static const char *const texts[] = { "kernel", "-a",  "0x1000",	   "--string",
					     "a b",    "dtb", "--address", "16" };
	struct image_source sources[8];
	struct cli cli = { .err = stderr };

	(void)state;
	assert_int_equal(image_sources_parse(&cli, sources, 8, argv_of(texts, 8)), 3);
	assert_string_equal(sources[0].text, "kernel");
	assert_false(sources[0].is_string);
	assert_int_equal(sources[0].address, 0x1000);
	assert_string_equal(sources[1].text, "a b");
	assert_true(sources[1].is_string);
	assert_int_equal(sources[1].address, 0);
	assert_string_equal(sources[2].text, "dtb");
	assert_int_equal(sources[2].address, 16);
}

static void incomplete_images_are_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "-a", "1" }, { "x", "-a" }, { "x", "-s" }, { "x", "--string" }
	};
	struct image_source sources[2];
	struct cli cli = { .err = stderr };
	int i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		assert_int_equal(image_sources_parse(&cli, sources, 2, argv_of(cases[i], 2)), -EINVAL);
}

static void a_string_is_loaded_with_its_nul(void **state)
{
	const struct image_source source = { .text = "con-virtual", .is_string = true, .address = 0x1000 };
	struct jh_client_image image;
	struct cli cli = { .err = stderr };

	(void)state;
	assert_int_equal(image_take(&cli, &source, &image), CLI_OK);
	assert_int_equal(image.size, sizeof("con-virtual"));
	assert_memory_equal(image.data, "con-virtual", sizeof("con-virtual"));
	assert_int_equal(image.target, 0x1000);
	free((void *)(uintptr_t)image.data);
}

/* Runs a command line; the caller frees what it wrote. */
static int run(char **output, const char *const *texts, int count)
{
	size_t size, err_size;
	char *errors;
	struct cli cli = { .out = open_memstream(output, &size), .err = open_memstream(&errors, &err_size) };
	int result;

	cli.paths.device = "/nonexistent/jailhouse";
	result = cli_run(&cli, count, argv_of(texts, count));
	fclose(cli.out);
	fclose(cli.err);
	free(errors);
	return result;
}

static void the_version_is_the_text_that_scripts_know(void **state)
{
	static const char *const texts[] = { "jailhouse", "--version" };
	char *output;

	(void)state;
	assert_int_equal(run(&output, texts, 2), 0);
	assert_string_equal(output, "Jailhouse management tool v0.12\n");
	free(output);
}

static void help_is_usage_without_failure(void **state)
{
	static const char *const texts[] = { "jailhouse", "--help" };
	char *output;

	(void)state;
	assert_int_equal(run(&output, texts, 2), 0);
	assert_memory_equal(output, "Usage: ", 7);
	free(output);
}

static void wrong_usage_prints_the_usage_and_fails(void **state)
{
	static const char *const cases[][6] = {
		{ "jailhouse" },
		{ "jailhouse", "fly" },
		{ "jailhouse", "cell" },
		{ "jailhouse", "cell", "fly" },
		{ "jailhouse", "enable" },
		{ "jailhouse", "enable", "a", "b" },
		{ "jailhouse", "console", "-x" },
		{ "jailhouse", "cell", "create" },
		{ "jailhouse", "cell", "load", "1" },
		{ "jailhouse", "cell", "load", "1", "x", "-a" },
		{ "jailhouse", "cell", "start" },
		{ "jailhouse", "cell", "start", "1", "2" },
		{ "jailhouse", "cell", "destroy", "--name" },
		{ "jailhouse", "cell", "console", "1", "-x" },
	};
	char *output;
	int i, count;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		for (count = 0; count < 6 && cases[i][count]; count++)
			;
		assert_int_equal(run(&output, cases[i], count), 1);
		assert_memory_equal(output, "Usage: ", 7);
		free(output);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_numbers_of_any_base_are_ids),
		cmocka_unit_test(everything_else_is_a_name),
		cmocka_unit_test(name_option_makes_a_number_a_name),
		cmocka_unit_test(names_are_cut_at_31_characters),
		cmocka_unit_test(addresses_are_whole_numbers_of_64_bits),
		cmocka_unit_test(an_address_belongs_to_the_image_before_it),
		cmocka_unit_test(incomplete_images_are_refused),
		cmocka_unit_test(a_string_is_loaded_with_its_nul),
		cmocka_unit_test(the_version_is_the_text_that_scripts_know),
		cmocka_unit_test(help_is_usage_without_failure),
		cmocka_unit_test(wrong_usage_prints_the_usage_and_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
