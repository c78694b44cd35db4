// SPDX-License-Identifier: MIT
/* The JSON text: strict, without duplicate keys; and where in it a JSON pointer leads. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"

#define MEMBERS_MAX  64	  /* of an object: more than any has, and duplicates are searched pairwise */
#define PROBLEMS_MAX 1000 /* more nobody reads, and each takes half a kilobyte */

static void position_of(const char *text, const char *at, unsigned *line, unsigned *column)
{
	*line = *column = 1;
	for (; *text && text < at; text++, ++*column) {
		if (*text == '\n') {
			++*line;
			*column = 0;
		}
	}
}

void compiler_refuse(struct compiler *compiler, const char *pointer, const char *code, const char *remedy,
		     const char *format, ...)
{
	struct definition_problems *list = compiler->problems;
	struct definition_problem *items, *problem;
	va_list arguments;

	if (list->count >= PROBLEMS_MAX)
		return;
	items = realloc(list->items, (list->count + 1) * sizeof(*items));
	if (!items) {
		compiler->no_memory = true;
		return;
	}
	list->items = items;
	problem = &items[list->count++];
	memset(problem, 0, sizeof(*problem));
	snprintf(problem->code, sizeof(problem->code), "%s", code);
	snprintf(problem->pointer, sizeof(problem->pointer), "%s", pointer);
	snprintf(problem->remedy, sizeof(problem->remedy), "%s", remedy);
	va_start(arguments, format);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	va_end(arguments);
	position_find(compiler->text, pointer, &problem->line, &problem->column);
}

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
	}
	return *at ? at + 1 : at;
}

/* The text is valid JSON by now: brackets match, and only strings can hide them. */
static const char *skip_value(const char *at)
{
	int depth = 0;

	do {
		at = skip_blanks(at);
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		at += *at ? 1 : 0;
		if (!depth)
			at += strcspn(at, ",]} \t\r\n");
	} while (*at && depth > 0);
	return at;
}

static const char *member_find(const char *at, const char *key, size_t length)
{
	const char *name;

	for (at = skip_blanks(at + 1); *at == '"'; at = skip_blanks(at + 1)) {
		name = at;
		at = skip_blanks(skip_string(at));
		if (strncmp(name + 1, key, length) == 0 && name[length + 1] == '"')
			return skip_blanks(at + 1);
		at = skip_blanks(skip_value(at + 1));
		if (*at != ',')
			return NULL;
	}
	return NULL;
}

static const char *element_find(const char *at, unsigned long index)
{
	at = skip_blanks(at + 1);
	while (index-- && *at && *at != ']') {
		at = skip_blanks(skip_value(at));
		if (*at != ',')
			return NULL;
		at = skip_blanks(at + 1);
	}
	return at;
}

void position_find(const char *text, const char *pointer, unsigned *line, unsigned *column)
{
	const char *at, *next;

	for (at = skip_blanks(text); *pointer == '/'; at = next) {
		size_t length = strcspn(++pointer, "/");

		next = *at == '{' ? member_find(at, pointer, length) :
		       *at == '[' ? element_find(at, strtoul(pointer, NULL, 10)) :
				    NULL;
		if (!next)
			break;
		pointer += length;
	}
	position_of(text, at, line, column);
}

static void object_check(struct compiler *compiler, const cJSON *object)
{
	const cJSON *item, *other;
	int count = 0;

	cJSON_ArrayForEach(item, object) {
		if (++count > MEMBERS_MAX) {
			compiler_refuse(compiler, "", "too-many-fields", "Take out what is not of the format.",
					"An object has more than %d fields.", MEMBERS_MAX);
			return;
		}
		for (other = object->child; other != item; other = other->next) {
			if (strcmp(other->string, item->string) == 0)
				compiler_refuse(compiler, "", "duplicate-field", "Keep one of them.",
						"The field \"%.60s\" is there twice.", item->string);
		}
	}
}

/* cJSON bounds the depth (1000). */
static void tree_check(struct compiler *compiler, const cJSON *json)
{
	const cJSON *item;

	if (cJSON_IsObject(json))
		object_check(compiler, json);
	cJSON_ArrayForEach(item, json)
		tree_check(compiler, item);
}

static void refuse_syntax(struct compiler *compiler, const char *at)
{
	struct definition_problem *problem;
	size_t count = compiler->problems->count;

	compiler_refuse(compiler, "", "broken-json",
			"Look at this place and just before it: a comma, quote or bracket.", "The text is not JSON.");
	if (compiler->problems->count == count)
		return;
	problem = &compiler->problems->items[count];
	position_of(compiler->text, at, &problem->line, &problem->column);
}

cJSON *document_parse(struct compiler *compiler, const char *text, size_t length)
{
	const char *end = text;
	cJSON *json;

	if (length > DEFINITION_TEXT_MAX || strlen(text) != length) {
		compiler_refuse(compiler, "", "bad-text", "Give a JSON text of at most 1 MiB.",
				"The text has %zu bytes or contains a NUL.", length);
		return NULL;
	}
	json = cJSON_ParseWithLengthOpts(text, length + 1, &end, 1);
	if (!json)
		refuse_syntax(compiler, end ? end : text);
	else
		tree_check(compiler, json);
	return json;
}
