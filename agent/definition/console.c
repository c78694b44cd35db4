// SPDX-License-Identifier: MIT
/* "console": none, the hypercall, a UART of the board, or a PL011 that the hypervisor emulates. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "build.h"
#include "check.h"

#define UART_GUEST 0x09000000u /* of the board that everybody emulates: stock kernels know it by heart */
#define UART_SIZE 0x1000u
#define GICD_SIZE 0x10000u
#define FIRST_SPI 32
#define VIRTUAL_FLAGS ((uint64_t)JH_CELL_VIRTUAL_CONSOLE_PERMITTED | JH_CELL_VIRTUAL_CONSOLE_ACTIVE)

static bool wants_emulation(const cJSON *console)
{
	return is_word(console, "pl011") || cJSON_GetObjectItemCaseSensitive(console, "emulated");
}

/* "pl011", or {"type": "pl011", "emulated": true} with what shall not be chosen automatically. */
static void compile_emulated(struct build *build, const cJSON *console, const char *at)
{
	uint8_t bytes[12] = { 0 };

	build->uart = (struct build_uart){ .wanted = true, .automatic_address = true, .automatic_intid = true };
	if (!cJSON_IsObject(console))
		return;
	record_compile(&build->compiler, &record_emulated, console, at, bytes);
	if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(console, "emulated")) ||
	    !is_word(cJSON_GetObjectItemCaseSensitive(console, "type"), "pl011"))
		compiler_refuse(&build->compiler, at, "not-emulated", "Write \"type\": \"pl011\", \"emulated\": true.",
				"The hypervisor emulates a PL011 and no other UART.");
	build->uart.automatic_address = !cJSON_GetObjectItemCaseSensitive(console, "address");
	build->uart.automatic_intid = !cJSON_GetObjectItemCaseSensitive(console, "intid");
	build->uart.address = bytes_get(bytes, 8);
	build->uart.intid = (uint32_t)bytes_get(bytes + 8, 4);
}

void console_compile(struct build *build, const cJSON *json, struct jh_cell_desc *desc)
{
	const cJSON *console = cJSON_GetObjectItemCaseSensitive(json, "console");
	char at[128];

	build_pointer(at, build, "console", -1);
	if (is_word(console, "virtual"))
		desc->flags |= VIRTUAL_FLAGS;
	else if (wants_emulation(console) && build->is_root)
		compiler_refuse(&build->compiler, at, "console-of-root", "Name the board's UART, or leave it out.",
				"The root cell cannot have an emulated console.");
	else if (wants_emulation(console))
		compile_emulated(build, console, at);
	else if (cJSON_IsString(console) && !is_word(console, "none"))
		compiler_refuse(
			&build->compiler, at, "unknown-word",
			"Write \"pl011\" for a UART that the hypervisor emulates.",
			"\"%.40s\" is no console; the words are pl011, virtual, none. A real UART is an object.",
			console->valuestring);
	else if (console && !is_word(console, "none"))
		record_compile(&build->compiler, &record_console, console, at, (uint8_t *)&desc->console);
}

static bool has(const uint32_t words[DEFINITION_INTERRUPT_WORDS], unsigned intid)
{
	return words[intid / 32] >> (intid % 32) & 1;
}

static bool is_taken(const struct build *build, unsigned intid)
{
	for (size_t i = 0; i < build->board->num_neighbours; i++)
		if (has(build->board->neighbours[i].interrupts, intid))
			return true;
	return has(build->result->interrupts, intid);
}

static bool has_virtual(const struct definition_board *board)
{
	for (unsigned word = 0; board && word < DEFINITION_INTERRUPT_WORDS; word++)
		if (board->virtual_intids[word])
			return true;
	return false;
}

static uint32_t choose_intid(struct build *build, const char *at)
{
	for (unsigned intid = FIRST_SPI; build->board && intid < 32 * DEFINITION_INTERRUPT_WORDS; intid++)
		if (has(build->board->virtual_intids, intid) && !is_taken(build, intid))
			return intid;
	compiler_refuse(
		&build->compiler, at, "no-virtual-interrupt",
		has_virtual(build->board) ?
			"Stop a cell, or give the console \"intid\": 0, which is none." :
			"Add \"virtual_intids\" to the system definition, or give the console \"intid\": 0, which is none.",
		has_virtual(build->board) ?
			"Other cells have all interrupts that the system definition sets aside for consoles." :
			"The console needs an interrupt that no wire drives, and the system definition names none.");
	return 0;
}

uint32_t console_interrupt(struct build *build)
{
	struct build_uart *uart = &build->uart;
	char at[128];

	build_pointer(at, build, "console", -1);
	if (uart->wanted && uart->automatic_intid)
		uart->intid = choose_intid(build, at);
	else if (uart->intid && (uart->intid < FIRST_SPI || uart->intid > 1019))
		compiler_refuse(&build->compiler, at, "not-an-spi", "Take one of the board's virtual_intids.",
				"INTID %" PRIu32 " is not a shared interrupt (32 to 1019).", uart->intid);
	else if (uart->intid && !build->compiler.unchecked && has_virtual(build->board) &&
		 !has(build->board->virtual_intids, uart->intid))
		compiler_refuse(&build->compiler, at, "wired-interrupt", "Take one of the board's virtual_intids.",
				"Interrupt %" PRIu32 " may be driven by a device of the board.", uart->intid);
	return uart->intid >= FIRST_SPI && uart->intid <= 1019 && !has(build->result->interrupts, uart->intid) ?
		       uart->intid :
		       0;
}

static bool overlaps(uint64_t address, uint64_t start, uint64_t size)
{
	return size && address <= start + (size - 1) && start <= address + (UART_SIZE - 1);
}

static bool is_free(const struct build *build, uint64_t address)
{
	for (size_t i = 0; i < build->result->num_regions; i++)
		if (overlaps(address, build->result->regions[i].guest, build->result->regions[i].size))
			return false;
	return !build->board || !overlaps(address, build->board->gicd_base, GICD_SIZE);
}

static int by_guest(const void *a, const void *b)
{
	const struct definition_region *left = a, *right = b;

	return (left->guest > right->guest) - (left->guest < right->guest);
}

/* The cell's memory and the interrupt controller, sorted. The caller free()s it. */
static struct definition_region *obstacles(struct build *build, size_t *count)
{
	const struct definition_result *result = build->result;
	struct definition_region *sorted = calloc(result->num_regions + 1, sizeof(*sorted));

	*count = 0;
	if (!sorted) {
		build->compiler.no_memory = true;
		return NULL;
	}
	for (size_t i = 0; i < result->num_regions; i++)
		sorted[(*count)++] = result->regions[i];
	if (build->board)
		sorted[(*count)++] =
			(struct definition_region){ .guest = build->board->gicd_base, .size = GICD_SIZE };
	qsort(sorted, *count, sizeof(*sorted), by_guest);
	return sorted;
}

static void choose_address(struct build *build, const char *at)
{
	uint64_t address = UART_GUEST, last;
	size_t count;
	struct definition_region *sorted = obstacles(build, &count);

	for (size_t i = 0; sorted && i < count; i++) {
		last = sorted[i].guest + (sorted[i].size - 1);
		if (overlaps(address, sorted[i].guest, sorted[i].size))
			address = (last | (UART_SIZE - 1)) + 1;
		if (!address)
			break;
	}
	free(sorted);
	if (!address || address > CHECK_ADDRESSES - UART_SIZE)
		compiler_refuse(&build->compiler, at, "no-console-address",
				"Make a region smaller, or give the console an \"address\" below it.",
				"The cell's memory leaves no page above 0x%x for the console.", UART_GUEST);
	build->uart.address = address;
}

void console_settle(struct build *build, struct jh_cell_desc *desc)
{
	struct build_uart *uart = &build->uart;
	char at[128];

	if (!uart->wanted)
		return;
	build_pointer(at, build, "console", -1);
	if (uart->automatic_address)
		choose_address(build, at);
	else if (uart->address % UART_SIZE || uart->address > UINT64_MAX - UART_SIZE)
		compiler_refuse(&build->compiler, at, "console-address", "Write a multiple of 0x1000.",
				"The emulated PL011 is to be at 0x%" PRIx64 ", which is no page.", uart->address);
	else if (!is_free(build, uart->address))
		compiler_refuse(
			&build->compiler, at, "console-overlaps-memory", "Leave out \"address\", or choose another.",
			"At 0x%" PRIx64 " the cell has memory or the interrupt controller, not room for a PL011.",
			uart->address);
	desc->flags |= JH_CELL_VIRTUAL_CONSOLE_PERMITTED;
	desc->console = (struct jh_console_desc){ .address = uart->address,
						  .type = JH_CON_TYPE_PL011,
						  .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED,
						  .gate_nr = uart->intid };
}

cJSON *console_decompile(const struct jh_console_desc *desc, uint32_t cell_flags, bool has_interrupt)
{
	struct jh_console_desc plain = { .address = desc->address,
					 .type = JH_CON_TYPE_PL011,
					 .flags = JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED,
					 .gate_nr = desc->gate_nr };
	uint8_t bytes[12];
	cJSON *json;

	if (memcmp(desc, &plain, sizeof(plain)) != 0 || !has_interrupt ||
	    !(cell_flags & JH_CELL_VIRTUAL_CONSOLE_PERMITTED))
		return record_decompile(&record_console, (const uint8_t *)desc);
	bytes_put(bytes, 8, desc->address);
	bytes_put(bytes + 8, 4, desc->gate_nr);
	json = record_decompile(&record_emulated, bytes);
	cJSON_AddStringToObject(json, "type", "pl011");
	cJSON_AddTrueToObject(json, "emulated");
	/* A field that is left out would be chosen again. */
	if (!desc->address)
		cJSON_AddNumberToObject(json, "address", 0);
	if (!desc->gate_nr)
		cJSON_AddNumberToObject(json, "intid", 0);
	return json;
}
