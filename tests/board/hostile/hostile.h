/* SPDX-License-Identifier: MIT */
/* Between the files of the hostile cell. It runs with its MMU off, so that it reaches for guest-physical addresses. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "attacks.h"
#include "inmate.h"

#define REPORT ((struct report *)REPORT_AT)

#define AS_FUNCTION(name, kind, what) void attack_##name(void);
ATTACKS(AS_FUNCTION)

/* A cell that fails in a step and is started again goes on with the next. */
#define for_each_step(i, total)                                                                           \
	for (uint64_t i = REPORT->step, total_ = (total);                                                 \
	     REPORT->steps = total_, REPORT->step = i + 1, REPORT->beats = REPORT->beats + 1, i < total_; \
	     i++)

void breach(uint64_t where);
uint64_t random64(void);

/* Runs it on both CPUs; it does not come back. */
void on_both(void (*function)(void));

/* skip.S: vectors that skip what faults and count it, in skipped; interrupts are ended and timers stopped. */
extern char skip_vectors[], fault_vectors[];
extern volatile uint64_t skipped;
extern volatile uint64_t keep_timers; /* interrupts do not stop timers */

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
	ACCESS_LOAD_EXCLUSIVE,
	ACCESS_STORE_EXCLUSIVE,
	ACCESS_LOAD_SIMD,
	ACCESS_STORE_SIMD,
	ACCESS_LOAD_BACK,
	ACCESS_STORE_BACK,
	ACCESS_ZERO_LINE,
	ACCESS_FETCH,
	NUM_ACCESSES
};
/* The value when it was a load. */
uint64_t access(uint64_t address, enum access kind);

/* One plain load or store: what the compiler makes of a pointer may write its address back, which nobody emulates. */
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

/* Executes one instruction word with x0 = value, and gives x0. */
uint64_t execute(uint32_t instruction, uint64_t value);

/* The first and last instructions of a CPU: CPU_OFF. */
extern char turn_off[];

/* x0 to x7 in, x0 to x3 out. */
void call_smc(uint64_t registers[8]);
void call_smc_ffff(uint64_t registers[8]);
void call_hvc(uint64_t registers[8]);
void call_hvc_1(uint64_t registers[8]);
void call_hvc_ffff(uint64_t registers[8]);
void call_hypercall(uint64_t registers[8]);

int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c);
#define PSCI_CPU_SUSPEND  0xc4000001ull
#define PSCI_CPU_OFF	  0x84000002ull
#define PSCI_CPU_ON	  0xc4000003ull
#define PSCI_SYSTEM_OFF	  0x84000008ull
#define PSCI_SYSTEM_RESET 0x84000009ull

#endif
