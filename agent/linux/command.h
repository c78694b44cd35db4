/* SPDX-License-Identifier: MIT */
/* `jailhouse cell linux`: what its parts offer each other. All of them tell on stderr why they fail. */
#ifndef LINUX_COMMAND_H
#define LINUX_COMMAND_H

#include "linux_cell.h"

struct arguments {
	const char *config, *kernel;
	const char *tree, *initrd, *command_line, *write; /* NULL: not given */
	const char *board, *loader;
	unsigned factor;
};

/* Ends the process on a wrong line, and after --help. */
void arguments_parse(struct arguments *arguments, int argc, char **argv);

struct bytes {
	const void *data; /* kept until the process ends */
	size_t size;
};

bool file_map(const char *path, struct bytes *bytes);

/* A cell's binary, whatever the file is; *command_line is set when the definition has one. */
struct config {
	struct bytes binary;
	char command_line[LINUX_COMMAND_LINE_MAX];
	bool has_command_line, is_json;
};

bool config_take(const struct arguments *arguments, struct config *config);

/* false and the problem told. */
bool problem_none(int err, const struct linux_problem *problem);

/* Instead of doing it. */
bool commands_write(const struct arguments *arguments, const struct config *config, const struct linux_machine *machine,
		    const struct linux_load *load);

#endif
