// SPDX-License-Identifier: MIT
/*
 * jailhouse config compile: of a cell or a system, whichever the text is. Without a board it is judged by itself; unchecked, it only must
 * be possible to write it: what was decompiled gives the same bytes again.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "show.h"
#include "tool.h"

/* board NULL: unchecked. */
static int compile_file(const char *in, const char *out, const struct definition_board *board)
{
	struct definition_board own = board ? *board : (struct definition_board){ 0 };
	struct source source;
	bool good = source_open(&source, in, stderr);
	int err = good ? source_compile(&source, board ? &own : NULL) : 0;

	if (good)
		show_problems(stderr, &source, &source.result.problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", in, strerror(-err));
	good = good && !err && file_write(out, source.result.blob, source.result.size);
	source_close(&source);
	return good ? 0 : 1;
}

int config_compile(int argc, char **argv)
{
	const char *in = NULL, *out = NULL, *system = NULL, *device_tree = NULL;
	struct definition_result of_board = { 0 };
	struct definition_board board = { 0 };
	struct tool_file tree = { 0 };
	bool unchecked = false;
	int status = 1;

	for (int i = 0; i < argc; i++) {
		if (i + 1 < argc && strcmp(argv[i], "-o") == 0)
			out = argv[++i];
		else if (i + 1 < argc && strcmp(argv[i], "--board") == 0)
			system = argv[++i];
		else if (i + 1 < argc && strcmp(argv[i], "--device-tree") == 0)
			device_tree = argv[++i];
		else if (strcmp(argv[i], "--unchecked") == 0)
			unchecked = true;
		else if (in || (argv[i][0] == '-' && argv[i][1]))
			return -1;
		else
			in = argv[i];
	}
	if (!in || !out)
		return -1;
	if ((!system || board_read(system, &board, &of_board)) && tree_read(device_tree, &board, &tree))
		status = compile_file(in, out, unchecked ? NULL : &board);
	definition_result_free(&of_board);
	file_free(&tree);
	return status;
}
