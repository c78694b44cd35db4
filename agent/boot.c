// SPDX-License-Identifier: MIT
#include "boot.h"

#include "intent.h"
#include "notice.h"
#include "presets.h"
#include "restarts.h"
#include "running.h"
#include "start_order.h"
#include "supervisor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SETTING_FAILED	"boot.failed"
#define SETTING_REPORT	"boot.report"
#define REPORT_MAX	32768
#define HEALTHY_DEFAULT 10 /* seconds */

static unsigned int failed_boots(struct agent *agent)
{
	char text[16] = "0";

	agent->store_ops->setting_get(agent->store, SETTING_FAILED, text, sizeof(text));
	return (unsigned int)strtoul(text, NULL, 10);
}

static void set_failed(struct agent *agent, unsigned int count)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", count);
	if (agent->store_ops->setting_put(agent->store, SETTING_FAILED, text) != 0)
		agent_log("error", "the count of failed boots was not stored");
}

static const char *member(const cJSON *report, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(report, name));

	return text ? text : "";
}

static void set_member(cJSON *report, const char *name, const char *text)
{
	cJSON_DeleteItemFromObjectCaseSensitive(report, name);
	cJSON_AddStringToObject(report, name, text);
}

/* Of this boot; an empty object when there is none. */
static cJSON *report_read(struct agent *agent)
{
	char *text = malloc(REPORT_MAX), id[INTENT_BOOT_ID];
	cJSON *report = NULL;

	intent_boot_id(id);
	if (text && agent->store_ops->setting_get(agent->store, SETTING_REPORT, text, REPORT_MAX) == 0)
		report = cJSON_Parse(text);
	free(text);
	if (report && strcmp(member(report, "boot"), id) == 0)
		return report;
	cJSON_Delete(report);
	return cJSON_CreateObject();
}

static void report_write(struct agent *agent, cJSON *report)
{
	char *text = cJSON_PrintUnformatted(report);

	if (!text || agent->store_ops->setting_put(agent->store, SETTING_REPORT, text) != 0)
		agent_log("error", "what became of this boot was not stored");
	cJSON_free(text);
	cJSON_Delete(report);
}

static cJSON *report_new(struct agent *agent, const char *state)
{
	cJSON *report = cJSON_CreateObject(), *presets = presets_state(agent);
	char id[INTENT_BOOT_ID];
	struct preset preset = { 0 };

	intent_boot_id(id);
	cJSON_AddStringToObject(report, "boot", id);
	cJSON_AddStringToObject(report, "state", state);
	if (preset_of(presets, "boot", &preset)) {
		cJSON_AddStringToObject(report, "preset", preset.name);
		cJSON_AddNumberToObject(report, "version", (double)preset.version);
	}
	cJSON_AddNumberToObject(report, "healthy_seconds", preset.healthy_s ? preset.healthy_s : HEALTHY_DEFAULT);
	cJSON_AddArrayToObject(report, "cells");
	cJSON_Delete(presets);
	return report;
}

/* The version that was to run is not tried again by itself: the counter keeps it so, and the preset says it. */
static void blame_preset(struct agent *agent)
{
	cJSON *presets = presets_state(agent);
	struct preset preset;

	if (preset_of(presets, "boot", &preset)) {
		preset_set_failure(presets, preset.name, preset.version,
				   "The board did not get healthy with it, three boots in a row.");
		presets_state_put(agent, presets);
	}
	cJSON_Delete(presets);
}

static void safe_start(struct agent *agent, unsigned int failed)
{
	cJSON *report = report_new(agent, "safe-start");
	char why[160];

	snprintf(why, sizeof(why), "The last %u boots did not get healthy: nothing is enabled and no cell is started.",
		 failed);
	cJSON_AddStringToObject(report, "why", why);
	report_write(agent, report);
	blame_preset(agent);
	agent_event(agent, "error", "safe-start", "", "boot",
		    "%s Look at the events, then enable the hypervisor or apply a preset.", why);
	notice_line(agent, "rotunda: safe start. %s", why);
}

bool boot_begin(struct agent *agent)
{
	unsigned int failed = failed_boots(agent);
	cJSON *report = report_read(agent);
	bool begun = member(report, "boot")[0];
	bool safe = begun ? strcmp(member(report, "state"), "safe-start") == 0 : failed >= BOOT_FAILED_MAX;

	cJSON_Delete(report);
	if (!begun && safe)
		safe_start(agent, failed);
	if (safe)
		return false;
	if (!begun)
		set_failed(agent, failed + 1);
	/* Killed in the middle, the agent begins the list anew. */
	report_write(agent, report_new(agent, "starting"));
	return true;
}

struct names {
	char (*list)[API_NAME_LEN];
	size_t count;
};

static int collect(void *context, const struct store_cell *cell)
{
	struct names *names = context;
	void *grown;

	if (!cell->start_at_boot)
		return 0;
	grown = realloc(names->list, (names->count + 1) * sizeof(*names->list));
	if (!grown)
		return -1;
	names->list = grown;
	snprintf(names->list[names->count++], API_NAME_LEN, "%s", cell->name);
	return 0;
}

static void take_preset(const struct preset *preset, struct names *names)
{
	names->list = calloc(preset->num_cells + 1, sizeof(*names->list));
	if (!names->list)
		return;
	names->count = preset->num_cells;
	memcpy(names->list, preset->cells, preset->num_cells * sizeof(*names->list));
}

size_t boot_cells(struct agent *agent, char (**list)[API_NAME_LEN])
{
	cJSON *presets = presets_state(agent);
	struct names names = { 0 };
	struct preset preset;

	if (preset_of(presets, "boot", &preset))
		take_preset(&preset, &names);
	else
		agent->store_ops->cell_each(agent->store, collect, &names);
	cJSON_Delete(presets);
	start_order_sort(agent, names.list, names.count);
	*list = names.list;
	return names.count;
}

void boot_cell(struct agent *agent, const char *name, const struct outcome *outcome)
{
	cJSON *report = report_read(agent), *cell = cJSON_CreateObject();

	cJSON_AddStringToObject(cell, "name", name);
	cJSON_AddStringToObject(cell, "result", outcome->error ? "refused" : "started");
	cJSON_AddStringToObject(cell, "code", outcome->error ? outcome->reason.code : "");
	cJSON_AddStringToObject(cell, "detail", outcome->error ? outcome->reason.text : "");
	cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(report, "cells"), cell);
	report_write(agent, report);
}

static size_t report_cells(const cJSON *report, char names[][API_NAME_LEN], bool *all_started)
{
	const cJSON *cell;
	size_t count = 0;

	*all_started = true;
	cJSON_ArrayForEach(cell, cJSON_GetObjectItemCaseSensitive(report, "cells")) {
		if (count < PRESET_CELLS_MAX)
			snprintf(names[count++], API_NAME_LEN, "%s", member(cell, "name"));
		*all_started &= strcmp(member(cell, "result"), "started") == 0;
	}
	return count;
}

static void judge(struct agent *agent, const char *name, const char *actor, struct outcome *outcome);

static void judge_later(struct agent *agent, const cJSON *report)
{
	const struct order order = { judge, "judge", "", "boot" };
	double seconds = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(report, "healthy_seconds"));

	supervisor_later(agent->supervisor, &order, agent_seconds_ms(agent, (uint32_t)seconds));
}

static void unhealthy(struct agent *agent, cJSON *report, const char *why)
{
	set_member(report, "state", "unhealthy");
	set_member(report, "why", why);
	agent_event(agent, "warning", "boot-unhealthy", "", "boot", "%s", why);
}

static void healthy(struct agent *agent, cJSON *report)
{
	set_member(report, "state", "healthy");
	set_failed(agent, 0);
	agent_event(agent, "info", "boot-healthy", "", "boot", "All that is to run at boot runs.");
}

static bool restart_waits(struct agent *agent, char (*names)[API_NAME_LEN], size_t count)
{
	struct restarts_view view;
	bool waits = false;

	for (size_t i = 0; i < count; i++) {
		restarts_view(agent, names[i], &view);
		waits |= view.next != 0;
	}
	return waits;
}

/* Healthy: all of them have run from the last look to this one. */
static void judge_running(struct agent *agent, cJSON *report)
{
	char names[PRESET_CELLS_MAX][API_NAME_LEN], now[RUNNING_SIGNATURE];
	bool all_started;
	size_t count = report_cells(report, names, &all_started);

	running_signature(agent, names, count, now);
	if (!all_started) {
		unhealthy(agent, report, "Not all cells that are to run at boot could be started.");
	} else if (now[0] && strcmp(now, member(report, "signature")) == 0) {
		healthy(agent, report);
	} else if (now[0] || restart_waits(agent, names, count)) {
		set_member(report, "signature", now);
		judge_later(agent, report);
	} else {
		unhealthy(agent, report, "Not all cells that are to run at boot run.");
	}
}

static void judge(struct agent *agent, const char *name, const char *actor, struct outcome *outcome)
{
	cJSON *report = report_read(agent);

	(void)name;
	(void)actor;
	(void)outcome;
	if (strcmp(member(report, "state"), "starting") != 0) {
		cJSON_Delete(report);
		return; /* a person decided meanwhile */
	}
	judge_running(agent, report);
	report_write(agent, report);
}

void boot_end(struct agent *agent, const struct outcome *outcome)
{
	cJSON *report = report_read(agent);
	char names[PRESET_CELLS_MAX][API_NAME_LEN], now[RUNNING_SIGNATURE];
	bool all_started;
	size_t count = report_cells(report, names, &all_started);

	if (outcome->error) {
		unhealthy(agent, report, outcome->reason.text);
	} else {
		running_signature(agent, names, count, now);
		set_member(report, "signature", now);
		judge_later(agent, report);
	}
	report_write(agent, report);
}

void boot_resume(struct agent *agent)
{
	cJSON *report = report_read(agent);

	if (strcmp(member(report, "state"), "starting") == 0)
		judge_later(agent, report);
	cJSON_Delete(report);
}

void boot_forgive(struct agent *agent)
{
	cJSON *report = report_read(agent);

	if (failed_boots(agent))
		set_failed(agent, 0);
	if (strcmp(member(report, "state"), "starting") == 0) {
		set_member(report, "state", "changed");
		report_write(agent, report);
	} else {
		cJSON_Delete(report);
	}
}

void boot_not_judged(struct agent *agent)
{
	char names[PRESET_CELLS_MAX][API_NAME_LEN];
	cJSON *report = report_read(agent);
	unsigned int failed = failed_boots(agent);
	bool all_started;

	report_cells(report, names, &all_started);
	if (strcmp(member(report, "state"), "starting") == 0 && all_started && failed)
		set_failed(agent, failed - 1);
	cJSON_Delete(report);
}

static cJSON *text_or_null(const char *text)
{
	return *text ? cJSON_CreateString(text) : cJSON_CreateNull();
}

cJSON *boot_json(struct agent *agent)
{
	cJSON *report = report_read(agent), *json = cJSON_CreateObject(), *preset, *cells;
	const char *state = member(report, "state");

	cJSON_AddStringToObject(json, "state", *state ? state : "nothing-to-do");
	cJSON_AddItemToObject(json, "why", text_or_null(member(report, "why")));
	cJSON_AddNumberToObject(json, "failed_boots", failed_boots(agent));
	cJSON_AddNumberToObject(json, "failed_boots_limit", BOOT_FAILED_MAX);
	if (member(report, "preset")[0]) {
		preset = cJSON_AddObjectToObject(json, "preset");
		cJSON_AddStringToObject(preset, "name", member(report, "preset"));
		cJSON_AddNumberToObject(preset, "version",
					cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(report, "version")));
	} else {
		cJSON_AddNullToObject(json, "preset");
	}
	cells = cJSON_DetachItemFromObjectCaseSensitive(report, "cells");
	cJSON_AddItemToObject(json, "cells", cells ? cells : cJSON_CreateArray());
	cJSON_Delete(report);
	return json;
}
