// SPDX-License-Identifier: MIT
#include "cell_json.h"

#include "cell_table.h"
#include "console.h"
#include "follow.h"
#include "created.h"
#include "placement.h"
#include "restarts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cell_state(struct agent *agent, const char *name, char state[16], int *id, struct driver_reason *failure)
{
	struct driver_cell cell;
	bool created = created_find(agent, name, &cell) == 0;

	*id = created ? cell.id : 0;
	if (!cell_table_claimed(agent->cells, name, state))
		snprintf(state, 16, "%s", created ? created_state(&cell) : "defined");
	memset(failure, 0, sizeof(*failure));
	if (created && strcmp(state, "failed") == 0)
		*failure = cell.failure;
	if (!failure->code[0])
		cell_table_failure(agent->cells, name, failure);
}

static cJSON *failure_json(const struct driver_reason *failure)
{
	cJSON *json;

	if (!failure->code[0])
		return cJSON_CreateNull();
	json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "code", failure->code);
	cJSON_AddStringToObject(json, "detail", failure->text);
	cJSON_AddStringToObject(json, "remedy", failure->remedy);
	return json;
}

static cJSON *console_json(struct agent *agent, const char *name)
{
	struct console *console = follow_take(agent, name);
	struct console_view view = { 0 };
	char line[CONSOLE_LINE] = "";
	cJSON *json = cJSON_CreateObject();

	if (console) {
		console_view(console, &view);
		console_last_line(console, line, sizeof(line));
	}
	console_release(console);
	/* Offsets fit a double for 285 years at 1 MB/s. */
	cJSON_AddNumberToObject(json, "start", (double)view.start);
	cJSON_AddNumberToObject(json, "end", (double)view.end);
	cJSON_AddNumberToObject(json, "lost", (double)view.lost);
	cJSON_AddNumberToObject(json, "unrecorded", (double)view.unrecorded);
	cJSON_AddStringToObject(json, "last_line", line);
	return json;
}

static cJSON *restarts_json(struct agent *agent, const char *name)
{
	cJSON *json = cJSON_CreateObject();
	struct restarts_view view;

	restarts_view(agent, name, &view);
	cJSON_AddNumberToObject(json, "count", view.total);
	if (view.next)
		cJSON_AddNumberToObject(json, "next", (double)view.next);
	else
		cJSON_AddNullToObject(json, "next");
	cJSON_AddBoolToObject(json, "given_up", view.given_up);
	return json;
}

void cell_json_resources(cJSON *json, const struct compiled_cell *compiled, bool unplaced)
{
	cJSON *cpus = cJSON_AddArrayToObject(json, "cpus");
	cJSON *memory = cJSON_AddArrayToObject(json, "memory");

	for (int cpu = 0; cpu < 64; cpu++)
		if (compiled->cpus >> cpu & 1)
			cJSON_AddItemToArray(cpus, cJSON_CreateNumber(cpu));
	for (size_t i = 0; i < compiled->num_regions; i++) {
		cJSON *region = cJSON_CreateObject();

		if (unplaced && compiled->regions[i].automatic)
			cJSON_AddStringToObject(region, "start", "auto");
		else
			json_add_hex(region, "start", compiled->regions[i].start);
		json_add_hex(region, "size", compiled->regions[i].size);
		cJSON_AddItemToArray(memory, region);
	}
}

static void add_images(cJSON *json, const struct compiled_cell *compiled)
{
	cJSON *images = cJSON_AddArrayToObject(json, "images");

	for (size_t i = 0; i < compiled->num_images; i++)
		cJSON_AddItemToArray(images, cJSON_CreateString(compiled->images[i].name));
}

/* What a created cell really has, whoever made it. */
static bool add_live(struct agent *agent, cJSON *json, int id)
{
	struct compiled_cell live;
	struct binary binary;
	int err = agent->driver_ops->config(agent->driver, id, &binary.data, &binary.size);

	if (err)
		return false;
	err = agent->compiler_ops->read(agent->compiler, &binary, &live);
	free(binary.data);
	if (err)
		return false;
	cell_json_resources(json, &live, false);
	agent->compiler_ops->free(&live);
	return true;
}

static void add_compiled(struct agent *agent, cJSON *json, const struct store_cell *cell, int id)
{
	struct compiled_cell compiled = { 0 };
	bool unplaced = false;
	cJSON *errors = NULL;
	/* A definition that an older agent accepted may not compile any more: shown, without resources. */
	bool compiles = placement_show(agent, cell, &compiled, &unplaced, &errors) == 0;

	if (!id || !add_live(agent, json, id))
		cell_json_resources(json, &compiled, unplaced);
	add_images(json, &compiled);
	if (compiles)
		agent->compiler_ops->free(&compiled);
	cJSON_Delete(errors);
}

cJSON *cell_json(struct agent *agent, const struct store_cell *cell)
{
	cJSON *json = cJSON_CreateObject();
	struct driver_reason failure;
	char state[16];
	int id;

	cell_state(agent, cell->name, state, &id, &failure);
	cJSON_AddStringToObject(json, "name", cell->name);
	cJSON_AddStringToObject(json, "state", state);
	if (id)
		cJSON_AddNumberToObject(json, "id", id);
	else
		cJSON_AddNullToObject(json, "id");
	cJSON_AddBoolToObject(json, "start_at_boot", cell->start_at_boot);
	cJSON_AddNumberToObject(json, "version", (double)cell->version);
	cJSON_AddNumberToObject(json, "revision", (double)cell->revision);
	add_compiled(agent, json, cell, id);
	cJSON_AddItemToObject(json, "definition", cJSON_Parse(cell->definition));
	cJSON_AddItemToObject(json, "failure", failure_json(&failure));
	cJSON_AddItemToObject(json, "restarts", restarts_json(agent, cell->name));
	cJSON_AddItemToObject(json, "console", console_json(agent, cell->name));
	return json;
}
