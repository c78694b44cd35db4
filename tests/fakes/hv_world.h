/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor on a PC: the real core/ and the real stage-2 tables, over fakes of what else arch/ does. Memory of hypervisor
 * and guests is mapped at its physical address, as EL2 sees it.
 */
#ifndef HV_WORLD_H
#define HV_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/cell.h>
#include <hv/cpu.h>
#include <jailhouse/hypercall.h>

#define WORLD_HV	0x60000000ULL	/* hypervisor memory */
#define WORLD_HV_SIZE	0x400000ULL
#define WORLD_RAM	0x40000000ULL	/* of root and cells: up to the hypervisor */
#define WORLD_RAM_SIZE	(WORLD_HV - WORLD_RAM)
#define WORLD_HIGH	0x64000000ULL	/* and behind it */
#define WORLD_HIGH_SIZE	0x4000000ULL
#define WORLD_GICD	0x08000000ULL
#define WORLD_GICR	0x080a0000ULL
#define WORLD_GICR_SIZE	0x80000ULL
#define WORLD_UART	0x09000000ULL
#define WORLD_NOTIFY_IRQ 212
#define WORLD_CPUS	4

#define WORLD_RWX	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE)
#define WORLD_DEVICE	(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_IO)

struct world {
	struct cpu cpu[WORLD_CPUS];
	struct cpu *caller;		/* this_cpu() */
	uint64_t now;			/* time_us(); one more with every call */
	void (*on_relax)(void);		/* the other CPUs' turn while somebody waits */
	unsigned int deaf;		/* so many kicks get lost */
	bool scrubs_loadable;		/* root may reach what is scrubbed: the cell was loadable */
	unsigned int notified;
	uint8_t device[0x1000];		/* registers of the page that mmio_open() has opened: they keep what is written */
	uint64_t opened;		/* its address, 0: it is closed */
	unsigned int touched;		/* accesses to it */
	uint64_t scrubbed, pushed;	/* bytes */
	char log[4096];			/* what went to the UART, its end */
};
extern struct world world;

/*
 * A fresh system: root with all CPUs, memory and devices, CPU 0 as the caller, the others in the guest. pages is the size of
 * the page pool, 0 for all there is. What root_cell_init() said.
 */
int world_start(size_t pages);

/* What CPU_OFF of a root CPU does. */
void world_park(unsigned int cpu);

/* A hypercall of CPU 0 of root. */
int64_t world_call(uint64_t code, uint64_t arg1, uint64_t arg2);

/* Builds the configuration into root memory (cell_builder.h) and calls CELL_CREATE. */
struct cell_builder;
int64_t world_create(const struct cell_builder *builder);

#endif
