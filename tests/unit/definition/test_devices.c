// SPDX-License-Identifier: MIT
/* Devices by their names in the device tree, and what they hang on: trees/board.dts. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <jailhouse/config.h>
#include "definition.h"
#include "tree_file.h"

#define BUS "/bus@5a000000"

struct fixture {
	struct tree_file file;
	struct definition_board board;
	struct definition_result result;
};

static int open_tree(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->file = tree_file_read(TREES "/board.dtb");
	fixture->board = (struct definition_board){ .pool = { 0xa0000000, 0x10000000 },
						    .gicd_base = 0x51a00000,
						    .device_tree = fixture->file.bytes,
						    .device_tree_size = fixture->file.size };
	*state = fixture;
	return fixture->file.size ? 0 : -1;
}

static int close_tree(void **state)
{
	struct fixture *fixture = *state;

	definition_result_free(&fixture->result);
	free(fixture->file.bytes);
	free(fixture);
	return 0;
}

static int compile(struct fixture *fixture, const char *members)
{
	char text[1024];

	definition_result_free(&fixture->result);
	snprintf(text, sizeof(text), "{\"name\":\"d\",\"cpus\":[1],\"memory\":[{\"size\":\"2M\"}],%s}", members);
	return definition_compile_cell(text, strlen(text), &fixture->board, &fixture->result);
}

static bool told(const struct fixture *fixture, const char *code, bool warning)
{
	for (size_t i = 0; i < fixture->result.problems.count; i++)
		if (strcmp(fixture->result.problems.items[i].code, code) == 0)
			return fixture->result.problems.items[i].warning == warning;
	return false;
}

static bool has_interrupt(const struct fixture *fixture, unsigned intid)
{
	return fixture->result.interrupts[intid / 32] >> (intid % 32) & 1;
}

/* The region behind the cell's own memory. */
static void first_registers(const struct fixture *fixture, uint64_t start, uint64_t size)
{
	const struct definition_region *region = &fixture->result.regions[1];

	assert_true(region->physical == start && region->guest == start && region->size == size);
	assert_true(region->flags == (JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO));
}

static void a_name_gives_registers_and_interrupts(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/timer@10000\"}]"), 0);
	first_registers(fixture, 0x5a010000, 0x1000);
	assert_true(has_interrupt(fixture, 48)); /* SPI 16; the private one of it is everybody's */
	assert_int_equal(fixture->result.problems.count, 1);
	assert_true(told(fixture, "device-of-root", true));
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"timer\"}]"), 0); /* a label */
	first_registers(fixture, 0x5a010000, 0x1000);
}

static void what_root_keeps_must_be_accepted(void **state)
{
	static const char *const words[] = { "shared-clock", "clock-of-root", "power-of-root",	     "reset-of-root",
					     "pins-of-root", "supply-of-root", "dma-channel-of-root" };
	const size_t count = sizeof(words) / sizeof(words[0]);
	struct fixture *fixture = *state;
	char members[512], list[256] = "";

	for (size_t i = 0; i <= count; i++) {
		snprintf(members, sizeof(members), "\"devices\":[{\"device\":\"serial0\",\"accept\":[%s]}]", list);
		assert_int_equal(compile(fixture, members), i < count ? -EINVAL : 0);
		assert_int_equal(fixture->result.problems.errors, count - i);
		for (size_t n = 0; n < count; n++)
			assert_true(told(fixture, words[n], n < i));
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s\"%s\"", i ? "," : "",
			 i < count ? words[i] : "");
	}
	first_registers(fixture, 0x5a060000, 0x1000);
	assert_true(has_interrupt(fixture, 345 + 32));
}

static void what_the_cell_has_itself_needs_no_consent(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(compile(fixture,
				 "\"devices\":[{\"device\":\"serial0\"},{\"device\":\"clocks\"},{\"device\":\"power\"},"
				 "{\"device\":\"pins\"},{\"device\":\"dma\",\"accept\":[\"dma-without-iommu\"]},"
				 "{\"device\":\"regulator\"}]"),
			 -EINVAL);
	assert_false(told(fixture, "clock-of-root", false) || told(fixture, "power-of-root", false));
	assert_false(told(fixture, "pins-of-root", false) || told(fixture, "dma-channel-of-root", false));
	assert_false(told(fixture, "supply-of-root", false) || told(fixture, "shared-clock", false));
	assert_true(told(fixture, "needed-by-root", false)); /* the other way round: clocks and power of root's SPI */
	assert_true(told(fixture, "device-without-registers", false)); /* the regulator */
	assert_int_equal(fixture->result.problems.errors, 2 + 1);
}

static void masters_are_told_with_and_without_iommu(void **state)
{
	struct fixture *fixture = *state;
	uint32_t stream;

	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/ethernet@b20000\"}]"), -EINVAL);
	assert_true(told(fixture, "dma-without-iommu", false));
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"usdhc\",\"accept\":[\"dma-without-iommu\"]}]"),
			 0);
	assert_true(told(fixture, "dma-without-iommu", true));
	memcpy(&stream, (const uint8_t *)fixture->result.blob + fixture->result.size - 4, 4);
	assert_int_equal(stream, 0x7f8u << 16 | 0x10);
}

static void pages_and_interrupts_of_others_are_told(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/watchdog@70200\"}]"), -EINVAL);
	assert_true(told(fixture, "shared-page", false));
	assert_true(told(fixture, "interrupt-elsewhere", false));
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/watchdog@70200\"},{\"device\":\"" BUS
					  "/rtc@70100\"},{\"device\":\"expander\"}]"),
			 0);
	first_registers(fixture, 0x5a070000, 0x1000);
	assert_int_equal(fixture->result.num_regions, 1 + 2 + 1); /* one page for two; the communication region */
	assert_true(has_interrupt(fixture, 82));
}

static void buses_of_root_are_told(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/bus@800000/pwm@0\"}]"), -EINVAL);
	assert_true(told(fixture, "bus-of-root", false));
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/bus@800000/pwm@0\",\"accept\":[\"bus-of-root\"]}]"),
			 0);
	first_registers(fixture, 0x5a800000, 0x1000);
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"" BUS "/i2c@72000/sensor@48\"}]"), -EINVAL);
	assert_true(told(fixture, "device-without-registers", false));
}

static void an_interrupt_can_be_named_by_its_device(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		compile(fixture, "\"interrupts\":[{\"device\":\"" BUS "/ethernet@b20000\",\"index\":1},{\"spi\":7}]"),
		0);
	assert_true(has_interrupt(fixture, 259 + 32) && has_interrupt(fixture, 39) &&
		    !has_interrupt(fixture, 258 + 32));
	assert_int_equal(compile(fixture, "\"interrupts\":[{\"device\":\"" BUS "/ethernet@b20000\",\"index\":2}]"),
			 -EINVAL);
	assert_true(told(fixture, "no-such-interrupt", false));
}

static void what_is_not_there_is_told(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"/nothing\"},{\"device\":\"\"},{\"device\":3}]"),
			 -EINVAL);
	assert_true(told(fixture, "no-such-device", false));
	assert_true(told(fixture, "no-device-name", false));
	assert_int_equal(fixture->result.problems.errors, 3);
	fixture->board.device_tree = NULL;
	assert_int_equal(compile(fixture, "\"devices\":[{\"device\":\"timer\"}]"), -EINVAL);
	assert_true(told(fixture, "no-device-tree", false));
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, open_tree, close_tree)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(a_name_gives_registers_and_interrupts),
		TREE_TEST(what_root_keeps_must_be_accepted),
		TREE_TEST(what_the_cell_has_itself_needs_no_consent),
		TREE_TEST(masters_are_told_with_and_without_iommu),
		TREE_TEST(pages_and_interrupts_of_others_are_told),
		TREE_TEST(buses_of_root_are_told),
		TREE_TEST(an_interrupt_can_be_named_by_its_device),
		TREE_TEST(what_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
