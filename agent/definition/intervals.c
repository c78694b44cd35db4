// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "intervals.h"

static int by_start(const void *a, const void *b)
{
	const struct interval *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

void intervals_sort(struct intervals *set)
{
	size_t kept = 0;

	if (!set->count)
		return;
	qsort(set->items, set->count, sizeof(*set->items), by_start);
	for (size_t i = 1; i < set->count; i++) {
		struct interval *last = &set->items[kept];

		if (last->last == UINT64_MAX || set->items[i].start <= last->last + 1)
			last->last = set->items[i].last > last->last ? set->items[i].last : last->last;
		else
			set->items[++kept] = set->items[i];
	}
	set->count = kept + 1;
}

/* The first one that ends at or behind the address; set->count = none. */
static size_t first_behind(const struct intervals *set, uint64_t address)
{
	size_t low = 0, high = set->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (set->items[middle].last < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool intervals_cover(const struct intervals *set, struct interval wanted, struct interval *missing)
{
	size_t i = first_behind(set, wanted.start);

	*missing = wanted;
	if (i < set->count && set->items[i].start <= wanted.start) {
		if (set->items[i].last >= wanted.last)
			return true;
		missing->start = set->items[i++].last + 1;
	}
	if (i < set->count && set->items[i].start <= wanted.last)
		missing->last = set->items[i].start - 1;
	return false;
}

bool intervals_meet(const struct intervals *set, struct interval wanted, struct interval *where)
{
	size_t i = first_behind(set, wanted.start);

	if (i == set->count || set->items[i].start > wanted.last)
		return false;
	where->start = set->items[i].start > wanted.start ? set->items[i].start : wanted.start;
	where->last = set->items[i].last < wanted.last ? set->items[i].last : wanted.last;
	return true;
}
