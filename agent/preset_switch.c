// SPDX-License-Identifier: MIT
#include "preset_switch.h"

#include "cell_life.h"
#include "cell_table.h"
#include "created.h"
#include "hypervisor_life.h"
#include "running.h"
#include "start_order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct names {
	char (*list)[API_NAME_LEN];
	size_t count;
};

static int collect(void *context, const struct store_cell *cell)
{
	struct names *names = context;
	void *grown = realloc(names->list, (names->count + 1) * sizeof(*names->list));

	if (!grown)
		return -ENOMEM;
	names->list = grown;
	snprintf(names->list[names->count++], API_NAME_LEN, "%s", cell->name);
	return 0;
}

static struct names defined(struct agent *agent)
{
	struct names names = { 0 };

	agent->store_ops->cell_each(agent->store, collect, &names);
	return names;
}

size_t preset_switch_running(struct agent *agent, char list[PRESET_CELLS_MAX][API_NAME_LEN])
{
	struct names names = defined(agent);
	size_t count = 0;

	for (size_t i = 0; i < names.count && count < PRESET_CELLS_MAX; i++)
		if (running(agent, names.list[i]))
			memcpy(list[count++], names.list[i], API_NAME_LEN);
	free(names.list);
	return count;
}

bool preset_switch_check(struct agent *agent, const struct preset *preset, struct outcome *outcome)
{
	struct store_cell cell;

	if (!hypervisor_ready(agent, outcome))
		return false;
	for (size_t i = 0; i < preset->num_cells; i++) {
		if (agent->store_ops->cell_get(agent->store, preset->cells[i], &cell) == 0) {
			store_cell_free(&cell);
			continue;
		}
		outcome_refuse(
			outcome, -ENOENT, "preset-cell-unknown", "Define the cell, or take it out of the preset.",
			"The preset \"%s\" has a cell \"%s\", which is not defined.", preset->name, preset->cells[i]);
		return false;
	}
	return true;
}

typedef void (*life_fn)(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

/* The first error is the one that is told. */
static void do_one(struct agent *agent, const char *name, const char *shown, const char *actor, life_fn run,
		   struct outcome *first)
{
	struct outcome outcome = { 0 };

	if (cell_table_claim(agent->cells, name, shown) != 0)
		outcome_refuse(&outcome, -EBUSY, "cell-busy", "Wait until that is done.",
			       "Another command is at work on the cell \"%s\".", name);
	else
		run(agent, name, actor, &outcome);
	if (!first->error)
		*first = outcome;
}

static bool listed(char (*names)[API_NAME_LEN], size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static bool is_created(struct agent *agent, const char *name)
{
	struct driver_cell cell;

	return created_find(agent, name, &cell) == 0;
}

void preset_switch(struct agent *agent, char (*names)[API_NAME_LEN], size_t count, const char *actor,
		   enum preset_switch_manner manner, struct outcome *outcome)
{
	struct names all = defined(agent);
	bool go_on = manner == PRESET_SWITCH_GO_ON;

	for (size_t i = 0; i < all.count && (go_on || !outcome->error); i++)
		if (!listed(names, count, all.list[i]) && is_created(agent, all.list[i]))
			do_one(agent, all.list[i], "stopping", actor, life_stop_within, outcome);
	free(all.list);
	start_order_sort(agent, names, count);
	for (size_t i = 0; i < count && (go_on || !outcome->error); i++)
		if (!running(agent, names[i]))
			do_one(agent, names[i], "starting", actor, life_start_within, outcome);
}
