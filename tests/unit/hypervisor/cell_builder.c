// SPDX-License-Identifier: MIT
#include "cell_builder.h"

#include <assert.h>
#include <string.h>

static uint8_t *append(uint8_t *at, const void *record, size_t size)
{
	memcpy(at, record, size);
	return at + size;
}

struct jh_cell_desc *cell_build(const struct cell_builder *b, uint8_t *buffer, size_t size)
{
	struct jh_cell_desc *cell = (void *)(buffer + 1);
	uint8_t *at = buffer + 1 + sizeof(*cell);

	assert(size > 1 + sizeof(*cell) + 8 + sizeof(b->memory) + sizeof(b->irqchips) + sizeof(b->devices));
	memset(buffer, 0, size);
	memcpy(cell->signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN);
	cell->architecture = JH_CONFIG_ARCH_ARM64;
	cell->revision = JH_CONFIG_REVISION;
	strncpy(cell->name, b->name ? b->name : "", sizeof(cell->name) - 1);
	cell->id = b->id;
	cell->flags = b->flags;
	cell->cpu_reset_address = b->entry;
	cell->cpu_set_size = sizeof(b->cpus);
	cell->console = b->console;
	at = append(at, &b->cpus, sizeof(b->cpus));
	for (size_t i = 0; i < BUILDER_MAX && (b->memory[i].size || b->memory[i].flags); i++) {
		at = append(at, &b->memory[i], sizeof(b->memory[i]));
		cell->num_memory_regions++;
	}
	for (size_t i = 0; i < 4 && b->irqchips[i].address; i++) {
		at = append(at, &b->irqchips[i], sizeof(b->irqchips[i]));
		cell->num_irqchips++;
	}
	for (size_t i = 0; i < 4 && b->devices[i].type; i++) {
		at = append(at, &b->devices[i], sizeof(b->devices[i]));
		cell->num_pci_devices++;
	}
	return cell;
}
