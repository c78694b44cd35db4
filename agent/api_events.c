// SPDX-License-Identifier: MIT
/* /api/v1/events: what happened, newest first, in pages. */
#include "agent.h"
#include "event_json.h"

#include <stdlib.h>
#include <string.h>

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

	if (!number_query(request, "limit", 1, 1000, &limit, reply) ||
	    !number_query(request, "before", 1, INT64_MAX, &filter->before, reply) ||
	    !number_query(request, "after", 0, INT64_MAX, &filter->after, reply) ||
	    !severity_query(request, &filter->severity, reply))
		return false;
	if (api_query(request, "cell", texts->cell, sizeof(texts->cell)))
		filter->cell = texts->cell;
	if (api_query(request, "kind", texts->kind, sizeof(texts->kind)))
		filter->kind = texts->kind;
	if (api_query(request, "actor", texts->actor, sizeof(texts->actor)))
		filter->actor = texts->actor;
	filter->limit = (int)limit;
	return true;
}

/* One more was asked for than shall be shown: when it came, there is a next page. */
static void add_next(cJSON *json, cJSON *items, int limit)
{
	const cJSON *last;

	if (cJSON_GetArraySize(items) <= limit) {
		cJSON_AddNullToObject(json, "next");
		return;
	}
	cJSON_DeleteItemFromArray(items, limit);
	last = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(items, limit - 1), "id");
	cJSON_AddNumberToObject(json, "next", cJSON_GetNumberValue(last));
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
