// SPDX-License-Identifier: MIT
/*
 * Counts EL2 instructions from inside a cell: PMU event 8, INST_RETIRED, with EL1 and EL0 filtered out and EL2 counted
 * (PMEVTYPER.P = U = NSH = 1, DDI 0487). The counter is this CPU's alone, so what root does meanwhile is not in it.
 */
#include <jailhouse/hypercall.h>

#include "inmate.h"

#define ROUNDS	     1000
#define EL2_ONLY     (1ULL << 31 | 1ULL << 30 | 1ULL << 27 | 8)
#define PSCI_VERSION 0x84000000
#define TIMER_HERTZ  10000

static void counter_start(void)
{
	write_sysreg(pmevtyper0_el0, EL2_ONLY);
	write_sysreg(pmcntenset_el0, 1);
	write_sysreg(pmcr_el0, 3); /* E: on, P: from zero */
	asm volatile("isb");
}

static uint64_t counter(void)
{
	asm volatile("isb");
	return read_sysreg(pmevcntr0_el0) & 0xffffffff;
}

static void nothing(void)
{
}

static void unknown_hypercall(void)
{
	hypercall(0xfff, 0);
}

static void psci_version(void)
{
	register uint64_t x0 asm("x0") = PSCI_VERSION;

	asm volatile("smc #0" : "+r"(x0) : : "x1", "x2", "x3", "memory");
}

static void read_gicd(uint32_t offset)
{
	(void)*(volatile uint32_t *)(INMATE_COMM->gicd_base + offset);
}

static void gicd_typer(void)
{
	read_gicd(0x4);
}

static void gicd_isenabler1(void)
{
	read_gicd(0x104);
}

/* Waits for one interrupt of the timer without leaving EL1 by itself. */
static void timer_interrupt(void)
{
	uint64_t before = read_sysreg(cntv_cval_el0);

	while (read_sysreg(cntv_cval_el0) == before)
		asm volatile("isb"); /* the handler moves the compare value */
}

static void count(const char *name, void (*act)(void))
{
	uint64_t before;

	act(); /* the first one may fill something that the others find */
	before = counter();
	for (unsigned int i = 0; i < ROUNDS; i++)
		act();
	print("count: %s %lu\n", name, (counter() - before) / ROUNDS);
}

void inmate_main(void)
{
	counter_start();
	count("nothing", nothing);
	count("hypercall", unknown_hypercall);
	count("psci_version", psci_version);
	count("gicd_typer_read", gicd_typer);
	count("gicd_isenabler_read", gicd_isenabler1);
	timer_start(TIMER_HERTZ);
	count("timer_irq_running", timer_interrupt);
	asm volatile("msr daifset, #2");
	write_sysreg(cntv_ctl_el0, 0);
	print("count: done\n");
}
