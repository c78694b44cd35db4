/* SPDX-License-Identifier: MIT */
/* PSCI: Arm DEN 0022, version 1.1. */
#ifndef HV_ARCH_PSCI_H
#define HV_ARCH_PSCI_H

#include <stdbool.h>
#include <stdint.h>

#include "smccc.h"

struct cpu;

/* 32 function ids, and with SMCCC_64 set the same with 64-bit arguments. */
#define PSCI_FIRST	0x84000000u
#define PSCI_NUMBER(id)	((id) & 0x1f)

static inline bool psci_is_call(uint32_t id)
{
	return (id & ~(SMCCC_64 | 0x1fu)) == PSCI_FIRST;
}

/* One call of the guest on cpu; arg has x1 to x3. The result goes into x0. May not return. */
int64_t psci_call(struct cpu *cpu, uint32_t id, const uint64_t arg[3]);

#endif
