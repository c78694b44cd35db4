// SPDX-License-Identifier: MIT
#include "watchdog.h"

#include "by_name.h"
#include "cell_table.h"
#include "console.h"
#include "follow.h"
#include "policy_of.h"
#include "restarts.h"
#include "running.h"
#include "supervisor.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACTOR "watchdog"

struct entry {
	struct by_name cell;
	int64_t since; /* ms; when it was started */
	bool armed; /* an order waits */
};

struct watchdog {
	pthread_mutex_t lock; /* the list and all its members */
	struct by_name *first; /* struct entry */
};

struct watchdog *watchdog_new(void)
{
	struct watchdog *watchdog = calloc(1, sizeof(*watchdog));

	if (watchdog)
		pthread_mutex_init(&watchdog->lock, NULL);
	return watchdog;
}

void watchdog_free(struct watchdog *watchdog)
{
	if (!watchdog)
		return;
	by_name_free(&watchdog->first);
	pthread_mutex_destroy(&watchdog->lock);
	free(watchdog);
}

/* True when an order is to be given: none waited, or the one that did is at work. */
static bool begin(struct watchdog *watchdog, const char *name)
{
	struct entry *entry;
	bool first;

	pthread_mutex_lock(&watchdog->lock);
	entry = by_name_make(&watchdog->first, name, sizeof(*entry));
	first = entry && !entry->armed;
	if (entry) {
		entry->since = supervisor_now_ms();
		entry->armed = true;
	}
	pthread_mutex_unlock(&watchdog->lock);
	return first;
}

static int64_t since(struct watchdog *watchdog, const char *name)
{
	struct entry *entry;
	int64_t since;

	pthread_mutex_lock(&watchdog->lock);
	entry = by_name_make(&watchdog->first, name, sizeof(*entry));
	since = entry ? entry->since : 0;
	pthread_mutex_unlock(&watchdog->lock);
	return since;
}

static void disarm(struct watchdog *watchdog, const char *name)
{
	struct entry *entry;

	pthread_mutex_lock(&watchdog->lock);
	entry = by_name_make(&watchdog->first, name, sizeof(*entry));
	if (entry)
		entry->armed = false;
	pthread_mutex_unlock(&watchdog->lock);
}

/* When it was last known to be alive: its start, or its last output. */
static int64_t alive(struct agent *agent, const char *name)
{
	struct console *console = follow_take(agent, name);
	int64_t started = since(agent->watchdog, name);
	struct console_view view = { 0 };

	if (console)
		console_view(console, &view);
	console_release(console);
	return view.last_ms > started ? view.last_ms : started;
}

/* Stopped without being asked: what is hung does not answer. It keeps its CPUs and memory, as a cell that failed. */
static void bite(struct agent *agent, const char *name, uint32_t silence_ms, struct outcome *outcome)
{
	struct driver_reason reason = { .code = "cell-silent",
					.remedy = "Look at its console and what it did last; then start it." };

	snprintf(reason.text, sizeof(reason.text),
		 "Its console said nothing for %u.%03u s: it was taken for hung and stopped.", silence_ms / 1000,
		 silence_ms % 1000);
	if (agent->driver_ops->force(agent->driver, name, &outcome->reason) != 0) {
		agent_event(agent, "error", "watchdog-failed", name, ACTOR,
			    "Cell \"%s\" is hung and cannot be stopped: %s", name, outcome->reason.text);
		return;
	}
	cell_table_expect(agent->cells, name, "stopped");
	follow_end(agent, name, "stopped", reason.code, "%s", reason.text);
	cell_table_set_failure(agent->cells, name, &reason);
	agent_cell_failed(agent, "cell-silent", name, ACTOR, &reason);
}

static void look(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	const struct order again = { look, "watch", name, actor };
	struct definition_policy policy;
	int64_t left;

	policy_of(agent, name, &policy);
	left = alive(agent, name) + policy.silence_ms - supervisor_now_ms();
	if (policy.silence_ms && running(agent, name) && left > 0) {
		supervisor_later(agent->supervisor, &again, left);
		return;
	}
	disarm(agent->watchdog, name);
	/* A command that waits for it stops it, or starts it again with a new time. */
	if (!policy.silence_ms || !running(agent, name) || cell_table_claim(agent->cells, name, "stopping") != 0)
		return;
	bite(agent, name, policy.silence_ms, outcome);
	cell_table_unclaim(agent->cells, name);
	restarts_ended(agent, name, true);
}

void watchdog_begin(struct agent *agent, const char *name)
{
	const struct order order = { look, "watch", name, ACTOR };
	struct definition_policy policy;

	policy_of(agent, name, &policy);
	if (policy.silence_ms && begin(agent->watchdog, name))
		supervisor_later(agent->supervisor, &order, policy.silence_ms);
}
