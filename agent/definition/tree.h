/* SPDX-License-Identifier: MIT */
/*
 * A device tree, read: nodes by name, registers as CPUs see them, interrupts, references. Devicetree Specification 0.4.
 * Nodes are libfdt's offsets; the blob stays the caller's and must not change. Nothing in it is trusted.
 */
#ifndef DEFINITION_TREE_H
#define DEFINITION_TREE_H

#include <stdbool.h>
#include "definition.h"

#define TREE_PATH_MAX 256
#define TREE_CELLS_MAX 8

struct tree {
	const void *fdt;
};

/* What a phandle with its cells names. */
struct tree_reference {
	int node; /* below 0: there is none with that phandle */
	uint32_t phandle, cells[TREE_CELLS_MAX];
	unsigned count;
};

/* False: not a device tree, or a damaged one. */
bool tree_open(struct tree *tree, const void *blob, size_t size);

/* A path from the root, an alias, or a label when the tree has its symbols. Below 0: there is none. */
int tree_find(const struct tree *tree, const char *name);
int tree_parent(const struct tree *tree, int node);
/* All nodes below the root, one behind the other; -1 begins, below 0 ends. */
int tree_next(const struct tree *tree, int node);
void tree_path(const struct tree *tree, int node, char path[TREE_PATH_MAX]);

/* The nth property; NULL: it has fewer. */
const char *tree_property_name(const struct tree *tree, int node, unsigned index);
const char *tree_text(const struct tree *tree, int node, const char *property);
bool tree_has(const struct tree *tree, int node, const char *property);
/* A property of one cell. */
uint32_t tree_number(const struct tree *tree, int node, const char *property, uint32_t otherwise);
bool tree_is(const struct tree *tree, int node, const char *compatible);
/* The name without its unit address. */
bool tree_is_named(const struct tree *tree, int node, const char *name);
/* Neither it nor what it hangs on is disabled. */
bool tree_is_enabled(const struct tree *tree, int node);

/* 0; -ENOENT: it has fewer; -EINVAL: no CPU sees them there. */
int tree_registers(const struct tree *tree, int node, unsigned index, struct definition_range *range);
/* The nth window of a PCI host, as CPUs see it. -ENOENT, -EINVAL. */
int tree_window(const struct tree *tree, int node, unsigned index, struct definition_range *range);
/* `cells` names the property of the node that is meant with the number of cells: "#clock-cells". False: there are fewer. */
bool tree_reference(const struct tree *tree, int node, const char *property, const char *cells, unsigned index,
		    struct tree_reference *reference);
/* The same of its interrupts; the node is their controller. */
bool tree_interrupt(const struct tree *tree, int node, unsigned index, struct tree_reference *reference);
/* Whether a property has that phandle anywhere: cheaper than reading it. */
bool tree_mentions(const struct tree *tree, int node, const char *property, uint32_t phandle);

#endif
