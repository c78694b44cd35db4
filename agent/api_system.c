// SPDX-License-Identifier: MIT
/* /api/v1/system: the board, and who owns what on it. */
#include "agent.h"
#include "created.h"
#include "device_tree.h"
#include "memory_map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CPU_MAX 64

struct owners {
	char cpu[CPU_MAX][API_NAME_LEN];
};

static int own_each(void *context, const struct driver_cell *cell)
{
	struct owners *owners = context;
	uint64_t set = created_cpus(cell->cpus);

	for (int cpu = 0; cpu < CPU_MAX; cpu++)
		if (set >> cpu & 1)
			snprintf(owners->cpu[cpu], API_NAME_LEN, "%s", cell->name);
	return 0;
}

/* The root cell's name, also while the hypervisor is not enabled. */
static const char *root_name(struct agent *agent)
{
	const struct compiled_board *board = agent->compiler_ops->board(agent->compiler);

	return board->root[0] ? board->root : "linux";
}

static void add_cpus(struct agent *agent, cJSON *json)
{
	struct owners *owners = calloc(1, sizeof(*owners));
	cJSON *cpus = cJSON_AddArrayToObject(json, "cpus");
	long count = sysconf(_SC_NPROCESSORS_CONF);

	if (owners && agent->driver_ops->present(agent->driver))
		agent->driver_ops->each(agent->driver, own_each, owners);
	for (int id = 0; owners && id < count && id < CPU_MAX; id++) {
		cJSON *cpu = cJSON_CreateObject();

		cJSON_AddNumberToObject(cpu, "id", id);
		cJSON_AddStringToObject(cpu, "owner", owners->cpu[id][0] ? owners->cpu[id] : root_name(agent));
		cJSON_AddItemToArray(cpus, cpu);
	}
	free(owners);
}

struct painting {
	struct memory_map map;
	const char *root;
};

static int paint_root(void *context, uint64_t start, uint64_t size)
{
	struct painting *painting = context;

	return memory_map_paint(&painting->map, start, size, painting->root, "root");
}

/* Set aside inside root's memory, for the hypervisor and cells. Other reservations are the firmware's and not on the map. */
static int paint_reserved(void *context, uint64_t start, uint64_t size)
{
	struct painting *painting = context;

	return memory_map_paint_within(&painting->map, start, size, "", "free");
}

static int paint_board(struct agent *agent, struct painting *painting)
{
	const struct compiled_board *board = agent->compiler_ops->board(agent->compiler);
	int err = 0;

	for (size_t i = 0; !err && i < board->num_regions; i++)
		if (!board->regions[i].device)
			err = paint_root(painting, board->regions[i].start, board->regions[i].size);
	/* Without a system definition: what the board has. */
	if (!err && !board->num_regions)
		err = device_tree_memory(agent->options.device_tree, paint_root, painting);
	if (!err)
		err = device_tree_unmapped(agent->options.device_tree, paint_reserved, painting);
	if (!err)
		err = memory_map_paint(&painting->map, board->pool.start, board->pool.size, "", "free");
	if (!err)
		err = memory_map_paint(&painting->map, board->hypervisor.start, board->hypervisor.size, "hypervisor",
				       "hypervisor");
	return err;
}

static int paint_cell(struct agent *agent, struct painting *painting, const struct binary *binary)
{
	struct compiled_cell cell;
	int err = 0;

	if (!binary->data || agent->compiler_ops->read(agent->compiler, binary, &cell) != 0)
		return 0;
	for (size_t i = 0; !err && i < cell.num_regions; i++)
		if (!cell.regions[i].device)
			err = memory_map_paint(&painting->map, cell.regions[i].start, cell.regions[i].size, cell.name,
					       "cell");
	agent->compiler_ops->free(&cell);
	return err;
}

static int paint(struct agent *agent, struct painting *painting)
{
	struct created created;
	int err = paint_board(agent, painting);

	if (!err)
		err = created_read(agent, &created);
	if (err)
		return err;
	for (size_t i = 0; !err && i < created.count; i++)
		err = paint_cell(agent, painting, &created.binaries[i]);
	created_free(&created);
	return err;
}

static int add_memory(struct agent *agent, cJSON *json)
{
	struct painting painting = { .root = root_name(agent) };
	cJSON *memory = cJSON_AddArrayToObject(json, "memory");
	int err = paint(agent, &painting);

	for (size_t i = 0; !err && i < painting.map.count; i++) {
		const struct memory_range *range = &painting.map.ranges[i];
		cJSON *region = cJSON_CreateObject();

		json_add_hex(region, "start", range->start);
		json_add_hex(region, "size", range->size);
		cJSON_AddStringToObject(region, "owner", range->owner);
		cJSON_AddStringToObject(region, "kind", range->kind);
		cJSON_AddItemToArray(memory, region);
	}
	memory_map_free(&painting.map);
	return err;
}

static void add_identity(struct agent *agent, cJSON *json)
{
	char host[65] = "rotunda", model[128];
	struct utsname uts;
	struct sysinfo info;

	gethostname(host, sizeof(host) - 1);
	device_tree_model(agent->options.device_tree, model, sizeof(model));
	cJSON_AddStringToObject(json, "name", host);
	cJSON_AddStringToObject(json, "board", root_name(agent));
	cJSON_AddStringToObject(json, "model", *model ? model : "unknown");
	uname(&uts);
	cJSON_AddStringToObject(json, "kernel", uts.release);
	cJSON_AddStringToObject(json, "machine", uts.machine);
	cJSON_AddStringToObject(json, "version", ROTUNDA_VERSION);
	sysinfo(&info);
	cJSON_AddNumberToObject(json, "uptime_seconds", (double)info.uptime);
	cJSON_AddNumberToObject(json, "time", (double)time(NULL));
}

void api_system_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	cJSON *json = cJSON_CreateObject();
	struct api_reply nested;

	add_identity(agent, json);
	add_cpus(agent, json);
	if (add_memory(agent, json) != 0) {
		cJSON_Delete(json);
		api_problem(reply, 500, "internal", "Try again.", "The agent ran out of memory.");
		return;
	}
	api_reply_init(&nested);
	api_hypervisor_get(agent, request, &nested);
	cJSON_AddItemToObject(json, "hypervisor", cJSON_Parse(nested.body));
	api_reply_free(&nested);
	api_reply_json(reply, 200, json);
}
