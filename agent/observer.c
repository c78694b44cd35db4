// SPDX-License-Identifier: MIT
#include "observer.h"

#include "cell_table.h"
#include "collector.h"
#include "created.h"
#include "follow.h"
#include "hypervisor_life.h"
#include "restarts.h"
#include "watchdog.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct observer {
	struct agent *agent;
	pthread_t thread;
	int wake;
	atomic_bool stopping;
	uint64_t violations; /* of the audits since the hypervisor was enabled, that people were told of */
};

static bool is_defined(struct agent *agent, const char *name)
{
	struct store_cell cell;

	if (agent->store_ops->cell_get(agent->store, name, &cell) != 0)
		return false;
	store_cell_free(&cell);
	return true;
}

static void tell_failed(struct agent *agent, const struct driver_cell *cell)
{
	struct driver_reason why = cell->failure;

	if (!why.text[0])
		snprintf(why.text, sizeof(why.text), "the hypervisor gave no reason.");
	if (!why.code[0])
		snprintf(why.code, sizeof(why.code), "cell-failed");
	agent_cell_failed(agent, "cell-failed", cell->name, "", &why);
}

static void tell(struct agent *agent, const struct driver_cell *cell, const char *before, const char *state)
{
	const char *name = cell->name;

	if (strcmp(state, "failed") == 0)
		tell_failed(agent, cell);
	else if (!*before)
		return; /* found at the start */
	else if (strcmp(before, "defined") == 0)
		agent_event(agent, "warning", "cell-created", name, "", "Cell \"%s\" was created by another program.",
			    name);
	else if (strcmp(state, "running") == 0)
		agent_event(agent, "warning", "cell-started", name, "", "Cell \"%s\" was started by another program.",
			    name);
	else if (strcmp(cell->failure.code, "system-off") == 0)
		agent_event(agent, "info", "cell-off", name, "", "Cell \"%s\" switched itself off.", name);
	else
		agent_event(agent, "warning", "cell-stopped", name, "",
			    "Cell \"%s\" shut itself down, or another program stopped it.", name);
}

static void look_for_reset(struct agent *agent, const struct driver_cell *cell)
{
	if (cell_table_reset(agent->cells, cell->name, cell->starts, strcmp(cell->failure.code, "system-reset") == 0))
		agent_event(agent, "info", "cell-reset", cell->name, "",
			    "Cell \"%s\" reset itself; it was started %" PRIu64 " times.", cell->name, cell->starts);
}

static void follow_look(struct agent *agent, const struct driver_cell *cell, const char *state)
{
	const struct driver_reason *why = &cell->failure;

	if (created_runs(cell))
		follow_state(agent, cell->name, state);
	else if (strcmp(state, "failed") == 0)
		follow_end(agent, cell->name, state, why->code[0] ? why->code : "cell-failed", "It failed: %s",
			   why->text[0] ? why->text : "the hypervisor gave no reason.");
	else if (strcmp(why->code, "system-off") == 0)
		follow_end(agent, cell->name, state, why->code, "It switched itself off.");
	else
		follow_end(agent, cell->name, state, "shut-down",
			   "It shut itself down, or another program stopped it.");
}

static void look_at(struct agent *agent, const struct driver_cell *cell, uint64_t mark)
{
	const char *state = created_state(cell);
	char before[16];

	look_for_reset(agent, cell);
	if (!cell_table_observe(agent->cells, cell->name, state, mark, before))
		return;
	follow_look(agent, cell, state);
	tell(agent, cell, before, state);
	if (strcmp(state, "running") == 0)
		watchdog_begin(agent, cell->name);
	if (strcmp(state, "failed") == 0 || (strcmp(before, "running") == 0 && strcmp(state, "stopped") == 0))
		restarts_ended(agent, cell->name, strcmp(state, "failed") == 0);
}

/* Consoles of cells that somebody else made, once there is a definition by which they can be asked for. */
static void follow_new(struct agent *agent, const struct driver_cell *cell)
{
	char state[16];

	if (!collector_follows(agent->collector, cell->name) && !cell_table_claimed(agent->cells, cell->name, state) &&
	    is_defined(agent, cell->name))
		follow_console(agent, cell->name);
}

static bool is_there(const struct created *created, const char *name)
{
	for (size_t i = 0; i < created->count; i++)
		if (strcmp(created->cells[i].name, name) == 0)
			return true;
	return false;
}

static void look_for_gone(struct agent *agent, const struct created *created, uint64_t mark)
{
	char(*names)[API_NAME_LEN], before[16];
	size_t count = cell_table_expected(agent->cells, &names);

	for (size_t i = 0; i < count; i++) {
		if (is_there(created, names[i]) || !cell_table_observe(agent->cells, names[i], "defined", mark, before))
			continue;
		follow_end(agent, names[i], "defined", "destroyed", "Another program destroyed it.");
		agent_event(agent, "warning", "cell-destroyed", names[i], "",
			    "Cell \"%s\" was destroyed by another program.", names[i]);
	}
	free(names);
}

static void look_at_hypervisor(struct agent *agent, uint64_t mark)
{
	const char *state = hypervisor_state(agent);
	char before[16], kind[32];

	if (!cell_table_observe(agent->cells, CELL_TABLE_HYPERVISOR, state, mark, before) || !*before)
		return;
	snprintf(kind, sizeof(kind), "hypervisor-%s", state);
	if (strcmp(state, "driver-missing") == 0)
		agent_event(agent, "warning", "driver-missing", "", "", "The driver was unloaded.");
	else if (strcmp(before, "driver-missing") == 0 && strcmp(state, "disabled") == 0)
		agent_event(agent, "info", "driver-loaded", "", "", "The driver was loaded.");
	else
		agent_event(agent, "warning", kind, "", "", "The hypervisor was %s by another program.", state);
}

/*
 * Nothing is stopped by it: which of two cells has what it should not have is not known, and both may be what keeps a machine safe. People
 * are told, and decide.
 */
static void look_at_audit(struct observer *observer)
{
	struct agent *agent = observer->agent;
	struct driver_reason ignored = { 0 };
	struct driver_audit audit = { 0 };

	if (agent->driver_ops->audit(agent->driver, false, &audit, &ignored) != 0)
		audit.violations = 0; /* the count begins again when it is enabled */
	if (audit.violations > observer->violations)
		agent_event(agent, "error", "audit-violation", "", "", "The audit found %s: %s", audit.code,
			    audit.text);
	observer->violations = audit.violations;
}

static void look(struct observer *observer)
{
	struct agent *agent = observer->agent;
	/* Before anything is read: what a command changes from here on is newer than what is read. */
	uint64_t mark = cell_table_mark(agent->cells);
	struct created created;

	look_at_hypervisor(agent, mark);
	look_at_audit(observer);
	if (created_read(agent, &created) != 0)
		return;
	for (size_t i = 0; i < created.count; i++) {
		follow_new(agent, &created.cells[i]);
		look_at(agent, &created.cells[i], mark);
	}
	look_for_gone(agent, &created, mark);
	created_free(&created);
}

static void adopt(struct agent *agent)
{
	struct created created;

	if (created_read(agent, &created) != 0)
		return;
	for (size_t i = 0; i < created.count; i++) {
		cell_table_expect(agent->cells, created.cells[i].name, "");
		/* What happened before is no news. */
		cell_table_reset(agent->cells, created.cells[i].name, created.cells[i].starts, false);
	}
	created_free(&created);
}

static void *observer_main(void *argument)
{
	struct observer *observer = argument;
	struct agent *agent = observer->agent;
	eventfd_t ignored;

	while (!observer->stopping) {
		agent->driver_ops->wait(agent->driver, observer->wake);
		eventfd_read(observer->wake, &ignored);
		if (!observer->stopping)
			look(observer);
	}
	return NULL;
}

struct observer *observer_start(struct agent *agent)
{
	struct observer *observer = calloc(1, sizeof(*observer));

	if (!observer)
		return NULL;
	observer->agent = agent;
	observer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	adopt(agent);
	look(observer);
	if (observer->wake < 0 || pthread_create(&observer->thread, NULL, observer_main, observer) != 0) {
		if (observer->wake >= 0)
			close(observer->wake);
		free(observer);
		return NULL;
	}
	return observer;
}

void observer_stop(struct observer *observer)
{
	if (!observer)
		return;
	observer->stopping = true;
	eventfd_write(observer->wake, 1);
	pthread_join(observer->thread, NULL);
	close(observer->wake);
	free(observer);
}

void observer_wake(struct observer *observer)
{
	if (observer)
		eventfd_write(observer->wake, 1);
}
