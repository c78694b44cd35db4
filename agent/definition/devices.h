/* SPDX-License-Identifier: MIT */
/* "devices": of the board's device tree, by name; and what else such a device hangs on. */
#ifndef DEFINITION_DEVICES_H
#define DEFINITION_DEVICES_H

#include "build.h"
#include "tree.h"

/* What a person must accept to get a device; the words are record_device's. */
enum {
	ACCEPT_SHARED_CLOCK = 1 << 0,
	ACCEPT_CLOCK = 1 << 1,
	ACCEPT_POWER_DOMAIN = 1 << 2,
	ACCEPT_RESET = 1 << 3,
	ACCEPT_PINS = 1 << 4,
	ACCEPT_SUPPLY = 1 << 5,
	ACCEPT_DMA_CONTROLLER = 1 << 6,
	ACCEPT_DMA = 1 << 7,
	ACCEPT_BUS = 1 << 8,
	ACCEPT_INTERRUPT = 1 << 9,
	ACCEPT_PAGE = 1 << 10,
	ACCEPT_NEEDED = 1 << 11,
};

struct device {
	int node; /* below 0: it has not been found */
	uint32_t accepted; /* ACCEPT_* */
	uint32_t met; /* what there was to accept */
	uint64_t flags; /* of its registers */
	char at[128]; /* JSON pointer */
	char path[TREE_PATH_MAX];
};

struct devices {
	struct tree tree; /* fdt NULL: none is known */
	struct device *items;
	size_t count;
};

/* A problem that the device's "accept" makes a warning. */
__attribute__((format(printf, 4, 5))) void device_tell(struct build *build, struct device *device, uint32_t what,
						       const char *format, ...);
/* All that is to be accepted but what its registers and interrupts tell by themselves. */
void closure_tell(struct build *build, struct device *device);
/* Whether the node is one of the cell's devices, or part of one. */
bool devices_have(const struct devices *devices, int node);

/* Before the memory. build->devices is NULL without "devices"; devices_end() in any case. */
void devices_begin(struct build *build, const cJSON *json);
void devices_end(struct build *build);
/* Each appends its records and returns how many. */
unsigned devices_memory(struct build *build);
unsigned devices_streams(struct build *build);
/* Those of a node that the board's interrupt controller has, one behind the other: 0 ends. `*index` begins at 0. */
uint32_t devices_interrupt(struct build *build, struct device *device, unsigned *index);
/* A node of the tree by its name; below 0 and told when there is none. */
int devices_find(struct build *build, const char *name, const char *at);

#endif
