// SPDX-License-Identifier: MIT
#include "cli.h"

int main(int argc, char **argv)
{
	struct cli cli = { .out = stdout, .err = stderr };

	return cli_run(&cli, argc, argv);
}
