/* SPDX-License-Identifier: MIT */
/* Between the files of the cell that takes exceptions. */
#ifndef EXCEPTIONS_H
#define EXCEPTIONS_H

#define CASE_A64	0x01	/* at EL1 with either stack pointer, and at EL0 */
#define CASE_EL1	0x02	/* the same, but not at EL0 */
#define CASE_EL0	0x04	/* at EL0 only: at EL1 it means something else */
#define CASE_A32	0x08	/* at EL0 */
#define CASE_T32	0x10
#define CASE_HIDDEN	0x20	/* a cell must find it undefined, whatever the bare machine does */

#define CASE_SHORT	0x40	/* in every variant */

/* Where nobody answers: on the bare machine, and in the cell. */
#define NOWHERE		0x0b000000

#ifndef __ASSEMBLER__
#include <stdint.h>

/* In cases.S: one instruction each. */
struct test_case {
	char name[24];
	uint64_t argument;	/* in x0 */
	uint32_t where;		/* CASE_* */
	uint32_t instruction;
};
extern const struct test_case cases[], cases_end[];

/* In trap.S. What the exception looked like; stage is 0 before, 1 after it. */
struct outcome {
	uint64_t stage, vector, esr, elr, spsr, far;
	uint64_t pstate;	/* at the first instruction of the handler */
	uint64_t stack;
};
void run_case(const void *instruction, uint64_t spsr, uint64_t argument, struct outcome *outcome);
extern char trap_vectors[];

#endif

#endif
