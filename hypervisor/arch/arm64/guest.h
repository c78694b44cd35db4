/* SPDX-License-Identifier: MIT */
/* What the files of arch/arm64 offer each other. */
#ifndef HV_ARCH_GUEST_H
#define HV_ARCH_GUEST_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cpu.h>

/*
 * On the EL2 stack while a CPU is in EL2. Most exits save only what C may change: x18 to x29 are the guest's own in
 * the CPU's registers, and are here only when complete is set.
 */
struct guest_regs {
	uint64_t x[31];
	uint64_t complete;
};

/* What a CPU saves when EL2 takes an exception from itself. */
struct fatal_frame {
	uint64_t x[31];
	uint64_t sp;
};

/* Leaves the guest for good and waits for cpu_run(), with which the CPU's next life begins. */
void cpu_park(struct cpu *cpu) __attribute__((noreturn));
/* The rest of that: everything reset, at entry with x0 = context. */
void guest_start(uint64_t context) __attribute__((noreturn));
/* Leaves the guest until an interrupt arrives for it, then goes on at entry with x0 = context and everything else reset. */
void cpu_sleep(struct cpu *cpu, uint64_t entry, uint64_t context) __attribute__((noreturn));
/* Gives the CPU back to whoever was there before us. Does not return to the caller's guest under us. */
void cpu_leave(void);
/* EL2's registers for cpu->cell. */
void cpu_load_cell(const struct cpu *cpu);

/* Everything that the next guest could see or suffer of the last one, but interrupt controller and timers. */
void reset_guest_state(void);
void fp_reset(void);	/* assembler: the compiler must not touch FP at EL2 */
void sve_reset(void);	/* at the vector length that ZCR_EL2 allows */

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
/* A CPU that faulted on its way in: it goes back as it came, with -HV_EIO, and takes the others along. */
void boot_abandon(void) __attribute__((noreturn));
bool exit_sync(struct cpu *cpu, struct guest_regs *regs,
	       uint64_t esr); /* false: needs x18 to x29 too, nothing was done */
void exit_serror(struct cpu *cpu);
bool fatal_exception(struct cpu *cpu, struct fatal_frame *frame, uint64_t vector);	/* returns where EL2 may go on */

/* SMC and HVC with this immediate. The result is in x0, and in x1 to x3 where the call defines it; the rest stays. */
void smccc_call(struct cpu *cpu, struct guest_regs *regs, uint64_t immediate);

#endif
