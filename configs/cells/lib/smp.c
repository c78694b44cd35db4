// SPDX-License-Identifier: MIT
#include "inmate.h"

/* PSCI (DEN 0022), 64-bit calling convention; a cell reaches it by SMC. */
#define CPU_ON	 0xc4000003
#define CPUS_MAX 16
#define AFFINITY 0xff00ffffffULL

extern char inmate_secondary[];

/* What start.S reads with its MMU off. */
struct entry {
	void (*function)(void);
	void *stack_end;
};

static struct entry entries[CPUS_MAX] __attribute__((aligned(64)));
static unsigned int used;

uint64_t cpu_affinity(void)
{
	return read_sysreg(mpidr_el1) & AFFINITY;
}

static int64_t smc(uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3)
{
	register uint64_t x0 asm("x0") = a0;
	register uint64_t x1 asm("x1") = a1;
	register uint64_t x2 asm("x2") = a2;
	register uint64_t x3 asm("x3") = a3;

	asm volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return (int64_t)x0;
}

int64_t cpu_on(uint64_t mpidr, void (*function)(void), void *stack_end)
{
	struct entry *entry = &entries[used];
	int64_t result;

	if (used == CPUS_MAX)
		return -1;
	*entry = (struct entry){ function, stack_end };
	asm volatile("dc civac, %0\n dsb sy" : : "r"(entry) : "memory");
	result = smc(CPU_ON, mpidr, (uint64_t)inmate_secondary, (uint64_t)entry);
	if (result == 0)
		used++;
	return result;
}

void inmate_secondary_start(void (*function)(void))
{
	mmu_enable();
	gic_init();
	function();
}
