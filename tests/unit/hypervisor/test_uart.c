// SPDX-License-Identifier: MIT
/* The debug UARTs, each over registers in memory: what is written where, and that none of them can hold EL2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <hv/arch.h>
#include <hv/cell.h>
#include <hv/uart.h>

struct hv_system hv_system;
static struct jh_system_desc system_desc;
static uint32_t registers[64];		/* 0x100 bytes: the highest register is UTS at 0xb4 */
static unsigned int relaxed, ready_after;
static unsigned int status;		/* register that becomes ready */
static uint32_t ready;

void relax(void)
{
	if (++relaxed == ready_after)
		registers[status / 4] = ready;
}

static void uart(uint16_t type)
{
	memset(registers, 0, sizeof(registers));
	relaxed = ready_after = 0;
	system_desc = (struct jh_system_desc){ .debug_console = { .address = (uintptr_t)registers,
								  .type = type,
								  .flags = JH_CON_MMIO | JH_CON_REGDIST_4 } };
	hv_system.config = &system_desc;
}

static void waits(unsigned int at, uint32_t busy, uint32_t becomes)
{
	registers[at / 4] = busy;
	status = at;
	ready = becomes;
	ready_after = 3;
}

static void pl011_waits_while_its_fifo_is_full(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_PL011);
	waits(0x18, 1u << 5, 0);
	uart_write("x", 1);
	assert_int_equal(registers[0], 'x');
	assert_int_equal(relaxed, 3);
}

static void imx_waits_until_it_is_empty(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_IMX);
	registers[0x80 / 4] = 1;
	waits(0xb4, 0, 1u << 6);
	uart_write("x", 1);
	assert_int_equal(registers[0x40 / 4], 'x');
	assert_int_equal(relaxed, 3);
}

static void imx_that_is_off_gets_nothing(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_IMX);
	registers[0x80 / 4] = 0xfffe;
	registers[0xb4 / 4] = 1u << 6;
	uart_write("x", 1);
	assert_int_equal(registers[0x40 / 4], 0);
	assert_int_equal(relaxed, 0);
}

static void lpuart_waits_for_its_data_register(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_IMX_LPUART);
	waits(0x14, 0, 1u << 23);
	uart_write("x", 1);
	assert_int_equal(registers[0x1c / 4], 'x');
	assert_int_equal(relaxed, 3);
}

static void uart_that_is_never_ready_does_not_hold_el2(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_IMX_LPUART);
	uart_write("x", 1);
	assert_int_equal(registers[0x1c / 4], 'x');
	assert_in_range(relaxed, 1000, 1000000);
}

static void bytes_above_127_stay_one_byte(void **state)
{
	(void)state;
	uart(JH_CON_TYPE_PL011);
	uart_write("\xe9", 1);
	assert_int_equal(registers[0], 0xe9);
}

static void others_are_left_alone(void **state)
{
	(void)state;
	for (uint16_t type = 0; type < 16; type++) {
		bool known = type == JH_CON_TYPE_PL011 || type == JH_CON_TYPE_IMX || type == JH_CON_TYPE_IMX_LPUART;

		uart(type);
		assert_int_equal(uart_is_driven(&system_desc.debug_console), known);
		system_desc.debug_console.flags = 0;
		assert_false(uart_is_driven(&system_desc.debug_console));
		uart_write("x", 1);
		for (unsigned int i = 0; i < 64; i++)
			assert_int_equal(registers[i], 0);
	}
}

static void nothing_is_said_before_there_is_a_configuration(void **state)
{
	(void)state;
	hv_system.config = NULL;
	uart_write("x", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pl011_waits_while_its_fifo_is_full),
		cmocka_unit_test(imx_waits_until_it_is_empty),
		cmocka_unit_test(imx_that_is_off_gets_nothing),
		cmocka_unit_test(lpuart_waits_for_its_data_register),
		cmocka_unit_test(uart_that_is_never_ready_does_not_hold_el2),
		cmocka_unit_test(bytes_above_127_stay_one_byte),
		cmocka_unit_test(others_are_left_alone),
		cmocka_unit_test(nothing_is_said_before_there_is_a_configuration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
