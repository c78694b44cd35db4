/* SPDX-License-Identifier: MIT */
/* Sets of addresses: sorted, disjoint, neither touching the next. Ends are last bytes, so that 2^64 - 1 can be one. */
#ifndef DEFINITION_INTERVALS_H
#define DEFINITION_INTERVALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct interval {
	uint64_t start, last;
};

struct intervals {
	struct interval *items;
	size_t count;
};

/* After the items were filled in, in any order and overlapping. */
void intervals_sort(struct intervals *set);
/* Whether all of it is in the set; *missing is the first piece that is not. */
bool intervals_cover(const struct intervals *set, struct interval wanted, struct interval *missing);
/* Whether any of it is in the set; *where is the first piece. */
bool intervals_meet(const struct intervals *set, struct interval wanted, struct interval *where);

#endif
