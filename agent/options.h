/* SPDX-License-Identifier: MIT */
/* The command line of rotundad. */
#ifndef AGENT_OPTIONS_H
#define AGENT_OPTIONS_H

#include "agent.h"

struct options {
	struct agent_options agent;
	const char *device, *sysfs; /* NULL: the driver's own places */
	const char *provision; /* set-up by file */
	const char *images; /* of the factory's cells */
	const char *loader; /* linux-loader.bin */
	const char *setup_code; /* file that the first-run code is written to */
	const char *notice; /* what people at the board read; NULL: nothing */
};

/* Ends the process on a wrong line, and after --help. */
void options_parse(struct options *options, int argc, char **argv);

#endif
