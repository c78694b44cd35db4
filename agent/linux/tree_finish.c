// SPDX-License-Identifier: MIT
/*
 * What is written into a device tree, made or given: memory, kernel arguments, the RAM disk. The loader and what is kept for the
 * next start are reserved by the memory reservation block: the kernel leaves that alone.
 */
#include "linux_cell.h"

#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM	     0x2000u /* what is added, beside the kernel's arguments */
#define VERSION_LEAST 17

struct cells {
	int address, size;
};

static int refuse(struct linux_problem *problem, const char *what, int err)
{
	return linux_refuse(problem, "linux-tree", "Correct the device tree; docs/linux-cells.md says what it needs.",
			    "The device tree cannot be used: %s (%s).", what, fdt_strerror(err));
}

static int cells_read(const void *tree, struct cells *cells)
{
	int length;

	if (!fdt_getprop(tree, 0, "#address-cells", &length))
		return length;
	if (!fdt_getprop(tree, 0, "#size-cells", &length))
		return length;
	*cells = (struct cells){ fdt_address_cells(tree, 0), fdt_size_cells(tree, 0) };
	return cells->address < 1 || cells->address > 2 || cells->size < 1 || cells->size > 2 ? -FDT_ERR_BADNCELLS : 0;
}

int linux_tree_check(const void *tree, size_t size, struct linux_problem *problem)
{
	struct cells cells;
	int err = size < FDT_V1_SIZE || size > LINUX_TREE_MAX ? -FDT_ERR_BADMAGIC : fdt_check_full(tree, size);

	if (err)
		return refuse(problem, "it is not one", err);
	if (fdt_version(tree) < VERSION_LEAST)
		return refuse(problem, "it is older than version 17", -FDT_ERR_BADVERSION);
	err = cells_read(tree, &cells);
	return err ? refuse(problem, "#address-cells or #size-cells of its root", err) : 0;
}

static size_t cells_write(uint8_t *out, uint64_t value, int cells)
{
	for (int i = 0; i < 4 * cells; i++)
		out[i] = (uint8_t)(value >> 8 * (4 * cells - 1 - i));
	return 4 * (size_t)cells;
}

/* A region of up to 64 KiB at 0 is the loader's in the original's configurations, and no RAM for Linux. */
static bool is_for_linux(const struct linux_span *ram)
{
	return ram->start || ram->size > 0x10000;
}

static int child(void *tree, int parent, const char *name)
{
	int node = fdt_subnode_offset(tree, parent, name);

	return node == -FDT_ERR_NOTFOUND ? fdt_add_subnode(tree, parent, name) : node;
}

/* The first node of that name, whatever its unit address. */
static int memory_node(void *tree, uint64_t start)
{
	char name[32];
	int node;

	fdt_for_each_subnode(node, tree, 0)
	{
		int length;
		const char *found = fdt_get_name(tree, node, &length);

		if (found && (strcmp(found, "memory") == 0 || strncmp(found, "memory@", 7) == 0))
			return node;
	}
	snprintf(name, sizeof(name), "memory@%llx", (unsigned long long)start);
	return child(tree, 0, name);
}

static int set_memory(void *tree, const struct cells *cells, const struct linux_machine *machine)
{
	uint8_t reg[LINUX_RAM_MAX * 16];
	uint64_t first = 0;
	size_t size = 0;
	int node, err;

	for (size_t i = 0; i < machine->num_ram; i++) {
		const struct linux_span *ram = &machine->ram[i];

		if (!is_for_linux(ram))
			continue;
		if ((cells->address == 1 && ram->start + (ram->size - 1) > UINT32_MAX) ||
		    (cells->size == 1 && ram->size > UINT32_MAX))
			return -FDT_ERR_BADNCELLS;
		first = size ? first : ram->start;
		size += cells_write(reg + size, ram->start, cells->address);
		size += cells_write(reg + size, ram->size, cells->size);
	}
	node = memory_node(tree, first);
	if (node < 0)
		return node;
	err = fdt_setprop_string(tree, node, "device_type", "memory");
	return err ? err : fdt_setprop(tree, node, "reg", reg, (int)size);
}

static int set_initrd(void *tree, int chosen, const struct linux_span *initrd)
{
	int err;

	if (!initrd->size) {
		err = fdt_delprop(tree, chosen, "linux,initrd-start");
		fdt_delprop(tree, chosen, "linux,initrd-end");
		return err == -FDT_ERR_NOTFOUND ? 0 : err;
	}
	err = fdt_setprop_u64(tree, chosen, "linux,initrd-start", initrd->start);
	return err ? err : fdt_setprop_u64(tree, chosen, "linux,initrd-end", initrd->start + initrd->size);
}

static int set_chosen(void *tree, const struct linux_plan *plan, const char *command_line)
{
	int chosen = child(tree, 0, "chosen"), err;

	if (chosen < 0)
		return chosen;
	err = set_initrd(tree, chosen, &plan->initrd);
	/* None given: a tree of one's own may bring some. */
	if (!err && command_line)
		err = fdt_setprop(tree, chosen, "bootargs", command_line, (int)strlen(command_line) + 1);
	return err;
}

static bool inside(const struct linux_machine *machine, uint64_t address)
{
	for (size_t i = 0; i < machine->num_ram; i++)
		if (address - machine->ram[i].start < machine->ram[i].size)
			return true;
	return false;
}

static int reserve(void *tree, const struct linux_machine *machine, const struct linux_plan *plan)
{
	int err = inside(machine, machine->entry) ? fdt_add_mem_rsv(tree, machine->entry, LINUX_LOADER_SIZE) : 0;

	return err ? err : fdt_add_mem_rsv(tree, plan->kept.start, plan->kept.size);
}

static int finish(void *tree, const struct linux_machine *machine, const struct linux_plan *plan,
		  const char *command_line)
{
	struct cells cells;
	int err = cells_read(tree, &cells);

	if (!err)
		err = set_memory(tree, &cells, machine);
	if (!err)
		err = set_chosen(tree, plan, command_line);
	if (!err)
		err = reserve(tree, machine, plan);
	return err ? err : fdt_pack(tree);
}

int linux_tree_finish(const void *tree, const struct linux_machine *machine, const struct linux_plan *plan,
		      const char *command_line, void **finished, struct linux_problem *problem)
{
	size_t room = linux_tree_size(tree) + ROOM + (command_line ? strlen(command_line) : 0);
	void *copy = malloc(room);
	int err;

	if (!copy)
		return -ENOMEM;
	err = fdt_open_into(tree, copy, (int)room);
	if (!err)
		err = finish(copy, machine, plan, command_line);
	if (!err) {
		*finished = copy;
		return 0;
	}
	free(copy);
	return refuse(problem, "memory, /chosen or reservations cannot be written", err);
}

size_t linux_tree_size(const void *tree)
{
	return fdt_totalsize(tree);
}
