// SPDX-License-Identifier: MIT
#include "device_tree.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 512
#define REG_MAX 1024

size_t device_tree_property(const char *node, const char *name, void *buffer, size_t size)
{
	char path[PATH_SIZE];
	size_t count = 0;
	FILE *file;

	if (snprintf(path, sizeof(path), "%s/%s", node, name) >= PATH_SIZE)
		return 0;
	file = fopen(path, "re");
	if (file) {
		count = fread(buffer, 1, size, file);
		fclose(file);
	}
	return count;
}

/* Cells of 32 bits, most significant byte first (Devicetree Specification 2.2.4). */
uint64_t device_tree_number(const unsigned char *bytes, size_t cells)
{
	uint64_t value = 0;

	for (size_t i = 0; i < 4 * cells; i++)
		value = value << 8 | bytes[i];
	return value;
}

/* 1 or 2; the specification's default for addresses is 2, for sizes 1. */
static size_t cell_count(const char *parent, const char *name, size_t otherwise)
{
	unsigned char bytes[4];
	uint64_t count = device_tree_property(parent, name, bytes, sizeof(bytes)) == 4 ? device_tree_number(bytes, 1) :
											 otherwise;

	return count == 1 || count == 2 ? (size_t)count : otherwise;
}

void device_tree_model(const char *tree, char *model, size_t size)
{
	model[device_tree_property(tree, "model", model, size - 1)] = '\0';
}

int device_tree_ranges(const char *parent, const char *node, device_tree_range_fn each, void *context)
{
	size_t address = cell_count(parent, "#address-cells", 2), size = cell_count(parent, "#size-cells", 1);
	size_t entry = 4 * (address + size);
	unsigned char reg[REG_MAX];
	size_t count = device_tree_property(node, "reg", reg, sizeof(reg));
	int err = 0;

	for (size_t at = 0; !err && at + entry <= count; at += entry)
		err = each(context, device_tree_number(reg + at, address),
			   device_tree_number(reg + at + 4 * address, size));
	return err;
}

static bool is_memory(const char *parent, const char *name)
{
	(void)parent;
	return strcmp(name, "memory") == 0 || strncmp(name, "memory@", 7) == 0;
}

static bool is_unmapped(const char *parent, const char *name)
{
	char path[PATH_SIZE];

	return snprintf(path, sizeof(path), "%s/%s/no-map", parent, name) < PATH_SIZE && access(path, F_OK) == 0;
}

static int walk(const char *parent, bool (*wanted)(const char *, const char *), device_tree_range_fn each,
		void *context)
{
	char node[PATH_SIZE];
	DIR *folder = opendir(parent);
	struct dirent *entry;
	int err = 0;

	while (folder && !err && (entry = readdir(folder)))
		if (entry->d_name[0] != '.' && wanted(parent, entry->d_name) &&
		    snprintf(node, sizeof(node), "%s/%s", parent, entry->d_name) < PATH_SIZE)
			err = device_tree_ranges(parent, node, each, context);
	if (folder)
		closedir(folder);
	return err;
}

int device_tree_memory(const char *tree, device_tree_range_fn each, void *context)
{
	return walk(tree, is_memory, each, context);
}

int device_tree_unmapped(const char *tree, device_tree_range_fn each, void *context)
{
	char parent[PATH_SIZE];

	if (snprintf(parent, sizeof(parent), "%s/reserved-memory", tree) >= PATH_SIZE)
		return 0;
	return walk(parent, is_unmapped, each, context);
}
