// SPDX-License-Identifier: MIT
/*
 * GICv2 (Arm IHI 0048): targets and software-generated interrupts go by CPU interface numbers, a bit each. The management SGI
 * is nobody's: its registers are banked, so that no other CPU could repair what a guest has done to it.
 */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/vgic.h>

#include "../lib/bits.h"

/* To no CPU at all is a guest's right; to foreign ones only, and the target stays as it was. */
static void write_targets(const struct cell *cell, const struct mmio *mmio, uint32_t mine)
{
	for (unsigned int i = 0; i < mmio->size; i++) {
		uint8_t wanted = (uint8_t)(mmio->value >> 8 * i), allowed = wanted & cell->gic_targets;

		if ((mine >> 8 * i & 1) && (allowed || !wanted))
			mmio_write8(mmio->address + i, allowed);
	}
}

void vgicv2_targets(const struct cell *cell, struct mmio *mmio, unsigned int first)
{
	unsigned int shift = 8 * (first & 3);
	uint32_t mine = vgic_mask_of_bytes(cell->irqs, first) >> shift;

	if (mmio->size == 8 || !mine)
		mmio_ignore(mmio);
	else if (!mmio->write)
		mmio->value = mmio_read32(mmio->address & ~3ULL) >> shift & mine;
	else if (first >= IRQ_SPI_FIRST)	/* SGIs and PPIs say which interface this is, and cannot go elsewhere */
		write_targets(cell, mmio, mine);
}

static void send(const struct cpu *sender, uint32_t value)
{
	uint32_t intid = value & GICD_SGIR_INTID, targets = sender->cell->gic_targets;

	switch (value & GICD_SGIR_FILTER) {
	case 0:
		targets &= FIELD_GET(GICD_SGIR_LIST, value);
		break;
	case GICD_SGIR_OTHERS:
		targets &= ~(uint32_t)sender->gic_target;
		break;
	case GICD_SGIR_SELF:
		targets = sender->gic_target;
		break;
	default:
		targets = 0;
		break;
	}
	if (targets && intid != GIC_MANAGEMENT_SGI)
		mmio_write32(hv_gic.gicd + GICD_SGIR, targets << 16 | intid);
}

/* GICD_SPENDSGIR and CPENDSGIR of this CPU: zeroes change nothing. */
static void pending(const struct cell *cell, struct mmio *mmio, unsigned int first)
{
	unsigned int shift = 8 * (first & 3);
	uint32_t mine = vgic_mask_of_bytes(&hv_gic.banked, first) & cell->gic_targets * 0x01010101u;

	if (mmio->size == 8)
		mmio_ignore(mmio);
	else if (!mmio->write)
		mmio->value = (mmio_read32(mmio->address & ~3ULL) & mine) >> shift;
	else
		mmio_write32(mmio->address & ~3ULL,
			     (uint32_t)((mmio->value & (BIT64(8 * mmio->size) - 1)) << shift) & mine);
}

void vgicv2_software(const struct cpu *cpu, struct mmio *mmio, unsigned int offset)
{
	if (offset == GICD_SGIR && mmio->size == 4 && mmio->write)
		send(cpu, (uint32_t)mmio->value);
	else if (offset >= GICD_CPENDSGIR && offset < GICD_CPENDSGIR + 32)
		pending(cpu->cell, mmio, (offset - GICD_CPENDSGIR) % 16);
	else
		mmio_ignore(mmio);
}

/* GICC_DIR of this CPU's interface; the interface itself is the guest's. The sender of an SGI stands above its number. */
void vgicv2_deactivate(const struct cell *cell, struct mmio *mmio)
{
	if (mmio->write && mmio->size == 4 && (mmio->address & 0xfff) == 0 &&
	    vgic_may_deactivate(cell, mmio->value & 0x3ff))
		mmio_write32(mmio->address, (uint32_t)mmio->value);
	else
		mmio_ignore(mmio);
}
