// SPDX-License-Identifier: MIT
/*
 * A clean CPU: everything that EL1 and EL0 can read, use or be struck by of who ran here before. What a cell cannot
 * reach (traps.c) needs no reset: no cell has written it, and none reads it.
 */
#include "guest.h"
#include "registers.h"
#include "traps.h"

#define SCTLR_EL1_RESET		0x30d00800ULL	/* RES1 bits: MMU and caches off */
#define CPACR_FP		(3ULL << 20)
#define PMCR_RESET		0x46ULL		/* LC; P, C: counters to zero; all off */

static void reset_translation(void)
{
	write_sysreg(sctlr_el1, SCTLR_EL1_RESET);
	write_sysreg(ttbr0_el1, 0);
	write_sysreg(ttbr1_el1, 0);
	write_sysreg(tcr_el1, 0);
	write_sysreg(mair_el1, 0);
	write_sysreg(amair_el1, 0);
	write_sysreg(contextidr_el1, 0);
	write_sysreg(par_el1, 0);
	write_sysreg(csselr_el1, 0);
}

static void reset_exceptions(void)
{
	write_sysreg(cpacr_el1, CPACR_FP);
	write_sysreg(vbar_el1, 0);
	write_sysreg(elr_el1, 0);
	write_sysreg(spsr_el1, 0);
	write_sysreg(spsr_abt, 0);
	write_sysreg(spsr_und, 0);
	write_sysreg(spsr_irq, 0);
	write_sysreg(spsr_fiq, 0);
	write_sysreg(esr_el1, 0);
	write_sysreg(far_el1, 0);
	write_sysreg(afsr0_el1, 0);
	write_sysreg(afsr1_el1, 0);
	write_sysreg(sp_el0, 0);
	write_sysreg(sp_el1, 0);
	if (read_sysreg(id_aa64pfr0_el1) & PFR0_RAS)
		write_sysreg(DISR_EL1, 0);
}

static void reset_threads(void)
{
	write_sysreg(tpidr_el0, 0);
	write_sysreg(tpidrro_el0, 0);
	write_sysreg(tpidr_el1, 0);
	write_sysreg(cntkctl_el1, 0);
	if (cpu_has_scxtnum()) {
		write_sysreg(SCXTNUM_EL0, 0);
		write_sysreg(SCXTNUM_EL1, 0);
	}
}

static void reset_keys(void)
{
	if (!(read_sysreg(id_aa64isar1_el1) & ISAR1_PAUTH) && !(read_sysreg(ID_AA64ISAR2_EL1) & ISAR2_PAUTH))
		return;
	write_sysreg(S3_0_C2_C1_0, 0);	/* APIAKeyLo_EL1, Hi */
	write_sysreg(S3_0_C2_C1_1, 0);
	write_sysreg(S3_0_C2_C1_2, 0);	/* APIBKey */
	write_sysreg(S3_0_C2_C1_3, 0);
	write_sysreg(S3_0_C2_C2_0, 0);	/* APDAKey */
	write_sysreg(S3_0_C2_C2_1, 0);
	write_sysreg(S3_0_C2_C2_2, 0);	/* APDBKey */
	write_sysreg(S3_0_C2_C2_3, 0);
	write_sysreg(S3_0_C2_C3_0, 0);	/* APGAKey */
	write_sysreg(S3_0_C2_C3_1, 0);
}

static void reset_debug(void)
{
	uint64_t dfr0 = read_sysreg(id_aa64dfr0_el1);

	write_sysreg(mdscr_el1, 0);
	write_sysreg(mdccint_el1, 0);
	for (unsigned int i = 0; i <= FIELD_GET(DFR0_BREAKPOINTS, dfr0); i++) {
		debug_register_write(DBGBCR(i), 0);
		debug_register_write(DBGBVR(i), 0);
	}
	for (unsigned int i = 0; i <= FIELD_GET(DFR0_WATCHPOINTS, dfr0); i++) {
		debug_register_write(DBGWCR(i), 0);
		debug_register_write(DBGWVR(i), 0);
	}
	/* Unlocked, as a cell is told by traps.c. */
	write_sysreg(osdlr_el1, 0);
	write_sysreg(oslar_el1, 0);
}

static void reset_pmu(void)
{
	if (!cpu_pmu_version())
		return;
	write_sysreg(pmcr_el0, PMCR_RESET);
	write_sysreg(pmcntenclr_el0, 0xffffffff);
	write_sysreg(pmintenclr_el1, 0xffffffff);
	for (unsigned int i = 0; i < cpu_pmu_counters(); i++) {
		pmu_register_write(PMEVTYPER(i), 0);
		pmu_register_write(PMEVCNTR(i), 0);
	}
	write_sysreg(pmccfiltr_el0, 0);
	write_sysreg(pmccntr_el0, 0);
	write_sysreg(pmovsclr_el0, 0xffffffff);
	write_sysreg(pmuserenr_el0, 0);
	write_sysreg(pmselr_el0, 0);
}

/* A buffer that is left on would go on writing memory, by translations that are somebody else's. */
static void stop_profiling(void)
{
	uint64_t dfr0 = read_sysreg(id_aa64dfr0_el1);

	if (dfr0 & DFR0_TRACE_FILTER)
		write_sysreg(TRFCR_EL1, 0);
	if (dfr0 & DFR0_SPE && !(read_sysreg(PMBIDR_EL1) & BUFFER_FOREIGN)) {
		write_sysreg(PMSCR_EL1, 0);
		isb();
		asm volatile("hint #17" : : : "memory");	/* PSB CSYNC */
		dsb(nsh);
		write_sysreg(PMBLIMITR_EL1, 0);
	}
	if (dfr0 & DFR0_TRACE_BUFFER && !(read_sysreg(TRBIDR_EL1) & BUFFER_FOREIGN)) {
		isb();
		asm volatile("hint #18" : : : "memory");	/* TSB CSYNC */
		dsb(nsh);
		write_sysreg(TRBLIMITR_EL1, 0);
	}
	isb();
}

static void reset_vectors(void)
{
	if (cpu_has_sme()) {
		write_sysreg(SVCR, 0);		/* not streaming; ZA is zeroed by who switches it on */
		write_sysreg(SMCR_EL1, 0);
		write_sysreg(SMPRI_EL1, 0);
		write_sysreg(TPIDR2_EL0, 0);
		isb();
	}
	if (cpu_has_sve()) {
		write_sysreg(ZCR_EL1, 0);
		sve_reset();
	}
	fp_reset();
}

void reset_guest_state(void)
{
	traps_open();
	stop_profiling();
	reset_translation();
	reset_exceptions();
	reset_threads();
	reset_keys();
	reset_debug();
	reset_pmu();
	reset_vectors();
}
