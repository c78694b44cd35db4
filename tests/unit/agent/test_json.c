// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"

static void refused(const char *text, const char *code)
{
	struct json_problem problem;
	cJSON *json = json_parse(text, strlen(text), &problem);

	if (json)
		print_error("accepted: %s\n", text);
	assert_null(json);
	assert_string_equal(problem.code, code);
	assert_true(problem.detail[0] != '\0');
}

static void what_is_not_json_is_refused(void **state)
{
	static const char *const texts[] = {
		"", " ", "{", "}", "{} {}", "{}x", "01", "-", "1.", ".5", "1e", "1e999", "{\"a\":01}", "tru", "'a'",
		"{\"a\" 1}", "[1,]", "{\"a\":1,}", "\"\x01\"", "\"\\u0000\"", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
		"\"abc", "{\"a\":\"b}", "\xef\xbb\xbf{}", "NaN", "Infinity", "{\"a\":+1}", "//x\n{}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		refused(texts[i], "json-syntax");
}

static void json_is_accepted(void **state)
{
	static const char *const texts[] = {
		"{}", "  {} \r\n", "[]", "0", "-0.5e+3", "\"\xc3\xa4\\n\\u00e4\"", "{\"a\":[1,2,{\"b\":null}]}", "true",
		"{\"a\":{\"x\":1},\"b\":{\"x\":1}}",
	};
	struct json_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cJSON *json = json_parse(texts[i], strlen(texts[i]), &problem);

		if (!json)
			print_error("refused: %s\n", texts[i]);
		assert_non_null(json);
		cJSON_Delete(json);
	}
}

static void a_nul_byte_does_not_end_the_text(void **state)
{
	static const char text[] = "{}\0{\"hidden\":1}";
	struct json_problem problem;

	(void)state;
	assert_null(json_parse(text, sizeof(text) - 1, &problem));
	assert_string_equal(problem.code, "json-syntax");
}

static void repeated_members_are_refused_at_any_depth(void **state)
{
	(void)state;
	refused("{\"a\":1,\"a\":2}", "json-duplicate");
	refused("{\"x\":[{\"a\":1,\"b\":2,\"a\":3}]}", "json-duplicate");
	refused("{\"a\":1,\"\\u0061\":2}", "json-duplicate");
}

static void depth_is_limited(void **state)
{
	char text[2 * (JSON_MAX_DEPTH + 1) + 1];
	struct json_problem problem;
	cJSON *json;

	(void)state;
	memset(text, '[', JSON_MAX_DEPTH + 1);
	memset(text + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
	text[sizeof(text) - 1] = '\0';
	refused(text, "json-too-deep");
	json = json_parse(text + 1, sizeof(text) - 3, &problem);
	assert_non_null(json);
	cJSON_Delete(json);
}

static void unknown_members_are_named(void **state)
{
	static const char *const names[] = { "a", NULL };
	struct json_problem problem = { 0 };
	cJSON *json = json_parse("{\"a\":1,\"A\":2}", 13, &problem);

	(void)state;
	assert_non_null(json);
	assert_false(json_only(json, names, &problem));
	assert_string_equal(problem.code, "json-unknown-member");
	assert_string_equal(problem.pointer, "/A");
	cJSON_Delete(json);
}

static void strings_and_booleans_are_checked(void **state)
{
	struct json_problem problem = { 0 };
	cJSON *json = json_parse("{\"s\":\"abc\",\"n\":1}", 17, &problem);
	char buffer[4];
	bool value = true;

	(void)state;
	assert_non_null(json);
	assert_true(json_get_string(json, "s", buffer, sizeof(buffer), &problem));
	assert_string_equal(buffer, "abc");
	assert_false(json_get_string(json, "s", buffer, 3, &problem));
	assert_string_equal(problem.code, "json-type");
	assert_false(json_get_string(json, "x", buffer, sizeof(buffer), &problem));
	assert_string_equal(problem.code, "json-missing");
	assert_true(json_get_bool(json, "x", &value, &problem));
	assert_true(value);
	assert_false(json_get_bool(json, "n", &value, &problem));
	cJSON_Delete(json);
}

static void sixty_four_bits_survive_as_text(void **state)
{
	cJSON *json = cJSON_CreateObject();

	(void)state;
	json_add_hex(json, "v", 9007199254740993ull);
	assert_string_equal(cJSON_GetObjectItem(json, "v")->valuestring, "0x20000000000001");
	cJSON_Delete(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_json_is_refused),
		cmocka_unit_test(json_is_accepted),
		cmocka_unit_test(a_nul_byte_does_not_end_the_text),
		cmocka_unit_test(repeated_members_are_refused_at_any_depth),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(unknown_members_are_named),
		cmocka_unit_test(strings_and_booleans_are_checked),
		cmocka_unit_test(sixty_four_bits_survive_as_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
