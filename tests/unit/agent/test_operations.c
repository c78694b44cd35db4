// SPDX-License-Identifier: MIT
/* Commands that nobody waits for: asked for by number, and taken back before they begin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "command_wait.h"

#define OTHER "{\"name\":\"other\",\"cpu\":3,\"image\":\"beat.bin\"}"

static int64_t location(struct fixture *fixture)
{
	const char *at = strstr(fixture->reply.headers, "Location: /api/v1/operations/");

	assert_non_null(at);
	return strtoll(at + strlen("Location: /api/v1/operations/"), NULL, 10);
}

static int ask_for(struct fixture *fixture, api_handler handler, int64_t id, enum api_role role)
{
	struct api_request request = { .number = id, .who = { .role = role } };

	api_reply_free(&fixture->reply);
	handler(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

static void ends_as(struct fixture *fixture, int64_t id, const char *state)
{
	for (int tries = 0; tries < 4000; tries++) {
		assert_int_equal(ask_for(fixture, api_operation_get, id, API_ROLE_VIEWER), 200);
		if (!strstr(fixture->reply.body, "\"ended\":null"))
			break;
		usleep(5000);
	}
	says(fixture, state);
}

static void a_command_that_goes_on_is_asked_for_by_number(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	ready(fixture);
	fixture->world.start_delay_ms = 100;
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_cell_start), 202);
	says(fixture, "\"name\":\"beat\"");
	id = location(fixture);
	ends_as(fixture, id, "\"state\":\"done\"");
	says(fixture, "\"verb\":\"start\",\"cell\":\"beat\",\"actor\":\"admin\"");
	says(fixture, "\"result\":null");
	assert_int_equal(call(fixture, api_operations_list), 200);
	says(fixture, "\"verb\":\"start\"");
	says(fixture, "\"verb\":\"enable\"");
}

/* One request, which is answered at the end of the command and not before. */
static void the_end_of_a_command_can_be_waited_for(void **state)
{
	struct api_request request = { .prefer = "wait=10", .who = { .role = API_ROLE_VIEWER } };
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.start_delay_ms = 300;
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_cell_start), 202);
	request.number = location(fixture);
	api_reply_free(&fixture->reply);
	api_operation_get(&fixture->agent, &request, &fixture->reply);
	says(fixture, "\"state\":\"done\"");
	says(fixture, "\"resource\":\"/api/v1/cells/beat\",\"progress\":null");
}

static void progress_says_what_is_being_done(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	ready(fixture);
	fixture->world.start_delay_ms = 2000;
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_cell_start), 202);
	id = location(fixture);
	do {
		assert_int_equal(ask_for(fixture, api_operation_get, id, API_ROLE_VIEWER), 200);
		assert_non_null(strstr(fixture->reply.body, "\"ended\":null"));
		usleep(1000);
	} while (!strstr(fixture->reply.body, "starting"));
	says(fixture, "\"progress\":{\"step\":3,\"doing\":\"starting\"}");
	ends_as(fixture, id, "\"state\":\"done\"");
}

static void an_audit_is_an_operation_too(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	ready(fixture);
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_audit_post), 202);
	assert_null(fixture->reply.body);
	id = location(fixture);
	ends_as(fixture, id, "\"state\":\"done\"");
	says(fixture, "\"resource\":\"/api/v1/hypervisor/audit\"");
}

static void a_refusal_is_kept_for_who_asks_later(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	ready(fixture);
	fixture->world.num_images = 0;
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_cell_start), 202);
	id = location(fixture);
	ends_as(fixture, id, "\"state\":\"refused\"");
	says(fixture, "\"status\":409,\"code\":\"image-missing\"");
}

static void what_waits_can_be_taken_back_and_what_runs_cannot(void **state)
{
	struct fixture *fixture = *state;
	int64_t first, second;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_create, "", OTHER), 201);
	fixture->world.start_delay_ms = 1500;
	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_cell_start), 202);
	first = location(fixture);
	assert_int_equal(call_body(fixture, api_cell_start, "other", NULL), 202);
	second = location(fixture);
	assert_int_equal(ask_for(fixture, api_operation_get, second, API_ROLE_VIEWER), 200);
	says(fixture, "\"state\":\"waiting\"");
	says(fixture, "\"ahead\":1");
	assert_int_equal(ask_for(fixture, api_operation_cancel, second, API_ROLE_OPERATOR), 200);
	says(fixture, "\"state\":\"cancelled\"");
	says(fixture, "\"code\":\"cancelled\"");
	assert_int_equal(ask_for(fixture, api_operation_cancel, second, API_ROLE_OPERATOR), 409);
	ends_as(fixture, first, "\"state\":\"done\"");
	assert_int_equal(ask_for(fixture, api_operation_cancel, first, API_ROLE_OPERATOR), 409);
	says(fixture, "operation-begun");
	/* The claim went with it, and the queue still works behind the gap. */
	fixture->world.start_delay_ms = 0;
	fixture->prefer = NULL;
	assert_int_equal(call_body(fixture, api_cell_start, "other", NULL), 200);
	says(fixture, "\"state\":\"running\"");
}

static void the_hypervisor_is_the_administrators(void **state)
{
	struct fixture *fixture = *state;
	int64_t id;

	fixture->prefer = "respond-async";
	assert_int_equal(call(fixture, api_hypervisor_enable), 202);
	id = location(fixture);
	assert_int_equal(ask_for(fixture, api_operation_cancel, id, API_ROLE_OPERATOR), 403);
	says(fixture, "role-too-low");
	ends_as(fixture, id, "\"verb\":\"enable\",\"cell\":\"\"");
}

static void what_nobody_gave_is_not_found(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(ask_for(fixture, api_operation_get, 1, API_ROLE_VIEWER), 404);
	says(fixture, "operation-not-found");
	assert_int_equal(ask_for(fixture, api_operation_cancel, 1, API_ROLE_ADMIN), 404);
}

static void answers_wait_as_long_as_is_preferred(void **state)
{
	static const struct {
		const char *prefer;
		int milliseconds;
	} rows[] = { { NULL, 1000 },
		     { "respond-async", 0 },
		     { "wait=2", 2000 },
		     { "wait=0", 0 },
		     { "wait=60", 10000 },
		     { "wait=-1", 1000 },
		     { "return=minimal", 1000 },
		     { "wait=soon", 1000 },
		     { "respond-async, wait=5", 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(command_wait_ms(&(struct api_request){ .prefer = rows[i].prefer }),
				 rows[i].milliseconds);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_command_that_goes_on_is_asked_for_by_number),
		FIXTURE_TEST(the_end_of_a_command_can_be_waited_for),
		FIXTURE_TEST(progress_says_what_is_being_done),
		FIXTURE_TEST(an_audit_is_an_operation_too),
		FIXTURE_TEST(a_refusal_is_kept_for_who_asks_later),
		FIXTURE_TEST(what_waits_can_be_taken_back_and_what_runs_cannot),
		FIXTURE_TEST(the_hypervisor_is_the_administrators),
		FIXTURE_TEST(what_nobody_gave_is_not_found),
		FIXTURE_TEST(answers_wait_as_long_as_is_preferred),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
