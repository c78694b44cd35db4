/* SPDX-License-Identifier: MIT */
/*
 * What cells of board suites ask firmware and hypervisor, by every conduit and with all registers that SMCCC (Arm DEN 0028) speaks
 * of. The numbers are those of PSCI (Arm DEN 0022) in its 32-bit convention.
 */
#ifndef CALLS_H
#define CALLS_H

#include <stdint.h>

#define CALL_REGISTERS 18

/* x0 to x17: in, then out. */
struct registers {
	uint64_t x[CALL_REGISTERS];
};

void call_smc(struct registers *registers);
void call_smc_1(struct registers *registers); /* other immediates */
void call_smc_ffff(struct registers *registers);
void call_hvc(struct registers *registers);
void call_hvc_1(struct registers *registers);
void call_hvc_ffff(struct registers *registers);
void call_hypercall(struct registers *registers);

#define PSCI_VERSION	      0x84000000ull
#define PSCI_CPU_SUSPEND      0x84000001ull
#define PSCI_CPU_OFF	      0x84000002ull
#define PSCI_CPU_ON	      0x84000003ull
#define PSCI_AFFINITY_INFO    0x84000004ull
#define PSCI_MIGRATE_TYPE     0x84000006ull
#define PSCI_SYSTEM_OFF	      0x84000008ull
#define PSCI_SYSTEM_RESET     0x84000009ull
#define PSCI_FEATURES	      0x8400000aull
#define PSCI_SYSTEM_RESET2    0x84000012ull
#define PSCI_POWERDOWN	      0x10000ull /* in CPU_SUSPEND's first argument */
#define SMCCC_VERSION	      0x80000000ull
#define SMCCC_ARCH_FEATURES   0x80000001ull
#define SMCCC_64	      0x40000000ull /* the 64-bit convention */

#define PSCI_NOT_SUPPORTED	(-1)
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_ALREADY_ON		(-4)
#define PSCI_INVALID_ADDRESS	(-9)

#endif
