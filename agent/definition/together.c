// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "record.h"
#include "scan.h"
#include "together.h"

static bool is_binary(const uint8_t *data, size_t size)
{
	return size >= JH_SIGNATURE_LEN && (memcmp(data, JH_SYSTEM_SIGNATURE, JH_SIGNATURE_LEN) == 0 ||
					    memcmp(data, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) == 0);
}

int definition_text(const void *data, size_t size, char **text, size_t *length, bool *was_binary,
		    struct definition_problems *problems)
{
	int err = 0;

	*problems = (struct definition_problems){ 0 };
	*was_binary = is_binary(data, size);
	*text = NULL;
	*length = size;
	if (*was_binary) {
		err = definition_decompile(data, size, text, problems);
		if (!err)
			*length = strlen(*text);
		return err;
	}
	*text = malloc(size + 1);
	if (!*text)
		return -ENOMEM;
	memcpy(*text, data, size);
	(*text)[size] = '\0';
	return 0;
}

bool definition_is_system(const char *text, size_t length)
{
	struct scan_error error = { 0 };
	struct scan scan;
	uint32_t node;
	bool found = false;

	/* What was read before a mistake counts too. */
	if (length <= DEFINITION_TEXT_MAX && strlen(text) == length) {
		scan_text(&scan, text, length, &error);
		found = scan.count && scan_find(&scan, "/root", &node);
		scan_free(&scan);
	}
	return found;
}

/* Compiles `second` beside `first`. 0 and *good, or -errno. */
static int try_order(const struct definition_board *board, struct definition_words first,
		     struct definition_words second, bool *good, struct definition_problems *problems)
{
	struct definition_board beside = *board;
	struct definition_neighbour neighbour = { 0 };
	struct definition_result result, other = { 0 };
	int err;

	beside.num_neighbours = beside.num_reserved = beside.num_earlier = 0;
	err = definition_compile_cell(first.text, first.length, &beside, &result);
	if (!err)
		err = definition_neighbour_read(result.blob, result.size, &neighbour);
	if (!err) {
		beside.neighbours = &neighbour;
		beside.num_neighbours = 1;
		err = definition_compile_cell(second.text, second.length, &beside, &other);
		*good = !err;
		*problems = other.problems;
		other.problems = (struct definition_problems){ 0 };
		err = err == -EINVAL ? 0 : err;
	}
	definition_result_free(&result);
	definition_result_free(&other);
	definition_neighbour_free(&neighbour);
	return err;
}

int definition_together(const struct definition_board *board, struct definition_words first,
			struct definition_words second, bool *never, struct definition_problems *problems)
{
	struct definition_problems others = { 0 };
	bool good = false;
	int err;

	*problems = (struct definition_problems){ 0 };
	err = try_order(board, first, second, &good, problems);
	/* The second one's fixed memory may be where the first one was placed, and could be placed elsewhere. */
	if (!err && !good) {
		err = try_order(board, second, first, &good, &others);
		definition_problems_free(&others);
	}
	*never = !good;
	if (err || good)
		definition_problems_free(problems);
	return err;
}
