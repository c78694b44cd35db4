// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
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

static void check_image(struct compiler *compiler, const struct definition_image *image, const char *at, uint64_t size)
{
	if (size > image->limit)
		compiler_refuse(compiler, at, "image-too-large", "Enlarge the region, load it lower, or take a smaller image.",
				"Image \"%.60s\" has %" PRIu64 " bytes, and from 0x%" PRIx64
				" on its region has room for %" PRIu64 ".",
				image->name, size, image->address, image->limit);
}

/* In the order of their addresses each is held against the one before it. */
static void check_image_overlaps(struct compiler *compiler, const struct definition_result *result,
				 const uint64_t *sizes)
{
	char at[128];

	for (size_t i = 1; i < result->num_images; i++) {
		const struct definition_image *image = &result->images[i];

		for (size_t j = 0; j < i && compiler->problems->errors < 100; j++) {
			const struct definition_image *other = &result->images[j];

			if (!sizes[i] || !sizes[j] || image->address > other->address + (sizes[j] - 1) ||
			    other->address > image->address + (sizes[i] - 1))
				continue;
			snprintf(at, sizeof(at), "/images/%zu", i);
			compiler_refuse(compiler, at, "images-overlap", "Give one of them another \"address\".",
					"Image \"%.60s\" (0x%" PRIx64 ", %" PRIu64
					" bytes) overwrites the end of \"%.60s\" (0x%" PRIx64 ", %" PRIu64 " bytes).",
					image->name, image->address, sizes[i], other->name, other->address, sizes[j]);
		}
	}
}

int definition_check_images(struct definition_words words, const struct definition_result *result,
			    const uint64_t *sizes, struct definition_problems *problems)
{
	struct compiler compiler = { .problems = problems };
	struct scan_error error = { 0 };
	struct scan scan;
	char at[128];
	int err;

	*problems = (struct definition_problems){ 0 };
	for (size_t i = 0; i < result->num_images; i++) {
		snprintf(at, sizeof(at), "/images/%zu", i);
		check_image(&compiler, &result->images[i], at, sizes[i]);
	}
	check_image_overlaps(&compiler, result, sizes);
	err = problems->count ? scan_text(&scan, words.text, words.length, &error) : -EINVAL;
	if (!err)
		problems_settle(&compiler, &scan);
	if (problems->count)
		scan_free(&scan);
	return compiler.no_memory || err == -ENOMEM ? -ENOMEM : problems->errors ? -EINVAL : 0;
}
