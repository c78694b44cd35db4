// SPDX-License-Identifier: MIT
/* /api/v1/cells/{name}/stats: what the cell costs the hypervisor. */
#include "cell_reply.h"
#include "created.h"
#include "exit_rates.h"

#include <errno.h>
#include <stdio.h>

/* Counters of 64 bits, in decimal: a number of JSON would lose bits, and they are no addresses. */
static int add_exits(struct agent *agent, cJSON *json, int id, int cpu)
{
	struct driver_counter counters[DRIVER_COUNTERS];
	size_t count;
	int err = agent->driver_ops->counters(agent->driver, id, cpu, counters, &count);
	cJSON *exits = cJSON_AddObjectToObject(json, "exits");
	char text[24];

	for (size_t i = 0; !err && i < count; i++) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)counters[i].value);
		cJSON_AddStringToObject(exits, counters[i].name, text);
	}
	return err;
}

static int add_cpu(struct agent *agent, cJSON *cpus, int id, int cpu)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "id", cpu);
	cJSON_AddItemToArray(cpus, json);
	return add_exits(agent, json, id, cpu);
}

static int add_cpus(struct agent *agent, cJSON *json, const struct driver_cell *cell)
{
	cJSON *cpus = cJSON_AddArrayToObject(json, "cpus");
	uint64_t set = created_cpus(cell->cpus);
	int err = 0;

	for (int cpu = 0; !err && cpu < 64; cpu++)
		if (set >> cpu & 1)
			err = add_cpu(agent, cpus, cell->id, cpu);
	return err;
}

static void reply_stats(struct agent *agent, const struct driver_cell *cell, struct api_reply *reply)
{
	cJSON *json = cJSON_CreateObject();
	int err;

	cJSON_AddNumberToObject(json, "starts", (double)cell->starts);
	err = add_exits(agent, json, cell->id, -1);
	if (!err)
		err = add_cpus(agent, json, cell);
	if (!err)
		exit_rates_add(agent->rates, cell->name, json);
	api_reply_json(reply, 200, json);
	if (err) /* destroyed while it was read */
		api_problem(reply, 409, "cell-not-created", "Start it first.", "The cell \"%s\" is not created.",
			    cell->name);
}

void api_cell_stats(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct driver_cell cell;

	if (!cell_reply_known(agent, reply, request->name))
		return;
	if (created_find(agent, request->name, &cell) == 0)
		reply_stats(agent, &cell, reply);
	else
		api_problem(reply, 409, "cell-not-created", "Start it first.",
			    "The cell \"%s\" is not created: it has no counters.", request->name);
}
