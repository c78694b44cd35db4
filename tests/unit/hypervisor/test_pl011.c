// SPDX-License-Identifier: MIT
/* The emulated PL011 and the console behind it, as drivers use them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <hv/cell.h>
#include <hv/reason.h>
#include <jailhouse/hypercall.h>

#include "hv_machine.h"

#define UART	0x09000000ULL
#define DR	0x000
#define RSR	0x004
#define FR	0x018
#define IBRD	0x024
#define LCR_H	0x02c
#define CR	0x030
#define IFLS	0x034
#define IMSC	0x038
#define RIS	0x03c
#define MIS	0x040
#define ICR	0x044
#define RXFE	0x10
#define TXFF	0x20
#define RXFF	0x40
#define TXFE	0x80

static struct cell cell;
static struct jh_cell_desc desc;
static uint8_t page[JH_CELL_RING_OFFSET + JH_CELL_RING_SIZE] __attribute__((aligned(16)));

static int setup(void **state)
{
	(void)state;
	machine_reset();
	memset(&cell, 0, sizeof(cell));
	memset(page, 0, sizeof(page));
	desc.console = (struct jh_console_desc){ .address = UART, .type = JH_CON_TYPE_PL011,
						 .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED,
						 .gate_nr = MACHINE_UART_INTID };
	cell.config = &desc;
	cell.page = (void *)page;
	cell_console_init(&cell);
	return 0;
}

/* What somebody else does between two accesses of the driver. */
static void (*meanwhile)(void);

static void access_one(struct mmio *mmio)
{
	assert_true(pl011_access(&cell.console, mmio));
	if (meanwhile)
		meanwhile();
}

static uint32_t get(unsigned int offset)
{
	struct mmio mmio = { .address = UART + offset, .size = 4 };

	access_one(&mmio);
	return (uint32_t)mmio.value;
}

static void set(unsigned int offset, uint32_t value)
{
	struct mmio mmio = { .address = UART + offset, .size = 4, .write = true, .value = value };

	access_one(&mmio);
}

static void type(const char *text)
{
	for (; *text; text++)
		assert_int_equal(cell_console_input(&cell, (uint8_t)*text, 1), 1);
}

static void output_is(const char *text)
{
	assert_int_equal(cell.page->tail, strlen(text));
	assert_memory_equal(page + JH_CELL_RING_OFFSET, text, strlen(text));
}

static void a_polling_loop_prints_without_any_setup(void **state)
{
	(void)state;
	for (const char *c = "hello"; *c; c++) {
		assert_int_equal(get(FR) & (TXFF | TXFE | 8), TXFE);
		set(DR, (uint32_t)*c);
	}
	output_is("hello");
	assert_int_equal(machine.pended, 0);
}

static void hypercalls_and_the_uart_are_one_stream(void **state)
{
	(void)state;
	set(DR, 'a');
	cell_console_put(&cell, 'b');
	set(DR, 'c');
	output_is("abc");
}

static void identification_is_that_of_arms_pl011(void **state)
{
	static const uint8_t ids[] = { 0x11, 0x10, 0x24, 0x00, 0x0d, 0xf0, 0x05, 0xb1 };

	(void)state;
	for (unsigned int i = 0; i < 8; i++)
		assert_int_equal(get(0xfe0 + 4 * i), ids[i]);
}

static void registers_come_up_as_after_reset(void **state)
{
	(void)state;
	assert_int_equal(get(CR), 0x300);
	assert_int_equal(get(IFLS), 0x12);
	assert_int_equal(get(FR) & (RXFE | RXFF | TXFF | TXFE), RXFE | TXFE);
	assert_int_equal(get(IMSC) | get(RIS) | get(LCR_H) | get(DR), 0);
	assert_int_equal(get(0x100), 0);
	set(0x100, 0xffffffff);
	assert_int_equal(get(0x100), 0);
}

static void registers_keep_only_bits_that_they_have(void **state)
{
	static const struct {
		unsigned int offset;
		uint32_t bits;
	} registers[] = { { 0x020, 0xff }, { IBRD, 0xffff }, { 0x028, 0x3f }, { LCR_H, 0xff },
			  { CR, 0xff87 },  { IFLS, 0x3f },   { IMSC, 0x7ff }, { 0x048, 7 } };

	(void)state;
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
		set(registers[i].offset, 0xffffffff);
		assert_int_equal(get(registers[i].offset), registers[i].bits);
		set(registers[i].offset, 0);
		assert_int_equal(get(registers[i].offset), 0);
	}
}

static void accesses_have_one_two_or_four_bytes(void **state)
{
	struct mmio mmio = { .address = UART + CR, .write = true, .value = 0xab12 };

	(void)state;
	set(CR, 0x8001);
	mmio.size = 1;
	assert_true(pl011_access(&cell.console, &mmio));
	assert_int_equal(get(CR), 0x8002);	/* 0x12 without the bits that CR lacks; the upper byte stays */
	mmio.size = 2;
	assert_true(pl011_access(&cell.console, &mmio));
	assert_int_equal(get(CR), 0xab02);
}

static void other_accesses_are_not_the_uarts(void **state)
{
	struct mmio wide = { .address = UART, .size = 8 }, between = { .address = UART + 1, .size = 1 };

	(void)state;
	assert_false(pl011_access(&cell.console, &wide));
	assert_false(pl011_access(&cell.console, &between));
	assert_false(pl011_covers(&cell.console.uart, UART - 4));
	assert_true(pl011_covers(&cell.console.uart, UART + 1));
	assert_false(pl011_covers(&cell.console.uart, UART + 0x1000));
	assert_int_equal(cell.console.lock.next, cell.console.lock.owner);
}

static void a_cell_without_one_has_none(void **state)
{
	(void)state;
	memset(&cell.console, 0, sizeof(cell.console));
	desc.console.flags = JH_CON_MMIO | JH_CON_REGDIST_4;
	cell_console_init(&cell);
	assert_false(pl011_covers(&cell.console.uart, 0));
	assert_false(pl011_covers(&cell.console.uart, UART));
}

static void what_is_typed_can_be_polled(void **state)
{
	(void)state;
	type("ok");
	assert_int_equal(get(FR) & RXFE, 0);
	assert_int_equal(get(DR), 'o');
	assert_int_equal(cell_console_get(&cell), 'k');
	assert_int_equal(get(FR) & RXFE, RXFE);
	assert_int_equal(cell_console_get(&cell), -HV_EAGAIN);
}

static void batches_keep_their_order(void **state)
{
	(void)state;
	assert_int_equal(cell_console_input(&cell, 0x3837363534333231, 8), 8);
	assert_int_equal(cell_console_input(&cell, 0, 0), 0);
	assert_int_equal(cell_console_input(&cell, 0, 9), -HV_EINVAL);
	for (unsigned int c = '1'; c <= '8'; c++)
		assert_int_equal(get(DR), c);
}

static void a_full_queue_takes_what_fits_and_calls_root_when_it_is_half_empty(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < CONSOLE_INPUT_SIZE - 4; i += 4)
		assert_int_equal(cell_console_input(&cell, 0x61616161, 4), 4);
	assert_int_equal(cell_console_input(&cell, 0x6161616161616161, 8), 4);
	assert_int_equal(cell_console_input(&cell, 'b', 1), -HV_EAGAIN);
	assert_int_equal(cell.page->input_waiting, CONSOLE_INPUT_SIZE);
	for (unsigned int i = 0; i < CONSOLE_INPUT_SIZE / 2 - 1; i++)
		get(DR);
	assert_int_equal(machine.notified, 0);
	get(DR);
	assert_int_equal(machine.notified, 1);
	get(DR);
	assert_int_equal(machine.notified, 1);
	assert_int_equal(cell.page->input_dropped, 0);
}

static void root_can_ask_to_be_called_for_output_and_for_room(void **state)
{
	(void)state;
	set(DR, 'x');
	assert_int_equal(machine.notified, 0);
	assert_int_equal(cell_console_arm(&cell, 0), 0);
	set(DR, 'y');
	set(DR, 'z');
	assert_int_equal(machine.notified, 1);
	assert_int_equal(cell_console_arm(&cell, JH_CONSOLE_ARM_ROOM), 0);	/* there is room: nothing to wait for */
	type("a");
	get(DR);
	assert_int_equal(machine.notified, 1);
	while (cell_console_input(&cell, 'a', 1) == 1)
		;
	cell.console.refused = false;
	assert_int_equal(cell_console_arm(&cell, JH_CONSOLE_ARM_ROOM), 0);
	while (!(get(FR) & RXFE))
		get(DR);
	assert_int_equal(machine.notified, 2);
	assert_int_equal(cell_console_arm(&cell, 4), -HV_EINVAL);
}

static void start_forgets_the_queue_and_counts_it(void **state)
{
	(void)state;
	set(IMSC, 0x7ff);
	type("abc");
	cell_console_reset(&cell);
	assert_int_equal(cell.page->input_dropped, 3);
	assert_int_equal(cell.page->input_waiting, 0);
	assert_int_equal(get(FR) & RXFE, RXFE);
	assert_int_equal(get(IMSC) | get(RIS), 0);
	type("d");
	assert_int_equal(get(DR), 'd');
}

static void the_fifo_shows_sixteen_bytes_or_one(void **state)
{
	(void)state;
	type("a");
	assert_int_equal(get(FR) & RXFF, RXFF);
	set(LCR_H, 0x70);
	assert_int_equal(get(FR) & RXFF, 0);
	type("0123456789abcde");
	assert_int_equal(get(FR) & RXFF, RXFF);
}

static void receive_interrupts_follow_the_trigger_level(void **state)
{
	static const unsigned int levels[] = { 2, 4, 8, 12, 14 };

	(void)state;
	set(LCR_H, 0x70);
	for (unsigned int i = 0; i < 5; i++) {
		set(IFLS, i << 3);
		for (unsigned int n = 1; n < levels[i]; n++)
			type("x");
		assert_int_equal(get(RIS), PL011_INT_RT);
		type("x");
		assert_int_equal(get(RIS), PL011_INT_RT | PL011_INT_RX);
		get(DR);
		assert_int_equal(get(RIS), PL011_INT_RT);
		while (!(get(FR) & RXFE))
			get(DR);
		assert_int_equal(get(RIS), 0);
	}
}

static void break_arrives_as_an_error(void **state)
{
	(void)state;
	assert_int_equal(cell_console_break(&cell), 1);
	type("h");
	assert_int_equal(get(RIS) & PL011_INT_BE, PL011_INT_BE);
	assert_int_equal(get(DR), 0x400);
	assert_int_equal(get(RSR), 4);
	set(RSR, 0);
	assert_int_equal(get(RSR), 0);
	assert_int_equal(get(DR), 'h');
	assert_int_equal(cell_console_break(&cell), 1);
	assert_int_equal(cell_console_get(&cell), -HV_EAGAIN);
}

static void loopback_returns_what_is_sent(void **state)
{
	(void)state;
	set(CR, 0x381);
	set(DR, 'l');
	assert_int_equal(cell.page->tail, 0);
	assert_int_equal(get(DR), 'l');
	for (unsigned int i = 0; i < CONSOLE_INPUT_SIZE + 1; i++)
		set(DR, 'm');
	assert_int_equal(get(RIS) & PL011_INT_OE, PL011_INT_OE);
	assert_int_equal(cell.page->input_dropped, 1);
}

static void unmasking_with_the_condition_there_interrupts(void **state)
{
	(void)state;
	type("x");
	assert_false(machine.pending);
	set(IMSC, PL011_INT_RT);
	assert_true(machine.pending);
	set(IMSC, 0);
	assert_false(machine.pending);
	set(DR, 'x');
	set(IMSC, PL011_INT_TX);
	assert_true(machine.pending);
	set(ICR, PL011_INT_TX);
	assert_false(machine.pending);
}

static void a_handler_that_leaves_work_is_called_again(void **state)
{
	(void)state;
	set(LCR_H, 0x70);
	set(IMSC, PL011_INT_RT | PL011_INT_RX);
	type("ab");
	assert_true(machine_acknowledge());
	assert_int_equal(get(MIS), PL011_INT_RT);
	assert_int_equal(get(DR), 'a');
	machine_end_of_interrupt();
	assert_true(machine_acknowledge());
	assert_int_equal(get(DR), 'b');
	machine_end_of_interrupt();
	assert_false(machine.pending);
}

static void an_input_during_the_handler_is_not_lost(void **state)
{
	(void)state;
	set(IMSC, PL011_INT_RT);
	type("a");
	assert_true(machine_acknowledge());
	assert_int_equal(get(DR), 'a');
	assert_int_equal(get(MIS), 0);		/* the handler is about to leave */
	type("b");
	machine_end_of_interrupt();
	assert_true(machine_acknowledge());
}

/* Linux' amba-pl011: reads until the FIFO is empty, sends half a FIFO a round, loops at most 256 times. */
struct driver {
	char got[4096];
	unsigned int num_got, to_send, calls, idle_calls;
	uint32_t imsc;
	unsigned int pass_limit;
};

static void driver_mask(struct driver *driver, uint32_t imsc)
{
	driver->imsc = imsc;
	set(IMSC, imsc);
}

static void driver_send(struct driver *driver, unsigned int most)
{
	for (; most && driver->to_send; most--, driver->to_send--)
		set(DR, 'o');
	if (!driver->to_send)
		driver_mask(driver, driver->imsc & ~(uint32_t)PL011_INT_TX);
}

static void driver_handler(struct driver *driver)
{
	uint32_t status = get(RIS) & driver->imsc;
	unsigned int passes = driver->pass_limit;

	driver->calls++;
	driver->idle_calls += !status;
	while (status) {
		set(ICR, status & ~(uint32_t)(PL011_INT_TX | PL011_INT_RT | PL011_INT_RX));
		while ((status & (PL011_INT_RT | PL011_INT_RX)) && !(get(FR) & RXFE))
			driver->got[driver->num_got++ % sizeof(driver->got)] = (char)get(DR);
		if (status & PL011_INT_TX)
			driver_send(driver, 8);
		if (!--passes)
			break;
		status = get(RIS) & driver->imsc;
	}
}

static unsigned int typed;

static void somebody_types(void)
{
	if (random() % 4 == 0 && cell_console_input(&cell, (uint8_t)typed, 1) == 1)
		typed++;
}

static void interrupts_are_taken(struct driver *driver)
{
	while (machine_acknowledge()) {
		driver_handler(driver);
		machine_end_of_interrupt();
	}
}

static void linux_gets_every_byte_at_every_interleaving(void **state)
{
	struct driver driver = { .pass_limit = 2 };
	unsigned int sent = 0;

	(void)state;
	srandom(1);
	typed = 0;
	set(LCR_H, 0x70);
	set(CR, 0x301);
	driver_mask(&driver, PL011_INT_RT | PL011_INT_RX);
	meanwhile = somebody_types;
	for (unsigned int step = 0; step < 50000; step++) {
		somebody_types();
		if (random() % 4 == 0) {
			driver.to_send += 20;
			sent += 20;
			driver_mask(&driver, driver.imsc | PL011_INT_TX);
			driver_send(&driver, 16);	/* start_tx writes what fits before it waits */
		}
		if (random() % 2)
			interrupts_are_taken(&driver);
	}
	meanwhile = NULL;
	interrupts_are_taken(&driver);
	assert_int_equal(driver.num_got, typed);
	for (unsigned int i = driver.num_got - 1000; i != driver.num_got; i++)
		assert_int_equal(driver.got[i % sizeof(driver.got)], (char)i);
	assert_int_equal(driver.to_send, 0);
	assert_int_equal(cell.page->tail, sent);
	assert_int_equal(driver.idle_calls, 0);	/* never called for nothing */
	assert_true(driver.calls > 1000);
}

static void an_idle_line_never_interrupts(void **state)
{
	struct driver driver = { .pass_limit = 256 };

	(void)state;
	driver_mask(&driver, PL011_INT_RT | PL011_INT_RX);
	for (unsigned int i = 0; i < 100; i++) {
		get(FR);
		set(DR, 'x');		/* a console that polls */
	}
	assert_int_equal(machine.pended, 0);
}

static void without_an_interrupt_everything_else_works(void **state)
{
	(void)state;
	cell.console.uart.intid = 0;
	set(IMSC, 0x7ff);
	type("a");
	assert_int_equal(get(DR), 'a');
	assert_int_equal(machine.pended, 0);
}

static void the_ring_goes_round(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < JH_CELL_RING_SIZE + 2; i++)
		set(DR, i < JH_CELL_RING_SIZE ? 'a' : 'b');
	assert_int_equal(cell.page->tail, JH_CELL_RING_SIZE + 2);
	assert_memory_equal(page + JH_CELL_RING_OFFSET, "bba", 3);
	assert_int_equal(page[JH_CELL_RING_OFFSET + JH_CELL_RING_SIZE - 1], 'a');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_polling_loop_prints_without_any_setup, setup),
		cmocka_unit_test_setup(hypercalls_and_the_uart_are_one_stream, setup),
		cmocka_unit_test_setup(identification_is_that_of_arms_pl011, setup),
		cmocka_unit_test_setup(registers_come_up_as_after_reset, setup),
		cmocka_unit_test_setup(registers_keep_only_bits_that_they_have, setup),
		cmocka_unit_test_setup(accesses_have_one_two_or_four_bytes, setup),
		cmocka_unit_test_setup(other_accesses_are_not_the_uarts, setup),
		cmocka_unit_test_setup(a_cell_without_one_has_none, setup),
		cmocka_unit_test_setup(what_is_typed_can_be_polled, setup),
		cmocka_unit_test_setup(batches_keep_their_order, setup),
		cmocka_unit_test_setup(a_full_queue_takes_what_fits_and_calls_root_when_it_is_half_empty, setup),
		cmocka_unit_test_setup(root_can_ask_to_be_called_for_output_and_for_room, setup),
		cmocka_unit_test_setup(start_forgets_the_queue_and_counts_it, setup),
		cmocka_unit_test_setup(the_fifo_shows_sixteen_bytes_or_one, setup),
		cmocka_unit_test_setup(receive_interrupts_follow_the_trigger_level, setup),
		cmocka_unit_test_setup(break_arrives_as_an_error, setup),
		cmocka_unit_test_setup(loopback_returns_what_is_sent, setup),
		cmocka_unit_test_setup(unmasking_with_the_condition_there_interrupts, setup),
		cmocka_unit_test_setup(a_handler_that_leaves_work_is_called_again, setup),
		cmocka_unit_test_setup(an_input_during_the_handler_is_not_lost, setup),
		cmocka_unit_test_setup(linux_gets_every_byte_at_every_interleaving, setup),
		cmocka_unit_test_setup(an_idle_line_never_interrupts, setup),
		cmocka_unit_test_setup(without_an_interrupt_everything_else_works, setup),
		cmocka_unit_test_setup(the_ring_goes_round, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
