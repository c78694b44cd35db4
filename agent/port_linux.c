// SPDX-License-Identifier: MIT
#include "port_linux.h"

#include <linux_cell.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct owner {
	struct linux_load load;
	struct driver_image images[LINUX_IMAGES_MAX];
	char loader[2 * LINUX_LOADER_SIZE];
};

static int loader_read(const char *path, struct owner *owner, struct linux_parts *parts, struct linux_problem *problem)
{
	FILE *file = fopen(path, "rbe");

	if (!file)
		return linux_refuse(problem, "linux-loader-missing", "Install it, or name it with --loader.",
				    "The program that starts a Linux, %.150s, cannot be read: %s.", path,
				    strerror(errno));
	parts->loader = owner->loader;
	parts->loader_size = fread(owner->loader, 1, sizeof(owner->loader), file);
	fclose(file);
	return 0;
}

static void take_images(const struct compiled_cell *cell, const struct driver_image *images, struct linux_parts *parts)
{
	for (size_t i = 0; i < cell->num_images; i++)
		if (cell->images[i].role == IMAGE_KERNEL) {
			parts->kernel = images[i].data;
			parts->kernel_size = (size_t)images[i].size;
		} else if (cell->images[i].role == IMAGE_INITRD) {
			parts->initrd = images[i].data;
			parts->initrd_size = (size_t)images[i].size;
		}
}

static int make(const char *loader, const struct compiled_cell *cell, const struct driver_image *images,
		struct owner *owner, struct linux_problem *problem)
{
	struct linux_parts parts = { .command_line = cell->command_line };
	struct linux_machine machine;
	struct linux_board board;
	int err = loader_read(loader, owner, &parts, problem);

	if (!err)
		err = linux_machine_read(cell->config, cell->config_size, &machine, problem);
	if (!err)
		err = linux_board_read(LINUX_BOARD_CPUS, LINUX_BOARD_TREE, &board, problem);
	if (err)
		return err;
	take_images(cell, images, &parts);
	return linux_load_make(&machine, &board, &parts, &owner->load, problem);
}

int port_linux_boot(const char *loader, const struct compiled_cell *cell, const struct driver_image *images,
		    struct boot_images *boot, struct driver_reason *reason)
{
	struct owner *owner = calloc(1, sizeof(*owner));
	struct linux_problem problem = { 0 };
	int err = owner ? make(loader, cell, images, owner, &problem) : -ENOMEM;

	if (err) {
		free(owner);
		snprintf(reason->code, sizeof(reason->code), "%s", problem.code);
		snprintf(reason->text, sizeof(reason->text), "%s", problem.text);
		snprintf(reason->remedy, sizeof(reason->remedy), "%s", problem.remedy);
		return err;
	}
	for (size_t i = 0; i < owner->load.count; i++)
		owner->images[i] = (struct driver_image){ owner->load.images[i].data, owner->load.images[i].size,
							  owner->load.images[i].address };
	*boot = (struct boot_images){ owner->images, owner->load.count, owner };
	return 0;
}

void port_linux_free(struct boot_images *boot)
{
	struct owner *owner = boot->owner;

	if (owner)
		linux_load_free(&owner->load);
	free(owner);
	*boot = (struct boot_images){ 0 };
}
