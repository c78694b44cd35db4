// SPDX-License-Identifier: MIT
/* Which physical memory the root cell has right now: its configuration minus what the hypervisor and cells took. */
#include <hv/cell.h>
#include <hv/hypercall.h>

#include "../lib/bits.h"
#include "../lib/string.h"

static bool in_one_root_region(uint64_t address, uint64_t size)
{
	for (unsigned int i = 0; i < root_cell.config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(root_cell.config, i);

		if ((m.flags & JH_MEM_READ) && !(m.flags & JH_MEM_IO) && address >= m.phys_start && size <= m.size &&
		    address - m.phys_start <= m.size - size)
			return true;
	}
	return false;
}

static bool taken_by(const struct cell *cell, uint64_t address, uint64_t size)
{
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (!(m.flags & (JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED)) &&
		    ranges_overlap(address, size, m.phys_start, m.size))
			return true;
	}
	return false;
}

static bool root_memory_readable(uint64_t address, uint64_t size)
{
	if (!in_one_root_region(address, size) ||
	    ranges_overlap(address, size, hv_system.hypervisor.start, hv_system.hypervisor.size))
		return false;
	for (unsigned int i = 0; i < HV_MAX_TRAPPED; i++)
		if (ranges_overlap(address, size, hv_system.trapped[i].start, hv_system.trapped[i].size))
			return false;
	for (unsigned int id = 1; id <= JH_CELL_ID_MAX; id++)
		if (cells[id] && taken_by(cells[id], address, size))
			return false;
	return true;
}

bool root_memory_copy(void *to, uint64_t address, size_t size)
{
	if (!root_memory_readable(address, size))
		return false;
	memcpy(to, memory_open(address, size), size);
	memory_close();
	return true;
}
