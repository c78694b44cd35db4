// SPDX-License-Identifier: MIT
/* A cell's memory by itself: guest addresses that are there twice, memory that is there twice, and what it costs to map. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "words.h"

struct entry {
	struct interval at;
	size_t index;
};

static int by_start(const void *a, const void *b)
{
	const struct entry *left = a, *right = b;

	if (left->at.start != right->at.start)
		return left->at.start < right->at.start ? -1 : 1;
	return left->index < right->index ? -1 : 1;
}

/* "Region 3", or the page that every cell gets without writing it. */
static const char *name_of(char text[64], const struct subject *subject, size_t index)
{
	const struct definition_region *region = &subject->result->regions[index];

	if (region->flags & JH_MEM_COMM_REGION)
		snprintf(text, 64, "the communication region");
	else
		snprintf(text, 64, "region %zu", index);
	return text;
}

static void refuse_overlap(const struct subject *subject, const struct entry *a, const struct entry *b)
{
	/* The communication region may be nobody's words: the other one has a place in the text. */
	bool swap = subject->result->regions[b->index].flags & JH_MEM_COMM_REGION;
	size_t blamed = swap ? a->index : b->index, other = swap ? b->index : a->index;
	const struct definition_region *region = &subject->result->regions[other];
	char at[128], range[48], other_range[48], name[64];

	subject_pointer(at, subject, "memory", blamed);
	words_range(range, sizeof(range), subject->result->regions[blamed].guest,
		    subject->result->regions[blamed].size);
	words_range(other_range, sizeof(other_range), region->guest, region->size);
	compiler_refuse(
		subject->compiler, at, "guest-memory-overlap",
		swap ? "Move or shorten it, or write \"comm_region\": false if the cell does not use that page." :
		       "Give one of them another \"guest\" address, or shorten it.",
		"Region %zu is at the guest addresses %s and overlaps %s at %s.", blamed, range,
		name_of(name, subject, other), other_range);
}

static void warn_twice(const struct subject *subject, const struct entry *a, const struct entry *b)
{
	char at[128];

	subject_pointer(at, subject, "memory", b->index);
	compiler_warn(subject->compiler, at, "memory-twice", "If that is not meant, correct \"physical\" of one of them.",
		      "Regions %zu and %zu are the same memory from physical 0x%" PRIx64
		      " on: what is written through one is read through the other.",
		      a->index, b->index, b->at.start);
}

typedef void (*overlap_fn)(const struct subject *subject, const struct entry *a, const struct entry *b);

/* Each one against the one before it that reaches farthest: whoever overlaps anything before it overlaps that one. */
static void sweep(const struct subject *subject, struct entry *entries, size_t count, overlap_fn tell)
{
	const struct entry *farthest = entries;

	qsort(entries, count, sizeof(*entries), by_start);
	for (size_t i = 1; i < count; i++) {
		if (entries[i].at.start <= farthest->at.last)
			tell(subject, farthest, &entries[i]);
		if (entries[i].at.last > farthest->at.last)
			farthest = &entries[i];
	}
}

/*
 * Where a guest address and its physical one lie differently in 2 MiB, no block of stage 2 fits: a table of 4 KiB for each 2 MiB instead,
 * and an entry of the TLB for each page.
 */
static void warn_pages(const struct subject *subject, size_t index)
{
	const struct definition_region *region = &subject->result->regions[index];
	uint64_t tables = (region->size + CHECK_BLOCK - 1) / CHECK_BLOCK;
	char at[128], size[32], cost[32];

	if (region->flags & (JH_MEM_IO | JH_MEM_NO_HUGEPAGES) || region->size < 2 * CHECK_BLOCK ||
	    !((region->physical ^ region->guest) % CHECK_BLOCK))
		return;
	subject_pointer(at, subject, "memory", index);
	words_size(size, sizeof(size), region->size);
	words_size(cost, sizeof(cost), tables * CHECK_PAGE);
	compiler_warn(subject->compiler, at, "no-huge-pages",
		      "Make \"physical\" and \"guest\" multiples of 2M; flag \"no-huge-pages\" says that it is meant.",
		      "%s cannot be mapped in blocks of 2 MiB: physical 0x%" PRIx64 " and guest 0x%" PRIx64
		      " lie differently in them. It takes %" PRIu64 " pages, and %s of the hypervisor's memory for tables.",
		      size, region->physical, region->guest, region->size / CHECK_PAGE, cost);
}

static size_t collect(const struct subject *subject, struct entry *entries, bool physical)
{
	size_t count = 0;

	for (size_t i = 0; i < subject->result->num_regions; i++) {
		const struct definition_region *region = &subject->result->regions[i];

		if (!region->size || subject->broken[i] || (physical && region->flags & JH_MEM_COMM_REGION))
			continue;
		entries[count++] =
			(struct entry){ interval_of(physical ? region->physical : region->guest, region->size), i };
	}
	return count;
}

void check_guest_memory(const struct subject *subject)
{
	struct entry *entries = calloc(subject->result->num_regions + 1, sizeof(*entries));

	if (!entries) {
		subject->compiler->no_memory = true;
		return;
	}
	sweep(subject, entries, collect(subject, entries, false), refuse_overlap);
	/* Root is one to one: what is there twice has been told. */
	if (!subject->is_root)
		sweep(subject, entries, collect(subject, entries, true), warn_twice);
	for (size_t i = 0; i < subject->result->num_regions; i++)
		if (subject_has_memory(subject, i))
			warn_pages(subject, i);
	free(entries);
}
