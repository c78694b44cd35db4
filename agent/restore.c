// SPDX-License-Identifier: MIT
#include "restore.h"

#include "boot.h"
#include "cell_life.h"
#include "cell_table.h"
#include "created.h"
#include "hypervisor_life.h"
#include "intent.h"
#include "preset_life.h"
#include "running.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_enabled(struct agent *agent)
{
	return agent->driver_ops->enabled(agent->driver);
}

static void start_chosen(struct agent *agent)
{
	char(*names)[API_NAME_LEN];
	size_t count = boot_cells(agent, &names);

	for (size_t i = 0; i < count; i++) {
		struct outcome outcome = { 0 };

		/* Those that run were started before the agent was killed. */
		if (!running(agent, names[i]) && cell_table_claim(agent->cells, names[i], "starting") == 0)
			life_start_within(agent, names[i], "boot", &outcome);
		boot_cell(agent, names[i], &outcome);
	}
	free(names);
}

/* Enables, and starts what is to be started at boot. */
static void boot(struct agent *agent, struct outcome *outcome)
{
	intent_begin(agent, "boot", "", "boot");
	if (boot_begin(agent)) {
		if (!is_enabled(agent))
			hypervisor_enable_at_boot(agent, outcome);
		if (!outcome->error)
			start_chosen(agent);
		boot_end(agent, outcome);
	}
	intent_end(agent);
}

static void boot_again(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	(void)name;
	(void)actor;
	boot(agent, outcome);
}

static bool not_enabled(struct agent *agent, const char *name)
{
	(void)name;
	return !is_enabled(agent);
}

static bool enabled(struct agent *agent, const char *name)
{
	(void)name;
	return is_enabled(agent);
}

static bool gone(struct agent *agent, const char *name)
{
	struct driver_cell cell;

	return created_find(agent, name, &cell) == -ENOENT;
}

static bool never(struct agent *agent, const char *name)
{
	(void)agent;
	(void)name;
	return false;
}

/* How to go on with each command, and when nothing is left to do. */
static const struct resumable {
	const char *verb, *shown; /* shown: state of the cell meanwhile; NULL: a command on the hypervisor */
	command_fn run;
	bool (*is_done)(struct agent *agent, const char *cell);
	const char *wanted; /* what a finished one wants of the next boot */
} resumables[] = {
	{ "enable", NULL, life_enable, enabled, "enabled" },
	{ "disable", NULL, life_disable, not_enabled, "disabled" },
	{ "boot", NULL, boot_again, never, NULL },
	{ "start", "starting", life_start, running, NULL },
	{ "stop", "stopping", life_stop, gone, NULL },
	{ "restart", "stopping", life_restart, never, NULL },
	{ "destroy", "stopping", life_destroy, gone, NULL },
};

static const struct resumable *find_resumable(const char *verb)
{
	for (size_t i = 0; i < sizeof(resumables) / sizeof(resumables[0]); i++)
		if (strcmp(resumables[i].verb, verb) == 0)
			return &resumables[i];
	return NULL;
}

static void close_intent(struct agent *agent, const struct intent *intent, const char *severity, const char *what)
{
	agent_event(agent, severity, "command-resumed", intent->cell, intent->actor,
		    "The agent ended in the middle of \"%s\": %s.", intent->verb, what);
	intent_end(agent);
}

static void go_on(struct agent *agent, const struct resumable *resumable, const struct intent *intent,
		  struct outcome *outcome)
{
	if (resumable->shown && cell_table_claim(agent->cells, intent->cell, resumable->shown) != 0)
		return; /* nobody can have it: commands are taken only after this one */
	agent_event(agent, "warning", "command-resumed", intent->cell, intent->actor,
		    "The agent ended in the middle of \"%s\" and goes on with it.", intent->verb);
	resumable->run(agent, intent->cell, intent->actor, outcome);
}

static void resume(struct agent *agent, const struct intent *intent, struct outcome *outcome)
{
	const struct resumable *resumable = find_resumable(intent->verb);

	if (!resumable) {
		intent_end(agent); /* of an agent that knew more */
	} else if (resumable->is_done(agent, intent->cell)) {
		if (resumable->wanted)
			hypervisor_want(agent, resumable->wanted);
		close_intent(agent, intent, "info", "it was done");
	} else if (intent->attempts >= INTENT_ATTEMPTS) {
		close_intent(agent, intent, "error", "it is given up after the third time");
	} else {
		go_on(agent, resumable, intent, outcome);
	}
}

/*
 * The board was reset in the middle of a command. Nothing of it is left, and what is to run now is what was chosen for a boot.
 * Two words count: a person does not want the hypervisor any more, or an enable, which the board may not have survived.
 */
static void drop(struct agent *agent, const struct intent *intent)
{
	if (strcmp(intent->verb, "disable") == 0)
		hypervisor_want(agent, "disabled");
	if (strcmp(intent->verb, "boot") == 0)
		intent_end(agent);
	else
		close_intent(agent, intent, "warning", "the board was reset, it is not repeated");
}

/* True when the agent was killed, and not the board reset, in the middle of a command: it is finished now. */
static bool resumed(struct agent *agent, struct outcome *outcome)
{
	struct intent intent;

	if (!intent_left(agent, &intent))
		return false;
	if (!intent_is_of_this_boot(&intent)) {
		drop(agent, &intent);
		return false;
	}
	resume(agent, &intent, outcome);
	return true;
}

void life_restore(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	char wanted[16] = "";
	bool adopted;

	(void)name;
	if (!agent->driver_ops->present(agent->driver))
		return;
	/* The agent came back, the board did not: what runs is left alone, and so is what does not. */
	adopted = is_enabled(agent);
	if (adopted)
		agent_event(agent, "info", "agent-adopted", "", actor, "The agent found the hypervisor enabled.");
	preset_board_was_reset(agent);
	if (resumed(agent, outcome) || adopted) {
		preset_resume(agent, outcome);
		boot_resume(agent);
		return;
	}
	agent->store_ops->setting_get(agent->store, SETTING_HYPERVISOR_WANTED, wanted, sizeof(wanted));
	if (strcmp(wanted, "enabled") == 0)
		boot(agent, outcome);
}
