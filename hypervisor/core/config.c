// SPDX-License-Identifier: MIT
#include <hv/config.h>

#include "../lib/bits.h"
#include "../lib/string.h"

static const uint8_t *after_descriptor(const struct jh_cell_desc *cell)
{
	return (const uint8_t *)cell + sizeof(*cell);
}

static uint64_t memory_offset(const struct jh_cell_desc *cell)
{
	return cell->cpu_set_size;
}

static uint64_t irqchip_offset(const struct jh_cell_desc *cell)
{
	return memory_offset(cell) + sizeof(struct jh_memory) * (uint64_t)cell->num_memory_regions +
	       sizeof(struct jh_cache) * (uint64_t)cell->num_cache_regions;
}

static uint64_t pci_offset(const struct jh_cell_desc *cell)
{
	return irqchip_offset(cell) + sizeof(struct jh_irqchip) * (uint64_t)cell->num_irqchips +
	       sizeof(struct jh_pio) * (uint64_t)cell->num_pio_regions;
}

size_t config_size(const struct jh_cell_desc *cell)
{
	/* Counts are 32 bits wide and records small: 64 bits cannot wrap. */
	uint64_t size = sizeof(*cell) + pci_offset(cell) +
			sizeof(struct jh_pci_device) * (uint64_t)cell->num_pci_devices +
			sizeof(struct jh_pci_cap) * (uint64_t)cell->num_pci_caps +
			sizeof(uint32_t) * (uint64_t)cell->num_stream_ids;

	return size <= JH_CONFIG_MAX_SIZE ? size : 0;
}

uint64_t config_cpus(const struct jh_cell_desc *cell)
{
	uint64_t cpus = 0;

	for (unsigned int byte = 0; byte < cell->cpu_set_size && byte < HV_MAX_CPUS / 8; byte++)
		cpus |= (uint64_t)after_descriptor(cell)[byte] << (8 * byte);
	return cpus;
}

bool config_cpus_fit(const struct jh_cell_desc *cell)
{
	for (unsigned int byte = HV_MAX_CPUS / 8; byte < cell->cpu_set_size; byte++)
		if (after_descriptor(cell)[byte])
			return false;
	return true;
}

struct jh_memory config_memory(const struct jh_cell_desc *cell, unsigned int index)
{
	struct jh_memory memory;

	memcpy(&memory, after_descriptor(cell) + memory_offset(cell) + index * sizeof(memory), sizeof(memory));
	return memory;
}

struct jh_memory config_pages(const struct jh_cell_desc *cell, unsigned int index)
{
	struct jh_memory memory = config_memory(cell, index);
	uint64_t start = ALIGN_DOWN(memory.phys_start, PAGE_SIZE);

	if (memory.size)
		memory.size = ALIGN_UP(memory.phys_start + memory.size, PAGE_SIZE) - start;
	memory.phys_start = start;
	return memory;
}

struct jh_irqchip config_irqchip(const struct jh_cell_desc *cell, unsigned int index)
{
	struct jh_irqchip chip;

	memcpy(&chip, after_descriptor(cell) + irqchip_offset(cell) + index * sizeof(chip), sizeof(chip));
	return chip;
}

struct jh_pci_device config_pci_device(const struct jh_cell_desc *cell, unsigned int index)
{
	struct jh_pci_device device;

	memcpy(&device, after_descriptor(cell) + pci_offset(cell) + index * sizeof(device), sizeof(device));
	return device;
}

bool memory_is_subpage(const struct jh_memory *memory)
{
	return (memory->virt_start | memory->size) & PAGE_MASK;
}
