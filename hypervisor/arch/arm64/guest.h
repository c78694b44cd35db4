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

/* Emulated device access: true when done, false when the address is nobody's or the access is not allowed. */
struct mmio {
	uint64_t address;
	unsigned int size;	/* bytes: 1, 2, 4, 8 */
	bool write;
	uint64_t value;
};
bool vgic_access(struct cpu *cpu, struct mmio *mmio);

/* GIC */
int gic_init(void);			/* once: maps the frames, checks the hardware */
int gic_cpu_init(struct cpu *cpu);	/* finds this CPU's redistributor */
void gic_cpu_reset(struct cpu *cpu);	/* SGIs, PPIs and the CPU interface as after a reset */
void gic_kick(struct cpu *cpu);		/* a CPU of a stopped cell wakes from WFI */

bool sgi_send(struct cpu *cpu, uint64_t value);	/* ICC_SGI1R_EL1 as a cell wrote it */
void wfi_in_el2(void);

/* Called by boot.S and vectors.S. */
int64_t boot_cpu(uint64_t id, uint64_t core);
void exit_sync(struct guest_regs *regs);
void exit_serror(struct guest_regs *regs);
void exit_own_bug(uint64_t vector) __attribute__((noreturn));

/* Both conduits; x0 to x3 of regs are the result. */
void smccc_call(struct cpu *cpu, struct guest_regs *regs);

#endif
