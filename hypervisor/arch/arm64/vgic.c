// SPDX-License-Identifier: MIT
/* The distributor and redistributors as a cell sees them: all registers, but only its own interrupts and CPUs. */
#include <hv/cell.h>

#include "gic.h"
#include "guest.h"
#include "sysreg.h"

/* One bit an interrupt: a word of the register is a word of the ownership map. Set and clear registers ignore zeroes. */
static bool one_bit(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	uint32_t mine = cell->irqs[(offset & 0x7f) / 4];

	if (mmio->size != 4)
		return false;
	if (!mmio->write)
		mmio->value = mmio_read32(mmio->address) & mine;
	else if (offset >= GIC_ISENABLER && mine)
		mmio_write32(mmio->address, mmio->value & mine);
	/* IGROUPR: group 0 belongs to firmware, everything stays in group 1. */
	return true;
}

/* Bits of the access that belong to the cell, for a register with `bits` bits an interrupt. */
static uint64_t owned_mask(const struct cell *cell, unsigned int first, unsigned int bits, unsigned int size)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < size * 8 / bits; i++)
		if (first + i < HV_MAX_INTID && cell_owns_irq(cell, first + i))
			mask |= (BIT64(bits) - 1) << (i * bits);
	return mask;
}

static void merge32(struct mmio *mmio, uint64_t mask)
{
	uint64_t word = mmio->address & ~3ULL;
	unsigned int shift = 8 * (mmio->address & 3);

	spin_lock(&gicd_lock);
	if (mmio->write)
		mmio_write32(word, (mmio_read32(word) & ~(mask << shift)) | (mmio->value & mask) << shift);
	else
		mmio->value = mmio_read32(word) >> shift & mask;
	spin_unlock(&gicd_lock);
}

static bool priority(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	if (mmio->size == 8 || (offset & (mmio->size - 1)))
		return false;
	merge32(mmio, owned_mask(cell, offset - GIC_IPRIORITYR, 8, mmio->size));
	return true;
}

static bool configuration(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	if (mmio->size != 4)
		return false;
	merge32(mmio, owned_mask(cell, (offset - GIC_ICFGR) * 4, 2, 4));
	return true;
}

static bool routes_to_cell(const struct cell *cell, uint64_t route)
{
	for (uint64_t left = cell->cpus; left; left &= left - 1)
		if (cpus[__builtin_ctzll(left)]->mpidr == (route & 0xff00ffffffULL) && !(route & BIT64(31)))
			return true;
	return false;
}

static bool routing(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	unsigned int intid = (offset - GICD_IROUTER) / 8;
	uint64_t reg = mmio->address & ~7ULL, route, shift = 8 * (mmio->address & 7);

	if (mmio->size < 4 || (offset & (mmio->size - 1)))
		return false;
	mmio->value = mmio->write ? mmio->value : 0;
	if (!cell_owns_irq(cell, intid))
		return true;
	spin_lock(&gicd_lock);
	route = mmio_read64(reg);
	if (!mmio->write) {
		mmio->value = route >> shift;
	} else {
		route = mmio->size == 8 ? mmio->value :
					  (route & ~(0xffffffffULL << shift)) | (mmio->value & 0xffffffff) << shift;
		/* A route outside the cell stays as it was: the interrupt keeps reaching one of its CPUs. */
		if (routes_to_cell(cell, route))
			mmio_write64(reg, route);
	}
	spin_unlock(&gicd_lock);
	return true;
}

static bool identification(struct mmio *mmio)
{
	if (mmio->size != 4)
		return false;
	if (!mmio->write)
		mmio->value = mmio_read32(mmio->address);
	return true;
}

static bool distributor(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	if (offset <= GICD_TYPER2 || offset >= GIC_ID_REGS)
		return identification(mmio);	/* CTLR too: nobody switches the distributor off for the others */
	if (offset >= GIC_IGROUPR && offset < GIC_IPRIORITYR)
		return one_bit(cell, mmio, offset);
	if (offset >= GIC_IPRIORITYR && offset < GIC_IPRIORITYR + HV_MAX_INTID)
		return priority(cell, mmio, offset);
	if (offset >= GIC_ICFGR && offset < GIC_ICFGR + HV_MAX_INTID / 4)
		return configuration(cell, mmio, offset);
	if (offset >= GICD_IROUTER + 8 * 32 && offset < GICD_IROUTER + 8 * HV_MAX_INTID)
		return routing(cell, mmio, offset);
	mmio->value = 0;
	return true;
}

static void forward(struct mmio *mmio)
{
	if (mmio->write && mmio->size == 1)
		mmio_write8(mmio->address, (uint8_t)mmio->value);
	else if (mmio->write && mmio->size == 4)
		mmio_write32(mmio->address, mmio->value);
	else if (!mmio->write && mmio->size == 8)
		mmio->value = mmio_read64(mmio->address);
	else if (!mmio->write)
		mmio->value = mmio_read32(mmio->address & ~3ULL) >> 8 * (mmio->address & 3);
}

static const struct cpu *frame_owner(const struct cell *cell, uint64_t frame)
{
	for (uint64_t left = cell->cpus; left; left &= left - 1)
		if (cpus[__builtin_ctzll(left)]->gicr == frame)
			return cpus[__builtin_ctzll(left)];
	return NULL;
}

static bool redistributor(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	uint64_t frame = ALIGN_DOWN(mmio->address - hv_system.config->arm.gicr_base, GICR_STRIDE) +
			 hv_system.config->arm.gicr_base;
	unsigned int sgi = offset - GICR_SGI_BASE;
	bool mine = frame_owner(cell, frame);

	if (mmio->address & (mmio->size - 1))
		return false;
	/* Discovery walks all frames: who they are for may be read. LPIs stay off: their tables are memory we do not check. */
	if (!mmio->write && (offset < GICR_TYPER + 8 || (offset & 0xffff) >= GIC_ID_REGS)) {
		forward(mmio);
		return true;
	}
	if (mine && (offset == GICR_WAKER || (offset >= GICR_SGI_BASE + GIC_ISENABLER && sgi < GIC_ICFGR + 8) ||
		     (!mmio->write && sgi == GIC_IGROUPR))) {
		forward(mmio);
		return true;
	}
	mmio->value = 0;
	return true;
}

bool vgic_access(struct cpu *cpu, struct mmio *mmio)
{
	const struct jh_platform_arm *arm = &hv_system.config->arm;

	if (mmio->address - arm->gicd_base < GICD_SIZE)
		return distributor(cpu->cell, mmio, (unsigned int)(mmio->address - arm->gicd_base));
	if (mmio->address - arm->gicr_base < (uint64_t)gicr_frames * GICR_STRIDE)
		return redistributor(cpu->cell, mmio, (unsigned int)(mmio->address - arm->gicr_base) % GICR_STRIDE);
	return false;
}
