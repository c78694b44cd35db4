// SPDX-License-Identifier: MIT
#include <hv/mmio.h>

#include <hv/cell.h>
#include <hv/cpu.h>
#include <hv/subpage.h>
#include <hv/vgic.h>

bool mmio_covers(const struct cell *cell, uint64_t address)
{
	return pl011_covers(&cell->console.uart, address) || subpage_covers(cell, address) || vgic_covers(address);
}

bool mmio_access(struct cpu *cpu, struct mmio *mmio)
{
	struct console *console = &cpu->cell->console;

	if (pl011_covers(&console->uart, mmio->address))
		return pl011_access(console, mmio);
	if (subpage_covers(cpu->cell, mmio->address))
		return subpage_access(cpu->cell, mmio);
	return vgic_access(cpu, mmio);
}
