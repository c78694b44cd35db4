// SPDX-License-Identifier: MIT
#include "preset_life.h"

#include "boot.h"
#include "intent.h"
#include "preset_switch.h"
#include "presets.h"
#include "running.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(const char *order)
{
	return strncmp(order, PRESET_ORDER, strlen(PRESET_ORDER)) == 0 ? order + strlen(PRESET_ORDER) : order;
}

static cJSON *trial_of(const cJSON *state)
{
	return cJSON_GetObjectItemCaseSensitive(state, "trial");
}

static int64_t number_of(const cJSON *json, const char *name)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

	return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : 0;
}

static void set_number(cJSON *json, const char *name, int64_t value)
{
	cJSON_DeleteItemFromObjectCaseSensitive(json, name);
	cJSON_AddNumberToObject(json, name, (double)value);
}

static const char *text_of(const cJSON *json, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));

	return text ? text : "";
}

static bool is_on_trial(const cJSON *state, const char *name)
{
	return trial_of(state) && strcmp(text_of(trial_of(state), "name"), name) == 0;
}

int64_t preset_trial_left_ms(const cJSON *state, const char *name)
{
	int64_t left;

	if (!is_on_trial(state, name))
		return 0;
	left = number_of(trial_of(state), "ends_ms") - running_now_ms();
	return left > 0 ? left : 1;
}

/* What ran before runs again, as far as it can; that version is not started by itself any more. */
static void undo(struct agent *agent, cJSON *state, const char *actor, const char *why)
{
	char before[PRESET_CELLS_MAX][API_NAME_LEN];
	struct outcome outcome = { 0 };
	struct preset preset;
	const cJSON *item;
	size_t count = 0;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(trial_of(state), "before"))
		if (count < PRESET_CELLS_MAX)
			snprintf(before[count++], API_NAME_LEN, "%s", item->valuestring);
	if (preset_of(state, "trial", &preset))
		preset_set_failure(state, preset.name, preset.version, why);
	preset_switch(agent, before, count, actor, PRESET_SWITCH_GO_ON, &outcome);
	cJSON_DeleteItemFromObjectCaseSensitive(state, "trial");
	presets_state_put(agent, state);
	agent_event(agent, "error", "preset-undone", "", actor,
		    "The trial of preset \"%s\", version %lld, was undone: %s%s%s", preset.name,
		    (long long)preset.version, why, outcome.error ? " Not all that ran before runs again: " : "",
		    outcome.error ? outcome.reason.text : "");
}

static void over(struct agent *agent, const char *order, const char *actor, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);

	(void)outcome;
	/* Of an earlier trial of that name: the later one has its own order. */
	if (is_on_trial(state, name_of(order)) && number_of(trial_of(state), "ends_ms") <= running_now_ms())
		undo(agent, state, actor, "Nobody confirmed it in time.");
	cJSON_Delete(state);
}

static void confirm(struct agent *agent, cJSON *state, const char *actor)
{
	cJSON *boot = cJSON_DetachItemFromObjectCaseSensitive(state, "boot");
	struct preset preset;

	preset_of(state, "trial", &preset);
	cJSON_DeleteItemFromObjectCaseSensitive(state, "previous");
	if (boot)
		cJSON_AddItemToObject(state, "previous", boot);
	cJSON_AddItemToObject(state, "boot", preset_json(&preset));
	cJSON_DeleteItemFromObjectCaseSensitive(state, "trial");
	preset_set_failure(state, preset.name, preset.version, NULL);
	presets_state_put(agent, state);
	boot_forgive(agent);
	agent_event(agent, "info", "preset-confirmed", "", actor, "Preset \"%s\", version %lld, is what a boot starts.",
		    preset.name, (long long)preset.version);
}

static void look_at_health(struct agent *agent, const char *order, const char *actor, struct outcome *outcome);

static void health_later(struct agent *agent, const struct preset *preset, cJSON *state, char *signature)
{
	char order[API_NAME_LEN];

	snprintf(order, sizeof(order), PRESET_ORDER "%.48s", preset->name);
	cJSON_DeleteItemFromObjectCaseSensitive(trial_of(state), "signature");
	cJSON_AddStringToObject(trial_of(state), "signature", signature);
	presets_state_put(agent, state);
	supervisor_later(agent->supervisor, &(struct order){ look_at_health, "judge", order, "health" },
			 agent_seconds_ms(agent, preset->healthy_s));
}

/* Its own rule: all of its cells have run from the last look to this one. */
static void look_at_health(struct agent *agent, const char *order, const char *actor, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);
	char now[RUNNING_SIGNATURE];
	struct preset preset;

	(void)outcome;
	if (is_on_trial(state, name_of(order)) && preset_of(state, "trial", &preset) && preset.healthy_s) {
		running_signature(agent, preset.cells, preset.num_cells, now);
		if (now[0] && strcmp(now, text_of(trial_of(state), "signature")) == 0)
			confirm(agent, state, actor);
		else
			health_later(agent, &preset, state, now);
	}
	cJSON_Delete(state);
}

static void arm(struct agent *agent, cJSON *state, struct preset *preset)
{
	char order[API_NAME_LEN], now[RUNNING_SIGNATURE];

	snprintf(order, sizeof(order), PRESET_ORDER "%.48s", preset->name);
	supervisor_later(agent->supervisor, &(struct order){ over, "undo", order, "trial" },
			 preset_trial_left_ms(state, preset->name));
	if (!preset->healthy_s)
		return;
	running_signature(agent, preset->cells, preset->num_cells, now);
	health_later(agent, preset, state, now);
}

static void run_trial(struct agent *agent, cJSON *state, struct preset *preset, const char *actor,
		      struct outcome *outcome)
{
	char cells[PRESET_CELLS_MAX][API_NAME_LEN];

	memcpy(cells, preset->cells, sizeof(cells));
	preset_switch(agent, cells, preset->num_cells, actor, PRESET_SWITCH_STOP_AT_ERROR, outcome);
	if (outcome->error) {
		undo(agent, state, actor, outcome->reason.text);
		return;
	}
	set_number(trial_of(state), "applied", 1);
	set_number(trial_of(state), "ends_ms", running_now_ms() + agent_seconds_ms(agent, preset->trial_s));
	presets_state_put(agent, state);
	agent_event(agent, "info", "preset-trial", "", actor, "Preset \"%s\", version %lld, runs on trial: it is undone in %u s unless it is confirmed.",
		    preset->name, (long long)preset->version, preset->trial_s);
	arm(agent, state, preset);
}

static void begin_trial(struct agent *agent, cJSON *state, const struct preset *preset)
{
	char running[PRESET_CELLS_MAX][API_NAME_LEN], id[INTENT_BOOT_ID];
	cJSON *trial = preset_json(preset), *before = cJSON_AddArrayToObject(trial, "before");
	size_t count = preset_switch_running(agent, running);

	intent_boot_id(id);
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(before, cJSON_CreateString(running[i]));
	cJSON_AddStringToObject(trial, "boot", id);
	cJSON_AddNumberToObject(trial, "ends_ms",
				(double)(running_now_ms() + agent_seconds_ms(agent, preset->trial_s)));
	cJSON_AddItemToObject(state, "trial", trial);
	/* Before anything is touched: who comes back finds what ran, and goes on. */
	presets_state_put(agent, state);
}

static bool may_apply(struct agent *agent, const cJSON *state, const char *name, struct preset *preset,
		      struct outcome *outcome)
{
	struct preset other;

	if (preset_load(agent, name, preset) != 0)
		outcome_refuse(outcome, -ENOENT, "preset-not-found", "List the presets.", "There is no preset \"%s\".",
			       name);
	else if (preset_of(state, "trial", &other))
		outcome_refuse(outcome, -EBUSY, "trial-at-work", "Confirm it, or roll it back.",
			       "The preset \"%s\" is on trial.", other.name);
	else
		preset_switch_check(agent, preset, outcome);
	return !outcome->error;
}

static void refused(struct agent *agent, const char *actor, const struct outcome *outcome)
{
	if (outcome->error)
		agent_event(agent, "error", "preset-refused", "", actor, "%s", outcome->reason.text);
}

void preset_apply(struct agent *agent, const char *order, const char *actor, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);
	struct preset preset;

	if (may_apply(agent, state, name_of(order), &preset, outcome)) {
		boot_forgive(agent);
		begin_trial(agent, state, &preset);
		run_trial(agent, state, &preset, actor, outcome);
	} else {
		refused(agent, actor, outcome);
	}
	cJSON_Delete(state);
}

void preset_confirm(struct agent *agent, const char *order, const char *actor, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);

	if (is_on_trial(state, name_of(order)))
		confirm(agent, state, actor);
	else
		outcome_refuse(outcome, -ENOENT, "not-on-trial", "Apply it first.",
			       "The preset \"%s\" is not on trial.", name_of(order));
	refused(agent, actor, outcome);
	cJSON_Delete(state);
}

static void back_to_previous(struct agent *agent, cJSON *state, const char *actor, struct outcome *outcome)
{
	struct preset preset, previous;

	preset_of(state, "boot", &preset);
	preset_of(state, "previous", &previous);
	preset_switch_check(agent, &previous, outcome);
	if (outcome->error)
		return;
	preset_set_failure(state, preset.name, preset.version, "It was rolled back.");
	cJSON_DeleteItemFromObjectCaseSensitive(state, "boot");
	cJSON_AddItemToObject(state, "boot", cJSON_DetachItemFromObjectCaseSensitive(state, "previous"));
	presets_state_put(agent, state);
	boot_forgive(agent);
	preset_switch(agent, previous.cells, previous.num_cells, actor, PRESET_SWITCH_GO_ON, outcome);
	agent_event(agent, "warning", "preset-rolled-back", "", actor,
		    "Preset \"%s\" was rolled back to \"%s\", version %lld.", preset.name, previous.name,
		    (long long)previous.version);
}

void preset_rollback(struct agent *agent, const char *order, const char *actor, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);
	struct preset boot, previous;

	if (is_on_trial(state, name_of(order)))
		undo(agent, state, actor, "It was rolled back.");
	else if (!trial_of(state) && preset_of(state, "boot", &boot) && strcmp(boot.name, name_of(order)) == 0 &&
		 preset_of(state, "previous", &previous))
		back_to_previous(agent, state, actor, outcome);
	else
		outcome_refuse(
			outcome, -ENOENT, "nothing-to-undo", "Apply the preset that is to run.",
			"The preset \"%s\" is not on trial, and is not what a boot starts instead of another one.",
			name_of(order));
	refused(agent, actor, outcome);
	cJSON_Delete(state);
}

void preset_resume(struct agent *agent, struct outcome *outcome)
{
	cJSON *state = presets_state(agent);
	struct preset preset;

	if (preset_of(state, "trial", &preset)) {
		if (number_of(trial_of(state), "applied"))
			arm(agent, state, &preset);
		else
			run_trial(agent, state, &preset, "boot", outcome);
	}
	cJSON_Delete(state);
}

void preset_board_was_reset(struct agent *agent)
{
	cJSON *state = presets_state(agent);
	char id[INTENT_BOOT_ID];
	struct preset preset;

	intent_boot_id(id);
	if (preset_of(state, "trial", &preset) && strcmp(text_of(trial_of(state), "boot"), id) != 0) {
		preset_set_failure(state, preset.name, preset.version, "The board was reset before it was confirmed.");
		cJSON_DeleteItemFromObjectCaseSensitive(state, "trial");
		presets_state_put(agent, state);
		agent_event(
			agent, "error", "preset-undone", "", "boot",
			"The trial of preset \"%s\", version %lld, was undone: the board was reset before it was confirmed.",
			preset.name, (long long)preset.version);
	}
	cJSON_Delete(state);
}
