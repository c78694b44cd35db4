// SPDX-License-Identifier: MIT
#include "agent.h"

#include "cell_table.h"
#include "collector.h"
#include "exit_rates.h"
#include "images.h"
#include "last_words.h"
#include "news.h"
#include "observer.h"
#include "operations.h"
#include "recorder.h"
#include "restarts.h"
#include "supervisor.h"
#include "watchdog.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int agent_start(struct agent *agent)
{
	int err = images_prepare(agent->options.data);

	if (err)
		return err;
	agent->started = time(NULL);
	agent->news = news_new();
	agent->operations = operations_new();
	agent->rates = exit_rates_new();
	agent->cells = cell_table_new(agent->news);
	agent->recorder = recorder_start(agent);
	agent->collector = collector_start();
	agent->restarts = restarts_new();
	agent->watchdog = watchdog_new();
	/* The observer may find what is to be done later. */
	if (agent->news && agent->operations && agent->rates && agent->cells && agent->recorder && agent->collector &&
	    agent->restarts && agent->watchdog)
		agent->supervisor = supervisor_start(agent);
	if (agent->supervisor)
		agent->observer = observer_start(agent);
	if (!agent->observer) {
		agent_stop(agent);
		return -ENOMEM;
	}
	return 0;
}

void agent_stop(struct agent *agent)
{
	supervisor_stop(agent->supervisor);
	observer_stop(agent->observer);
	supervisor_free(agent->supervisor);
	collector_stop(agent->collector);
	recorder_stop(agent->recorder);
	cell_table_free(agent->cells);
	news_free(agent->news);
	operations_free(agent->operations);
	restarts_free(agent->restarts);
	watchdog_free(agent->watchdog);
	exit_rates_free(agent->rates);
	agent->supervisor = NULL;
	agent->observer = NULL;
	agent->collector = NULL;
	agent->recorder = NULL;
	agent->cells = NULL;
	agent->news = NULL;
	agent->operations = NULL;
	agent->restarts = NULL;
	agent->watchdog = NULL;
	agent->rates = NULL;
}

static void event_store(struct agent *agent, const struct store_event *event)
{
	agent_log(event->severity, "%s: %s", event->kind, event->detail);
	if (agent->store_ops->event_add(agent->store, event) != 0)
		agent_log("error", "this event was not stored: %s", event->kind);
	news_tell(agent->news);
}

static void event_fill(struct store_event *event, const char *severity, const char *kind, const char *cell,
		       const char *actor)
{
	snprintf(event->severity, sizeof(event->severity), "%s", severity);
	snprintf(event->kind, sizeof(event->kind), "%s", kind);
	snprintf(event->cell, sizeof(event->cell), "%s", cell);
	snprintf(event->actor, sizeof(event->actor), "%s", actor);
}

void agent_event(struct agent *agent, const char *severity, const char *kind, const char *cell, const char *actor,
		 const char *format, ...)
{
	struct store_event event = { 0 };
	va_list arguments;

	event_fill(&event, severity, kind, cell, actor);
	va_start(arguments, format);
	vsnprintf(event.detail, sizeof(event.detail), format, arguments);
	va_end(arguments);
	event_store(agent, &event);
}

void agent_cell_failed(struct agent *agent, const char *kind, const char *cell, const char *actor,
		       const struct driver_reason *reason)
{
	struct store_event event = { 0 };
	char *words = last_words(agent, cell, reason);

	event_fill(&event, "error", kind, cell, actor);
	snprintf(event.detail, sizeof(event.detail), "Cell \"%s\" failed: %s (%s)", cell, reason->text, reason->code);
	event.words = words;
	event_store(agent, &event);
	cJSON_free(words);
}

void agent_log(const char *level, const char *format, ...)
{
	char line[768];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	fprintf(stderr, "rotundad: %s: %s\n", level, line);
}
