/* SPDX-License-Identifier: MIT */
/*
 * The `jailhouse` command. argp is not used: it prints usage errors on stderr and knows no options that
 * belong to the argument before them (IMAGE -a ADDR), while scripts rely on both being otherwise.
 */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

#include "jailhouse_client.h"

struct command;

struct cli {
	struct jh_client_paths paths;
	FILE *out, *err;
	const char *program; /* argv[0]: helpers are looked for next to it */
	const struct command *command; /* the one that runs */
};

/* What a command's function returns; the first two are also the exit status of the process. */
enum {
	CLI_OK = 0,
	CLI_FAILED = 1, /* it has told why on cli->err */
	CLI_USAGE = 2, /* the caller prints the usage; the process exits with 1 */
};

/* argv holds only what follows the command's words. */
typedef int (*command_fn)(struct cli *cli, int argc, char **argv);

struct command {
	const char *noun;
	const char *verb; /* NULL: the noun alone is the command */
	const char *arguments;
	command_fn run;
};

/* The whole command line; returns the exit status. */
int cli_run(struct cli *cli, int argc, char **argv);

int hypervisor_enable(struct cli *cli, int argc, char **argv);
int hypervisor_disable(struct cli *cli, int argc, char **argv);
int audit_make(struct cli *cli, int argc, char **argv);
int recorder_show(struct cli *cli, int argc, char **argv);
int console_hypervisor(struct cli *cli, int argc, char **argv);
int console_cell(struct cli *cli, int argc, char **argv);
int cell_create(struct cli *cli, int argc, char **argv);
int cell_list(struct cli *cli, int argc, char **argv);
int cell_load(struct cli *cli, int argc, char **argv);
int cell_start(struct cli *cli, int argc, char **argv);
int cell_shutdown(struct cli *cli, int argc, char **argv);
int cell_destroy(struct cli *cli, int argc, char **argv);
int cell_stats(struct cli *cli, int argc, char **argv);
int helper_run(struct cli *cli, int argc, char **argv);

#endif
