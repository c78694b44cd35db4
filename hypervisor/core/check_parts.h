/* SPDX-License-Identifier: MIT */
/* What the files of the checks share among themselves. */
#ifndef CORE_CHECK_PARTS_H
#define CORE_CHECK_PARTS_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/check.h>

#include "../lib/bits.h"

/* Last byte of a range that is not empty. */
static inline uint64_t range_last(uint64_t start, uint64_t size)
{
	return start + size - 1;
}

/* It ends within the address space of stage 2. */
static inline bool range_fits(uint64_t start, uint64_t size)
{
	return size <= BIT64(HV_IPA_BITS) && start <= BIT64(HV_IPA_BITS) - size;
}

#endif
