/* SPDX-License-Identifier: MIT */
/* The binary of one definition while it is made. */
#ifndef DEFINITION_BUILD_H
#define DEFINITION_BUILD_H

#include "record.h"

struct build {
	struct compiler compiler;
	const struct definition_board *board; /* NULL: nothing is known of it */
	struct definition_result *result;
	bool is_root;
	const char *prefix; /* "" or "/root" */
	uint64_t guest_next; /* where a region without an address goes */
	uint8_t *bytes;
	size_t size;
};

/* Zeroed; NULL without memory, which is remembered. Valid until the next call. */
uint8_t *build_append(struct build *build, size_t size);
/* JSON pointer of a member of the cell, or of an element of it (index from 0; -1: the member itself). */
void build_pointer(char pointer[128], const struct build *build, const char *key, int index);
/* Elements of a list; 0 and a problem when it is none. */
int build_list_size(struct build *build, const cJSON *json, const char *key);
unsigned build_list(struct build *build, const cJSON *json, const char *key, const struct record *record);

/* Number of records that were appended. */
unsigned memory_compile(struct build *build, const cJSON *json);
unsigned interrupts_compile(struct build *build, const cJSON *json);

#endif
