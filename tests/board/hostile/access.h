/* SPDX-License-Identifier: MIT */
/* Single accesses of a known kind: what the compiler makes of a pointer may write its address back, which nobody emulates. */
#ifndef ACCESS_H
#define ACCESS_H

#include <stdint.h>

/* In the order of skip.S. Those before NUM_SIZES are what any device may be asked for. */
enum access {
	ACCESS_LOAD,
	ACCESS_STORE,
	ACCESS_LOAD_8,
	ACCESS_STORE_8,
	ACCESS_LOAD_16,
	ACCESS_STORE_16,
	ACCESS_LOAD_32,
	ACCESS_STORE_32,
	ACCESS_LOAD_PAIR,
	ACCESS_STORE_PAIR,
	NUM_SIZES,
	ACCESS_LOAD_SIGNED = NUM_SIZES,
	ACCESS_LOAD_ACQUIRE,
	ACCESS_STORE_RELEASE,
	ACCESS_LOAD_EL0,
	ACCESS_STORE_EL0,
	ACCESS_LOAD_BACK,
	ACCESS_STORE_BACK,
	ACCESS_LOAD_SIMD,
	ACCESS_STORE_SIMD,
	ACCESS_LOAD_EXCLUSIVE,
	ACCESS_LOAD_EXCLUSIVE_PAIR,
	ACCESS_STORE_EXCLUSIVE, /* the result is 0 when it has stored, 1 when not */
	ACCESS_ADD,		/* FEAT_LSE, as the next */
	ACCESS_COMPARE_AND_SWAP,
	ACCESS_ZERO_LINE,
	ACCESS_FETCH,
	NUM_ACCESSES
};

/* The result is the value when it was a load. */
uint64_t access(uint64_t address, enum access kind, uint64_t stored);

#define PLAIN(bits, type, suffix, reg)                                                             \
	static inline void write##bits(uint64_t address, type value)                               \
	{                                                                                          \
		asm volatile("str" suffix " %" reg "0, [%1]" : : "r"(value), "r"(address) : "memory"); \
	}                                                                                          \
	static inline type read##bits(uint64_t address)                                            \
	{                                                                                          \
		type value;                                                                        \
                                                                                                       \
		asm volatile("ldr" suffix " %" reg "0, [%1]" : "=r"(value) : "r"(address) : "memory"); \
		return value;                                                                      \
	}
PLAIN(8, uint8_t, "b", "w")
PLAIN(32, uint32_t, "", "w")
PLAIN(64, uint64_t, "", "x")

#endif
