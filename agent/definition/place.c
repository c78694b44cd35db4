// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <jailhouse/config.h>
#include "place.h"

/* What is in the way, sorted by address. */
struct obstacles {
	struct definition_range *items;
	size_t count;
};

static void add(struct obstacles *obstacles, uint64_t start, uint64_t size)
{
	if (size)
		obstacles->items[obstacles->count++] = (struct definition_range){ start, size };
}

static void add_regions(struct obstacles *obstacles, const struct definition_region *regions, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!(regions[i].flags & JH_MEM_COMM_REGION))
			add(obstacles, regions[i].physical, regions[i].size);
}

/* Its own regions, but for the automatic ones from `index` on: they have no place yet. */
static void add_own(struct obstacles *obstacles, const struct definition_result *result, size_t index)
{
	for (size_t i = 0; i < result->num_regions; i++)
		if (i < index || !result->regions[i].automatic)
			add_regions(obstacles, &result->regions[i], 1);
}

static int by_start(const void *a, const void *b)
{
	const struct definition_range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

static int collect(const struct definition_board *board, const struct definition_result *result, size_t index,
		   bool with_reserved, struct obstacles *obstacles)
{
	size_t count = result->num_regions + board->num_reserved + 1;

	for (size_t i = 0; i < board->num_neighbours; i++)
		count += board->neighbours[i].num_regions;
	*obstacles = (struct obstacles){ .items = calloc(count, sizeof(*obstacles->items)) };
	if (!obstacles->items)
		return -ENOMEM;
	for (size_t i = 0; i < board->num_neighbours; i++)
		add_regions(obstacles, board->neighbours[i].regions, board->neighbours[i].num_regions);
	add_own(obstacles, result, index);
	for (size_t i = 0; with_reserved && i < board->num_reserved; i++)
		add(obstacles, board->reserved[i].start, board->reserved[i].size);
	qsort(obstacles->items, obstacles->count, sizeof(*obstacles->items), by_start);
	return 0;
}

static uint64_t first_block(const struct definition_range *pool)
{
	return (pool->start + PLACE_ALIGN - 1) & ~(uint64_t)(PLACE_ALIGN - 1);
}

/* The next gap of the pool from *at on; *at moves behind it. False at the end. */
static bool gap_next(const struct obstacles *obstacles, const struct definition_range *pool, uint64_t *at,
		     struct definition_range *gap)
{
	uint64_t end = pool->start + pool->size;

	for (size_t i = 0; i < obstacles->count; i++) {
		const struct definition_range *item = &obstacles->items[i];
		/* A range that ends at 2^64 wraps to 0, and an unaligned one takes its whole block. */
		uint64_t behind = (item->start + (item->size - 1)) | (PLACE_ALIGN - 1);

		if (behind < *at)
			continue;
		if (item->start > *at && *at < end) {
			*gap = (struct definition_range){ *at, (item->start < end ? item->start : end) - *at };
			*at = behind + 1 ? behind + 1 : UINT64_MAX;
			return true;
		}
		*at = behind + 1 ? behind + 1 : UINT64_MAX;
	}
	if (*at >= end)
		return false;
	*gap = (struct definition_range){ *at, end - *at };
	*at = end;
	return true;
}

static bool first_fit(const struct obstacles *obstacles, const struct definition_range *pool, uint64_t size,
		      uint64_t *start)
{
	uint64_t at = first_block(pool);
	struct definition_range gap;

	while (gap_next(obstacles, pool, &at, &gap))
		if (gap.size >= size) {
			*start = gap.start;
			return true;
		}
	return false;
}

/* The same place as before, when nobody has it now. */
static bool again(const struct obstacles *obstacles, const struct definition_range *pool, uint64_t earlier,
		  uint64_t size, uint64_t *start)
{
	uint64_t at = first_block(pool);
	struct definition_range gap;

	while (gap_next(obstacles, pool, &at, &gap))
		if (earlier >= gap.start && earlier - gap.start < gap.size &&
		    size <= gap.size - (earlier - gap.start)) {
			*start = earlier;
			return earlier % PLACE_ALIGN == 0;
		}
	return false;
}

static void measure(const struct obstacles *obstacles, const struct definition_range *pool, struct place_room *room)
{
	uint64_t at = first_block(pool);
	struct definition_range gap;

	*room = (struct place_room){ 0 };
	while (gap_next(obstacles, pool, &at, &gap)) {
		room->free += gap.size;
		if (gap.size > room->largest)
			room->largest = gap.size;
	}
}

int place_choose(const struct definition_board *board, struct definition_result *result, size_t index, size_t nth,
		 struct place_room *room)
{
	struct definition_region *region = &result->regions[index];
	struct obstacles taken, avoided;
	int err = collect(board, result, index, false, &taken);
	bool found;

	if (err)
		return err;
	err = collect(board, result, index, true, &avoided);
	if (err) {
		free(taken.items);
		return err;
	}
	found = (nth < board->num_earlier &&
		 again(&taken, &board->pool, board->earlier[nth].start, region->size, &region->physical)) ||
		first_fit(&avoided, &board->pool, region->size, &region->physical) ||
		first_fit(&taken, &board->pool, region->size, &region->physical);
	if (!found)
		measure(&taken, &board->pool, room);
	free(taken.items);
	free(avoided.items);
	return found ? 0 : -ENOSPC;
}
