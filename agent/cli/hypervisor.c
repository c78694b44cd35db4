// SPDX-License-Identifier: MIT
/* `jailhouse enable` and `jailhouse disable`. */
#include "cli.h"

#include <stdlib.h>

#include "file.h"
#include "problem.h"

int hypervisor_enable(struct cli *cli, int argc, char **argv)
{
	struct jh_client *client;
	struct file config;
	int result = CLI_FAILED, err;

	if (argc != 1)
		return CLI_USAGE;
	if (file_take(cli, argv[0], &config) != CLI_OK)
		return CLI_FAILED;
	client = client_take(cli);
	if (client) {
		err = jh_client_enable(client, config.data, config.size);
		result = err < 0 ? problem_request(cli, client, "JAILHOUSE_ENABLE", err) : CLI_OK;
	}
	jh_client_close(client);
	free(config.data);
	return result;
}

/* Arguments are ignored: scripts exist that pass the system configuration here too. */
int hypervisor_disable(struct cli *cli, int argc, char **argv)
{
	struct jh_client *client = client_take(cli);
	int result, err;

	(void)argc;
	(void)argv;
	if (!client)
		return CLI_FAILED;
	err = jh_client_disable(client);
	result = err < 0 ? problem_request(cli, client, "JAILHOUSE_DISABLE", err) : CLI_OK;
	jh_client_close(client);
	return result;
}
