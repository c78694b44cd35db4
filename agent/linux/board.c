// SPDX-License-Identifier: MIT
/* What cells share with the board, from the device tree that root Linux was booted with. */
#include "linux_cell.h"

#include <device_tree.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PATH_SIZE 512

/* Properties are lists of strings; a file that is cut off ends all the same. */
static size_t strings(const char *node, char *buffer, size_t size)
{
	size_t count = device_tree_property(node, "compatible", buffer, size - 1);

	buffer[count] = '\0';
	return count;
}

static bool is_compatible(const char *node, const char *const *names)
{
	char list[256];
	size_t size = strings(node, list, sizeof(list));

	for (size_t at = 0; at < size; at += strlen(list + at) + 1)
		for (const char *const *name = names; *name; name++)
			if (strcmp(list + at, *name) == 0)
				return true;
	return false;
}

/* A child of the root, or of a bus below it. */
static bool find(const char *parent, const char *const *names, int depth, char node[PATH_SIZE])
{
	DIR *folder = opendir(parent);
	struct dirent *entry;
	bool found = false;

	while (folder && !found && (entry = readdir(folder))) {
		if (entry->d_name[0] == '.' || entry->d_type != DT_DIR ||
		    snprintf(node, PATH_SIZE, "%s/%s", parent, entry->d_name) >= PATH_SIZE)
			continue;
		found = is_compatible(node, names);
		if (!found && depth) {
			char deeper[PATH_SIZE];

			found = find(node, names, depth - 1, deeper);
			if (found)
				memcpy(node, deeper, PATH_SIZE);
		}
	}
	if (folder)
		closedir(folder);
	return found;
}

static void read_cpu(const char *cpus, unsigned cpu, struct linux_cpu *known)
{
	unsigned char reg[8];
	char node[PATH_SIZE];
	size_t size;

	snprintf(node, sizeof(node), "%s/cpu%u/of_node", cpus, cpu);
	size = device_tree_property(node, "reg", reg, sizeof(reg));
	if (size != 4 && size != 8)
		return;
	known->known = true;
	known->affinity = device_tree_number(reg, size / 4);
	strings(node, known->compatible, sizeof(known->compatible));
	if (!known->compatible[0])
		snprintf(known->compatible, sizeof(known->compatible), "arm,armv8");
}

static int take_space(void *context, uint64_t start, uint64_t size)
{
	struct linux_board *board = context;

	if (!board->gicd.size)
		board->gicd = (struct linux_span){ start, size };
	else if (!board->gic_cpus.size)
		board->gic_cpus = (struct linux_span){ start, size };
	return 0;
}

static void parent_of(const char *node, char parent[PATH_SIZE])
{
	snprintf(parent, PATH_SIZE, "%.*s", (int)(strrchr(node, '/') - node), node);
}

static void read_gic(const char *tree, struct linux_board *board)
{
	static const char *const v3[] = { "arm,gic-v3", NULL };
	static const char *const v2[] = { "arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a7-gic", NULL };
	char node[PATH_SIZE], parent[PATH_SIZE];

	if (find(tree, v3, 1, node))
		board->gic_version = 3;
	else if (find(tree, v2, 1, node))
		board->gic_version = 2;
	else
		return;
	parent_of(node, parent);
	device_tree_ranges(parent, node, take_space, board);
}

/* Firmware that does not set CNTFRQ_EL0 says it in the tree. */
static void read_timer(const char *tree, struct linux_board *board)
{
	static const char *const names[] = { "arm,armv8-timer", NULL };
	unsigned char hertz[4];
	char node[PATH_SIZE];

	if (find(tree, names, 1, node) &&
	    device_tree_property(node, "clock-frequency", hertz, sizeof(hertz)) == sizeof(hertz))
		board->timer_hertz = (uint32_t)device_tree_number(hertz, 1);
}

int linux_board_read(const char *cpus, const char *tree, struct linux_board *board, struct linux_problem *problem)
{
	*board = (struct linux_board){ 0 };
	for (unsigned cpu = 0; cpu < LINUX_CPUS_MAX; cpu++)
		read_cpu(cpus, cpu, &board->cpus[cpu]);
	read_gic(tree, board);
	read_timer(tree, board);
	if (!board->gic_version || !board->gic_cpus.size)
		return linux_refuse(problem, "linux-gic", "Give the cell a device tree of its own.",
				    "The board's device tree %s has no GICv2 or GICv3 whose registers it names.", tree);
	return 0;
}
