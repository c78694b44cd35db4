/* SPDX-License-Identifier: MIT */
/* A physical CPU as policy sees it. It sits at the bottom of its per-CPU block; TPIDR_EL2 points at it. */
#ifndef HV_CPU_H
#define HV_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/config.h>
#include <jailhouse/hypercall.h>

struct cell;

enum cpu_state {
	CPU_ABSENT,	/* never entered */
	CPU_IN_GUEST,
	CPU_DEAD,	/* an exception of EL2 itself: runs nobody until the board is reset */
	CPU_PARKED,	/* waits in EL2 for cpu_run(); holds no state of a guest */
};

enum cpu_order {
	RUN_NO,
	RUN_CLAIMED,	/* somebody is about to say where */
	RUN_NOW,
};

/* Whether a device may abort an access of EL2. Only where the guest's ELR, SPSR and FAR were kept can EL2 go on afterwards. */
enum mmio_guard {
	MMIO_TRUSTED,	/* EL2's own: an abort is a bug of EL2 */
	MMIO_OF_GUEST,	/* made for the guest, whose registers are in exit_* */
	MMIO_ABORTED,	/* the same, and one was aborted: the registers are to be restored */
};

struct cpu {
	uint32_t id;		/* logical, as Linux counts */
	uint32_t state;		/* enum cpu_state; written by the CPU itself */
	uint32_t run;		/* enum cpu_order; given by cpu_claim() and cpu_run(), taken back by the CPU */
	uint32_t dying;		/* how often EL2 took an exception from itself */
	bool failed;
	uint32_t mmio_guard;	/* enum mmio_guard */
	uint64_t exit_elr, exit_spsr, exit_far;	/* the guest's, kept while an access of its is emulated */
	struct cell *cell;	/* owner; changes only while parked */
	uint64_t entry, context;	/* of the next run */
	uint64_t mpidr;		/* affinity bits only */
	uint64_t gicr;		/* physical address of its redistributor */
	bool gicr_asleep;	/* what its guest wants of GICR_WAKER */
	uint8_t gic_target;	/* GICv2: its bit in target lists */
	uint32_t stats[JH_NUM_CPU_STATS];
	uint64_t stub_hcr, stub_cptr, stub_mdcr;	/* HCR_EL2, CPTR_EL2, MDCR_EL2 as the kernel left them */
};

extern struct cpu *cpus[HV_MAX_CPUS];

struct cpu *this_cpu(void);

/* Parked or dead: it executes nothing of its cell, and nobody can make it but cpu_run() if it is parked. */
static inline bool cpu_state_stopped(uint32_t state)
{
	return state == CPU_PARKED || state == CPU_DEAD;
}

#define CPU_AFFINITY	0xff00ffffffULL	/* Aff3 in 39:32, Aff2 to Aff0 in 23:0 of MPIDR_EL1 */

/* At boot, on the CPU itself; afterwards the other one finds it. NULL: no CPU has that affinity. */
void cpu_register(struct cpu *cpu);
struct cpu *cpu_by_affinity(uint64_t affinity);

/* Of several CPUs that want to run the same parked one, one gets it: true, and cpu_run() must follow. */
bool cpu_claim(struct cpu *cpu);

/* Lets a parked CPU run its cell from entry with x0 = context and everything else reset. */
void cpu_run(struct cpu *cpu, uint64_t entry, uint64_t context);

/* Makes a CPU that may sleep take a look at its (emptied) stage 2. */
void cpu_wake(struct cpu *cpu);

static inline uint32_t cpu_state(const struct cpu *cpu)
{
	return __atomic_load_n(&cpu->state, __ATOMIC_ACQUIRE);
}

#endif
