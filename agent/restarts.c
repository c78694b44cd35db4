// SPDX-License-Identifier: MIT
#include "restarts.h"

#include "by_name.h"
#include "cell_life.h"
#include "cell_table.h"
#include "policy_of.h"
#include "running.h"
#include "supervisor.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REMEMBERED 100 /* restarts of a cell: the definition's largest limit */
#define ACTOR	   "supervisor"

struct entry {
	struct by_name cell;
	int64_t when[REMEMBERED]; /* of the last restarts, ms; a ring */
	unsigned int total; /* restarts since a person started it */
	int64_t due; /* when the next one is due, ms; 0: none waits */
	int64_t shown; /* the same in seconds since 1970 */
	bool given_up;
};

struct restarts {
	pthread_mutex_t lock; /* the list and all its members */
	struct by_name *first; /* struct entry */
};

struct restarts *restarts_new(void)
{
	struct restarts *restarts = calloc(1, sizeof(*restarts));

	if (restarts)
		pthread_mutex_init(&restarts->lock, NULL);
	return restarts;
}

void restarts_free(struct restarts *restarts)
{
	if (!restarts)
		return;
	by_name_free(&restarts->first);
	pthread_mutex_destroy(&restarts->lock);
	free(restarts);
}

/* How many of the last restarts the window still holds. */
static unsigned int recent(const struct entry *entry, int64_t now, uint32_t window_ms)
{
	unsigned int count = 0, kept = entry->total < REMEMBERED ? entry->total : REMEMBERED;

	while (count < kept && now - entry->when[(entry->total - 1 - count) % REMEMBERED] < window_ms)
		count++;
	return count;
}

static uint32_t pause_ms(const struct definition_policy *policy, unsigned int restarts)
{
	uint64_t pause = policy->delay_ms;

	while (restarts-- && pause < policy->max_delay_ms)
		pause *= 2;
	return (uint32_t)(pause < policy->max_delay_ms ? pause : policy->max_delay_ms);
}

static void run_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

struct plan {
	bool give_up, known;
	unsigned int recent;
	uint32_t pause_ms;
};

static void plan_locked(struct restarts *restarts, const char *name, const struct definition_policy *policy,
			struct plan *plan)
{
	int64_t now = supervisor_now_ms();
	struct entry *entry = by_name_make(&restarts->first, name, sizeof(*entry));

	if (!entry || entry->due)
		return;
	plan->known = true;
	plan->recent = recent(entry, now, policy->window_ms);
	plan->give_up = plan->recent >= policy->limit;
	plan->pause_ms = pause_ms(policy, plan->recent);
	entry->given_up = plan->give_up;
	entry->due = plan->give_up ? 0 : now + plan->pause_ms;
	entry->shown = plan->give_up ? 0 : (int64_t)time(NULL) + (plan->pause_ms + 999) / 1000;
}

static void announce(struct agent *agent, const char *name, const struct definition_policy *policy,
		     const struct plan *plan)
{
	const struct order order = { run_restart, "restart", name, ACTOR };

	if (plan->give_up) {
		agent_event(
			agent, "error", "restart-given-up", name, ACTOR,
			"Cell \"%s\" was restarted %u times in %u s and is not restarted again. Look for the cause, then start it.",
			name, plan->recent, policy->window_ms / 1000);
		return;
	}
	agent_event(agent, "info", "restart-planned", name, ACTOR, "Cell \"%s\" is restarted in %u.%03u s (%u of %u).",
		    name, plan->pause_ms / 1000, plan->pause_ms % 1000, plan->recent + 1, policy->limit);
	supervisor_later(agent->supervisor, &order, plan->pause_ms);
}

void restarts_ended(struct agent *agent, const char *name, bool failed)
{
	struct definition_policy policy;
	struct plan plan = { 0 };

	policy_of(agent, name, &policy);
	if (policy.restart == POLICY_NEVER || (policy.restart == POLICY_ON_FAILURE && !failed))
		return;
	pthread_mutex_lock(&agent->restarts->lock);
	plan_locked(agent->restarts, name, &policy, &plan);
	pthread_mutex_unlock(&agent->restarts->lock);
	if (plan.known)
		announce(agent, name, &policy, &plan);
}

/* False when nothing waits: a person was faster. It is counted before it is tried: a refused one counts, too. */
static bool take_due(struct restarts *restarts, const char *name)
{
	int64_t now = supervisor_now_ms();
	struct entry *entry;
	bool due;

	pthread_mutex_lock(&restarts->lock);
	entry = by_name_find(restarts->first, name);
	due = entry && entry->due && entry->due <= now;
	if (due) {
		entry->due = entry->shown = 0;
		entry->when[entry->total++ % REMEMBERED] = now;
	}
	pthread_mutex_unlock(&restarts->lock);
	return due;
}

static void run_restart(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	/* Whoever disabled the hypervisor wants no cell to run. */
	if (!take_due(agent->restarts, name) || !agent->driver_ops->enabled(agent->driver) ||
	    cell_table_claim(agent->cells, name, "starting") != 0)
		return;
	if (running(agent, name)) {
		cell_table_unclaim(agent->cells, name);
		return;
	}
	life_restart_by_itself(agent, name, actor, outcome);
	if (outcome->error)
		restarts_ended(agent, name, true);
}

void restarts_forget(struct agent *agent, const char *name)
{
	pthread_mutex_lock(&agent->restarts->lock);
	by_name_remove(&agent->restarts->first, name);
	pthread_mutex_unlock(&agent->restarts->lock);
}

void restarts_view(struct agent *agent, const char *name, struct restarts_view *view)
{
	struct entry *entry;

	memset(view, 0, sizeof(*view));
	pthread_mutex_lock(&agent->restarts->lock);
	entry = by_name_find(agent->restarts->first, name);
	if (entry)
		*view = (struct restarts_view){ entry->total, entry->shown, entry->given_up };
	pthread_mutex_unlock(&agent->restarts->lock);
}
