// SPDX-License-Identifier: MIT
/* What happens to cells that no command of this agent did. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "cell_table.h"
#include "follow.h"
#include "world.h"

static void console_becomes(struct fixture *fixture, const char *state)
{
	struct console *console = follow_take(&fixture->agent, "beat");
	struct console_view view = { 0 };

	for (int tries = 0; tries < 4000 && strcmp(view.state, state) != 0; tries++) {
		usleep(tries ? 5000 : 0);
		console_view(console, &view);
	}
	console_release(console);
	assert_string_equal(view.state, state);
}

/* The collector reads on a thread of its own. */
static void console_has(struct fixture *fixture, const char *text)
{
	for (int tries = 0; tries < 4000; tries++) {
		usleep(tries ? 5000 : 0);
		assert_int_equal(call(fixture, api_console_get), 200);
		if (fixture->reply.body && strstr(fixture->reply.body, text))
			return;
	}
	says(fixture, text);
}

static size_t events_of(struct fixture *fixture, const char *kind)
{
	size_t count = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; i < fixture->world.num_events; i++)
		count += strcmp(fixture->world.events[i].kind, kind) == 0;
	pthread_mutex_unlock(&world_lock);
	return count;
}

static int get_event(struct fixture *fixture, int64_t id)
{
	struct api_request request = { .method = "GET", .path = "", .number = id, .who.role = API_ROLE_VIEWER };

	api_reply_free(&fixture->reply);
	api_event_get(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

static void has_last_words(struct fixture *fixture, const struct store_event *event)
{
	assert_int_equal(get_event(fixture, event->id), 200);
	says(fixture,
	     "\"last_words\":{\"reason\":{\"code\":\"memory-access\",\"detail\":\"It read what is not its own.\"");
	says(fixture, "\"console\":\"first\\nlast line?\\n\"");
	says(fixture, "\"recorder\":[\"3\\t1\\t0.5\\t2\\tfailed\\t1\\tbeat\\tmemory-access\"]");
	says(fixture, "\"hypervisor\":\"Initializing\\n\"");
	assert_int_equal(get_event(fixture, 1), 200);
	says(fixture, "\"last_words\":null");
	assert_int_equal(get_event(fixture, 99999), 404);
	says(fixture, "event-not-found");
}

static void a_cell_that_fails_is_an_event_and_ends_its_streams(void **state)
{
	struct fixture *fixture = *state;
	const struct store_event *event;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_say(&fixture->world, "beat", "first\n\x1b[1mlast\x01 line\xff\n");
	world_state(&fixture->world, "beat", "failed", "memory-access");
	assert_int_equal(call(fixture, api_cell_get), 200); /* at once: it asks the driver */
	says(fixture, "\"state\":\"failed\"");
	says(fixture, "\"failure\":{\"code\":\"memory-access\",\"detail\":\"It read what is not its own.\"");
	event = fixture_event(fixture, "cell-failed");
	assert_non_null(event);
	assert_string_equal(event->severity, "error");
	assert_string_equal(event->cell, "beat");
	assert_string_equal(event->detail, "Cell \"beat\" failed: It read what is not its own. (memory-access)");
	console_becomes(fixture, "failed");
	has_last_words(fixture, event);
	assert_int_equal(call(fixture, api_cell_start), 200); /* whatever it died of, it can be tried again */
	console_becomes(fixture, "running");
	assert_int_equal(events_of(fixture, "cell-failed"), 1);
}

static void a_violation_is_told_once_and_stops_nothing(void **state)
{
	struct fixture *fixture = *state;
	const struct store_event *event;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	pthread_mutex_lock(&world_lock);
	fixture->world.audit =
		(struct driver_audit){ "violation", 9, 1, .code = "page-shared", .text = "Page 0x1000 is shared." };
	world_news_locked(&fixture->world);
	pthread_mutex_unlock(&world_lock);
	event = fixture_event(fixture, "audit-violation");
	assert_non_null(event);
	assert_string_equal(event->severity, "error");
	assert_string_equal(event->detail, "The audit found page-shared: Page 0x1000 is shared.");
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
	assert_int_equal(call(fixture, api_cell_restart), 200); /* the observer looks after every command */
	assert_int_equal(events_of(fixture, "audit-violation"), 1);
}

static void commands_of_our_own_are_no_news(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(call(fixture, api_cell_start), 200);
		assert_int_equal(call(fixture, api_cell_restart), 200);
		assert_int_equal(call(fixture, api_cell_stop), 200);
	}
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_int_equal(call(fixture, api_hypervisor_disable), 200);
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	/* Something that is news, so that the observer has looked for sure. */
	assert_int_equal(world_driver_ops.create(&fixture->world, "other", 6, &(struct driver_reason){ 0 }), 0);
	assert_non_null(fixture_event(fixture, "cell-created"));
	assert_int_equal(events_of(fixture, "cell-destroyed"), 0);
	assert_int_equal(events_of(fixture, "cell-created"), 1);
	assert_int_equal(events_of(fixture, "hypervisor-disabled"), 1);
	assert_int_equal(events_of(fixture, "cell-started"), 21);
	assert_int_equal(events_of(fixture, "cell-stopped"), 20);
}

static void another_program_is_noticed(void **state)
{
	struct driver_reason reason = { 0 };
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(world_driver_ops.create(&fixture->world, "beat", 5, &reason), 0);
	assert_non_null(fixture_event(fixture, "cell-created"));
	console_becomes(fixture, "stopped");
	world_state(&fixture->world, "beat", "running", "");
	assert_non_null(fixture_event(fixture, "cell-started"));
	world_say(&fixture->world, "beat", "hello");
	console_becomes(fixture, "running");
	world_state(&fixture->world, "beat", "shut down", "");
	assert_non_null(fixture_event(fixture, "cell-stopped"));
	assert_int_equal(world_driver_ops.destroy(&fixture->world, "beat", &reason), 0);
	assert_non_null(fixture_event(fixture, "cell-destroyed"));
	console_becomes(fixture, "defined");
	console_has(fixture, "hello"); /* its output was kept as if it were ours */
	assert_int_equal(world_driver_ops.disable(&fixture->world, &reason), 0);
	assert_non_null(fixture_event(fixture, "hypervisor-disabled"));
}

static void a_cell_that_failed_while_nobody_looked_is_told_at_the_start(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	agent_stop(&fixture->agent);
	world_state(&fixture->world, "beat", "failed", "memory-access");
	assert_int_equal(agent_start(&fixture->agent), 0);
	assert_non_null(fixture_event(fixture, "cell-failed"));
}

/* The driver's count of starts grows, the state is the same. */
static void reset_itself(struct fixture *fixture)
{
	world_state(&fixture->world, "beat", "running", "system-reset");
}

static void a_cell_that_resets_itself_is_told(void **state)
{
	struct fixture *fixture = *state;
	const struct store_event *event;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	reset_itself(fixture);
	event = fixture_event(fixture, "cell-reset");
	assert_non_null(event);
	assert_string_equal(event->severity, "info");
	assert_string_equal(event->detail, "Cell \"beat\" reset itself; it was started 2 times.");
	assert_int_equal(call(fixture, api_cell_get), 200);
	says(fixture, "\"state\":\"running\"");
	says(fixture, "\"failure\":null");
}

static void a_cell_that_switches_itself_off_is_told(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	world_state(&fixture->world, "beat", "shut down", "system-off");
	assert_non_null(fixture_event(fixture, "cell-off"));
	console_becomes(fixture, "stopped");
	assert_int_equal(events_of(fixture, "cell-stopped"), 0);
}

static void a_reset_while_nobody_looked_is_no_news(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	agent_stop(&fixture->agent);
	reset_itself(fixture);
	assert_int_equal(agent_start(&fixture->agent), 0);
	world_state(&fixture->world, "beat", "shut down", "system-off");
	assert_non_null(fixture_event(fixture, "cell-off"));
	assert_int_equal(events_of(fixture, "cell-reset"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_cell_that_fails_is_an_event_and_ends_its_streams),
		FIXTURE_TEST(a_violation_is_told_once_and_stops_nothing),
		FIXTURE_TEST(commands_of_our_own_are_no_news),
		FIXTURE_TEST(another_program_is_noticed),
		FIXTURE_TEST(a_cell_that_resets_itself_is_told),
		FIXTURE_TEST(a_cell_that_switches_itself_off_is_told),
		FIXTURE_TEST(a_reset_while_nobody_looked_is_no_news),
		FIXTURE_TEST(a_cell_that_failed_while_nobody_looked_is_told_at_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
