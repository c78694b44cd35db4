// SPDX-License-Identifier: MIT
/* An agent that was killed in the middle of a command: what the next one finds in the store, and what it makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "intent.h"
#include "restore.h"

static void restore(struct fixture *fixture)
{
	struct outcome outcome = { 0 };

	life_restore(&fixture->agent, "", "boot", &outcome);
	assert_string_equal(fixture->world.unfinished, "");
}

static size_t events(struct fixture *fixture, const char *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->world.num_events; i++)
		count += strcmp(fixture->world.events[i].kind, kind) == 0;
	return count;
}

static const struct driver_cell *beat(struct fixture *fixture)
{
	return fixture->world.num_created ? &fixture->world.created[0].cell : NULL;
}

static void the_store_knows_before_the_driver_is_asked(void **state)
{
	static const struct {
		api_handler handler;
		const char *verb;
	} rows[] = {
		{ api_cell_start, "start" },		     { api_cell_restart, "start" }, { api_cell_stop, "stop" },
		{ api_hypervisor_disable, "disable" },	     { api_hypervisor_enable, "enable" },
		{ api_cell_start, "start" },		     { api_cell_destroy, "destroy" },
	};
	struct fixture *fixture = *state;
	char expected[64];

	ready(fixture);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(call(fixture, rows[i].handler), 200);
		snprintf(expected, sizeof(expected), "\"verb\":\"%s\"", rows[i].verb);
		assert_non_null(strstr(fixture->world.known, expected));
		assert_non_null(strstr(fixture->world.known, "\"attempts\":1"));
		assert_string_equal(fixture->world.unfinished, "");
	}
}

static void a_refused_command_is_over(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_stop), 409);
	assert_string_equal(fixture->world.unfinished, "");
	assert_int_equal(call(fixture, api_hypervisor_enable), 409);
	assert_string_equal(fixture->world.unfinished, "");
}

static void a_start_is_finished(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	intent_begin(&fixture->agent, "start", "beat", "ada");
	restore(fixture);
	assert_string_equal(beat(fixture)->state, "running");
	assert_string_equal(fixture_event(fixture, "cell-started")->actor, "ada");
	world_state(&fixture->world, "beat", "shut down", ""); /* created, and not started any more */
	intent_begin(&fixture->agent, "start", "beat", "ada");
	restore(fixture);
	assert_string_equal(beat(fixture)->state, "running");
	assert_int_equal(events(fixture, "command-resumed"), 2);
}

static void a_start_that_was_done_is_not_repeated(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	intent_begin(&fixture->agent, "start", "beat", "ada");
	restore(fixture);
	assert_int_equal(beat(fixture)->starts, 1);
	assert_int_equal(events(fixture, "command-refused"), 0);
	assert_int_equal(events(fixture, "command-resumed"), 1);
}

static void a_restart_is_finished(void **state)
{
	struct fixture *fixture = *state;
	int id;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	id = beat(fixture)->id;
	intent_begin(&fixture->agent, "restart", "beat", "ada");
	restore(fixture);
	assert_string_equal(beat(fixture)->state, "running");
	assert_true(beat(fixture)->id > id);
}

static void stop_and_destroy_are_finished(void **state)
{
	static const char *const verbs[] = { "stop", "destroy" };
	struct fixture *fixture = *state;

	ready(fixture);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(call(fixture, api_cell_start), 200);
		intent_begin(&fixture->agent, verbs[i], "beat", "ada");
		restore(fixture);
		assert_null(beat(fixture));
		intent_begin(&fixture->agent, verbs[i], "beat", "ada"); /* it was gone */
		restore(fixture);
	}
	assert_int_equal(events(fixture, "command-refused"), 0);
	assert_int_equal(events(fixture, "command-resumed"), 4);
}

static void a_disable_is_finished(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call(fixture, api_cell_start), 200);
	intent_begin(&fixture->agent, "disable", "", "ada");
	restore(fixture);
	assert_false(fixture->world.enabled);
	assert_string_equal(fixture->world.wanted, "disabled");
	restore(fixture);
	assert_false(fixture->world.enabled);
}

/* The driver was done, the store did not know: it would have been enabled again. */
static void a_disable_that_was_done_stays_done(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_string_equal(fixture->world.wanted, "enabled");
	fixture->world.enabled = false;
	intent_begin(&fixture->agent, "disable", "", "ada");
	restore(fixture);
	assert_false(fixture->world.enabled);
	assert_string_equal(fixture->world.wanted, "disabled");
}

static void an_enable_is_finished(void **state)
{
	struct fixture *fixture = *state;

	intent_begin(&fixture->agent, "enable", "", "ada");
	restore(fixture);
	assert_true(fixture->world.enabled);
	assert_string_equal(fixture->world.wanted, "enabled");
	snprintf(fixture->world.wanted, sizeof(fixture->world.wanted), "disabled");
	intent_begin(&fixture->agent, "enable", "", "ada"); /* the driver was done */
	restore(fixture);
	assert_string_equal(fixture->world.wanted, "enabled");
}

static void a_boot_is_finished(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", "{\"start_at_boot\":true}"), 200);
	restore(fixture);
	assert_null(beat(fixture)); /* adopted as it was */
	intent_begin(&fixture->agent, "boot", "", "boot");
	restore(fixture);
	assert_string_equal(beat(fixture)->state, "running");
	intent_begin(&fixture->agent, "boot", "", "boot");
	restore(fixture);
	assert_int_equal(beat(fixture)->starts, 1);
}

static void after_a_reset_of_the_board(struct fixture *fixture, const char *verb, const char *cell)
{
	snprintf(fixture->world.unfinished, sizeof(fixture->world.unfinished),
		 "{\"boot\":\"another\",\"verb\":\"%s\",\"cell\":\"%s\",\"actor\":\"ada\",\"attempts\":1}", verb, cell);
	fixture->world.enabled = false;
	restore(fixture);
}

static void a_reset_of_the_board_ends_a_command(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	after_a_reset_of_the_board(fixture, "start", "beat");
	assert_true(fixture->world.enabled); /* as chosen before */
	assert_null(beat(fixture));
	after_a_reset_of_the_board(fixture, "disable", "");
	assert_false(fixture->world.enabled);
	assert_string_equal(fixture->world.wanted, "disabled");
	after_a_reset_of_the_board(fixture, "enable", "");
	assert_false(fixture->world.enabled);
	assert_string_equal(fixture->world.wanted, "disabled");
	assert_int_equal(events(fixture, "command-resumed"), 3);
}

/* It may be what kills the agent. */
static void a_command_is_given_up_after_the_third_time(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	for (int i = 0; i < INTENT_ATTEMPTS; i++)
		intent_begin(&fixture->agent, "start", "beat", "ada");
	restore(fixture);
	assert_null(beat(fixture));
	assert_string_equal(fixture_event(fixture, "command-resumed")->severity, "error");
	assert_int_equal(call(fixture, api_cell_start), 200);
	assert_non_null(strstr(fixture->world.known, "\"attempts\":1"));
}

static void what_the_store_has_is_not_believed(void **state)
{
	static const char *const texts[] = {
		"{", "[]", "7", "{\"verb\":7}", "{\"verb\":\"dance\"}", "{\"attempts\":\"x\"}"
	};
	struct fixture *fixture = *state;

	ready(fixture);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct outcome outcome = { 0 };

		snprintf(fixture->world.unfinished, sizeof(fixture->world.unfinished), "%s", texts[i]);
		life_restore(&fixture->agent, "", "boot", &outcome);
		assert_true(fixture->world.enabled);
		assert_null(beat(fixture));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(the_store_knows_before_the_driver_is_asked),
		FIXTURE_TEST(a_refused_command_is_over),
		FIXTURE_TEST(a_start_is_finished),
		FIXTURE_TEST(a_start_that_was_done_is_not_repeated),
		FIXTURE_TEST(a_restart_is_finished),
		FIXTURE_TEST(stop_and_destroy_are_finished),
		FIXTURE_TEST(a_disable_is_finished),
		FIXTURE_TEST(a_disable_that_was_done_stays_done),
		FIXTURE_TEST(an_enable_is_finished),
		FIXTURE_TEST(a_boot_is_finished),
		FIXTURE_TEST(a_reset_of_the_board_ends_a_command),
		FIXTURE_TEST(a_command_is_given_up_after_the_third_time),
		FIXTURE_TEST(what_the_store_has_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
