// SPDX-License-Identifier: MIT
/*
 * A cell that tries to count what EL2 does: instructions and cycles of the same calls of the hypervisor, first without asking for
 * EL2's, then with every bit of the filters that could let them in, written by each way there is.
 */
#include <jailhouse/hypercall.h>

#include "inmate.h"

#define CALLS	    1000
#define TIMES	    5
#define COUNTER_0   1ull
#define CYCLES	    (1ull << 31)
#define PMCR_START  0x47ull	  /* E, P, C, LC: counts, from zero, 64 bits of cycles */
#define EVENT	    0x08ull	  /* INST_RETIRED */
#define FOREIGN	    0x0f100000ull /* NSH, M, MT, SH, RLH */

enum way { BY_NAME, BY_SELECTION };

static void filter(enum way way, uint64_t bits)
{
	if (way == BY_NAME) {
		write_sysreg(pmccfiltr_el0, bits);
		write_sysreg(pmevtyper0_el0, EVENT | bits);
		return;
	}
	write_sysreg(pmselr_el0, 31);
	asm volatile("isb" : : : "memory");
	write_sysreg(pmxevtyper_el0, bits);
	write_sysreg(pmselr_el0, 0);
	asm volatile("isb" : : : "memory");
	write_sysreg(pmxevtyper_el0, EVENT | bits);
}

static void count(enum way way, uint64_t bits, uint64_t *instructions, uint64_t *cycles)
{
	filter(way, bits);
	write_sysreg(pmcntenset_el0, CYCLES | COUNTER_0);
	write_sysreg(pmcr_el0, PMCR_START);
	asm volatile("isb" : : : "memory");
	for (unsigned int i = 0; i < CALLS; i++)
		hypercall(JH_HC_ABI_VERSION, 0);
	asm volatile("isb" : : : "memory");
	*instructions = read_sysreg(pmevcntr0_el0);
	*cycles = read_sysreg(pmccntr_el0);
	write_sysreg(pmcr_el0, 0);
	write_sysreg(pmcntenclr_el0, CYCLES | COUNTER_0);
}

/*
 * The least of several times: an emulator that runs CPUs in turns counts what another CPU did when the turn ends in between. What EL2
 * does is in every one of them.
 */
static void count_least(enum way way, uint64_t bits, uint64_t *instructions, uint64_t *cycles)
{
	uint64_t now, now_cycles;

	*instructions = UINT64_MAX;
	*cycles = UINT64_MAX;
	for (unsigned int i = 0; i < TIMES; i++) {
		count(way, bits, &now, &now_cycles);
		*instructions = now < *instructions ? now : *instructions;
		*cycles = now_cycles < *cycles ? now_cycles : *cycles;
	}
}

/* By how much more is counted for each call. */
static void try(enum way way, const char *name)
{
	uint64_t own, own_cycles, with, with_cycles;

	count_least(way, 0, &own, &own_cycles);
	count_least(way, FOREIGN, &with, &with_cycles);
	print("%s: %u calls, own instructions %lu, cycles %lu, more of EL2 %ld and %ld\n", name, CALLS, own, own_cycles,
	      ((int64_t)with - (int64_t)own) / CALLS, ((int64_t)with_cycles - (int64_t)own_cycles) / CALLS);
}

void inmate_main(void)
{
	try(BY_NAME, "by name");
	try(BY_SELECTION, "by selection");
	print("count: done\n");
	for (;;)
		asm volatile("wfi");
}
