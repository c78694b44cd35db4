// SPDX-License-Identifier: MIT
/* The table of commands, and the way from a command line to a row of it. */
#include "cli.h"

#include <stdbool.h>
#include <string.h>

#include "problem.h"

#define CELL "{ID | [--name] NAME}"

static const struct command commands[] = {
	{ "enable", NULL, "SYSCONFIG", hypervisor_enable },
	{ "disable", NULL, "", hypervisor_disable },
	{ "audit", NULL, "", audit_make },
	{ "console", NULL, "[-f | --follow]", console_hypervisor },
	{ "flight-recorder", NULL, "[--previous]", recorder_show },
	{ "cell", "create", "CELLCONFIG", cell_create },
	{ "cell", "list", "", cell_list },
	{ "cell", "load", CELL " {IMAGE | {-s | --string} \"STRING\"} [{-a | --address} ADDRESS] ...",
	  cell_load },
	{ "cell", "start", CELL, cell_start },
	{ "cell", "shutdown", CELL " [--force]", cell_shutdown },
	{ "cell", "destroy", CELL " [--force]", cell_destroy },
	{ "cell", "console", CELL " [-f | --follow | -i | --interactive]", console_cell },
	{ "cell", "stats", CELL, cell_stats },
	{ "cell", "linux", "[OPTIONS] CELLCONFIG KERNEL", helper_run },
	{ "config", "compile", "IN.json -o OUT.cell [--board SYSTEM] [--device-tree FILE] [--unchecked]", helper_run },
	{ "config", "decompile", "IN.cell [-o OUT.json]", helper_run },
	{ "config", "diff", "[--board SYSTEM] BEFORE AFTER", helper_run },
	{ "config", "explain", "[--board SYSTEM] [--device-tree FILE] CONFIG", helper_run },
	{ "config", "schema", "", helper_run },
	{ "config", "create", "[--device-tree FILE] [OPTIONS] OUT.json", helper_run },
	{ "config", "collect", "FILE", helper_run },
	{ "config", "check", "[--live [--sysfs DIR]] [--images DIR] [--alternatives] SYSCONFIG [CELLCONFIG ...]", helper_run },
	{ "hardware", "check", "", helper_run },
};

#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void usage_print(FILE *out)
{
	const struct command *row;

	fprintf(out, "Usage: jailhouse COMMAND [ARGUMENTS]\n\nCommands:\n");
	for (row = commands; row < commands + NUM_COMMANDS; row++)
		fprintf(out, "   %s%s%s%s%s\n", row->noun, row->verb ? " " : "", row->verb ? row->verb : "",
			row->arguments[0] ? " " : "", row->arguments);
	fprintf(out, "   --help\n   --version\n");
}

/* Number of words of the command line that name this row, 0 when they do not. */
static int command_match(const struct command *row, int argc, char **argv)
{
	if (argc < 1 || strcmp(argv[0], row->noun) != 0)
		return 0;
	if (!row->verb)
		return 1;
	return argc >= 2 && strcmp(argv[1], row->verb) == 0 ? 2 : 0;
}

static int command_run(struct cli *cli, int argc, char **argv)
{
	const struct command *row;
	int words;

	for (row = commands; row < commands + NUM_COMMANDS; row++) {
		words = command_match(row, argc, argv);
		if (words == 0)
			continue;
		cli->command = row;
		return row->run(cli, argc - words, argv + words);
	}
	return CLI_USAGE;
}

/* Scripts compare this text; the version is that of the command line it is compatible with. */
static bool information_print(struct cli *cli, const char *option)
{
	if (strcmp(option, "--version") == 0)
		fprintf(cli->out, "Jailhouse management tool v0.12\n");
	else if (strcmp(option, "--help") == 0)
		usage_print(cli->out);
	else
		return false;
	return true;
}

int cli_run(struct cli *cli, int argc, char **argv)
{
	int result = CLI_OK;

	cli->program = argc > 0 ? argv[0] : "jailhouse";
	if (argc < 2)
		result = CLI_USAGE;
	else if (!information_print(cli, argv[1]))
		result = command_run(cli, argc - 1, argv + 1);
	if (result == CLI_USAGE) {
		usage_print(cli->out);
		result = CLI_FAILED;
	}
	/* A full disk or a closed pipe must not look like success. */
	if ((fflush(cli->out) != 0 || ferror(cli->out)) && result == CLI_OK)
		result = problem_output(cli);
	return result;
}
