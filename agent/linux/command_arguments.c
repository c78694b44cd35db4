// SPDX-License-Identifier: MIT
/* The options are those of the original's jailhouse-cell-linux, and two more. */
#include "command.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

#define FACTOR_MAX 64

enum { OPTION_BOARD = 256, OPTION_LOADER };

static const struct argp_option table[] = {
	{ "dtb", 'd', "DTB", 0, "device tree of the cell; one is made when it is not given", 0 },
	{ "initrd", 'i', "INITRD", 0, "initial RAM disk", 0 },
	{ "cmdline", 'c', "CMDLINE", 0, "the kernel's arguments", 0 },
	{ "write", 'w', "FILE", 0, "write the device tree to FILE and print the commands, do nothing", 0 },
	{ "arch", 'a', "ARCH", 0, "arm64, and nothing else", 0 },
	{ "factor", 'k', "FACTOR", 0, "RAM disk FACTOR + 1 times the kernel's size above the kernel", 0 },
	{ "board", OPTION_BOARD, "SYSTEM.json", 0, "for a definition in JSON (/etc/rotunda/system.json)", 0 },
	{ "loader", OPTION_LOADER, "FILE", 0, "(" ROTUNDA_LINUX_LOADER ")", 0 },
	{ 0 },
};

static unsigned factor_of(const char *text, struct argp_state *state)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*end || end == text || number > FACTOR_MAX)
		argp_error(state, "%s is not a factor (0 to %d)", text, FACTOR_MAX);
	return (unsigned)number;
}

static void take_word(struct arguments *arguments, const char *word, struct argp_state *state)
{
	if (!arguments->config)
		arguments->config = word;
	else if (!arguments->kernel)
		arguments->kernel = word;
	else
		argp_error(state, "%s is one too many", word);
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'd': arguments->tree = value; break;
	case 'i': arguments->initrd = value; break;
	case 'c': arguments->command_line = value; break;
	case 'w': arguments->write = value; break;
	case 'k': arguments->factor = factor_of(value, state); break;
	case OPTION_BOARD: arguments->board = value; break;
	case OPTION_LOADER: arguments->loader = value; break;
	case 'a':
		if (strcmp(value, "arm64") != 0)
			argp_error(state, "%s is not an architecture of this hypervisor (arm64)", value);
		break;
	case ARGP_KEY_ARG: take_word(arguments, value, state); break;
	case ARGP_KEY_END:
		if (!arguments->kernel)
			argp_error(state, "a configuration and a kernel are needed");
		break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void arguments_parse(struct arguments *arguments, int argc, char **argv)
{
	static const struct argp argp = {
		table, take, "CELLCONFIG KERNEL", "Boots a Linux in a cell.", NULL, NULL, NULL
	};

	*arguments = (struct arguments){ .board = "/etc/rotunda/system.json", .loader = ROTUNDA_LINUX_LOADER };
	argp_err_exit_status = EXIT_FAILURE; /* the original ends every failure with 1 */
	argp_parse(&argp, argc, argv, 0, NULL, arguments);
}
