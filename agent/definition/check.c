// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a_size && b_size && a <= b + (b_size - 1) && b <= a + (a_size - 1);
}

static void check_neighbour(struct compiler *compiler, const struct definition_neighbour *neighbour,
			    const char *pointer, const struct jh_memory *region)
{
	for (size_t i = 0; i < neighbour->num_regions; i++) {
		const struct definition_region *taken = &neighbour->regions[i];

		if ((taken->flags & JH_MEM_COMM_REGION) || (taken->flags & region->flags & JH_MEM_ROOTSHARED) ||
		    !overlap(region->phys_start, region->size, taken->physical, taken->size))
			continue;
		compiler_refuse(compiler, pointer, "memory-of-another-cell",
				"Write \"physical\": \"auto\", another address, or stop that cell.",
				"0x%" PRIx64 " + 0x%" PRIx64 " overlaps 0x%" PRIx64 " + 0x%" PRIx64 " of cell \"%s\".",
				region->phys_start, region->size, taken->physical, taken->size, neighbour->name);
	}
}

/* Root may have its memory in several pieces: each takes away from the front what it has. */
static uint64_t outside_root(const struct definition_board *board, uint64_t start, uint64_t size)
{
	bool progress = true;

	while (size && progress) {
		progress = false;
		for (size_t i = 0; i < board->num_memory && size; i++) {
			const struct definition_region *own = &board->memory[i];
			uint64_t step = own->size - (start - own->physical);

			if ((own->flags & JH_MEM_COMM_REGION) || start < own->physical ||
			    start - own->physical >= own->size)
				continue;
			step = step < size ? step : size;
			start += step;
			size -= step;
			progress = true;
		}
	}
	return size;
}

void check_cpu(struct compiler *compiler, const struct definition_board *board, const char *pointer, uint64_t cpu)
{
	for (size_t i = 0; board && cpu < 64 && i < board->num_neighbours; i++)
		if (board->neighbours[i].cpus >> cpu & 1)
			compiler_refuse(compiler, pointer, "cpu-of-another-cell",
					"Take another CPU, or stop that cell.",
					"CPU %" PRIu64 " belongs to cell \"%s\".", cpu, board->neighbours[i].name);
}

static bool has_interrupt(const uint32_t *words, unsigned intid)
{
	return words[intid / 32] >> (intid % 32) & 1;
}

void check_interrupt(struct compiler *compiler, const struct definition_board *board, const char *pointer,
		     unsigned intid)
{
	for (size_t i = 0; board && i < board->num_neighbours; i++)
		if (has_interrupt(board->neighbours[i].interrupts, intid))
			compiler_refuse(compiler, pointer, "interrupt-of-another-cell",
					"Take another interrupt, or stop that cell.",
					"Interrupt %u (SPI %u) belongs to cell \"%s\".", intid, intid - 32,
					board->neighbours[i].name);
	if (board && board->num_memory && !has_interrupt(board->interrupts, intid))
		compiler_refuse(compiler, pointer, "interrupt-not-of-root", "Take an interrupt of the root cell.",
				"Interrupt %u (SPI %u) is not one of the root cell, which gives it.", intid,
				intid - 32);
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
	else if (board->num_memory && outside_root(board, region->phys_start, region->size))
		compiler_refuse(compiler, pointer, "memory-not-of-root", "Choose memory of the root cell.",
				"0x%" PRIx64 " + 0x%" PRIx64 " is not wholly memory of the root cell, which gives it.",
				region->phys_start, region->size);
	for (size_t i = 0; i < board->num_neighbours; i++)
		check_neighbour(compiler, &board->neighbours[i], pointer, region);
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
