/* SPDX-License-Identifier: MIT */
/* What a guest's system registers do: which ones it has, which ones trap, and what these do then. */
#ifndef HV_ARCH_TRAPS_H
#define HV_ARCH_TRAPS_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cpu.h>

/* On this CPU, before its traps are touched: what the kernel has set, which root keeps. */
void traps_remember(struct cpu *cpu);

/* On cpu itself, for the guest that is to run there: HCR_EL2, CPTR_EL2, MDCR_EL2, ZCR_EL2. */
void traps_load(const struct cpu *cpu);

/* FP, SVE and SME are EL2's to use, until traps_load(). */
void traps_open(void);

/*
 * A cell's access to a register that traps; key is SYS_KEY() of its syndrome. False: the cell does not have this
 * register, nothing was done.
 */
bool traps_sysreg(uint64_t key, bool read, uint64_t *value);

#endif
