// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "spelling.h"
#include "words.h"

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

/* What stands there, so that the sentence can say it. */
static const char *value_print(char text[64], const cJSON *json)
{
	if (cJSON_IsString(json))
		snprintf(text, 64, "\"%.40s\"", json->valuestring);
	else if (cJSON_IsNumber(json))
		snprintf(text, 64, "%.17g", json->valuedouble);
	else
		snprintf(text, 64, "%s",
			 cJSON_IsTrue(json)  ? "true" :
			 cJSON_IsFalse(json) ? "false" :
			 cJSON_IsNull(json)  ? "null" :
			 cJSON_IsArray(json) ? "A list" :
					       "An object");
	return text;
}

/* Sizes people write that are not of the format: 64MB, 64 M, 64m, 64MiB. */
static const char *number_remedy(const cJSON *json)
{
	const char *text = cJSON_GetStringValue(json);

	if (cJSON_IsNumber(json) && json->valuedouble > 9007199254740991.0)
		return "Numbers above 2^53 stand in quotes, best in hexadecimal: \"0x8000000000000000\".";
	if (text && text[0] >= '0' && text[0] <= '9' && strpbrk(text, "kKmMgGbB"))
		return "Sizes are written \"64K\", \"64M\" or \"1G\": a whole number and one capital letter.";
	return "Write 12, \"0x80000000\" or a size such as \"64M\".";
}

bool number_read(struct compiler *compiler, const cJSON *json, const char *pointer, uint64_t max, uint64_t *value)
{
	char written[64];
	bool good = false;

	if (cJSON_IsString(json))
		good = text_number(json->valuestring, value);
	else if (cJSON_IsNumber(json) && json->valuedouble >= 0 && json->valuedouble <= 9007199254740991.0) {
		*value = (uint64_t)json->valuedouble;
		good = (double)*value == json->valuedouble;
	}
	if (!good && cJSON_IsNumber(json) && json->valuedouble > 9007199254740991.0)
		compiler_refuse(compiler, pointer, "not-a-number", number_remedy(json),
				"The number is above 2^53, where programs that read JSON lose its last digits.");
	else if (!good)
		compiler_refuse(compiler, pointer, "not-a-number", number_remedy(json),
				"%s is no whole number from 0 to 2^64 - 1.", value_print(written, json));
	else if (*value > max)
		compiler_refuse(compiler, pointer, "number-too-large", "Write a smaller number.",
				"%s is too large: the field takes at most %" PRIu64 " (0x%" PRIx64 ").",
				value_print(written, json), max, max);
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
	struct spelling spelling = { .written = cJSON_IsString(json) ? json->valuestring : "" };
	char known[200], remedy[160], written[64];
	uint64_t value = 0;

	if (cJSON_IsString(json) && word_value(field->words, json->valuestring, &value))
		return value;
	if (cJSON_IsNumber(json) || (cJSON_IsString(json) && text_number(json->valuestring, &value)))
		return number_read(compiler, json, pointer, width_max(field->width), &value) ? value : 0;
	word_list(field->words, known, sizeof(known));
	for (const struct word *word = field->words; word->name; word++)
		spelling_offer(&spelling, word->name);
	spelling_remedy(&spelling, "Write one of them.", remedy, sizeof(remedy));
	compiler_refuse(compiler, pointer, "unknown-word", remedy, "%s means nothing here; the words are %s.",
			value_print(written, json), known);
	return 0;
}

static void flags_read(struct compiler *compiler, const struct field *field, const cJSON *json,
		       const char *pointer, uint8_t *bytes)
{
	const cJSON *item;
	char at[128], written[64];
	uint64_t flags = 0;
	int i = 0;

	if (!cJSON_IsArray(json)) {
		compiler_refuse(compiler, pointer, "not-a-list", "Write a list such as [\"read\"].",
				"%s stands where a list of words should.", value_print(written, json));
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
	char tail, written[64];

	if (cJSON_IsString(json) && strlen(json->valuestring) == 7 &&
	    sscanf(json->valuestring, "%2x:%2x.%1x%c", &bus, &device, &function, &tail) == 3 && device < 32 &&
	    function < 8)
		bytes_put(bytes, 2, bus << 8 | device << 3 | function);
	else
		compiler_refuse(compiler, pointer, "bad-pci-address", "Write it as lspci does, such as \"00:01.0\".",
				"%s is no PCI address.", value_print(written, json));
}

static void numbers_read(struct compiler *compiler, const struct field *field, const cJSON *json,
			 const char *pointer, uint8_t *bytes)
{
	const cJSON *item;
	char at[128], written[64];
	uint64_t value;
	unsigned i = 0;

	if (!cJSON_IsArray(json)) {
		compiler_refuse(compiler, pointer, "bad-list", "Write a list such as [1, 2].",
				"%s stands where a list of numbers should.", value_print(written, json));
		return;
	}
	if (cJSON_GetArraySize(json) > (int)field->count) {
		compiler_refuse(compiler, pointer, "bad-list", "Take the surplus ones out.",
				"The list has %d numbers; the field takes at most %u.", cJSON_GetArraySize(json),
				field->count);
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
	char written[64];

	if (!cJSON_IsString(json))
		compiler_refuse(compiler, pointer, "not-a-text", "Write it in quotes.",
				"%s stands where a text should.", value_print(written, json));
}

static void refuse_field(struct compiler *compiler, const struct record *record, const char *key, const char *pointer)
{
	struct spelling spelling = { .written = key };
	char remedy[160];

	for (const struct field *field = record->fields; field->key; field++)
		spelling_offer(&spelling, field->key);
	for (const char *const *other = record->others; other && *other; other++)
		spelling_offer(&spelling, *other);
	spelling_remedy(&spelling, "Take it out; jailhouse config schema lists the fields.", remedy, sizeof(remedy));
	compiler_refuse(compiler, pointer, "unknown-field", remedy, "There is no field \"%.60s\" here.", key);
}

static void refuse_shape(struct compiler *compiler, const struct record *record, const cJSON *json, const char *pointer)
{
	char written[64], remedy[160];
	size_t used = (size_t)snprintf(remedy, sizeof(remedy), "Write { } here; its fields are");

	for (const char *const *other = record->others; other && *other && used < 120; other++)
		used += (size_t)snprintf(remedy + used, sizeof(remedy) - used, " %s,", *other);
	for (const struct field *field = record->fields; field->key && used < 120; field++)
		used += (size_t)snprintf(remedy + used, sizeof(remedy) - used, " %s,", field->key);
	remedy[used - 1] = used < 120 ? '.' : ' ';
	snprintf(remedy + used, sizeof(remedy) - used, used < 120 ? "" : "…");
	compiler_refuse(compiler, pointer, "not-an-object", remedy, "%s stands where an object should.",
			value_print(written, json));
}

void record_compile(struct compiler *compiler, const struct record *record, const cJSON *json,
		    const char *pointer, uint8_t *bytes)
{
	const struct field *field;
	const cJSON *item;
	char at[128];

	if (!cJSON_IsObject(json)) {
		refuse_shape(compiler, record, json, pointer);
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
			refuse_field(compiler, record, item->string, at);
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
