// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a_size && b_size && a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

static void check_taken(struct compiler *compiler, const struct definition_board *board, const char *pointer,
			const struct jh_memory *region)
{
	for (size_t i = 0; i < board->num_taken; i++) {
		const struct definition_range *taken = &board->taken[i];

		if (overlap(region->phys_start, region->size, taken->start, taken->size))
			compiler_refuse(compiler, pointer, "memory-of-another-cell",
					"Write \"physical\": \"auto\", or another address.",
					"0x%" PRIx64 " + 0x%" PRIx64 " is also memory of another cell at 0x%" PRIx64 ".",
					region->phys_start, region->size, taken->start);
	}
}

void check_region(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		  const struct jh_memory *region)
{
	if (region->size && (region->phys_start > UINT64_MAX - (region->size - 1) ||
			     region->virt_start > UINT64_MAX - (region->size - 1))) {
		compiler_refuse(compiler, pointer, "address-overflow", "Correct its address or size.",
				"0x%" PRIx64 " bytes from 0x%" PRIx64 " end beyond 2^64.", region->size,
				region->phys_start);
		return;
	}
	if (region->flags & JH_MEM_COMM_REGION) {
		if (region->size != 0x1000)
			compiler_refuse(compiler, pointer, "comm-region-size", "Write \"size\": \"4K\".",
					"The comm region has 0x%" PRIx64 " bytes, it is one page.", region->size);
		return;
	}
	if (!board)
		return;
	if (overlap(region->phys_start, region->size, board->hypervisor.start, board->hypervisor.size))
		compiler_refuse(compiler, pointer, "memory-of-the-hypervisor", "Choose another address.",
				"0x%" PRIx64 " + 0x%" PRIx64 " overlaps the hypervisor at 0x%" PRIx64 ".",
				region->phys_start, region->size, board->hypervisor.start);
	if (!(region->flags & JH_MEM_ROOTSHARED))
		check_taken(compiler, board, pointer, region);
}

struct entry {
	uint64_t start, end; /* end: last byte */
	size_t index;
};

static int by_start(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

static void sweep(struct compiler *compiler, const struct entry *entries, size_t count, const char *prefix)
{
	const struct entry *last = entries;
	char at[128];

	for (size_t i = 1; i < count; i++) {
		if (entries[i].start <= last->end) {
			snprintf(at, sizeof(at), "%s/memory/%zu", prefix, entries[i].index);
			compiler_refuse(compiler, at, "guest-memory-overlap", "Move or shorten one of them.",
					"Regions %zu and %zu overlap at guest address 0x%" PRIx64 ".", last->index,
					entries[i].index, entries[i].start);
		}
		if (entries[i].end > last->end)
			last = &entries[i];
	}
}

void check_overlaps(struct compiler *compiler, const struct definition_result *result, const char *prefix)
{
	struct entry *entries = calloc(result->num_regions + 1, sizeof(*entries));
	size_t count = 0;

	if (!entries) {
		compiler->no_memory = true;
		return;
	}
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *region = &result->regions[i];

		/* An overflow has been refused already, and would wrap here. */
		if (region->size && region->guest <= UINT64_MAX - (region->size - 1))
			entries[count++] = (struct entry){ region->guest, region->guest + (region->size - 1), i };
	}
	qsort(entries, count, sizeof(*entries), by_start);
	sweep(compiler, entries, count, prefix);
	free(entries);
}

/* The end of something that is in the way at [start, start + size), or 0. */
static uint64_t obstacle(const struct definition_board *board, const struct definition_result *result, uint64_t start,
			 uint64_t size)
{
	for (size_t i = 0; i < board->num_taken; i++) {
		if (overlap(start, size, board->taken[i].start, board->taken[i].size))
			return board->taken[i].start + board->taken[i].size;
	}
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *own = &result->regions[i];

		if (!(own->flags & JH_MEM_COMM_REGION) && overlap(start, size, own->physical, own->size))
			return own->physical + own->size;
	}
	return 0;
}

bool check_place(const struct definition_board *board, const struct definition_result *result, uint64_t size,
		 uint64_t align, uint64_t *start)
{
	uint64_t pool_end = board->pool.start + board->pool.size, at = board->pool.start, end, next;

	while (size <= board->pool.size && at >= board->pool.start && at <= pool_end - size) {
		end = obstacle(board, result, at, size);
		if (!end) {
			*start = at;
			return true;
		}
		next = (end + align - 1) & ~(align - 1);
		if (next <= at) /* wrapped */
			return false;
		at = next;
	}
	return false;
}

uint64_t check_room(const struct definition_result *result, uint64_t address)
{
	for (size_t i = 0; i < result->num_regions; i++) {
		const struct definition_region *region = &result->regions[i];

		if ((region->flags & JH_MEM_LOADABLE) && address >= region->guest &&
		    address - region->guest < region->size)
			return region->size - (address - region->guest);
	}
	return 0;
}
