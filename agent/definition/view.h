/* SPDX-License-Identifier: MIT */
/* A binary, looked at: every count has been held against its size. The bytes stay the caller's. */
#ifndef DEFINITION_VIEW_H
#define DEFINITION_VIEW_H

#include <jailhouse/config.h>
#include "definition.h"

struct view {
	bool is_system;
	struct jh_system_desc system; /* zero but in a system; without the root cell */
	struct jh_cell_desc cell; /* of the root cell in a system */
	const uint8_t *cpus, *memory, *caches, *irqchips, *pio, *devices, *capabilities, *streams;
	size_t size; /* that it uses */
};

/* Either kind. -EINVAL: not such a binary, or cut. */
int view_open(struct view *view, const void *blob, size_t size);
/* A cell without its head being looked at: the root cell has none. */
int view_open_cell(struct view *view, const void *blob, size_t size);

struct jh_memory view_memory(const struct view *view, uint32_t index);
struct jh_irqchip view_irqchip(const struct view *view, uint32_t index);
struct jh_pci_device view_device(const struct view *view, uint32_t index);
uint32_t view_stream(const struct view *view, uint32_t index);
bool view_has_cpu(const struct view *view, uint32_t cpu);

#endif
