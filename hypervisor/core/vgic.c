// SPDX-License-Identifier: MIT
#include <hv/vgic.h>

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>

#include "../lib/bits.h"

struct gic hv_gic;
struct spinlock gicd_lock;

static bool in_dir(uint64_t address)
{
	return hv_gic.gicc && address - hv_gic.gicc - GICC_DIR < PAGE_SIZE;
}

bool vgic_covers(uint64_t address)
{
	return address - hv_gic.gicd < hv_gic.gicd_size || address - hv_gic.gicr < hv_gic.gicr_size || in_dir(address);
}

bool vgic_access(struct cpu *cpu, struct mmio *mmio)
{
	uint64_t in_gicd = mmio->address - hv_gic.gicd, in_gicr = mmio->address - hv_gic.gicr;

	if (!vgic_covers(mmio->address))
		return false;
	if (mmio->address & (mmio->size - 1))
		mmio_ignore(mmio);
	else if (in_gicd < hv_gic.gicd_size)
		vgicd_access(cpu, mmio, (unsigned int)in_gicd);
	else if (in_dir(mmio->address))
		vgicv2_deactivate(cpu->cell, mmio);
	else
		vgicr_access(cpu, mmio, (unsigned int)in_gicr & ((1u << hv_gic.gicr_shift) - 1));
	return true;
}

bool vgic_may_deactivate(const struct cell *cell, uint64_t intid)
{
	/* SGIs and PPIs, extended PPIs too, are this CPU's own. */
	return intid < IRQ_SPI_FIRST || (intid >= 1056 && intid < 1120) || irqs_have(cell->irqs, intid);
}
