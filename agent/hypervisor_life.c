// SPDX-License-Identifier: MIT
#include "hypervisor_life.h"

#include "boot.h"
#include "cell_life.h"
#include "cell_table.h"
#include "follow.h"
#include "intent.h"
#include "operations.h"

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
		int err;

		operations_step(agent->operations, "enabling");
		err = agent->driver_ops->enable(agent->driver, config, size, &outcome->reason);
		outcome_driver(outcome, err, "enable the hypervisor", "");
		if (!err)
			cell_table_expect(agent->cells, CELL_TABLE_HYPERVISOR, "enabled");
	}
	free(config);
}

void hypervisor_want(struct agent *agent, const char *wanted)
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
	intent_begin(agent, "enable", "", actor);
	cell_table_hold(agent->cells);
	if (driver_ready(agent, outcome)) {
		if (agent->driver_ops->enabled(agent->driver))
			outcome_refuse(outcome, -EALREADY, "already-enabled", "Nothing needs to be done.",
				       "The hypervisor is enabled already.");
		else
			enable(agent, outcome);
	}
	cell_table_release(agent->cells);
	if (!outcome->error) {
		hypervisor_want(agent, "enabled");
		boot_forgive(agent);
	}
	record(agent, actor, "enabled", outcome);
	intent_end(agent);
}

static int mark_defined(void *context, const struct store_cell *cell)
{
	follow_end(context, cell->name, "defined", "hypervisor-disabled", "The hypervisor was disabled.");
	return 0;
}

static void disable(struct agent *agent, struct outcome *outcome)
{
	int err;

	operations_step(agent->operations, "disabling");
	err = agent->driver_ops->disable(agent->driver, &outcome->reason);
	outcome_driver(outcome, err, "disable the hypervisor", "");
	if (err)
		return;
	cell_table_expect_none(agent->cells);
	cell_table_expect(agent->cells, CELL_TABLE_HYPERVISOR, "disabled");
}

void life_disable(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	intent_begin(agent, "disable", "", actor);
	cell_table_hold(agent->cells);
	if (hypervisor_ready(agent, outcome))
		disable(agent, outcome);
	cell_table_release(agent->cells);
	if (!outcome->error) {
		hypervisor_want(agent, "disabled");
		boot_forgive(agent);
		agent->store_ops->cell_each(agent->store, mark_defined, agent);
	}
	record(agent, actor, "disabled", outcome);
	intent_end(agent);
}

void hypervisor_enable_at_boot(struct agent *agent, struct outcome *outcome)
{
	cell_table_hold(agent->cells);
	enable(agent, outcome);
	cell_table_release(agent->cells);
	record(agent, "boot", "enabled", outcome);
}
