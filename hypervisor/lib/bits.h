/* SPDX-License-Identifier: MIT */
#ifndef HV_LIB_BITS_H
#define HV_LIB_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seldom executed: kept out of line, so that its caller needs no frame and no saved registers where it is not. */
#define COLD			__attribute__((noinline, cold))

#define BIT64(n)		(1ULL << (n))
#define GENMASK64(high, low)	((~0ULL >> (63 - (high))) & (~0ULL << (low)))
#define FIELD_GET(mask, value)	(((value) & (mask)) / ((mask) & -(mask)))
#define FIELD_PREP(mask, value)	(((uint64_t)(value) * ((mask) & -(mask))) & (mask))

#define PAGE_SIZE		0x1000ULL
#define PAGE_MASK		(PAGE_SIZE - 1)
#define ALIGN_UP(value, align)	(((value) + (align) - 1) & ~((align) - 1ULL))
#define ALIGN_DOWN(value, align) ((value) & ~((align) - 1ULL))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Half-open ranges; neither may wrap. An empty range overlaps nothing. */
static inline bool ranges_overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a_size && b_size && a < b + b_size && b < a + a_size;
}

#endif
