// SPDX-License-Identifier: MIT
/* The definitions that a cell has had: who wrote them, and what they changed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"

#define OTHER_DEFINITION "{\"name\":\"beat\",\"cpu\":3,\"image\":\"beat.bin\"}"

static int version(struct fixture *fixture, int64_t number)
{
	struct api_request request = { .name = "beat", .number = number };

	api_reply_free(&fixture->reply);
	api_version_get(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

static void each_definition_is_kept_with_its_author(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 200);
	assert_int_equal(call(fixture, api_versions_list), 200);
	says(fixture, "{\"items\":[{\"version\":2,\"time\":1764000000,\"author\":\"admin\"},"
		      "{\"version\":1,\"time\":1764000000,\"author\":\"admin\"}],\"next\":null}");
	assert_int_equal(version(fixture, 1), 200);
	says(fixture, "\"definition\":" WORLD_DEFINITION);
	says(fixture, "\"changes\":null");
	assert_int_equal(version(fixture, 2), 200);
	says(fixture, "\"definition\":" OTHER_DEFINITION);
	says(fixture, "\"changes\":[{\"detail\":\"The CPU is another one.\"}]");
}

static void what_is_no_other_definition_is_no_version(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 200);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":true}"), 200);
	assert_int_equal(version(fixture, 2), 404);
	says(fixture, "version-not-found");
}

static void a_version_that_was_can_be_put_again(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 200);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 200);
	says(fixture, "\"version\":3");
	assert_int_equal(version(fixture, 3), 200);
	says(fixture, "\"definition\":" WORLD_DEFINITION);
}

static void without_a_comparison_changes_are_unknown(void **state)
{
	struct fixture *fixture = *state;
	struct compiler_ops ops;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 200);
	ops = *fixture->agent.compiler_ops;
	ops.compare = NULL;
	fixture->agent.compiler_ops = &ops;
	assert_int_equal(version(fixture, 2), 200);
	says(fixture, "\"changes\":null");
}

static void a_cell_that_is_not_there_has_no_versions(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(call(fixture, api_versions_list), 404);
	says(fixture, "cell-not-found");
	assert_int_equal(version(fixture, 1), 404);
	says(fixture, "cell-not-found");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(each_definition_is_kept_with_its_author),
		FIXTURE_TEST(what_is_no_other_definition_is_no_version),
		FIXTURE_TEST(a_version_that_was_can_be_put_again),
		FIXTURE_TEST(without_a_comparison_changes_are_unknown),
		FIXTURE_TEST(a_cell_that_is_not_there_has_no_versions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
