/* SPDX-License-Identifier: MIT */
/* Requests that hand the driver a configuration from a file. */
#ifndef CLI_CONFIG_REQUEST_H
#define CLI_CONFIG_REQUEST_H

#include "cli.h"

typedef int (*config_request_fn)(struct jh_client *client, const void *config, size_t size);

/* The only argument is the file. ioctl_name is what a failure is known under. */
int config_request(struct cli *cli, int argc, char **argv, config_request_fn request, const char *ioctl_name);

#endif
