/* SPDX-License-Identifier: MIT */
/* Builds cell configurations the way the tools lay them out, for tests to bend afterwards. */
#ifndef CELL_BUILDER_H
#define CELL_BUILDER_H

#include <stddef.h>
#include <stdint.h>
#include <jailhouse/config.h>

#define BUILDER_MAX 24

struct cell_builder {
	const char *name;
	uint32_t id, flags;
	uint64_t cpus;
	uint64_t entry;
	struct jh_memory memory[BUILDER_MAX];	/* ends at the first entry without size and flags */
	struct jh_irqchip irqchips[4];		/* ends at the first entry without an address */
	struct jh_pci_device devices[4];	/* ends at the first entry without a type */
	struct jh_console_desc console;
};

/* Writes the configuration to an odd address inside buffer: readers must not assume alignment. */
struct jh_cell_desc *cell_build(const struct cell_builder *builder, uint8_t *buffer, size_t size);

#endif
