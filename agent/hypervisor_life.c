// SPDX-License-Identifier: MIT
#include "hypervisor_life.h"

#include "cell_life.h"
#include "cell_table.h"
#include "follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *hypervisor_state(struct agent *agent)
{
	if (!agent->driver_ops->present(agent->driver))
		return "driver-missing";
	return agent->driver_ops->enabled(agent->driver) ? "enabled" : "disabled";
}

static bool driver_ready(struct agent *agent, struct outcome *outcome)
{
	if (agent->driver_ops->present(agent->driver))
		return true;
	outcome_refuse(outcome, -ENODEV, "driver-missing", "Load the kernel module jailhouse.",
		       "The driver is not there: /dev/jailhouse does not exist.");
	return false;
}

bool hypervisor_ready(struct agent *agent, struct outcome *outcome)
{
	if (!driver_ready(agent, outcome))
		return false;
	if (agent->driver_ops->enabled(agent->driver))
		return true;
	outcome_refuse(outcome, -ENOTCONN, "hypervisor-not-enabled", "Enable the hypervisor first.",
		       "The hypervisor is not enabled.");
	return false;
}

static void *file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	/* JH_CONFIG_MAX_SIZE bounds what the driver takes; one byte more shows that it is larger. */
	char *data = file ? malloc(0x10001) : NULL;

	*size = data ? fread(data, 1, 0x10001, file) : 0;
	if (file)
		fclose(file);
	return data;
}

static void enable(struct agent *agent, struct outcome *outcome)
{
	char path[512];
	size_t size;
	void *config;

	snprintf(path, sizeof(path), "%s/system.cell", agent->options.board_dir);
	config = file_read(path, &size);
	if (!config || !size) {
		outcome_refuse(outcome, -ENOENT, "system-definition-missing", "Install the board's system definition.",
			       "The system definition %s cannot be read.", path);
	} else {
		int err = agent->driver_ops->enable(agent->driver, config, size, &outcome->reason);

		outcome_driver(outcome, err, "enable the hypervisor", "");
		if (!err)
			cell_table_expect(agent->cells, CELL_TABLE_HYPERVISOR, "enabled");
	}
	free(config);
}

static void want(struct agent *agent, const char *wanted)
{
	if (agent->store_ops->setting_put(agent->store, SETTING_HYPERVISOR_WANTED, wanted) != 0)
		agent_log("error", "the wanted state of the hypervisor was not stored");
}

static void record(struct agent *agent, const char *actor, const char *deed, struct outcome *outcome)
{
	char kind[32];

	snprintf(kind, sizeof(kind), "hypervisor-%s", outcome->error ? "refused" : deed);
	if (outcome->error)
		agent_event(agent, "error", kind, "", actor, "%s", outcome->reason.text);
	else
		agent_event(agent, "info", kind, "", actor, "The hypervisor was %s.", deed);
}

void life_enable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	cell_table_hold(agent->cells);
	if (driver_ready(agent, outcome)) {
		if (agent->driver_ops->enabled(agent->driver))
			outcome_refuse(outcome, -EALREADY, "already-enabled", "Nothing needs to be done.",
				       "The hypervisor is enabled already.");
		else
			enable(agent, outcome);
	}
	cell_table_release(agent->cells);
	if (!outcome->error)
		want(agent, "enabled");
	record(agent, actor, "enabled", outcome);
}

static int mark_defined(void *context, const struct store_cell *cell)
{
	follow_state(context, cell->name, "defined");
	return 0;
}

static void disable(struct agent *agent, struct outcome *outcome)
{
	int err = agent->driver_ops->disable(agent->driver, &outcome->reason);

	outcome_driver(outcome, err, "disable the hypervisor", "");
	if (err)
		return;
	cell_table_expect_none(agent->cells);
	cell_table_expect(agent->cells, CELL_TABLE_HYPERVISOR, "disabled");
}

void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	cell_table_hold(agent->cells);
	if (hypervisor_ready(agent, outcome))
		disable(agent, outcome);
	cell_table_release(agent->cells);
	if (!outcome->error) {
		want(agent, "disabled");
		agent->store_ops->cell_each(agent->store, mark_defined, agent);
	}
	record(agent, actor, "disabled", outcome);
}

struct names {
	char (*list)[API_NAME_LEN];
	size_t count;
};

static int collect_boot(void *context, const struct store_cell *cell)
{
	struct names *names = context;
	void *grown;

	if (!cell->start_at_boot)
		return 0;
	grown = realloc(names->list, (names->count + 1) * sizeof(*names->list));
	if (!grown)
		return -ENOMEM;
	names->list = grown;
	snprintf(names->list[names->count++], API_NAME_LEN, "%s", cell->name);
	return 0;
}

static void start_chosen(struct agent *agent)
{
	struct names names = { 0 };

	agent->store_ops->cell_each(agent->store, collect_boot, &names);
	for (size_t i = 0; i < names.count; i++) {
		struct outcome outcome = { 0 };

		if (cell_table_claim(agent->cells, names.list[i], "starting") == 0)
			life_start(agent, names.list[i], "boot", &outcome);
	}
	free(names.list);
}

void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	char wanted[16] = "";

	(void)name;
	if (!agent->driver_ops->present(agent->driver))
		return;
	if (agent->driver_ops->enabled(agent->driver)) {
		/* The agent came back, the board did not: what runs is left alone, and so is what does not. */
		agent_event(agent, "info", "agent-adopted", "", actor, "The agent found the hypervisor enabled.");
		return;
	}
	agent->store_ops->setting_get(agent->store, SETTING_HYPERVISOR_WANTED, wanted, sizeof(wanted));
	if (strcmp(wanted, "enabled") != 0)
		return;
	cell_table_hold(agent->cells);
	enable(agent, outcome);
	cell_table_release(agent->cells);
	record(agent, "boot", "enabled", outcome);
	if (!outcome->error)
		start_chosen(agent);
}
