// SPDX-License-Identifier: MIT
/* /api/v1/presets, and /api/v1/boot: what a boot has brought back. */
#include "agent.h"
#include "boot.h"
#include "cell_reply.h"
#include "command_wait.h"
#include "page.h"
#include "precondition.h"
#include "preset_life.h"
#include "presets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void unknown(struct api_reply *reply, const char *name)
{
	api_problem(reply, 404, "preset-not-found", "GET /api/v1/presets lists the presets.",
		    "There is no preset \"%s\".", name);
}

static void etag_of(const struct store_preset *preset, char etag[32])
{
	snprintf(etag, 32, "\"%lld\"", (long long)preset->revision);
}

static void add_trial(cJSON *json, const cJSON *state, const struct store_preset *stored)
{
	struct preset on_trial;
	cJSON *trial;

	if (!preset_of(state, "trial", &on_trial) || strcmp(on_trial.name, stored->name) != 0) {
		cJSON_AddNullToObject(json, "trial");
		return;
	}
	trial = cJSON_AddObjectToObject(json, "trial");
	cJSON_AddNumberToObject(trial, "version", (double)on_trial.version);
	cJSON_AddNumberToObject(trial, "seconds_left",
				(double)((preset_trial_left_ms(state, stored->name) + 999) / 1000));
}

static void add_boot(cJSON *json, const cJSON *state, const struct store_preset *stored)
{
	struct preset boot;

	if (preset_of(state, "boot", &boot) && strcmp(boot.name, stored->name) == 0)
		cJSON_AddNumberToObject(json, "boot_version", (double)boot.version);
	else
		cJSON_AddNullToObject(json, "boot_version");
}

static cJSON *item_json(const cJSON *state, const struct store_preset *stored)
{
	const char *failure = preset_failure(state, stored->name, stored->version);
	struct json_problem ignored = { 0 };
	cJSON *body = cJSON_Parse(stored->body), *json, *description;
	struct preset preset;

	preset_read(body, &preset, &ignored);
	snprintf(preset.name, sizeof(preset.name), "%s", stored->name);
	preset.version = stored->version;
	json = preset_json(&preset);
	description = cJSON_DetachItemFromObjectCaseSensitive(body, "description");
	cJSON_AddItemToObject(json, "description", description ? description : cJSON_CreateString(""));
	cJSON_AddNumberToObject(json, "revision", (double)stored->revision);
	add_boot(json, state, stored);
	add_trial(json, state, stored);
	cJSON_AddItemToObject(json, "failed", failure ? cJSON_CreateString(failure) : cJSON_CreateNull());
	cJSON_Delete(body);
	return json;
}

static void reply_item(struct agent *agent, struct api_reply *reply, int status, const struct store_preset *stored)
{
	cJSON *state = presets_state(agent);
	char etag[32];

	api_reply_json(reply, status, item_json(state, stored));
	etag_of(stored, etag);
	api_reply_header(reply, "ETag: %s", etag);
	cJSON_Delete(state);
}

struct listing {
	struct page page;
	cJSON *state, *items;
};

static int add_item(void *context, const struct store_preset *stored)
{
	struct listing *listing = context;

	if (page_takes_name(&listing->page, stored->name))
		cJSON_AddItemToArray(listing->items, item_json(listing->state, stored));
	return 0;
}

void api_presets_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct listing listing;
	cJSON *json;
	int err;

	if (!page_by_name(request, &listing.page, reply))
		return;
	json = cJSON_CreateObject();
	listing.state = presets_state(agent);
	listing.items = cJSON_AddArrayToObject(json, "items");
	err = agent->store_ops->preset_each(agent->store, add_item, &listing);
	cJSON_Delete(listing.state);
	page_end(&listing.page, json);
	api_reply_json(reply, 200, json);
	if (err)
		cell_reply_store_failed(reply, err);
}

void api_preset_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_preset stored;

	if (agent->store_ops->preset_get(agent->store, request->name, &stored) != 0) {
		unknown(reply, request->name);
		return;
	}
	reply_item(agent, reply, 200, &stored);
	store_preset_free(&stored);
}

static bool precondition(const struct api_request *request, const struct store_preset *old, int64_t *expected,
			 struct api_reply *reply)
{
	char what[API_NAME_LEN + 16], etag[32];

	snprintf(what, sizeof(what), "preset \"%s\"", request->name);
	if (old)
		etag_of(old, etag);
	*expected = old ? old->revision : 0;
	return precondition_holds(request, old ? etag : NULL, what, reply);
}

static bool cells_known(struct agent *agent, const struct preset *preset, struct api_reply *reply)
{
	struct store_cell cell;
	char pointer[32];

	for (size_t i = 0; i < preset->num_cells; i++) {
		struct json_problem problem = { .code = "preset-cell-unknown" };

		if (agent->store_ops->cell_get(agent->store, preset->cells[i], &cell) == 0) {
			store_cell_free(&cell);
			continue;
		}
		snprintf(pointer, sizeof(pointer), "/cells/%zu", i);
		snprintf(problem.pointer, sizeof(problem.pointer), "%s", pointer);
		snprintf(problem.detail, sizeof(problem.detail), "There is no cell \"%s\": define it first.",
			 preset->cells[i]);
		api_problem_json(reply, &problem);
		return false;
	}
	return true;
}

static void write_failed(struct api_reply *reply, const char *name, int err)
{
	char what[API_NAME_LEN + 16];

	snprintf(what, sizeof(what), "preset \"%s\"", name);
	if (err == -ESTALE || err == -EEXIST)
		precondition_lost(reply, what);
	else if (err == -ENOENT)
		unknown(reply, name);
	else
		cell_reply_store_failed(reply, err);
}

static void put(struct agent *agent, const struct api_request *request, cJSON *body, const struct store_preset *old,
		struct api_reply *reply)
{
	struct store_preset stored = { .body = cJSON_PrintUnformatted(body) };
	int64_t expected;
	int err;

	snprintf(stored.name, sizeof(stored.name), "%s", request->name);
	if (precondition(request, old, &expected, reply)) {
		err = stored.body ? agent->store_ops->preset_put(agent->store, &stored, expected) : -ENOMEM;
		if (err) {
			write_failed(reply, request->name, err);
		} else {
			agent_event(agent, "info", old ? "preset-changed" : "preset-defined", "", request->who.username,
				    "Preset \"%s\" was %s: version %lld.", stored.name, old ? "changed" : "defined",
				    (long long)stored.version);
			reply_item(agent, reply, old ? 200 : 201, &stored);
		}
	}
	store_preset_free(&stored);
}

void api_preset_put(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "description", "cells", "trial_seconds", "healthy_seconds", NULL };
	cJSON *body = api_body(request, reply, names);
	struct json_problem problem = { 0 };
	struct store_preset old = { 0 };
	struct preset preset;
	bool exists;

	if (!body)
		return;
	exists = agent->store_ops->preset_get(agent->store, request->name, &old) == 0;
	if (!preset_read(body, &preset, &problem))
		api_problem_json(reply, &problem);
	else if (cells_known(agent, &preset, reply))
		put(agent, request, body, exists ? &old : NULL, reply);
	store_preset_free(&old);
	cJSON_Delete(body);
}

/* What the board would bring back, or tries, is not taken away under it. */
static bool is_in_use(struct agent *agent, const char *name, struct api_reply *reply)
{
	cJSON *state = presets_state(agent);
	struct preset preset;
	bool used = (preset_of(state, "boot", &preset) && strcmp(preset.name, name) == 0) ||
		    (preset_of(state, "trial", &preset) && strcmp(preset.name, name) == 0);

	cJSON_Delete(state);
	if (used)
		api_problem(reply, 409, "preset-in-use", "Confirm another preset first.",
			    "The preset \"%s\" is on trial, or what a boot starts.", name);
	return used;
}

void api_preset_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_preset old;
	int64_t expected;
	int err;

	if (agent->store_ops->preset_get(agent->store, request->name, &old) != 0) {
		unknown(reply, request->name);
		return;
	}
	if (!is_in_use(agent, request->name, reply) && precondition(request, &old, &expected, reply)) {
		err = agent->store_ops->preset_delete(agent->store, request->name, expected);
		if (err) {
			write_failed(reply, request->name, err);
		} else {
			agent_event(agent, "info", "preset-deleted", "", request->who.username,
				    "Preset \"%s\" was deleted.", request->name);
			reply->status = 204;
		}
	}
	store_preset_free(&old);
}

static void command(struct agent *agent, const struct api_request *request, command_fn run, const char *verb,
		    struct api_reply *reply)
{
	char name[API_NAME_LEN];
	struct order order = { run, verb, name, request->who.username };
	struct outcome outcome = { 0 };
	struct store_preset stored;
	int64_t id;
	int err;

	if (agent->store_ops->preset_get(agent->store, request->name, &stored) != 0) {
		unknown(reply, request->name);
		return;
	}
	snprintf(name, sizeof(name), PRESET_ORDER "%.48s", request->name);
	err = supervisor_run(agent->supervisor, &order, command_wait_ms(request), &outcome, &id);
	if (err && err != -EINPROGRESS) {
		api_problem(reply, 503, "busy", "Try again in a moment.", "Too many commands wait for the driver.");
	} else if (!err && outcome.error) {
		api_refused(reply, &outcome.reason, outcome.error);
	} else {
		reply_item(agent, reply, 200, &stored);
		if (err)
			command_goes_on(reply, id);
	}
	store_preset_free(&stored);
}

void api_preset_apply(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, preset_apply, "apply", reply);
}

void api_preset_confirm(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, preset_confirm, "confirm", reply);
}

void api_preset_rollback(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	command(agent, request, preset_rollback, "rollback", reply);
}

void api_boot_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	(void)request;
	api_reply_json(reply, 200, boot_json(agent));
}
