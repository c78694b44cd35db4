// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "check_fixture.h"

static uint8_t root_buffer[4096];
uint8_t check_bytes[16384];
uint32_t check_root_irqs[IRQ_WORDS];
struct jh_reason check_reason;

/* The emulated board in small: memory in two regions that touch, devices around the GIC. */
const struct cell_builder check_root = {
	.name = "root", .cpus = 0xf,
	.memory = { { 0x40000000, 0x40000000, 0x30000000, CHECK_RWX },
		    { 0x70000000, 0x70000000, 0x50000000, CHECK_RWX },
		    { 0x00000000, 0x00000000, 0x10000000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO } },
};

struct cell_builder check_good_cell(void)
{
	return (struct cell_builder){
		.name = "good", .id = 1, .cpus = 0x8,
		.memory = { { 0x80000000, 0, 0x100000, CHECK_RWX | JH_MEM_LOADABLE },
			    { 0, 0x80000000, 0x1000, JH_MEM_READ | JH_MEM_WRITE | JH_MEM_COMM_REGION } },
		.irqchips = { { CHECK_GICD, 0, 192, { 0x00300000, 0, 0, 0 } } },
	};
}

struct check_system check_system_now(void)
{
	return (struct check_system){
		.root = cell_build(&check_root, root_buffer, sizeof(root_buffer)),
		.root_cpus = 0xf,
		.root_irqs = check_root_irqs,
		.hypervisor = { 0x7fc00000, 0x400000, "the hypervisor" },
		.trapped = { { CHECK_GICD, 0x10000, "the interrupt distributor" },
			     { 0x080a0000, 0x80000, "the interrupt redistributors" } },
		.gicd_base = CHECK_GICD,
		.caller_cpu = 0,
	};
}

int check_setup(void **state)
{
	(void)state;
	memset(&check_reason, 0, sizeof(check_reason));
	memset(check_root_irqs, 0xff, sizeof(check_root_irqs));
	check_root_irqs[0] = 0;
	return 0;
}

int check_cell(const struct cell_builder *builder)
{
	const struct check_system system = check_system_now();
	const struct jh_cell_desc *cell = cell_build(builder, check_bytes, sizeof(check_bytes));
	int err = check_cell_file(cell, &check_reason);

	return err ? err : check_cell_claims(cell, &system, &check_reason);
}

void check_refused(const struct cell_builder *builder, int error, const char *code)
{
	assert_int_equal(check_cell(builder), -error);
	assert_string_equal(check_reason.code, code);
	assert_int_equal(check_reason.error, -error);
	assert_int_equal(check_reason.sequence % 2, 0);
	assert_true(check_reason.sequence > 0);
	assert_int_equal(check_reason.text[strlen(check_reason.text) - 1], '.');
}
