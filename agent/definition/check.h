/* SPDX-License-Identifier: MIT */
/* What a cell must not take: it belongs to the hypervisor, to another cell, or not even to root. */
#ifndef DEFINITION_CHECK_H
#define DEFINITION_CHECK_H

#include <jailhouse/config.h>
#include "record.h"

/* One region against the hypervisor, root and the created cells. board may be NULL in all of these. */
void check_region(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		  const struct jh_memory *region);
void check_cpu(struct compiler *compiler, const struct definition_board *board, const char *pointer, uint64_t cpu);
void check_interrupt(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		     unsigned intid);
/* Guest addresses of one cell among each other: sort and sweep. */
void check_overlaps(struct compiler *compiler, const struct definition_result *result, const char *prefix);
/* Bytes from a guest address to the end of its loadable region; 0 = not in one. */
uint64_t check_room(const struct definition_result *result, uint64_t address);

#endif
