// SPDX-License-Identifier: MIT
/* Registers that share their page with others: the hypervisor does each access itself (hypervisor/core/check_subpage.c). */
#include <inttypes.h>
#include "check.h"

#define WIDTHS ((uint64_t)(JH_MEM_IO_8 | JH_MEM_IO_16 | JH_MEM_IO_32 | JH_MEM_IO_64))
#define NEVER ((uint64_t)(JH_MEM_EXECUTE | JH_MEM_LOADABLE))
#define SUBPAGE_MAX 16 /* hypervisor/include/hv/subpage.h */

bool is_subpage(uint64_t guest, uint64_t size, uint64_t flags)
{
	return size && (guest | size) % CHECK_PAGE && flags & JH_MEM_IO && !(flags & JH_MEM_COMM_REGION);
}

void check_subpage(struct compiler *compiler, const char *pointer, const struct jh_memory *region)
{
	uint64_t offset = region->virt_start % CHECK_PAGE;

	if (region->size > CHECK_PAGE || offset + region->size > CHECK_PAGE ||
	    region->phys_start % CHECK_PAGE != offset || region->flags & NEVER)
		compiler_refuse(
			compiler, pointer, "region-below-a-page",
			"Take whole pages of 4 KiB, or less than one at the same offset in both, without \"execute\" and \"loadable\".",
			"0x%" PRIx64 " bytes at physical 0x%" PRIx64 ", guest 0x%" PRIx64
			" are not whole pages, and no part of one page.",
			region->size, region->phys_start, region->virt_start);
	else if (!(region->flags & WIDTHS))
		compiler_refuse(
			compiler, pointer, "region-widths",
			"Add the widths of its registers to its flags: \"io-8\", \"io-16\", \"io-32\", \"io-64\".",
			"0x%" PRIx64 " bytes at 0x%" PRIx64
			" are less than a page, and nothing says how wide accesses to them may be.",
			region->size, region->phys_start);
}

void check_subpages(const struct subject *subject)
{
	unsigned count = 0;
	char at[128];

	for (size_t i = 0; i < subject->result->num_regions; i++) {
		const struct definition_region *region = &subject->result->regions[i];

		if (!is_subpage(region->guest, region->size, region->flags) || ++count <= SUBPAGE_MAX)
			continue;
		subject_pointer(at, subject, "memory", i);
		compiler_refuse(subject->compiler, at, "regions-below-a-page", "Merge those that lie side by side.",
				"This is one more than the %d regions below a page that a cell can have.", SUBPAGE_MAX);
		return;
	}
}
