// SPDX-License-Identifier: MIT
/* /api/v1/definitions: what one looks like; everything that is wrong with one, and everything that would stop it from starting now. */
#include "agent.h"
#include "cell_json.h"
#include "definition_body.h"
#include "placement.h"

#include <definition.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_missing(cJSON *conflicts, const struct compiled_image *image, size_t index, const char *code,
			const char *detail, const char *remedy)
{
	cJSON *json = cJSON_CreateObject();
	char pointer[32], text[160];

	if (image->role == IMAGE_PLAIN)
		snprintf(pointer, sizeof(pointer), "/images/%zu", index);
	else
		snprintf(pointer, sizeof(pointer), "/linux/%s", image->role == IMAGE_KERNEL ? "kernel" : "initrd");
	snprintf(text, sizeof(text), detail, image->name);
	cJSON_AddStringToObject(json, "code", code);
	cJSON_AddStringToObject(json, "detail", text);
	cJSON_AddStringToObject(json, "pointer", pointer);
	cJSON_AddStringToObject(json, "remedy", remedy);
	cJSON_AddItemToArray(conflicts, json);
}

static void add_images(struct agent *agent, cJSON *conflicts, const struct compiled_cell *compiled)
{
	struct store_image stored;

	for (size_t i = 0; i < compiled->num_images; i++) {
		const struct compiled_image *image = &compiled->images[i];

		if (agent->store_ops->image_get(agent->store, image->name, &stored) != 0)
			add_missing(conflicts, image, i, "image-missing", "The image \"%s\" is not on the board.",
				    "PUT the image under that name.");
		else if (stored.size > image->limit)
			add_missing(conflicts, image, i, "image-too-large",
				    "The image \"%s\" is larger than its place.",
				    "Enlarge the region or take a smaller image.");
	}
}

/* Beside the cells that are created at this moment. */
static int add_conflicts(struct agent *agent, cJSON *json, const struct store_cell *cell,
			 const struct compiled_cell *alone)
{
	struct compiled_cell compiled;
	cJSON *errors = NULL;
	int err = placement_try(agent, cell, &compiled, &errors);

	if (err && err != -EINVAL)
		return err;
	if (!err) {
		cell_json_resources(json, &compiled, false);
		agent->compiler_ops->free(&compiled);
	} else {
		cell_json_resources(json, alone, true);
	}
	cJSON_AddItemToObject(json, "warnings",
			      alone->warnings ? cJSON_Duplicate(alone->warnings, true) : cJSON_CreateArray());
	cJSON_AddItemToObject(json, "conflicts", errors ? errors : cJSON_CreateArray());
	add_images(agent, cJSON_GetObjectItemCaseSensitive(json, "conflicts"), alone);
	return 0;
}

static int check(struct agent *agent, const char *text, cJSON *json)
{
	struct store_cell cell = { .definition = (char *)(uintptr_t)text };
	struct compiled_cell compiled;
	cJSON *errors = NULL;
	int err = agent->compiler_ops->compile(agent->compiler, text, NULL, &compiled, &errors);

	if (err && err != -EINVAL)
		return err;
	cJSON_AddBoolToObject(json, "valid", !err);
	cJSON_AddItemToObject(json, "errors", errors ? errors : cJSON_CreateArray());
	if (err)
		return 0;
	snprintf(cell.name, sizeof(cell.name), "%s", compiled.name);
	cJSON_AddStringToObject(json, "name", cell.name);
	err = add_conflicts(agent, json, &cell, &compiled);
	agent->compiler_ops->free(&compiled);
	return err;
}

/* The handler's text is printed anew: places are those of the text that was sent. */
static void locate_all(struct agent *agent, const struct api_request *request, cJSON *json)
{
	static const char *const lists[] = { "errors", "conflicts", "warnings" };

	for (size_t i = 0; agent->compiler_ops->locate && i < sizeof(lists) / sizeof(lists[0]); i++)
		agent->compiler_ops->locate(request->body, request->body_size,
					    cJSON_GetObjectItemCaseSensitive(json, lists[i]));
}

void api_definition_check(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	cJSON *body = definition_body(request, reply), *json;
	bool start_at_boot;
	char *text;
	int err;

	if (!body)
		return;
	if (!definition_take_start_at_boot(body, &start_at_boot, reply)) {
		cJSON_Delete(body);
		return;
	}
	text = cJSON_PrintUnformatted(body);
	json = cJSON_CreateObject();
	err = text ? check(agent, text, json) : -ENOMEM;
	locate_all(agent, request, json);
	api_reply_json(reply, 200, json);
	if (err)
		api_problem(reply, 500, "internal", "Try again.", "The definition could not be checked.");
	cJSON_free(text);
	cJSON_Delete(body);
}

void api_definition_schema(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	(void)agent;
	(void)request;
	reply->status = 200;
	reply->type = "application/schema+json";
	reply->constant = definition_schema();
	reply->size = strlen(definition_schema());
}
