// SPDX-License-Identifier: MIT
/* What a cell has, out of the binary that it is created from. */
#include "linux_cell.h"

#include <definition.h>
#include <jailhouse/config.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define RAM_FLAGS ((uint64_t)(JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_DMA))
#define NOT_RAM	  ((uint64_t)(JH_MEM_IO | JH_MEM_COMM_REGION | JH_MEM_ROOTSHARED))

/* In the original's configurations it has a region of its own, at 0. */
static bool can_hold_loader(const struct definition_region *region, uint64_t entry)
{
	uint64_t flags = JH_MEM_READ | JH_MEM_WRITE | JH_MEM_EXECUTE | JH_MEM_LOADABLE;

	return (region->flags & (flags | JH_MEM_IO)) == flags && entry % 0x1000 == 0 && entry >= region->guest &&
	       region->size >= LINUX_LOADER_SIZE && entry - region->guest <= region->size - LINUX_LOADER_SIZE;
}

static void take_region(struct linux_machine *machine, const struct definition_region *region)
{
	if (!region->size || region->guest > UINT64_MAX - region->size)
		return;
	if (can_hold_loader(region, machine->entry))
		machine->entry_loadable = true;
	if (region->flags & JH_MEM_COMM_REGION)
		machine->comm = (struct linux_span){ region->guest, region->size };
	if ((region->flags & (RAM_FLAGS | NOT_RAM)) != RAM_FLAGS || machine->num_ram == LINUX_RAM_MAX)
		return;
	machine->loadable[machine->num_ram] = region->flags & JH_MEM_LOADABLE;
	machine->ram[machine->num_ram++] = (struct linux_span){ region->guest, region->size };
}

static void take_console(struct linux_machine *machine, const struct jh_console_desc *console)
{
	machine->has_uart = console->type == JH_CON_TYPE_PL011 && console->flags & JH_CON_EMULATED;
	machine->uart = console->address;
	machine->uart_intid = console->gate_nr;
}

int linux_machine_read(const void *config, size_t size, struct linux_machine *machine, struct linux_problem *problem)
{
	struct definition_neighbour cell;
	struct jh_cell_desc desc;
	int err = definition_neighbour_read(config, size, &cell);

	*machine = (struct linux_machine){ 0 };
	if (err == -EINVAL)
		return linux_refuse(problem, "not-a-cell", "Give the configuration of a cell, in JSON or compiled.",
				    "These %zu bytes are no configuration of a cell.", size);
	if (err)
		return err;
	memcpy(&desc, config, sizeof(desc));
	snprintf(machine->name, sizeof(machine->name), "%s", cell.name);
	machine->cpus = cell.cpus;
	machine->entry = desc.cpu_reset_address;
	for (size_t i = 0; i < cell.num_regions; i++)
		take_region(machine, &cell.regions[i]);
	take_console(machine, &desc.console);
	definition_neighbour_free(&cell);
	if (desc.flags & JH_CELL_AARCH32)
		return linux_refuse(problem, "linux-aarch32", "Take the flag \"aarch32\" out.",
				    "The cell \"%s\" starts in AArch32, an arm64 kernel does not.", machine->name);
	return 0;
}
