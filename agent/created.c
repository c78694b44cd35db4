// SPDX-License-Identifier: MIT
#include "created.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int add(void *context, const struct driver_cell *cell)
{
	struct created *created = context;
	void *cells, *binaries;

	if (cell->id == 0)
		return 0;
	cells = realloc(created->cells, (created->count + 1) * sizeof(*created->cells));
	if (!cells)
		return -ENOMEM;
	created->cells = cells;
	binaries = realloc(created->binaries, (created->count + 1) * sizeof(*created->binaries));
	if (!binaries)
		return -ENOMEM;
	created->binaries = binaries;
	created->cells[created->count] = *cell;
	created->binaries[created->count++] = (struct binary){ 0 };
	return 0;
}

int created_read(struct agent *agent, struct created *created)
{
	int err = 0;

	memset(created, 0, sizeof(*created));
	if (agent->driver_ops->present(agent->driver))
		err = agent->driver_ops->each(agent->driver, add, created);
	for (size_t i = 0; !err && i < created->count; i++)
		/* Destroyed meanwhile, or an older driver: then it is not known what it has. */
		if (agent->driver_ops->config(agent->driver, created->cells[i].id, &created->binaries[i].data,
					      &created->binaries[i].size) != 0)
			created->binaries[i] = (struct binary){ 0 };
	if (err)
		created_free(created);
	return err;
}

void created_free(struct created *created)
{
	for (size_t i = 0; i < created->count; i++)
		free(created->binaries[i].data);
	free(created->cells);
	free(created->binaries);
	memset(created, 0, sizeof(*created));
}

struct search {
	const char *name;
	struct driver_cell *cell;
	bool found;
};

static int search_each(void *context, const struct driver_cell *cell)
{
	struct search *search = context;

	if (cell->id != 0 && strcmp(cell->name, search->name) == 0) {
		*search->cell = *cell;
		search->found = true;
	}
	return 0;
}

int created_find(struct agent *agent, const char *name, struct driver_cell *cell)
{
	struct search search = { name, cell, false };
	int err;

	if (!agent->driver_ops->present(agent->driver))
		return -ENODEV;
	err = agent->driver_ops->each(agent->driver, search_each, &search);
	if (err)
		return err;
	return search.found ? 0 : -ENOENT;
}

bool created_runs(const struct driver_cell *cell)
{
	return strncmp(cell->state, "running", 7) == 0;
}

const char *created_state(const struct driver_cell *cell)
{
	if (created_runs(cell))
		return "running";
	return strcmp(cell->state, "shut down") == 0 ? "stopped" : "failed";
}

uint64_t created_cpus(const char *list)
{
	uint64_t cpus = 0;
	char *end;

	while (*list) {
		unsigned long first = strtoul(list, &end, 10), last = first;

		if (end == list)
			return cpus;
		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		for (unsigned long cpu = first; cpu <= last && cpu < 64; cpu++)
			cpus |= 1ull << cpu;
		list = *end == ',' ? end + 1 : "";
	}
	return cpus;
}
