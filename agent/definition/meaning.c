// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "meaning.h"
#include "build.h"
#include "scan.h"
#include "words.h"

/* What is not known of the board is imagined: room for everything. */
static void board_imagine(struct definition_board *board)
{
	static const uint32_t none[DEFINITION_INTERRUPT_WORDS];

	board->pool = (struct definition_range){ 1ull << 40, 1ull << 40 };
	if (!board->gicd_base)
		board->gicd_base = 1;
	if (memcmp(board->virtual_intids, none, sizeof(none)) == 0)
		memset(&board->virtual_intids[1], 0xff, sizeof(none) - 2 * sizeof(none[0]));
	board->unchecked = true;
	/* Where created cells are does not matter, and their places would be in the way. */
	board->num_neighbours = board->num_reserved = board->num_earlier = 0;
}

/* "pl011" in a word, or without "intid". */
static bool has_automatic_intid(struct definition_words words)
{
	struct scan_error error = { 0 };
	struct scan scan;
	uint32_t console, intid;
	bool automatic;

	automatic = scan_text(&scan, words.text, words.length, &error) == 0 && scan_find(&scan, "/console", &console) &&
		    !scan_find(&scan, "/console/intid", &intid);
	scan_free(&scan);
	return automatic;
}

int meaning_read(struct meaning *meaning, struct definition_words words, const struct definition_board *board,
		 struct definition_problems *problems)
{
	struct definition_board imagined = { 0 };
	int err;

	*meaning = (struct meaning){ .is_system = definition_is_system(words.text, words.length),
				     .from_binary = words.from_binary };
	*problems = (struct definition_problems){ 0 };
	if (board)
		imagined = *board;
	board_imagine(&imagined);
	if (meaning->is_system)
		err = compile_unchecked_system(words.text, words.length, &meaning->board, &meaning->result);
	else
		err = definition_compile_cell(words.text, words.length, &imagined, &meaning->result);
	*problems = meaning->result.problems;
	meaning->result.problems = (struct definition_problems){ 0 };
	if (err)
		return err;
	meaning->automatic_intid = !meaning->is_system && has_automatic_intid(words);
	return view_open(&meaning->view, meaning->result.blob, meaning->result.size);
}

void meaning_end(struct meaning *meaning)
{
	definition_result_free(&meaning->result);
}

const char *meaning_place(const struct definition_region *region, char text[48])
{
	if (region->flags & JH_MEM_COMM_REGION)
		snprintf(text, 48, "-");
	else if (region->automatic)
		snprintf(text, 48, "auto");
	else
		snprintf(text, 48, "0x%" PRIx64, region->physical);
	return text;
}

bool meaning_has_interrupt(const struct meaning *meaning, unsigned intid)
{
	for (uint32_t i = 0; i < meaning->view.cell.num_irqchips; i++) {
		struct jh_irqchip chip = view_irqchip(&meaning->view, i);
		uint32_t pin = intid - chip.pin_base;

		if (pin < 128 && chip.pin_bitmap[pin / 32] >> (pin % 32) & 1)
			return !meaning->automatic_intid || intid != meaning->view.cell.console.gate_nr;
	}
	return false;
}

unsigned meaning_interrupt(const struct meaning *meaning, unsigned *at)
{
	while (*at < 32 * DEFINITION_INTERRUPT_WORDS)
		if (meaning_has_interrupt(meaning, (*at)++))
			return *at - 1;
	return 0;
}

static const char *word_of(const struct record *record, const char *key, uint64_t value)
{
	for (const struct field *field = record->fields; field->key; field++)
		for (const struct word *word = field->words; strcmp(field->key, key) == 0 && word && word->name; word++)
			if (word->value == value)
				return word->name;
	return "unknown";
}

void meaning_uart(const struct jh_console_desc *console, char text[160])
{
	snprintf(text, 160, "%s at physical 0x%" PRIx64, word_of(&record_console, "type", console->type),
		 console->address);
}

void meaning_console(const struct meaning *meaning, char text[160])
{
	const struct jh_console_desc *console = &meaning->view.cell.console;
	char intid[48] = "";

	if (meaning->automatic_intid)
		snprintf(intid, sizeof(intid), ", an interrupt chosen when it is created");
	else if (console->gate_nr)
		snprintf(intid, sizeof(intid), ", interrupt %" PRIu32, console->gate_nr);
	if (console->flags & JH_CON_EMULATED)
		snprintf(text, 160, "%s that the hypervisor emulates, at guest 0x%" PRIx64 "%s",
			 word_of(&record_console, "type", console->type), console->address, intid);
	else if (console->type)
		meaning_uart(console, text);
	else if (meaning->view.cell.flags & JH_CELL_VIRTUAL_CONSOLE_ACTIVE)
		snprintf(text, 160, "by hypercall");
	else
		snprintf(text, 160, "none");
}

void meaning_flags(const struct meaning *meaning, char text[160])
{
	uint32_t flags = meaning->view.cell.flags;
	size_t used = 0;

	snprintf(text, 160, "none");
	for (const struct field *field = record_cell.fields; field->key; field++)
		for (const struct word *word = field->kind == FIELD_FLAGS ? field->words : NULL; word && word->name;
		     word++)
			if (flags & word->value && used < 120)
				used += (size_t)snprintf(text + used, 160 - used, "%s%s", used ? ", " : "", word->name);
}
