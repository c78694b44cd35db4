// SPDX-License-Identifier: MIT
/*
 * Runs each instruction of cases.S with several PSTATEs and prints what exception came of it, as a cell with the policy "inject" and
 * on the bare machine: the two must print the same.
 */
#include "exceptions.h"
#include "inmate.h"

#define SCTLR_MMU	1ULL
#define SCTLR_RESET	0x30d00800ULL /* and EL0 has nothing special */
#define SCTLR_SPAN	(1ULL << 23)
#define SCTLR_DSSBS	(1ULL << 44)
#define CPACR_ALL	(3ULL << 24 | 3ULL << 20 | 3ULL << 16) /* SMEN, FPEN, ZEN */
#define TCR_EPD1	(1ULL << 23)
#define TCR_T1SZ_4K	(25ULL << 16 | 2ULL << 30)

#define N	(1ULL << 31)
#define Z	(1ULL << 30)
#define C	(1ULL << 29)
#define V	(1ULL << 28)
#define TCO	(1ULL << 25)
#define DIT	(1ULL << 24)
#define UAO	(1ULL << 23)
#define PAN	(1ULL << 22)
#define SSBS	(1ULL << 12)
#define BTYPE_C (1ULL << 10)
#define MASKED	0x3c0ULL
#define AIF	0x1c0ULL

/*
 * Each variant: what the instruction finds in PSTATE, and what decides how its handler finds it. All instructions, or those that end in
 * one of the kinds of exceptions that EL2 makes.
 */
static const struct {
	uint64_t state, sctlr, cpacr;
	bool some;
} variants[] = {
	{ N | C | PAN, 0, CPACR_ALL, false },
	{ Z | V | DIT | TCO | UAO | SSBS | BTYPE_C, SCTLR_SPAN | SCTLR_DSSBS, 0, false },
	{ N | Z | C | V | PAN, SCTLR_SPAN, CPACR_ALL, true },
};
#define NUM_VARIANTS (sizeof(variants) / sizeof(variants[0]))

/* Every line of it is one instruction, then one that ends it if the first did not. */
static uint32_t slot[4] __attribute__((aligned(64)));

static void put(uint32_t instruction, uint32_t end)
{
	volatile uint32_t *at = slot;

	at[0] = instruction;
	at[1] = at[2] = end;
	asm volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r"(slot) : "memory");
}

static void tell(const char *name, const char *mode, unsigned int variant, const struct outcome *o)
{
	uint64_t elr = o->elr - (uint64_t)slot;

	print("= %s %s%u %lx %lx ", name, mode, variant, o->vector, o->esr);
	if (elr < sizeof(slot))
		print("+%lx", elr);
	else
		print("%lx", o->elr);
	print(" %lx %lx %lx\n", o->spsr, o->far, o->pstate);
}

static void run(const struct test_case *test, const char *mode, uint64_t spsr, unsigned int variant)
{
	struct outcome outcome;

	run_case(slot, spsr, test->argument, &outcome);
	tell(test->name, mode, variant, &outcome);
}

static void run_a64(const struct test_case *test, unsigned int variant)
{
	uint64_t state = variants[variant].state;

	put(test->instruction, 0xd4000021);
	/* What is hidden and closed as well is closed first: that trap is EL1's own. */
	write_sysreg(cpacr_el1, test->where & CASE_HIDDEN ? CPACR_ALL : variants[variant].cpacr);
	asm volatile("isb" : : : "memory");
	if (!(test->where & CASE_EL0)) {
		run(test, test->where & CASE_HIDDEN ? "hidden-el1h" : "el1h", state | AIF | 5, variant);
		run(test, test->where & CASE_HIDDEN ? "hidden-el1t" : "el1t", state | MASKED | 4, variant);
	}
	if (test->where & (CASE_A64 | CASE_EL0))
		run(test, "el0", state, variant);
}

/* The last of an IT block, for T32: IT[7:2] are in 15:10, and bits 1:0 zero. Condition AL. */
static void run_aarch32(const struct test_case *test, unsigned int variant)
{
	uint64_t state = variants[variant].state & (N | Z | C | V | PAN | SSBS);

	if (test->where & CASE_T32) {
		put(test->instruction, 0xdf01df01);
		run(test, "t32", state | 0x30, variant);
		run(test, "t32-it", state | 0x30 | 0xe8ULL << 8, variant);
	} else {
		put(test->instruction, 0xef000001);
		run(test, "a32", state | 0x10, variant);
	}
}

static bool has_aarch32(void)
{
	return (read_sysreg(id_aa64pfr0_el1) & 0xf) == 2;
}

static void run_all(unsigned int variant)
{
	for (const struct test_case *test = cases; test < cases_end; test++) {
		if (variants[variant].some && !(test->where & CASE_SHORT))
			continue;
		if (!(test->where & (CASE_A32 | CASE_T32)))
			run_a64(test, variant);
		else if (has_aarch32())
			run_aarch32(test, variant);
	}
}

/* Tables that lie nowhere, for the upper half of the addresses. */
static void run_walk(void)
{
	static const struct test_case load = { "walk", 0xffffff8000000000, CASE_EL1, 0xf9400001 };
	static const struct test_case fetch = { "walk-fetch", 0xffffff8000000000, CASE_EL1, 0xd61f0000 };

	write_sysreg(ttbr1_el1, NOWHERE);
	write_sysreg(tcr_el1, (read_sysreg(tcr_el1) & ~TCR_EPD1) | TCR_T1SZ_4K);
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | SCTLR_MMU);
	asm volatile("isb" : : : "memory");
	put(load.instruction, 0xd4000021);
	run(&load, "walk", AIF | 5, 0);
	put(fetch.instruction, 0xd4000021);
	run(&fetch, "walk", AIF | 5, 0);
}

void inmate_main(void)
{
	const uint64_t sctlr = SCTLR_RESET & ~SCTLR_SPAN;

	write_sysreg(vbar_el1, trap_vectors);
	write_sysreg(cntkctl_el1, 0);
	write_sysreg(pmuserenr_el0, 0);
	print("exceptions: start\n");
	for (unsigned int i = 0; i < NUM_VARIANTS; i++) {
		write_sysreg(sctlr_el1, sctlr | variants[i].sctlr);
		asm volatile("isb" : : : "memory");
		run_all(i);
	}
	run_walk();
	print("exceptions: done\n");
	for (;;)
		asm volatile("yield");
}
