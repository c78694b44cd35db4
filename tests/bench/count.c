// SPDX-License-Identifier: MIT
/*
 * Counts from inside a cell with two CPUs, or (built with BARE) on the bare board, with PMU event INST_RETIRED. Two counters: one
 * with EL0 and EL1 filtered out, so that EL2 is left (PMEVTYPER.P = U = NSH = 1, DDI 0487), and one for all levels.
 *
 * Under -icount the event counts the instructions of all CPUs. Each round is counted for itself and the median reported: a round
 * in which another CPU executed something is no median. What two CPUs do together is counted with all levels.
 */
#include <jailhouse/hypercall.h>

#include "inmate.h"

#define ROUNDS	     1000
#define INST_RETIRED 8ULL
#define EL2_ONLY     (1ULL << 31 | 1ULL << 30 | 1ULL << 27 | INST_RETIRED)
#define ALL_LEVELS   (1ULL << 27 | INST_RETIRED)
#define PSCI_VERSION 0x84000000
#define PSCI_CPU_ON  0xc4000003
#define PSCI_OFF     0x84000008
#define TIMER_HERTZ  10000
#define SGI	     1
#ifndef BARE
#define BARE 0
#endif

enum counter { EL2, ALL };

static void counters_start(void)
{
	write_sysreg(pmevtyper0_el0, EL2_ONLY);
	write_sysreg(pmevtyper1_el0, ALL_LEVELS);
	write_sysreg(pmcntenset_el0, 3);
	write_sysreg(pmcr_el0, 3); /* E: on, P: from zero */
	asm volatile("isb");
}

static uint32_t counter(enum counter which)
{
	asm volatile("isb");
	return (uint32_t)(which == EL2 ? read_sysreg(pmevcntr0_el0) : read_sysreg(pmevcntr1_el0));
}

static uint32_t median(uint32_t *values)
{
	for (unsigned int i = 1; i < ROUNDS; i++)
		for (unsigned int j = i; j && values[j - 1] > values[j]; j--) {
			uint32_t swapped = values[j];

			values[j] = values[j - 1];
			values[j - 1] = swapped;
		}
	return values[ROUNDS / 2];
}

static uint32_t rounds(enum counter which, void (*act)(void))
{
	static uint32_t values[ROUNDS];

	act(); /* the first one may fill something that the others find */
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint32_t before = counter(which);

		act();
		values[i] = counter(which) - before;
	}
	return median(values);
}

static void nothing(void)
{
}

static void count(const char *name, enum counter which, void (*act)(void))
{
	print("count: %s %u\n", name, rounds(which, act) - (which == ALL ? rounds(ALL, nothing) : 0));
}

static int64_t psci(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
	register uint64_t x0 asm("x0") = function;
	register uint64_t x1 asm("x1") = a1;
	register uint64_t x2 asm("x2") = a2;
	register uint64_t x3 asm("x3") = a3;

	if (BARE) /* the emulator's PSCI, when there is no EL2 */
		asm volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	else
		asm volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
	return (int64_t)x0;
}

static void unknown_hypercall(void)
{
	hypercall(0xfff, 0);
}

static void psci_version(void)
{
	psci(PSCI_VERSION, 0, 0, 0);
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

static void timer_interrupt_asleep(void)
{
	uint64_t before = read_sysreg(cntv_cval_el0);

	while (read_sysreg(cntv_cval_el0) == before)
		asm volatile("wfi");
}

/* The other CPU: sends back what it gets. */
static uint64_t other_stack[512] __attribute__((aligned(16)));
static uint64_t first_mpidr, other_mpidr, vectors;
static volatile bool other_ready;

static void sgi_send(uint64_t mpidr)
{
	/* ICC_SGI1R_EL1: INTID 27:24, Aff1 23:16, target list 15:0. */
	write_sysreg(S3_0_C12_C11_5, (uint64_t)SGI << 24 | (mpidr & 0xff00) << 8 | 1ULL << (mpidr & 0xf));
	asm volatile("isb");
}

/* Interrupts stay masked: WFI wakes all the same, and the interrupt is acknowledged here. */
static void sgi_wait(void)
{
	uint64_t intid;

	do {
		asm volatile("dsb sy\n wfi" : : : "memory");
		intid = read_sysreg(S3_0_C12_C12_0); /* ICC_IAR1_EL1 */
		if (intid < 1020)
			write_sysreg(S3_0_C12_C12_1, intid); /* ICC_EOIR1_EL1 */
	} while (intid != SGI);
}

void other_main(void);
void other_main(void)
{
	mmu_init();
	write_sysreg(vbar_el1, vectors);
	gic_init();
	gic_enable_ppi(SGI);
	other_ready = true;
	for (;;) {
		sgi_wait();
		sgi_send(first_mpidr);
	}
}

/* CPU_ON's context arrives in x0: the top of the stack. */
extern char other_entry[];
asm("	.text\n"
    "other_entry:\n"
    "	mov	sp, x0\n"
    "	b	other_main\n");

static void other_start(void)
{
	int64_t result;

	first_mpidr = read_sysreg(mpidr_el1) & 0xff00ffffffULL;
	other_mpidr = first_mpidr + 1;
	vectors = read_sysreg(vbar_el1);
	gic_enable_ppi(SGI); /* before the other CPU finds its own redistributor */
	result = psci(PSCI_CPU_ON, other_mpidr, (uint64_t)other_entry, (uint64_t)(other_stack + 512));
	if (result)
		print("count: the other CPU does not start: %ld\n", result);
	while (!other_ready)
		asm volatile("yield");
}

static void ipi(void)
{
	sgi_send(other_mpidr);
	sgi_wait();
}

static void pl011_write(void)
{
	*(volatile uint32_t *)INMATE_COMM->console.address = '\r';
}

static void count_exits(void)
{
	count("nothing", EL2, nothing);
	count("hypercall", EL2, unknown_hypercall);
	count("psci_version", EL2, psci_version);
	count("gicd_typer_read", EL2, gicd_typer);
	count("gicd_isenabler_read", EL2, gicd_isenabler1);
	count("pl011_write", EL2, pl011_write);
	timer_start(TIMER_HERTZ);
	count("timer_irq_running", EL2, timer_interrupt);
	count("timer_irq_wfi", EL2, timer_interrupt_asleep);
	asm volatile("msr daifset, #2");
	write_sysreg(cntv_ctl_el0, 0);
}

void inmate_main(void)
{
	counters_start();
	if (!BARE)
		count_exits();
	other_start();
	count("ipi_round_trip", ALL, ipi);
	print("count: done\n");
	if (BARE)
		psci(PSCI_OFF, 0, 0, 0);
}
