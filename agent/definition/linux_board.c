// SPDX-License-Identifier: MIT
/*
 * What a Linux cannot live without and no definition can give it: PSCI, by which its CPUs are started, and the timer. The hypervisor offers
 * both as the board has them, and the device tree that is made for the cell (agent/linux/tree.c) says where they are everywhere.
 */
#include <string.h>
#include "build.h"
#include "tree.h"

#define VIRTUAL_TIMER	  2 /* in the list of its interrupts: secure, physical, virtual, hypervisor (arm,arch_timer.yaml) */
#define VIRTUAL_TIMER_PPI 11 /* Arm Base System Architecture, DEN0094 */
#define GIC_PPI		  1 /* first cell of an interrupt of a GIC */

static int find(const struct tree *tree, const char *const *compatible)
{
	for (int node = tree_next(tree, -1); node >= 0; node = tree_next(tree, node))
		for (size_t i = 0; compatible[i]; i++)
			if (tree_is(tree, node, compatible[i]) && tree_is_enabled(tree, node))
				return node;
	return -1;
}

static void need_psci(struct build *build, const struct tree *tree, const char *at)
{
	static const char *const names[] = { "arm,psci-1.0", "arm,psci-0.2", NULL };

	if (find(tree, names) < 0)
		compiler_refuse(
			&build->compiler, at, "linux-no-psci",
			"Use firmware with PSCI 0.2 or later, and boot it with a device tree that says so.",
			"The board's device tree has no PSCI: a Linux has no way to start CPUs, and root none to give them away.");
}

static void need_timer(struct build *build, const struct tree *tree, const char *at)
{
	static const char *const names[] = { "arm,armv8-timer", NULL };
	struct tree_reference interrupt;
	int node = find(tree, names);

	if (node < 0)
		compiler_refuse(
			&build->compiler, at, "linux-no-timer",
			"Boot the board with a device tree that has its arm,armv8-timer.",
			"The board's device tree has no timer of the architecture: the clock of a Linux would stand still.");
	else if (!tree_has(tree, node, "interrupt-names") && tree_interrupt(tree, node, VIRTUAL_TIMER, &interrupt) &&
		 interrupt.count >= 2 && (interrupt.cells[0] != GIC_PPI || interrupt.cells[1] != VIRTUAL_TIMER_PPI))
		compiler_refuse(
			&build->compiler, at, "linux-timer",
			"Take \"linux\" out, and give it a device tree of its own: jailhouse cell linux CELL KERNEL -d FILE.",
			"The board's virtual timer has PPI %u, and a Linux cell is told %u: its clock would stand still.",
			interrupt.cells[1], VIRTUAL_TIMER_PPI);
}

void linux_check_board(struct build *build)
{
	struct tree tree;
	char at[128];

	if (!build->board || build->compiler.unchecked ||
	    !tree_open(&tree, build->board->device_tree, build->board->device_tree_size))
		return;
	build_pointer(at, build, "linux", -1);
	need_psci(build, &tree, at);
	need_timer(build, &tree, at);
}
