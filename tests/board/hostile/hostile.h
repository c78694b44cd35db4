/* SPDX-License-Identifier: MIT */
/* Between the files of the hostile cell. It runs with its MMU off, so that it reaches for guest-physical addresses. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "access.h"
#include "attacks.h"
#include "calls.h"
#include "inmate.h"

#define REPORT ((struct report *)REPORT_AT)
#define COUNT(field) (REPORT->field = REPORT->field + 1)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define AS_FUNCTION(name, kind, gic, what) void attack_##name(void);
ATTACKS(AS_FUNCTION)

/* A cell that fails in a step and is started again goes on with the next. */
#define for_each_step(i, total)                                                                           \
	for (uint64_t i = REPORT->step, total_ = (total);                                                 \
	     REPORT->steps = total_, REPORT->step = i + 1, REPORT->beats = REPORT->beats + 1, i < total_; \
	     i++)

void breach(uint64_t where);
uint64_t random64(void);

/* Runs it on the other CPU, or on both; it does not come back. */
void on_sibling(void (*function)(void));
void on_both(void (*function)(void));

/* skip.S: vectors that skip what faults and count it, in skipped; interrupts are ended and timers stopped. */
extern char skip_vectors[], fault_vectors[];
extern volatile uint64_t skipped, last_esr;
extern volatile uint64_t keep_timers; /* interrupts do not stop timers */
extern volatile uint64_t interface;   /* GICv2: address of GICC */

/* Executes one instruction word with x0 = value, and gives x0. */
uint64_t execute(uint32_t instruction, uint64_t value);

/* The first and last instructions of a CPU: CPU_OFF. */
extern char turn_off[];

int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c);

static inline bool has_gicv2(void)
{
	return INMATE_COMM->gic_version == 2;
}

static inline uint64_t gicd(uint64_t offset)
{
	return INMATE_COMM->gicd_base + offset;
}

static inline uint64_t gicd_bytes(void)
{
	return has_gicv2() ? 0x1000 : 0x10000;
}

#define GICR_BYTES 0x20000ULL

/* Of stage 1, level 1 and level 2. */
#define GIB   (1ULL << 30)
#define MIB_2 (2ULL << 20)

#endif
