// SPDX-License-Identifier: MIT
/* /api/v1/operations: commands that were given, and what has become of them. */
#include "agent.h"
#include "command_wait.h"
#include "operations.h"
#include "page.h"
#include "preset_life.h"
#include "supervisor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of one that was refused: the problem document that an answer which waited would have been. */
static cJSON *result_json(const struct operation *operation)
{
	struct api_reply refusal;
	cJSON *json;

	if (operation->state != OPERATION_REFUSED && operation->state != OPERATION_CANCELLED)
		return cJSON_CreateNull();
	api_reply_init(&refusal);
	api_refused(&refusal, &operation->outcome.reason, operation->outcome.error);
	json = cJSON_Parse(refusal.body);
	api_reply_free(&refusal);
	return json;
}

static cJSON *progress_json(const struct operation *operation)
{
	cJSON *json;

	if (!operation->doing[0])
		return cJSON_CreateNull();
	json = cJSON_CreateObject();
	cJSON_AddNumberToObject(json, "step", operation->steps);
	cJSON_AddStringToObject(json, "doing", operation->doing);
	return json;
}

/* What it changes: where the 200 of an answer that waited can be had when it is done. */
static void add_resource(cJSON *json, const struct operation *operation)
{
	char path[API_NAME_LEN + 32] = "/api/v1/hypervisor";

	if (strncmp(operation->cell, PRESET_ORDER, strlen(PRESET_ORDER)) == 0)
		snprintf(path, sizeof(path), "/api/v1/presets/%s", operation->cell + strlen(PRESET_ORDER));
	else if (operation->cell[0])
		snprintf(path, sizeof(path), "/api/v1/cells/%s", operation->cell);
	else if (strcmp(operation->verb, "audit") == 0)
		strcat(path, "/audit");
	cJSON_AddStringToObject(json, "resource", path);
}

static cJSON *operation_json(const struct operation *operation)
{
	static const char *const states[] = { "waiting", "running", "done", "refused", "cancelled" };
	cJSON *json = cJSON_CreateObject();

	cJSON_AddNumberToObject(json, "id", (double)operation->id);
	cJSON_AddStringToObject(json, "verb", operation->verb);
	cJSON_AddStringToObject(json, "cell", operation->cell);
	cJSON_AddStringToObject(json, "actor", operation->actor);
	cJSON_AddStringToObject(json, "state", states[operation->state]);
	cJSON_AddNumberToObject(json, "asked", (double)operation->asked);
	if (operation->ended)
		cJSON_AddNumberToObject(json, "ended", (double)operation->ended);
	else
		cJSON_AddNullToObject(json, "ended");
	add_resource(json, operation);
	cJSON_AddItemToObject(json, "progress", progress_json(operation));
	cJSON_AddItemToObject(json, "result", result_json(operation));
	return json;
}

void api_operations_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct operation *list;
	cJSON *json, *items;
	struct page page;
	size_t count;

	if (!page_by_number(request, &page, reply))
		return;
	list = calloc(OPERATIONS_KEPT, sizeof(*list));
	count = list ? operations_list(agent->operations, list) : 0;
	json = cJSON_CreateObject();
	items = cJSON_AddArrayToObject(json, "items");
	for (size_t i = 0; i < count; i++)
		if (page_takes_number(&page, list[i].id))
			cJSON_AddItemToArray(items, operation_json(&list[i]));
	free(list);
	page_end(&page, json);
	api_reply_json(reply, 200, json);
}

static bool find(struct agent *agent, const struct api_request *request, struct operation *operation, int *ahead,
		 struct api_reply *reply)
{
	/* Only when it is asked for: a state that goes on is an answer, too. */
	int wait_ms = command_wait_preferred_ms(request, 0);

	if (operations_wait(agent->operations, request->number, wait_ms, operation, ahead) == 0)
		return true;
	api_problem(reply, 404, "operation-not-found", "GET /api/v1/operations lists those that are known; events are kept longer.",
		    "There is no operation %lld, or it is long ago.", (long long)request->number);
	return false;
}

void api_operation_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct operation operation;
	cJSON *json;
	int ahead;

	if (!find(agent, request, &operation, &ahead, reply))
		return;
	json = operation_json(&operation);
	cJSON_AddNumberToObject(json, "ahead", ahead);
	api_reply_json(reply, 200, json);
}

void api_operation_cancel(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct operation operation;
	int ahead;

	if (!find(agent, request, &operation, &ahead, reply))
		return;
	/* As to give it: commands on the hypervisor are the administrator's. */
	if (!operation.cell[0] && request->who.role < API_ROLE_ADMIN) {
		api_problem(reply, 403, "role-too-low", "Ask an administrator.", "The role of %s does not allow this.",
			    request->who.username);
		return;
	}
	if (supervisor_cancel(agent->supervisor, operation.id) == 0)
		api_operation_get(agent, request, reply);
	else
		api_problem(reply, 409, "operation-begun", "Wait for its end; stop the cell to undo a start.",
			    "Operation %lld has begun: what is half done helps nobody.", (long long)operation.id);
}
