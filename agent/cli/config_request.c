// SPDX-License-Identifier: MIT
#include "config_request.h"

#include <stdlib.h>

#include "file.h"
#include "problem.h"

int config_request(struct cli *cli, int argc, char **argv, config_request_fn request, const char *ioctl_name)
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
		err = request(client, config.data, config.size);
		result = err < 0 ? problem_request(cli, client, ioctl_name, err) : CLI_OK;
	}
	jh_client_close(client);
	free(config.data);
	return result;
}
