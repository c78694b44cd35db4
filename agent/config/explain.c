// SPDX-License-Identifier: MIT
/* jailhouse config explain: any definition or binary as a table for people. */
#include <explain.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "tool.h"

static int explain(const char *path, const struct definition_board *board)
{
	struct definition_problems problems = { 0 };
	struct source source;
	char *text = NULL;
	int err = -1;

	if (source_open(&source, path, stderr)) {
		err = definition_explain(source_words(&source), board, &text, &problems);
		if (err)
			show_problems(stderr, &source, &problems);
		else
			fputs(text, stdout);
	}
	definition_problems_free(&problems);
	source_close(&source);
	free(text);
	return err || fflush(stdout) != 0;
}

int config_explain(int argc, char **argv)
{
	const char *in = NULL, *system = NULL, *tree_path = NULL;
	struct definition_result of_board = { 0 };
	struct definition_board board = { 0 };
	struct tool_file tree = { 0 };
	int status = 1;

	for (int i = 0; i < argc; i++) {
		if (i + 1 < argc && strcmp(argv[i], "--board") == 0)
			system = argv[++i];
		else if (i + 1 < argc && strcmp(argv[i], "--device-tree") == 0)
			tree_path = argv[++i];
		else if (in || (argv[i][0] == '-' && argv[i][1]))
			return -1;
		else
			in = argv[i];
	}
	if (!in)
		return -1;
	if ((!system || board_read(system, &board, &of_board)) && tree_read(tree_path, &board, &tree))
		status = explain(in, system || board.device_tree ? &board : NULL);
	definition_result_free(&of_board);
	file_free(&tree);
	return status;
}
