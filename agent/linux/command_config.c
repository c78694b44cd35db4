// SPDX-License-Identifier: MIT
/* The configuration of `jailhouse cell linux`: a binary, or JSON that is compiled beside the cells that stand. */
#include "command.h"

#include <definition.h>
#include <jailhouse_client.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The board of this moment. Ends with the process, as all of this does. */
struct moment {
	struct definition_board board;
	struct jh_client_cell *cells;
	size_t num_cells;
};

static bool is_json(const struct bytes *file)
{
	const char *text = file->data;
	size_t at = 0;

	while (at < file->size && strchr(" \t\r\n", text[at]) && text[at])
		at++;
	return at < file->size && text[at] == '{';
}

static bool tell(const char *path, int err, const struct definition_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		fprintf(stderr, "%s:%u:%u: error: %s [%s]\n  hint: %s\n", path, problem->line, problem->column,
			problem->text, problem->code, problem->remedy);
	}
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	return err == 0;
}

static bool board_read(const char *path, struct moment *moment)
{
	struct definition_result result;
	struct bytes file;

	if (access(path, F_OK) != 0)
		return true; /* judged without it */
	return file_map(path, &file) &&
	       tell(path, definition_compile_system(file.data, file.size, &moment->board, &result), &result.problems);
}

static void neighbours_read(struct moment *moment)
{
	struct definition_neighbour *list;
	void *binary;
	size_t size;

	jh_client_cells(NULL, &moment->cells, &moment->num_cells);
	list = calloc(moment->num_cells + 1, sizeof(*list));
	moment->board.neighbours = list;
	for (size_t i = 0; list && i < moment->num_cells; i++)
		if (jh_client_cell_config(NULL, moment->cells[i].id, &binary, &size) == 0 &&
		    definition_neighbour_read(binary, size, &list[moment->board.num_neighbours]) == 0)
			moment->board.num_neighbours++;
}

/* A cell that is there already has its places: with automatic ones, compiling again would choose others. */
static bool take_existing(const struct moment *moment, const char *name, struct bytes *binary)
{
	void *data;

	for (size_t i = 0; i < moment->num_cells; i++)
		if (moment->cells[i].id && strcmp(moment->cells[i].name, name) == 0 &&
		    jh_client_cell_config(NULL, moment->cells[i].id, &data, &binary->size) == 0) {
			binary->data = data;
			return true;
		}
	return false;
}

static bool compile(const char *path, const struct bytes *file, const struct moment *moment, struct config *config)
{
	const struct definition_board *board = moment->board.gicd_base ? &moment->board : NULL;
	struct definition_result result;
	/* Beside itself it would find its CPUs taken; of what is refused then, the name is good all the same. */
	int err = definition_compile_cell(file->data, file->size, board, &result);

	config->has_command_line = result.boot.wanted;
	memcpy(config->command_line, result.boot.command_line, sizeof(config->command_line));
	if (take_existing(moment, result.name, &config->binary))
		return true;
	config->binary = (struct bytes){ result.blob, result.size };
	return tell(path, err, &result.problems);
}

bool config_take(const struct arguments *arguments, struct config *config)
{
	struct moment moment = { 0 };
	struct bytes file;

	*config = (struct config){ 0 };
	if (!file_map(arguments->config, &file))
		return false;
	config->binary = file;
	config->is_json = is_json(&file);
	if (!config->is_json)
		return true;
	if (!board_read(arguments->board, &moment))
		return false;
	neighbours_read(&moment);
	return compile(arguments->config, &file, &moment, config);
}
