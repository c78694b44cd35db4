// SPDX-License-Identifier: MIT
/* The resources of a created cell, from the binary that made it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "neighbour.h"

static void read_interrupts(struct definition_neighbour *neighbour, const struct view *view)
{
	for (uint32_t i = 0; i < view->cell.num_irqchips; i++) {
		struct jh_irqchip chip = view_irqchip(view, i);

		for (uint32_t word = 0; word < 4; word++)
			if ((uint64_t)chip.pin_base / 32 + word < DEFINITION_INTERRUPT_WORDS)
				neighbour->interrupts[chip.pin_base / 32 + word] |= chip.pin_bitmap[word];
	}
}

static int read_regions(struct definition_neighbour *neighbour, const struct view *view)
{
	uint32_t count = view->cell.num_memory_regions;

	neighbour->regions = calloc((size_t)count + 1, sizeof(*neighbour->regions));
	if (!neighbour->regions)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		struct jh_memory memory = view_memory(view, i);

		neighbour->regions[i] = (struct definition_region){ .physical = memory.phys_start,
								    .guest = memory.virt_start,
								    .size = memory.size,
								    .flags = memory.flags };
	}
	neighbour->num_regions = count;
	return 0;
}

static int read_streams(struct definition_neighbour *neighbour, const struct view *view)
{
	uint32_t count = view->cell.num_stream_ids;

	neighbour->streams = calloc((size_t)count + 1, sizeof(*neighbour->streams));
	if (!neighbour->streams)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		neighbour->streams[i] = view_stream(view, i);
	neighbour->num_streams = count;
	return 0;
}

/* The regions of a link: state table, common section, then one output section for each peer. */
static void read_link(const struct view *view, const struct jh_pci_device *device, struct definition_link *link)
{
	uint64_t first = device->shmem_regions_start, count = view->cell.num_memory_regions;
	struct jh_memory memory;

	*link = (struct definition_link){ .bdf = device->bdf,
					  .protocol = device->shmem_protocol,
					  .peer_id = device->shmem_dev_id,
					  .peers = device->shmem_peers };
	if (first + 2 >= count)
		return;
	memory = view_memory(view, (uint32_t)first);
	link->physical = memory.phys_start;
	link->state_size = memory.size;
	link->common_size = view_memory(view, (uint32_t)first + 1).size;
	link->output_size = view_memory(view, (uint32_t)first + 2).size;
}

int neighbour_links(const struct view *view, struct definition_link **links, size_t *count)
{
	*count = 0;
	*links = calloc((size_t)view->cell.num_pci_devices + 1, sizeof(**links));
	if (!*links)
		return -ENOMEM;
	for (uint32_t i = 0; i < view->cell.num_pci_devices; i++) {
		struct jh_pci_device device = view_device(view, i);

		if (device.type == JH_PCI_IVSHMEM)
			read_link(view, &device, &(*links)[(*count)++]);
	}
	return 0;
}

uint64_t neighbour_console(const struct jh_cell_desc *desc)
{
	return desc->console.type && !(desc->console.flags & JH_CON_EMULATED) ? desc->console.address : 0;
}

int definition_neighbour_read(const void *blob, size_t size, struct definition_neighbour *neighbour)
{
	struct view view;
	int err = view_open(&view, blob, size);

	memset(neighbour, 0, sizeof(*neighbour));
	if (err || view.is_system)
		return -EINVAL;
	memcpy(neighbour->name, view.cell.name, sizeof(neighbour->name) - 1);
	for (uint32_t cpu = 0; cpu < 64; cpu++)
		neighbour->cpus |= (uint64_t)view_has_cpu(&view, cpu) << cpu;
	read_interrupts(neighbour, &view);
	neighbour->console = neighbour_console(&view.cell);
	err = read_regions(neighbour, &view);
	if (!err)
		err = read_streams(neighbour, &view);
	if (!err)
		err = neighbour_links(&view, &neighbour->links, &neighbour->num_links);
	if (err)
		definition_neighbour_free(neighbour);
	return err;
}

void definition_neighbour_free(struct definition_neighbour *neighbour)
{
	free(neighbour->regions);
	free(neighbour->links);
	free(neighbour->streams);
	memset(neighbour, 0, sizeof(*neighbour));
}
