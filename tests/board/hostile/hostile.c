// SPDX-License-Identifier: MIT
/* A cell that tries the attack that its command line names: attack=N. */
#include "hostile.h"

#define STACK_BYTES 4096
#define SCTLR_M_C   (1ULL | 1ULL << 2)

static uint8_t sibling_stack[STACK_BYTES] __attribute__((aligned(16)));
static uint64_t seed = 0x9e3779b97f4a7c15;

uint64_t random64(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

void breach(uint64_t where)
{
	COUNT(breaches);
	REPORT->where = where;
}

/* Guest-physical addresses from here on, and faults that do not stop it. */
static void let_go(void)
{
	interface = has_gicv2() ? INMATE_COMM->gicc_base : 0;
	write_sysreg(vbar_el1, skip_vectors);
	asm volatile("isb\n dsb sy" : : : "memory");
	write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) & ~SCTLR_M_C);
	asm volatile("isb\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

static void (*sibling)(void);
static void sibling_main(void)
{
	let_go();
	sibling();
}

void on_sibling(void (*function)(void))
{
	sibling = function;
	asm volatile("dsb sy" : : : "memory");
	if (cpu_on(SIBLING_CPU, sibling_main, sibling_stack + STACK_BYTES) != 0)
		breach(SIBLING_CPU);
}

void on_both(void (*function)(void))
{
	on_sibling(function);
	function();
}

int64_t psci(uint64_t function, uint64_t a, uint64_t b, uint64_t c)
{
	struct registers registers;

	for (unsigned int i = 4; i < CALL_REGISTERS; i++)
		registers.x[i] = 0;
	registers.x[0] = function;
	registers.x[1] = a;
	registers.x[2] = b;
	registers.x[3] = c;
	call_smc(&registers);
	return (int64_t)registers.x[0];
}

#define AS_ENTRY(name, kind, gic, what) attack_##name,
static void (*const attacks[])(void) = { ATTACKS(AS_ENTRY) };

void inmate_main(void)
{
	uint64_t attack = cmdline_number("attack", NUM_ATTACKS);

	/* Code below goes past the caches: what they hold of the image goes to memory first. */
	for (uint64_t at = 0; at < HOSTILE_SIZE; at += 64)
		asm volatile("dc civac, %0" : : "r"(at) : "memory");
	let_go();
	seed += attack + REPORT->step;
	if (attack < NUM_ATTACKS)
		attacks[attack]();
	REPORT->skipped = skipped;
	asm volatile("dsb sy" : : : "memory");
	REPORT->done = 1;
	for (;;) {
		COUNT(beats);
		asm volatile("yield");
		comm_answer();
	}
}
