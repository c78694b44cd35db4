// SPDX-License-Identifier: MIT
/* `jailhouse cell create|start|shutdown|destroy`. */
#include "cli.h"

#include <stdbool.h>
#include <string.h>

#include "cell_ref.h"
#include "config_request.h"
#include "problem.h"

int cell_create(struct cli *cli, int argc, char **argv)
{
	return config_request(cli, argc, argv, jh_client_cell_create, "JAILHOUSE_CELL_CREATE");
}

typedef int (*cell_request_fn)(struct jh_client *client, int id, const char *name);

static int cell_request(struct cli *cli, int argc, char **argv, cell_request_fn request, const char *ioctl_name)
{
	struct jh_client *client;
	struct cell_ref ref;
	int used = cell_ref_parse(&ref, argc, argv);
	int result, err;

	if (used == 0 || used != argc)
		return CLI_USAGE;
	client = client_take(cli);
	if (!client)
		return CLI_FAILED;
	err = request(client, ref.id, ref.name);
	result = err < 0 ? problem_request(cli, client, ioctl_name, err) : CLI_OK;
	jh_client_close(client);
	return result;
}

int cell_start(struct cli *cli, int argc, char **argv)
{
	return cell_request(cli, argc, argv, jh_client_cell_start, "JAILHOUSE_CELL_START");
}

/* Takes a --force at the end away. It comes after the cell, so a cell may have that name. */
static bool force_take(int *argc, char **argv)
{
	if (*argc < 2 || strcmp(argv[*argc - 1], "--force") != 0)
		return false;
	--*argc;
	return true;
}

/* A shutdown is a load of no images, and its errors are known under that name. */
int cell_shutdown(struct cli *cli, int argc, char **argv)
{
	if (force_take(&argc, argv))
		return cell_request(cli, argc, argv, jh_client_cell_force_shutdown, "JAILHOUSE_CELL_FORCE");
	return cell_request(cli, argc, argv, jh_client_cell_shutdown, "JAILHOUSE_CELL_LOAD");
}

int cell_destroy(struct cli *cli, int argc, char **argv)
{
	if (force_take(&argc, argv))
		return cell_request(cli, argc, argv, jh_client_cell_force_destroy, "JAILHOUSE_CELL_FORCE");
	return cell_request(cli, argc, argv, jh_client_cell_destroy, "JAILHOUSE_CELL_DESTROY");
}
