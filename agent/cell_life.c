// SPDX-License-Identifier: MIT
#include "cell_life.h"

#include "boot.h"
#include "cell_table.h"
#include "collector.h"
#include "created.h"
#include "follow.h"
#include "hypervisor_life.h"
#include "intent.h"
#include "loading.h"
#include "operations.h"
#include "placement.h"
#include "restarts.h"
#include "watchdog.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Definition text from the store, compiled: to be created now, or for its images when the cell stands already. */
static int compile(struct agent *agent, const char *name, bool create, struct compiled_cell *compiled,
		   struct outcome *outcome)
{
	struct store_cell cell;
	cJSON *errors = NULL;
	int err = agent->store_ops->cell_get(agent->store, name, &cell);

	if (err) {
		outcome_refuse(outcome, err, "cell-not-found", "List the cells.", "There is no cell \"%s\".", name);
		return err;
	}
	err = create ? placement_compile(agent, &cell, compiled, &errors) :
		       agent->compiler_ops->compile(agent->compiler, cell.definition, NULL, compiled, &errors);
	if (err)
		outcome_definition(outcome, err, errors);
	cJSON_Delete(errors);
	store_cell_free(&cell);
	return err;
}

static int create(struct agent *agent, const char *name, const struct compiled_cell *compiled, struct outcome *outcome)
{
	int err;

	operations_step(agent->operations, "creating");
	err = agent->driver_ops->create(agent->driver, compiled->config, compiled->config_size, &outcome->reason);
	outcome_driver(outcome, err, "create", name);
	if (!err)
		cell_table_expect(agent->cells, name, "stopped");
	return err;
}

/* With no images it is a shutdown: the cell is asked, and the hypervisor waits a bounded time for its answer. */
static int load(struct agent *agent, const char *name, const struct driver_image *images, size_t count,
		struct outcome *outcome)
{
	int err;

	operations_step(agent->operations, count ? "loading" : "asking it to shut down");
	err = agent->driver_ops->load(agent->driver, name, images, count, &outcome->reason);
	outcome_driver(outcome, err, count ? "load" : "shut down", name);
	if (!err)
		cell_table_expect(agent->cells, name, "stopped");
	return err;
}

static int destroy(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	int err;

	operations_step(agent->operations, "destroying");
	err = agent->driver_ops->destroy(agent->driver, name, &outcome->reason);
	outcome_driver(outcome, err, "destroy", name);
	if (err)
		return err;
	cell_table_expect(agent->cells, name, "defined");
	/* The file ends when all was read: the last words are in the buffer before anybody is told. */
	for (int i = 0; i < 100 && collector_follows(agent->collector, name); i++)
		usleep(10000);
	follow_end(agent, name, "defined", "command", "It was stopped by %s.", actor);
	return 0;
}

static int load_and_start(struct agent *agent, const char *name, const struct driver_image *images, size_t count,
			  struct outcome *outcome)
{
	int err = load(agent, name, images, count, outcome);

	if (err)
		return err;
	operations_step(agent->operations, "starting");
	err = agent->driver_ops->start(agent->driver, name, &outcome->reason);
	outcome_driver(outcome, err, "start", name);
	if (err)
		return err;
	cell_table_expect(agent->cells, name, "running");
	follow_state(agent, name, "running");
	watchdog_begin(agent, name);
	return 0;
}

static void run_compiled(struct agent *agent, const char *name, bool missing, const struct compiled_cell *compiled,
			 struct outcome *outcome)
{
	/* Before the cell is touched: a missing image must change nothing. */
	struct outcome ignored = { 0 };
	struct loading loading;

	if (!loading_open(agent, compiled, &loading, outcome))
		return;
	if (!missing || create(agent, name, compiled, outcome) == 0) {
		follow_console(agent, name);
		if (load_and_start(agent, name, loading.images, loading.count, outcome) != 0 && missing)
			destroy(agent, name, "a start that was refused",
				&ignored); /* as it was before: its CPUs go back */
	}
	loading_close(agent, &loading);
}

/* Nobody is started implicitly: who starts a cell decides about that cell alone. */
static bool predecessors_run(struct agent *agent, const char *name, const struct definition_policy *policy,
			     struct outcome *outcome)
{
	struct driver_cell cell;

	for (size_t i = 0; i < policy->num_after; i++) {
		if (created_find(agent, policy->after[i], &cell) == 0 && created_runs(&cell))
			continue;
		outcome_refuse(outcome, -EBUSY, "after-not-running", "Start that one first, or take it out of \"after\".",
			       "The cell \"%s\" is started after \"%s\", which does not run.", name, policy->after[i]);
		return false;
	}
	return true;
}

/* A command that does not fit the state of the cell says nothing about the cell: a healthy one must not look failed. */
static bool is_out_of_place(const struct outcome *outcome)
{
	return outcome->error && (strcmp(outcome->reason.code, "cell-running") == 0 ||
				  strcmp(outcome->reason.code, "cell-not-created") == 0);
}

/* The end of every command: what became of it is known, and the cell is free for the next. */
static void finish(struct agent *agent, const char *name, const char *actor, const char *kind, const char *deed,
		   struct outcome *outcome)
{
	if (outcome->error)
		agent_event(agent, "error", "command-refused", name, actor, "%s", outcome->reason.text);
	else
		agent_event(agent, "info", kind, name, actor, "Cell \"%s\" was %s.", name, deed);
	if (!is_out_of_place(outcome))
		cell_table_set_failure(agent->cells, name,
				       outcome->error ? &outcome->reason : &(struct driver_reason){ 0 });
	cell_table_unclaim(agent->cells, name);
}

/* Does what is missing by itself, but for enabling: that is a decision about the whole board. */
static void start(struct agent *agent, const char *name, struct outcome *outcome)
{
	struct compiled_cell compiled;
	struct driver_cell cell;
	int found;

	if (!hypervisor_ready(agent, outcome))
		return;
	found = created_find(agent, name, &cell);
	if (!found && created_runs(&cell))
		outcome_refuse(outcome, -EALREADY, "cell-running", "Stop or restart it.",
			       "The cell \"%s\" runs already.", name);
	else if (found && found != -ENOENT)
		outcome_driver(outcome, found, "look for", name);
	else if (compile(agent, name, found == -ENOENT, &compiled, outcome) == 0) {
		if (predecessors_run(agent, name, &compiled.policy, outcome))
			run_compiled(agent, name, found == -ENOENT, &compiled, outcome);
		agent->compiler_ops->free(&compiled);
	}
}

void life_start_within(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	restarts_forget(agent, name);
	start(agent, name, outcome);
	finish(agent, name, actor, "cell-started", "started", outcome);
}

void life_start(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	restarts_forget(agent, name);
	intent_begin(agent, "start", name, actor);
	start(agent, name, outcome);
	finish(agent, name, actor, "cell-started", "started", outcome);
	intent_end(agent);
}

static bool is_created(struct agent *agent, const char *name, struct outcome *outcome)
{
	struct driver_cell cell;
	int err;

	if (!hypervisor_ready(agent, outcome))
		return false;
	err = created_find(agent, name, &cell);
	if (err == -ENOENT)
		outcome_refuse(outcome, err, "cell-not-created", "Start it first.",
			       "The cell \"%s\" is not created: there is nothing to stop.", name);
	else if (err)
		outcome_driver(outcome, err, "look for", name);
	return !err;
}

/* A running cell may deny being destroyed: it is stopped without being asked. Should that fail, destroy says why. */
static void overrule(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	struct outcome ignored = { 0 };

	operations_step(agent->operations, "forcing it to stop");
	if (agent->driver_ops->force(agent->driver, name, &ignored.reason) == 0)
		cell_table_expect(agent->cells, name, "stopped");
	destroy(agent, name, actor, outcome);
}

/* Asks first; then the cell goes, willing or not. */
static void stop(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	struct outcome asked = { 0 };

	if (!is_created(agent, name, outcome))
		return;
	if (load(agent, name, NULL, 0, &asked) == 0) {
		destroy(agent, name, actor, outcome);
		return;
	}
	agent_event(agent, "warning", "stop-forced", name, "", "Cell \"%s\" was forced to stop: %s", name,
		    asked.reason.text);
	overrule(agent, name, actor, outcome);
}

void life_stop_within(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	restarts_forget(agent, name);
	stop(agent, name, actor, outcome);
	finish(agent, name, actor, "cell-stopped", "stopped", outcome);
}

void life_stop(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	boot_forgive(agent);
	restarts_forget(agent, name);
	intent_begin(agent, "stop", name, actor);
	stop(agent, name, actor, outcome);
	finish(agent, name, actor, "cell-stopped", "stopped", outcome);
	intent_end(agent);
}

void life_destroy(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	boot_forgive(agent);
	restarts_forget(agent, name);
	intent_begin(agent, "destroy", name, actor);
	if (is_created(agent, name, outcome))
		overrule(agent, name, actor, outcome);
	finish(agent, name, actor, "cell-destroyed", "destroyed", outcome);
	intent_end(agent);
}

static void restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	struct driver_cell cell;

	intent_begin(agent, "restart", name, actor);
	if (created_find(agent, name, &cell) == 0)
		stop(agent, name, actor, outcome);
	if (!outcome->error) {
		intent_begin(agent, "start", name, actor); /* this much is done */
		cell_table_show(agent->cells, name, "starting");
		start(agent, name, outcome);
	}
	finish(agent, name, actor, "cell-restarted", "restarted", outcome);
	intent_end(agent);
}

void life_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	restarts_forget(agent, name);
	restart(agent, name, actor, outcome);
}

void life_restart_by_itself(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	restart(agent, name, actor, outcome);
}
