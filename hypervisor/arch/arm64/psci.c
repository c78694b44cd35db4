// SPDX-License-Identifier: MIT
/* PSCI (Arm DEN 0022) and SMCCC (DEN 0028) for cells and root. Nothing parks a CPU for asking. */
#include <hv/cell.h>
#include <hv/cpu.h>

#include "guest.h"
#include "sysreg.h"

#define PSCI_VERSION		0x84000000u
#define PSCI_CPU_SUSPEND	0x84000001u
#define PSCI_CPU_OFF		0x84000002u
#define PSCI_CPU_ON		0x84000003u
#define PSCI_AFFINITY_INFO	0x84000004u
#define PSCI_MIGRATE_INFO_TYPE	0x84000006u
#define PSCI_SYSTEM_OFF		0x84000008u
#define PSCI_SYSTEM_RESET	0x84000009u
#define PSCI_FEATURES		0x8400000au
#define SMCCC_VERSION		0x80000000u
#define SMCCC_FEATURES		0x80000001u
#define FAST_CALL_64		0x40000000u

#define NOT_SUPPORTED		(-1L)
#define INVALID_PARAMETERS	(-2L)
#define ALREADY_ON		(-4L)

int call_firmware(const uint64_t in[8], uint64_t out[4]);

static struct cpu *target_of(const struct cell *cell, uint64_t mpidr)
{
	for (unsigned int i = 0; i < HV_MAX_CPUS; i++)
		if (cpus[i] && cpus[i]->cell == cell && cpus[i]->mpidr == (mpidr & 0xff00ffffffULL))
			return cpus[i];
	return NULL;
}

static struct spinlock power_lock;	/* two CPUs may turn on the same third one */

static long cpu_on(struct cpu *cpu, const struct guest_regs *regs)
{
	struct cpu *target = target_of(cpu->cell, regs->x[1]);
	long result = ALREADY_ON;

	if (!target)
		return INVALID_PARAMETERS;
	spin_lock(&power_lock);
	if (cpu_state(target) == CPU_PARKED && !target->run) {
		cpu_run(target, regs->x[2], regs->x[3]);
		result = 0;
	}
	spin_unlock(&power_lock);
	return result;
}

static long affinity_info(const struct cpu *cpu, uint64_t mpidr)
{
	const struct cpu *target = target_of(cpu->cell, mpidr);

	if (!target)
		return INVALID_PARAMETERS;
	return cpu_state(target) == CPU_PARKED && !target->run;	/* 0 on, 1 off */
}

static long features(uint32_t function)
{
	switch (function & ~FAST_CALL_64) {
	case PSCI_VERSION:
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_OFF:
	case PSCI_CPU_ON:
	case PSCI_AFFINITY_INFO:
	case PSCI_MIGRATE_INFO_TYPE:
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
	case PSCI_FEATURES:
	case SMCCC_VERSION:
		return 0;
	default:
		return NOT_SUPPORTED;
	}
}

/* Of the root cell: the board's. Of a cell: its own end; the others never notice. */
static void system_off(struct cpu *cpu, struct guest_regs *regs, uint32_t function)
{
	uint64_t in[8] = { function }, out[4];

	if (cpu->cell == &root_cell) {
		call_firmware(in, out);
		regs->x[0] = out[0];
		return;
	}
	cell_fail(cpu->cell, function == PSCI_SYSTEM_OFF ? "system-off" : "system-reset",
		  function == PSCI_SYSTEM_OFF ? "The cell switched itself off (PSCI SYSTEM_OFF)." :
						"The cell asked for its reset (PSCI SYSTEM_RESET).");
	cpu_park(cpu, regs);
}

void smccc_call(struct cpu *cpu, struct guest_regs *regs)
{
	uint32_t function = (uint32_t)regs->x[0];

	cpu->stats[(function & 0x3f000000) == 0x04000000 ? JH_CPU_STAT_VMEXITS_PSCI : JH_CPU_STAT_VMEXITS_SMCCC]++;
	switch (function) {
	case PSCI_VERSION:
		regs->x[0] = 0x10001;
		break;
	case PSCI_CPU_SUSPEND:
	case PSCI_CPU_SUSPEND | FAST_CALL_64:
		gic_guest_wfi(cpu);
		regs->x[0] = 0;
		break;
	case PSCI_CPU_OFF:
		cpu_park(cpu, regs);
		break;
	case PSCI_CPU_ON:
	case PSCI_CPU_ON | FAST_CALL_64:
		regs->x[0] = (uint64_t)cpu_on(cpu, regs);
		break;
	case PSCI_AFFINITY_INFO:
	case PSCI_AFFINITY_INFO | FAST_CALL_64:
		regs->x[0] = (uint64_t)affinity_info(cpu, regs->x[1]);
		break;
	case PSCI_MIGRATE_INFO_TYPE:
		regs->x[0] = 2;		/* no trusted OS, nothing to migrate */
		break;
	case PSCI_SYSTEM_OFF:
	case PSCI_SYSTEM_RESET:
		system_off(cpu, regs, function);
		break;
	case PSCI_FEATURES:
		regs->x[0] = (uint64_t)features((uint32_t)regs->x[1]);
		break;
	case SMCCC_VERSION:
		regs->x[0] = 0x10001;
		break;
	case SMCCC_FEATURES:
		regs->x[0] = (uint32_t)regs->x[1] == SMCCC_VERSION ? 0 : (uint64_t)NOT_SUPPORTED;
		break;
	default:
		regs->x[0] = (uint64_t)NOT_SUPPORTED;
		break;
	}
}
