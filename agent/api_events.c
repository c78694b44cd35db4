// SPDX-License-Identifier: MIT
/* /api/v1/events: what happened, newest first, in pages. */
#include "agent.h"

#include <stdlib.h>
#include <string.h>

static int add_event(void *context, const struct store_event *event)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "id", (double)event->id);
	cJSON_AddNumberToObject(json, "time", (double)event->time);
	cJSON_AddStringToObject(json, "severity", event->severity);
	cJSON_AddStringToObject(json, "kind", event->kind);
	cJSON_AddStringToObject(json, "cell", event->cell);
	cJSON_AddStringToObject(json, "actor", event->actor);
	cJSON_AddStringToObject(json, "detail", event->detail);
	cJSON_AddItemToArray(context, json);
	return 0;
}

static bool number_query(const struct api_request *request, const char *name, int64_t low, int64_t high,
			 int64_t *value, struct api_reply *reply)
{
	char text[24], *end;
	long long number;

	if (!api_query(request, name, text, sizeof(text)))
		return true;
	number = strtoll(text, &end, 10);
	if (end != text && !*end && number >= low && number <= high) {
		*value = number;
		return true;
	}
	api_problem(reply, 400, "bad-request", "Correct the query.", "%s=%s is not a number from %lld to %lld.", name,
		    text, (long long)low, (long long)high);
	return false;
}

void api_events_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_event_filter filter = { 0 };
	char cell[API_NAME_LEN];
	int64_t limit = 100;
	cJSON *json, *items;
	int err;

	if (!number_query(request, "limit", 1, 1000, &limit, reply) ||
	    !number_query(request, "before", 1, INT64_MAX, &filter.before, reply))
		return;
	if (api_query(request, "cell", cell, sizeof(cell)))
		filter.cell = cell;
	filter.limit = (int)limit;
	json = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(json, "items");
	err = agent->store_ops->event_each(agent->store, &filter, add_event, items);
	api_reply_json(reply, 200, json);
	if (err)
		api_problem(reply, 500, "internal", "Look at the board's log.", "The database refused: %s.",
			    strerror(-err));
}
