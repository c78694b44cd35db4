/* SPDX-License-Identifier: MIT */
/*
 * The physical interrupt controller: one table of functions for each architecture version, chosen at init.
 *
 * The management SGI wakes a CPU that sleeps, at EL1 or parked in EL2, so that it looks at what changed. It is never
 * taken at EL2, and no guest sees it: who is kicked is on its way out of its guest, or has none.
 */
#ifndef HV_ARCH_GIC_H
#define HV_ARCH_GIC_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/gic.h>
#include <hv/mmio.h>

#define MANAGEMENT_SGI	GIC_MANAGEMENT_SGI

struct cell;
struct cpu;

struct gic_ops {
	int (*init)(void);			/* once: maps the frames, checks the hardware, fills hv_gic in */
	int (*cpu_init)(struct cpu *cpu);	/* on that CPU: finds what is its own */
	void (*cpu_reset)(struct cpu *cpu);	/* on that CPU: SGIs, PPIs and CPU interface as after a reset */
	void (*cpu_load)(const struct cell *cell);	/* on a CPU: traps for this guest */
	void (*listen)(struct cpu *cpu);	/* on that CPU, after cpu_reset: lets the management SGI through */
	void (*heard)(struct cpu *cpu);		/* on that CPU: takes the management SGI back */
	void (*kick)(struct cpu *cpu);		/* from anywhere, whatever that CPU's guest has done */
	void (*guest_wfi)(struct cpu *cpu);	/* on that CPU, for its guest */
};
extern const struct gic_ops gicv2_ops, gicv3_ops;

/* WFI at EL2, for an interrupt of the guest or the management SGI; the CPU interface must let it through. */
void wfi_in_el2(void);

/* Marks SPIs below the given INTID and the first extended ones as existing. */
void gic_note_irqs(unsigned int spi_end, unsigned int extended);

/* GICv3: registers of the CPU interface that trap. False: none of them. */
bool gicv3_sysreg(struct cpu *cpu, uint64_t key, bool read, uint64_t *value);

#endif
