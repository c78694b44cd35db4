// SPDX-License-Identifier: MIT
#include "request_log.h"

#include <stdio.h>
#include <string.h>

static bool is_write(const char *method)
{
	return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
}

/* The code of a problem document; empty when it is none. */
static void code_of(const struct api_reply *reply, char code[48])
{
	cJSON *json = reply->status >= 400 && reply->body ? cJSON_ParseWithLength(reply->body, reply->size) : NULL;
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "code"));

	snprintf(code, 48, "%s", text ? text : "");
	cJSON_Delete(json);
}

/* The path without the query, and never a body: neither shall bring a secret into the log. */
static void describe(struct store_event *event, const struct api_request *request, const struct api_reply *reply)
{
	cJSON *json = cJSON_CreateObject();
	char code[48];

	code_of(reply, code);
	snprintf(event->detail, sizeof(event->detail), "%s asked from %s for %s %.300s: %d%s%s.", request->who.username,
		 request->remote, request->method, request->path, reply->status, *code ? " " : "", code);
	cJSON_AddStringToObject(json, "remote", request->remote);
	cJSON_AddStringToObject(json, "method", request->method);
	cJSON_AddStringToObject(json, "path", request->path);
	cJSON_AddNumberToObject(json, "status", reply->status);
	cJSON_AddStringToObject(json, "code", code);
	if (!cJSON_PrintPreallocated(json, event->request, sizeof(event->request), false))
		event->request[0] = '\0';
	cJSON_Delete(json);
}

void request_log(struct agent *agent, const struct api_request *request, const struct api_reply *reply)
{
	struct store_event event = { .severity = "info", .kind = REQUEST_EVENT };

	if (!is_write(request->method) || !request->who.username[0])
		return;
	if (strncmp(request->path, "/api/v1/cells/", 14) == 0)
		snprintf(event.cell, sizeof(event.cell), "%s", request->name);
	snprintf(event.actor, sizeof(event.actor), "%s", request->who.username);
	describe(&event, request, reply);
	if (agent->store_ops->event_add(agent->store, &event) != 0)
		agent_log("error", "a request was not recorded: %s", event.detail);
}
