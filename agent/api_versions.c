// SPDX-License-Identifier: MIT
/* /api/v1/cells/{name}/versions: the definitions that a cell has had. */
#include "agent.h"
#include "cell_reply.h"
#include "page.h"

#include <errno.h>

static cJSON *version_json(const struct store_version *version)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "version", (double)version->version);
	if (version->time)
		cJSON_AddNumberToObject(json, "time", (double)version->time);
	else
		cJSON_AddNullToObject(json, "time");
	cJSON_AddStringToObject(json, "author", version->author);
	return json;
}

struct listing {
	struct page page;
	cJSON *items;
};

static int add_version(void *context, const struct store_version *version)
{
	struct listing *listing = context;

	if (page_takes_number(&listing->page, version->version))
		cJSON_AddItemToArray(listing->items, version_json(version));
	return 0;
}

void api_versions_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct listing listing = { 0 };
	cJSON *json;
	int err;

	if (!page_by_number(request, &listing.page, reply) || !cell_reply_known(agent, reply, request->name))
		return;
	json = cJSON_CreateObject();
	listing.items = cJSON_AddArrayToObject(json, "items");
	err = agent->store_ops->version_each(agent->store, request->name, add_version, &listing);
	page_end(&listing.page, json);
	api_reply_json(reply, 200, json);
	if (err)
		cell_reply_store_failed(reply, err);
}

/* What it changed in the one before: null when that is not kept, or when nobody can compare them. */
static cJSON *changes_json(struct agent *agent, const char *cell, const struct store_version *version)
{
	struct store_version before;
	cJSON *changes;

	if (!agent->compiler_ops->compare ||
	    agent->store_ops->version_get(agent->store, cell, version->version - 1, &before) != 0)
		return cJSON_CreateNull();
	changes = agent->compiler_ops->compare(agent->compiler, before.definition, version->definition);
	store_version_free(&before);
	return changes ? changes : cJSON_CreateNull();
}

void api_version_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_version version;
	cJSON *json;
	int err;

	if (!cell_reply_known(agent, reply, request->name))
		return;
	err = agent->store_ops->version_get(agent->store, request->name, request->number, &version);
	if (err == -ENOENT) {
		api_problem(reply, 404, "version-not-found", "GET the versions of the cell to see which are kept.",
			    "Version %lld of the cell \"%s\" is not kept.", (long long)request->number, request->name);
	} else if (err) {
		cell_reply_store_failed(reply, err);
	} else {
		json = version_json(&version);
		cJSON_AddItemToObject(json, "definition", cJSON_Parse(version.definition));
		cJSON_AddItemToObject(json, "changes", changes_json(agent, request->name, &version));
		store_version_free(&version);
		api_reply_json(reply, 200, json);
	}
}
