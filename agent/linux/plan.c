// SPDX-License-Identifier: MIT
/*
 * Where kernel, device tree and RAM disk go. The first three places are those of the original's `cell linux`: the tree at the
 * start of the RAM, the kernel at the next 2 MiB, the RAM disk above it.
 */
#include "linux_cell.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define PAGE		0x1000u
#define BLOCK		0x200000u /* a kernel starts text_offset above one */
#define PARAMETERS	0x1000u

static uint64_t up(uint64_t value, uint64_t step)
{
	return (value + step - 1) / step * step;
}

static bool holds(const struct linux_span *span, uint64_t address, uint64_t size)
{
	return address >= span->start && address - span->start < span->size &&
	       size <= span->size - (address - span->start);
}

/* The original starts at the region's start; where that is 0, or the loader's place, it is two pages above. */
static uint64_t tree_address(const struct linux_machine *machine, const struct linux_span *ram)
{
	if (!ram->start || holds(ram, machine->entry, 1))
		return up(ram->start ? machine->entry : ram->start, PAGE) + LINUX_LOADER_SIZE;
	return ram->start;
}

static void place(const struct linux_machine *machine, const struct linux_span *ram, const struct linux_kernel *kernel,
		  uint64_t initrd_size, unsigned factor, struct linux_plan *plan)
{
	uint64_t moved;

	plan->tree.start = tree_address(machine, ram);
	plan->kernel.start = up(plan->tree.start + up(plan->tree.size, PAGE) + PAGE, BLOCK) + kernel->text_offset;
	plan->kernel.size = kernel->image_size;
	plan->initrd.start = up(plan->kernel.start + plan->kernel.size, PAGE);
	plan->initrd.size = initrd_size;
	moved = plan->kernel.start + up(kernel->size, PAGE) * (1 + factor);
	if (factor && moved > plan->initrd.start)
		plan->initrd.start = moved;
	plan->kept_kernel.size = kernel->size;
	plan->kept_initrd.size = initrd_size;
	plan->kept.size = up(kernel->size, PAGE) + up(initrd_size, PAGE);
	plan->kept.start = (ram->start + ram->size) / PAGE * PAGE - plan->kept.size;
	plan->kept_kernel.start = plan->kept.start;
	plan->kept_initrd.start = plan->kept.start + up(kernel->size, PAGE);
}

/* What would have been enough: from the region's start to the end of what runs, and what is kept. */
static uint64_t needed(const struct linux_plan *plan, const struct linux_span *ram)
{
	return up(plan->initrd.start + plan->initrd.size, PAGE) - ram->start + plan->kept.size;
}

static int refuse_small(const struct linux_machine *machine, const struct linux_kernel *kernel, uint64_t initrd_size,
			uint64_t least, struct linux_problem *problem)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < machine->num_ram; i++)
		if (machine->loadable[i] && machine->ram[i].size > largest)
			largest = machine->ram[i].size;
	return linux_refuse(problem, "linux-memory", "Give the cell more memory, and some for Linux to work with.",
			    "Kernel (%" PRIu64 " KiB) and RAM disk (%" PRIu64 " KiB), each twice, take %" PRIu64
			    " MiB; the cell's largest loadable piece of RAM has %" PRIu64 " MiB.",
			    kernel->image_size >> 10, initrd_size >> 10, up(least, 1 << 20) >> 20, largest >> 20);
}

int linux_plan_make(const struct linux_machine *machine, const struct linux_kernel *kernel, uint64_t tree_size,
		    uint64_t initrd_size, unsigned factor, struct linux_plan *plan, struct linux_problem *problem)
{
	uint64_t least = UINT64_MAX, size;

	if (!machine->entry_loadable)
		return linux_refuse(problem, "linux-entry", "Leave \"entry\" out.",
				    "The cell starts at 0x%" PRIx64 ", where there are no two loadable pages of RAM.",
				    machine->entry);
	for (size_t i = 0; i < machine->num_ram; i++) {
		*plan = (struct linux_plan){ .tree.size = tree_size, .parameters = machine->entry + PARAMETERS };
		place(machine, &machine->ram[i], kernel, initrd_size, factor, plan);
		size = needed(plan, &machine->ram[i]);
		if (machine->loadable[i] && size <= machine->ram[i].size)
			return 0;
		least = size < least ? size : least;
	}
	if (!machine->num_ram)
		return linux_refuse(problem, "linux-no-memory", "Write \"memory\": [{\"size\": \"256M\"}].",
				    "The cell has no memory that it may read, write, execute and use for DMA alone.");
	return refuse_small(machine, kernel, initrd_size, least, problem);
}
