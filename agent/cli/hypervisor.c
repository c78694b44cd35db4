// SPDX-License-Identifier: MIT
/* `jailhouse enable` and `jailhouse disable`. */
#include "cli.h"

#include "config_request.h"
#include "problem.h"

int hypervisor_enable(struct cli *cli, int argc, char **argv)
{
	return config_request(cli, argc, argv, jh_client_enable, "JAILHOUSE_ENABLE");
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
