// SPDX-License-Identifier: MIT
#include "options.h"

#include "device_tree.h"

#include <argp.h>
#include <stdlib.h>

/* Options have long names only. */
enum option_key {
	OPTION_DATA = 256,
	OPTION_BOARD,
	OPTION_LISTEN,
	OPTION_HTTPS_PORT,
	OPTION_HTTP_PORT,
	OPTION_PUBLIC_PORT,
	OPTION_DEVICE,
	OPTION_SYSFS,
	OPTION_PROVISION,
	OPTION_IMAGES,
	OPTION_LOADER,
	OPTION_SETUP_CODE,
	OPTION_NOTICE,
};

const char *argp_program_version = "rotundad " ROTUNDA_VERSION;

static const struct argp_option table[] = {
	{ "data", OPTION_DATA, "DIR", 0, "database, images, certificate (/var/lib/rotunda)", 0 },
	{ "board", OPTION_BOARD, "DIR", 0, "system.cell, system.json, cells/ (/etc/rotunda)", 0 },
	{ "images", OPTION_IMAGES, "DIR", 0, "images of the cells in cells/ (/usr/lib/rotunda/cells)", 0 },
	{ "loader", OPTION_LOADER, "FILE", 0, "starts a Linux in a cell (/usr/lib/rotunda/cells/linux-loader.bin)", 0 },
	{ "listen", OPTION_LISTEN, "ADDRESS", 0, "one address only (all, IPv4 and IPv6)", 0 },
	{ "https-port", OPTION_HTTPS_PORT, "N", 0, "(443)", 0 },
	{ "http-port", OPTION_HTTP_PORT, "N", 0, "redirects to HTTPS (80)", 0 },
	{ "public-port", OPTION_PUBLIC_PORT, "N", 0, "of HTTPS as clients see it (the HTTPS port)", 0 },
	{ "device", OPTION_DEVICE, "FILE", 0, "of the driver (/dev/jailhouse)", 0 },
	{ "sysfs", OPTION_SYSFS, "DIR", 0, "of the driver (/sys/devices/jailhouse)", 0 },
	{ "provision", OPTION_PROVISION, "FILE", 0, "sets the board up (/run/rotunda/provision.json)", 0 },
	{ "setup-code-file", OPTION_SETUP_CODE, "FILE", 0, "where the set-up code goes (/run/rotunda/setup-code)", 0 },
	{ "notice", OPTION_NOTICE, "FILE", 0, "terminal or pipe for people at the board (none)", 0 },
	{ 0 },
};

static int port_number(const char *text, struct argp_state *state)
{
	char *end;
	long number = strtol(text, &end, 10);

	if (*end || number < 1 || number > 65535)
		argp_error(state, "%s is not a port (1 to 65535)", text);
	return (int)number;
}

static error_t option_take(int key, char *value, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case OPTION_DATA: options->agent.data = value; break;
	case OPTION_BOARD: options->agent.board_dir = value; break;
	case OPTION_LISTEN: options->agent.listen = value; break;
	case OPTION_HTTPS_PORT: options->agent.https_port = port_number(value, state); break;
	case OPTION_HTTP_PORT: options->agent.http_port = port_number(value, state); break;
	case OPTION_PUBLIC_PORT: options->agent.public_port = port_number(value, state); break;
	case OPTION_DEVICE: options->device = value; break;
	case OPTION_SYSFS: options->sysfs = value; break;
	case OPTION_PROVISION: options->provision = value; break;
	case OPTION_IMAGES: options->images = value; break;
	case OPTION_LOADER: options->loader = value; break;
	case OPTION_SETUP_CODE: options->setup_code = value; break;
	case OPTION_NOTICE: options->notice = value; break;
	case ARGP_KEY_ARG: argp_error(state, "%s is not an option", value); break;
	default: return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct options *options, int argc, char **argv)
{
	static const struct argp argp = { table, option_take, NULL, "The daemon of the board.", NULL, NULL, NULL };

	*options = (struct options){ .agent = { .data = "/var/lib/rotunda",
						.board_dir = "/etc/rotunda",
						.device_tree = DEVICE_TREE,
						.https_port = 443,
						.http_port = 80,
						.workers = 64,
						.body_deadline_ms = 15000 },
				     .images = "/usr/lib/rotunda/cells",
				     .loader = "/usr/lib/rotunda/cells/linux-loader.bin",
				     .setup_code = "/run/rotunda/setup-code",
				     .provision = "/run/rotunda/provision.json" };
	argp_parse(&argp, argc, argv, 0, NULL, options);
	if (!options->agent.public_port)
		options->agent.public_port = options->agent.https_port;
}
