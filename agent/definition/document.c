// SPDX-License-Identifier: MIT
/* The JSON text: strict, without duplicate keys. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "record.h"
#include "scan.h"

#define MEMBERS_MAX 64 /* of an object: more than any has, and duplicates are searched pairwise */

/* About bytes of the text that no JSON pointer names. */
static void refuse_bytes(struct compiler *compiler, uint32_t start, uint32_t end)
{
	struct definition_problem *problem = &compiler->problems->items[compiler->problems->count - 1];

	problem->line = start + 1; /* problems_settle() makes a line and a column of it */
	problem->length = end - start;
}

static void refuse_duplicate(struct compiler *compiler, const cJSON *item, const char *pointer,
			     const struct scan_node *node)
{
	size_t before = compiler->problems->count;

	compiler_refuse(compiler, pointer, "duplicate-field", "Keep one of them.",
			"The field \"%.60s\" is there twice.", item->string);
	if (compiler->problems->count > before)
		refuse_bytes(compiler, node->key, node->key_end);
}

static void object_check(struct compiler *compiler, const struct scan *scan, const cJSON *object, uint32_t node,
			 const char *pointer)
{
	const cJSON *item, *other;
	char at[128];

	if (cJSON_GetArraySize(object) > MEMBERS_MAX) {
		compiler_refuse(compiler, pointer, "too-many-fields", "Take out what is not of the format.",
				"The object has %d fields, more than %d.", cJSON_GetArraySize(object), MEMBERS_MAX);
		return;
	}
	node = scan->nodes[node].child;
	cJSON_ArrayForEach(item, object) {
		pointer_append(at, pointer, item->string);
		for (other = object->child; other != item; other = other->next) {
			if (strcmp(other->string, item->string) == 0) {
				refuse_duplicate(compiler, item, at, &scan->nodes[node]);
				break;
			}
		}
		node = scan->nodes[node].next;
	}
}

/* The scan has the same values in the same order, and has bounded the depth. */
static void tree_check(struct compiler *compiler, const struct scan *scan, const cJSON *json, uint32_t node,
		       const char *pointer)
{
	const cJSON *item;
	char at[128], number[16];
	int i = 0;

	if (cJSON_IsObject(json))
		object_check(compiler, scan, json, node, pointer);
	node = scan->nodes[node].child;
	cJSON_ArrayForEach(item, json) {
		snprintf(number, sizeof(number), "%d", i++);
		if (item->child) {
			pointer_append(at, pointer, item->string ? item->string : number);
			tree_check(compiler, scan, item, node, at);
		}
		node = scan->nodes[node].next;
	}
}

static void refuse_syntax(struct compiler *compiler, const struct scan_error *error)
{
	size_t before = compiler->problems->count;

	compiler_refuse(compiler, "", error->code, error->remedy, "%s", error->text);
	if (compiler->problems->count > before)
		refuse_bytes(compiler, error->start, error->end);
}

cJSON *document_parse(struct compiler *compiler, struct scan *scan, const char *text, size_t length)
{
	struct scan_error error = { 0 };
	cJSON *json;
	int err;

	*scan = (struct scan){ .text = text };
	if (length > DEFINITION_TEXT_MAX)
		compiler_refuse(compiler, "", "text-too-large", "Look whether it is the right file: a definition has some kilobytes.",
				"The text has %zu bytes, at most %u are read.", length, DEFINITION_TEXT_MAX);
	else if (strlen(text) != length)
		compiler_refuse(compiler, "", "text-with-nul", "Save the file as UTF-8; a binary is read by jailhouse config decompile.",
				"Byte %zu of the text is a NUL, which no text has.", strlen(text));
	if (compiler->problems->errors)
		return NULL;
	err = scan_text(scan, text, length, &error);
	if (err == -EINVAL)
		refuse_syntax(compiler, &error);
	json = err ? NULL : cJSON_ParseWithLengthOpts(text, length + 1, NULL, 1);
	if (json)
		tree_check(compiler, scan, json, 0, "");
	else if (err != -EINVAL)
		compiler->no_memory = true;
	return json;
}
