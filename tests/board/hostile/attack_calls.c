// SPDX-License-Identifier: MIT
/* Calls to firmware and hypervisor: SMCCC (Arm DEN 0028) by both conduits, hypercalls. */
#include <jailhouse/hypercall.h>

#include "hostile.h"

#define PSCI_FAST	0x84000000u
#define AS_64		0x40000000u
#define NOT_SUPPORTED	(-1)

/* What ends or moves the CPU has attacks of its own: CPU_SUSPEND, CPU_OFF, CPU_ON, SYSTEM_OFF, SYSTEM_RESET, SYSTEM_RESET2. */
static bool ends_cpu(uint32_t id)
{
	uint32_t number = id & ~AS_64;

	return (number >= PSCI_FAST + 1 && number <= PSCI_FAST + 3) || number == PSCI_FAST + 8 ||
	       number == PSCI_FAST + 9 || number == PSCI_FAST + 0x12;
}

static void randomise(uint64_t registers[8], uint64_t x0)
{
	registers[0] = x0;
	for (unsigned int i = 1; i < 8; i++)
		registers[i] = random64() >> (random64() & 63);
}

/* Owners 0 to 63, fast and yielding, of both widths; numbers at both ends and in between. */
static void every_class(void (*const call[])(uint64_t *), unsigned int calls)
{
	static const uint16_t numbers[] = { 0,	1,    2,     4,	     5,	     6,	     7,	     10,
					    15, 0x20, 0x539, 0x7fff, 0x8000, 0xff00, 0xff01, 0xffff };
	uint64_t registers[8];

	for (uint32_t class = 0; class < 256; class ++) {
		REPORT->beats = REPORT->beats + 1;
		for (unsigned int i = 0; i < 2 * sizeof(numbers) / sizeof(numbers[0]); i++) {
			uint32_t number = i & 1 ? random64() & 0xffff : numbers[i / 2];
			uint32_t id = class << 24 | number;

			randomise(registers, id | (i % 8 == 7 ? random64() << 32 : 0));
			if (!ends_cpu(id))
				call[i % calls](registers);
		}
	}
}

void attack_smc(void)
{
	static void (*const conduits[])(uint64_t *) = { call_smc, call_smc, call_smc_ffff };

	every_class(conduits, 3);
}

void attack_hvc(void)
{
	static void (*const conduits[])(uint64_t *) = { call_hvc, call_hvc_1, call_hvc_ffff, call_hvc };

	every_class(conduits, 4);
}

/* Those of the root cell are refused, whatever the arguments. */
static bool is_roots(uint64_t code)
{
	return code <= JH_HC_CELL_DESTROY || code == JH_HC_CELL_GET_STATE ||
	       (code > JH_HC_ABI_VERSION && code <= JH_HC_CELL_FORCE && code != JH_HC_DEBUG_CONSOLE_GETC);
}

static void one_hypercall(uint64_t code)
{
	uint64_t registers[8];

	randomise(registers, code);
	call_hypercall(registers);
	if (is_roots(code) && (int64_t)registers[0] >= 0)
		breach(code);
}

void attack_hypercalls(void)
{
	for (unsigned int round = 0; round < 50; round++) {
		REPORT->beats = REPORT->beats + 1;
		for (uint64_t code = 0; code < 64; code++) {
			one_hypercall(code);
			one_hypercall(0x1000 + code);
			one_hypercall(random64());
			/* Small arguments mean something: ids of cells and CPUs, kinds of information. */
			uint64_t registers[8] = {
				code & 1 ? code : 0x1000 + code, random64() & 7, random64() & 3, 0, 0, 0, 0, 0
			};

			call_hypercall(registers);
			if (is_roots(code & 1 ? code : 0x1000 + code) && (int64_t)registers[0] >= 0)
				breach(code);
		}
	}
}

void attack_random_cpu_on(void)
{
	for_each_step(i, 300)
	{
		psci(PSCI_CPU_ON, i & 1 ? random64() & 7 : random64(),
		     i & 2 ? random64() & (HOSTILE_SIZE - 4) : random64(), random64());
	}
}
