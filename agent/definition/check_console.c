// SPDX-License-Identifier: MIT
/* Consoles: one that the hypervisor emulates has rules, a real one is often somebody else's too. */
#include <inttypes.h>
#include <stdio.h>
#include "check.h"

#define UART_SIZE 0x1000u
#define UART_FLAGS (JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED)

static void check_emulated_place(const struct subject *subject, const char *at)
{
	uint64_t address = subject->view->cell.console.address;
	struct interval page = interval_of(address, UART_SIZE);

	for (size_t i = 0; i < subject->result->num_regions; i++) {
		const struct definition_region *region = &subject->result->regions[i];

		if (region->size && !subject->broken[i] &&
		    intervals_overlap(page, interval_of(region->guest, region->size)))
			compiler_refuse(subject->compiler, at, "console-overlaps-memory",
					"Leave out \"address\", or choose another.",
					"The emulated PL011 is at 0x%" PRIx64 ", where the cell has region %zu.",
					address, i);
	}
	for (size_t i = 0; i < subject->board->num_devices; i++) {
		const struct definition_device *device = &subject->board->devices[i];

		if (intervals_overlap(page, interval_of(device->start, device->size)))
			compiler_refuse(subject->compiler, at, "console-overlaps-memory",
					"Leave out \"address\", or choose another.",
					"The emulated PL011 is at 0x%" PRIx64 ", where %s is.", address, device->name);
	}
}

static void check_emulated(const struct subject *subject, const char *at)
{
	const struct jh_console_desc *console = &subject->view->cell.console;
	uint32_t intid = console->gate_nr;

	if (console->type != JH_CON_TYPE_PL011 || console->flags != UART_FLAGS || console->divider ||
	    console->clock_reg)
		compiler_refuse(
			subject->compiler, at, "not-emulated", "Write \"console\": \"pl011\".",
			"The hypervisor emulates a PL011 without a clock and with 4-byte registers, and no other UART.");
	else if (console->address % UART_SIZE || console->address > CHECK_ADDRESSES - UART_SIZE ||
		 (console->size && console->size != UART_SIZE))
		compiler_refuse(subject->compiler, at, "console-address", "Write a multiple of 0x1000 below 2^40, and no size.",
				"The emulated PL011 is to be at 0x%" PRIx64 " with size 0x%" PRIx32 "; it is one page.",
				console->address, console->size);
	else
		check_emulated_place(subject, at);
	if (intid >= 32 * DEFINITION_INTERRUPT_WORDS ||
	    (intid && !(subject->result->interrupts[intid / 32] >> (intid % 32) & 1)))
		compiler_refuse(subject->compiler, at, "console-interrupt",
				"Write \"console\": \"pl011\": an interrupt is chosen.",
				"The emulated PL011 raises interrupt %" PRIu32 ", which the cell does not have.",
				intid);
}

static bool has_physical(const struct subject *subject, uint64_t address)
{
	for (size_t i = 0; i < subject->result->num_regions; i++)
		if (subject_has_memory(subject, i) && address >= subject->result->regions[i].physical &&
		    address - subject->result->regions[i].physical < subject->result->regions[i].size)
			return true;
	return false;
}

static void check_real(const struct subject *subject, const char *at, uint64_t address)
{
	const struct definition_board *board = subject->board;

	if (!has_physical(subject, address))
		compiler_warn(subject->compiler, at, "console-outside-memory",
			      "Add a region for it with the flags read, write, io; or write \"console\": \"pl011\".",
			      "The console's UART at 0x%" PRIx64 " is in no memory region of the cell.", address);
	if (address == board->console)
		compiler_warn(subject->compiler, at, "console-shared",
			      "Write \"console\": \"pl011\": a UART of the cell's own.",
			      "The UART at 0x%" PRIx64
			      " is the one that the hypervisor prints to: lines of both will mix.",
			      address);
	for (size_t i = 0; i < board->num_neighbours; i++)
		if (board->neighbours[i].console == address)
			compiler_warn(subject->compiler, at, "console-shared",
				      "Write \"console\": \"pl011\": a UART of the cell's own.",
				      "Cell \"%s\" prints to the UART at 0x%" PRIx64 " too: lines of both will mix.",
				      board->neighbours[i].name, address);
}

void check_console(const struct subject *subject)
{
	const struct jh_console_desc *console = &subject->view->cell.console;
	char at[128];

	snprintf(at, sizeof(at), "%s/console", subject->prefix);
	if (subject_is_refused(subject, at))
		return;
	if (console->flags & JH_CON_EMULATED && subject->is_root)
		compiler_refuse(subject->compiler, at, "console-of-root", "Name the board's UART, or leave it out.",
				"The root cell cannot have an emulated console.");
	else if (console->flags & JH_CON_EMULATED)
		check_emulated(subject, at);
	else if (console->type && !subject->is_root)
		check_real(subject, at, console->address);
}
