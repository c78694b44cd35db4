/* SPDX-License-Identifier: MIT */
/*
 * jailhouse-config VERB …: what `jailhouse config VERB` runs, and the build. It needs no board but where it says so.
 * A verb's function returns the exit status.
 */
#ifndef CONFIG_TOOL_H
#define CONFIG_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include "definition.h"

struct verb {
	const char *name, *arguments;
	int (*run)(int argc, char **argv); /* what follows the verb; -1: the usage is printed */
};

int config_check(int argc, char **argv);
int config_compile(int argc, char **argv);
int config_diff(int argc, char **argv);
int config_explain(int argc, char **argv);
int config_decompile(int argc, char **argv);
int config_create(int argc, char **argv);
int config_schema(int argc, char **argv);

struct tool_file {
	char *bytes; /* a NUL follows them */
	size_t size;
};

/* "-" is standard input. False: it has told why, and there is nothing to free. */
bool file_take(const char *path, struct tool_file *file);
void file_free(struct tool_file *file);
/* To a second name first: a full disk must not leave half a file under the real one. NULL or "-" is standard output. */
bool file_write(const char *path, const void *bytes, size_t size);

/* The board of a system definition or binary; *system keeps what it points to and is freed by the caller. */
bool board_read(const char *path, struct definition_board *board, struct definition_result *system);

/*
 * The device tree that devices are looked up in: of a file, or of this machine when path is NULL and it has one. *tree keeps it and is
 * freed by the caller. False: it has told why.
 */
bool tree_read(const char *path, struct definition_board *board, struct tool_file *tree);

#endif
