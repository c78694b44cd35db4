// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"

uint64_t bytes_get(const uint8_t *bytes, unsigned width)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

void bytes_put(uint8_t *bytes, unsigned width, uint64_t value)
{
	for (unsigned i = 0; i < width; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
}

static unsigned suffix_shift(const char *end)
{
	const char *found;

	if (!end[0] || end[1])
		return 64;
	found = strchr("KMG", end[0]);
	return found ? 10 * (unsigned)(found - "KMG" + 1) : 64;
}

/* "0x…", "123", "64M"; strtoull() alone would take signs and blanks too. */
static bool text_number(const char *text, uint64_t *value)
{
	bool hex = text[0] == '0' && text[1] == 'x';
	unsigned shift;
	char *end;

	if (!strchr("0123456789", text[0]) || !text[0] || (hex && !strchr("0123456789abcdefABCDEF", text[2])))
		return false;
	errno = 0;
	*value = strtoull(text, &end, hex ? 16 : 10);
	if (errno || !*end)
		return !errno;
	shift = suffix_shift(end);
	if (hex || shift == 64 || *value > UINT64_MAX >> shift)
		return false;
	*value <<= shift;
	return true;
}

bool number_read(struct compiler *compiler, const cJSON *json, const char *pointer, uint64_t max, uint64_t *value)
{
	bool good = false;

	if (cJSON_IsString(json))
		good = text_number(json->valuestring, value);
	else if (cJSON_IsNumber(json) && json->valuedouble >= 0 && json->valuedouble <= 9007199254740991.0) {
		*value = (uint64_t)json->valuedouble;
		good = (double)*value == json->valuedouble;
	}
	if (!good)
		compiler_refuse(compiler, pointer, "not-a-number",
				"Write 12, \"0x80000000\" or a size such as \"64M\"; above 2^53 only as a string.",
				"%s is not a whole number from 0 to 2^64 - 1.", pointer);
	else if (*value > max)
		compiler_refuse(compiler, pointer, "number-too-large", "Give a smaller number.",
				"%s is 0x%" PRIx64 ", at most 0x%" PRIx64 " fits.", pointer, *value, max);
	return good && *value <= max;
}

bool is_word(const cJSON *json, const char *word)
{
	return cJSON_IsString(json) && strcmp(json->valuestring, word) == 0;
}

static uint64_t width_max(unsigned width)
{
	return width >= 8 ? UINT64_MAX : (1ull << (8 * width)) - 1;
}

static bool word_value(const struct word *words, const char *name, uint64_t *value)
{
	for (; words->name; words++) {
		if (strcmp(words->name, name) == 0) {
			*value = words->value;
			return true;
		}
	}
	return false;
}

static void word_list(const struct word *words, char *list, size_t size)
{
	size_t used = 0;

	list[0] = '\0';
	for (; words->name && used + strlen(words->name) + 3 < size; words++)
		used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", words->name);
}

/* A known word, or a number for what has none. */
static uint64_t word_read(struct compiler *compiler, const struct field *field, const cJSON *json,
			  const char *pointer)
{
	char known[200];
	uint64_t value = 0;

	if (cJSON_IsString(json) && word_value(field->words, json->valuestring, &value))
		return value;
	if (cJSON_IsNumber(json) || (cJSON_IsString(json) && text_number(json->valuestring, &value)))
		return number_read(compiler, json, pointer, width_max(field->width), &value) ? value : 0;
	word_list(field->words, known, sizeof(known));
	compiler_refuse(compiler, pointer, "unknown-word", "Take one of the words, or a number.",
			"%s is \"%.40s\", known are %s.", pointer,
			cJSON_IsString(json) ? json->valuestring : "not a string", known);
	return 0;
}

static void flags_read(struct compiler *compiler, const struct field *field, const cJSON *json,
		       const char *pointer, uint8_t *bytes)
{
	const cJSON *item;
	char at[128];
	uint64_t flags = 0;
	int i = 0;

	if (!cJSON_IsArray(json)) {
		compiler_refuse(compiler, pointer, "not-a-list", "Write a list such as [\"read\"].",
				"%s is not a list of words.", pointer);
		return;
	}
	cJSON_ArrayForEach(item, json) {
		snprintf(at, sizeof(at), "%.110s/%d", pointer, i++);
		flags |= word_read(compiler, field, item, at);
	}
	bytes_put(bytes, field->width, flags);
}

/* "bus:device.function" in hexadecimal, as lspci prints it. */
static void bdf_read(struct compiler *compiler, const cJSON *json, const char *pointer, uint8_t *bytes)
{
	unsigned bus, device, function;
	char tail;

	if (cJSON_IsString(json) && strlen(json->valuestring) == 7 &&
	    sscanf(json->valuestring, "%2x:%2x.%1x%c", &bus, &device, &function, &tail) == 3 && device < 32 &&
	    function < 8)
		bytes_put(bytes, 2, bus << 8 | device << 3 | function);
	else
		compiler_refuse(compiler, pointer, "bad-pci-address", "Write it as lspci does, such as \"00:01.0\".",
				"%s is not a PCI address.", pointer);
}

static void numbers_read(struct compiler *compiler, const struct field *field, const cJSON *json,
			 const char *pointer, uint8_t *bytes)
{
	const cJSON *item;
	char at[128];
	uint64_t value;
	unsigned i = 0;

	if (!cJSON_IsArray(json) || cJSON_GetArraySize(json) > (int)field->count) {
		compiler_refuse(compiler, pointer, "bad-list", "Leave out zeroes at the end.",
				"%s is not a list of at most %u numbers.", pointer, field->count);
		return;
	}
	cJSON_ArrayForEach(item, json) {
		snprintf(at, sizeof(at), "%.110s/%u", pointer, i);
		if (number_read(compiler, item, at, width_max(field->width), &value))
			bytes_put(bytes + i * field->width, field->width, value);
		i++;
	}
}

static void field_read(struct compiler *compiler, const struct field *field, const cJSON *json,
		       const char *pointer, uint8_t *bytes)
{
	uint64_t value;

	if (field->kind == FIELD_PLACE && is_word(json, "auto"))
		return;
	if (field->kind == FIELD_FLAGS)
		flags_read(compiler, field, json, pointer, bytes);
	else if (field->kind == FIELD_BOOL && cJSON_IsBool(json))
		bytes_put(bytes, field->width, cJSON_IsTrue(json));
	else if (field->kind == FIELD_ENUM)
		bytes_put(bytes, field->width, word_read(compiler, field, json, pointer));
	else if (field->kind == FIELD_BDF)
		bdf_read(compiler, json, pointer, bytes);
	else if (field->count > 1)
		numbers_read(compiler, field, json, pointer, bytes);
	else if (number_read(compiler, json, pointer, width_max(field->width), &value))
		bytes_put(bytes, field->width, value);
}

static const struct field *field_find(const struct record *record, const char *key)
{
	for (const struct field *field = record->fields; field->key; field++) {
		if (strcmp(field->key, key) == 0)
			return field;
	}
	return NULL;
}

static bool listed(const char *const *others, const char *key)
{
	for (; others && *others; others++) {
		if (strcmp(*others, key) == 0)
			return true;
	}
	return false;
}

static void text_check(struct compiler *compiler, const cJSON *json, const char *pointer)
{
	if (!cJSON_IsString(json))
		compiler_refuse(compiler, pointer, "not-a-text", "Write it in quotes.", "%s is not a text.", pointer);
}

void record_compile(struct compiler *compiler, const struct record *record, const cJSON *json,
		    const char *pointer, uint8_t *bytes)
{
	const struct field *field;
	const cJSON *item;
	char at[128];

	if (!cJSON_IsObject(json)) {
		compiler_refuse(compiler, pointer, "not-an-object", "Write { … } here.", "%s is not an object.",
				*pointer ? pointer : "The definition");
		return;
	}
	cJSON_ArrayForEach(item, json) {
		pointer_append(at, pointer, item->string);
		field = field_find(record, item->string);
		if (field)
			field_read(compiler, field, item, at, bytes + field->offset);
		else if (strcmp(item->string, "description") == 0 && listed(record->others, item->string))
			text_check(compiler, item, at);
		else if (!listed(record->others, item->string))
			compiler_refuse(compiler, at, "unknown-field", "Correct its spelling or take it out.",
					"There is no field \"%.60s\" here.", item->string);
	}
}

static cJSON *number_json(uint64_t value)
{
	char text[24];

	if (value < 4096)
		return cJSON_CreateNumber((double)value);
	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return cJSON_CreateString(text);
}

static cJSON *words_json(const struct field *field, uint64_t value)
{
	cJSON *list = cJSON_CreateArray();

	for (const struct word *word = field->words; word->name; word++) {
		if (value & word->value)
			cJSON_AddItemToArray(list, cJSON_CreateString(word->name));
		value &= ~word->value;
	}
	if (value)
		cJSON_AddItemToArray(list, number_json(value));
	return list;
}

static cJSON *enum_json(const struct field *field, uint64_t value)
{
	for (const struct word *word = field->words; word->name; word++) {
		if (word->value == value)
			return cJSON_CreateString(word->name);
	}
	return number_json(value);
}

static cJSON *bdf_json(uint64_t value)
{
	char text[16];

	snprintf(text, sizeof(text), "%02x:%02x.%x", (unsigned)(value >> 8) & 255, (unsigned)(value >> 3) & 31,
		 (unsigned)value & 7);
	return cJSON_CreateString(text);
}

static cJSON *numbers_json(const struct field *field, const uint8_t *bytes)
{
	cJSON *list = cJSON_CreateArray();

	for (unsigned i = 0; i < field->count; i++)
		cJSON_AddItemToArray(list, number_json(bytes_get(bytes + i * field->width, field->width)));
	return list;
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
	while (size && !bytes[size - 1])
		size--;
	return size == 0;
}

static cJSON *field_json(const struct field *field, const uint8_t *bytes)
{
	if (field->count > 1)
		return numbers_json(field, bytes);
	if (field->kind == FIELD_FLAGS)
		return words_json(field, bytes_get(bytes, field->width));
	if (field->kind == FIELD_ENUM)
		return enum_json(field, bytes_get(bytes, field->width));
	if (field->kind == FIELD_BDF)
		return bdf_json(bytes_get(bytes, field->width));
	if (field->kind == FIELD_BOOL && bytes_get(bytes, field->width) == 1)
		return cJSON_CreateTrue();
	return number_json(bytes_get(bytes, field->width));
}

cJSON *record_decompile(const struct record *record, const uint8_t *bytes)
{
	cJSON *json = cJSON_CreateObject();

	for (const struct field *field = record->fields; json && field->key; field++) {
		if (!all_zero(bytes + field->offset, (size_t)field->width * field->count))
			cJSON_AddItemToObject(json, field->key, field_json(field, bytes + field->offset));
	}
	return json;
}
