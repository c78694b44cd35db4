// SPDX-License-Identifier: MIT
/*
 * Calls of a guest to what it takes for firmware, by SMC or HVC #0. Nothing parks a CPU for asking: what is not
 * offered answers NOT_SUPPORTED. x4 to x17 are kept, and so are x1 to x3 where a call has no result in them.
 */
#include "smccc.h"

#include <hv/cpu.h>

#include "../../lib/bits.h"
#include "guest.h"
#include "psci.h"

#define VERSION_1_2	0x10002

static int64_t forward(struct guest_regs *regs)
{
	const uint64_t in[8] = { (uint32_t)regs->x[0], regs->x[1] };
	uint64_t out[4];

	call_firmware(in, out);
	return (int64_t)out[0];
}

/* The firmware knows what this CPU and board need. One without SMCCC 1.1 answers NOT_SUPPORTED too. */
static int64_t arch_features(struct guest_regs *regs)
{
	switch ((uint32_t)regs->x[1]) {
	case SMCCC_VERSION:
	case SMCCC_ARCH_FEATURES:
		return SMCCC_SUCCESS;
	case SMCCC_ARCH_SOC_ID:
	case SMCCC_WORKAROUND_1:
	case SMCCC_WORKAROUND_2:
	case SMCCC_WORKAROUND_3:
		return forward(regs);
	default:
		return SMCCC_NOT_SUPPORTED;
	}
}

static COLD int64_t arch_call(struct guest_regs *regs)
{
	switch ((uint32_t)regs->x[0]) {
	case SMCCC_VERSION:
		return VERSION_1_2;
	case SMCCC_ARCH_FEATURES:
		return arch_features(regs);
	case SMCCC_ARCH_SOC_ID:
	case SMCCC_WORKAROUND_1:
	case SMCCC_WORKAROUND_2:
	case SMCCC_WORKAROUND_3:
		return forward(regs);
	default:
		return SMCCC_NOT_SUPPORTED;
	}
}

void smccc_call(struct cpu *cpu, struct guest_regs *regs, uint64_t immediate)
{
	uint32_t function = (uint32_t)regs->x[0];

	if (immediate) {
		cpu->stats[JH_CPU_STAT_VMEXITS_SMCCC]++;
		regs->x[0] = (uint64_t)SMCCC_NOT_SUPPORTED;	/* nobody's */
	} else if (psci_is_call(function)) {
		cpu->stats[JH_CPU_STAT_VMEXITS_PSCI]++;
		regs->x[0] = (uint64_t)psci_call(cpu, function, &regs->x[1]);
	} else {
		cpu->stats[JH_CPU_STAT_VMEXITS_SMCCC]++;
		regs->x[0] = (uint64_t)arch_call(regs);
	}
}
