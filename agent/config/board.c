// SPDX-License-Identifier: MIT
/* The board that a cell is compiled for: a system definition, or the binary of one. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "live_tree.h"
#include "show.h"
#include "tool.h"

bool board_read(const char *path, struct definition_board *board, struct definition_result *system)
{
	struct source source;
	bool opened = source_open(&source, path, stderr);
	int err = opened ? definition_compile_system(source.text, source.length, board, system) : -EINVAL;

	if (opened)
		show_problems(stderr, &source, &system->problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	source_close(&source);
	return !err;
}

bool tree_read(const char *path, struct definition_board *board, struct tool_file *tree)
{
	void *blob;

	*tree = (struct tool_file){ 0 };
	if (path) {
		if (!file_take(path, tree))
			return false;
	} else if (live_tree_read(LIVE_TREE, &blob, &tree->size) == 0) {
		tree->bytes = blob;
	}
	board->device_tree = tree->bytes;
	board->device_tree_size = tree->size;
	return true;
}
