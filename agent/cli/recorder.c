// SPDX-License-Identifier: MIT
/* `jailhouse flight-recorder`: what the hypervisor recorded, since it was enabled or before. */
#include "cli.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "problem.h"

int recorder_show(struct cli *cli, int argc, char **argv)
{
	const bool previous = argc == 1 && strcmp(argv[0], "--previous") == 0;
	const struct problem missing = { "driver-missing", "The driver is not loaded, or it has no flight recorder.",
					 "Load the kernel module jailhouse." };
	char *text;
	size_t size;
	int err;

	if (argc != (previous ? 1 : 0))
		return CLI_USAGE;
	err = jh_client_recorder(cli->paths.sysfs, previous, &text, &size);
	if (err == -ENOMEM)
		return problem_memory(cli);
	if (err < 0)
		return problem_print(cli, "flight-recorder", err, &missing);
	err = fwrite(text, 1, size, cli->out) == size && fflush(cli->out) == 0 ? CLI_OK : problem_output(cli);
	free(text);
	return err;
}
