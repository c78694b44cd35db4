// SPDX-License-Identifier: MIT
/* How failures look: the first line is the one that scripts know, the others are for people. */
#include "problem.h"

#include <errno.h>
#include <string.h>

int problem_print(struct cli *cli, const char *what, int err, const struct problem *problem)
{
	fflush(cli->out);
	fprintf(cli->err, "%s: %s\n", what, strerror(-err));
	if (problem->code[0])
		fprintf(cli->err, "%s: %s\n", problem->code, problem->text);
	if (problem->remedy[0])
		fprintf(cli->err, "%s\n", problem->remedy);
	return CLI_FAILED;
}

int problem_request(struct cli *cli, const struct jh_client *client, const char *ioctl_name, int err)
{
	const struct jh_client_reason *reason = jh_client_reason(client);
	const struct problem problem = { reason->code, reason->text, reason->remedy };
	const struct problem unknown = { "", "", "" };

	/* A request that never reached the driver has no reason, or that of an earlier one. */
	return problem_print(cli, ioctl_name, err, reason->error == -err ? &problem : &unknown);
}

void problem_cell(struct cli *cli, const struct jh_client_cell *cell)
{
	if (strcmp(cell->state, "failed") != 0 || !cell->failure[0])
		return;
	fflush(cli->out);
	fprintf(cli->err, "Cell \"%s\" failed: %s\n", cell->name, cell->failure);
}

int problem_output(struct cli *cli)
{
	static const struct problem problem = { "output-lost", "The output could not be written.",
						"Look whether the disk is full or the reader has gone." };

	return problem_print(cli, "standard output", errno ? -errno : -EIO, &problem);
}

int problem_memory(struct cli *cli)
{
	static const struct problem problem = { "memory-exhausted", "There is not enough memory.",
						"End other programs and try again." };

	return problem_print(cli, "allocating", -ENOMEM, &problem);
}

int problem_argument(struct cli *cli, const char *code, const char *text, const char *argument)
{
	fprintf(cli->err, "%s: %s: \"%s\"\n", code, text, argument);
	return CLI_USAGE;
}

static const struct problem open_missing = { "driver-not-loaded", "The driver's device does not exist.",
					     "Load the driver: modprobe jailhouse" };
static const struct problem open_refused = { "device-refused", "The driver's device could not be opened.",
					     "Run the command as root." };

struct jh_client *client_take(struct cli *cli)
{
	const char *device = cli->paths.device ? cli->paths.device : JH_CLIENT_DEVICE;
	struct jh_client *client = NULL;
	char what[256];
	int err = jh_client_open(&client, &cli->paths);

	if (err == 0)
		return client;
	snprintf(what, sizeof(what), "opening %s", device);
	problem_print(cli, what, err, err == -ENOENT ? &open_missing : &open_refused);
	return NULL;
}
