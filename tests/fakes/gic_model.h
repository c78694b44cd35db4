/* SPDX-License-Identifier: MIT */
/*
 * A GICv3 (v3.1, with extended SPIs and PPIs) or a GICv2 in memory, and three cells on eight CPUs around it. It decodes register by
 * register from the architecture's table and knows nothing of ownership: what the hypervisor lets through shows in its state.
 */
#ifndef GIC_MODEL_H
#define GIC_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/mmio.h>
#include <hv/vgic.h>

#define MODEL_CPUS	8
#define MODEL_GICD	0x08000000ULL
#define MODEL_GICR	0x080a0000ULL
#define MODEL_GICC	0x08010000ULL
#define MODEL_PRIVATE	96	/* SGIs, PPIs, extended PPIs of a redistributor */
#define MODEL_SGIS	64

struct model_irq {
	bool enabled, pending, active, group;
	uint8_t priority, config;	/* config: two bits, 2 is edge */
	uint64_t route;		/* GICv2: the byte of ITARGETSR */
};

struct gic_model {
	struct model_irq spi[32 * IRQ_WORDS];			/* by irq_index() */
	struct model_irq private[MODEL_CPUS][MODEL_PRIVATE];
	uint32_t ctlr, typer, gicr_ctlr[MODEL_CPUS], gicr_waker[MODEL_CPUS];
	uint8_t senders[MODEL_CPUS][16];			/* GICv2: whose SGIs are pending */
	uint64_t sgi[MODEL_SGIS];				/* written to ICC_SGI1R_EL1 or GICD_SGIR */
	unsigned int num_sgis;
	unsigned int current;	/* CPU that accesses, for banked registers */
	unsigned int accesses;
	unsigned int wrong;	/* accesses that the architecture does not define, or without the lock they need */
	char what[100];		/* the first of them */
};
extern struct gic_model model;

/* Root has CPUs 0 and 1 and what is left; alpha has 2, 3 and 6, beta has 4, 5 and 7. CPUs 6 and 7 are in other clusters. */
extern struct cell alpha, beta;
extern struct cpu model_cpus[MODEL_CPUS];

/* A fresh board. extended: whether the distributor has extended SPIs. */
void model_reset(bool extended);
void model_reset_v2(void);	/* CPU n has interface 7 - n */

/* One access of a guest; returns what it reads. */
uint64_t model_guest(struct cpu *cpu, uint64_t address, unsigned int size, bool write, uint64_t value);

#endif
