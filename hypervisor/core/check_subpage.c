// SPDX-License-Identifier: MIT
/* Memory regions that are not made of whole pages: which of them can be emulated. */
#include <hv/check.h>
#include <hv/subpage.h>

#include "../lib/bits.h"

#define WIDTHS	(JH_MEM_IO_8 | JH_MEM_IO_16 | JH_MEM_IO_32 | JH_MEM_IO_64)
#define NEVER	(JH_MEM_EXECUTE | JH_MEM_LOADABLE)

static bool within_one_page(const struct jh_memory *m)
{
	return (m->virt_start & PAGE_MASK) + m->size <= PAGE_SIZE && !((m->virt_start ^ m->phys_start) & PAGE_MASK);
}

int check_subpage(const struct jh_memory *m, unsigned int i, struct jh_reason *reason)
{
	if ((m->flags & (JH_MEM_IO | NEVER)) != JH_MEM_IO || m->size > PAGE_SIZE || !within_one_page(m))
		return refuse(
			reason, -HV_EINVAL, "region-below-a-page",
			"Memory region %u (0x%lx bytes at 0x%lx) is not made of whole pages; only a device within one page, at the same offset in both, may be.",
			i, (unsigned long)m->size, (unsigned long)m->virt_start);
	if (!(m->flags & WIDTHS))
		return refuse(
			reason, -HV_EINVAL, "region-widths",
			"Memory region %u is smaller than a page and has no flag that says how wide accesses may be.",
			i);
	return 0;
}

int check_subpage_count(const struct jh_cell_desc *cell, struct jh_reason *reason)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell, i);

		count += m.size && memory_is_subpage(&m);
	}
	if (count > SUBPAGE_MAX)
		return refuse(reason, -HV_E2BIG, "regions-below-a-page",
			      "Cell \"%s\" has %u memory regions below a page; at most %u are possible.", cell->name,
			      count, SUBPAGE_MAX);
	return 0;
}
