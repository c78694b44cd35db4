// SPDX-License-Identifier: MIT
/* Images against their places in the cell, when their sizes are known. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "check.h"
#include "scan.h"
#include "together.h"

static void check_image(struct compiler *compiler, const struct definition_image *image, const char *at, uint64_t size)
{
	if (size > image->limit)
		compiler_refuse(compiler, at, "image-too-large", "Enlarge the region, load it lower, or take a smaller image.",
				"Image \"%.60s\" has %" PRIu64 " bytes, and from 0x%" PRIx64
				" on its region has room for %" PRIu64 ".",
				image->name, size, image->address, image->limit);
}

struct placed_image {
	struct interval at;
	size_t index;
};

static int by_address(const void *a, const void *b)
{
	const struct placed_image *left = a, *right = b;

	if (left->at.start != right->at.start)
		return left->at.start < right->at.start ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

static void refuse_overlap(struct compiler *compiler, const struct definition_result *result, const uint64_t *sizes,
			   size_t a, size_t b)
{
	size_t later = a > b ? a : b, earlier = a > b ? b : a;
	const struct definition_image *image = &result->images[later], *other = &result->images[earlier];
	char at[128];

	snprintf(at, sizeof(at), "/images/%zu", later);
	compiler_refuse(compiler, at, "images-overlap", "Give one of them another \"address\".",
			"Image \"%.60s\" (0x%" PRIx64 ", %" PRIu64 " bytes) overwrites a part of \"%.60s\" (0x%" PRIx64
			", %" PRIu64 " bytes).",
			image->name, image->address, sizes[later], other->name, other->address, sizes[earlier]);
}

/* In the order of their addresses each is held against the one before it that reaches farthest. */
static void check_image_overlaps(struct compiler *compiler, const struct definition_result *result,
				 const uint64_t *sizes)
{
	struct placed_image *sorted = calloc(result->num_images + 1, sizeof(*sorted));
	const struct placed_image *farthest = sorted;
	size_t count = 0;

	for (size_t i = 0; sorted && i < result->num_images; i++)
		if (sizes[i] && sizes[i] - 1 <= UINT64_MAX - result->images[i].address)
			sorted[count++] = (struct placed_image){ interval_of(result->images[i].address, sizes[i]), i };
	if (sorted)
		qsort(sorted, count, sizeof(*sorted), by_address);
	for (size_t i = 1; i < count; i++) {
		if (sorted[i].at.start <= farthest->at.last)
			refuse_overlap(compiler, result, sizes, farthest->index, sorted[i].index);
		if (sorted[i].at.last > farthest->at.last)
			farthest = &sorted[i];
	}
	compiler->no_memory |= !sorted;
	free(sorted);
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
