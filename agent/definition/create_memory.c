// SPDX-License-Identifier: MIT
/* Who has which addresses: the hypervisor, the pool of the cells, and root all the rest. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "create.h"

#define ADDRESSES	(1ull << 40) /* more the hypervisor's tables do not reach */
#define HYPERVISOR_SIZE 0x400000u

static const char *const names_of_both[] = { "hypervisor", "jailhouse", "rotunda", NULL };
static const char *const names_of_pool[] = { "cells", "pool", "inmate", NULL };

static bool is_one_of(const struct tree *tree, int node, const char *const *names)
{
	for (; *names; names++)
		if (tree_is_named(tree, node, *names))
			return true;
	return false;
}

static bool is_reservation(const struct tree *tree, int node)
{
	return tree_is_named(tree, tree_parent(tree, node), "reserved-memory") && tree_has(tree, node, "no-map");
}

/* By name only: other reservations are of firmware, and nobody's to take. */
static void take_reservation(struct create *create, int node)
{
	struct definition_range range;

	if (!is_reservation(&create->tree, node) || tree_registers(&create->tree, node, 0, &range) != 0)
		return;
	if (is_one_of(&create->tree, node, names_of_both) && !create->hypervisor.size) {
		create->hypervisor = range;
		/* One that is for cells, too: the end of it is enough. */
		if (range.size > 4 * (uint64_t)HYPERVISOR_SIZE)
			create->hypervisor = (struct definition_range){ range.start + range.size - HYPERVISOR_SIZE,
									HYPERVISOR_SIZE };
		range.size -= create->hypervisor.size;
	} else if (!is_one_of(&create->tree, node, names_of_pool)) {
		return;
	}
	if (range.size > create->pool.size && !create->machine->pool.size)
		create->pool = range;
}

static void add_range(cJSON *json, const char *key, const char *start, struct definition_range range)
{
	cJSON *object = cJSON_AddObjectToObject(json, key);

	create_hex(object, start, range.start);
	create_size(object, "size", range.size);
}

void create_reservations(struct create *create)
{
	create->hypervisor = create->machine->hypervisor;
	create->pool = create->machine->pool;
	for (int node = tree_next(&create->tree, -1); node >= 0; node = tree_next(&create->tree, node))
		take_reservation(create, node);
	if (!create->hypervisor.size)
		compiler_refuse(
			&create->compiler, "/hypervisor", "no-hypervisor-memory",
			"Reserve 4 MiB with no-map in a node hypervisor@… of reserved-memory, or give --hypervisor ADDRESS+SIZE.",
			"The device tree reserves no memory for the hypervisor.");
	else
		add_range(create->json, "hypervisor", "physical", create->hypervisor);
	if (create->pool.size)
		add_range(create->json, "pool", "start", create->pool);
	else
		compiler_warn(
			&create->compiler, "/pool", "no-pool",
			"Reserve it with no-map in a node cells@… of reserved-memory, or give --pool ADDRESS+SIZE.",
			"The device tree reserves no memory for cells: each must say where its memory is.");
}

/* "40000000-bfffffff : System RAM"; what is indented is part of the line above it. */
static const char *iomem_line(const char *line, struct definition_range *range, bool *is_memory)
{
	const char *end = line + strcspn(line, "\n");
	uint64_t first, last;
	int read = 0;

	range->size = 0;
	if (*line != ' ' && sscanf(line, "%" SCNx64 "-%" SCNx64 " : %n", &first, &last, &read) == 2 && read &&
	    last >= first && last - first != UINT64_MAX) {
		*range = (struct definition_range){ first, last - first + 1 };
		*is_memory = strncmp(line + read, "System RAM", 10) == 0;
	}
	return *end ? end + 1 : end;
}

static void add_iomem(struct create *create)
{
	struct definition_range range;
	bool is_memory = false, any = false;

	for (const char *line = create->machine->iomem; line && *line;) {
		line = iomem_line(line, &range, &is_memory);
		any |= range.start || range.size > 1;
		spans_add(is_memory ? &create->memory : &create->devices, create_pages(range));
	}
	if (create->machine->iomem && !any)
		compiler_refuse(&create->compiler, "", "iomem-hidden", "Run the command as root.",
				"/proc/iomem shows no addresses.");
}

static void add_node(struct create *create, int node)
{
	const char *type = tree_text(&create->tree, node, "device_type");
	bool memory = (type && strcmp(type, "memory") == 0) || is_reservation(&create->tree, node);
	struct definition_range range;
	unsigned index;
	int err;

	for (index = 0; (err = tree_registers(&create->tree, node, index, &range)) != -ENOENT && index < 64; index++)
		if (!err)
			spans_add(memory ? &create->memory : &create->devices, create_pages(range));
	if (!type || strcmp(type, "pci") != 0)
		return;
	for (index = 0; (err = tree_window(&create->tree, node, index, &range)) != -ENOENT && index < 64; index++)
		if (!err)
			spans_add(&create->devices, create_pages(range));
}

/* Buses have devices that no tree tells of; what is below all memory can only be such. */
static void add_below_memory(struct create *create)
{
	if (create->memory.count)
		spans_add(&create->devices, (struct definition_range){ 0, create->memory.items[0].start });
}

static void take_away(struct create *create)
{
	const struct definition_range beyond = { ADDRESSES, UINT64_MAX - ADDRESSES };

	spans_remove(&create->memory, create->hypervisor);
	spans_remove(&create->memory, beyond);
	spans_remove_all(&create->devices, &create->memory);
	spans_remove(&create->devices, create->hypervisor);
	spans_remove(&create->devices, beyond);
	spans_remove_all(&create->devices, &create->kept);
	spans_settle(&create->memory);
	spans_settle(&create->devices);
}

static cJSON *region(const struct definition_range *range, bool memory)
{
	static const char *const of_memory[] = { "read", "write", "execute", "dma" };
	static const char *const of_devices[] = { "read", "write", "io" };
	cJSON *json = cJSON_CreateObject();

	create_hex(json, "physical", range->start);
	create_size(json, "size", range->size);
	cJSON_AddItemToObject(json, "flags",
			      memory ? cJSON_CreateStringArray(of_memory, 4) : cJSON_CreateStringArray(of_devices, 3));
	return json;
}

void create_memory(struct create *create)
{
	cJSON *list = cJSON_AddArrayToObject(create->root, "memory");
	size_t memory = 0, device = 0;

	for (int node = tree_next(&create->tree, -1); node >= 0; node = tree_next(&create->tree, node))
		add_node(create, node);
	add_iomem(create);
	spans_settle(&create->memory);
	add_below_memory(create);
	take_away(create);
	while (memory < create->memory.count || device < create->devices.count) {
		bool first = device == create->devices.count ||
			     (memory < create->memory.count &&
			      create->memory.items[memory].start < create->devices.items[device].start);

		cJSON_AddItemToArray(list, first ? region(&create->memory.items[memory++], true) :
						   region(&create->devices.items[device++], false));
	}
}
