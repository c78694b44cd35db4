// SPDX-License-Identifier: MIT
#include <hv/extents.h>

#include "../lib/bits.h"

bool extent_add(struct extent_list *list, uint64_t pa, uint64_t size, uint32_t cell)
{
	if (list->count == list->max)
		return false;
	list->at[list->count++] = (struct extent){ pa, size, cell };
	return true;
}

static void swap(struct extent *a, struct extent *b)
{
	struct extent old = *a;

	*a = *b;
	*b = old;
}

static void sift_down(struct extent *heap, size_t parent, size_t count)
{
	size_t child;

	for (; (child = 2 * parent + 1) < count; parent = child) {
		if (child + 1 < count && heap[child + 1].pa > heap[child].pa)
			child++;
		if (heap[parent].pa >= heap[child].pa)
			return;
		swap(&heap[parent], &heap[child]);
	}
}

/* Heapsort: in place, no recursion, and no input makes it slow. */
static void sort(struct extent *at, size_t count)
{
	for (size_t i = count / 2; i-- > 0;)
		sift_down(at, i, count);
	for (size_t end = count; end-- > 1;) {
		swap(&at[0], &at[end]);
		sift_down(at, 0, end);
	}
}

void extents_overlaps(struct extent_list *list, extents_meet meet, void *context)
{
	const struct extent *end = list->at + list->count;

	sort(list->at, list->count);
	for (const struct extent *low = list->at; low < end; low++)
		for (const struct extent *high = low + 1; high < end && high->pa < low->pa + low->size; high++)
			if (low->cell != high->cell)
				meet(context, low, high);
}

uint64_t extents_pages(const struct extent_list *list)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < list->count; i++)
		pages += list->at[i].size / PAGE_SIZE;
	return pages;
}
