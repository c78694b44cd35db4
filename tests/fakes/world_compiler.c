// SPDX-License-Identifier: MIT
/* Takes {"name":…,"cpu":N,"image":…}, with a policy beside them. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void after_take(const cJSON *list, struct definition_policy *policy)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, list)
		snprintf(policy->after[policy->num_after++], sizeof(policy->after[0]), "%s", item->valuestring);
}

/* Like the real one's, but in milliseconds. False for a member that has no meaning. */
static bool policy_take(const cJSON *json, struct definition_policy *policy)
{
	const cJSON *item;

	*policy = (struct definition_policy){ .limit = 3, .window_ms = 60000 };
	cJSON_ArrayForEach(item, json) {
		if (strcmp(item->string, "restart") == 0)
			policy->restart = strcmp(item->valuestring, "always") == 0 ? POLICY_ALWAYS : POLICY_ON_FAILURE;
		else if (strcmp(item->string, "delay_ms") == 0)
			policy->delay_ms = policy->max_delay_ms = (uint32_t)item->valueint;
		else if (strcmp(item->string, "silence_ms") == 0)
			policy->silence_ms = (uint32_t)item->valueint;
		else if (strcmp(item->string, "after") == 0)
			after_take(item, policy);
		else if (strcmp(item->string, "name") && strcmp(item->string, "cpu") && strcmp(item->string, "image"))
			return false;
	}
	return true;
}

static int compile(void *compiler, const char *text, const struct compile_beside *beside,
		   struct compiled_cell *compiled, cJSON **errors)
{
	cJSON *json = cJSON_Parse(text);
	const char *name = cJSON_GetStringValue(cJSON_GetObjectItem(json, "name"));
	const char *image = cJSON_GetStringValue(cJSON_GetObjectItem(json, "image"));
	const cJSON *cpu = cJSON_GetObjectItem(json, "cpu");

	(void)compiler;
	(void)beside;
	memset(compiled, 0, sizeof(*compiled));
	if (!name || !cJSON_IsNumber(cpu) || !image || !policy_take(json, &compiled->policy)) {
		cJSON *error = cJSON_CreateObject();

		cJSON_AddStringToObject(error, "code", "unknown-member");
		cJSON_AddStringToObject(error, "detail", "The definition needs name, cpu and image, nothing else.");
		*errors = cJSON_CreateArray();
		cJSON_AddItemToArray(*errors, error);
		cJSON_Delete(json);
		return -EINVAL;
	}
	snprintf(compiled->name, sizeof(compiled->name), "%s", name);
	compiled->config = strdup(name);
	compiled->config_size = strlen(name) + 1;
	compiled->cpus = 1ull << cpu->valueint;
	compiled->regions = calloc(1, sizeof(*compiled->regions));
	compiled->regions[0] = (struct compiled_region){ .start = 0x80000000, .size = 0x100000 };
	compiled->num_regions = 1;
	compiled->images = calloc(1, sizeof(*compiled->images));
	snprintf(compiled->images[0].name, API_NAME_LEN, "%s", image);
	compiled->images[0].limit = 64;
	compiled->num_images = 1;
	cJSON_Delete(json);
	return 0;
}

static void compiled_free(struct compiled_cell *compiled)
{
	free(compiled->config);
	free(compiled->regions);
	free(compiled->images);
}

/* A binary of this compiler is its cell's name. */
static int read_binary(void *compiler, const struct binary *binary, struct compiled_cell *compiled)
{
	(void)compiler;
	memset(compiled, 0, sizeof(*compiled));
	snprintf(compiled->name, sizeof(compiled->name), "%s", (const char *)binary->data);
	compiled->cpus = 1 << 2;
	compiled->regions = calloc(1, sizeof(*compiled->regions));
	compiled->regions[0] = (struct compiled_region){ .start = 0x80000000, .size = 0x100000 };
	compiled->num_regions = 1;
	return 0;
}

static const struct compiled_board *board(void *compiler)
{
	static const struct compiled_region regions[] = { { .start = 0x40000000, .size = 0x80000000 } };
	static const struct compiled_board board = { .root = "qemu-virt",
						     .hypervisor = { .start = 0x7fc00000, .size = 0x400000 },
						     .pool = { .start = 0x80000000, .size = 0x40000000 },
						     .regions = regions,
						     .num_regions = 1 };

	(void)compiler;
	return &board;
}

static cJSON *compare(void *compiler, const char *before, const char *after)
{
	cJSON *changes = cJSON_CreateArray(), *change;

	(void)compiler;
	if (strcmp(before, after) == 0)
		return changes;
	change = cJSON_CreateObject();
	cJSON_AddStringToObject(change, "detail", "The CPU is another one.");
	cJSON_AddItemToArray(changes, change);
	return changes;
}

const struct compiler_ops world_compiler_ops = {
	.compile = compile,
	.compare = compare,
	.read = read_binary,
	.free = compiled_free,
	.board = board,
};
