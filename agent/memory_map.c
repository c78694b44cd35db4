// SPDX-License-Identifier: MIT
#include "memory_map.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t last(const struct memory_range *range)
{
	return range->start + (range->size - 1);
}

static void push(struct memory_map *map, const struct memory_range *from, uint64_t start, uint64_t end)
{
	struct memory_range *range = &map->ranges[map->count];

	if (start > end)
		return;
	*range = *from;
	range->start = start;
	range->size = end - start + 1;
	map->count++;
}

static bool alike(const struct memory_range *a, const struct memory_range *b)
{
	return last(a) + 1 == b->start && strcmp(a->kind, b->kind) == 0 && strcmp(a->owner, b->owner) == 0;
}

/* Neighbours that say the same become one. */
static void merge(struct memory_map *map)
{
	size_t kept = 0;

	for (size_t i = 1; i < map->count; i++) {
		if (alike(&map->ranges[kept], &map->ranges[i]))
			map->ranges[kept].size += map->ranges[i].size;
		else
			map->ranges[++kept] = map->ranges[i];
	}
	map->count = map->count ? kept + 1 : 0;
}

static int by_start(const void *a, const void *b)
{
	const struct memory_range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

int memory_map_paint(struct memory_map *map, uint64_t start, uint64_t size, const char *owner, const char *kind)
{
	struct memory_range over = { .start = start, .size = size, .kind = kind };
	struct memory_map painted = { 0 };

	if (!size || start > UINT64_MAX - (size - 1))
		return 0;
	snprintf(over.owner, sizeof(over.owner), "%s", owner);
	/* Every old range is cut into at most two. */
	painted.ranges = calloc(2 * map->count + 1, sizeof(*painted.ranges));
	if (!painted.ranges)
		return -ENOMEM;
	for (size_t i = 0; i < map->count; i++) {
		const struct memory_range *old = &map->ranges[i];

		if (last(old) < start || old->start > last(&over)) {
			push(&painted, old, old->start, last(old));
			continue;
		}
		if (old->start < start)
			push(&painted, old, old->start, start - 1);
		if (last(old) > last(&over))
			push(&painted, old, last(&over) + 1, last(old));
	}
	push(&painted, &over, start, last(&over));
	qsort(painted.ranges, painted.count, sizeof(*painted.ranges), by_start);
	merge(&painted);
	free(map->ranges);
	*map = painted;
	return 0;
}

int memory_map_paint_within(struct memory_map *map, uint64_t start, uint64_t size, const char *owner, const char *kind)
{
	struct memory_map before = { calloc(map->count + 1, sizeof(*before.ranges)), map->count };
	int err = before.ranges ? 0 : -ENOMEM;

	if (before.ranges && map->count)
		memcpy(before.ranges, map->ranges, map->count * sizeof(*before.ranges));
	for (size_t i = 0; !err && size && i < before.count; i++) {
		uint64_t from = before.ranges[i].start, to = last(&before.ranges[i]);

		from = from > start ? from : start;
		to = to < start + (size - 1) ? to : start + (size - 1);
		if (from <= to)
			err = memory_map_paint(map, from, to - from + 1, owner, kind);
	}
	free(before.ranges);
	return err;
}

void memory_map_free(struct memory_map *map)
{
	free(map->ranges);
	*map = (struct memory_map){ 0 };
}
