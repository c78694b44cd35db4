// SPDX-License-Identifier: MIT
/* jailhouse config decompile: of either kind, to a text that compiles to the same bytes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "show.h"
#include "tool.h"

static int decompile_file(const char *in, const char *out)
{
	struct definition_problems problems;
	struct tool_file file;
	char *text;
	bool good;
	int err;

	if (!file_take(in, &file))
		return 1;
	err = definition_decompile(file.bytes, file.size, &text, &problems);
	show_problems(stderr, &(struct source){ .path = in }, &problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", in, strerror(-err));
	good = !err && file_write(out, text, strlen(text));
	definition_problems_free(&problems);
	free(text);
	file_free(&file);
	return good ? 0 : 1;
}

int config_decompile(int argc, char **argv)
{
	const char *in = NULL, *out = NULL;

	for (int i = 0; i < argc; i++) {
		if (i + 1 < argc && strcmp(argv[i], "-o") == 0)
			out = argv[++i];
		else if (in || (argv[i][0] == '-' && argv[i][1]))
			return -1;
		else
			in = argv[i];
	}
	return in ? decompile_file(in, out) : -1;
}
