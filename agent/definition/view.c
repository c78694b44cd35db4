// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include "view.h"

/* Sums of products of 32 bits do not overflow 64. */
static const uint8_t *take(const uint8_t *blob, uint64_t *used, uint64_t count, uint64_t size)
{
	const uint8_t *at = blob + *used;

	*used += count * size;
	return at;
}

int view_open_cell(struct view *view, const void *blob, size_t size)
{
	struct jh_cell_desc *cell = &view->cell;
	uint64_t used = 0;

	if (size < sizeof(*cell))
		return -EINVAL;
	memcpy(cell, take(blob, &used, 1, sizeof(*cell)), sizeof(*cell));
	used += cell->cpu_set_size;
	used += (uint64_t)cell->num_memory_regions * sizeof(struct jh_memory);
	used += (uint64_t)cell->num_cache_regions * sizeof(struct jh_cache);
	used += (uint64_t)cell->num_irqchips * sizeof(struct jh_irqchip);
	used += (uint64_t)cell->num_pio_regions * sizeof(struct jh_pio);
	used += (uint64_t)cell->num_pci_devices * sizeof(struct jh_pci_device);
	used += (uint64_t)cell->num_pci_caps * sizeof(struct jh_pci_cap);
	used += (uint64_t)cell->num_stream_ids * sizeof(uint32_t);
	if (used > size)
		return -EINVAL;
	view->size = (size_t)used;
	used = sizeof(*cell);
	view->cpus = take(blob, &used, cell->cpu_set_size, 1);
	view->memory = take(blob, &used, cell->num_memory_regions, sizeof(struct jh_memory));
	view->caches = take(blob, &used, cell->num_cache_regions, sizeof(struct jh_cache));
	view->irqchips = take(blob, &used, cell->num_irqchips, sizeof(struct jh_irqchip));
	view->pio = take(blob, &used, cell->num_pio_regions, sizeof(struct jh_pio));
	view->devices = take(blob, &used, cell->num_pci_devices, sizeof(struct jh_pci_device));
	view->capabilities = take(blob, &used, cell->num_pci_caps, sizeof(struct jh_pci_cap));
	view->streams = take(blob, &used, cell->num_stream_ids, sizeof(uint32_t));
	return 0;
}

static bool has_head(const uint8_t *blob, size_t size, const char *signature)
{
	return size >= 8 && memcmp(blob, signature, JH_SIGNATURE_LEN) == 0 && blob[5] == JH_CONFIG_ARCH_ARM64 &&
	       blob[6] == JH_CONFIG_REVISION && blob[7] == 0;
}

int view_open(struct view *view, const void *blob, size_t size)
{
	size_t head = sizeof(view->system) - sizeof(view->system.root_cell);
	int err;

	*view = (struct view){ .is_system = has_head(blob, size, JH_SYSTEM_SIGNATURE) };
	if (!view->is_system)
		return has_head(blob, size, JH_CELL_SIGNATURE) ? view_open_cell(view, blob, size) : -EINVAL;
	if (size < head)
		return -EINVAL;
	memcpy(&view->system, blob, head);
	err = view_open_cell(view, (const uint8_t *)blob + head, size - head);
	view->size += head;
	return err;
}

struct jh_memory view_memory(const struct view *view, uint32_t index)
{
	struct jh_memory memory;

	memcpy(&memory, view->memory + (size_t)index * sizeof(memory), sizeof(memory));
	return memory;
}

struct jh_irqchip view_irqchip(const struct view *view, uint32_t index)
{
	struct jh_irqchip chip;

	memcpy(&chip, view->irqchips + (size_t)index * sizeof(chip), sizeof(chip));
	return chip;
}

struct jh_pci_device view_device(const struct view *view, uint32_t index)
{
	struct jh_pci_device device;

	memcpy(&device, view->devices + (size_t)index * sizeof(device), sizeof(device));
	return device;
}

uint32_t view_stream(const struct view *view, uint32_t index)
{
	uint32_t stream;

	memcpy(&stream, view->streams + (size_t)index * sizeof(stream), sizeof(stream));
	return stream;
}

bool view_has_cpu(const struct view *view, uint32_t cpu)
{
	return cpu / 8 < view->cell.cpu_set_size && view->cpus[cpu / 8] >> (cpu % 8) & 1;
}
