// SPDX-License-Identifier: MIT
/* What the hypervisor keeps of itself, over REST: its audit and its flight recorder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "route.h"

static void an_audit_needs_the_hypervisor(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(call(fixture, api_audit_get), 409);
	says(fixture, "hypervisor-not-enabled");
	assert_int_equal(call(fixture, api_audit_post), 409);
	says(fixture, "hypervisor-not-enabled");
	fixture->world.present = false;
	assert_int_equal(call(fixture, api_audit_get), 503);
	says(fixture, "driver-missing");
}

static void an_audit_is_shown_and_made(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.audit = (struct driver_audit){ "clean", 3, 0, 524288, 12, 2, 310, "", "" };
	assert_int_equal(call(fixture, api_audit_get), 200);
	says(fixture, "{\"result\":\"clean\",\"cells\":2,\"pages\":524288,\"runs\":12,\"duration_us\":310,\"audits\":3,"
		      "\"violations\":0,\"violation\":null}");
	assert_int_equal(call(fixture, api_audit_post), 200);
	says(fixture, "\"audits\":4");
}

static void a_violation_is_shown_with_its_sentence(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.audit =
		(struct driver_audit){ "violation", 3, 1, .code = "page-shared", .text = "Page 0x1000 is shared." };
	assert_int_equal(call(fixture, api_audit_get), 200);
	says(fixture, "\"violation\":{\"code\":\"page-shared\",\"detail\":\"Page 0x1000 is shared.\"}");
}

static int recorder(struct fixture *fixture, const char *query)
{
	struct api_request request = { .query = query };

	api_reply_free(&fixture->reply);
	api_flight_recorder(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

static void the_recorder_has_two_lives(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(recorder(fixture, NULL), 200);
	assert_memory_equal(fixture->reply.body, "2 now\n", 6);
	assert_string_equal(fixture->reply.type, "text/plain; charset=utf-8");
	assert_int_equal(recorder(fixture, "life=current"), 200);
	assert_memory_equal(fixture->reply.body, "2 now\n", 6);
	assert_int_equal(recorder(fixture, "life=previous"), 200);
	assert_memory_equal(fixture->reply.body, "1 before\n", 9);
	assert_int_equal(recorder(fixture, "life=next"), 400);
	says(fixture, "life=next is neither");
	fixture->world.present = false;
	assert_int_equal(recorder(fixture, NULL), 503);
	says(fixture, "driver-missing");
}

static void roles_are_those_of_reading_and_operating(void **state)
{
	static const struct {
		const char *method, *path;
		enum api_role role;
	} rows[] = {
		{ "GET", "/api/v1/hypervisor/flight-recorder", API_ROLE_VIEWER },
		{ "GET", "/api/v1/hypervisor/audit", API_ROLE_VIEWER },
		{ "POST", "/api/v1/hypervisor/audit", API_ROLE_OPERATOR },
	};
	struct api_request request = { 0 };
	char allow[128];
	const struct route *route;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(route_find(rows[i].method, rows[i].path, &route, &request, allow, sizeof(allow)),
				 ROUTE_FOUND);
		assert_int_equal(route->role, rows[i].role);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(an_audit_needs_the_hypervisor),
		FIXTURE_TEST(an_audit_is_shown_and_made),
		FIXTURE_TEST(a_violation_is_shown_with_its_sentence),
		FIXTURE_TEST(the_recorder_has_two_lives),
		cmocka_unit_test(roles_are_those_of_reading_and_operating),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
