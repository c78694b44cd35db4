// SPDX-License-Identifier: MIT
/* The distributor as a cell sees it, register class by register class, on the model of the hardware. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "gic_guest.h"

static int with_extended(void **state)
{
	(void)state;
	model_reset(true);
	watch_start();
	return 0;
}

static int without_extended(void **state)
{
	(void)state;
	model_reset(false);
	watch_start();
	return 0;
}

static bool owned(unsigned int index)
{
	return alpha.irqs[index / 32] >> index % 32 & 1;
}

/* Set and clear registers, as {set, clear, where the flag is in the model}. */
static const struct pair {
	unsigned int set, clear;
	size_t flag;
} pairs[] = {
	{ GIC_ISENABLER, GIC_ICENABLER, offsetof(struct model_irq, enabled) },
	{ GIC_ISPENDR, GIC_ICPENDR, offsetof(struct model_irq, pending) },
	{ GIC_ISACTIVER, GIC_ICACTIVER, offsetof(struct model_irq, active) },
}, extended_pairs[] = {
	{ GICD_ISENABLERE, GICD_ICENABLERE, offsetof(struct model_irq, enabled) },
	{ GICD_ISPENDRE, GICD_ICPENDRE, offsetof(struct model_irq, pending) },
	{ GICD_ISACTIVERE, GICD_ICACTIVERE, offsetof(struct model_irq, active) },
};

static bool flag(const struct pair *pair, unsigned int index)
{
	return *(const bool *)((const char *)&model.spi[index] + pair->flag);
}

static void pair_reaches_own_bits_only(const struct pair *pair, unsigned int first_word)
{
	for (unsigned int word = 0; word < 32; word++) {
		uint32_t mine = alpha.irqs[first_word + word];

		gicd_put(pair->set + 4 * word, 4, 0xffffffff);
		assert_int_equal(gicd_get(pair->set + 4 * word, 4), mine);
		assert_int_equal(gicd_get(pair->clear + 4 * word, 4), mine);
		gicd_put(pair->clear + 4 * word, 4, 0x55555555);
		for (unsigned int bit = 0; bit < 32; bit++)
			if (mine >> bit & 1)
				assert_int_equal(flag(pair, (first_word + word) * 32 + bit), bit % 2);
	}
	nothing_foreign_changed();
}

static void enable_pending_and_active_are_the_cells_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		pair_reaches_own_bits_only(&pairs[i], 0);
}

static void enable_pending_and_active_of_extended_spis_too(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 3; i++)
		pair_reaches_own_bits_only(&extended_pairs[i], IRQ_EXTENDED_WORD);
}

static void group_is_read_and_never_written(void **state)
{
	(void)state;
	for (unsigned int word = 0; word < 32; word++) {
		gicd_put(GIC_IGROUPR + 4 * word, 4, 0);
		gicd_put(GICD_IGROUPRE + 4 * word, 4, 0);
		assert_int_equal(gicd_get(GIC_IGROUPR + 4 * word, 4), alpha.irqs[word]);
		assert_int_equal(gicd_get(GICD_IGROUPRE + 4 * word, 4), alpha.irqs[IRQ_EXTENDED_WORD + word]);
	}
	nothing_foreign_changed();
}

static void byte_of_the_neighbours_priority_stays(void **state)
{
	uint8_t left = model.spi[34].priority, right = model.spi[37].priority;

	(void)state;
	gicd_put(GIC_IPRIORITYR + 34, 1, 0xff);
	gicd_put(GIC_IPRIORITYR + 37, 1, 0xff);
	assert_int_equal(model.spi[34].priority, left);
	assert_int_equal(model.spi[37].priority, right);
	assert_int_equal(gicd_get(GIC_IPRIORITYR + 34, 1), 0);
	gicd_put(GIC_IPRIORITYR + 35, 1, 0x18);
	assert_int_equal(model.spi[35].priority, 0x18);
	assert_int_equal(gicd_get(GIC_IPRIORITYR + 35, 1), 0x18);
	nothing_foreign_changed();
}

static void priorities_of_every_size(unsigned int base, unsigned int first)
{
	for (unsigned int size = 1; size <= 4; size *= 2)
		for (unsigned int i = 0; i < 1024; i += size) {
			uint64_t want = 0, value = 0x44332211u + i * 0x01010101u;

			gicd_put(base + i, size, value);
			for (unsigned int n = 0; n < size; n++)
				if (owned(first + i + n))
					want |= value & 0xffULL << 8 * n;
			assert_int_equal(gicd_get(base + i, size), want);
		}
	nothing_foreign_changed();
}

static void priorities_are_written_by_byte_halfword_and_word(void **state)
{
	(void)state;
	priorities_of_every_size(GIC_IPRIORITYR, 0);
	priorities_of_every_size(GICD_IPRIORITYRE, 1024);
}

static void configuration_is_two_bits_an_interrupt(void **state)
{
	(void)state;
	for (unsigned int word = 0; word < 64; word++) {
		gicd_put(GIC_ICFGR + 4 * word, 4, 0xaaaaaaaa);
		gicd_put(GICD_ICFGRE + 4 * word, 4, 0xaaaaaaaa);
	}
	for (unsigned int i = 32; i < 32 * IRQ_WORDS; i++)
		if (owned(i))
			assert_int_equal(model.spi[i].config, 2);
	assert_int_equal(gicd_get(GIC_ICFGR + 8, 4), 2 << 2 | 2 << 6 | 2 << 8);	/* INTIDs 33, 35, 36 */
	gicd_put(GIC_ICFGR + 8, 4, 0xffffffff);
	assert_int_equal(gicd_get(GIC_ICFGR + 8, 4), 3 << 2 | 3 << 6 | 3 << 8);
	nothing_foreign_changed();
}

static void route_goes_to_a_cpu_of_the_cell(void **state)
{
	(void)state;
	gicd_put(GICD_IROUTER + 8 * 33, 8, model_cpus[3].mpidr);
	assert_int_equal(model.spi[33].route, model_cpus[3].mpidr);
	gicd_put(GICD_IROUTERE + 8 * 0, 8, model_cpus[6].mpidr);
	assert_int_equal(model.spi[1024].route, model_cpus[6].mpidr);
	assert_int_equal(gicd_get(GICD_IROUTER + 8 * 33, 8), model_cpus[3].mpidr);
	nothing_foreign_changed();
}

static void route_elsewhere_stays_as_it_was(void **state)
{
	static const uint64_t bad[] = { 0, 0x100, 0x0300020105, 0x99, 1ull << 31 | 2, 0xff00ffffffULL, 0x200000002 };

	(void)state;
	for (unsigned int i = 0; i < 7; i++) {
		gicd_put(GICD_IROUTER + 8 * 33, 8, bad[i]);
		assert_int_equal(model.spi[33].route, model_cpus[2].mpidr);
	}
	gicd_put(GICD_IROUTER + 8 * 34, 8, model_cpus[2].mpidr);	/* beta's */
	assert_int_equal(gicd_get(GICD_IROUTER + 8 * 34, 8), 0);
	nothing_foreign_changed();
}

static void halves_of_a_route_are_words(void **state)
{
	(void)state;
	gicd_put(GICD_IROUTER + 8 * 33, 4, model_cpus[3].mpidr);
	assert_int_equal(model.spi[33].route, model_cpus[3].mpidr);
	gicd_put(GICD_IROUTER + 8 * 33 + 4, 4, 3);	/* no CPU of this cell has Aff3 = 3 */
	assert_int_equal(model.spi[33].route, model_cpus[3].mpidr);
	assert_int_equal(gicd_get(GICD_IROUTER + 8 * 33, 4), 3);
	assert_int_equal(gicd_get(GICD_IROUTER + 8 * 33 + 4, 4), 0);
	nothing_foreign_changed();
}

static void control_is_read_and_never_written(void **state)
{
	(void)state;
	gicd_put(GICD_CTLR, 4, 0);
	assert_int_equal(gicd_get(GICD_CTLR, 4), 0x53);
	assert_int_equal(model.ctlr, 0x53);
	assert_int_equal(gicd_get(GICD_TYPER, 4) & 0x1f, 31);
	assert_int_equal(gicd_get(GICD_TYPER, 4) & (GICD_TYPER_LPIS | GICD_TYPER_LPI_BITS | GICD_TYPER_NMI), 0);
	assert_int_equal(gicd_get(GICD_IIDR, 4), 0x43b);
	assert_int_equal(gicd_get(GICD_PIDR2, 4), 0x43b);
	assert_int_equal(gicd_get(0xff80, 4), 0);
	nothing_foreign_changed();
}

static void message_reaches_own_interrupts_only(void **state)
{
	(void)state;
	model.spi[33].pending = model.spi[34].pending = model.spi[1024].pending = false;
	watch_start();
	gicd_put(GICD_SETSPI_NSR, 4, 33);
	gicd_put(GICD_SETSPI_NSR, 2, 34);
	gicd_put(GICD_SETSPI_NSR, 4, 4096);
	gicd_put(GICD_SETSPI_NSR, 4, 8192);
	gicd_put(GICD_SETSPI_NSR, 1, 35);
	assert_true(model.spi[33].pending);
	assert_true(model.spi[1024].pending);
	gicd_put(GICD_CLRSPI_NSR, 2, 33);
	assert_false(model.spi[33].pending);
	nothing_foreign_changed();
}

static void software_interrupts_and_targets_of_gicv2_are_not_there(void **state)
{
	unsigned int accesses = model.accesses;

	(void)state;
	gicd_put(GICD_SGIR, 4, 0x02000001);
	gicd_put(GICD_ITARGETSR + 33, 1, 0xff);
	assert_int_equal(gicd_get(GICD_ITARGETSR + 32, 4), 0);
	assert_int_equal(model.accesses, accesses);
}

/* Sizes that a register does not have read as zero, and write nothing. */
static void wrong_sizes_are_ignored(void **state)
{
	static const struct {
		unsigned int offset, sizes;
	} registers[] = {
		{ GICD_CTLR, 4 },
		{ GICD_TYPER, 4 },
		{ GIC_ISENABLER + 12, 4 },
		{ GIC_ICPENDR + 12, 4 },
		{ GIC_IPRIORITYR + 96, 1 | 2 | 4 },
		{ GIC_ICFGR + 24, 4 },
		{ GICD_IROUTER + 8 * 96, 4 | 8 },
		{ GICD_ISENABLERE + 8, 4 },
		{ GICD_IPRIORITYRE + 64, 1 | 2 | 4 },
		{ GICD_PIDR2, 4 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		for (unsigned int size = 1; size <= 8; size *= 2) {
			struct gic_model kept = model;

			if (registers[i].sizes & size)
				continue;
			gicd_put(registers[i].offset, size, ~0ULL);
			assert_int_equal(gicd_get(registers[i].offset, size), 0);
			assert_memory_equal(model.spi, kept.spi, sizeof(kept.spi));
		}
	nothing_foreign_changed();
}

static void misaligned_accesses_are_ignored(void **state)
{
	struct gic_model kept = model;

	(void)state;
	for (unsigned int size = 2; size <= 8; size *= 2)
		for (unsigned int off = 1; off < size; off++) {
			gicd_put(GIC_IPRIORITYR + 96 + off, size, ~0ULL);
			gicd_put(GIC_ISENABLER + 12 + off, size, ~0ULL);
			gicd_put(GICD_IROUTER + 8 * 96 + off, size == 8 && off == 4 ? 2 : size, ~0ULL);
			assert_int_equal(gicd_get(GIC_IPRIORITYR + 96 + off, size), 0);
		}
	assert_memory_equal(model.spi, kept.spi, sizeof(kept.spi));
	nothing_foreign_changed();
}

static void every_register_at_every_size(void)
{
	static const uint64_t values[] = { 0, ~0ULL, 0x0123456789abcdef };

	for (unsigned int offset = 0; offset < 0x10000; offset++)
		for (unsigned int size = 1; size <= 8; size *= 2)
			for (unsigned int i = 0; i < 3; i++) {
				gicd_put(offset, size, values[i]);
				gicd_get(offset, size);
			}
	nothing_foreign_changed();
}

static void no_access_reaches_what_is_not_the_cells(void **state)
{
	(void)state;
	every_register_at_every_size();
}

static void extended_registers_of_a_board_without_them_are_left_alone(void **state)
{
	(void)state;
	for (unsigned int word = 0; word < 32; word++)
		assert_int_equal(alpha.irqs[IRQ_EXTENDED_WORD + word], 0);
	every_register_at_every_size();	/* the model counts a write there as wrong */
}

#define CASE(name) cmocka_unit_test_setup(name, with_extended)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(enable_pending_and_active_are_the_cells_own),
		CASE(enable_pending_and_active_of_extended_spis_too),
		CASE(group_is_read_and_never_written),
		CASE(byte_of_the_neighbours_priority_stays),
		CASE(priorities_are_written_by_byte_halfword_and_word),
		CASE(configuration_is_two_bits_an_interrupt),
		CASE(route_goes_to_a_cpu_of_the_cell),
		CASE(route_elsewhere_stays_as_it_was),
		CASE(halves_of_a_route_are_words),
		CASE(control_is_read_and_never_written),
		CASE(message_reaches_own_interrupts_only),
		CASE(software_interrupts_and_targets_of_gicv2_are_not_there),
		CASE(wrong_sizes_are_ignored),
		CASE(misaligned_accesses_are_ignored),
		CASE(no_access_reaches_what_is_not_the_cells),
		cmocka_unit_test_setup(extended_registers_of_a_board_without_them_are_left_alone, without_extended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
