/* SPDX-License-Identifier: MIT */
/*
 * The text of a definition, value by value: where each stands, so that every error has a line and a column, and what exactly is wrong
 * with a text that is no JSON (RFC 8259). cJSON takes what passed here, and takes it as the same values in the same order.
 */
#ifndef DEFINITION_SCAN_H
#define DEFINITION_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCAN_VALUES_MAX 100000 /* bounds what a text of 1 MiB can cost: each becomes about 100 bytes in cJSON */
#define SCAN_DEPTH_MAX	32

/* Offsets into the text; an end is behind the last byte. Node 0 is the document. */
struct scan_node {
	uint32_t start, end; /* of the value */
	uint32_t key, key_end; /* of a member's name, with its quotes; 0, 0: not a member */
	uint32_t parent, child, next; /* nodes; 0: none */
};

struct scan {
	const char *text;
	struct scan_node *nodes;
	size_t count;
};

struct scan_error {
	const char *code, *remedy;
	char text[160];
	uint32_t start, end;
};

/* 0, -EINVAL (*error), -ENOMEM. The text ends with NUL and must outlive the scan. scan_free() whatever it returned. */
int scan_text(struct scan *scan, const char *text, size_t length, struct scan_error *error);
void scan_free(struct scan *scan);

/* The node that a JSON pointer (RFC 6901) names; false and its nearest parent that is there when it is not. */
bool scan_find(const struct scan *scan, const char *pointer, uint32_t *node);

#endif
