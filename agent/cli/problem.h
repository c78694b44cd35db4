/* SPDX-License-Identifier: MIT */
#ifndef PROBLEM_H
#define PROBLEM_H

#include "cli.h"

/* What a person is told: a stable code, one sentence, and what to do about it. */
struct problem {
	const char *code, *text, *remedy;
};

/* Each prints "WHAT: errno text", then the problem, and returns CLI_FAILED. err is -errno. */
int problem_print(struct cli *cli, const char *what, int err, const struct problem *problem);
/* The reason is what the driver said about the client's last request. */
int problem_request(struct cli *cli, const struct jh_client *client, const char *ioctl_name, int err);
/* Why a cell failed, on cli->err: what is on cli->out is for scripts. Nothing when it has not failed. */
void problem_cell(struct cli *cli, const struct jh_client_cell *cell);
int problem_output(struct cli *cli);
int problem_memory(struct cli *cli);
/* For a wrong argument: returns CLI_USAGE. */
int problem_argument(struct cli *cli, const char *code, const char *text, const char *argument);

/* jh_client_open() that tells why it failed; NULL then. */
struct jh_client *client_take(struct cli *cli);

#endif
