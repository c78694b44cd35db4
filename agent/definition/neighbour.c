// SPDX-License-Identifier: MIT
/* The resources of a created cell, from the binary that made it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jailhouse/config.h>
#include "definition.h"

/* 64 bits cannot overflow: counts have 32 bits and records are small. */
static uint64_t need(const struct jh_cell_desc *desc)
{
	return sizeof(*desc) + (uint64_t)desc->cpu_set_size +
	       (uint64_t)desc->num_memory_regions * sizeof(struct jh_memory) +
	       (uint64_t)desc->num_cache_regions * sizeof(struct jh_cache) +
	       (uint64_t)desc->num_irqchips * sizeof(struct jh_irqchip);
}

static void read_interrupts(struct definition_neighbour *neighbour, const uint8_t *at, uint32_t count)
{
	struct jh_irqchip chip;

	for (uint32_t i = 0; i < count; i++, at += sizeof(chip)) {
		memcpy(&chip, at, sizeof(chip));
		for (uint32_t word = 0; word < 4; word++)
			if (chip.pin_base / 32 + word < DEFINITION_INTERRUPT_WORDS)
				neighbour->interrupts[chip.pin_base / 32 + word] |= chip.pin_bitmap[word];
	}
}

static int read_regions(struct definition_neighbour *neighbour, const uint8_t *at, uint32_t count)
{
	struct jh_memory memory;

	neighbour->regions = calloc((size_t)count + 1, sizeof(*neighbour->regions));
	if (!neighbour->regions)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++, at += sizeof(memory)) {
		memcpy(&memory, at, sizeof(memory));
		neighbour->regions[i] = (struct definition_region){ .physical = memory.phys_start,
								    .guest = memory.virt_start,
								    .size = memory.size,
								    .flags = memory.flags };
	}
	neighbour->num_regions = count;
	return 0;
}

int definition_neighbour_read(const void *blob, size_t size, struct definition_neighbour *neighbour)
{
	const uint8_t *at = (const uint8_t *)blob + sizeof(struct jh_cell_desc);
	struct jh_cell_desc desc;

	memset(neighbour, 0, sizeof(*neighbour));
	if (size < sizeof(desc))
		return -EINVAL;
	memcpy(&desc, blob, sizeof(desc));
	if (memcmp(desc.signature, JH_CELL_SIGNATURE, JH_SIGNATURE_LEN) != 0 || need(&desc) > size)
		return -EINVAL;
	memcpy(neighbour->name, desc.name, sizeof(neighbour->name) - 1);
	for (uint32_t cpu = 0; cpu < 64 && cpu / 8 < desc.cpu_set_size; cpu++)
		neighbour->cpus |= (uint64_t)(at[cpu / 8] >> (cpu % 8) & 1) << cpu;
	at += desc.cpu_set_size;
	read_interrupts(neighbour,
			at + (size_t)desc.num_memory_regions * sizeof(struct jh_memory) +
				(size_t)desc.num_cache_regions * sizeof(struct jh_cache),
			desc.num_irqchips);
	return read_regions(neighbour, at, desc.num_memory_regions);
}

void definition_neighbour_free(struct definition_neighbour *neighbour)
{
	free(neighbour->regions);
	memset(neighbour, 0, sizeof(*neighbour));
}
