// SPDX-License-Identifier: MIT
/* /api/v1/cells: definitions, and the commands on cells. */
#include "agent.h"
#include "cell_json.h"
#include "cell_reply.h"
#include "cell_table.h"
#include "created.h"
#include "definition_body.h"
#include "observer.h"
#include "page.h"
#include "precondition.h"
#include "restarts.h"
#include "start_order.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
	struct page page;
	struct store_cell *cells;
	size_t count;
};

static int listing_add(void *context, const struct store_cell *cell)
{
	struct listing *listing = context;
	void *grown;

	if (!page_takes_name(&listing->page, cell->name))
		return 0;
	grown = realloc(listing->cells, (listing->count + 1) * sizeof(*listing->cells));
	if (!grown)
		return -ENOMEM;
	listing->cells = grown;
	listing->cells[listing->count] = *cell;
	listing->cells[listing->count].definition = strdup(cell->definition);
	return listing->cells[listing->count++].definition ? 0 : -ENOMEM;
}

void api_cells_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct listing listing = { 0 };
	cJSON *json, *items;
	int err;

	if (!page_by_name(request, &listing.page, reply))
		return;
	json = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(json, "items");
	err = agent->store_ops->cell_each(agent->store, listing_add, &listing);
	/* After the walk: the JSON of a cell asks the store and the driver again. */
	for (size_t i = 0; i < listing.count; i++) {
		if (!err)
			cJSON_AddItemToArray(items, cell_json(agent, &listing.cells[i]));
		free(listing.cells[i].definition);
	}
	free(listing.cells);
	page_end(&listing.page, json);
	api_reply_json(reply, 200, json);
	if (err)
		cell_reply_store_failed(reply, err);
}

void api_cell_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	cell_reply_stored(agent, reply, 200, request->name);
}

static void definition_refused(struct api_reply *reply, cJSON *errors)
{
	const cJSON *first = errors ? errors->child : NULL;
	const char *detail = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(first, "detail"));
	cJSON *json;

	api_problem(reply, 422, "definition-refused", "Correct what `errors` lists.", "%s",
		    detail ? detail : "The definition does not compile.");
	json = cJSON_Parse(reply->body);
	cJSON_AddItemToObject(json, "errors", errors ? errors : cJSON_CreateArray());
	api_reply_json(reply, 422, json);
	reply->type = "application/problem+json";
}

static bool no_circle(struct agent *agent, const char *name, const struct definition_policy *policy,
		      struct api_reply *reply)
{
	char circle[200];

	if (!start_order_circle(agent, name, policy, circle, sizeof(circle)))
		return true;
	api_problem(reply, 422, "after-circle", "Take one of these cells out of the \"after\" of the one before it.",
		    "None of these cells could ever be started, each waits for the next: %s.", circle);
	return false;
}

/* Compiles, and fills in name and text of *cell. */
static bool check_definition(struct agent *agent, const cJSON *body, struct store_cell *cell, struct api_reply *reply)
{
	struct definition_policy policy;
	struct compiled_cell compiled;
	cJSON *errors = NULL;
	int err;

	cell->definition = cJSON_PrintUnformatted(body);
	if (!cell->definition) {
		cell_reply_store_failed(reply, -ENOMEM);
		return false;
	}
	err = agent->compiler_ops->compile(agent->compiler, cell->definition, NULL, &compiled, &errors);
	if (err) {
		definition_refused(reply, errors);
		return false;
	}
	cJSON_Delete(errors);
	snprintf(cell->name, sizeof(cell->name), "%s", compiled.name);
	policy = compiled.policy;
	agent->compiler_ops->free(&compiled);
	if (api_name_valid(cell->name))
		return no_circle(agent, cell->name, &policy, reply);
	api_problem(reply, 422, "bad-name", "Use 1 to 31 of a-z A-Z 0-9 . _ -, a letter or digit first.",
		    "\"%s\" cannot be the name of a cell.", cell->name);
	return false;
}

static void write_failed(struct api_reply *reply, const char *name, int err)
{
	char what[API_NAME_LEN + 16];

	snprintf(what, sizeof(what), "cell \"%s\"", name);
	if (err == -ESTALE)
		precondition_lost(reply, what);
	else if (err == -ENOENT)
		cell_reply_unknown(reply, name);
	else
		cell_reply_store_failed(reply, err);
}

static void put_definition(struct agent *agent, const struct api_request *request, struct store_cell *cell,
			   int64_t expected, bool is_new, struct api_reply *reply)
{
	int err;

	snprintf(cell->author, sizeof(cell->author), "%s", request->who.username);
	err = agent->store_ops->cell_put(agent->store, cell, expected);
	if (err == -EEXIST) {
		api_problem(reply, 409, "cell-exists", "PUT it to replace it.", "There is a cell \"%s\" already.",
			    cell->name);
	} else if (err) {
		write_failed(reply, cell->name, err);
	} else {
		agent_event(agent, "info", is_new ? "cell-defined" : "cell-changed", cell->name, request->who.username,
			    "Cell \"%s\" was %s.", cell->name, is_new ? "defined" : "changed");
		cell_reply(agent, reply, is_new ? 201 : 200, cell);
		if (is_new)
			api_reply_header(reply, "Location: /api/v1/cells/%s", cell->name);
	}
}

void api_cell_create(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_cell cell = { 0 };
	cJSON *body = definition_body(request, reply);

	if (!body)
		return;
	if (definition_take_start_at_boot(body, &cell.start_at_boot, reply) &&
	    check_definition(agent, body, &cell, reply))
		put_definition(agent, request, &cell, 0, true, reply);
	cJSON_Delete(body);
	store_cell_free(&cell);
}

/* A created cell runs what it was created from: changing the text under it would tell lies. */
static bool claim_uncreated(struct agent *agent, const char *name, struct api_reply *reply)
{
	struct driver_cell cell;

	if (cell_table_claim(agent->cells, name, "defined") != 0) {
		api_problem(reply, 409, "cell-busy", "Wait until that is done.",
			    "Another command is at work on the cell \"%s\".", name);
		return false;
	}
	if (created_find(agent, name, &cell) != 0)
		return true;
	cell_table_unclaim(agent->cells, name);
	api_problem(reply, 409, "cell-running", "Stop it first.", "The cell \"%s\" is in use by the hypervisor.", name);
	return false;
}

/* Finds the cell and holds the request's condition against it: the revision that the write must meet. */
static bool find_expected(struct agent *agent, const struct api_request *request, int64_t *expected,
			  struct api_reply *reply)
{
	struct store_cell cell;
	int err = agent->store_ops->cell_get(agent->store, request->name, &cell);
	bool holds;

	if (err) {
		write_failed(reply, request->name, err);
		return false;
	}
	holds = precondition_cell(request, &cell, expected, reply);
	store_cell_free(&cell);
	return holds;
}

static void put_named(struct agent *agent, const struct api_request *request, struct store_cell *cell,
		      const struct store_cell *old, struct api_reply *reply)
{
	int64_t expected;

	if (strcmp(cell->name, request->name) != 0) {
		api_problem(reply, 422, "bad-name", "Use the same name in both places.",
			    "The path names \"%s\", the definition \"%s\".", request->name, cell->name);
		return;
	}
	if (!claim_uncreated(agent, cell->name, reply))
		return;
	if (precondition_cell(request, old, &expected, reply))
		put_definition(agent, request, cell, expected, !old, reply);
	cell_table_unclaim(agent->cells, cell->name);
}

void api_cell_put(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_cell cell = { 0 }, old = { 0 };
	cJSON *body = definition_body(request, reply);
	bool is_new;

	if (!body)
		return;
	is_new = agent->store_ops->cell_get(agent->store, request->name, &old) != 0;
	cell.start_at_boot = old.start_at_boot; /* kept when the body does not say */
	if (definition_take_start_at_boot(body, &cell.start_at_boot, reply) &&
	    check_definition(agent, body, &cell, reply))
		put_named(agent, request, &cell, is_new ? NULL : &old, reply);
	cJSON_Delete(body);
	store_cell_free(&cell);
	store_cell_free(&old);
}

void api_cell_patch(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "start_at_boot", NULL };
	struct json_problem problem = { 0 };
	cJSON *body = api_body(request, reply, names);
	bool value = false;
	int64_t expected;
	int err = 0;

	if (!body)
		return;
	if (!json_get_bool(body, "start_at_boot", &value, &problem)) {
		api_problem_json(reply, &problem);
	} else if (find_expected(agent, request, &expected, reply)) {
		if (cJSON_HasObjectItem(body, "start_at_boot"))
			err = agent->store_ops->cell_set_start_at_boot(agent->store, request->name, value, expected);
		if (err)
			write_failed(reply, request->name, err);
		else
			cell_reply_stored(agent, reply, 200, request->name);
	}
	cJSON_Delete(body);
}

static bool delete_claimed(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	int64_t expected;
	int err;

	if (!find_expected(agent, request, &expected, reply))
		return false;
	err = agent->store_ops->cell_delete(agent->store, request->name, expected);
	if (err)
		write_failed(reply, request->name, err);
	return !err;
}

void api_cell_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	bool deleted;

	if (!claim_uncreated(agent, request->name, reply))
		return;
	deleted = delete_claimed(agent, request, reply);
	cell_table_unclaim(agent->cells, request->name);
	if (!deleted) {
		/* A name that was only asked for leaves nothing behind. */
		if (reply->status == 404)
			cell_table_remove(agent->cells, request->name);
		return;
	}
	cell_table_remove(agent->cells, request->name);
	restarts_forget(agent, request->name);
	agent_event(agent, "info", "cell-deleted", request->name, request->who.username,
		    "The definition of cell \"%s\" was deleted.", request->name);
	reply->status = 204;
}
