/* SPDX-License-Identifier: MIT */
/* Where memory is, and what it must not touch. */
#ifndef DEFINITION_CHECK_H
#define DEFINITION_CHECK_H

#include <jailhouse/config.h>
#include "record.h"

/* One region against the hypervisor and the other cells. */
void check_region(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		  const struct jh_memory *region);
/* Guest addresses of one cell among each other: sort and sweep. */
void check_overlaps(struct compiler *compiler, const struct definition_result *result, const char *prefix);
/* First gap of the board's pool that neither other cells nor this one's regions so far use. */
bool check_place(const struct definition_board *board, const struct definition_result *result, uint64_t size,
		 uint64_t align, uint64_t *start);
/* Bytes from a guest address to the end of its loadable region; 0 = not in one. */
uint64_t check_room(const struct definition_result *result, uint64_t address);

#endif
