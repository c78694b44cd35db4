// SPDX-License-Identifier: MIT
/* All of it together: from what a person gives to the images that the driver loads. */
#include "linux_cell.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOADER_ROOM	0x1400u /* parameters are a page above its start, 1 KiB of them */
#define LOADER_LEAST	0x1001u
#define TREE_ROOM	0x2000u /* what linux_tree_finish() may add, beside the kernel's arguments */

static uint64_t largest(const struct linux_machine *machine)
{
	uint64_t size = 0;

	for (size_t i = 0; i < machine->num_ram; i++)
		size = machine->ram[i].size > size ? machine->ram[i].size : size;
	return size;
}

static int check_tree(const struct linux_parts *parts, struct linux_problem *problem)
{
	int err = linux_tree_check(parts->tree, parts->tree_size, problem);

	return err ? err : linux_tree_needs(parts->tree, problem);
}

static int check_parts(const struct linux_parts *parts, struct linux_problem *problem)
{
	if (parts->loader_size < LOADER_LEAST || parts->loader_size > LOADER_ROOM)
		return linux_refuse(problem, "linux-loader", "Install linux-loader.bin of this release.",
				    "The loader has %zu bytes, it needs %u to %u.", parts->loader_size, LOADER_LEAST,
				    LOADER_ROOM);
	if (parts->command_line && strlen(parts->command_line) >= LINUX_COMMAND_LINE_MAX)
		return linux_refuse(problem, "linux-command-line", "Shorten it.",
				    "The kernel's arguments have %zu bytes, at most %d are read.",
				    strlen(parts->command_line), LINUX_COMMAND_LINE_MAX - 1);
	return parts->tree ? check_tree(parts, problem) : 0;
}

static void write_parameters(struct linux_load *load, const struct linux_plan *plan)
{
	int used = snprintf(load->parameters, sizeof(load->parameters),
			    "kernel=0x%" PRIx64 " dtb=0x%" PRIx64 " copy=0x%" PRIx64 ":0x%" PRIx64 ":0x%" PRIx64,
			    plan->kernel.start, plan->tree.start, plan->kept_kernel.start, plan->kernel.start,
			    plan->kept_kernel.size);

	if (plan->initrd.size)
		snprintf(load->parameters + used, sizeof(load->parameters) - (size_t)used,
			 " copy=0x%" PRIx64 ":0x%" PRIx64 ":0x%" PRIx64, plan->kept_initrd.start, plan->initrd.start,
			 plan->initrd.size);
}

static void add(struct linux_load *load, const char *what, const void *data, size_t size, uint64_t address)
{
	load->images[load->count++] = (struct linux_image){ what, data, size, address };
}

static void add_all(struct linux_load *load, const struct linux_machine *machine, const struct linux_parts *parts,
		    const struct linux_plan *plan)
{
	add(load, "loader", parts->loader, parts->loader_size, machine->entry);
	add(load, "kernel", load->kernel.data, load->kernel.size, plan->kept_kernel.start);
	add(load, "tree", load->tree, linux_tree_size(load->tree), plan->tree.start);
	if (parts->initrd_size)
		add(load, "initrd", parts->initrd, parts->initrd_size, plan->kept_initrd.start);
	add(load, "parameters", load->parameters, strlen(load->parameters) + 1, plan->parameters);
}

/* The tree's size is needed for the plan, and the plan is written into the tree: room for the most that may come. */
static int plan_and_finish(const struct linux_machine *machine, const struct linux_parts *parts, const void *tree,
			   struct linux_load *load, struct linux_plan *plan, struct linux_problem *problem)
{
	uint64_t size = linux_tree_size(tree) + TREE_ROOM + (parts->command_line ? strlen(parts->command_line) : 0);
	int err = linux_plan_make(machine, &load->kernel, size, parts->initrd_size, parts->factor, plan, problem);

	if (err)
		return err;
	return linux_tree_finish(tree, machine, plan, parts->command_line, &load->tree, problem);
}

static int make(const struct linux_machine *machine, const struct linux_board *board, const struct linux_parts *parts,
		struct linux_load *load, struct linux_problem *problem)
{
	struct linux_plan plan;
	void *made = NULL;
	int err = check_parts(parts, problem);

	if (!err && !parts->tree)
		err = linux_tree_make(machine, board, &made, problem);
	if (!err)
		err = linux_kernel_open(parts->kernel, parts->kernel_size, largest(machine), &load->kernel, problem);
	if (!err)
		err = plan_and_finish(machine, parts, made ? made : parts->tree, load, &plan, problem);
	free(made);
	if (err)
		return err;
	write_parameters(load, &plan);
	add_all(load, machine, parts, &plan);
	return 0;
}

int linux_load_make(const struct linux_machine *machine, const struct linux_board *board,
		    const struct linux_parts *parts, struct linux_load *load, struct linux_problem *problem)
{
	int err;

	*load = (struct linux_load){ 0 };
	err = make(machine, board, parts, load, problem);
	if (err)
		linux_load_free(load);
	return err;
}

void linux_load_free(struct linux_load *load)
{
	linux_kernel_close(&load->kernel);
	free(load->tree);
	*load = (struct linux_load){ 0 };
}
