/* SPDX-License-Identifier: MIT */
/* Runs of physical pages with the cell that reaches them, and where they meet. */
#ifndef HV_EXTENTS_H
#define HV_EXTENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct extent {
	uint64_t pa, size;	/* bytes; size is not 0 and pa + size does not wrap */
	uint64_t cell;
};

struct extent_list {
	struct extent *at;	/* the caller's memory */
	size_t count, max;
};

/* False when the list is full. */
bool extent_add(struct extent_list *list, uint64_t pa, uint64_t size, uint32_t cell);

/* Sorts the list and calls meet() for every two extents of different cells that overlap, the one that starts lower first. */
typedef void (*extents_meet)(void *context, const struct extent *low, const struct extent *high);
void extents_overlaps(struct extent_list *list, extents_meet meet, void *context);

/* Sum of the sizes, in 4 KiB pages. */
uint64_t extents_pages(const struct extent_list *list);

#endif
