// SPDX-License-Identifier: MIT
#include "intent.h"

#include <stdio.h>
#include <string.h>

#define SETTING_INTENT "command.unfinished"

void intent_boot_id(char id[INTENT_BOOT_ID])
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!file || !fgets(id, INTENT_BOOT_ID, file))
		id[0] = '\0';
	id[strcspn(id, "\n")] = '\0';
	if (file)
		fclose(file);
}

static void put(struct agent *agent, const char *text)
{
	if (agent->store_ops->setting_put(agent->store, SETTING_INTENT, text) != 0)
		agent_log("error", "the command at work was not stored");
}

static void copy(char *to, size_t size, const cJSON *json, const char *member)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, member));

	snprintf(to, size, "%s", text ? text : "");
}

bool intent_left(struct agent *agent, struct intent *intent)
{
	char text[512] = "";
	cJSON *json;

	if (agent->store_ops->setting_get(agent->store, SETTING_INTENT, text, sizeof(text)) != 0)
		return false;
	json = cJSON_Parse(text);
	if (!json)
		return false;
	copy(intent->boot, sizeof(intent->boot), json, "boot");
	copy(intent->verb, sizeof(intent->verb), json, "verb");
	copy(intent->cell, sizeof(intent->cell), json, "cell");
	copy(intent->actor, sizeof(intent->actor), json, "actor");
	intent->attempts = (int)cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, "attempts"));
	cJSON_Delete(json);
	return true;
}

bool intent_is_of_this_boot(const struct intent *intent)
{
	char now[sizeof(intent->boot)];

	intent_boot_id(now);
	return strcmp(intent->boot, now) == 0;
}

static int attempts_before(struct agent *agent, const char *verb, const char *cell)
{
	struct intent left;

	if (!intent_left(agent, &left) || strcmp(left.verb, verb) != 0 || strcmp(left.cell, cell) != 0)
		return 0;
	return left.attempts;
}

void intent_begin(struct agent *agent, const char *verb, const char *cell, const char *actor)
{
	cJSON *json = cJSON_CreateObject();
	char boot[sizeof(((struct intent *)0)->boot)];
	char *text;

	intent_boot_id(boot);
	cJSON_AddStringToObject(json, "boot", boot);
	cJSON_AddStringToObject(json, "verb", verb);
	cJSON_AddStringToObject(json, "cell", cell);
	cJSON_AddStringToObject(json, "actor", actor);
	cJSON_AddNumberToObject(json, "attempts", attempts_before(agent, verb, cell) + 1);
	text = cJSON_PrintUnformatted(json);
	if (text)
		put(agent, text);
	cJSON_free(text);
	cJSON_Delete(json);
}

void intent_end(struct agent *agent)
{
	put(agent, "");
}
