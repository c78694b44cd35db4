/* SPDX-License-Identifier: MIT */
/* What a definition says, right or wrong, on a known board or on none: for explaining and comparing. */
#ifndef DEFINITION_MEANING_H
#define DEFINITION_MEANING_H

#include "definition.h"
#include "together.h"
#include "view.h"

struct meaning {
	bool is_system, from_binary;
	bool automatic_intid; /* of the console: it is chosen when the cell is created */
	struct definition_result result;
	struct definition_board board; /* of a system: what it says of the board */
	struct view view; /* of result.blob */
};

/* board NULL: none is known. -EINVAL: *problems say why it means nothing. meaning_end() in any case. */
int meaning_read(struct meaning *meaning, struct definition_words words, const struct definition_board *board,
		 struct definition_problems *problems);
void meaning_end(struct meaning *meaning);

/* "auto" or the address of a region. */
const char *meaning_place(const struct definition_region *region, char text[48]);
/* Interrupts of its irqchips, by INTID; 0 ends. `*at` begins at 0. */
unsigned meaning_interrupt(const struct meaning *meaning, unsigned *at);
bool meaning_has_interrupt(const struct meaning *meaning, unsigned intid);
/* "pl011 emulated by the hypervisor at guest 0x9000000, interrupt 216", "none". */
void meaning_console(const struct meaning *meaning, char text[160]);
void meaning_uart(const struct jh_console_desc *console, char text[160]);
/* Words of the cell's flags: "passive, aarch32"; "none". */
void meaning_flags(const struct meaning *meaning, char text[160]);

#endif
