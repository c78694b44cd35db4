// SPDX-License-Identifier: MIT
/* Redistributors as a guest sees them: all of it in those of its CPUs, who they are for in the others. */
#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/gic.h>
#include <hv/vgic.h>

#include "../lib/bits.h"

#define TYPER_HIDDEN (GICR_TYPER_PLPIS | GICR_TYPER_DIRTY | GICR_TYPER_DIRECT_LPI | GICR_TYPER_RVPEID | GICR_TYPER_LAST)

static struct cpu *owner_of(struct cpu *cpu, uint64_t frame)
{
	if (cpu->gicr == frame)
		return cpu;
	for (uint64_t left = cpu->cell->cpus; left; left &= left - 1)
		if (cpus[__builtin_ctzll(left)]->gicr == frame)
			return cpus[__builtin_ctzll(left)];
	return NULL;
}

static void read_word(struct mmio *mmio, uint32_t hidden)
{
	if (mmio->size == 4 && !mmio->write)
		mmio->value = mmio_read32(mmio->address) & ~hidden;
	else
		mmio_ignore(mmio);
}

/* Whoever looks for its redistributor ends at the last of the window, whatever the hardware has behind it. */
static void typer(struct mmio *mmio, uint64_t frame)
{
	uint64_t value;

	if (mmio->size < 4 || mmio->write) {
		mmio_ignore(mmio);
		return;
	}
	value = mmio_read64(frame + GICR_TYPER) & ~TYPER_HIDDEN;
	if (frame + (1ULL << hv_gic.gicr_shift) == hv_gic.gicr + hv_gic.gicr_size)
		value |= GICR_TYPER_LAST;
	mmio->value = value >> 8 * (mmio->address & 4);
}

/*
 * A redistributor that sleeps forwards nothing, not even what stops its CPU: the guest's wish is kept here and told
 * back as done.
 */
static void waker(struct cpu *owner, struct mmio *mmio)
{
	if (mmio->size != 4)
		mmio_ignore(mmio);
	else if (mmio->write)
		owner->gicr_asleep = mmio->value & GICR_WAKER_SLEEP;
	else
		mmio->value = owner->gicr_asleep ? GICR_WAKER_SLEEP | GICR_WAKER_ASLEEP : 0;
}

static void physical_frame(struct cpu *owner, struct mmio *mmio, uint64_t frame, unsigned int offset)
{
	if (offset == GICR_TYPER || offset == GICR_TYPER + 4)
		typer(mmio, frame);
	else if (offset == GICR_IIDR || offset >= GIC_ID_REGS)
		read_word(mmio, 0);
	else if (owner && offset == GICR_CTLR)
		read_word(mmio, GICR_CTLR_LPIS);	/* LPIs stay as they are: their tables are memory we do not check */
	else if (owner && offset == GICR_WAKER)
		waker(owner, mmio);
	else
		mmio_ignore(mmio);
}

static void word(struct mmio *mmio)
{
	if (mmio->size != 4)
		mmio_ignore(mmio);
	else if (mmio->write)
		mmio_write32(mmio->address, (uint32_t)mmio->value);
	else
		mmio->value = mmio_read32(mmio->address);
}

static void priority(struct mmio *mmio)
{
	if (mmio->size == 8)
		mmio_ignore(mmio);
	else if (!mmio->write)
		mmio->value = mmio_read32(mmio->address & ~3ULL) >> 8 * (mmio->address & 3);
	else if (mmio->size == 4)
		mmio_write32(mmio->address, (uint32_t)mmio->value);
	else
		for (unsigned int i = 0; i < mmio->size; i++)
			mmio_write8(mmio->address + i, (uint8_t)(mmio->value >> 8 * i));
}

/* SGIs, PPIs and (words 1 and 2) extended PPIs: all of them are their CPU's own. */
static void sgi_frame(struct mmio *mmio, unsigned int offset)
{
	unsigned int in_block = offset & 0x7f;

	if (offset >= GIC_IGROUPR && offset < GIC_IGROUPR + 12)
		read_word(mmio, 0);	/* group 0 is firmware's, as in the distributor */
	else if (offset >= GIC_ISENABLER && offset < GIC_IPRIORITYR && in_block < 12)
		word(mmio);
	else if (offset >= GIC_IPRIORITYR && offset < GIC_IPRIORITYR + 96)
		priority(mmio);
	else if (offset >= GIC_ICFGR && offset < GIC_ICFGR + 24)
		word(mmio);
	else
		mmio_ignore(mmio);
}

void vgicr_access(struct cpu *cpu, struct mmio *mmio, unsigned int offset)
{
	uint64_t frame = mmio->address - offset;
	struct cpu *owner = owner_of(cpu, frame);

	if (offset < GICR_FRAME)
		physical_frame(owner, mmio, frame, offset);
	else if (owner && offset < 2 * GICR_FRAME)
		sgi_frame(mmio, offset - GICR_SGI_BASE);
	else
		mmio_ignore(mmio);
}
