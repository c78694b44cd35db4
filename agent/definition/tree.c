// SPDX-License-Identifier: MIT
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include "tree.h"

#define DEPTH_MAX 16

bool tree_open(struct tree *tree, const void *blob, size_t size)
{
	tree->fdt = blob;
	return blob && size >= sizeof(struct fdt_header) && fdt_check_full(blob, size) == 0;
}

int tree_find(const struct tree *tree, const char *name)
{
	/* libfdt takes an alias in the place of a path. */
	int symbols, node = *name ? fdt_path_offset(tree->fdt, name) : -FDT_ERR_NOTFOUND;
	const char *path;

	if (node >= 0 || *name == '/')
		return node;
	symbols = fdt_path_offset(tree->fdt, "/__symbols__");
	path = symbols >= 0 ? tree_text(tree, symbols, name) : NULL;
	return path ? fdt_path_offset(tree->fdt, path) : node;
}

int tree_parent(const struct tree *tree, int node)
{
	return fdt_parent_offset(tree->fdt, node);
}

int tree_next(const struct tree *tree, int node)
{
	return fdt_next_node(tree->fdt, node < 0 ? 0 : node, NULL);
}

void tree_path(const struct tree *tree, int node, char path[TREE_PATH_MAX])
{
	if (fdt_get_path(tree->fdt, node, path, TREE_PATH_MAX) != 0)
		snprintf(path, TREE_PATH_MAX, "?");
}

const char *tree_property_name(const struct tree *tree, int node, unsigned index)
{
	int at = fdt_first_property_offset(tree->fdt, node);
	const char *name = NULL;

	while (at >= 0 && index--)
		at = fdt_next_property_offset(tree->fdt, at);
	return at >= 0 && fdt_getprop_by_offset(tree->fdt, at, &name, NULL) ? name : NULL;
}

const char *tree_text(const struct tree *tree, int node, const char *property)
{
	int length;
	const char *text = fdt_getprop(tree->fdt, node, property, &length);

	return text && length > 0 && text[length - 1] == '\0' ? text : NULL;
}

bool tree_has(const struct tree *tree, int node, const char *property)
{
	return fdt_getprop(tree->fdt, node, property, NULL) != NULL;
}

static const fdt32_t *cells_of(const struct tree *tree, int node, const char *property, unsigned *count)
{
	int length = 0;
	const fdt32_t *cells = fdt_getprop(tree->fdt, node, property, &length);

	*count = cells && length > 0 ? (unsigned)length / sizeof(*cells) : 0;
	return cells;
}

uint32_t tree_number(const struct tree *tree, int node, const char *property, uint32_t otherwise)
{
	unsigned count;
	const fdt32_t *cells = cells_of(tree, node, property, &count);

	return count == 1 ? fdt32_ld(cells) : otherwise;
}

bool tree_is(const struct tree *tree, int node, const char *compatible)
{
	return fdt_node_check_compatible(tree->fdt, node, compatible) == 0;
}

bool tree_is_named(const struct tree *tree, int node, const char *name)
{
	const char *own = fdt_get_name(tree->fdt, node, NULL);
	size_t length = own ? strcspn(own, "@") : 0;

	return strlen(name) == length && strncmp(own, name, length) == 0;
}

bool tree_is_enabled(const struct tree *tree, int node)
{
	const char *status;

	for (int depth = 0; node > 0 && depth < DEPTH_MAX; node = tree_parent(tree, node), depth++) {
		status = tree_text(tree, node, "status");
		if (status && strcmp(status, "okay") != 0 && strcmp(status, "ok") != 0)
			return false;
	}
	return true;
}

static uint64_t number_of(const fdt32_t *cells, unsigned count)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < count; i++)
		value = value << 32 | fdt32_ld(cells + i);
	return value;
}

/* 1 to 4 cells; 0: no addresses that mean anything to a CPU (a CPU's number, a port). */
static bool counts_of(const struct tree *tree, int bus, unsigned *address, unsigned *size)
{
	uint32_t a = tree_number(tree, bus, "#address-cells", 2), s = tree_number(tree, bus, "#size-cells", 1);

	*address = a <= 3 ? a : 0;
	*size = s;
	return *address && s && s <= 2;
}

/* One step up: an address of the bus as its parent sees it. */
static int translate(const struct tree *tree, int bus, uint64_t *address, uint64_t size)
{
	unsigned child, child_size, above, above_size, count, entry;
	const fdt32_t *ranges = cells_of(tree, bus, "ranges", &count);
	int parent = tree_parent(tree, bus);
	uint64_t start, length;

	if (!ranges || parent < 0 || !counts_of(tree, bus, &child, &child_size) ||
	    !counts_of(tree, parent, &above, &above_size))
		return -EINVAL;
	if (!count)
		return 0;
	entry = child + above + child_size;
	for (unsigned at = 0; at + entry <= count; at += entry) {
		start = number_of(ranges + at, child);
		length = number_of(ranges + at + child + above, child_size);
		if (*address < start || *address - start >= length || size > length - (*address - start))
			continue;
		*address = number_of(ranges + at + child, above) + (*address - start);
		return 0;
	}
	return -EINVAL;
}

static int to_cpu(const struct tree *tree, int bus, struct definition_range *range)
{
	for (int depth = 0; bus > 0; bus = tree_parent(tree, bus))
		if (++depth > DEPTH_MAX || translate(tree, bus, &range->start, range->size) != 0)
			return -EINVAL;
	return bus < 0 || !range->size || range->start > UINT64_MAX - (range->size - 1) ? -EINVAL : 0;
}

int tree_registers(const struct tree *tree, int node, unsigned index, struct definition_range *range)
{
	int bus = tree_parent(tree, node);
	unsigned address, size, count, entry;
	const fdt32_t *cells = cells_of(tree, node, "reg", &count);

	if (!cells)
		return -ENOENT;
	if (bus < 0 || !counts_of(tree, bus, &address, &size))
		return -EINVAL;
	entry = address + size;
	if (index >= count / entry)
		return -ENOENT;
	cells += (size_t)index * entry;
	*range = (struct definition_range){ number_of(cells, address), number_of(cells + address, size) };
	return to_cpu(tree, bus, range);
}

/* PCI bus addresses have three cells; what counts here is where CPUs find them. */
int tree_window(const struct tree *tree, int node, unsigned index, struct definition_range *range)
{
	int parent = tree_parent(tree, node);
	unsigned above, above_size, count, entry;
	const fdt32_t *cells = cells_of(tree, node, "ranges", &count);
	uint32_t size = tree_number(tree, node, "#size-cells", 2);

	if (parent < 0 || !counts_of(tree, parent, &above, &above_size) || size < 1 || size > 2)
		return -EINVAL;
	entry = 3 + above + size;
	if (!cells || index >= count / entry)
		return -ENOENT;
	cells += (size_t)index * entry + 3;
	*range = (struct definition_range){ number_of(cells, above), number_of(cells + above, size) };
	return to_cpu(tree, parent, range);
}

static void take_cells(struct tree_reference *reference, const fdt32_t *cells, unsigned count)
{
	reference->count = count < TREE_CELLS_MAX ? count : TREE_CELLS_MAX;
	for (unsigned i = 0; i < reference->count; i++)
		reference->cells[i] = fdt32_ld(cells + i);
}

bool tree_reference(const struct tree *tree, int node, const char *property, const char *cells, unsigned index,
		    struct tree_reference *reference)
{
	unsigned total, count;
	const fdt32_t *list = cells_of(tree, node, property, &total);
	bool known;

	for (unsigned at = 0; at < total; at += 1 + count) {
		*reference = (struct tree_reference){ .phandle = fdt32_ld(list + at) };
		reference->node = fdt_node_offset_by_phandle(tree->fdt, reference->phandle);
		/* What cannot be found, or does not say so, has an unknown number of cells: the list ends for us. */
		known = reference->node >= 0 && (!cells || tree_has(tree, reference->node, cells));
		count = known && cells ? tree_number(tree, reference->node, cells, 0) : 0;
		if (count > total - at - 1)
			return false;
		if (index-- == 0) {
			take_cells(reference, list + at + 1, count);
			return true;
		}
		if (!known)
			return false;
	}
	return false;
}

static int interrupt_parent(const struct tree *tree, int node)
{
	uint32_t phandle;

	for (int depth = 0; node >= 0 && depth < DEPTH_MAX; node = tree_parent(tree, node), depth++) {
		phandle = tree_number(tree, node, "interrupt-parent", 0);
		if (phandle)
			return fdt_node_offset_by_phandle(tree->fdt, phandle);
	}
	return -FDT_ERR_NOTFOUND;
}

bool tree_interrupt(const struct tree *tree, int node, unsigned index, struct tree_reference *reference)
{
	unsigned total, count;
	const fdt32_t *list;

	if (tree_has(tree, node, "interrupts-extended"))
		return tree_reference(tree, node, "interrupts-extended", "#interrupt-cells", index, reference);
	list = cells_of(tree, node, "interrupts", &total);
	*reference = (struct tree_reference){ .node = list ? interrupt_parent(tree, node) : -1 };
	count = reference->node >= 0 ? tree_number(tree, reference->node, "#interrupt-cells", 1) : 0;
	if (!count || count > total || index >= total / count)
		return false;
	reference->phandle = fdt_get_phandle(tree->fdt, reference->node);
	take_cells(reference, list + (size_t)index * count, count);
	return true;
}

bool tree_mentions(const struct tree *tree, int node, const char *property, uint32_t phandle)
{
	unsigned count;
	const fdt32_t *cells = cells_of(tree, node, property, &count);

	for (unsigned i = 0; i < count; i++)
		if (fdt32_ld(cells + i) == phandle)
			return true;
	return false;
}
