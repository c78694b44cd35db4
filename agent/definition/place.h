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

/*
 * Chooses the address of result->regions[index], the nth automatic one. Automatic regions behind it have no
 * place yet. -ENOSPC: *room says what there is. -ENOMEM.
 */
int place_choose(const struct definition_board *board, struct definition_result *result, size_t index, size_t nth,
		 struct place_room *room);

#endif
