// SPDX-License-Identifier: MIT
/* `jailhouse cell linux -w FILE`: the device tree, and the commands that would do the rest. */
#include "command.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool tree_write(const char *path, const struct linux_load *load)
{
	FILE *file = fopen(path, "wbe");
	bool good = file && fwrite(load->tree, 1, linux_tree_size(load->tree), file) == linux_tree_size(load->tree);

	if (file)
		good &= fclose(file) == 0;
	if (!good)
		perror(path);
	return good;
}

static void file_print(const struct arguments *arguments, const struct linux_load *load, const char *what)
{
	if (strcmp(what, "kernel") == 0)
		printf(load->kernel.unpacked ? " <(gzip -dc %s)" : " %s", arguments->kernel);
	else if (strcmp(what, "parameters") == 0)
		printf(" -s \"%s\"", load->parameters);
	else
		printf(" %s", strcmp(what, "loader") == 0 ? arguments->loader :
			      strcmp(what, "tree") == 0	  ? arguments->write :
							    arguments->initrd);
}

bool commands_write(const struct arguments *arguments, const struct config *config, const struct linux_machine *machine,
		    const struct linux_load *load)
{
	if (config->is_json) {
		fprintf(stderr, "linux-write-json: The commands need a compiled configuration.\n"
				"Compile it: jailhouse config compile\n");
		return false;
	}
	if (!tree_write(arguments->write, load))
		return false;
	printf("jailhouse cell create %s\njailhouse cell load %s", arguments->config, machine->name);
	for (size_t i = 0; i < load->count; i++) {
		file_print(arguments, load, load->images[i].what);
		printf(" -a 0x%" PRIx64, load->images[i].address);
	}
	printf("\njailhouse cell start %s\n", machine->name);
	return fflush(stdout) == 0;
}
