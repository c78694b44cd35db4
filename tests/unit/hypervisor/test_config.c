// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/config.h>

#include "cell_builder.h"

static uint8_t buffer[4096];

static const struct cell_builder typical = {
	.name = "typical", .id = 1, .cpus = 0x8000000000000002,
	.memory = { { 0x80000000, 0, 0x10000, JH_MEM_READ }, { 0x90000000, 0x10000, 0x2000, JH_MEM_WRITE } },
	.irqchips = { { 0x08000000, 0, 32, { 1, 2, 3, 4 } }, { 0x08000000, 0, 160, { 5 } } },
};

static void records_of_an_unaligned_file_are_read(void **state)
{
	const struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));

	(void)state;
	assert_int_equal(config_memory(cell, 0).phys_start, 0x80000000);
	assert_int_equal(config_memory(cell, 1).virt_start, 0x10000);
	assert_int_equal(config_irqchip(cell, 0).pin_bitmap[3], 4);
	assert_int_equal(config_irqchip(cell, 1).pin_base, 160);
}

static void size_is_the_sum_of_all_arrays(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));

	(void)state;
	assert_int_equal(config_size(cell), 132 + 8 + 2 * 32 + 2 * 32);
	cell->num_cache_regions = 1;
	cell->num_pio_regions = 2;
	cell->num_pci_devices = 3;
	cell->num_pci_caps = 4;
	cell->num_stream_ids = 5;
	assert_int_equal(config_size(cell), 132 + 8 + 2 * 32 + 2 * 32 + 12 + 2 * 4 + 3 * 56 + 4 * 8 + 5 * 4);
}

static void irqchips_follow_the_cache_regions(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));
	uint8_t *chips = (uint8_t *)cell + 132 + 8 + 2 * 32;

	(void)state;
	memmove(chips + 12, chips, 64);
	cell->num_cache_regions = 1;
	assert_int_equal(config_irqchip(cell, 1).pin_base, 160);
}

static void absurd_counts_have_no_size(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));
	uint8_t *counts = (uint8_t *)cell + offsetof(struct jh_cell_desc, cpu_set_size);

	(void)state;
	for (unsigned int field = 0; field < 8; field++) {
		cell_build(&typical, buffer, sizeof(buffer));
		memset(counts + 4 * field, 0xff, 4);
		assert_int_equal(config_size(cell), 0);
	}
	memset(counts, 0xff, 32);	/* all at once: the sum must not wrap either */
	assert_int_equal(config_size(cell), 0);
}

static void largest_configuration_is_the_limit_exactly(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));

	(void)state;
	cell->num_stream_ids = (JH_CONFIG_MAX_SIZE - (132 + 8 + 128)) / 4;
	assert_int_equal(config_size(cell), JH_CONFIG_MAX_SIZE);
	cell->num_stream_ids++;
	assert_int_equal(config_size(cell), 0);
}

static void cpu_bitmap_is_read_bit_for_bit(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));

	(void)state;
	assert_int_equal(config_cpus(cell), 0x8000000000000002);
	assert_true(config_cpus_fit(cell));
	cell->cpu_set_size = 1;
	assert_int_equal(config_cpus(cell), 2);
}

static void cpus_above_the_limit_do_not_fit(void **state)
{
	struct jh_cell_desc *cell = cell_build(&typical, buffer, sizeof(buffer));

	(void)state;
	cell->num_memory_regions = 0;
	cell->cpu_set_size = 16;	/* the second half is what was the first memory region */
	((uint8_t *)cell)[132 + 15] = 1;
	assert_false(config_cpus_fit(cell));
	assert_int_equal(config_cpus(cell), 0x8000000000000002);
}

static void part_of_a_page_is_recognised(void **state)
{
	const struct jh_memory whole = { 0x1000, 0x1000, 0x1000, 0 }, small = { 0x1000, 0x1000, 0x10, 0 },
			       shifted = { 0x1010, 0x1010, 0x1000, 0 };

	(void)state;
	assert_false(memory_is_subpage(&whole));
	assert_true(memory_is_subpage(&small));
	assert_true(memory_is_subpage(&shifted));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_an_unaligned_file_are_read),
		cmocka_unit_test(size_is_the_sum_of_all_arrays),
		cmocka_unit_test(irqchips_follow_the_cache_regions),
		cmocka_unit_test(absurd_counts_have_no_size),
		cmocka_unit_test(largest_configuration_is_the_limit_exactly),
		cmocka_unit_test(cpu_bitmap_is_read_bit_for_bit),
		cmocka_unit_test(cpus_above_the_limit_do_not_fit),
		cmocka_unit_test(part_of_a_page_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
