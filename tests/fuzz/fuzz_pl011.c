// SPDX-License-Identifier: MIT
/*
 * The emulated PL011 and its console under arbitrary accesses of a cell and arbitrary input of root. Two bytes choose what
 * happens next. Besides what the sanitizers find: no lock stays taken, the interrupt is what the registers say, the
 * counters that root reads stay within bounds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <hv/cell.h>
#include <jailhouse/hypercall.h>

#include "hv_machine.h"

#define UART 0x09000000ULL

static struct cell cell;
static struct jh_cell_desc desc;
static uint8_t *page;

static void begin(void)
{
	machine_reset();
	memset(&cell, 0, sizeof(cell));
	/* From the heap: an access outside is noticed. */
	page = calloc(1, JH_CELL_RING_OFFSET + JH_CELL_RING_SIZE);
	desc.console = (struct jh_console_desc){ .address = UART, .type = JH_CON_TYPE_PL011,
						 .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED,
						 .gate_nr = MACHINE_UART_INTID };
	cell.config = &desc;
	cell.page = (void *)page;
	cell_console_init(&cell);
}

static void require(int condition)
{
	if (!condition)
		abort();
}

static void check(bool touched)
{
	const struct console *console = &cell.console;

	require(console->lock.next == console->lock.owner && !console->ring);
	require(console_waiting(console) <= CONSOLE_INPUT_SIZE);
	require(cell.page->input_waiting == console_waiting(console));
	/* A handler that ends without touching the UART is not called again before somebody does. */
	if (!(console->uart.ris & console->uart.imsc))
		require(!machine.pending);
	else if (touched)
		require(machine.pending);
}

/* Whether the cell's UART was accessed. */
static bool act(uint8_t what, uint8_t argument)
{
	static const unsigned int offsets[] = { 0x00, 0x04, 0x18, 0x20, 0x24, 0x28, 0x2c, 0x30,
						0x34, 0x38, 0x3c, 0x40, 0x44, 0x48, 0xfe0, 0xffc };
	struct mmio mmio = { .address = UART + offsets[argument % 16],
			     .size = 1u << (argument >> 4 & 3),
			     .write = what & 1,
			     .value = (uint64_t)argument << (what & 0x18) | what };

	switch (what >> 5) {
	case 0:
		cell_console_input(&cell, 0x0102030405060708ULL * argument, what & 0xf);
		break;
	case 1:
		cell_console_break(&cell);
		break;
	case 2:
		cell_console_arm(&cell, argument);
		break;
	case 3:
		cell_console_get(&cell);
		cell_console_put(&cell, (char)argument);
		break;
	case 4:
		if (!machine_acknowledge())
			machine_end_of_interrupt();
		break;
	case 5:
		mmio.address = UART + (0x10 * argument + (what & 0x1f)) % PL011_SIZE;
		return pl011_access(&cell.console, &mmio);
	case 6:
		if (argument == 0)
			cell_console_reset(&cell);
		break;
	default:
		return pl011_access(&cell.console, &mmio);
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	begin();
	for (size_t i = 0; i + 1 < size; i += 2)
		check(act(data[i], data[i + 1]));
	free(page);
	return 0;
}
