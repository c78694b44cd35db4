// SPDX-License-Identifier: MIT
#include "port_definition.h"

#include "agent.h"

#include <definition.h>
#include <jailhouse/config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct port_definition {
	struct definition_board board;
	bool board_known;
};

static char *file_text(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	char *text = file ? malloc(DEFINITION_TEXT_MAX) : NULL;

	*size = text ? fread(text, 1, DEFINITION_TEXT_MAX, file) : 0;
	if (file)
		fclose(file);
	return text;
}

static void board_read(struct port_definition *port, const char *board_dir)
{
	struct definition_result result = { 0 };
	char path[512];
	size_t size;
	char *text;

	snprintf(path, sizeof(path), "%s/system.json", board_dir);
	text = file_text(path, &size);
	if (!text) {
		agent_log("warning", "%s cannot be read", path);
		return;
	}
	port->board_known = definition_compile_system(text, size, &port->board, &result) == 0;
	if (!port->board_known)
		agent_log("error", "%s is refused: %s", path,
			  result.problems.count ? result.problems.items[0].text : "out of memory");
	definition_result_free(&result);
	free(text);
}

struct port_definition *port_definition_new(const char *board_dir)
{
	struct port_definition *port = calloc(1, sizeof(*port));

	if (port)
		board_read(port, board_dir);
	return port;
}

void port_definition_free(struct port_definition *port)
{
	free(port);
}

static cJSON *problems_json(const struct definition_problems *problems)
{
	cJSON *array = cJSON_CreateArray();

	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];
		cJSON *json = cJSON_CreateObject();

		cJSON_AddStringToObject(json, "code", problem->code);
		cJSON_AddStringToObject(json, "detail", problem->text);
		cJSON_AddStringToObject(json, "pointer", problem->pointer);
		cJSON_AddStringToObject(json, "remedy", problem->remedy);
		cJSON_AddItemToArray(array, json);
	}
	return array;
}

static int take_lists(struct compiled_cell *cell, const struct definition_result *result)
{
	cell->regions = calloc(result->num_regions + 1, sizeof(*cell->regions));
	cell->images = calloc(result->num_images + 1, sizeof(*cell->images));
	if (!cell->regions || !cell->images)
		return -ENOMEM;
	for (size_t i = 0; i < result->num_regions; i++)
		/* The hypervisor places the communication region by itself: it has no address of its own here. */
		if (!(result->regions[i].flags & JH_MEM_COMM_REGION))
			cell->regions[cell->num_regions++] =
				(struct compiled_region){ result->regions[i].physical, result->regions[i].size };
	for (size_t i = 0; i < result->num_images; i++) {
		struct compiled_image *image = &cell->images[cell->num_images++];

		snprintf(image->name, sizeof(image->name), "%.63s", result->images[i].name);
		image->target = result->images[i].address;
		image->limit = result->images[i].limit;
	}
	return 0;
}

static void compiled_free(struct compiled_cell *cell)
{
	free(cell->config);
	free(cell->regions);
	free(cell->images);
	memset(cell, 0, sizeof(*cell));
}

static int compile(void *compiler, const char *text, struct compiled_cell *cell, cJSON **errors)
{
	struct port_definition *port = compiler;
	struct definition_result result = { 0 };
	int err = definition_compile_cell(text, strlen(text), port->board_known ? &port->board : NULL, &result);

	memset(cell, 0, sizeof(*cell));
	if (err) {
		*errors = problems_json(&result.problems);
	} else {
		memcpy(cell->name, result.name, sizeof(result.name));
		cell->cpus = result.cpus;
		cell->config = result.blob;
		cell->config_size = result.size;
		result.blob = NULL; /* it is the cell's now */
		err = take_lists(cell, &result);
		if (err)
			compiled_free(cell);
	}
	definition_result_free(&result);
	return err;
}

const struct compiler_ops port_definition_ops = { .compile = compile, .free = compiled_free };
