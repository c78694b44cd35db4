/* SPDX-License-Identifier: MIT */
/* Who has which memory: ranges that do not overlap, in order of their addresses. */
#ifndef AGENT_MEMORY_MAP_H
#define AGENT_MEMORY_MAP_H

#include "api.h"

struct memory_range {
	uint64_t start, size; /* bytes */
	char owner[API_NAME_LEN];
	const char *kind; /* "root", "cell", "hypervisor", "free"; constant */
};

struct memory_map {
	struct memory_range *ranges;
	size_t count;
};

/* Over whatever was there. -ENOMEM: the map is as before. */
int memory_map_paint(struct memory_map *map, uint64_t start, uint64_t size, const char *owner, const char *kind);
/* Only where the map has something already. */
int memory_map_paint_within(struct memory_map *map, uint64_t start, uint64_t size, const char *owner, const char *kind);
void memory_map_free(struct memory_map *map);

#endif
