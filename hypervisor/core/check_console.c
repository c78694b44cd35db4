// SPDX-License-Identifier: MIT
/* The emulated PL011 of a new cell: nothing else may be where it is, and its interrupt must be the cell's. */
#include <hv/check.h>
#include <hv/pl011.h>

#include "../lib/bits.h"

static int check_descriptor(const struct jh_console_desc *console, struct jh_reason *reason)
{
	if (console->type != JH_CON_TYPE_PL011 || console->flags != (JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED))
		return refuse(
			reason, -HV_EINVAL, "console-type",
			"The console to be emulated has type %u and flags 0x%x; it must be a PL011 (%u) with 0x%x.",
			console->type, console->flags, JH_CON_TYPE_PL011,
			JH_CON_MMIO | JH_CON_REGDIST_4 | JH_CON_EMULATED);
	if ((console->address & PAGE_MASK) || console->address > BIT64(HV_IPA_BITS) - PL011_SIZE ||
	    (console->size && console->size != PL011_SIZE))
		return refuse(reason, -HV_EINVAL, "console-address",
			      "The emulated PL011 is at 0x%lx with size 0x%x; it is one page below 2^%u.",
			      (unsigned long)console->address, console->size, HV_IPA_BITS);
	if (console->divider || console->clock_reg)
		return refuse(
			reason, -HV_EINVAL, "console-clock",
			"The emulated PL011 has divider %u and clock register 0x%lx; it has no clock, both must be 0.",
			console->divider, (unsigned long)console->clock_reg);
	return 0;
}

static int check_place(const struct jh_cell_desc *cell, const struct check_system *s, struct jh_reason *reason)
{
	uint64_t address = cell->console.address;

	for (unsigned int i = 0; i < cell->num_memory_regions; i++) {
		struct jh_memory m = config_memory(cell, i);

		if (ranges_overlap(address, PL011_SIZE, m.virt_start, m.size))
			return refuse(reason, -HV_EINVAL, "console-overlaps-memory",
				      "The emulated PL011 at 0x%lx lies in memory region %u (guest 0x%lx-0x%lx).",
				      (unsigned long)address, i, (unsigned long)m.virt_start,
				      (unsigned long)(m.virt_start + m.size - 1));
	}
	for (unsigned int t = 0; t < HV_MAX_TRAPPED && s->trapped[t].size; t++)
		if (ranges_overlap(address, PL011_SIZE, s->trapped[t].start, s->trapped[t].size))
			return refuse(reason, -HV_EINVAL, "console-overlaps-trapped-device",
				      "The emulated PL011 at 0x%lx lies in %s at 0x%lx.", (unsigned long)address,
				      s->trapped[t].name, (unsigned long)s->trapped[t].start);
	return 0;
}

static bool owns(const struct jh_cell_desc *cell, uint64_t gicd_base, uint32_t intid)
{
	for (unsigned int i = 0; i < cell->num_irqchips; i++) {
		struct jh_irqchip chip = config_irqchip(cell, i);
		uint32_t bit = intid - chip.pin_base;

		if (chip.address == gicd_base && bit < 128 && (chip.pin_bitmap[bit / 32] & BIT64(bit % 32)))
			return true;
	}
	return false;
}

int check_console(const struct jh_cell_desc *cell, const struct check_system *system, struct jh_reason *reason)
{
	const struct jh_console_desc *console = &cell->console;
	int err;

	if (!(console->flags & JH_CON_EMULATED))
		return 0;
	err = check_descriptor(console, reason);
	if (!err)
		err = check_place(cell, system, reason);
	if (!err && console->gate_nr && !owns(cell, system->gicd_base, console->gate_nr))
		err = refuse(
			reason, -HV_EINVAL, "console-interrupt",
			"Interrupt %u of the emulated PL011 is not one of cell \"%s\" (its irqchips do not name it).",
			console->gate_nr, cell->name);
	return err;
}
