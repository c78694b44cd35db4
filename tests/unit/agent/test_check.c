// SPDX-License-Identifier: MIT
/* /api/v1/definitions/check with the real compiler: every error at once, at its place in the text that was sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "port_definition.h"
#include "world.h"

static struct port_definition *definition;

static int open_board(void **state)
{
	struct fixture *fixture;

	fixture_open(state);
	fixture = *state;
	definition = port_definition_new(BOARDS "/qemu-virt", "");
	fixture->agent.compiler_ops = &port_definition_ops;
	fixture->agent.compiler = definition;
	return definition ? 0 : -1;
}

static int close_board(void **state)
{
	struct fixture *fixture = *state;

	agent_stop(&fixture->agent);
	fixture_close(state);
	port_definition_free(definition);
	return 0;
}

static void all_errors_come_with_their_places(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		call_body(fixture, api_definition_check, "",
			  "{\"name\": \"a\",\n \"start_at_boot\": true,\n  \"cpus\": [1, 9],\n \"colour\": 1,\n"
			  " \"memory\": [{\"size\": \"64MB\"}]}"),
		200);
	says(fixture, "\"valid\":false");
	says(fixture, "\"code\":\"no-such-cpu\"");
	says(fixture,
	     "\"pointer\":\"/cpus/1\",\"remedy\":\"Take one of those.\",\"line\":3,\"column\":15,\"length\":1");
	says(fixture, "\"pointer\":\"/colour\"");
	says(fixture, "\"line\":4,\"column\":2,\"length\":8");
	says(fixture, "\"line\":5,\"column\":22,\"length\":6");
}

static void warnings_stand_beside_a_valid_definition(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		call_body(fixture, api_definition_check, "",
			  "{\"name\": \"a\", \"cpus\": [1],\n \"memory\": [{\"physical\": \"0x90001000\", \"guest\": 0,"
			  " \"size\": \"64M\", \"flags\": [\"read\", \"execute\"]}]}"),
		200);
	says(fixture, "\"valid\":true");
	says(fixture, "\"warnings\":[{\"code\":\"no-huge-pages\"");
	says(fixture, "128 KiB of the hypervisor's memory");
	says(fixture, "\"line\":2,\"column\":13");
}

static cJSON *changes(const struct fixture *fixture, const char *before, const char *after)
{
	return fixture->agent.compiler_ops->compare(fixture->agent.compiler, before, after);
}

static void what_a_version_changed_is_said_in_words(void **state)
{
	static const char before[] = "{\"name\":\"a\",\"cpus\":[1],\"memory\":[{\"size\":\"64M\"}]}";
	static const char after[] = "{\"name\":\"a\",\"cpus\":[2],\"memory\":[{\"size\":\"128M\"}]}";
	static const char *const said[] = { "CPUs: it gets 2.", "CPUs: it loses 1.",
					    "Memory at guest 0x0: grows from 64 MiB to 128 MiB." };
	struct fixture *fixture = *state;
	cJSON *list = changes(fixture, before, after);

	assert_int_equal(cJSON_GetArraySize(list), 3);
	for (int i = 0; i < 3; i++)
		assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItem(cJSON_GetArrayItem(list, i), "detail")),
				    said[i]);
	cJSON_Delete(list);
	list = changes(fixture, after, after);
	assert_true(cJSON_IsArray(list) && cJSON_GetArraySize(list) == 0);
	cJSON_Delete(list);
	assert_null(changes(fixture, before, "{\"name\":"));
}

#define CHECK_TEST(test) cmocka_unit_test_setup_teardown(test, open_board, close_board)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK_TEST(all_errors_come_with_their_places),
		CHECK_TEST(warnings_stand_beside_a_valid_definition),
		CHECK_TEST(what_a_version_changed_is_said_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
