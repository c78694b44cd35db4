// SPDX-License-Identifier: MIT
/* The field "linux". */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jailhouse/config.h>
#include "definition.h"

static const struct definition_board board = { .pool = { 0x80000000, 0x40000000 },
					       .hypervisor = { 0x7fc00000, 0x400000 },
					       .gicd_base = 0x08000000,
					       .cpus = 0xf,
					       .virtual_intids = { [6] = 0xff000000 } };

#define CELL "{\"name\":\"a\",\"cpus\":[1],"
#define MEMORY "\"memory\":[{\"size\":\"256M\"}],"
#define CONSOLE "\"console\":\"pl011\","
#define LINUX "\"linux\":{\"kernel\":\"vmlinuz\",\"initrd\":\"disk\",\"command_line\":\"quiet\"}"

static void it_brings_entry_place_and_passivity(void **state)
{
	static const char text[] = CELL MEMORY CONSOLE LINUX "}";
	struct definition_result result;
	struct jh_cell_desc desc;

	(void)state;
	assert_int_equal(definition_compile_cell(text, strlen(text), &board, &result), 0);
	memcpy(&desc, result.blob, sizeof(desc));
	assert_int_equal(desc.cpu_reset_address, 0x40000000);
	assert_true(desc.flags & JH_CELL_PASSIVE_COMMREG);
	assert_int_equal(result.regions[0].guest, 0x40000000);
	assert_true(result.boot.wanted);
	assert_string_equal(result.boot.kernel, "vmlinuz");
	assert_string_equal(result.boot.initrd, "disk");
	assert_string_equal(result.boot.command_line, "quiet");
	assert_int_equal(result.num_images, 0);
	definition_result_free(&result);
}

static void places_can_be_chosen(void **state)
{
	static const char text[] = CELL
		"\"memory\":[{\"size\":\"64M\",\"guest\":\"0x20000000\"},{\"size\":\"64M\",\"guest\":\"0x60000000\"}],"
		"\"entry\":\"0x60001000\"," CONSOLE "\"linux\":{\"kernel\":\"k\"}}";
	struct definition_result result;
	struct jh_cell_desc desc;

	(void)state;
	assert_int_equal(definition_compile_cell(text, strlen(text), &board, &result), 0);
	memcpy(&desc, result.blob, sizeof(desc));
	assert_int_equal(desc.cpu_reset_address, 0x60001000);
	assert_string_equal(result.boot.initrd, "");
	definition_result_free(&result);
}

static void without_it_nothing_is_another(void **state)
{
	static const char text[] = CELL MEMORY "\"console\":\"pl011\"}";
	struct definition_result result;

	(void)state;
	assert_int_equal(definition_compile_cell(text, strlen(text), &board, &result), 0);
	assert_false(result.boot.wanted);
	assert_int_equal(result.regions[0].guest, 0);
	definition_result_free(&result);
}

static const struct {
	const char *text, *code, *pointer;
} broken[] = {
	{ CELL MEMORY CONSOLE "\"linux\":{}}", "linux-no-kernel", "/linux" },
	{ CELL MEMORY CONSOLE "\"linux\":7}", "not-an-object", "/linux" },
	{ CELL MEMORY CONSOLE "\"linux\":{\"kernel\":7}}", "bad-text", "/linux/kernel" },
	{ CELL MEMORY CONSOLE "\"linux\":{\"kernel\":\"k\",\"cmdline\":\"x\"}}", "unknown-field", "/linux/cmdline" },
	{ CELL MEMORY LINUX "}", "linux-console", "/console" },
	{ CELL MEMORY "\"console\":\"virtual\"," LINUX "}", "linux-console", "/console" },
	{ CELL MEMORY "\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":0}," LINUX "}", "linux-console", "/console" },
	{ CELL CONSOLE LINUX "}", "linux-no-memory", "/memory" },
	{ CELL "\"memory\":[{\"size\":\"64M\",\"flags\":[\"read\",\"write\",\"execute\",\"dma\"]}]," CONSOLE LINUX "}",
	  "linux-no-memory", "/memory" },
	{ CELL "\"memory\":[{\"size\":\"4M\"},{\"size\":\"16M\"}]," CONSOLE LINUX "}", "linux-memory", "/memory/1" },
	{ CELL MEMORY CONSOLE "\"entry\":\"0x40000004\"," LINUX "}", "linux-entry", "/entry" },
	{ CELL MEMORY CONSOLE "\"entry\":\"0x4ffff000\"," LINUX "}", "linux-entry", "/entry" },
	{ CELL MEMORY CONSOLE "\"flags\":[\"aarch32\"]," LINUX "}", "linux-aarch32", "/flags" },
	{ CELL MEMORY CONSOLE "\"images\":[]," LINUX "}", "linux-and-images", "/images" },
};

static void each_mistake_has_its_code_and_place(void **state)
{
	struct definition_result result;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		assert_int_equal(definition_compile_cell(broken[i].text, strlen(broken[i].text), &board, &result),
				 -EINVAL);
		assert_string_equal(result.problems.items[0].code, broken[i].code);
		assert_string_equal(result.problems.items[0].pointer, broken[i].pointer);
		assert_true(result.problems.items[0].remedy[0]);
		definition_result_free(&result);
	}
}

static void root_boots_none(void **state)
{
	static const char text[] =
		"{\"hypervisor\":{\"physical\":\"0x7fc00000\",\"size\":\"4M\"},\"root\":{\"name\":\"r\",\"cpus\":[0]," LINUX
		"}}";
	struct definition_result result;

	(void)state;
	assert_int_equal(definition_compile_system(text, strlen(text), NULL, &result), -EINVAL);
	assert_string_equal(result.problems.items[0].code, "linux-in-root");
	assert_string_equal(result.problems.items[0].pointer, "/root/linux");
	definition_result_free(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_brings_entry_place_and_passivity), cmocka_unit_test(places_can_be_chosen),
		cmocka_unit_test(without_it_nothing_is_another),       cmocka_unit_test(each_mistake_has_its_code_and_place),
		cmocka_unit_test(root_boots_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
