// SPDX-License-Identifier: MIT
/* Presets: trial, confirm, undo; boots that are counted, and the safe start. */
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
#include "boot.h"
#include "restore.h"
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

static bool exists(struct fixture *fixture, const char *name)
{
	struct world_cell *cell;
	bool runs;

	pthread_mutex_lock(&world_lock);
	cell = world_created(&fixture->world, name);
	runs = cell && strcmp(cell->cell.state, "running") == 0;
	pthread_mutex_unlock(&world_lock);
	return runs;
}

static void is_running(struct fixture *fixture, const char *name, bool runs)
{
	for (int tries = 0; exists(fixture, name) != runs && tries < 2000; tries++)
		usleep(5000);
	assert_int_equal(exists(fixture, name), runs);
}

static void define(struct fixture *fixture, const char *name)
{
	char text[128];

	snprintf(text, sizeof(text), "{\"name\":\"%s\",\"cpu\":2,\"image\":\"beat.bin\",\"start_at_boot\":true}", name);
	assert_int_equal(call_body(fixture, api_cell_create, "", text), 201);
}

/* Two cells, of which "old" runs, and a preset of the other. A second of a policy is a millisecond times `ms`. */
static void begin(struct fixture *fixture, const char *preset, int second_ms)
{
	fixture->agent.options.second_ms = second_ms;
	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 201);
	define(fixture, "old");
	define(fixture, "new");
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	assert_int_equal(call_body(fixture, api_cell_start, "old", NULL), 200);
	fixture->no_condition = true;
	assert_int_equal(call_body(fixture, api_preset_put, "line", preset), 201);
	fixture->no_condition = false;
	says(fixture, "\"version\":1");
}

#define PRESET "{\"cells\":[\"new\"]}"

static void a_trial_that_is_confirmed_is_what_a_boot_starts(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1000);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	says(fixture, "\"trial\":{\"version\":1,\"seconds_left\":600}");
	is_running(fixture, "old", false);
	is_running(fixture, "new", true);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 409);
	says(fixture, "trial-at-work");
	assert_int_equal(call_body(fixture, api_preset_delete, "line", NULL), 409);
	assert_int_equal(call_body(fixture, api_preset_confirm, "line", NULL), 200);
	says(fixture, "\"boot_version\":1,\"trial\":null,\"failed\":null");
	assert_int_equal(call_body(fixture, api_preset_confirm, "line", NULL), 409);
	says(fixture, "not-on-trial");
}

static void a_trial_that_nobody_confirms_is_undone(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "{\"cells\":[\"new\"],\"trial_seconds\":200}", 1);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_non_null(fixture_event(fixture, "preset-undone"));
	is_running(fixture, "old", true);
	is_running(fixture, "new", false);
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 200);
	says(fixture, "\"boot_version\":null,\"trial\":null,\"failed\":\"Nobody confirmed it in time.\"");
}

static void a_trial_that_is_healthy_confirms_itself(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "{\"cells\":[\"new\"],\"trial_seconds\":60000,\"healthy_seconds\":20}", 1);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_non_null(fixture_event(fixture, "preset-confirmed"));
	assert_string_equal(fixture_event(fixture, "preset-confirmed")->actor, "health");
	is_running(fixture, "new", true);
}

static void a_cell_that_failed_is_not_healthy(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "{\"cells\":[\"new\"],\"trial_seconds\":600,\"healthy_seconds\":300}", 1);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	world_state(&fixture->world, "new", "failed", "memory-access");
	assert_non_null(fixture_event(fixture, "preset-undone"));
	is_running(fixture, "old", true);
	assert_int_equal(events_of(fixture, "preset-confirmed"), 0);
}

static void a_preset_whose_cell_does_not_start_is_undone_at_once(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1000);
	fixture->world.start_error = -EIO;
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 409);
	says(fixture, "start-refused");
	fixture->world.start_error = 0;
	assert_non_null(strstr(fixture_event(fixture, "preset-undone")->detail, "Not all that ran before runs again"));
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 200);
	says(fixture, "\"failed\":\"The driver says start-refused.\"");
}

static void a_person_rolls_back_a_trial_and_a_confirmed_one(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1000);
	assert_int_equal(call_body(fixture, api_preset_rollback, "line", NULL), 409);
	says(fixture, "nothing-to-undo");
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_int_equal(call_body(fixture, api_preset_rollback, "line", NULL), 200);
	is_running(fixture, "old", true);
	assert_int_equal(call_body(fixture, api_preset_put, "line", "{\"cells\":[\"old\"]}"), 200);
	says(fixture, "\"version\":2");
	says(fixture, "\"failed\":null");
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_int_equal(call_body(fixture, api_preset_confirm, "line", NULL), 200);
	assert_int_equal(call_body(fixture, api_preset_put, "line", "{\"cells\":[\"new\",\"old\"]}"), 200);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_int_equal(call_body(fixture, api_preset_confirm, "line", NULL), 200);
	says(fixture, "\"boot_version\":3");
	is_running(fixture, "new", true);
	assert_int_equal(call_body(fixture, api_preset_rollback, "line", NULL), 200);
	says(fixture, "\"boot_version\":2");
	is_running(fixture, "new", false);
	is_running(fixture, "old", true);
}

static void what_is_wrong_is_refused(void **state)
{
	struct fixture *fixture = *state;
	static const struct {
		const char *body, *code;
	} bad[] = {
		{ "{}", "json-missing" },
		{ "{\"cells\":\"new\"}", "json-type" },
		{ "{\"cells\":[1]}", "json-type" },
		{ "{\"cells\":[\"nobody\"]}", "preset-cell-unknown" },
		{ "{\"cells\":[\"new\",\"new\"]}", "preset-cell-twice" },
		{ "{\"cells\":[],\"colour\":1}", "json-unknown-member" },
		{ "{\"cells\":[],\"trial_seconds\":0}", "json-type" },
		{ "{\"cells\":[],\"trial_seconds\":1.5}", "json-type" },
		{ "{\"cells\":[],\"trial_seconds\":10,\"healthy_seconds\":10}", "preset-never-healthy" },
	};

	begin(fixture, PRESET, 1000);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(call_body(fixture, api_preset_put, "line", bad[i].body) >= 400);
		says(fixture, bad[i].code);
	}
	fixture->if_match = "\"77\"";
	assert_int_equal(call_body(fixture, api_preset_put, "line", PRESET), 412);
	assert_int_equal(call_body(fixture, api_preset_delete, "line", NULL), 412);
	fixture->if_match = NULL;
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 200);
	says(fixture, "\"version\":1");
	assert_int_equal(call_body(fixture, api_preset_apply, "nothing", NULL), 404);
	assert_int_equal(call_body(fixture, api_presets_list, "", NULL), 200);
	says(fixture, "\"name\":\"line\"");
	assert_int_equal(call_body(fixture, api_preset_delete, "line", NULL), 204);
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 404);
}

static int restore(struct fixture *fixture)
{
	const struct order order = { life_restore, "boot", "", "boot" };
	struct outcome outcome = { 0 };
	int64_t id;

	assert_int_equal(supervisor_run(fixture->agent.supervisor, &order, 20000, &outcome, &id), 0);
	return outcome.error;
}

/* The power fails: nothing runs, and a new boot begins. */
static void reset(struct fixture *fixture)
{
	struct driver_reason reason;
	char *report;

	agent_stop(&fixture->agent);
	world_driver_ops.disable(&fixture->world, &reason);
	report = world_setting(&fixture->world, "boot.report");
	report[0] = '\0'; /* the kernel of a test has one boot: the report of the last one is as good as gone */
	assert_int_equal(agent_start(&fixture->agent), 0);
}

static void a_trial_is_undone_by_a_reset(void **state)
{
	struct fixture *fixture = *state;
	char *presets, *id;

	begin(fixture, PRESET, 1);
	fixture->agent.options.second_ms = 1000;
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	presets = world_setting(&fixture->world, "presets");
	id = strstr(presets, "\"boot\":\"");
	assert_non_null(id);
	id[8] = id[8] == '0' ? '1' : '0'; /* another boot's */
	reset(fixture);
	assert_int_equal(restore(fixture), 0);
	assert_non_null(fixture_event(fixture, "preset-undone"));
	is_running(fixture, "old", true); /* both start at boot, for there is no preset */
	is_running(fixture, "new", true);
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 200);
	says(fixture, "\"failed\":\"The board was reset before it was confirmed.\"");
}

static void an_agent_that_comes_back_goes_on_with_a_trial(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "{\"cells\":[\"new\"],\"trial_seconds\":300}", 1);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	agent_stop(&fixture->agent);
	assert_int_equal(agent_start(&fixture->agent), 0);
	assert_int_equal(restore(fixture), 0);
	assert_non_null(fixture_event(fixture, "preset-undone"));
	is_running(fixture, "old", true);
	is_running(fixture, "new", false);
}

static void a_boot_starts_the_confirmed_preset_and_gets_healthy(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, "{\"cells\":[\"new\"],\"healthy_seconds\":10,\"trial_seconds\":60000}", 1);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_non_null(fixture_event(fixture, "preset-confirmed"));
	reset(fixture);
	assert_int_equal(restore(fixture), 0);
	assert_non_null(fixture_event(fixture, "boot-healthy"));
	is_running(fixture, "new", true);
	is_running(fixture, "old", false);
	assert_int_equal(call_body(fixture, api_boot_get, "", NULL), 200);
	says(fixture,
	     "\"state\":\"healthy\",\"why\":null,\"failed_boots\":0,\"failed_boots_limit\":3,\"preset\":{\"name\":\"line\",\"version\":1}");
	says(fixture, "{\"name\":\"new\",\"result\":\"started\",\"code\":\"\",\"detail\":\"\"}");
}

static void three_boots_that_fail_make_a_safe_start(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1000000);
	assert_int_equal(call_body(fixture, api_preset_apply, "line", NULL), 200);
	assert_int_equal(call_body(fixture, api_preset_confirm, "line", NULL), 200);
	for (int i = 0; i < 3; i++) {
		reset(fixture); /* before it was healthy */
		assert_int_equal(restore(fixture), 0);
		is_running(fixture, "new", true);
	}
	reset(fixture);
	assert_int_equal(restore(fixture), 0);
	assert_false(exists(fixture, "new"));
	assert_false(fixture->world.enabled);
	assert_string_equal(fixture_event(fixture, "safe-start")->severity, "error");
	assert_int_equal(call_body(fixture, api_boot_get, "", NULL), 200);
	says(fixture, "\"state\":\"safe-start\",\"why\":\"The last 3 boots did not get healthy");
	assert_int_equal(call_body(fixture, api_preset_get, "line", NULL), 200);
	says(fixture, "\"failed\":\"The board did not get healthy with it");
	/* A killed agent does not make another boot of it. */
	agent_stop(&fixture->agent);
	assert_int_equal(agent_start(&fixture->agent), 0);
	assert_int_equal(restore(fixture), 0);
	assert_false(exists(fixture, "new"));
	/* A person decides: then a boot is tried again. */
	assert_int_equal(call(fixture, api_hypervisor_enable), 200);
	reset(fixture);
	assert_int_equal(restore(fixture), 0);
	is_running(fixture, "new", true);
}

static void a_cell_that_cannot_be_started_is_told(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1);
	fixture->world.start_error = -EIO;
	reset(fixture);
	restore(fixture);
	assert_non_null(fixture_event(fixture, "boot-unhealthy"));
	assert_int_equal(call_body(fixture, api_boot_get, "", NULL), 200);
	says(fixture, "\"state\":\"unhealthy\"");
	says(fixture, "\"failed_boots\":1");
	says(fixture, "\"result\":\"refused\",\"code\":\"start-refused\"");
}

static void a_boot_that_a_person_ends_has_not_failed(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, PRESET, 1000000);
	for (int i = 0; i < 5; i++) {
		reset(fixture);
		assert_int_equal(restore(fixture), 0);
		boot_not_judged(&fixture->agent);
	}
	assert_int_equal(events_of(fixture, "safe-start"), 0);
	assert_int_equal(call_body(fixture, api_boot_get, "", NULL), 200);
	says(fixture, "\"failed_boots\":0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(a_trial_that_is_confirmed_is_what_a_boot_starts),
		FIXTURE_TEST(a_trial_that_nobody_confirms_is_undone),
		FIXTURE_TEST(a_trial_that_is_healthy_confirms_itself),
		FIXTURE_TEST(a_cell_that_failed_is_not_healthy),
		FIXTURE_TEST(a_preset_whose_cell_does_not_start_is_undone_at_once),
		FIXTURE_TEST(a_person_rolls_back_a_trial_and_a_confirmed_one),
		FIXTURE_TEST(what_is_wrong_is_refused),
		FIXTURE_TEST(a_trial_is_undone_by_a_reset),
		FIXTURE_TEST(an_agent_that_comes_back_goes_on_with_a_trial),
		FIXTURE_TEST(a_boot_starts_the_confirmed_preset_and_gets_healthy),
		FIXTURE_TEST(three_boots_that_fail_make_a_safe_start),
		FIXTURE_TEST(a_cell_that_cannot_be_started_is_told),
		FIXTURE_TEST(a_boot_that_a_person_ends_has_not_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
