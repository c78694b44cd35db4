/* SPDX-License-Identifier: MIT */
/* A system definition while it is made of a running board. */
#ifndef DEFINITION_CREATE_H
#define DEFINITION_CREATE_H

#include <cjson/cJSON.h>
#include "record.h"
#include "spans.h"
#include "tree.h"

struct create {
	const struct definition_machine *machine;
	struct tree tree;
	struct compiler compiler;
	cJSON *json, *root;
	struct definition_range hypervisor, pool;
	struct spans memory, devices;
	struct spans kept; /* registers that only the hypervisor touches */
};

/* Each adds its part and says what is missing. */
void create_reservations(struct create *create);
void create_gic(struct create *create);
void create_iommus(struct create *create);
void create_console(struct create *create);
void create_memory(struct create *create);

/* Outwards, to whole pages. */
struct definition_range create_pages(struct definition_range range);
void create_hex(cJSON *json, const char *key, uint64_t value);
/* As "64M" where that is exact. */
void create_size(cJSON *json, const char *key, uint64_t bytes);

#endif
