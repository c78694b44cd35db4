// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include "spans.h"

static uint64_t last_of(const struct definition_range *range)
{
	return range->start + (range->size - 1);
}

void spans_add(struct spans *spans, struct definition_range range)
{
	struct definition_range *items = spans->items;

	if (!range.size)
		return;
	if (spans->count == spans->room) {
		items = realloc(items, (2 * spans->room + 16) * sizeof(*items));
		if (!items) {
			spans->no_memory = true;
			return;
		}
		spans->items = items;
		spans->room = 2 * spans->room + 16;
	}
	items[spans->count++] = range;
}

void spans_remove(struct spans *spans, struct definition_range range)
{
	size_t count = spans->count;

	for (size_t i = 0; range.size && i < count; i++) {
		struct definition_range own = spans->items[i];

		if (!own.size || last_of(&own) < range.start || own.start > last_of(&range))
			continue;
		/* What is left in front stays here, what is left behind is a new one. */
		spans->items[i].size = own.start < range.start ? range.start - own.start : 0;
		if (last_of(&own) > last_of(&range))
			spans_add(spans,
				  (struct definition_range){ last_of(&range) + 1, last_of(&own) - last_of(&range) });
	}
}

void spans_remove_all(struct spans *spans, const struct spans *others)
{
	for (size_t i = 0; i < others->count; i++)
		spans_remove(spans, others->items[i]);
}

static int by_start(const void *a, const void *b)
{
	const struct definition_range *left = a, *right = b;

	return (left->start > right->start) - (left->start < right->start);
}

void spans_settle(struct spans *spans)
{
	size_t used = 0;

	if (spans->count)
		qsort(spans->items, spans->count, sizeof(*spans->items), by_start);
	for (size_t i = 0; i < spans->count; i++) {
		struct definition_range item = spans->items[i];
		struct definition_range *before = used ? &spans->items[used - 1] : NULL;

		if (!item.size)
			continue;
		if (!before || (item.start > last_of(before) && item.start - last_of(before) > 1))
			spans->items[used++] = item;
		else if (last_of(&item) > last_of(before))
			before->size = last_of(&item) - before->start + 1;
	}
	spans->count = used;
}

void spans_free(struct spans *spans)
{
	free(spans->items);
	*spans = (struct spans){ 0 };
}
