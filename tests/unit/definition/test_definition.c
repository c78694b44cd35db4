// SPDX-License-Identifier: MIT
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

static const struct definition_board board = {
	.pool = { 0x80000000, 0x40000000 }, .hypervisor = { 0x7fc00000, 0x400000 }, .gicd_base = 0x08000000, .cpus = 0xf
};

static char *board_file(const char *name, size_t *length)
{
	char path[512], *text = calloc(1, 65536);
	FILE *file;

	snprintf(path, sizeof(path), BOARDS "/%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	*length = fread(text, 1, 65535, file);
	fclose(file);
	return text;
}

static void round_trip(const struct definition_result *result, bool system)
{
	struct definition_problems problems;
	struct definition_result again;
	char *text;

	assert_int_equal(definition_decompile(result->blob, result->size, &text, &problems), 0);
	assert_int_equal(system ? definition_compile_system(text, strlen(text), NULL, &again) :
				  definition_compile_cell(text, strlen(text), NULL, &again),
			 0);
	assert_int_equal(again.size, result->size);
	assert_memory_equal(again.blob, result->blob, result->size);
	definition_result_free(&again);
	free(text);
}

static void qemu_virt_has_a_pool_and_comes_back(void **state)
{
	struct definition_result result;
	struct definition_board read;
	size_t length;
	char *text = board_file("qemu-virt/system.json", &length);

	(void)state;
	assert_int_equal(definition_compile_system(text, length, &read, &result), 0);
	assert_string_equal(result.name, "qemu-virt");
	assert_int_equal(read.pool.start, 0x80000000);
	assert_int_equal(read.cpus, 0xf);
	round_trip(&result, true);
	definition_result_free(&result);
	free(text);
}

static void six_lines_are_a_cell(void **state)
{
	static const char text[] = "{\"name\":\"rtos\",\"cpus\":[3],\"memory\":[{\"size\":\"64M\"}],"
				   "\"console\":\"virtual\",\"images\":[{\"image\":\"rtos.bin\"}]}";
	struct definition_region taken = { .physical = 0x80000000, .size = 0x100000 };
	const struct definition_neighbour other = { .name = "other", .regions = &taken, .num_regions = 1 };
	struct definition_board busy = board;
	struct definition_result result;

	(void)state;
	busy.neighbours = &other;
	busy.num_neighbours = 1;
	assert_int_equal(definition_compile_cell(text, strlen(text), &busy, &result), 0);
	assert_int_equal(result.cpus, 8);
	assert_int_equal(result.num_regions, 2);
	assert_int_equal(result.regions[0].physical, 0x80200000);
	assert_int_equal(result.regions[0].guest, 0);
	assert_int_equal(result.regions[1].guest, 0x80000000);
	assert_string_equal(result.images[0].name, "rtos.bin");
	assert_int_equal(result.images[0].limit, 64 << 20);
	round_trip(&result, false);
	definition_result_free(&result);
}

static const struct definition_board *board_with_spares(struct definition_board *with)
{
	*with = board;
	with->virtual_intids[216 / 32] = 0xffu << (216 % 32);
	return with;
}

static void console_of(const struct definition_result *result, struct jh_console_desc *console)
{
	memcpy(console, (const uint8_t *)result->blob + offsetof(struct jh_cell_desc, console), sizeof(*console));
}

/* Compiles a cell with this console beside nothing else, or beside `neighbour`. */
static void compile_console(const char *json, const struct definition_neighbour *neighbour,
			    struct definition_result *result, struct jh_console_desc *console)
{
	struct definition_board with;
	char text[512];

	board_with_spares(&with);
	with.neighbours = neighbour;
	with.num_neighbours = neighbour != NULL;
	snprintf(text, sizeof(text), "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"64M\"}],%s}", json);
	assert_int_equal(definition_compile_cell(text, strlen(text), &with, result), 0);
	console_of(result, console);
	assert_int_equal(console->type, JH_CON_TYPE_PL011);
	assert_int_equal(console->flags, JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED);
	assert_int_equal(console->clock_reg, 0);
	if (console->gate_nr)
		assert_true(result->interrupts[console->gate_nr / 32] >> console->gate_nr % 32 & 1);
	round_trip(result, false);
}

static void a_pl011_gets_address_and_interrupt(void **state)
{
	struct definition_result result;
	struct jh_console_desc console;

	(void)state;
	compile_console("\"console\":\"pl011\"", NULL, &result, &console);
	assert_int_equal(console.address, 0x09000000);
	assert_int_equal(console.gate_nr, 216);
	definition_result_free(&result);
}

static void its_interrupt_is_nobody_elses(void **state)
{
	struct definition_neighbour neighbour = { .name = "n" };
	struct definition_result result;
	struct jh_console_desc console;

	(void)state;
	neighbour.interrupts[216 / 32] = 1u << (216 % 32);
	compile_console("\"console\":\"pl011\",\"interrupts\":[217, 33]", &neighbour, &result, &console);
	assert_int_equal(console.gate_nr, 218);
	definition_result_free(&result);
}

static void a_pl011_can_be_put_elsewhere(void **state)
{
	struct definition_result result;
	struct jh_console_desc console;

	(void)state;
	compile_console("\"console\":{\"type\":\"pl011\",\"emulated\":true,\"address\":\"0x1c090000\",\"intid\":220}",
			NULL, &result, &console);
	assert_int_equal(console.address, 0x1c090000);
	assert_int_equal(console.gate_nr, 220);
	definition_result_free(&result);
	compile_console("\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":0}", NULL, &result, &console);
	assert_int_equal(console.gate_nr, 0);
	definition_result_free(&result);
}

static void a_pl011_makes_way_for_the_cells_memory(void **state)
{
	static const char text[] =
		"{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"256M\"}],\"console\":\"pl011\"}";
	struct definition_board with;
	struct definition_result result;
	struct jh_console_desc console;

	(void)state;
	assert_int_equal(definition_compile_cell(text, strlen(text), board_with_spares(&with), &result), 0);
	console_of(&result, &console);
	assert_int_equal(console.address, 0x10000000);
	definition_result_free(&result);
}

/* Compiles a cell with these fields besides the usual ones; its flags. They must come back from the binary. */
static uint32_t flags_of(const char *fields, bool injects)
{
	struct definition_problems problems;
	struct definition_result result;
	char text[512], *back;
	uint32_t flags;

	snprintf(text, sizeof(text), "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"2M\"}]%s}", fields);
	assert_int_equal(definition_compile_cell(text, strlen(text), &board, &result), 0);
	memcpy(&flags, (const uint8_t *)result.blob + offsetof(struct jh_cell_desc, flags), sizeof(flags));
	round_trip(&result, false);
	assert_int_equal(definition_decompile(result.blob, result.size, &back, &problems), 0);
	assert_int_equal(strstr(back, "\"stray_access\": \"inject\"") != NULL, injects);
	free(back);
	definition_result_free(&result);
	return flags;
}

static void stray_access_is_a_flag_and_comes_back(void **state)
{
	(void)state;
	assert_int_equal(flags_of("", false), 0);
	assert_int_equal(flags_of(",\"stray_access\":\"fail\"", false), 0);
	assert_int_equal(flags_of(",\"stray_access\":\"inject\"", true), JH_CELL_STRAY_INJECT);
	assert_int_equal(flags_of(",\"stray_access\":\"inject\",\"flags\":[\"passive\",\"count-el2\"]", true),
			 JH_CELL_STRAY_INJECT | JH_CELL_PASSIVE_COMMREG | JH_CELL_COUNT_EL2);
	assert_int_equal(flags_of(",\"flags\":[256]", true), JH_CELL_STRAY_INJECT);
	assert_int_equal(flags_of(",\"stray_access\":\"fail\",\"flags\":[256]", false), 0);
}

static void root_has_no_policy(void **state)
{
	static const char text[] = "{\"hypervisor\":{\"physical\":\"0x7fc00000\",\"size\":\"4M\"},\"root\":{\"name\":"
				   "\"r\",\"cpus\":[0],\"stray_access\":\"inject\"}}";
	struct definition_result result;

	(void)state;
	assert_int_equal(definition_compile_system(text, strlen(text), NULL, &result), -EINVAL);
	assert_string_equal(result.problems.items[0].code, "stray-access-of-root");
	assert_string_equal(result.problems.items[0].pointer, "/root/stray_access");
	definition_result_free(&result);
}

static const struct {
	const char *text, *code, *pointer;
	unsigned line, column;
} broken[] = {
	{ "{\n \"name\":\"a\",,}", "broken-json", "", 2, 12 },
	{ "{} x", "broken-json", "", 1, 4 },
	{ "{\"name\":\"a\",\"name\":\"b\"}", "duplicate-field", "/name", 1, 13 },
	{ "{\"name\":\"a\",\"cpus\":[1],\n\"colour\":1}", "unknown-field", "/colour", 2, 1 },
	{ "{\"cpus\":[1]}", "bad-name", "/name", 1, 1 },
	{ "{\"name\":\"a\"}", "no-cpu", "/cpus", 1, 1 },
	{ "{\"name\":\"a\",\"cpus\":[9]}", "no-such-cpu", "/cpus/0", 1, 21 },
	{ "{\"name\":\"a\",\"cpus\":[1, 1]}", "cpu-twice", "/cpus/1", 1, 24 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"stray_access\":\"no\"}", "unknown-word", "/stray_access", 1, 39 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"stray_access\":256}", "unknown-word", "/stray_access", 1, 39 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"2G\"}]}", "pool-full", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"-1\"}]}", "not-a-number", "/memory/0/size", 1, 42 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x7fd00000\",\"size\":4096}]}",
	  "memory-of-the-hypervisor", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x9010000\",\"guest\":\"0x9010000\",\"size\":\"0x20\",\"flags\":[\"read\",\"io\"]}]}",
	  "region-widths", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x9010010\",\"guest\":\"0x9010000\",\"size\":\"0x20\",\"flags\":[\"read\",\"io\",\"io-32\"]}]}",
	  "region-below-a-page", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x9010f00\",\"guest\":\"0x9010f00\",\"size\":\"0x200\",\"flags\":[\"read\",\"io\",\"io-32\"]}]}",
	  "region-below-a-page", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x7fd00010\",\"guest\":\"0x10\",\"size\":\"0x20\",\"flags\":[\"read\",\"io\",\"io-32\"]}]}",
	  "memory-of-the-hypervisor", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"physical\":\"0x80000000\",\"guest\":\"0\",\"size\":\"0x1800\",\"flags\":[\"read\"]}]}",
	  "region-unaligned", "/memory/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"images\":[{\"image\":\"x\"}]}", "image-outside-memory", "/images/0", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"interrupts\":[27]}", "not-an-spi", "/interrupts/0", 1, 38 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"console\":\"pl011\"}", "no-virtual-interrupt", "/console", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"console\":{\"type\":\"8250\",\"emulated\":true,\"intid\":0}}", "not-emulated",
	  "/console", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":31}}", "not-an-spi",
	  "/console", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":0,\"address\":4}}",
	  "console-address", "/console", 1, 34 },
	{ "{\"name\":\"a\",\"cpus\":[1],\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":0,"
	  "\"address\":\"0x08000000\"}}",
	  "console-overlaps-memory", "/console", 1, 34 },
};

/* Among others: these cells are short, and most have no memory either. */
static const struct definition_problem *problem_of(const struct definition_result *result, const char *code)
{
	for (size_t i = 0; i < result->problems.count; i++)
		if (strcmp(result->problems.items[i].code, code) == 0)
			return &result->problems.items[i];
	print_error("no %s\n", code);
	return NULL;
}

static void each_mistake_has_its_code_and_place(void **state)
{
	const struct definition_problem *problem;
	struct definition_result result;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		assert_int_equal(definition_compile_cell(broken[i].text, strlen(broken[i].text), &board, &result),
				 -EINVAL);
		problem = problem_of(&result, broken[i].code);
		assert_non_null(problem);
		assert_string_equal(problem->pointer, broken[i].pointer);
		assert_int_equal(problem->line, broken[i].line);
		assert_int_equal(problem->column, broken[i].column);
		assert_null(result.blob);
		definition_result_free(&result);
	}
}

static void a_wired_interrupt_is_refused(void **state)
{
	static const char text[] = "{\"name\":\"a\",\"cpus\":[1],\"memory\":[],"
				   "\"console\":{\"type\":\"pl011\",\"emulated\":true,\"intid\":33}}";
	struct definition_board with;
	struct definition_result result;

	(void)state;
	assert_int_equal(definition_compile_cell(text, strlen(text), board_with_spares(&with), &result), -EINVAL);
	assert_non_null(problem_of(&result, "wired-interrupt"));
	definition_result_free(&result);
}

static void a_cut_binary_is_refused_at_every_length(void **state)
{
	struct definition_problems problems;
	struct definition_result result;
	size_t length;
	char *text = board_file("qemu-virt/system.json", &length), *json = NULL;

	(void)state;
	assert_int_equal(definition_compile_system(text, length, NULL, &result), 0);
	for (size_t size = 0; size < result.size; size++) {
		assert_int_equal(definition_decompile(result.blob, size, &json, &problems), -EINVAL);
		assert_null(json);
		assert_int_equal(problems.count, 1);
		assert_string_equal(problems.items[0].code, size < 8 ? "not-a-configuration" : "config-truncated");
		definition_problems_free(&problems);
	}
	definition_result_free(&result);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(qemu_virt_has_a_pool_and_comes_back),
		cmocka_unit_test(six_lines_are_a_cell),
		cmocka_unit_test(each_mistake_has_its_code_and_place),
		cmocka_unit_test(a_pl011_gets_address_and_interrupt),
		cmocka_unit_test(its_interrupt_is_nobody_elses),
		cmocka_unit_test(a_pl011_can_be_put_elsewhere),
		cmocka_unit_test(a_pl011_makes_way_for_the_cells_memory),
		cmocka_unit_test(a_wired_interrupt_is_refused),
		cmocka_unit_test(stray_access_is_a_flag_and_comes_back),
		cmocka_unit_test(root_has_no_policy),
		cmocka_unit_test(a_cut_binary_is_refused_at_every_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
