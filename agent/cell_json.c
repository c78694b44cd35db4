// SPDX-License-Identifier: MIT
#include "cell_json.h"

#include "cell_life.h"
#include "cell_table.h"

#include <stdio.h>
#include <string.h>

static const char *state_name(const struct driver_cell *cell)
{
	if (life_runs(cell))
		return "running";
	return strcmp(cell->state, "shut down") == 0 ? "stopped" : "failed";
}

void cell_state(struct agent *agent, const char *name, char state[16], int *id, struct driver_reason *failure)
{
	struct driver_cell cell;
	bool created = life_find(agent, name, &cell) == 0;

	*id = created ? cell.id : 0;
	if (!cell_table_claimed(agent->cells, name, state))
		snprintf(state, 16, "%s", created ? state_name(&cell) : "defined");
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
	struct console *console = cell_table_console(agent->cells, name);
	struct console_view view = { 0 };
	cJSON *json = cJSON_CreateObject();

	if (console)
		console_view(console, &view);
	console_release(console);
	/* Offsets fit a double for 285 years at 1 MB/s. */
	cJSON_AddNumberToObject(json, "start", (double)view.start);
	cJSON_AddNumberToObject(json, "end", (double)view.end);
	return json;
}

static void add_resources(cJSON *json, const struct compiled_cell *compiled)
{
	cJSON *cpus = cJSON_AddArrayToObject(json, "cpus");
	cJSON *memory = cJSON_AddArrayToObject(json, "memory");
	cJSON *images = cJSON_AddArrayToObject(json, "images");

	for (int cpu = 0; cpu < 64; cpu++)
		if (compiled->cpus >> cpu & 1)
			cJSON_AddItemToArray(cpus, cJSON_CreateNumber(cpu));
	for (size_t i = 0; i < compiled->num_regions; i++) {
		cJSON *region = cJSON_CreateObject();

		json_add_hex(region, "start", compiled->regions[i].start);
		json_add_hex(region, "size", compiled->regions[i].size);
		cJSON_AddItemToArray(memory, region);
	}
	for (size_t i = 0; i < compiled->num_images; i++)
		cJSON_AddItemToArray(images, cJSON_CreateString(compiled->images[i].name));
}

static void add_compiled(struct agent *agent, cJSON *json, const char *definition)
{
	struct compiled_cell compiled = { 0 };
	cJSON *errors = NULL;

	/* A definition that an older agent accepted may not compile any more: shown, without resources. */
	if (agent->compiler_ops->compile(agent->compiler, definition, &compiled, &errors) == 0) {
		add_resources(json, &compiled);
		agent->compiler_ops->free(&compiled);
	} else {
		add_resources(json, &compiled);
	}
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
	add_compiled(agent, json, cell->definition);
	cJSON_AddItemToObject(json, "definition", cJSON_Parse(cell->definition));
	cJSON_AddItemToObject(json, "failure", failure_json(&failure));
	cJSON_AddItemToObject(json, "console", console_json(agent, cell->name));
	return json;
}
