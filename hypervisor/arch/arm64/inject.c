// SPDX-License-Identifier: MIT
/* Taking an exception to EL1: AArch64.TakeException() of DDI 0487, J1.1, done to the guest that comes back from EL2. */
#include "inject.h"

#include "registers.h"

#define SCTLR_SPAN	BIT64(23)	/* leave PSTATE.PAN alone */
#define SCTLR_DSSBS	BIT64(44)	/* what PSTATE.SSBS becomes */
#define SCTLR_SPINTMASK	BIT64(62)	/* leave PSTATE.ALLINT clear */

/* PSTATE at the first instruction of the handler. NZCV and DIT stay; SS, IL, UAO and BTYPE are clear. */
static uint64_t handler_state(uint64_t from)
{
	uint64_t state = (from & (SPSR_NZCV | SPSR_DIT)) | SPSR_EL1H_MASKED, sctlr = read_sysreg(sctlr_el1);
	uint64_t pfr1 = read_sysreg(id_aa64pfr1_el1);

	if (FIELD_GET(MMFR1_PAN, read_sysreg(id_aa64mmfr1_el1)))
		state |= sctlr & SCTLR_SPAN ? from & SPSR_PAN : SPSR_PAN;
	if (FIELD_GET(PFR1_SSBS, pfr1) && (sctlr & SCTLR_DSSBS))
		state |= SPSR_SSBS;
	if (FIELD_GET(PFR1_MTE, pfr1))
		state |= SPSR_TCO;
	if (FIELD_GET(PFR1_NMI, pfr1) && !(sctlr & SCTLR_SPINTMASK))
		state |= SPSR_ALLINT;
	return state;
}

static bool from_el0(uint64_t spsr)
{
	return spsr & SPSR_AARCH32 || !(spsr & SPSR_EL);
}

static uint64_t vector(uint64_t spsr)
{
	if (spsr & SPSR_AARCH32)
		return 0x600;
	if (from_el0(spsr))
		return 0x400;
	return spsr & SPSR_SP_ELX ? 0x200 : 0;
}

static void take_exception(uint64_t esr)
{
	uint64_t spsr = read_sysreg(spsr_el2);

	write_sysreg(esr_el1, esr);
	write_sysreg(elr_el1, read_sysreg(elr_el2));
	write_sysreg(spsr_el1, spsr);
	write_sysreg(elr_el2, read_sysreg(vbar_el1) + vector(spsr));
	write_sysreg(spsr_el2, handler_state(spsr));
}

void inject_undefined(void)
{
	take_exception(FIELD_PREP(ESR_EC, EC_UNKNOWN) | ESR_IL);
}

/*
 * At EL1 the syndrome has no register of the access (ISV = 0), so IL is set whatever the instruction was. Of a walk only the level at
 * which stage 2 ended is known, not how far the guest's own tables went.
 */
void inject_external_abort(uint64_t esr)
{
	bool fetch = FIELD_GET(ESR_EC, esr) == EC_IABT_LOWER;
	uint64_t ec = fetch ? EC_IABT_LOWER : EC_DABT_LOWER;
	uint64_t iss = esr & (fetch ? ABT_FNV : ABT_FNV | DABT_CM | DABT_WNR);

	if (esr & ABT_S1PTW)
		iss |= FSC_EXTERNAL_ON_WALK | (esr & FSC_LEVEL);
	else
		iss |= FSC_EXTERNAL;
	if (!from_el0(read_sysreg(spsr_el2)))
		ec++;		/* the same, without a change of level */
	write_sysreg(far_el1, read_sysreg(far_el2));
	take_exception(FIELD_PREP(ESR_EC, ec) | ESR_IL | iss);
}
