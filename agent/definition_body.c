// SPDX-License-Identifier: MIT
#include "definition_body.h"

/* Takes `start_at_boot` out of the body: the rest is the definition, judged by its compiler. */
bool definition_take_start_at_boot(cJSON *body, bool *value, struct api_reply *reply)
{
	struct json_problem problem = { 0 };

	if (!json_get_bool(body, "start_at_boot", value, &problem)) {
		api_problem_json(reply, &problem);
		return false;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(body, "start_at_boot");
	return true;
}

cJSON *definition_body(const struct api_request *request, struct api_reply *reply)
{
	struct json_problem problem;
	cJSON *body = json_parse(request->body ? request->body : "", request->body_size, &problem);

	if (body && cJSON_IsObject(body))
		return body;
	if (body)
		problem = (struct json_problem){ .code = "json-type", .detail = "A definition is a JSON object." };
	cJSON_Delete(body);
	api_problem_json(reply, &problem);
	return NULL;
}
