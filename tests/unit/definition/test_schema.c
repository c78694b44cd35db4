// SPDX-License-Identifier: MIT
/* The schema and the compiler know the same fields and the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <cjson/cJSON.h>
#include "definition.h"
#include "record.h"

static cJSON *schema;

static const cJSON *member(const cJSON *json, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(json, key);
}

static int open_schema(void **state)
{
	(void)state;
	schema = cJSON_Parse(definition_schema());
	return schema ? 0 : -1;
}

static int close_schema(void **state)
{
	(void)state;
	cJSON_Delete(schema);
	return 0;
}

static const cJSON *properties_of(const char *name)
{
	const cJSON *properties = member(member(member(schema, "$defs"), name), "properties");

	if (!properties)
		print_error("the schema has no \"%s\"\n", name);
	assert_non_null(properties);
	return properties;
}

/* How often a string stands as "const" anywhere below. */
static int count_constant(const cJSON *json, const char *word)
{
	const cJSON *item;
	int count = 0;

	cJSON_ArrayForEach(item, json) {
		if (item->string && strcmp(item->string, "const") == 0)
			count += is_word(item, word);
		else
			count += count_constant(item, word);
	}
	return count;
}

static int count_constants(const cJSON *json)
{
	const cJSON *item;
	int count = 0;

	cJSON_ArrayForEach(item, json)
		count += item->string && strcmp(item->string, "const") == 0 ? 1 : count_constants(item);
	return count;
}

static void same_words(const struct object *object, const struct field *field, const cJSON *property)
{
	int words = 0;

	for (const struct word *word = field->words; word && word->name; word++) {
		words++;
		if (count_constant(property, word->name) != 1)
			print_error("%s/%s: \"%s\" is not in the schema\n", object->name, field->key, word->name);
		assert_int_equal(count_constant(property, word->name), 1);
	}
	if (field->words)
		assert_int_equal(count_constants(property), words);
}

static int known_fields(const struct object *object, const cJSON *properties)
{
	const cJSON *property;
	int known = 0;

	for (const struct field *field = object->record->fields; field->key; field++) {
		property = member(properties, field->key);
		if (!property)
			print_error("the schema's \"%s\" has no \"%s\"\n", object->name, field->key);
		assert_non_null(property);
		same_words(object, field, property);
		known++;
	}
	for (const char *const *other = object->record->others; other && *other; other++) {
		if (!member(properties, *other))
			print_error("the schema's \"%s\" has no \"%s\"\n", object->name, *other);
		assert_non_null(member(properties, *other));
		known++;
	}
	return known;
}

static void both_have_the_same_fields(void **state)
{
	(void)state;
	for (const struct object *object = objects; object->name; object++) {
		const cJSON *properties = properties_of(object->name);

		if (known_fields(object, properties) != cJSON_GetArraySize(properties))
			print_error("the schema's \"%s\" has a field that the compiler refuses\n", object->name);
		assert_int_equal(known_fields(object, properties), cJSON_GetArraySize(properties));
	}
}

static void every_object_of_the_schema_is_one_of_the_compiler(void **state)
{
	const struct object *object;
	const cJSON *item;

	(void)state;
	cJSON_ArrayForEach(item, member(schema, "$defs")) {
		if (!member(item, "properties"))
			continue;
		for (object = objects; object->name && strcmp(object->name, item->string) != 0; object++)
			;
		assert_non_null(object->name);
		assert_true(cJSON_IsFalse(member(item, "additionalProperties")));
	}
}

/* The page that people read is made of these. */
static void everything_is_described(void **state)
{
	const cJSON *item, *property;

	(void)state;
	cJSON_ArrayForEach(item, member(schema, "$defs")) {
		assert_true(cJSON_IsString(member(item, "title")) && cJSON_IsString(member(item, "description")));
		cJSON_ArrayForEach(property, member(item, "properties")) {
			if (!cJSON_IsString(member(property, "description")))
				print_error("%s/%s has no description\n", item->string, property->string);
			assert_true(cJSON_IsString(member(property, "description")));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_have_the_same_fields),
		cmocka_unit_test(every_object_of_the_schema_is_one_of_the_compiler),
		cmocka_unit_test(everything_is_described),
	};

	return cmocka_run_group_tests(tests, open_schema, close_schema);
}
