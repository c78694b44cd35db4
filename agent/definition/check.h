/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a cell although it can be written down: by itself, with what belongs to the hypervisor, to another cell, or not
 * even to root. The hypervisor refuses the same (hypervisor/core/check.c) and has the last word; here a person learns of all at once.
 */
#ifndef DEFINITION_CHECK_H
#define DEFINITION_CHECK_H

#include "intervals.h"
#include "record.h"
#include "view.h"

#define CHECK_PAGE	0x1000u
#define CHECK_BLOCK	0x200000u /* of stage 2 */
#define CHECK_ADDRESSES (1ull << 40) /* stage 2 ends there, hypervisor/include/hv/check.h */

/* As they are met; board may be NULL in all of these: nothing is checked. */
void check_region(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		  const struct jh_memory *region);
void check_cpu(struct compiler *compiler, const struct definition_board *board, const char *pointer, uint64_t cpu);
void check_interrupt(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		     unsigned intid);
/*
 * The rest, when the cell is complete: its binary is `bytes`, its lists are those of *result, which receives its links and console.
 * prefix: "" or "/root".
 */
void check_cell(struct compiler *compiler, const struct definition_board *board, struct definition_result *result,
		const char *prefix, const uint8_t *bytes, size_t size);
/* What the hypervisor keeps to itself, its console and its notification; board->cpus, once they are known, bound the redistributors. */
void board_devices(const struct jh_system_desc *system, struct definition_board *board);
/* What the system definition says beside its root cell, when *board is complete. */
void check_system(struct compiler *compiler, const struct jh_system_desc *system, const struct definition_board *board);

/* Bytes from a guest address to the end of its loadable region; 0 = not in one. */
uint64_t check_room(const struct definition_result *result, uint64_t address);

/* One cell while check_cell() looks at it; for the files check_*.c. */
struct subject {
	struct compiler *compiler;
	const struct definition_board *board;
	const struct definition_result *result;
	const struct view *view;
	const char *prefix;
	bool is_root;
	bool *broken; /* for each region: it was refused already, what else is wrong with it would only confuse */
};

void subject_pointer(char pointer[128], const struct subject *subject, const char *list, size_t index);
/* Something at or below that pointer was refused already. */
bool subject_is_refused(const struct subject *subject, const char *at);
/* Memory of its own: not the communication region, not absent, not broken. */
bool subject_has_memory(const struct subject *subject, size_t index);

/* A device that is not made of whole pages. */
bool is_subpage(uint64_t guest, uint64_t size, uint64_t flags);
void check_subpage(struct compiler *compiler, const char *pointer, const struct jh_memory *region);
void check_subpages(const struct subject *subject); /* their number */

void check_guest_memory(const struct subject *subject);
void check_claims(const struct subject *subject); /* of physical memory */
void check_devices(const struct subject *subject); /* PCI */
void check_streams(const struct subject *subject); /* who has which DMA master */
void check_links(const struct subject *subject);
void check_console(const struct subject *subject);

static inline struct interval interval_of(uint64_t start, uint64_t size)
{
	return (struct interval){ start, start + (size - 1) };
}

/* All of the pages that it touches: who has a part of a page has the page. */
static inline struct interval pages_of(uint64_t start, uint64_t size)
{
	return (struct interval){ start - start % CHECK_PAGE, (start + (size - 1)) | (CHECK_PAGE - 1) };
}

static inline bool intervals_overlap(struct interval a, struct interval b)
{
	return a.start <= b.last && b.start <= a.last;
}

#endif
