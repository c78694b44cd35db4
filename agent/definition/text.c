// SPDX-License-Identifier: MIT
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "text.h"

struct writer {
	char *bytes;
	size_t length, room;
	bool failed;
};

static void put(struct writer *writer, const char *text, size_t length)
{
	char *bytes;

	if (length >= writer->room - writer->length) {
		bytes = realloc(writer->bytes, 2 * (writer->room + length));
		writer->failed |= !bytes;
		if (!bytes)
			return;
		writer->bytes = bytes;
		writer->room = 2 * (writer->room + length);
	}
	memcpy(writer->bytes + writer->length, text, length);
	writer->length += length;
	writer->bytes[writer->length] = '\0';
}

static void put_text(struct writer *writer, const char *text)
{
	put(writer, text, strlen(text));
}

static void put_line(struct writer *writer, unsigned depth)
{
	put_text(writer, "\n");
	while (depth--)
		put_text(writer, "\t");
}

static void put_scalar(struct writer *writer, const cJSON *json)
{
	char *text = cJSON_PrintUnformatted(json);

	writer->failed |= !text;
	if (text)
		put_text(writer, text);
	cJSON_free(text);
}

/* A string of the same bytes, escaped. */
static void put_key(struct writer *writer, const char *key)
{
	cJSON *json = cJSON_CreateStringReference(key);

	put_scalar(writer, json);
	put_text(writer, ": ");
	cJSON_Delete(json);
}

/* The document, its root cell and lists of records have a line for each member; anything else is one line. */
static bool is_open(const cJSON *json, unsigned depth)
{
	if (cJSON_IsObject(json))
		return depth == 0 || (json->string && strcmp(json->string, "root") == 0);
	return cJSON_IsObject(json->child);
}

static void put_value(struct writer *writer, const cJSON *json, unsigned depth)
{
	bool object = cJSON_IsObject(json), open;
	const cJSON *item;

	if (!object && !cJSON_IsArray(json)) {
		put_scalar(writer, json);
		return;
	}
	open = is_open(json, depth) && json->child;
	put_text(writer, object ? "{" : "[");
	cJSON_ArrayForEach(item, json) {
		if (open)
			put_line(writer, depth + 1);
		if (object)
			put_key(writer, item->string);
		put_value(writer, item, depth + 1);
		if (item->next)
			put_text(writer, open ? "," : ", ");
	}
	if (open)
		put_line(writer, depth);
	put_text(writer, object ? "}" : "]");
}

char *text_of(const cJSON *json)
{
	struct writer writer = { .bytes = malloc(256), .room = 256 };

	if (!writer.bytes)
		return NULL;
	put_value(&writer, json, 0);
	put_text(&writer, "\n");
	if (!writer.failed)
		return writer.bytes;
	free(writer.bytes);
	return NULL;
}

/* Bytes of the character at `at`, 0 when it is none. */
static size_t character(const unsigned char *at, size_t left)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = at[0] < 0x80	      ? 1 :
		      (at[0] & 0xe0) == 0xc0 ? 2 :
		      (at[0] & 0xf0) == 0xe0 ? 3 :
		      (at[0] & 0xf8) == 0xf0 ? 4 :
					       0;
	uint32_t value = size == 1 ? at[0] : at[0] & (0x7fu >> size);

	if (!size || size > left)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (at[i] & 0x3f);
	}
	return value < least[size] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0 : size;
}

bool text_is_utf8(const char *text, size_t length)
{
	size_t size = 1;

	for (size_t at = 0; at < length && size; at += size)
		size = character((const unsigned char *)text + at, length - at);
	return size != 0;
}
