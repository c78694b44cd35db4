// SPDX-License-Identifier: MIT
#include "presets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTING_PRESETS "presets"
#define STATE_MAX	16384
#define FAILURES_KEPT	16

static bool refuse(struct json_problem *problem, const char *code, const char *pointer, const char *detail)
{
	problem->code = code;
	snprintf(problem->pointer, sizeof(problem->pointer), "%s", pointer);
	snprintf(problem->detail, sizeof(problem->detail), "%s", detail);
	return false;
}

static bool take_cell(const cJSON *item, int index, struct preset *preset, struct json_problem *problem)
{
	char pointer[32], detail[160];

	snprintf(pointer, sizeof(pointer), "/cells/%d", index);
	if (!cJSON_IsString(item) || !api_name_valid(item->valuestring))
		return refuse(problem, "json-type", pointer, "`cells` lists names of cells.");
	for (size_t i = 0; i < preset->num_cells; i++)
		if (strcmp(preset->cells[i], item->valuestring) == 0) {
			snprintf(detail, sizeof(detail), "The cell \"%s\" is listed twice.", item->valuestring);
			return refuse(problem, "preset-cell-twice", pointer, detail);
		}
	snprintf(preset->cells[preset->num_cells++], API_NAME_LEN, "%s", item->valuestring);
	return true;
}

static bool take_cells(const cJSON *json, struct preset *preset, struct json_problem *problem)
{
	const cJSON *item, *cells = cJSON_GetObjectItemCaseSensitive(json, "cells");
	int i = 0;

	if (!cells)
		return refuse(problem, "json-missing", "/cells", "The preset does not list its `cells`.");
	if (!cJSON_IsArray(cells) || cJSON_GetArraySize(cells) > PRESET_CELLS_MAX)
		return refuse(problem, "json-type", "/cells", "`cells` is a list of at most 32 names.");
	cJSON_ArrayForEach(item, cells)
		if (!take_cell(item, i++, preset, problem))
			return false;
	return true;
}

static bool take_seconds(const cJSON *json, const char *name, uint32_t least, uint32_t *value,
			 struct json_problem *problem)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);
	char pointer[32], detail[120];

	if (!item)
		return true;
	snprintf(pointer, sizeof(pointer), "/%s", name);
	snprintf(detail, sizeof(detail), "`%s` is a whole number of seconds, %u to %d.", name, least,
		 PRESET_SECONDS_MAX);
	if (!cJSON_IsNumber(item) || item->valuedouble < least || item->valuedouble > PRESET_SECONDS_MAX ||
	    item->valuedouble != (double)item->valueint)
		return refuse(problem, "json-type", pointer, detail);
	*value = (uint32_t)item->valueint;
	return true;
}

bool preset_read(const cJSON *json, struct preset *preset, struct json_problem *problem)
{
	const cJSON *description = cJSON_GetObjectItemCaseSensitive(json, "description");

	memset(preset, 0, sizeof(*preset));
	preset->trial_s = PRESET_TRIAL_DEFAULT;
	if (description && !cJSON_IsString(description))
		return refuse(problem, "json-type", "/description", "`description` is a text.");
	if (!take_cells(json, preset, problem) || !take_seconds(json, "trial_seconds", 1, &preset->trial_s, problem) ||
	    !take_seconds(json, "healthy_seconds", 0, &preset->healthy_s, problem))
		return false;
	if (preset->healthy_s < preset->trial_s)
		return true;
	return refuse(problem, "preset-never-healthy", "/healthy_seconds",
		      "The trial ends before the cells can have run for `healthy_seconds`.");
}

int preset_load(struct agent *agent, const char *name, struct preset *preset)
{
	struct json_problem ignored = { 0 };
	struct store_preset stored;
	int err = agent->store_ops->preset_get(agent->store, name, &stored);
	cJSON *json;

	if (err)
		return err;
	json = cJSON_Parse(stored.body);
	if (!preset_read(json, preset, &ignored))
		err = -EINVAL;
	snprintf(preset->name, sizeof(preset->name), "%s", name);
	preset->version = stored.version;
	cJSON_Delete(json);
	store_preset_free(&stored);
	return err;
}

cJSON *presets_state(struct agent *agent)
{
	char *text = malloc(STATE_MAX);
	cJSON *state = NULL;

	if (text && agent->store_ops->setting_get(agent->store, SETTING_PRESETS, text, STATE_MAX) == 0)
		state = cJSON_Parse(text);
	free(text);
	return state ? state : cJSON_CreateObject();
}

void presets_state_put(struct agent *agent, const cJSON *state)
{
	char *text = cJSON_PrintUnformatted(state);

	if (!text || agent->store_ops->setting_put(agent->store, SETTING_PRESETS, text) != 0)
		agent_log("error", "which preset is at work was not stored");
	cJSON_free(text);
}

cJSON *preset_json(const struct preset *preset)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *cells = cJSON_AddArrayToObject(json, "cells");

	for (size_t i = 0; i < preset->num_cells; i++)
		cJSON_AddItemToArray(cells, cJSON_CreateString(preset->cells[i]));
	cJSON_AddStringToObject(json, "name", preset->name);
	cJSON_AddNumberToObject(json, "version", (double)preset->version);
	cJSON_AddNumberToObject(json, "trial_seconds", preset->trial_s);
	cJSON_AddNumberToObject(json, "healthy_seconds", preset->healthy_s);
	return json;
}

bool preset_of(const cJSON *state, const char *member, struct preset *preset)
{
	const cJSON *json = cJSON_GetObjectItemCaseSensitive(state, member);
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "name"));
	struct json_problem ignored = { 0 };

	if (!name || !preset_read(json, preset, &ignored))
		return false;
	snprintf(preset->name, sizeof(preset->name), "%s", name);
	preset->version = (int64_t)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "version"));
	return true;
}

static bool is_version(const cJSON *item, const char *name, int64_t version)
{
	const char *other = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));

	return other && strcmp(other, name) == 0 &&
	       cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(item, "version")) == (double)version;
}

const char *preset_failure(const cJSON *state, const char *name, int64_t version)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(state, "failed"))
		if (is_version(item, name, version))
			return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "why"));
	return NULL;
}

static void forget_failure(cJSON *failed, const char *name, int64_t version)
{
	for (int i = cJSON_GetArraySize(failed); i-- > 0;)
		if (is_version(cJSON_GetArrayItem(failed, i), name, version))
			cJSON_DeleteItemFromArray(failed, i);
}

void preset_set_failure(cJSON *state, const char *name, int64_t version, const char *why)
{
	cJSON *failed = cJSON_GetObjectItemCaseSensitive(state, "failed"), *item;

	if (!failed)
		failed = cJSON_AddArrayToObject(state, "failed");
	forget_failure(failed, name, version);
	if (!why)
		return;
	item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "name", name);
	cJSON_AddNumberToObject(item, "version", (double)version);
	cJSON_AddStringToObject(item, "why", why);
	cJSON_AddItemToArray(failed, item);
	if (cJSON_GetArraySize(failed) > FAILURES_KEPT)
		cJSON_DeleteItemFromArray(failed, 0);
}
