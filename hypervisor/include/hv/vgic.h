/* SPDX-License-Identifier: MIT */
/*
 * The interrupt controller as a guest sees it: the real registers, reduced to the bits of its own interrupts and CPUs.
 * A cell can neither read nor write anything else, and nothing that it does here can fail it: an access of a size or
 * alignment that the register does not have reads as zero and is ignored when it writes.
 */
#ifndef HV_VGIC_H
#define HV_VGIC_H

#include <stdbool.h>
#include <stdint.h>
#include <hv/mmio.h>

struct cell;
struct cpu;

/* On the CPU that made the access. False: the address is none of the controller's. */
bool vgic_access(struct cpu *cpu, struct mmio *mmio);

bool vgic_covers(uint64_t address);

/*
 * The short way for the words that drivers load all the time, with the same result. offset is aligned. False: not one of
 * these, take the other one.
 */
bool vgicd_load(const struct cell *cell, unsigned int offset, uint64_t *value);

void vgicd_access(const struct cpu *cpu, struct mmio *mmio, unsigned int offset);
void vgicr_access(struct cpu *cpu, struct mmio *mmio, unsigned int offset);	/* offset within one redistributor */

/* GICv3: the redistributor, of those in size bytes from base on, that serves the CPU with this MPIDR_EL1; 0: none does. */
uint64_t redistributor_of(uint64_t base, uint64_t size, uint64_t frame, uint64_t mpidr);

/* GICv2: registers that GICv3 does not have. first: place in the ownership map of the first interrupt touched. */
void vgicv2_targets(const struct cell *cell, struct mmio *mmio, unsigned int first);
void vgicv2_software(const struct cpu *cpu, struct mmio *mmio, unsigned int offset);
void vgicv2_deactivate(const struct cell *cell, struct mmio *mmio);

/* Software-generated interrupts: what ICC_SGI1R_EL1 would do, for the CPUs of the sender's cell only. */
void vsgi_send(const struct cpu *sender, uint64_t value);
void vsgi_prepare(struct cell *cell);	/* after every change of the cell's CPUs */
void gic_send_sgi(uint64_t value);	/* ICC_SGI1R_EL1 itself: arch/arm64 */

/* Whether a cell may deactivate an interrupt by its number (ICC_DIR_EL1, GICC_DIR). */
bool vgic_may_deactivate(const struct cell *cell, uint64_t intid);

/* Ownership of 4 interrupts, from the one at this place in the map rounded down, as a mask for a register with bytes. */
static inline uint32_t vgic_mask_of_bytes(const uint32_t *irqs, unsigned int first)
{
	/* Each of 4 bits becomes the lowest of a byte, then the byte. */
	return ((irqs[first / 32] >> (first & 28) & 0xf) * 0x00204081u & 0x01010101u) * 0xff;
}

/* Where an access is misplaced, or finds nothing of the cell's. */
static inline void mmio_ignore(struct mmio *mmio)
{
	mmio->value = 0;
}

#endif
