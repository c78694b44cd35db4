/* SPDX-License-Identifier: MIT */
/* Definitions beside each other, and files of either kind. Part of the library without I/O: definition.h says the rules. */
#ifndef DEFINITION_TOGETHER_H
#define DEFINITION_TOGETHER_H

#include "definition.h"

struct definition_words {
	const char *text;
	size_t length;
	bool from_binary; /* so that it names no images: they are not compared */
};

/*
 * The JSON of a definition that is JSON or a binary; free() *text. -EINVAL: a binary that cannot be read, *problems say why. Positions of
 * later problems are those in *text.
 */
int definition_text(const void *data, size_t size, char **text, size_t *length, bool *was_binary,
		    struct definition_problems *problems);
/* It has a "root": what is asked before it is compiled as one of the two. Also of broken JSON. */
bool definition_is_system(const char *text, size_t length);

/* Where a JSON pointer leads in a text, for one that is about the field's name or its value; false when it is no JSON. */
bool definition_locate(struct definition_words words, const char *pointer, bool name, unsigned *line, unsigned *column,
		       unsigned *length);

/*
 * Whether two cells can run at the same time: one is created beside the other, in this order or the other one. Nothing of the moment
 * counts: no created cell, no kept place. *never: they cannot, whatever else is stopped; *problems say what is in the way of the second.
 * -EINVAL: one of them is refused by itself.
 */
int definition_together(const struct definition_board *board, struct definition_words first,
			struct definition_words second, bool *never, struct definition_problems *problems);

/* Images against their places, when their sizes are known (0: unknown), in the order of result->images. *problems receives what is wrong. */
int definition_check_images(struct definition_words words, const struct definition_result *result,
			    const uint64_t *sizes, struct definition_problems *problems);

#endif
