// SPDX-License-Identifier: MIT
/* A new cell against what the hypervisor, the root cell and other cells have. */
#include <hv/check.h>
#include <hv/irq.h>

#include "../lib/bits.h"
#include "../lib/string.h"
#include "check_parts.h"

/* Root may have split its memory into several regions. They do not overlap: what they have of the range adds up. */
static bool root_covers(const struct jh_cell_desc *root, uint64_t start, uint64_t size)
{
	uint64_t covered = 0;

	for (unsigned int i = 0; i < root->num_memory_regions; i++) {
		struct jh_memory m = config_memory(root, i);
		uint64_t from = m.phys_start > start ? m.phys_start : start;
		uint64_t end = m.phys_start + m.size, to = end < start + size ? end : start + size;

		covered += from < to ? to - from : 0;
	}
	return covered == size;
}

/*
 * Memory that changes hands is scrubbed by its type: a device taken for memory would get the zeroes as commands (the
 * debug UART would even vanish from EL2's own map), and memory taken for a device would keep its secrets.
 */
static int check_claim_type(const struct jh_memory *m, unsigned int i, const struct jh_cell_desc *root,
			    struct jh_reason *reason)
{
	if (m->flags & JH_MEM_ROOTSHARED)
		return 0;
	for (unsigned int r = 0; r < root->num_memory_regions; r++) {
		struct jh_memory of_root = config_memory(root, r);

		if (!ranges_overlap(m->phys_start, m->size, of_root.phys_start, of_root.size) ||
		    !((m->flags ^ of_root.flags) & JH_MEM_IO))
			continue;
		return refuse(reason, -HV_EINVAL, "memory-type",
			      "Memory region %u (0x%lx) is %s for the cell but %s for the root cell (its region %u).", i,
			      (unsigned long)m->phys_start, m->flags & JH_MEM_IO ? "a device" : "memory",
			      of_root.flags & JH_MEM_IO ? "a device" : "memory", r);
	}
	return 0;
}

static int check_claim_memory(const struct jh_memory *m, unsigned int i, const struct check_system *s,
			      struct jh_reason *reason)
{
	unsigned long start = m->phys_start, end = range_last(m->phys_start, m->size);

	if (ranges_overlap(m->phys_start, m->size, s->hypervisor.start, s->hypervisor.size))
		return refuse(reason, -HV_EINVAL, "memory-overlaps-hypervisor",
			      "Memory region %u (0x%lx-0x%lx) overlaps the hypervisor (0x%lx-0x%lx).", i, start, end,
			      (unsigned long)s->hypervisor.start,
			      (unsigned long)range_last(s->hypervisor.start, s->hypervisor.size));
	for (unsigned int t = 0; t < HV_MAX_TRAPPED && s->trapped[t].size; t++)
		if (ranges_overlap(m->phys_start, m->size, s->trapped[t].start, s->trapped[t].size))
			return refuse(reason, -HV_EINVAL, "memory-overlaps-trapped-device",
				      "Memory region %u (0x%lx-0x%lx) overlaps %s at 0x%lx.", i, start, end,
				      s->trapped[t].name, (unsigned long)s->trapped[t].start);
	if (!root_covers(s->root, m->phys_start, m->size))
		return refuse(reason, -HV_EPERM, "memory-not-owned",
			      "Memory region %u (0x%lx-0x%lx) does not belong to the root cell completely.", i, start,
			      end);
	return check_claim_type(m, i, s->root, reason);
}

static int check_claim_irqs(const struct jh_irqchip *chip, const struct check_system *s, struct jh_reason *reason)
{
	for (unsigned int bit = 0; bit < 128; bit++) {
		unsigned int intid = chip->pin_base + bit;

		if (chip->address != s->gicd_base || !(chip->pin_bitmap[bit / 32] & BIT64(bit % 32)))
			continue;
		if (intid == s->notify_irq)
			return refuse(
				reason, -HV_EBUSY, "interrupt-reserved",
				"Interrupt %u (SPI %u) is the one by which the hypervisor notifies the root cell.",
				intid, intid - 32);
		if (!irqs_have(s->root_irqs, intid))
			return refuse(
				reason, -HV_EBUSY, "interrupt-not-owned",
				"Interrupt %u does not belong to the root cell (any more), or the board does not have it.",
				intid);
	}
	return 0;
}

static int check_claim_cpus(const struct jh_cell_desc *cell, const struct check_system *s, struct jh_reason *reason)
{
	uint64_t cpus = config_cpus(cell), foreign = cpus & ~s->root_cpus;

	if (foreign)
		return refuse(reason, -HV_EBUSY, "cpu-not-owned", "CPU %u does not belong to the root cell (any more).",
			      (unsigned int)__builtin_ctzll(foreign));
	if (cpus & BIT64(s->caller_cpu))
		return refuse(reason, -HV_EBUSY, "cpu-in-use",
			      "CPU %u carries out this request and cannot be given away; take it offline first.",
			      s->caller_cpu);
	return 0;
}

int check_cell_claims(const struct jh_cell_desc *cell, const struct check_system *s, struct jh_reason *reason)
{
	struct jh_memory memory;
	struct jh_irqchip chip;
	int err = check_claim_cpus(cell, s, reason);

	for (unsigned int i = 0; !err && i < cell->num_memory_regions; i++) {
		memory = config_pages(cell, i);
		if (memory.size && !(memory.flags & JH_MEM_COMM_REGION))
			err = check_claim_memory(&memory, i, s, reason);
	}
	for (unsigned int i = 0; !err && i < cell->num_irqchips; i++) {
		chip = config_irqchip(cell, i);
		err = check_claim_irqs(&chip, s, reason);
	}
	return err ? err : check_console(cell, s, reason);
}

static bool is_private(const struct jh_memory *m)
{
	return m->size && !(m->flags & JH_MEM_COMM_REGION);
}

int check_cell_pair(const struct jh_cell_desc *cell, const struct jh_cell_desc *other, struct jh_reason *reason)
{
	struct jh_memory a, b;

	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		a = config_pages(cell, i);
		for (unsigned int j = 0; is_private(&a) && j < other->num_memory_regions; j++) {
			b = config_pages(other, j);
			if (!is_private(&b) || (a.flags & b.flags & JH_MEM_ROOTSHARED) ||
			    !ranges_overlap(a.phys_start, a.size, b.phys_start, b.size))
				continue;
			return refuse(reason, -HV_EBUSY, "memory-in-use",
				      "Memory region %u (0x%lx-0x%lx) belongs to cell \"%s\" (its region %u).", i,
				      (unsigned long)a.phys_start, (unsigned long)range_last(a.phys_start, a.size),
				      other->name, j);
		}
	}
	return 0;
}
