// SPDX-License-Identifier: MIT
/* Memory of cells: what a configuration says becomes entries in the stage-2 tables of the cell and of root. */
#include <hv/cell.h>
#include <hv/gic.h>
#include <hv/log.h>

#include "../lib/bits.h"
#include "cell_parts.h"

/* Memory that changes hands: not the shared, not the communication region. */
static bool changes_hands(const struct jh_memory *m)
{
	return m->size && !(m->flags & (JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED));
}

/* Gives root what its configuration says about [start, start + size). */
int root_memory_map(uint64_t start, uint64_t size)
{
	const struct jh_cell_desc *config = root_cell.config;
	int err = 0;

	for (unsigned int i = 0; !err && i < config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(config, i);
		uint64_t from = m.phys_start > start ? m.phys_start : start;
		uint64_t to = m.phys_start + m.size < start + size ? m.phys_start + m.size : start + size;

		if (from < to)
			err = stage2_map(&root_cell.s2, from, from, to - from, m.flags);
	}
	return err;
}

int cell_memory_take(const struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (changes_hands(&m))
			err = stage2_unmap(&root_cell.s2, m.phys_start, m.size);
	}
	stage2_flush(&root_cell.s2);
	return err;
}

/* Trapped devices are not there for a cell, whatever its configuration says; the CPU interface of a GICv2 is its own. */
int carve_devices(struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < HV_MAX_TRAPPED && hv_system.trapped[i].size; i++)
		err = stage2_unmap(&cell->s2, hv_system.trapped[i].start, hv_system.trapped[i].size);
	if (!err && hv_gic.gicc)
		err = stage2_map(&cell->s2, hv_gic.gicc, hv_gic.gicc, PAGE_SIZE,
				 JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO);
	return err;
}

int cell_memory_map(struct cell *cell)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell->config, i);
		uint64_t pa = m.flags & JH_MEM_COMM_REGION ? (uint64_t)cell->comm : m.phys_start;

		if (m.size && !memory_is_subpage(&m))
			err = stage2_map(&cell->s2, m.virt_start, pa, m.size, m.flags);
	}
	return err ? err : carve_devices(cell);
}

void cell_memory_return(const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (!changes_hands(&m))
			continue;
		/* Only what can be read back as memory holds secrets; devices would take the zeroes for commands. */
		if (!(m.flags & JH_MEM_IO))
			memory_scrub(m.phys_start, m.size);
		if (root_memory_map(m.phys_start, m.size) != 0)
			log_print("Cell \"%s\": no memory to give region %u back\n", cell->config->name, i);
	}
	stage2_flush(&root_cell.s2);
}

int cell_memory_loadable(const struct cell *cell, bool into_root)
{
	int err = 0;

	for (unsigned int i = 0; !err && i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (!changes_hands(&m) || !(m.flags & JH_MEM_LOADABLE))
			continue;
		err = into_root ? root_memory_map(m.phys_start, m.size) :
				  stage2_unmap(&root_cell.s2, m.phys_start, m.size);
	}
	stage2_flush(&root_cell.s2);
	return err;
}

void cell_memory_untake(const struct cell *cell)
{
	for (unsigned int i = 0; i < cell->config->num_memory_regions; i++) {
		struct jh_memory m = config_pages(cell->config, i);

		if (changes_hands(&m))
			root_memory_map(m.phys_start, m.size);
	}
}
