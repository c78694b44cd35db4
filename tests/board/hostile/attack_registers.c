// SPDX-License-Identifier: MIT
/* Every encoding of the system instruction space: each is executed or undefined. Arm DDI 0487, C5.1. */
#include "hostile.h"

#define SYSTEM_SPACE 0xd5000000u
#define READ	     (1u << 21)
#define OP0(n)	     ((uint32_t)(n) << 19)
#define ENCODINGS    (8u * 16 * 16 * 8) /* op1, CRn, CRm, op2: bits 18 to 5 */
#define KEY(op1, crn, crm, op2) ((uint32_t)(op1) << 11 | (crn) << 7 | (crm) << 3 | (op2))

static uint64_t line[64] __attribute__((aligned(512)));

void attack_read_registers(void)
{
	for_each_step(i, 2 * ENCODINGS)
	{
		execute(SYSTEM_SPACE | READ | OP0(2 + i / ENCODINGS) | (uint32_t)(i % ENCODINGS) << 5, 0);
	}
}

/* What the loop itself stands on: SCTLR_EL1, VBAR_EL1, SPSel. */
static bool stands_on(uint32_t op0, uint32_t key)
{
	return op0 == 3 && (key == KEY(0, 1, 0, 0) || key == KEY(0, 12, 0, 0) || key == KEY(0, 4, 2, 0));
}

static void write_and_restore(uint32_t op0, uint32_t key)
{
	uint32_t msr = SYSTEM_SPACE | OP0(op0) | key << 5;
	uint64_t before = skipped, old = execute(msr | READ, 0);

	execute(msr, ~0ULL);
	execute(msr, 0);
	if (skipped == before)
		execute(msr, old);
}

void attack_write_registers(void)
{
	for_each_step(i, 2 * ENCODINGS)
	{
		uint32_t op0 = 2 + (uint32_t)(i / ENCODINGS), key = i % ENCODINGS;

		if (!stands_on(op0, key))
			write_and_restore(op0, key);
	}
}

void attack_system_instructions(void)
{
	for_each_step(i, ENCODINGS)
	{
		execute(SYSTEM_SPACE | OP0(1) | (uint32_t)i << 5, (uint64_t)line);
		execute(SYSTEM_SPACE | OP0(1) | READ | (uint32_t)i << 5, (uint64_t)line);
	}
}
