/* SPDX-License-Identifier: MIT */
/* Definitions from files, JSON or binary. */
#ifndef CONFIG_SOURCE_H
#define CONFIG_SOURCE_H

#include <stdio.h>
#include <together.h>

struct source {
	const char *path;
	char *text; /* JSON; of a binary what it decompiles to */
	size_t length;
	bool was_binary, is_system;
	bool sound; /* nothing is wrong with it by itself */
	struct definition_result result; /* of the last source_compile() */
};

/* False when it cannot be read; the reason is on stderr, or on `out` when the file is at fault. source_close() in any case. */
bool source_open(struct source *source, const char *path, FILE *out);
/* As a system definition when it is one; *board is filled in then, and used otherwise. 0, -EINVAL (source->result.problems), -ENOMEM. */
int source_compile(struct source *source, struct definition_board *board);
void source_close(struct source *source);

static inline struct definition_words source_words(const struct source *source)
{
	return (struct definition_words){ source->text, source->length, source->was_binary };
}

#endif
