// SPDX-License-Identifier: MIT
/* /api/v1/system: the board, and who owns what on it. */
#include "cell_life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CPU_MAX 64

struct owners {
	struct agent *agent;
	char cpu[CPU_MAX][API_NAME_LEN];
	char cells[32][API_NAME_LEN]; /* created cells but root */
	size_t num_cells;
};

/* Kernel list format: "0-1,3". */
static void own_cpus(struct owners *owners, const char *list, const char *name)
{
	char *end;

	while (*list) {
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (end == list)
			return;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (unsigned long cpu = first; cpu <= last && cpu < CPU_MAX; cpu++)
			snprintf(owners->cpu[cpu], API_NAME_LEN, "%s", name);
		list = *end == ',' ? end + 1 : "";
	}
}

static int own_each(void *context, const struct driver_cell *cell)
{
	struct owners *owners = context;

	own_cpus(owners, cell->cpus, cell->name);
	if (cell->id && owners->num_cells < 32)
		memcpy(owners->cells[owners->num_cells++], cell->name, API_NAME_LEN);
	return 0;
}

static void add_cpus(cJSON *json, const struct owners *owners)
{
	cJSON *cpus = cJSON_AddArrayToObject(json, "cpus");
	long count = sysconf(_SC_NPROCESSORS_CONF);

	for (int id = 0; id < count && id < CPU_MAX; id++) {
		cJSON *cpu = cJSON_CreateObject();

		cJSON_AddNumberToObject(cpu, "id", id);
		cJSON_AddStringToObject(cpu, "owner", owners->cpu[id][0] ? owners->cpu[id] : "linux");
		cJSON_AddItemToArray(cpus, cpu);
	}
}

static void add_region(cJSON *memory, uint64_t start, uint64_t size, const char *owner, const char *kind)
{
	cJSON *region = cJSON_CreateObject();

	json_add_hex(region, "start", start);
	json_add_hex(region, "size", size);
	cJSON_AddStringToObject(region, "owner", owner);
	cJSON_AddStringToObject(region, "kind", kind);
	cJSON_AddItemToArray(memory, region);
}

static void add_cell_memory(struct agent *agent, cJSON *memory, const char *name)
{
	struct compiled_cell compiled;
	struct store_cell cell;
	cJSON *errors = NULL;

	if (agent->store_ops->cell_get(agent->store, name, &cell) != 0)
		return;
	if (agent->compiler_ops->compile(agent->compiler, cell.definition, &compiled, &errors) == 0) {
		for (size_t i = 0; i < compiled.num_regions; i++)
			add_region(memory, compiled.regions[i].start, compiled.regions[i].size, name, "cell");
		agent->compiler_ops->free(&compiled);
	}
	cJSON_Delete(errors);
	store_cell_free(&cell);
}

/* /proc/iomem gives addresses to root only; without them the map has the cells alone. */
static void add_system_ram(cJSON *memory)
{
	FILE *file = fopen("/proc/iomem", "re");
	unsigned long long start, end;
	char line[160];

	while (file && fgets(line, sizeof(line), file)) {
		if (line[0] == ' ' || sscanf(line, "%llx-%llx", &start, &end) != 2 || end <= start)
			continue;
		if (strstr(line, "System RAM"))
			add_region(memory, start, end - start + 1, "linux", "root");
		else if (strstr(line, "Jailhouse hypervisor"))
			add_region(memory, start, end - start + 1, "hypervisor", "hypervisor");
	}
	if (file)
		fclose(file);
}

static void add_model(cJSON *json)
{
	FILE *file = fopen("/proc/device-tree/model", "re");
	char model[128] = "";
	size_t length = file ? fread(model, 1, sizeof(model) - 1, file) : 0;

	if (file)
		fclose(file);
	model[length] = '\0';
	cJSON_AddStringToObject(json, "model", *model ? model : "unknown");
}

static void add_identity(struct agent *agent, cJSON *json)
{
	const char *board = strrchr(agent->options.board_dir, '/');
	char host[65] = "rotunda";
	struct utsname uts;
	struct sysinfo info;

	gethostname(host, sizeof(host) - 1);
	cJSON_AddStringToObject(json, "name", host);
	cJSON_AddStringToObject(json, "board", board && board[1] ? board + 1 : agent->options.board_dir);
	add_model(json);
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
	struct owners *owners = calloc(1, sizeof(*owners));
	cJSON *json = cJSON_CreateObject(), *memory, *hypervisor;
	struct api_reply nested;

	if (!owners) {
		cJSON_Delete(json);
		api_problem(reply, 500, "internal", "Try again.", "The agent ran out of memory.");
		return;
	}
	if (agent->driver_ops->present(agent->driver))
		agent->driver_ops->each(agent->driver, own_each, owners);
	add_identity(agent, json);
	add_cpus(json, owners);
	memory = cJSON_AddArrayToObject(json, "memory");
	add_system_ram(memory);
	for (size_t i = 0; i < owners->num_cells; i++)
		add_cell_memory(agent, memory, owners->cells[i]);
	free(owners);
	api_reply_init(&nested);
	api_hypervisor_get(agent, request, &nested);
	hypervisor = cJSON_Parse(nested.body);
	api_reply_free(&nested);
	cJSON_AddItemToObject(json, "hypervisor", hypervisor);
	api_reply_json(reply, 200, json);
}
