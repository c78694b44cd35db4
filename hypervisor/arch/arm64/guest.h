/* SPDX-License-Identifier: MIT */
/* What the files of arch/arm64 offer each other. */
#ifndef HV_ARCH_GUEST_H
#define HV_ARCH_GUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cpu.h>

/* On the EL2 stack while a CPU is in EL2; x[31] is padding. */
struct guest_regs {
	uint64_t x[32];
};

/* Leaves the guest, waits for cpu_run(), comes back with everything reset for the next run. */
void cpu_park(struct cpu *cpu, struct guest_regs *regs);
/* Gives the CPU back to whoever was there before us. Does not return to the caller's guest under us. */
void cpu_leave(void);
/* EL2's registers for cpu->cell. */
void cpu_load_cell(const struct cpu *cpu);

void fp_reset(void);	/* vectors of assembler: the compiler must not touch FP at EL2 */

/* The interrupt controller, see gic.h. A refused init has filled in hv_status.refusal. */
int gic_init(void);
int gic_cpu_init(struct cpu *cpu);
void gic_cpu_reset(struct cpu *cpu);
void gic_cpu_load(const struct cell *cell);
void gic_kick(struct cpu *cpu);		/* a CPU that sleeps wakes and looks at its stage 2, or at cpu->run */
void gic_guest_wfi(struct cpu *cpu);
void gic_wait_for_run(struct cpu *cpu);	/* says that this CPU is parked; returns when somebody made it run */

/* Called by boot.S and vectors.S. */
int64_t boot_cpu(uint64_t id, uint64_t core);
void exit_sync(struct guest_regs *regs);
void exit_serror(struct guest_regs *regs);
void exit_own_bug(uint64_t vector) __attribute__((noreturn));

/* Both conduits; x0 to x3 of regs are the result. */
void smccc_call(struct cpu *cpu, struct guest_regs *regs);

#endif
