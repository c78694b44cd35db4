// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdlib.h>
#include <string.h>
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
		if (!(regions[i].flags & JH_MEM_COMM_REGION) && !regions[i].automatic)
			add(obstacles, regions[i].physical, regions[i].size);
}

static int by_start(const void *a, const void *b)
{
	const struct definition_range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

static int collect(const struct definition_board *board, const struct definition_result *result, bool with_reserved,
		   struct obstacles *obstacles)
{
	size_t count = result->num_regions + board->num_reserved + 1;

	for (size_t i = 0; i < board->num_neighbours; i++)
		count += board->neighbours[i].num_regions;
	*obstacles = (struct obstacles){ .items = calloc(count, sizeof(*obstacles->items)) };
	if (!obstacles->items)
		return -ENOMEM;
	for (size_t i = 0; i < board->num_neighbours; i++)
		add_regions(obstacles, board->neighbours[i].regions, board->neighbours[i].num_regions);
	add_regions(obstacles, result->regions, result->num_regions);
	for (size_t i = 0; with_reserved && i < board->num_reserved; i++)
		add(obstacles, board->reserved[i].start, board->reserved[i].size);
	qsort(obstacles->items, obstacles->count, sizeof(*obstacles->items), by_start);
	return 0;
}

static void gap_add(struct place_gaps *gaps, uint64_t start, uint64_t end)
{
	if (start < end)
		gaps->items[gaps->count++] = (struct definition_range){ start, end - start };
}

/* Between the obstacles. Each gap but the last has an obstacle behind it, and each region that is placed may split one. */
static int find_gaps(const struct obstacles *obstacles, const struct definition_range *pool, size_t splits,
		     struct place_gaps *gaps)
{
	uint64_t at = (pool->start + PLACE_ALIGN - 1) & ~(uint64_t)(PLACE_ALIGN - 1), end = pool->start + pool->size;

	*gaps = (struct place_gaps){ .items = calloc(obstacles->count + splits + 1, sizeof(*gaps->items)) };
	if (!gaps->items)
		return -ENOMEM;
	for (size_t i = 0; i < obstacles->count && at < end; i++) {
		const struct definition_range *item = &obstacles->items[i];
		/* A range that ends at 2^64 wraps to 0, and an unaligned one takes its whole block. */
		uint64_t behind = (item->start + (item->size - 1)) | (PLACE_ALIGN - 1);

		if (behind < at)
			continue;
		gap_add(gaps, at, item->start < end ? item->start : end);
		at = behind + 1 ? behind + 1 : UINT64_MAX;
	}
	gap_add(gaps, at, end);
	return 0;
}

static int fill(struct place_gaps *gaps, const struct definition_board *board, const struct definition_result *result,
		bool with_reserved)
{
	struct obstacles obstacles;
	int err = collect(board, result, with_reserved, &obstacles);

	if (!err)
		err = find_gaps(&obstacles, &board->pool, result->num_regions, gaps);
	free(obstacles.items);
	return err;
}

int place_begin(struct place *place, const struct definition_board *board, const struct definition_result *result)
{
	int err;

	*place = (struct place){ .board = board };
	err = fill(&place->left, board, result, false);
	return err || !board->num_reserved ? err : fill(&place->best, board, result, true);
}

void place_end(struct place *place)
{
	free(place->left.items);
	free(place->best.items);
}

/* The last gap that begins at or before the address; gaps->count = none. */
static size_t gap_at(const struct place_gaps *gaps, uint64_t address)
{
	size_t low = 0, high = gaps->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (gaps->items[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : gaps->count;
}

/* Takes what is behind `start` out of a gap, up to `end`. One that is used up stays, empty: moving all others would cost more. */
static void cut(struct place_gaps *gaps, size_t index, uint64_t start, uint64_t end)
{
	struct definition_range *gap = &gaps->items[index];
	uint64_t gap_end = gap->start + gap->size;

	if (gap->start >= start) {
		gap->size = gap_end > end ? gap_end - end : 0;
		gap->start = gap->size ? end : gap->start;
		return;
	}
	gap->size = start - gap->start;
	if (gap_end <= end)
		return;
	memmove(gap + 2, gap + 1, (gaps->count++ - index - 1) * sizeof(*gap));
	gap[1] = (struct definition_range){ end, gap_end - end };
	if (gaps->hint > index)
		gaps->hint++;
}

/* A range is nobody's any more, with the blocks that it only begins; what of it was in no gap was not free before. */
static void carve(struct place_gaps *gaps, uint64_t start, uint64_t size)
{
	uint64_t end = (start + size + PLACE_ALIGN - 1) & ~(uint64_t)(PLACE_ALIGN - 1);
	size_t index = gap_at(gaps, start);

	for (index = index == gaps->count ? 0 : index; index < gaps->count && gaps->items[index].start < end; index++)
		if (gaps->items[index].size && gaps->items[index].start + gaps->items[index].size > start)
			cut(gaps, index, start, end);
}

static bool first_fit(struct place_gaps *gaps, uint64_t size, uint64_t *start)
{
	size_t index = size >= gaps->hint_size ? gaps->hint : 0;

	while (index < gaps->count && gaps->items[index].size < size)
		index++;
	gaps->hint = index;
	gaps->hint_size = size;
	if (index == gaps->count)
		return false;
	*start = gaps->items[index].start;
	return true;
}

/* The same place as before, when nobody has it now. */
static bool again(const struct place_gaps *gaps, uint64_t earlier, uint64_t size, uint64_t *start)
{
	size_t index = gap_at(gaps, earlier);

	if (index == gaps->count || earlier % PLACE_ALIGN)
		return false;
	if (earlier - gaps->items[index].start >= gaps->items[index].size ||
	    size > gaps->items[index].size - (earlier - gaps->items[index].start))
		return false;
	*start = earlier;
	return true;
}

static void measure(const struct place_gaps *gaps, struct place_room *room)
{
	*room = (struct place_room){ 0 };
	for (size_t i = 0; i < gaps->count; i++) {
		room->free += gaps->items[i].size;
		if (gaps->items[i].size > room->largest)
			room->largest = gaps->items[i].size;
	}
}

int place_choose(struct place *place, uint64_t size, uint64_t *physical, struct place_room *room)
{
	size_t nth = place->nth++;

	if (!(nth < place->board->num_earlier &&
	      again(&place->left, place->board->earlier[nth].start, size, physical)) &&
	    !first_fit(&place->best, size, physical) && !first_fit(&place->left, size, physical)) {
		measure(&place->left, room);
		return -ENOSPC;
	}
	carve(&place->left, *physical, size);
	carve(&place->best, *physical, size);
	return 0;
}
