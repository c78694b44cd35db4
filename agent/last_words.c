// SPDX-License-Identifier: MIT
#include "last_words.h"

#include "console.h"
#include "follow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONSOLE_MAX   4096
#define LOG_MAX	      4096
#define RECORDS_MAX   24
#define SETTLE_TRIES \
	20 /* of 5 ms: what the cell printed last is on its way to us, and nobody can say whether there is more */

static uint64_t end_of(struct console *console)
{
	struct console_view view;

	console_view(console, &view);
	return view.end;
}

static void settle(struct console *console)
{
	uint64_t before = end_of(console);

	for (int i = 0; i < SETTLE_TRIES; i++) {
		usleep(5000);
		if (end_of(console) == before && i)
			return;
		before = end_of(console);
	}
}

static void add_console(struct agent *agent, cJSON *json, const char *name)
{
	struct console *console = follow_take(agent, name);
	char *text = malloc(CONSOLE_MAX);

	if (console && text) {
		settle(console);
		console_tail(console, text, CONSOLE_MAX);
		cJSON_AddStringToObject(json, "console", text);
	}
	console_release(console);
	free(text);
}

/* A record has the cell's name between tabs, in the seventh field; the eighth is text. */
static bool is_of_cell(const char *line, const char *name)
{
	for (int field = 1; field < 7 && line; field++) {
		line = strchr(line, '\t');
		line = line ? line + 1 : NULL;
	}
	return line && strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == '\t';
}

static void add_records(struct agent *agent, cJSON *json, const char *name)
{
	cJSON *records = cJSON_AddArrayToObject(json, "recorder");
	char *all = NULL, *text, *line, *next = NULL;
	size_t size = 0;

	if (agent->driver_ops->recorder(agent->driver, false, &all, &size) != 0)
		return;
	text = strndup(all, size);
	free(all);
	for (line = text ? strtok_r(text, "\n", &next) : NULL; line; line = strtok_r(NULL, "\n", &next)) {
		if (!is_of_cell(line, name))
			continue;
		cJSON_AddItemToArray(records, cJSON_CreateString(line));
		if (cJSON_GetArraySize(records) > RECORDS_MAX)
			cJSON_DeleteItemFromArray(records, 0);
	}
	free(text);
}

/* The end of it, from the beginning of a line. */
static void add_log(struct agent *agent, cJSON *json)
{
	char *text = NULL, end[LOG_MAX + 1];
	const char *line;
	size_t size = 0, kept;

	if (agent->driver_ops->log(agent->driver, &text, &size) != 0)
		return;
	kept = size < LOG_MAX ? size : LOG_MAX;
	memcpy(end, text + size - kept, kept);
	end[kept] = '\0';
	free(text);
	for (size_t i = 0; i < kept; i++)
		if ((unsigned char)end[i] >= 0x80 || !end[i])
			end[i] = '?';
	line = kept < size ? strchr(end, '\n') : NULL;
	cJSON_AddStringToObject(json, "hypervisor", line ? line + 1 : end);
}

char *last_words(struct agent *agent, const char *name, const struct driver_reason *reason)
{
	cJSON *json = cJSON_CreateObject(), *why = cJSON_AddObjectToObject(json, "reason");
	char *text;

	cJSON_AddStringToObject(why, "code", reason->code);
	cJSON_AddStringToObject(why, "detail", reason->text);
	cJSON_AddStringToObject(why, "remedy", reason->remedy);
	add_console(agent, json, name);
	add_records(agent, json, name);
	add_log(agent, json);
	text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	return text;
}
