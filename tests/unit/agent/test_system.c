// SPDX-License-Identifier: MIT
/* Who owns what: the map of the memory, the device tree's files, and the answer made of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "device_tree.h"
#include "memory_map.h"

static void range_is(const struct memory_map *map, size_t index, uint64_t start, uint64_t size, const char *owner)
{
	assert_true(index < map->count);
	assert_int_equal(map->ranges[index].start, start);
	assert_int_equal(map->ranges[index].size, size);
	assert_string_equal(map->ranges[index].owner, owner);
}

static void later_paint_covers_earlier(void **state)
{
	struct memory_map map = { 0 };

	(void)state;
	assert_int_equal(memory_map_paint(&map, 0x1000, 0x4000, "root", "root"), 0);
	assert_int_equal(memory_map_paint(&map, 0x2000, 0x1000, "a", "cell"), 0);
	assert_int_equal(map.count, 3);
	range_is(&map, 0, 0x1000, 0x1000, "root");
	range_is(&map, 1, 0x2000, 0x1000, "a");
	range_is(&map, 2, 0x3000, 0x2000, "root");
	assert_int_equal(memory_map_paint(&map, 0x2000, 0x1000, "root", "root"), 0);
	assert_int_equal(map.count, 1); /* one piece again */
	assert_int_equal(memory_map_paint(&map, 0, UINT64_MAX, "b", "cell"), 0);
	range_is(&map, 0, 0, UINT64_MAX, "b");
	assert_int_equal(memory_map_paint(&map, UINT64_MAX, 1, "c", "cell"), 0);
	range_is(&map, 1, UINT64_MAX, 1, "c");
	assert_int_equal(memory_map_paint(&map, UINT64_MAX, 2, "d", "cell"), 0); /* beyond the end: not painted */
	assert_int_equal(memory_map_paint(&map, 5, 0, "d", "cell"), 0);
	assert_int_equal(map.count, 2);
	memory_map_free(&map);
}

static void paint_within_stays_inside(void **state)
{
	struct memory_map map = { 0 };

	(void)state;
	assert_int_equal(memory_map_paint(&map, 0x1000, 0x1000, "root", "root"), 0);
	assert_int_equal(memory_map_paint(&map, 0x8000, 0x1000, "root", "root"), 0);
	assert_int_equal(memory_map_paint_within(&map, 0x1800, 0x7000, "", "free"), 0);
	assert_int_equal(map.count, 4);
	range_is(&map, 1, 0x1800, 0x800, "");
	range_is(&map, 2, 0x8000, 0x800, "");
	memory_map_free(&map);
}

static void put(const char *folder, const char *name, const void *bytes, size_t size)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (!bytes) {
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	}
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

static void put_tree(const char *tree)
{
	put(tree, "model", "a board", 8);
	put(tree, "#address-cells", "\0\0\0\2", 4);
	put(tree, "#size-cells", "\0\0\0\2", 4);
	put(tree, "memory@40000000", NULL, 0);
	put(tree, "memory@40000000/reg", "\0\0\0\0\x40\0\0\0\0\0\0\0\x80\0\0\0", 16);
	put(tree, "reserved-memory", NULL, 0);
	put(tree, "reserved-memory/#address-cells", "\0\0\0\1", 4);
	put(tree, "reserved-memory/#size-cells", "\0\0\0\1", 4);
	put(tree, "reserved-memory/jailhouse@70000000", NULL, 0);
	put(tree, "reserved-memory/jailhouse@70000000/reg", "\x70\0\0\0\x10\0\0\0", 8);
	put(tree, "reserved-memory/jailhouse@70000000/no-map", "", 0);
	put(tree, "reserved-memory/firmware@1000", NULL, 0); /* outside root's memory */
	put(tree, "reserved-memory/firmware@1000/reg", "\0\0\x10\0\0\0\x10\0", 8);
	put(tree, "reserved-memory/firmware@1000/no-map", "", 0);
	put(tree, "reserved-memory/cma@50000000", NULL, 0); /* Linux uses it */
	put(tree, "reserved-memory/cma@50000000/reg", "\x50\0\0\0\0\x10\0\0", 8);
}

static int sum(void *context, uint64_t start, uint64_t size)
{
	*(uint64_t *)context += start ^ size;
	return 0;
}

static void the_device_tree_is_read(void **state)
{
	struct fixture *fixture = *state;
	const char *tree = fixture->world.data;
	uint64_t value = 0;
	char model[16];

	put_tree(tree);
	device_tree_model(tree, model, sizeof(model));
	assert_string_equal(model, "a board");
	assert_int_equal(device_tree_memory(tree, sum, &value), 0);
	assert_int_equal(value, 0xc0000000);
	value = 0;
	assert_int_equal(device_tree_unmapped(tree, sum, &value), 0);
	assert_int_equal(value, 0x60000000); /* firmware: 0x1000 ^ 0x1000 */
	assert_int_equal(device_tree_memory("/nonexistent", sum, &value), 0);
	device_tree_model("/nonexistent", model, sizeof(model));
	assert_string_equal(model, "");
}

#define RANGE(start, size, owner, kind) \
	"{\"start\":\"" start "\",\"size\":\"" size "\",\"owner\":\"" owner "\",\"kind\":\"" kind "\"}"

static void the_map_says_who_has_what(void **state)
{
	struct fixture *fixture = *state;

	put_tree(fixture->world.data);
	ready(fixture);
	assert_int_equal(call(fixture, api_system_get), 200);
	says(fixture, "\"board\":\"qemu-virt\",\"model\":\"a board\"");
	says(fixture, "\"memory\":[" RANGE("0x40000000", "0x30000000", "qemu-virt", "root") "," RANGE(
			      "0x70000000", "0xfc00000", "",
			      "free") "," RANGE("0x7fc00000", "0x400000", "hypervisor",
						"hypervisor") "," RANGE("0x80000000", "0x40000000", "", "free") "]");
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call(fixture, api_system_get), 200);
	says(fixture,
	     RANGE("0x80000000", "0x100000", "beat", "cell") "," RANGE("0x80100000", "0x3ff00000", "", "free"));
	says(fixture, "{\"id\":0,\"owner\":\"root\"}"); /* by the driver's word */
}

static const struct compiled_board *no_board(void *compiler)
{
	static const struct compiled_board board;

	(void)compiler;
	return &board;
}

static void without_a_system_definition_the_device_tree_says_it(void **state)
{
	struct fixture *fixture = *state;
	struct compiler_ops ops = *fixture->agent.compiler_ops;

	put_tree(fixture->world.data);
	ops.board = no_board;
	fixture->agent.compiler_ops = &ops;
	assert_int_equal(call(fixture, api_system_get), 200);
	says(fixture, "\"memory\":[" RANGE("0x40000000", "0x30000000", "linux", "root") "," RANGE(
			      "0x70000000", "0x10000000", "", "free") "," RANGE("0x80000000", "0x40000000", "linux",
										"root") "]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_paint_covers_earlier),
		cmocka_unit_test(paint_within_stays_inside),
		FIXTURE_TEST(the_device_tree_is_read),
		FIXTURE_TEST(the_map_says_who_has_what),
		FIXTURE_TEST(without_a_system_definition_the_device_tree_says_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
