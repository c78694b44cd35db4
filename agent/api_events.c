// SPDX-License-Identifier: MIT
/* /api/v1/events: what happened, newest first, in pages. */
#include "agent.h"
#include "event_json.h"
#include "page.h"
#include "request_log.h"

#include <stdio.h>
#include <string.h>

static bool severity_query(const struct api_request *request, int *severity, struct api_reply *reply)
{
	static const char *const names[] = { "info", "warning", "error" };
	char text[16];

	if (!api_query(request, "severity", text, sizeof(text)))
		return true;
	for (*severity = 0; *severity < 3; ++*severity)
		if (strcmp(text, names[*severity]) == 0)
			return true;
	api_problem(reply, 400, "bad-request", "Use info, warning or error; it stands for itself and worse.",
		    "\"%s\" is no severity.", text);
	return false;
}

struct texts {
	char cell[API_NAME_LEN], kind[32], actor[API_NAME_LEN];
};

static bool filter_query(const struct api_request *request, struct store_event_filter *filter, struct texts *texts,
			 struct api_reply *reply)
{
	int64_t limit = 100;

	if (!page_number(request, "limit", 1, 1000, &limit, reply) ||
	    !page_number(request, "before", 1, INT64_MAX, &filter->before, reply) ||
	    !page_number(request, "cursor", 1, filter->before ? filter->before : INT64_MAX, &filter->before, reply) ||
	    !page_number(request, "since", 0, INT64_MAX, &filter->since, reply) ||
	    !page_number(request, "after", 0, INT64_MAX, &filter->after, reply) ||
	    !severity_query(request, &filter->severity, reply))
		return false;
	if (api_query(request, "cell", texts->cell, sizeof(texts->cell)))
		filter->cell = texts->cell;
	if (api_query(request, "kind", texts->kind, sizeof(texts->kind)))
		filter->kind = texts->kind;
	filter->requests = filter->kind && strcmp(filter->kind, REQUEST_EVENT) == 0;
	if (api_query(request, "actor", texts->actor, sizeof(texts->actor)))
		filter->actor = texts->actor;
	filter->limit = (int)limit;
	return true;
}

/* One more was asked for than shall be shown: when it came, there is a next page. */
static void add_next(cJSON *json, cJSON *items, int limit)
{
	const cJSON *last;
	char next[24];

	if (cJSON_GetArraySize(items) <= limit) {
		cJSON_AddNullToObject(json, "next");
		return;
	}
	cJSON_DeleteItemFromArray(items, limit);
	last = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(items, limit - 1), "id");
	snprintf(next, sizeof(next), "%.0f", cJSON_GetNumberValue(last));
	cJSON_AddStringToObject(json, "next", next);
}

void api_events_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_event_filter filter = { 0 };
	struct texts texts;
	cJSON *json, *items;
	int err, limit;

	if (!filter_query(request, &filter, &texts, reply))
		return;
	json = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(json, "items");
	limit = filter.limit++;
	err = agent->store_ops->event_each(agent->store, &filter, event_json_add, items);
	add_next(json, items, limit);
	api_reply_json(reply, 200, json);
	if (err)
		api_problem(reply, 500, "internal", "Look at the board's log.", "The database refused: %s.",
			    strerror(-err));
}

void api_event_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_event event;
	char *words = NULL;
	cJSON *json, *parsed;

	if (agent->store_ops->event_get(agent->store, request->number, &event, &words) != 0) {
		api_problem(reply, 404, "event-not-found",
			    "GET /api/v1/events lists the events; the oldest are not kept.", "There is no event %lld.",
			    (long long)request->number);
		return;
	}
	json = event_json(&event);
	parsed = words ? cJSON_Parse(words) : NULL;
	cJSON_AddItemToObject(json, "last_words", parsed ? parsed : cJSON_CreateNull());
	cJSON_free(words);
	api_reply_json(reply, 200, json);
}
