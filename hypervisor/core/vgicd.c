// SPDX-License-Identifier: MIT
/* The distributor as a guest sees it. Its word of the ownership map is the mask of a register with one bit an interrupt. */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/vgic.h>

#include "../lib/bits.h"

/* GICD_TYPER: LPIs and their translation are not offered, their tables are memory that nobody checks; nor are NMIs. */
#define TYPER_HIDDEN (GICD_TYPER_NMI | GICD_TYPER_LPI_BITS | GICD_TYPER_LPIS | GICD_TYPER_DVIS)
#define IROUTER_ANY  BIT64(31)		/* to any CPU that takes part: leaves the cell */
#define AFFINITY     0xff00ffffffULL

/* Each of the low 16 bits becomes two. */
static uint32_t mask_of_pairs(uint32_t bits)
{
	bits = (bits | bits << 8) & 0x00ff00ff;
	bits = (bits | bits << 4) & 0x0f0f0f0f;
	bits = (bits | bits << 2) & 0x33333333;
	bits = (bits | bits << 1) & 0x55555555;
	return bits * 3;
}

static void identification(struct mmio *mmio, uint32_t hidden)
{
	if (mmio->size == 4 && !mmio->write)
		mmio->value = mmio_read32(mmio->address) & ~hidden;
	else
		mmio_ignore(mmio);
}

/* GICD_SETSPI_NSR, GICD_CLRSPI_NSR: a message that makes the SPI it names pending, or takes that back. */
static void message(const struct cell *cell, struct mmio *mmio)
{
	uint64_t intid = mmio->value & 0x1fff;

	if (mmio->write && (mmio->size == 4 || mmio->size == 2) && irqs_have(cell->irqs, intid) &&
	    (mmio_read32(hv_gic.gicd + GICD_TYPER) & GICD_TYPER_MBIS))
		mmio_write32(mmio->address, (uint32_t)intid);
	else
		mmio_ignore(mmio);
}

static void control(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	switch (offset) {
	case GICD_CTLR:		/* nobody switches the distributor off for the others */
	case GICD_IIDR:
		identification(mmio, 0);
		break;
	case GICD_TYPER:
		identification(mmio, hv_gic.version == 3 ? TYPER_HIDDEN : 0);
		break;
	case GICD_SETSPI_NSR:
	case GICD_CLRSPI_NSR:
		message(cell, mmio);
		break;
	default:
		mmio_ignore(mmio);
		break;
	}
}

/* Group 0 belongs to firmware: which group an interrupt is in can be read, not changed. */
static void group(struct mmio *mmio, uint32_t mine)
{
	if (mmio->size == 4 && !mmio->write && mine)
		mmio->value = mmio_read32(mmio->address) & mine;
	else
		mmio_ignore(mmio);
}

/* Pairs of set and clear registers: a zero changes nothing, so no other cell's bit needs to be read first. */
static void set_clear(struct mmio *mmio, uint32_t mine)
{
	if (mmio->size != 4 || !mine)
		mmio_ignore(mmio);
	else if (mmio->write)
		mmio_write32(mmio->address, (uint32_t)mmio->value & mine);
	else
		mmio->value = mmio_read32(mmio->address) & mine;
}

/* A byte for each interrupt, and bytes can be written: a neighbour's is never written back. */
static void write_bytes(struct mmio *mmio, uint32_t mine)
{
	if (mmio->size == 4 && mine == ~0u) {
		mmio_write32(mmio->address, (uint32_t)mmio->value);
		return;
	}
	for (unsigned int i = 0; i < mmio->size; i++)
		if (mine >> 8 * i & 1)
			mmio_write8(mmio->address + i, (uint8_t)(mmio->value >> 8 * i));
}

/* first: place in the ownership map of the first interrupt that the access touches. */
static void priority(const struct cell *cell, struct mmio *mmio, unsigned int first)
{
	unsigned int shift = 8 * (first & 3);
	uint32_t mine = vgic_mask_of_bytes(cell->irqs, first) >> shift;

	if (mmio->size == 8 || !mine)
		mmio_ignore(mmio);
	else if (mmio->write)
		write_bytes(mmio, mine);
	else
		mmio->value = mmio_read32(mmio->address & ~3ULL) >> shift & mine;
}

/*
 * SGIs and PPIs are here with a GICv2 only, and are not changed: a register of theirs may be that of all CPUs (QEMU's is), and
 * a timer of somebody else that is switched to edge while it is high is never seen again.
 */
static void configuration(const struct cell *cell, struct mmio *mmio, unsigned int first)
{
	uint32_t mine = mask_of_pairs(cell->irqs[first / 32] >> (first & 16) & 0xffff);

	if (mmio->size != 4 || !mine || (mmio->write && first < IRQ_SPI_FIRST)) {
		mmio_ignore(mmio);
	} else if (!mmio->write) {
		mmio->value = mmio_read32(mmio->address) & mine;
	} else {
		spin_lock(&gicd_lock);
		mmio_write32(mmio->address, (mmio_read32(mmio->address) & ~mine) | ((uint32_t)mmio->value & mine));
		spin_unlock(&gicd_lock);
	}
}

static bool routes_to_cell(const struct cell *cell, uint64_t route)
{
	for (uint64_t left = route & IROUTER_ANY ? 0 : cell->cpus; left; left &= left - 1)
		if (cpus[__builtin_ctzll(left)]->mpidr == (route & AFFINITY))
			return true;
	return false;
}

/* Two CPUs of a cell may write the halves of one route: the lock makes them see each other's. */
static void write_route(const struct cell *cell, const struct mmio *mmio)
{
	uint64_t reg = mmio->address & ~7ULL, low = GENMASK64(31, 0);
	uint64_t written = mmio->size == 8 ? ~0ULL : low << 8 * (mmio->address & 7), route;

	spin_lock(&gicd_lock);
	route = (mmio_read64(reg) & ~written) | (mmio->value << 8 * (mmio->address & 7) & written);
	/* A route outside the cell stays as it was: the interrupt keeps reaching one of its CPUs. */
	if (routes_to_cell(cell, route))
		mmio_write64(reg, route);
	spin_unlock(&gicd_lock);
}

static void routing(const struct cell *cell, struct mmio *mmio, unsigned int index)
{
	if (mmio->size < 4 || !(cell->irqs[index / 32] & BIT64(index % 32)))
		mmio_ignore(mmio);
	else if (mmio->write)
		write_route(cell, mmio);
	else
		mmio->value = mmio_read64(mmio->address & ~7ULL) >> 8 * (mmio->address & 7);
}

#define BLOCK(offset)	((offset) >> 7)		/* 32 registers */
#define EXTENDED	(32 * IRQ_EXTENDED_WORD)

bool vgicd_load(const struct cell *cell, unsigned int offset, uint64_t *value)
{
	if (offset - GIC_ISENABLER < GIC_IPRIORITYR - GIC_ISENABLER)
		*value = mmio_read32(hv_gic.gicd + offset) & cell->irqs[offset / 4 % 32];
	else if (offset == GICD_TYPER && hv_gic.version == 3)
		*value = mmio_read32(hv_gic.gicd + GICD_TYPER) & ~TYPER_HIDDEN;
	else
		return false;
	return true;
}

static void extended(const struct cell *cell, struct mmio *mmio, unsigned int offset)
{
	uint32_t mine = cell->irqs[IRQ_EXTENDED_WORD + offset / 4 % 32];

	switch (BLOCK(offset)) {
	case BLOCK(GICD_IGROUPRE):
		group(mmio, mine);
		break;
	case BLOCK(GICD_ISENABLERE):
	case BLOCK(GICD_ICENABLERE):
	case BLOCK(GICD_ISPENDRE):
	case BLOCK(GICD_ICPENDRE):
	case BLOCK(GICD_ISACTIVERE):
	case BLOCK(GICD_ICACTIVERE): set_clear(mmio, mine); break;
	case BLOCK(GICD_IPRIORITYRE)... BLOCK(GICD_IPRIORITYRE + 0x3ff):
		priority(cell, mmio, offset - GICD_IPRIORITYRE + EXTENDED);
		break;
	case BLOCK(GICD_ICFGRE)... BLOCK(GICD_ICFGRE + 0xff):
		configuration(cell, mmio, (offset - GICD_ICFGRE) * 4 + EXTENDED);
		break;
	case BLOCK(GICD_IROUTERE)... BLOCK(GICD_IROUTERE + 0x1fff):
		routing(cell, mmio, (offset - GICD_IROUTERE) / 8 + EXTENDED);
		break;
	default:
		mmio_ignore(mmio);
		break;
	}
}

/* Registers of one version only. Of GICv3, all that is not here is secure (IGRPMODR, NSACR), hidden (INMIR) or reserved. */
static void versioned(const struct cpu *cpu, struct mmio *mmio, unsigned int offset)
{
	if (hv_gic.version == 2 && offset >= GICD_ID_REGS_V2)
		identification(mmio, 0);
	else if (hv_gic.version == 2 && offset >= GICD_SGIR)
		vgicv2_software(cpu, mmio, offset);
	else if (hv_gic.version == 2 && offset >= GICD_ITARGETSR && offset < GIC_ICFGR)
		vgicv2_targets(cpu->cell, mmio, offset - GICD_ITARGETSR);
	else if (hv_gic.version == 3 && offset >= GIC_ID_REGS)
		identification(mmio, 0);
	else if (hv_gic.version == 3)
		extended(cpu->cell, mmio, offset);
	else
		mmio_ignore(mmio);
}

void vgicd_access(const struct cpu *cpu, struct mmio *mmio, unsigned int offset)
{
	const struct cell *cell = cpu->cell;
	uint32_t mine = cell->irqs[offset / 4 % 32];	/* of a register with one bit an interrupt */

	switch (BLOCK(offset)) {
	case BLOCK(GICD_CTLR): control(cell, mmio, offset); break;
	case BLOCK(GIC_IGROUPR): group(mmio, mine); break;
	case BLOCK(GIC_ISENABLER)... BLOCK(GIC_ICACTIVER): set_clear(mmio, mine); break;
	case BLOCK(GIC_IPRIORITYR)... BLOCK(GIC_IPRIORITYR + 0x3ff):
		priority(cell, mmio, offset - GIC_IPRIORITYR);
		break;
	case BLOCK(GIC_ICFGR)... BLOCK(GIC_ICFGR + 0xff): configuration(cell, mmio, (offset - GIC_ICFGR) * 4); break;
	case BLOCK(GICD_IROUTER)... BLOCK(GICD_IROUTER + 0x1fff):
		routing(cell, mmio, (offset - GICD_IROUTER) / 8);
		break;
	default:
		versioned(cpu, mmio, offset);
		break;
	}
}
