// SPDX-License-Identifier: MIT
/* A cell that asks for an emulated PL011: what it must not put there, each refused with its own code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/check.h>

#include "cell_builder.h"

#define GICD	0x08000000ULL
#define UART	0x09000000ULL
#define RW	(JH_MEM_READ | JH_MEM_WRITE)

static uint8_t buffer[4096];
static struct jh_reason reason;
static struct cell_builder builder;

static const struct check_system board = {
	.trapped = { { GICD, 0x10000, "the interrupt distributor" },
		     { 0x080a0000, 0x80000, "the interrupt redistributors" } },
	.gicd_base = GICD,
};

static int setup(void **state)
{
	(void)state;
	memset(&reason, 0, sizeof(reason));
	builder = (struct cell_builder){
		.name = "good",
		.id = 1,
		.cpus = 0x8,
		.memory = { { 0x80000000, 0, 0x100000, RW }, { 0, 0x80000000, 0x1000, RW | JH_MEM_COMM_REGION } },
		.irqchips = { { GICD, 0, 192, { 0x00300000, 0, 0, 0x80000000 } } },	/* 212, 213, 319 */
		.console = { .address = UART, .type = JH_CON_TYPE_PL011, .gate_nr = 212,
			     .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED },
	};
	return 0;
}

static int check(void)
{
	return check_console(cell_build(&builder, buffer, sizeof(buffer)), &board, &reason);
}

static void refused(const char *code)
{
	assert_int_equal(check(), -HV_EINVAL);
	assert_string_equal(reason.code, code);
	assert_int_equal(reason.text[strlen(reason.text) - 1], '.');
}

static void a_good_one_is_accepted_and_leaves_no_reason(void **state)
{
	(void)state;
	assert_int_equal(check(), 0);
	builder.console.size = 0x1000;
	builder.console.gate_nr = 0;
	assert_int_equal(check(), 0);
	builder.console.gate_nr = 319;
	assert_int_equal(check(), 0);
	assert_int_equal(reason.sequence, 0);
}

static void consoles_of_the_board_are_not_looked_at(void **state)
{
	(void)state;
	builder.console = (struct jh_console_desc){
		.address = 0x123, .type = 77, .flags = JH_CON_MMIO, .gate_nr = 5, .divider = 1
	};
	assert_int_equal(check(), 0);
}

static void other_types_and_flags_are_refused(void **state)
{
	(void)state;
	builder.console.type = JH_CON_TYPE_8250;
	refused("console-type");
	builder.console.type = JH_CON_TYPE_PL011;
	builder.console.flags = JH_CON_EMULATED;
	refused("console-type");
	builder.console.flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED | JH_CON_INVERTED_GATE;
	refused("console-type");
}

static void it_is_one_page_of_the_address_space(void **state)
{
	static const struct {
		uint64_t address;
		uint32_t size;
	} bad[] = { { UART + 4, 0 }, { UART, 0x2000 }, { 1ULL << 40, 0 }, { ~0xfffULL, 0 } };

	(void)state;
	for (unsigned int i = 0; i < 4; i++) {
		builder.console.address = bad[i].address;
		builder.console.size = bad[i].size;
		refused("console-address");
	}
	builder.console.address = (1ULL << 40) - 0x1000;
	builder.console.size = 0;
	assert_int_equal(check(), 0);
}

static void it_has_no_clock(void **state)
{
	(void)state;
	builder.console.divider = 1;
	refused("console-clock");
	builder.console.divider = 0;
	builder.console.clock_reg = 0x1000;
	refused("console-clock");
}

static void memory_of_the_cell_is_not_where_it_is(void **state)
{
	static const uint64_t inside[] = { 0, 0xff000, 0x80000000 };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		builder.console.address = inside[i];
		refused("console-overlaps-memory");
	}
	builder.console.address = 0x100000;
	assert_int_equal(check(), 0);
	/* Regions smaller than a page are emulated too. */
	builder.memory[0] = (struct jh_memory){ 0x9000010, UART + 0x10, 0x10, RW | JH_MEM_IO | JH_MEM_IO_32 };
	builder.console.address = UART;
	refused("console-overlaps-memory");
}

static void trapped_devices_are_not_where_it_is(void **state)
{
	(void)state;
	builder.console.address = GICD + 0xf000;
	refused("console-overlaps-trapped-device");
	builder.console.address = 0x080a0000;
	refused("console-overlaps-trapped-device");
}

static void its_interrupt_is_the_cells(void **state)
{
	static const uint32_t foreign[] = { 211, 214, 27, 320, 0xffffffff };

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		builder.console.gate_nr = foreign[i];
		refused("console-interrupt");
	}
	builder.console.gate_nr = 212;
	builder.irqchips[0].address = 0x1000;	/* not the board's distributor: names nothing */
	refused("console-interrupt");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_good_one_is_accepted_and_leaves_no_reason, setup),
		cmocka_unit_test_setup(consoles_of_the_board_are_not_looked_at, setup),
		cmocka_unit_test_setup(other_types_and_flags_are_refused, setup),
		cmocka_unit_test_setup(it_is_one_page_of_the_address_space, setup),
		cmocka_unit_test_setup(it_has_no_clock, setup),
		cmocka_unit_test_setup(memory_of_the_cell_is_not_where_it_is, setup),
		cmocka_unit_test_setup(trapped_devices_are_not_where_it_is, setup),
		cmocka_unit_test_setup(its_interrupt_is_the_cells, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
