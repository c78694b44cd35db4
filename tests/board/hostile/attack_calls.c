// SPDX-License-Identifier: MIT
/* Calls to firmware and hypervisor: SMCCC (Arm DEN 0028) by both conduits, hypercalls. */
#include <jailhouse/hypercall.h>

#include "hostile.h"

typedef void (*conduit)(struct registers *registers);

/* What ends or moves the CPU has attacks of its own. */
static bool ends_cpu(uint32_t id)
{
	uint32_t number = id & ~(uint32_t)SMCCC_64;

	return (number >= PSCI_CPU_SUSPEND && number <= PSCI_CPU_ON) || number == PSCI_SYSTEM_OFF ||
	       number == PSCI_SYSTEM_RESET || number == PSCI_SYSTEM_RESET2;
}

/* Fast calls of the architecture and of the standard services: a few of them are answered. */
static bool may_be_answered(uint32_t id)
{
	uint32_t class = id >> 24 & ~0x40u;

	return class == 0x80 || class == 0x84;
}

static void randomise(struct registers *registers, uint64_t x0)
{
	registers->x[0] = x0;
	for (unsigned int i = 1; i < CALL_REGISTERS; i++)
		registers->x[i] = random64() >> (random64() & 63);
}

/* x4 to x17 come back as they were: nothing of anybody else is in them. */
static void one_call(conduit call, struct registers *registers)
{
	struct registers before;

	for (unsigned int i = 0; i < CALL_REGISTERS; i++)
		before.x[i] = registers->x[i];
	call(registers);
	for (unsigned int i = 4; i < CALL_REGISTERS; i++)
		if (registers->x[i] != before.x[i])
			breach(before.x[0]);
}

/* Owners 0 to 63, fast and yielding, of both widths; numbers at both ends and in between. */
static void every_class(const conduit call[], unsigned int calls)
{
	static const uint16_t numbers[] = { 0,	1,    2,     4,	     5,	     6,	     7,	     10,
					    15, 0x20, 0x539, 0x7fff, 0x8000, 0xff00, 0xff01, 0xffff };
	struct registers registers;

	for (uint32_t class = 0; class < 256; class ++) {
		COUNT(beats);
		for (unsigned int i = 0; i < 2 * ARRAY_SIZE(numbers); i++) {
			uint32_t number = i & 1 ? random64() & 0xffff : numbers[i / 2];
			uint32_t id = class << 24 | number;

			if (ends_cpu(id))
				continue;
			randomise(&registers, id | (i % 8 == 7 ? random64() << 32 : 0));
			one_call(call[i % calls], &registers);
			if (!may_be_answered(id) && (int32_t)registers.x[0] != PSCI_NOT_SUPPORTED)
				breach(id);
		}
	}
}

void attack_smc(void)
{
	static const conduit conduits[] = { call_smc, call_smc_1, call_smc_ffff };

	every_class(conduits, ARRAY_SIZE(conduits));
}

void attack_hvc(void)
{
	static const conduit conduits[] = { call_hvc, call_hvc_1, call_hvc_ffff };

	every_class(conduits, ARRAY_SIZE(conduits));
}

/* Those of the root cell are refused, whatever the arguments. */
static bool is_roots(uint64_t code)
{
	return code <= JH_HC_CELL_DESTROY || code == JH_HC_CELL_GET_STATE ||
	       (code > JH_HC_ABI_VERSION && code <= JH_HC_CELL_FORCE && code != JH_HC_DEBUG_CONSOLE_GETC);
}

/* A cell learns about its own CPUs, and that there is no remap pool; nothing else. */
static bool tells_of_others(uint64_t code, uint64_t what, int64_t result)
{
	return (code == JH_HC_HYPERVISOR_GET_INFO && result > 0) ||
	       (code == JH_HC_CPU_GET_INFO && what != HOSTILE_CPU && what != SIBLING_CPU && result >= 0);
}

static void one_hypercall(uint64_t code, struct registers *registers)
{
	uint64_t what = registers->x[1];

	registers->x[0] = code;
	one_call(call_hypercall, registers);
	if ((is_roots(code) && (int64_t)registers->x[0] >= 0) ||
	    tells_of_others(code, what, (int64_t)registers->x[0]))
		breach(code);
}

static void random_hypercall(uint64_t code)
{
	struct registers registers;

	randomise(&registers, 0);
	one_hypercall(code, &registers);
	/* Small arguments mean something: ids of cells and CPUs, kinds of information. */
	registers.x[1] = random64() & 7;
	registers.x[2] = random64() & 3;
	one_hypercall(code, &registers);
}

void attack_hypercalls(void)
{
	for (unsigned int round = 0; round < 50; round++) {
		COUNT(beats);
		for (uint64_t code = 0; code < 64; code++) {
			random_hypercall(code);
			random_hypercall(0x1000 + code);
			random_hypercall(random64());
		}
	}
}

void attack_random_cpu_on(void)
{
	for_each_step(i, 300)
	{
		psci(PSCI_CPU_ON | SMCCC_64, i & 1 ? random64() & 7 : random64(),
		     i & 2 ? random64() & (HOSTILE_SIZE - 4) : random64(), random64());
	}
}
