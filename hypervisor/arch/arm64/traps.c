// SPDX-License-Identifier: MIT
/*
 * Root has what the kernel let through before we came. A cell has what can be cleaned when the CPU changes hands (reset.c); the
 * rest is hidden: gone from the ID registers, and undefined when it is tried all the same.
 */
#include "traps.h"

#include <hv/cell.h>

#include "guest.h"
#include "registers.h"

/* CPTR_EL2, without VHE. TZ and TSM are RES1 where there is nothing to trap. */
#define CPTR_RES1	0x22ffULL
#define CPTR_TZ		BIT64(8)
#define CPTR_TSM	BIT64(12)
#define CPTR_TTA	BIT64(20)
#define CPTR_TAM	BIT64(30)

#define MDCR_TPM	BIT64(6)
#define MDCR_TDA	BIT64(9)
#define MDCR_TDOSA	BIT64(10)
#define MDCR_TPMS	BIT64(14)
#define MDCR_HPMD	BIT64(17)
#define MDCR_TTRF	BIT64(19)
#define MDCR_HCCD	BIT64(23)

#define ZCR_LONGEST	0xfULL

/* PMEVTYPER and PMCCFILTR: counts EL2, Realm's EL2, what other threads of the core do. */
#define FILTER_FOREIGN	(BIT64(27) | BIT64(20) | BIT64(25))

#define MDSCR_SELF_HOSTED (BIT64(0) | BIT64(12) | BIT64(13) | BIT64(15))	/* SS, TDCC, KDE, MDE: not HDE */
#define OSLSR_UNLOCKED	BIT64(3)
#define CLAIM_BITS	0xffULL

static uint64_t present(uint64_t id_register, uint64_t field, uint64_t trap)
{
	return id_register & field ? trap : 0;
}

void traps_remember(struct cpu *cpu)
{
	cpu->stub_hcr = read_sysreg(hcr_el2);
	cpu->stub_cptr = read_sysreg(cptr_el2);
	cpu->stub_mdcr = read_sysreg(mdcr_el2);
}

static uint64_t cptr_open(void)
{
	return CPTR_RES1 | (cpu_has_sve() ? 0 : CPTR_TZ) | (cpu_has_sme() ? 0 : CPTR_TSM);
}

void traps_open(void)
{
	write_sysreg(cptr_el2, cptr_open());
	isb();
	if (cpu_has_sve()) {
		write_sysreg(ZCR_EL2, ZCR_LONGEST);
		isb();
	}
}

static uint64_t cell_hcr(void)
{
	uint64_t hcr = HCR_VM | HCR_SWIO | HCR_PTW | HCR_TWI | HCR_TID3 | HCR_TSC | HCR_TIDCP | HCR_TACR | HCR_RW |
		       HCR_APK | HCR_API;

	hcr |= present(read_sysreg(id_aa64mmfr1_el1), MMFR1_LO, HCR_TLOR);
	hcr |= present(read_sysreg(id_aa64pfr0_el1), PFR0_RAS, HCR_TERR);
	return hcr | (cpu_has_scxtnum() ? HCR_ENSCXT : 0);
}

static uint64_t cell_cptr(void)
{
	return cptr_open() | CPTR_TSM | present(read_sysreg(id_aa64pfr0_el1), PFR0_AMU, CPTR_TAM) |
	       present(read_sysreg(id_aa64dfr0_el1), DFR0_TRACE, CPTR_TTA);
}

/*
 * Whoever counts instructions and cycles of EL2 learns what others make it do. Where the PMU cannot be told to stop at EL2, its
 * registers trap, and the filters lose the bits that let EL2 in.
 */
static uint64_t cell_mdcr_pmu(const struct cell *cell)
{
	unsigned int version = cpu_pmu_version();
	uint64_t mdcr = version ? cpu_pmu_counters() : 0;	/* HPMN: all are the guest's */

	if (cell->config->flags & JH_CELL_COUNT_EL2)
		return mdcr;
	return mdcr | (version >= PMU_3P5 ? MDCR_HPMD | MDCR_HCCD : MDCR_TPM);
}

static uint64_t cell_mdcr(const struct cell *cell)
{
	uint64_t dfr0 = read_sysreg(id_aa64dfr0_el1);

	return cell_mdcr_pmu(cell) | MDCR_TDA | MDCR_TDOSA | present(dfr0, DFR0_SPE, MDCR_TPMS) |
	       present(dfr0, DFR0_TRACE_FILTER, MDCR_TTRF);
}

void traps_load(const struct cpu *cpu)
{
	bool root = cpu->cell == &root_cell;

	write_sysreg(hcr_el2, root ? cpu->stub_hcr | HCR_VM | HCR_SWIO | HCR_TSC | HCR_RW | HCR_APK | HCR_API :
				     cell_hcr());
	write_sysreg(cptr_el2, root ? cpu->stub_cptr : cell_cptr());
	write_sysreg(mdcr_el2, root ? cpu->stub_mdcr : cell_mdcr(cpu->cell));
}

/*
 * Fields of ID registers that a cell reads as zero, a bit for each four of the register's: memory tagging, SME, what
 * counts, records or traces, what cannot be reset.
 */
#define FIELD(shift)	(1u << (shift) / 4)
static const struct {
	uint8_t index;		/* CRm * 8 + op2 */
	uint16_t fields;
} hidden[] = {
	{ 4 * 8 + 0, FIELD(28) | FIELD(40) | FIELD(44) },	/* ID_AA64PFR0_EL1: RAS, MPAM, AMU */
	/* ID_AA64PFR1_EL1: MTE, RAS_frac, MPAM_frac, SME, NMI, MTE_frac, MTEX */
	{ 4 * 8 + 1, FIELD(8) | FIELD(12) | FIELD(16) | FIELD(24) | FIELD(36) | FIELD(40) | FIELD(52) },
	{ 4 * 8 + 5, 0xffff },					/* ID_AA64SMFR0_EL1 */
	/* ID_AA64DFR0_EL1: TraceVer, PMSVer, TraceFilt, TraceBuffer, BRBE */
	{ 5 * 8 + 0, FIELD(4) | FIELD(32) | FIELD(40) | FIELD(44) | FIELD(52) },
	{ 5 * 8 + 1, 0xffff },					/* ID_AA64DFR1_EL1 */
	{ 7 * 8 + 1, FIELD(16) },				/* ID_AA64MMFR1_EL1: LO */
	{ 7 * 8 + 3, 0xffff },					/* ID_AA64MMFR3_EL1 */
};

static uint64_t visible(unsigned int index)
{
	uint64_t mask = ~0ULL;

	for (unsigned int i = 0; i < ARRAY_SIZE(hidden); i++)
		for (unsigned int field = 0; field < 16; field++)
			if (hidden[i].index == index && hidden[i].fields >> field & 1)
				mask &= ~ID_FIELD(4 * field);
	return mask;
}

static bool access_id(unsigned int crm, unsigned int op2, bool read, uint64_t *value)
{
	unsigned int index = crm * 8 + op2;

	if (!read || crm < 1 || crm > 7)
		return false;
	*value = id_register_read(index) & visible(index);
	return true;
}

static bool access_breakpoint(unsigned int crm, unsigned int op2, bool read, uint64_t *value)
{
	uint64_t dfr0 = read_sysreg(id_aa64dfr0_el1), index = 4 * crm + op2 - 4;

	if (crm > FIELD_GET(op2 < 6 ? DFR0_BREAKPOINTS : DFR0_WATCHPOINTS, dfr0))
		return false;
	if (read)
		*value = debug_register_read(index);
	else
		debug_register_write(index, *value);
	return true;
}

/* Halting and the channel to an external debugger are the board's: there is nobody, whatever the cell says. */
static bool access_debug(uint64_t key, bool read, uint64_t *value)
{
	unsigned int crm = (unsigned int)SYS_CRM(key), op2 = (unsigned int)SYS_OP2(key);

	if (SYS_OP1(key) != 0 && SYS_OP1(key) != 3)
		return false;	/* trace */
	if (!SYS_OP1(key) && !SYS_CRN(key) && op2 >= 4)
		return access_breakpoint(crm, op2, read, value);
	if (key == SYS(2, 0, 0, 2, 2)) {	/* MDSCR_EL1 */
		if (read)
			*value = read_sysreg(mdscr_el1);
		else
			write_sysreg(mdscr_el1, *value & MDSCR_SELF_HOSTED);
		return true;
	}
	*value = key == SYS(2, 0, 1, 1, 4) ? OSLSR_UNLOCKED :	/* OSLSR_EL1 */
			 key == SYS(2, 0, 7, 8, 6) ? CLAIM_BITS :
						     0; /* DBGCLAIMSET_EL1 */
	return true;
}

static bool access_counter(unsigned int crm, unsigned int op2, bool read, uint64_t *value)
{
	unsigned int index = 8 * (crm - 8) + op2;

	if (index != PMCCFILTR && index % 32 >= cpu_pmu_counters())
		return false;
	if (read)
		*value = pmu_register_read(index);
	else
		pmu_register_write(index, index >= PMEVTYPER(0) ? *value & ~FILTER_FOREIGN : *value);
	return true;
}

/* By PMSELR_EL0: the same registers. The cell has selected before, and a value that does not exist it has not got. */
static bool access_selected(bool filter, bool read, uint64_t *value)
{
	unsigned int selected = read_sysreg(pmselr_el0) & 31;

	if (selected == 31 && !filter)
		return false;
	return access_counter((filter ? 12 : 8) + selected / 8, selected % 8, read, value);
}

#define FORWARD(name)                               \
	do {                                        \
		if (read)                           \
			*value = read_sysreg(name); \
		else                                \
			write_sysreg(name, *value); \
		return true;                        \
	} while (0)

/* A register that can only be read ignores what is written, one that can only be written reads as zero. */
static bool access_pmu(uint64_t key, bool read, uint64_t *value)
{
	switch (key) {
	case SYS(3, 3, 9, 12, 0):
		FORWARD(pmcr_el0);
	case SYS(3, 3, 9, 12, 1):
		FORWARD(pmcntenset_el0);
	case SYS(3, 3, 9, 12, 2):
		FORWARD(pmcntenclr_el0);
	case SYS(3, 3, 9, 12, 3):
		FORWARD(pmovsclr_el0);
	case SYS(3, 3, 9, 14, 3):
		FORWARD(pmovsset_el0);
	case SYS(3, 3, 9, 12, 5):
		FORWARD(pmselr_el0);
	case SYS(3, 3, 9, 13, 0):
		FORWARD(pmccntr_el0);
	case SYS(3, 3, 9, 14, 0):
		FORWARD(pmuserenr_el0);
	case SYS(3, 0, 9, 14, 1):
		FORWARD(pmintenset_el1);
	case SYS(3, 0, 9, 14, 2):
		FORWARD(pmintenclr_el1);
	case SYS(3, 3, 9, 13, 1):
		return access_selected(true, read, value);
	case SYS(3, 3, 9, 13, 2):
		return access_selected(false, read, value);
	case SYS(3, 3, 9, 12, 4):	/* PMSWINC_EL0 */
		if (!read)
			write_sysreg(pmswinc_el0, *value);
		*value = 0;
		return true;
	case SYS(3, 3, 9, 12, 6):
		*value = read_sysreg(pmceid0_el0);
		return true;
	case SYS(3, 3, 9, 12, 7):
		*value = read_sysreg(pmceid1_el0);
		return true;
	default:
		return false;
	}
}

bool traps_sysreg(uint64_t key, bool read, uint64_t *value)
{
	unsigned int crm = (unsigned int)SYS_CRM(key), op2 = (unsigned int)SYS_OP2(key);

	if (SYS_OP0(key) == 2)
		return access_debug(key, read, value);
	if (key == SYS(3, 0, 1, 0, 1)) {	/* ACTLR_EL1: implementation defined; reads as zero, keeps nothing */
		*value = 0;
		return true;
	}
	if (SYS_OP1(key) == 0 && SYS_CRN(key) == 0)
		return access_id(crm, op2, read, value);
	if (!cpu_pmu_version())
		return false;
	if (SYS_OP1(key) == 3 && SYS_CRN(key) == 14 && crm >= 8)
		return access_counter(crm, op2, read, value);
	return access_pmu(key, read, value);
}
