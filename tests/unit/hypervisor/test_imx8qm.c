// SPDX-License-Identifier: MIT
/*
 * The map of the i.MX8QM as its vendor's device tree has it, and the shipped definition on it: CPUs 0 to 3 are Cortex-A53 with
 * affinity 0.0 to 0.3, CPUs 4 and 5 Cortex-A72 with 1.0 and 1.1; GICR is 0xc0000 bytes at 0x51b00000, one frame of 128 KiB a CPU.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>
#include <hv/gic.h>
#include <hv/vgic.h>

#define GICD	   0x51a00000ULL
#define GICR	   0x51b00000ULL
#define GICR_BYTES 0xc0000ULL
#define FRAME	   0x20000ULL
#define MPIDR_RES1 (1ULL << 31)
#define CPUS	   6

static const uint64_t affinity[CPUS] = { 0, 1, 2, 3, 0x100, 0x101 };
static unsigned int stray;
static struct jh_reason reason;

/* GICR_TYPER: affinity in 63:32, processor number in 23:8, bit 4 in the last frame. */
uint64_t mmio_read64(uint64_t address)
{
	uint64_t n = (address - GICR) / FRAME;

	if (address < GICR || n >= CPUS || (address - GICR) % FRAME != GICR_TYPER) {
		stray++;
		return ~0ULL;
	}
	return affinity[n] << 32 | n << 8 | (n == CPUS - 1 ? 1 << 4 : 0);
}

static void both_clusters_find_their_frames(void **state)
{
	(void)state;
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		assert_int_equal(redistributor_of(GICR, GICR_BYTES, FRAME, MPIDR_RES1 | affinity[cpu]),
				 GICR + cpu * FRAME);
	assert_int_equal(stray, 0);
}

static void cpu_that_the_chip_does_not_have_finds_none(void **state)
{
	static const uint64_t absent[] = { 4, 0x102, 0x200, 0x10000, 1ULL << 32 };

	(void)state;
	for (unsigned int i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		assert_int_equal(redistributor_of(GICR, GICR_BYTES, FRAME, MPIDR_RES1 | absent[i]), 0);
	assert_int_equal(stray, 0);
}

/* The binaries that jailhouse-config makes of the board's definitions. */
static const struct jh_system_desc *compiled(const char *file, size_t *size)
{
	static _Alignas(8) uint8_t blob[8192];
	FILE *stream = fopen(file, "rb");

	assert_non_null(stream);
	*size = fread(blob, 1, sizeof(blob), stream);
	fclose(stream);
	assert_in_range(*size, sizeof(struct jh_system_desc), sizeof(blob) - 1);
	return (const struct jh_system_desc *)blob;
}

static void shipped_definition_is_of_this_map(void **state)
{
	size_t size;
	const struct jh_system_desc *system = compiled(IMX8QM "/system.cell", &size);

	(void)state;
	assert_int_equal(check_system_desc(system, size, &reason), 0);
	assert_int_equal(system->arm.gicd_base, GICD);
	assert_int_equal(system->arm.gicr_base, GICR);
	assert_int_equal(system->arm.maintenance_irq, 25);
	assert_int_equal(config_cpus(&system->root_cell), (1 << CPUS) - 1);
	assert_int_equal(system->debug_console.type, JH_CON_TYPE_IMX_LPUART);
	assert_int_equal(system->root_cell.num_stream_ids, 0);
}

static void published_definition_is_refused_for_its_stream_ids(void **state)
{
	size_t size;
	const struct jh_system_desc *system = compiled(IMX8QM "/published.cell", &size);

	(void)state;
	assert_int_not_equal(check_system_desc(system, size, &reason), 0);
	assert_string_equal(reason.code, "stream-ids-not-supported");
}

/* Root's devices reach over both; the hypervisor takes them out of its stage 2, see test_audit. */
static void memory_of_cells_touches_neither_hypervisor_nor_interrupt_controller(void **state)
{
	size_t size;
	const struct jh_system_desc *system = compiled(IMX8QM "/system.cell", &size);
	const struct jh_memory *hv = &system->hypervisor_memory;

	(void)state;
	for (unsigned int i = 0; i < system->root_cell.num_memory_regions; i++) {
		struct jh_memory m = config_memory(&system->root_cell, i);

		if (m.flags & JH_MEM_IO)
			continue;
		assert_true(m.phys_start + m.size <= hv->phys_start || m.phys_start >= hv->phys_start + hv->size);
		assert_true(m.phys_start + m.size <= GICD || m.phys_start >= GICR + GICR_BYTES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_clusters_find_their_frames),
		cmocka_unit_test(cpu_that_the_chip_does_not_have_finds_none),
		cmocka_unit_test(shipped_definition_is_of_this_map),
		cmocka_unit_test(published_definition_is_refused_for_its_stream_ids),
		cmocka_unit_test(memory_of_cells_touches_neither_hypervisor_nor_interrupt_controller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
