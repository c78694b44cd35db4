// SPDX-License-Identifier: MIT
/* Power of a cell's own CPUs. A parked CPU is what is off; a cell's system is the cell, root's is the board. */
#include "psci.h"

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/power.h>

#include "../../lib/bits.h"
#include "gic.h"
#include "guest.h"
#include "smccc.h"

#define PSCI_1_1		0x10001

/* The low bits of the function ids. */
enum number {
	VERSION = 0x00,
	CPU_SUSPEND = 0x01,
	CPU_OFF = 0x02,
	CPU_ON = 0x03,
	AFFINITY_INFO = 0x04,
	MIGRATE_INFO_TYPE = 0x06,
	SYSTEM_OFF = 0x08,
	SYSTEM_RESET = 0x09,
	FEATURES = 0x0a,
	SYSTEM_RESET2 = 0x12,
};

#define NOT_SUPPORTED		SMCCC_NOT_SUPPORTED
#define INVALID_PARAMETERS	(-2L)
#define ALREADY_ON		(-4L)
#define ON_PENDING		(-5L)
#define INVALID_ADDRESS		(-9L)

#define AFFINITY_ON		0
#define AFFINITY_OFF		1
#define AFFINITY_ON_PENDING	2

#define MIGRATE_NOT_NEEDED	2	/* there is no trusted OS that would have to be migrated */

/* power_state of CPU_SUSPEND, original format. */
#define SUSPEND_POWERDOWN	BIT64(16)
#define SUSPEND_RESERVED	(GENMASK64(31, 26) | GENMASK64(23, 17))

static struct cpu *target_of(const struct cpu *caller, uint64_t affinity)
{
	struct cpu *target = affinity & ~CPU_AFFINITY ? NULL : cpu_by_affinity(affinity);

	return target && target->cell == caller->cell ? target : NULL;
}

static int64_t affinity_state(const struct cpu *cpu)
{
	if (cpu_state(cpu) == CPU_IN_GUEST)
		return AFFINITY_ON;
	return __atomic_load_n(&cpu->run, __ATOMIC_ACQUIRE) ? AFFINITY_ON_PENDING : AFFINITY_OFF;
}

/* Standby keeps everything; a powerdown keeps nothing but what wakes the CPU. */
static COLD int64_t cpu_suspend(struct cpu *cpu, uint64_t power_state, uint64_t entry, uint64_t context)
{
	if (power_state & (SUSPEND_RESERVED | ~GENMASK64(31, 0)))
		return INVALID_PARAMETERS;
	if (!(power_state & SUSPEND_POWERDOWN)) {
		gic_guest_wfi(cpu);
		return SMCCC_SUCCESS;
	}
	if (!power_entry_allowed(cpu->cell, entry))
		return INVALID_ADDRESS;
	cpu_sleep(cpu, entry, context);
}

static COLD int64_t cpu_on(const struct cpu *cpu, uint64_t affinity, uint64_t entry, uint64_t context)
{
	struct cpu *target = target_of(cpu, affinity);

	if (!target)
		return INVALID_PARAMETERS;
	if (!power_entry_allowed(cpu->cell, entry))
		return INVALID_ADDRESS;
	if (!cpu_claim(target))
		return affinity_state(target) == AFFINITY_ON ? ALREADY_ON : ON_PENDING;
	cpu_run(target, entry, context);
	return SMCCC_SUCCESS;
}

/* Of one CPU at level 0; above, a group of CPUs is on when one of them is. */
static COLD int64_t affinity_info(const struct cpu *cpu, uint64_t affinity, uint64_t level)
{
	static const uint64_t same[] = { CPU_AFFINITY, 0xff00ffff00ULL, 0xff00ff0000ULL, 0xff00000000ULL };
	int64_t result = INVALID_PARAMETERS, state;

	if ((affinity & ~CPU_AFFINITY) || level >= ARRAY_SIZE(same))
		return INVALID_PARAMETERS;
	for (uint64_t left = cpu->cell->cpus; left && result != AFFINITY_ON; left &= left - 1) {
		const struct cpu *member = cpus[__builtin_ctzll(left)];

		if ((member->mpidr ^ affinity) & same[level])
			continue;
		state = affinity_state(member);
		if (result == INVALID_PARAMETERS || state != AFFINITY_OFF)
			result = state;
	}
	return result;
}

/* Root's is the board: the firmware does it, or says that it cannot. */
static int64_t board_call(uint32_t number, uint64_t arg1, uint64_t arg2)
{
	const uint64_t in[8] = { PSCI_FIRST | number, arg1, arg2 };
	uint64_t out[4];

	call_firmware(in, out);
	return (int64_t)out[0];
}

static COLD int64_t system_off(struct cpu *cpu)
{
	if (cpu->cell == &root_cell)
		return board_call(SYSTEM_OFF, 0, 0);
	power_off_cell(cpu->cell);
	cpu_park(cpu);
}

static COLD int64_t system_reset(struct cpu *cpu)
{
	if (cpu->cell == &root_cell)
		return board_call(SYSTEM_RESET, 0, 0);
	power_reset_cell(cpu->cell);
	cpu_park(cpu);
}

/* A cell has the architectural reset 0, which keeps its memory; the vendor's are the board's. */
static COLD int64_t system_reset2(struct cpu *cpu, uint64_t type, uint64_t cookie)
{
	if (cpu->cell == &root_cell)
		return board_call(SMCCC_64 | SYSTEM_RESET2, type, cookie);
	if ((uint32_t)type)
		return INVALID_PARAMETERS;
	return system_reset(cpu);
}

/* What exists, as a mask of function numbers, with 32-bit and with 64-bit arguments. */
#define WITH_64 (BIT64(CPU_SUSPEND) | BIT64(CPU_ON) | BIT64(AFFINITY_INFO) | BIT64(SYSTEM_RESET2))
#define WITH_32                                                                                    \
	(WITH_64 | BIT64(VERSION) | BIT64(CPU_OFF) | BIT64(MIGRATE_INFO_TYPE) | BIT64(SYSTEM_OFF) | \
	 BIT64(SYSTEM_RESET) | BIT64(FEATURES))

static bool exists(uint32_t id)
{
	return (id & SMCCC_64 ? WITH_64 : WITH_32) >> PSCI_NUMBER(id) & 1;
}

/* Of CPU_SUSPEND the flags are 0 as well: power_state has the original format, there is no OS-initiated mode. */
static int64_t features(uint32_t id)
{
	return id == SMCCC_VERSION || (psci_is_call(id) && exists(id)) ? 0 : NOT_SUPPORTED;
}

static COLD int64_t call(struct cpu *cpu, unsigned int number, uint64_t arg1, uint64_t arg2, uint64_t arg3)
{
	switch (number) {
	case CPU_SUSPEND:
		return cpu_suspend(cpu, arg1, arg2, arg3);
	case CPU_OFF:
		cpu_park(cpu);
	case CPU_ON:
		return cpu_on(cpu, arg1, arg2, arg3);
	case AFFINITY_INFO:
		return affinity_info(cpu, arg1, arg2);
	case MIGRATE_INFO_TYPE:
		return MIGRATE_NOT_NEEDED;
	case SYSTEM_OFF:
		return system_off(cpu);
	case SYSTEM_RESET:
		return system_reset(cpu);
	case SYSTEM_RESET2:
		return system_reset2(cpu, arg1, arg2);
	case FEATURES:
		return features((uint32_t)arg1);
	default:
		return NOT_SUPPORTED;
	}
}

int64_t psci_call(struct cpu *cpu, uint32_t id, const uint64_t arg[3])
{
	uint64_t used = id & SMCCC_64 ? ~0ULL : GENMASK64(31, 0);

	if (id == PSCI_FIRST + VERSION)
		return PSCI_1_1;
	if (!exists(id))
		return NOT_SUPPORTED;
	return call(cpu, PSCI_NUMBER(id), arg[0] & used, arg[1] & used, arg[2] & used);
}
