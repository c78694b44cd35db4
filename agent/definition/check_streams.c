// SPDX-License-Identifier: MIT
/* Stream ids: a DMA master is in one cell. The same id is looked for, not one that an MMU-500's mask would match, too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "words.h"

struct stream {
	uint32_t id, owner, index; /* owner 0 is the cell itself, n the neighbour n - 1 */
};

static int by_id(const void *a, const void *b)
{
	const struct stream *left = a, *right = b;

	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	if (left->owner != right->owner)
		return left->owner < right->owner ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

static void refuse(const struct subject *subject, const struct stream *own, const struct stream *other)
{
	const char *name = other->owner ? subject->board->neighbours[other->owner - 1].name : "";
	char at[128], id[48], remedy[160];

	subject_pointer(at, subject, "stream_ids", other->owner ? own->index : other->index);
	words_stream(id, sizeof(id), own->id);
	if (!other->owner) {
		compiler_refuse(subject->compiler, at, "stream-id-twice", "Name each stream id once.",
				"Stream id %s is listed twice.", id);
		return;
	}
	snprintf(remedy, sizeof(remedy), "Take the device out of one of them, or stop cell \"%s\" first.", name);
	compiler_refuse(subject->compiler, at, "stream-id-of-another-cell", remedy,
			"Stream id %s belongs to cell \"%s\".", id, name);
}

static size_t collect(const struct subject *subject, struct stream *streams)
{
	const struct definition_board *board = subject->board;
	size_t count = 0;

	for (uint32_t i = 0; i < subject->view->cell.num_stream_ids; i++)
		streams[count++] = (struct stream){ view_stream(subject->view, i), 0, i };
	for (size_t n = 0; n < board->num_neighbours; n++)
		for (size_t i = 0; i < board->neighbours[n].num_streams; i++)
			streams[count++] =
				(struct stream){ board->neighbours[n].streams[i], (uint32_t)n + 1, (uint32_t)i };
	return count;
}

void check_streams(const struct subject *subject)
{
	size_t count = subject->view->cell.num_stream_ids;
	struct stream *streams;

	if (subject->is_root || !count)
		return;
	for (size_t n = 0; n < subject->board->num_neighbours; n++)
		count += subject->board->neighbours[n].num_streams;
	streams = calloc(count, sizeof(*streams));
	if (!streams) {
		subject->compiler->no_memory = true;
		return;
	}
	count = collect(subject, streams);
	qsort(streams, count, sizeof(*streams), by_id);
	/* Of one id the cell's own comes first. */
	for (size_t i = 1; i < count; i++)
		if (streams[i].id == streams[i - 1].id && !streams[i - 1].owner)
			refuse(subject, &streams[i - 1], &streams[i]);
	free(streams);
}
