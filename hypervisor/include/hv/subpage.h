/* SPDX-License-Identifier: MIT */
/*
 * Regions below a page: registers of a device that share their page with others. Such a page is not mapped for the cell: each of its
 * accesses traps, and EL2 does those that the region's flags allow. Nobody but root may have another part of the page, and root only if
 * the region is JH_MEM_ROOTSHARED: the page leaves root like any other.
 */
#ifndef HV_SUBPAGE_H
#define HV_SUBPAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/mmio.h>

#define SUBPAGE_MAX	16	/* of a cell: each of its accesses looks at all of them */

struct cell;

struct subpage {
	uint64_t ipa, pa;	/* at the same offset in their pages */
	uint32_t size, flags;	/* JH_MEM_*; the region ends in the page where it begins */
};

struct subpages {
	unsigned int count;
	struct subpage list[SUBPAGE_MAX];
};

/* At create, from a configuration that was checked. */
void subpage_init(struct cell *cell);

bool subpage_covers(const struct cell *cell, uint64_t address);

/* An access of the cell to an address that is covered. False, and no device was touched: the flags do not allow it. */
bool subpage_access(const struct cell *cell, struct mmio *mmio);

#endif
