// SPDX-License-Identifier: MIT
/* Cells that are started again by themselves, and those that wait for others. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "world.h"

static size_t events_of(struct fixture *fixture, const char *kind)
{
	size_t count = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; i < fixture->world.num_events; i++)
		count += strcmp(fixture->world.events[i].kind, kind) == 0;
	pthread_mutex_unlock(&world_lock);
	return count;
}

static void wait_for_events(struct fixture *fixture, const char *kind, size_t count)
{
	for (int tries = 0; events_of(fixture, kind) < count && tries < 4000; tries++)
		usleep(5000);
	assert_int_equal(events_of(fixture, kind), count);
}

static void started(struct fixture *fixture, const char *definition)
{
	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", definition), 201);
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	assert_int_equal(call(fixture, api_cell_start), 200);
}

#define CELL(more) "{\"name\":\"beat\",\"cpu\":2,\"image\":\"beat.bin\"," more "}"

static void a_failed_cell_is_started_again(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":1"));
	says(fixture, "\"restarts\":{\"count\":0,\"next\":null,\"given_up\":false}");
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "cell-restarted", 1);
	assert_non_null(strstr(fixture_event(fixture, "restart-planned")->detail, "in 0.001 s (1 of 3)"));
	assert_string_equal(fixture_event(fixture, "cell-restarted")->actor, "supervisor");
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
	says(fixture, "\"restarts\":{\"count\":1,\"next\":null,\"given_up\":false}");
}

static void a_cell_that_fails_again_and_again_is_given_up(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":1"));
	for (size_t i = 1; i <= 3; i++) {
		world_state(&fixture->world, "beat", "failed", "memory-access");
		wait_for_events(fixture, "cell-restarted", i);
	}
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "restart-given-up", 1);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"failed\"");
	says(fixture, "\"restarts\":{\"count\":3,\"next\":null,\"given_up\":true}");
	assert_int_equal(call(fixture, api_cell_start), 200); /* a person begins anew */
	says(fixture, "\"restarts\":{\"count\":0,\"next\":null,\"given_up\":false}");
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "cell-restarted", 4);
}

static void a_person_is_faster_than_a_planned_restart(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":300"));
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "restart-planned", 1);
	assert_int_equal(call(fixture, api_cell_get), 200);
	assert_null(strstr(fixture->reply.body, "\"next\":null"));
	assert_int_equal(call(fixture, api_cell_stop), 200);
	says(fixture, "\"restarts\":{\"count\":0,\"next\":null,\"given_up\":false}");
	usleep(500000);
	assert_int_equal(events_of(fixture, "cell-restarted"), 0);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"defined\"");
}

static void only_always_follows_a_cell_that_switches_itself_off(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":1"));
	world_state(&fixture->world, "beat", "shut down", "system-off");
	wait_for_events(fixture, "cell-off", 1);
	assert_int_equal(call(fixture, api_cell_stop), 200);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", CELL("\"restart\":\"always\",\"delay_ms\":1")), 200);
	assert_int_equal(events_of(fixture, "restart-planned"), 0);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_state(&fixture->world, "beat", "shut down", "system-off");
	wait_for_events(fixture, "cell-restarted", 1);
}

static void a_refused_restart_counts_and_is_tried_again(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":1"));
	fixture->world.start_error = -EIO;
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "restart-given-up", 1);
	assert_int_equal(events_of(fixture, "command-refused"), 3);
}

static void a_stopped_agent_forgets_what_waits(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"restart\":\"on-failure\",\"delay_ms\":60000"));
	world_state(&fixture->world, "beat", "failed", "memory-access");
	wait_for_events(fixture, "restart-planned", 1);
	agent_stop(&fixture->agent);
	assert_int_equal(agent_start(&fixture->agent), 0); /* and plans it again, for it finds the cell failed */
	wait_for_events(fixture, "restart-planned", 2);
}

static void a_cell_waits_for_those_it_is_started_after(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", CELL("\"after\":[\"plc\"]")), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", "{\"name\":\"plc\",\"cpu\":1,\"image\":\"beat.bin\"}"),
			 201);
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	assert_int_equal(call(fixture, api_cell_start), 409);
	says(fixture, "after-not-running");
	says(fixture, "The cell \\\"beat\\\" is started after \\\"plc\\\", which does not run.");
	assert_int_equal(call_body(fixture, api_cell_get, "plc", NULL), 200);
	says(fixture, "\"state\":\"defined\""); /* nobody is started implicitly */
	assert_int_equal(call_body(fixture, api_cell_start, "plc", NULL), 200);
	assert_int_equal(call(fixture, api_cell_start), 200);
}

static void a_silent_cell_is_stopped_and_started_again(void **state)
{
	struct fixture *fixture = *state;
	const struct store_event *event;

	started(fixture, CELL("\"silence_ms\":50,\"restart\":\"on-failure\",\"delay_ms\":1"));
	event = fixture_event(fixture, "cell-silent");
	assert_non_null(event);
	assert_string_equal(event->severity, "error");
	assert_non_null(strstr(event->detail, "said nothing for 0.050 s"));
	assert_non_null(fixture_event(fixture, "cell-restarted"));
	wait_for_events(fixture, "restart-given-up", 1);
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"stopped\"");
	says(fixture, "\"code\":\"cell-silent\"");
	assert_int_equal(events_of(fixture, "cell-silent"), 4);
	assert_int_equal(events_of(fixture, "cell-stopped"), 0);
}

static void a_cell_that_speaks_is_left_alone(void **state)
{
	struct fixture *fixture = *state;

	started(fixture, CELL("\"silence_ms\":2000"));
	for (int i = 0; i < 50; i++) {
		world_say(&fixture->world, "beat", "tick\n");
		usleep(50000);
	}
	assert_int_equal(events_of(fixture, "cell-silent"), 0);
	wait_for_events(fixture, "cell-silent", 1); /* now it says nothing more */
}

static void circles_are_refused_by_name(void **state)
{
	struct fixture *fixture = *state;
	const char *a = "{\"name\":\"a\",\"cpu\":2,\"image\":\"i\",\"after\":[\"b\"]}";
	const char *b = "{\"name\":\"b\",\"cpu\":2,\"image\":\"i\",\"after\":[\"c\"]}";
	const char *c = "{\"name\":\"c\",\"cpu\":2,\"image\":\"i\",\"after\":[\"a\"]}";

	assert_int_equal(call_body(fixture, api_cell_create, "", a), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", b), 201);
	assert_int_equal(call_body(fixture, api_cell_create, "", c), 422);
	says(fixture, "after-circle");
	says(fixture, "each waits for the next: \\\"c\\\", \\\"a\\\", \\\"b\\\", \\\"c\\\".");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_failed_cell_is_started_again),
		FIXTURE_TEST(a_cell_that_fails_again_and_again_is_given_up),
		FIXTURE_TEST(a_person_is_faster_than_a_planned_restart),
		FIXTURE_TEST(only_always_follows_a_cell_that_switches_itself_off),
		FIXTURE_TEST(a_refused_restart_counts_and_is_tried_again),
		FIXTURE_TEST(a_stopped_agent_forgets_what_waits),
		FIXTURE_TEST(a_cell_waits_for_those_it_is_started_after),
		FIXTURE_TEST(a_silent_cell_is_stopped_and_started_again),
		FIXTURE_TEST(a_cell_that_speaks_is_left_alone),
		FIXTURE_TEST(circles_are_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
