// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include "tool.h"

static const struct verb verbs[] = {
	{ "check", "[--live [--sysfs DIR]] [--images DIR] [--device-tree FILE] [--alternatives] SYSCONFIG [CELLCONFIG ...]", config_check },
	{ "compile", "IN.json -o OUT.cell [--board SYSTEM] [--device-tree FILE] [--unchecked]", config_compile },
	{ "decompile", "IN.cell [-o OUT.json]", config_decompile },
	{ "diff", "[--board SYSTEM] BEFORE AFTER", config_diff },
	{ "explain", "[--board SYSTEM] [--device-tree FILE] CONFIG", config_explain },
	{ "schema", "", config_schema },
	{ "create", "[--device-tree FILE] [--iomem FILE] [--hypervisor ADDRESS+SIZE] [--pool ADDRESS+SIZE] [--spare-intids FIRST+COUNT] OUT.json",
	  config_create },
	{ NULL, NULL, NULL },
};

static int usage(const char *name)
{
	for (const struct verb *verb = verbs; verb->name; verb++)
		if (!name || strcmp(name, verb->name) == 0)
			fprintf(stderr, "Usage: jailhouse config %s%s%s\n", verb->name, *verb->arguments ? " " : "",
				verb->arguments);
	return 1;
}

int main(int argc, char **argv)
{
	int status;

	for (const struct verb *verb = verbs; argc > 1 && verb->name; verb++) {
		if (strcmp(argv[1], verb->name) != 0)
			continue;
		status = verb->run(argc - 2, argv + 2);
		return status < 0 ? usage(verb->name) : status;
	}
	return usage(NULL);
}
