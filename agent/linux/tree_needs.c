// SPDX-License-Identifier: MIT
/* What a given tree must say of a cell, so that its kernel gets further than its first lines. One that is made says it. */
#include "linux_cell.h"

#include <libfdt.h>

static bool has(const void *tree, const char *compatible)
{
	return fdt_node_offset_by_compatible(tree, -1, compatible) >= 0;
}

int linux_tree_needs(const void *tree, struct linux_problem *problem)
{
	if (!has(tree, "arm,psci-1.0") && !has(tree, "arm,psci-0.2"))
		return linux_refuse(problem, "linux-tree-psci", "Add psci { compatible = \"arm,psci-1.0\"; method = \"smc\"; };",
				    "The device tree has no PSCI, by which a Linux starts its CPUs and ends.");
	if (!has(tree, "arm,armv8-timer"))
		return linux_refuse(
			problem, "linux-tree-timer",
			"Add timer { compatible = \"arm,armv8-timer\"; interrupts = <1 13 4>, <1 14 4>, <1 11 4>, <1 10 4>; };",
			"The device tree has no timer of the architecture: the clock of the Linux would stand still.");
	return 0;
}
