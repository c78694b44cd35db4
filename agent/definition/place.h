/* SPDX-License-Identifier: MIT */
/* Where automatic regions go; docs/definitions.md has the policy. */
#ifndef DEFINITION_PLACE_H
#define DEFINITION_PLACE_H

#include "definition.h"

#define PLACE_ALIGN 0x200000u /* blocks of 2 MiB in stage 2 */

/* What is left of the pool beside created cells and this cell's own regions, in bytes. */
struct place_room {
	uint64_t free, largest;
};

/* Free pieces of the pool in the order of their addresses, made of whole blocks. */
struct place_gaps {
	struct definition_range *items;
	size_t count;
	/* No gap before `hint` has room for `hint_size` or more: regions of one size do not look at the same gaps again. */
	size_t hint;
	uint64_t hint_size;
};

struct place {
	const struct definition_board *board;
	struct place_gaps left; /* beside what is there */
	struct place_gaps best; /* beside what is reserved, too; nothing when nothing is */
	size_t nth;
};

/* Once for a cell, when its regions are known but for the places of automatic ones. -ENOMEM; place_end() in any case. */
int place_begin(struct place *place, const struct definition_board *board, const struct definition_result *result);
/* The place of the next automatic region. -ENOSPC: *room says what there is. -ENOMEM. */
int place_choose(struct place *place, uint64_t size, uint64_t *physical, struct place_room *room);
void place_end(struct place *place);

#endif
