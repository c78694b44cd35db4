// SPDX-License-Identifier: MIT
#include "event_json.h"

cJSON *event_json(const struct store_event *event)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "id", (double)event->id);
	cJSON_AddNumberToObject(json, "time", (double)event->time);
	cJSON_AddStringToObject(json, "severity", event->severity);
	cJSON_AddStringToObject(json, "kind", event->kind);
	cJSON_AddStringToObject(json, "cell", event->cell);
	cJSON_AddStringToObject(json, "actor", event->actor);
	cJSON_AddStringToObject(json, "detail", event->detail);
	if (event->request[0])
		cJSON_AddItemToObject(json, "request", cJSON_Parse(event->request));
	return json;
}

int event_json_add(void *context, const struct store_event *event)
{
	cJSON_AddItemToArray(context, event_json(event));
	return 0;
}
