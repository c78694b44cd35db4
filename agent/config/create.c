// SPDX-License-Identifier: MIT
/* jailhouse config create: a system definition of the running board; of another one from its device tree. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "live_tree.h"
#include "show.h"
#include "tool.h"

#define IOMEM "/proc/iomem"

struct wishes {
	const char *tree, *iomem, *out;
	struct definition_machine machine;
};

/* "0x7fc00000+4M" */
static bool read_range(const char *text, struct definition_range *range)
{
	static const char units[] = "KMG";
	const char *unit;
	char *end;

	errno = 0;
	range->start = strtoull(text, &end, 0);
	if (errno || end == text || *end != '+' || !strchr("0123456789", end[1]) || !end[1])
		return false;
	range->size = strtoull(end + 1, &end, 0);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit && !end[1]) {
		range->size <<= 10 * (unit - units + 1);
		end++;
	}
	return !errno && !*end && range->size;
}

static bool take_option(struct wishes *wishes, const char *option, const char *value)
{
	if (strcmp(option, "--device-tree") == 0)
		wishes->tree = value;
	else if (strcmp(option, "--iomem") == 0)
		wishes->iomem = value;
	else if (strcmp(option, "--hypervisor") == 0)
		return read_range(value, &wishes->machine.hypervisor);
	else if (strcmp(option, "--pool") == 0)
		return read_range(value, &wishes->machine.pool);
	else if (strcmp(option, "--spare-intids") == 0)
		return read_range(value, &wishes->machine.spare_intids);
	else
		return false;
	return true;
}

/* Linux counts CPUs in the tree's order, but leaves out what it cannot start. */
static uint64_t cpus_here(void)
{
	long count = sysconf(_SC_NPROCESSORS_ONLN);

	return count >= 64 ? UINT64_MAX : count > 0 ? (1ull << count) - 1 : 0;
}

static bool take_tree(const struct wishes *wishes, struct tool_file *tree)
{
	void *blob;
	int err;

	if (wishes->tree)
		return file_take(wishes->tree, tree);
	err = live_tree_read(LIVE_TREE, &blob, &tree->size);
	if (err)
		fprintf(stderr, "%s: %s\nno-device-tree: This machine has no device tree.\nGive the board's: --device-tree FILE.dtb\n",
			LIVE_TREE, strerror(-err));
	else
		tree->bytes = blob;
	return !err;
}

static int create(struct wishes *wishes, const struct tool_file *tree, const struct tool_file *iomem)
{
	struct definition_problems problems;
	char *text;
	bool good;
	int err;

	wishes->machine.device_tree = tree->bytes;
	wishes->machine.device_tree_size = tree->size;
	wishes->machine.iomem = iomem->bytes;
	if (!wishes->tree)
		wishes->machine.cpus = cpus_here();
	err = definition_create(&wishes->machine, &text, &problems);
	show_problems(stderr, &(struct source){ .path = wishes->out }, &problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", wishes->out, strerror(-err));
	good = !err && file_write(wishes->out, text, strlen(text));
	definition_problems_free(&problems);
	free(text);
	return good ? 0 : 1;
}

int config_create(int argc, char **argv)
{
	struct wishes wishes = { 0 };
	struct tool_file tree = { 0 }, iomem = { 0 };
	int status = 1;

	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) != 0 && !wishes.out)
			wishes.out = argv[i];
		else if (i + 1 >= argc || !take_option(&wishes, argv[i], argv[i + 1]))
			return -1;
		else
			i++;
	}
	if (!wishes.out)
		return -1;
	if (!wishes.iomem && !wishes.tree)
		wishes.iomem = IOMEM;
	if (take_tree(&wishes, &tree) && (!wishes.iomem || file_take(wishes.iomem, &iomem)))
		status = create(&wishes, &tree, &iomem);
	file_free(&tree);
	file_free(&iomem);
	return status;
}
