/* SPDX-License-Identifier: MIT */
/* A cell's stage-2 tables. Callers hold the management lock; the hardware walks the tables meanwhile. */
#ifndef HV_STAGE2_H
#define HV_STAGE2_H

#include <stdbool.h>
#include <stdint.h>

#define STAGE2_ROOT_PAGES	2	/* two concatenated level-1 tables: 40 bits */

struct stage2 {
	uint64_t *live;		/* what VTTBR_EL2 points at */
	uint64_t *kept;		/* the root's contents while the live one is empty */
	uint16_t vmid;		/* the cell's id */
	bool stopped;		/* live is empty: every access of the cell faults */
};

/* -ENOMEM, and nothing is left behind. */
int stage2_init(struct stage2 *s2, uint16_t vmid);
void stage2_free(struct stage2 *s2);

/*
 * flags are JH_MEM_*. All three values are page aligned. On -ENOMEM a part may be mapped; the caller unmaps the range.
 * Mapping over something replaces it. Neither call invalidates the TLB: stage2_flush() does, once after a batch.
 */
int stage2_map(struct stage2 *s2, uint64_t ipa, uint64_t pa, uint64_t size, uint64_t flags);
int stage2_unmap(struct stage2 *s2, uint64_t ipa, uint64_t size);
void stage2_flush(const struct stage2 *s2);

/* Takes every mapping away at once and gives them back. A CPU of the cell faults at its next fetch. */
void stage2_stop(struct stage2 *s2);
void stage2_resume(struct stage2 *s2);

/* A run of guest addresses that maps to a run of physical ones with the same rights. */
struct stage2_extent {
	uint64_t ipa, pa, size;
	uint64_t flags;		/* JH_MEM_READ, JH_MEM_WRITE, JH_MEM_IO: what the tables say */
};

/*
 * Reads the tables that the hardware walks, those of a stopped cell included, and hands every extent to visit() in the order
 * of guest addresses. Stops at the first non-zero result of visit() and returns it. -HV_EIO when an entry leads to a table that is
 * not a page of ours; *stray is its address then.
 */
typedef int (*stage2_visit)(void *context, const struct stage2_extent *extent);
int stage2_walk(const struct stage2 *s2, stage2_visit visit, void *context, uint64_t *stray);

/* VTTBR_EL2 of a CPU that runs this cell. */
uint64_t stage2_vttbr(const struct stage2 *s2);

#endif
