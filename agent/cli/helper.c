// SPDX-License-Identifier: MIT
/* Commands that are programs of their own: jailhouse-NOUN-VERB, or jailhouse-NOUN with the verb. They replace this process. */
#include "cli.h"

#include <errno.h>
#include <libgen.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "problem.h"

#define PATH_SIZE 4096

static void helper_try(const char *directory, const char *name, char **argv)
{
	char path[PATH_SIZE];

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) < (int)sizeof(path))
		execv(path, argv);
}

/* Next to this program, when it was started by a path. */
static void helper_try_beside(const char *program, const char *name, char **argv)
{
	size_t length = strlen(program);
	char path[PATH_SIZE];

	if (!strchr(program, '/') || length >= sizeof(path))
		return;
	memcpy(path, program, length + 1);
	helper_try(dirname(path), name, argv);
}

/* -errno of the last attempt. */
static int helper_try_all(const struct cli *cli, char *name, char **argv)
{
	argv[0] = name;
	helper_try_beside(cli->program, name, argv);
	helper_try(ROTUNDA_HELPERS, name, argv);
	execvp(name, argv);
	return -errno;
}

int helper_run(struct cli *cli, int argc, char **argv)
{
	static const struct problem problem = { "helper-missing",
						"This command is a program that is not installed.",
						"Install it next to jailhouse or in " ROTUNDA_HELPERS "." };
	char name[64], noun[64];
	/* The program's name, or its name and the verb; the arguments; NULL. */
	char **helper_argv = calloc((size_t)argc + 3, sizeof(*helper_argv));
	int err;

	if (!helper_argv)
		return problem_memory(cli);
	snprintf(name, sizeof(name), "jailhouse-%s-%s", cli->command->noun, cli->command->verb);
	snprintf(noun, sizeof(noun), "jailhouse-%s", cli->command->noun);
	if (argc)
		memcpy(helper_argv + 2, argv, (size_t)argc * sizeof(*argv));
	err = helper_try_all(cli, name, helper_argv + 1);
	helper_argv[1] = (char *)(uintptr_t)cli->command->verb;
	helper_try_all(cli, noun, helper_argv);
	free(helper_argv);
	return problem_print(cli, name, err, &problem);
}
