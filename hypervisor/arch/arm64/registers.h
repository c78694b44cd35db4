/* SPDX-License-Identifier: MIT */
/* Registers that are known by number, and what this CPU has. DDI 0487, D19. */
#ifndef HV_ARCH_REGISTERS_H
#define HV_ARCH_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "sysreg.h"

/* registers.S. The register must exist. */
uint64_t id_register_read(uint64_t index);	/* CRm * 8 + op2 */
uint64_t debug_register_read(uint64_t index);
void debug_register_write(uint64_t index, uint64_t value);
uint64_t pmu_register_read(uint64_t index);
void pmu_register_write(uint64_t index, uint64_t value);

#define DBGBVR(n)	(4 * (n))
#define DBGBCR(n)	(4 * (n) + 1)
#define DBGWVR(n)	(4 * (n) + 2)
#define DBGWCR(n)	(4 * (n) + 3)
#define PMEVCNTR(n)	(n)
#define PMEVTYPER(n)	(32 + (n))
#define PMCCFILTR	63

/* ID registers: a feature is there when its field is not 0. */
#define ID_FIELD(shift)	(0xfULL << (shift))
#define PFR0_RAS	ID_FIELD(28)
#define PFR0_SVE	ID_FIELD(32)
#define PFR0_AMU	ID_FIELD(44)
#define PFR0_CSV2	ID_FIELD(56)
#define PFR1_SSBS	ID_FIELD(4)
#define PFR1_MTE	ID_FIELD(8)
#define PFR1_SME	ID_FIELD(24)
#define PFR1_CSV2_FRAC	ID_FIELD(32)
#define PFR1_NMI	ID_FIELD(36)
#define DFR0_TRACE	ID_FIELD(4)
#define DFR0_PMU	ID_FIELD(8)
#define   PMU_3P5	6		/* with HPMD and HCCD: EL2 can keep both kinds of counters off itself */
#define   PMU_OTHER	15		/* not the architecture's */
#define DFR0_BREAKPOINTS ID_FIELD(12)	/* one less */
#define DFR0_WATCHPOINTS ID_FIELD(20)	/* one less */
#define DFR0_SPE	ID_FIELD(32)
#define DFR0_TRACE_FILTER ID_FIELD(40)
#define DFR0_TRACE_BUFFER ID_FIELD(44)
#define ISAR1_PAUTH	(ID_FIELD(4) | ID_FIELD(8) | ID_FIELD(24) | ID_FIELD(28))
#define ISAR2_PAUTH	(ID_FIELD(8) | ID_FIELD(12))
#define MMFR1_LO	ID_FIELD(16)
#define MMFR1_PAN	ID_FIELD(20)

/* Names that an assembler for Armv8.0 does not know. */
#define ID_AA64ISAR2_EL1	S3_0_C0_C6_2
#define ZCR_EL1		S3_0_C1_C2_0
#define ZCR_EL2		S3_4_C1_C2_0
#define SMPRI_EL1	S3_0_C1_C2_4
#define SMCR_EL1	S3_0_C1_C2_6
#define SVCR		S3_3_C4_C2_2
#define TPIDR2_EL0	S3_3_C13_C0_5
#define SCXTNUM_EL0	S3_3_C13_C0_7
#define SCXTNUM_EL1	S3_0_C13_C0_7
#define DISR_EL1	S3_0_C12_C1_1
#define PMSCR_EL1	S3_0_C9_C9_0
#define PMBLIMITR_EL1	S3_0_C9_C10_0
#define PMBIDR_EL1	S3_0_C9_C10_7
#define TRBLIMITR_EL1	S3_0_C9_C11_0
#define TRBIDR_EL1	S3_0_C9_C11_7
#define TRFCR_EL1	S3_0_C1_C2_1
#define   BUFFER_FOREIGN BIT64(4)	/* of both ID registers: EL3 owns the buffer */

static inline bool cpu_has_sve(void)
{
	return read_sysreg(id_aa64pfr0_el1) & PFR0_SVE;
}

static inline bool cpu_has_sme(void)
{
	return read_sysreg(id_aa64pfr1_el1) & PFR1_SME;
}

/* FEAT_CSV2_2 or FEAT_CSV2_1p2. */
static inline bool cpu_has_scxtnum(void)
{
	return FIELD_GET(PFR0_CSV2, read_sysreg(id_aa64pfr0_el1)) >= 2 ||
	       FIELD_GET(PFR1_CSV2_FRAC, read_sysreg(id_aa64pfr1_el1)) == 2;
}

/* 0: none of the architecture's. */
static inline unsigned int cpu_pmu_version(void)
{
	unsigned int version = (unsigned int)FIELD_GET(DFR0_PMU, read_sysreg(id_aa64dfr0_el1));

	return version == PMU_OTHER ? 0 : version;
}

static inline unsigned int cpu_pmu_counters(void)
{
	return read_sysreg(pmcr_el0) >> 11 & 31;	/* PMCR_EL0.N */
}

#endif
