// SPDX-License-Identifier: MIT
/* A system definition of a board, from its device tree: trees/board.dts. */
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

struct fixture {
	struct tree_file file;
	struct definition_machine machine;
	char *text;
	struct definition_problems problems;
	struct definition_board board;
	struct definition_result system;
};

static int open_tree(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->file = tree_file_read(TREES "/board.dtb");
	fixture->machine = (struct definition_machine){ .device_tree = fixture->file.bytes,
							.device_tree_size = fixture->file.size };
	*state = fixture;
	return fixture->file.size ? 0 : -1;
}

static int close_tree(void **state)
{
	struct fixture *fixture = *state;

	definition_result_free(&fixture->system);
	definition_problems_free(&fixture->problems);
	free(fixture->text);
	free(fixture->file.bytes);
	free(fixture);
	return 0;
}

static void create(struct fixture *fixture)
{
	assert_int_equal(definition_create(&fixture->machine, &fixture->text, &fixture->problems), 0);
	assert_int_equal(
		definition_compile_system(fixture->text, strlen(fixture->text), &fixture->board, &fixture->system), 0);
}

static void refused(struct fixture *fixture, const char *code)
{
	assert_int_equal(definition_create(&fixture->machine, &fixture->text, &fixture->problems), -EINVAL);
	assert_null(fixture->text);
	assert_string_equal(fixture->problems.items[0].code, code);
}

static const struct jh_system_desc *binary(const struct fixture *fixture)
{
	return fixture->system.blob;
}

/* Root's region with the address in it. */
static const struct definition_region *region_at(const struct fixture *fixture, uint64_t address)
{
	for (size_t i = 0; i < fixture->board.num_memory; i++)
		if (address >= fixture->board.memory[i].physical &&
		    address - fixture->board.memory[i].physical < fixture->board.memory[i].size)
			return &fixture->board.memory[i];
	return NULL;
}

static void the_tree_says_what_the_board_is(void **state)
{
	struct fixture *fixture = *state;

	create(fixture);
	assert_int_equal(fixture->problems.count, 0);
	assert_string_equal(fixture->system.name, "example-one");
	assert_int_equal(fixture->board.cpus, 3); /* the third is broken */
	assert_int_equal(fixture->board.hypervisor.start, 0xbfc00000);
	assert_int_equal(fixture->board.hypervisor.size, 0x400000);
	assert_int_equal(fixture->board.pool.start, 0xa0000000);
	assert_int_equal(binary(fixture)->arm.gic_version, 3);
	assert_true(binary(fixture)->arm.gicd_base == 0x51a00000 && binary(fixture)->arm.gicr_base == 0x51b00000);
	assert_int_equal(binary(fixture)->arm.maintenance_irq, 25);
	assert_int_equal(binary(fixture)->debug_console.type, JH_CON_TYPE_IMX_LPUART);
	assert_true(binary(fixture)->debug_console.address == 0x5a060000);
	assert_int_equal(binary(fixture)->iommu_units[0].type, 5);
	assert_true(binary(fixture)->iommu_units[0].base == 0x51400000);
}

static void root_gets_everything_else(void **state)
{
	static const uint64_t memory[] = { 0x80000000, 0x90000000, 0xa0000000, 0xbfbff000, 0x880000000, 0x8fffff000 };
	static const uint64_t devices[] = { 0, 0x5a060000, 0x51a10000, 0x7ffff000, 0x900000000, 0x910fff000 };
	static const uint64_t nobody[] = { 0xbfc00000, 0xbffff000, 0x51a00000, 0x51bbf000,
					   0x51400000, 0xc0000000, 0x911000000 };
	struct fixture *fixture = *state;

	create(fixture);
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++)
		assert_true(region_at(fixture, memory[i])->flags ==
			    (JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA));
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		assert_true(region_at(fixture, devices[i])->flags == (JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO));
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		assert_null(region_at(fixture, nobody[i]));
	for (unsigned intid = 32; intid < 1020; intid++)
		assert_true(fixture->board.interrupts[intid / 32] >> (intid % 32) & 1);
}

static void iomem_adds_what_the_tree_does_not_know(void **state)
{
	struct fixture *fixture = *state;

	fixture->machine.iomem = "40000000-40000fff : somebody\n  40000800-40000fff : part\n"
				 "c0000000-cfffffff : System RAM\n  c0000000-c0ffffff : Kernel code\n"
				 "f00000000-f00000fff : far away\n";
	create(fixture);
	assert_true(region_at(fixture, 0xcffff000)->flags & JH_MEM_EXECUTE);
	assert_true(region_at(fixture, 0xf00000000)->flags & JH_MEM_IO);
	assert_null(region_at(fixture, 0xf00001000));
}

static void hidden_addresses_are_told(void **state)
{
	struct fixture *fixture = *state;

	fixture->machine.iomem = "00000000-00000000 : System RAM\n  00000000-00000000 : Kernel code\n";
	refused(fixture, "iomem-hidden");
}

static void a_person_knows_better(void **state)
{
	struct fixture *fixture = *state;

	fixture->machine.hypervisor = (struct definition_range){ 0x90000000, 0x800000 };
	fixture->machine.pool = (struct definition_range){ 0xa8000000, 0x8000000 };
	fixture->machine.spare_intids = (struct definition_range){ 212, 44 };
	fixture->machine.cpus = 1;
	create(fixture);
	assert_int_equal(fixture->board.hypervisor.size, 0x800000);
	assert_int_equal(fixture->board.pool.start, 0xa8000000);
	assert_int_equal(binary(fixture)->arm.notify_irq, 212);
	assert_true(fixture->board.virtual_intids[213 / 32] >> (213 % 32) & 1);
	assert_false(fixture->board.virtual_intids[212 / 32] >> (212 % 32) & 1);
	assert_int_equal(fixture->board.cpus, 1);
}

static void what_is_no_tree_is_refused(void **state)
{
	struct fixture *fixture = *state;

	fixture->machine.device_tree_size = 30;
	refused(fixture, "no-device-tree");
	definition_problems_free(&fixture->problems);
	fixture->machine.device_tree_size = 0;
	fixture->machine.device_tree = NULL;
	refused(fixture, "no-device-tree");
}

/* Damaged trees come from a file that somebody gives: nothing is read beyond them. */
static void every_cut_and_flip_ends(void **state)
{
	struct fixture *fixture = *state;
	uint8_t *bytes = fixture->file.bytes;

	for (size_t at = 0; at < fixture->file.size; at += 1 + at % 3) {
		bytes[at] ^= (uint8_t)(1u << at % 8);
		if (definition_create(&fixture->machine, &fixture->text, &fixture->problems) != 0)
			assert_null(fixture->text);
		free(fixture->text);
		fixture->text = NULL;
		definition_problems_free(&fixture->problems);
		bytes[at] ^= (uint8_t)(1u << at % 8);
	}
}

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, open_tree, close_tree)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(the_tree_says_what_the_board_is),
		TREE_TEST(root_gets_everything_else),
		TREE_TEST(iomem_adds_what_the_tree_does_not_know),
		TREE_TEST(hidden_addresses_are_told),
		TREE_TEST(a_person_knows_better),
		TREE_TEST(what_is_no_tree_is_refused),
		TREE_TEST(every_cut_and_flip_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
