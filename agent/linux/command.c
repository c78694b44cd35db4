// SPDX-License-Identifier: MIT
/*
 * jailhouse-cell-linux, which `jailhouse cell linux` runs: creates a cell, unless it is there, loads it with a Linux and starts it.
 * All that can be refused without the driver is refused before the driver is asked.
 */
#include "command.h"

#include <jailhouse_client.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

bool file_map(const char *path, struct bytes *bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	void *data = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0)
		data = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED) {
		fprintf(stderr, "%s: %s\nfile-unreadable: The file could not be read, or is empty.\n"
				"Check its name and its permissions.\n",
			path, strerror(errno ? errno : ENODATA));
		return false;
	}
	*bytes = (struct bytes){ data, (size_t)status.st_size };
	close(fd);
	return true;
}

bool problem_none(int err, const struct linux_problem *problem)
{
	if (err == -EINVAL)
		fprintf(stderr, "%s: %s\n%s\n", problem->code, problem->text, problem->remedy);
	else if (err)
		fprintf(stderr, "memory-exhausted: There is not enough memory.\nEnd other programs and try again.\n");
	return err == 0;
}

static bool request_none(struct jh_client *client, const char *name, int err)
{
	const struct jh_client_reason *reason = jh_client_reason(client);

	if (!err)
		return true;
	fprintf(stderr, "%s: %s\n", name, strerror(-err));
	if (reason->error == -err)
		fprintf(stderr, "%s: %s\n%s\n", reason->code, reason->text, reason->remedy);
	return false;
}

static bool load_and_start(struct jh_client *client, const char *name, const struct linux_load *load)
{
	struct jh_client_image images[LINUX_IMAGES_MAX];

	for (size_t i = 0; i < load->count; i++)
		images[i] =
			(struct jh_client_image){ load->images[i].data, load->images[i].size, load->images[i].address };
	return request_none(client, "JAILHOUSE_CELL_LOAD",
			    jh_client_cell_load(client, -1, name, images, load->count)) &&
	       request_none(client, "JAILHOUSE_CELL_START", jh_client_cell_start(client, -1, name));
}

static bool run(const struct config *config, const struct linux_machine *machine, const struct linux_load *load)
{
	struct jh_client *client;
	int err = jh_client_open(&client, NULL);
	bool good;

	if (err) {
		fprintf(stderr,
			"opening " JH_CLIENT_DEVICE ": %s\ndriver-not-loaded: The driver's device cannot be opened.\n"
			"Load the driver (modprobe jailhouse) and run the command as root.\n",
			strerror(-err));
		return false;
	}
	err = jh_client_cell_create(client, config->binary.data, config->binary.size);
	good = err == -EEXIST || request_none(client, "JAILHOUSE_CELL_CREATE", err);
	if (good) {
		good = load_and_start(client, machine->name, load);
		/* As it was before. */
		if (!good && !err)
			jh_client_cell_destroy(client, -1, machine->name);
	}
	jh_client_close(client);
	return good;
}

static bool parts_take(const struct arguments *arguments, const struct config *config, struct linux_parts *parts)
{
	struct bytes loader, kernel, initrd = { 0 }, tree = { 0 };

	if (!file_map(arguments->loader, &loader) || !file_map(arguments->kernel, &kernel) ||
	    (arguments->initrd && !file_map(arguments->initrd, &initrd)) ||
	    (arguments->tree && !file_map(arguments->tree, &tree)))
		return false;
	*parts = (struct linux_parts){ .loader = loader.data,
				       .loader_size = loader.size,
				       .kernel = kernel.data,
				       .kernel_size = kernel.size,
				       .initrd = initrd.data,
				       .initrd_size = initrd.size,
				       .tree = tree.data,
				       .tree_size = tree.size,
				       .command_line = arguments->command_line,
				       .factor = arguments->factor };
	if (!parts->command_line && config->has_command_line)
		parts->command_line = config->command_line;
	return true;
}

int main(int argc, char **argv)
{
	struct linux_problem problem = { 0 };
	struct linux_machine machine;
	struct linux_board board = { 0 };
	struct arguments arguments;
	struct linux_parts parts;
	struct linux_load load;
	struct config config;
	bool good;

	arguments_parse(&arguments, argc, argv);
	if (!config_take(&arguments, &config) || !parts_take(&arguments, &config, &parts) ||
	    !problem_none(linux_machine_read(config.binary.data, config.binary.size, &machine, &problem), &problem) ||
	    (!parts.tree &&
	     !problem_none(linux_board_read(LINUX_BOARD_CPUS, LINUX_BOARD_TREE, &board, &problem), &problem)) ||
	    !problem_none(linux_load_make(&machine, &board, &parts, &load, &problem), &problem))
		return EXIT_FAILURE;
	good = arguments.write ? commands_write(&arguments, &config, &machine, &load) : run(&config, &machine, &load);
	linux_load_free(&load);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
