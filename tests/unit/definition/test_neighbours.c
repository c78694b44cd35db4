// SPDX-License-Identifier: MIT
/* Cells beside each other: what one must not take from another, and where automatic memory goes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "definition.h"

#define MANY 64
#define POOL 0x80000000u
#define MEMORY "\"memory\":[{\"size\":\"2M\"}]"
#define SMALL "\"cpus\":[1],\"memory\":[{\"size\":\"16M\"}]"

struct fixture {
	struct definition_result system;
	struct definition_board board;
	struct definition_neighbour created[MANY];
	size_t num_created;
};

static int open_board(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	FILE *file = fopen(BOARDS "/qemu-virt/system.json", "r");
	char text[8192];
	size_t length = fread(text, 1, sizeof(text), file);

	fclose(file);
	if (definition_compile_system(text, length, &fixture->board, &fixture->system) != 0)
		return -1;
	fixture->board.neighbours = fixture->created;
	*state = fixture;
	return 0;
}

static int close_board(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < fixture->num_created; i++)
		definition_neighbour_free(&fixture->created[i]);
	definition_result_free(&fixture->system);
	free(fixture);
	return 0;
}

static int compile(struct fixture *fixture, const char *text, struct definition_result *result)
{
	fixture->board.num_neighbours = fixture->num_created;
	return definition_compile_cell(text, strlen(text), &fixture->board, result);
}

/* Compiles and counts it as created from then on; its first region's address. */
static uint64_t create(struct fixture *fixture, const char *text)
{
	struct definition_result result;
	uint64_t start;

	assert_int_equal(compile(fixture, text, &result), 0);
	assert_int_equal(definition_neighbour_read(result.blob, result.size, &fixture->created[fixture->num_created]),
			 0);
	fixture->num_created++;
	start = result.regions[0].physical;
	definition_result_free(&result);
	return start;
}

static void refused(struct fixture *fixture, const char *text, const char *code, const char *pointer, const char *part)
{
	struct definition_result result;

	assert_int_equal(compile(fixture, text, &result), -EINVAL);
	assert_int_equal(result.problems.count, 1);
	assert_string_equal(result.problems.items[0].code, code);
	assert_string_equal(result.problems.items[0].pointer, pointer);
	if (!strstr(result.problems.items[0].text, part))
		print_error("%s\n", result.problems.items[0].text);
	assert_non_null(strstr(result.problems.items[0].text, part));
	definition_result_free(&result);
}

static void a_binary_tells_what_its_cell_has(void **state)
{
	struct fixture *fixture = *state;
	struct definition_neighbour read;
	struct definition_result result;
	static const char text[] = "{\"name\":\"a\",\"cpus\":[1,3],\"memory\":[{\"size\":\"2M\"},{\"size\":\"4M\"}],"
				   "\"interrupts\":[40,170]}";

	assert_int_equal(compile(fixture, text, &result), 0);
	assert_int_equal(definition_neighbour_read(result.blob, result.size, &read), 0);
	assert_string_equal(read.name, "a");
	assert_int_equal(read.cpus, 0xa);
	assert_int_equal(read.interrupts[1], 1 << 8);
	assert_int_equal(read.interrupts[5], 1 << 10);
	assert_int_equal(read.num_regions, 3); /* with the communication region */
	assert_int_equal(read.regions[1].physical, POOL + 0x200000);
	assert_int_equal(read.regions[1].size, 0x400000);
	definition_neighbour_free(&read);
	for (size_t size = 0; size < result.size; size++)
		assert_int_equal(definition_neighbour_read(result.blob, size, &read), -EINVAL);
	definition_result_free(&result);
}

static void what_another_cell_has_is_refused(void **state)
{
	static const struct {
		const char *text, *code, *pointer, *part;
	} rows[] = {
		{ "{\"name\":\"b\",\"cpus\":[1,2]," MEMORY "}", "cpu-of-another-cell", "/cpus/1", "CPU 2 belongs to cell \"a\"" },
		{ "{\"name\":\"b\",\"cpus\":[1],\"memory\":[{\"size\":\"2M\"},{\"physical\":\"0x80100000\",\"size\":\"4K\"}]}",
		  "memory-of-another-cell", "/memory/1", "0x80000000-0x801fffff of cell \"a\"" },
		{ "{\"name\":\"b\",\"cpus\":[1],\"interrupts\":[41,40]," MEMORY "}", "interrupt-of-another-cell",
		  "/interrupts/1", "Interrupt 40 (SPI 8) belongs to cell \"a\"" },
		{ "{\"name\":\"b\",\"cpus\":[1],\"irqchips\":[{\"address\":\"0x08000000\",\"first_intid\":32,"
		  "\"bitmap\":[256]}]," MEMORY "}",
		  "interrupt-of-another-cell", "/irqchips/0", "SPI 8" },
		{ "{\"name\":\"b\",\"cpus\":[1],\"interrupts\":[300]," MEMORY "}", "interrupt-not-of-root",
		  "/interrupts/0", "SPI 268" },
		{ "{\"name\":\"b\",\"cpus\":[1],\"memory\":[{\"physical\":\"0xbff00000\",\"size\":\"2M\",\"flags\":[\"execute\"]}],\"entry\":\"0xbff00000\"}",
		  "memory-not-of-root", "/memory/0", "0xc0000000-0xc00fffff is not its memory" },
	};
	struct fixture *fixture = *state;

	create(fixture, "{\"name\":\"a\",\"cpus\":[2],\"memory\":[{\"size\":\"2M\"}],\"interrupts\":[40]}");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refused(fixture, rows[i].text, rows[i].code, rows[i].pointer, rows[i].part);
}

static void memory_that_both_share_with_root_is_nobody_s(void **state)
{
	static const char text[] =
		"{\"name\":\"%s\",\"cpus\":[%d],\"memory\":[{\"physical\":\"0x80000000\",\"guest\":0,\"size\":\"4K\","
		"\"flags\":[\"read\",\"write\",\"root-shared\"]},{\"size\":\"2M\",\"guest\":\"0x200000\"}],\"entry\":\"0x200000\"}";
	struct fixture *fixture = *state;
	char cell[256];

	snprintf(cell, sizeof(cell), text, "a", 1);
	create(fixture, cell);
	snprintf(cell, sizeof(cell), text, "b", 2);
	create(fixture, cell);
}

static void automatic_cells_do_not_meet(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(create(fixture, "{\"name\":\"a\"," SMALL "}"), POOL);
	fixture->created[0].cpus = 0;
	assert_int_equal(create(fixture, "{\"name\":\"b\"," SMALL "}"), POOL + (16u << 20));
}

static void sixty_four_fill_the_pool_and_the_next_is_told_so(void **state)
{
	struct fixture *fixture = *state;
	char text[256];

	for (unsigned i = 0; i < MANY; i++) {
		snprintf(text, sizeof(text), "{\"name\":\"a%u\"," SMALL "}", i);
		assert_int_equal(create(fixture, text), POOL + (uint64_t)i * (16u << 20));
		fixture->created[i].cpus = 0;
	}
	refused(fixture, "{\"name\":\"b\"," SMALL "}", "pool-full", "/memory/0",
		"16 MiB do not fit into the pool: of its 1 GiB 0 bytes are free, 0 bytes in one piece.");
	fixture->created[7].regions[0].size = fixture->created[9].regions[0].size = 0;
	refused(fixture, "{\"name\":\"b\",\"cpus\":[1],\"memory\":[{\"size\":\"20M\"}]}", "pool-full", "/memory/0",
		"20 MiB do not fit into the pool: of its 1 GiB 32 MiB are free, 16 MiB in one piece.");
	assert_int_equal(fixture->num_created, MANY);
}

static void a_cell_gets_its_place_again_while_it_is_free(void **state)
{
	const struct definition_range earlier[] = { { 0x90000000, 16 << 20 } }, odd[] = { { 0x90001000, 16 << 20 } };
	struct fixture *fixture = *state;

	fixture->board.earlier = earlier;
	fixture->board.num_earlier = 1;
	assert_int_equal(create(fixture, "{\"name\":\"a\"," SMALL "}"), 0x90000000);
	fixture->created[0].cpus = 0;
	assert_int_equal(create(fixture, "{\"name\":\"b\"," SMALL "}"), POOL);
	fixture->created[1].cpus = 0;
	fixture->created[0].regions[0].size = 0;
	fixture->board.earlier = odd; /* no multiple of 2 MiB: the pool has moved since */
	assert_int_equal(create(fixture, "{\"name\":\"c\"," SMALL "}"), POOL + (16 << 20));
}

static void memory_of_stopped_cells_is_taken_last(void **state)
{
	const struct definition_range reserved = { POOL, 1000u << 20 };
	struct fixture *fixture = *state;

	fixture->board.reserved = &reserved;
	fixture->board.num_reserved = 1;
	assert_int_equal(create(fixture, "{\"name\":\"a\"," SMALL "}"), POOL + (1000u << 20));
	fixture->created[0].cpus = 0;
	assert_int_equal(create(fixture, "{\"name\":\"b\"," SMALL "}"), POOL);
}

static void an_automatic_region_leaves_later_ones_their_address(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		create(fixture,
		       "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"2M\"},"
		       "{\"physical\":\"0x80000000\",\"guest\":\"0x20000000\",\"size\":\"2M\"},{\"size\":\"2M\",\"guest\":\"0x10000000\"}]}"),
		POOL + 0x200000);
	assert_int_equal(fixture->created[0].regions[2].physical, POOL + 0x400000);
}

#define BOARD_TEST(test) cmocka_unit_test_setup_teardown(test, open_board, close_board)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOARD_TEST(a_binary_tells_what_its_cell_has),
		BOARD_TEST(what_another_cell_has_is_refused),
		BOARD_TEST(memory_that_both_share_with_root_is_nobody_s),
		BOARD_TEST(automatic_cells_do_not_meet),
		BOARD_TEST(sixty_four_fill_the_pool_and_the_next_is_told_so),
		BOARD_TEST(a_cell_gets_its_place_again_while_it_is_free),
		BOARD_TEST(memory_of_stopped_cells_is_taken_last),
		BOARD_TEST(an_automatic_region_leaves_later_ones_their_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
