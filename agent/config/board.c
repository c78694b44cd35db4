// SPDX-License-Identifier: MIT
/* The board that a cell is compiled for: a system definition, or the binary of one. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cjson/cJSON.h>
#include "live_tree.h"
#include "tool.h"

bool is_system(const char *text)
{
	cJSON *json = cJSON_Parse(text);
	bool system = cJSON_HasObjectItem(json, "root");

	cJSON_Delete(json);
	return system;
}

/* A binary is read by way of its text. */
static bool to_text(const char *path, struct tool_file *file)
{
	struct definition_problems problems;
	char *text;

	if (file->size < 5 || memcmp(file->bytes, "JHSYS", 5) != 0)
		return true;
	if (definition_decompile(file->bytes, file->size, &text, &problems) != 0)
		problems_print(path, NULL, &problems);
	definition_problems_free(&problems);
	free(file->bytes);
	*file = (struct tool_file){ .bytes = text, .size = text ? strlen(text) : 0 };
	return text;
}

bool board_read(const char *path, struct definition_board *board, struct definition_result *system)
{
	struct tool_file file;
	int err;

	if (!file_take(path, &file))
		return false;
	if (!to_text(path, &file))
		return false;
	err = definition_compile_system(file.bytes, file.size, board, system);
	problems_print(path, file.bytes, &system->problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	file_free(&file);
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
