// SPDX-License-Identifier: MIT
/*
 * Who may do what, a line a route, written down a second time: a route that is new, or that opens to more people than it did,
 * fails here. Each role then tries each route on the real server.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

#include "auth.h"
#include "https.h"
#include "route.h"

static const struct {
	enum api_role role;
	const char *method, *pattern;
} rows[] = {
#define NOBODY API_ROLE_NONE
#define VIEWER API_ROLE_VIEWER
#define OPERATOR API_ROLE_OPERATOR
#define ADMIN API_ROLE_ADMIN
	{ NOBODY, "GET", "/healthz" },
	{ VIEWER, "GET", "/metrics" },
	{ NOBODY, "GET", "/api/v1/setup" },
	{ NOBODY, "POST", "/api/v1/setup" },
	{ NOBODY, "POST", "/api/v1/sessions" },
	{ VIEWER, "GET", "/api/v1/sessions/current" },
	{ VIEWER, "DELETE", "/api/v1/sessions/current" },
	{ ADMIN, "GET", "/api/v1/users" },
	{ ADMIN, "POST", "/api/v1/users" },
	{ ADMIN, "GET", "/api/v1/users/{name}" },
	{ ADMIN, "PATCH", "/api/v1/users/{name}" },
	{ ADMIN, "DELETE", "/api/v1/users/{name}" },
	{ ADMIN, "GET", "/api/v1/tokens" },
	{ ADMIN, "POST", "/api/v1/tokens" },
	{ ADMIN, "DELETE", "/api/v1/tokens/{name}" },
	{ VIEWER, "GET", "/api/v1/system" },
	{ VIEWER, "GET", "/api/v1/openapi.json" },
	{ VIEWER, "GET", "/api/v1/hypervisor" },
	{ ADMIN, "POST", "/api/v1/hypervisor/enable" },
	{ ADMIN, "POST", "/api/v1/hypervisor/disable" },
	{ VIEWER, "GET", "/api/v1/hypervisor/console" },
	{ VIEWER, "GET", "/api/v1/hypervisor/flight-recorder" },
	{ VIEWER, "GET", "/api/v1/hypervisor/audit" },
	{ OPERATOR, "POST", "/api/v1/hypervisor/audit" },
	{ VIEWER, "POST", "/api/v1/definitions/check" },
	{ VIEWER, "GET", "/api/v1/definitions/schema" },
	{ VIEWER, "GET", "/api/v1/cells" },
	{ ADMIN, "POST", "/api/v1/cells" },
	{ VIEWER, "GET", "/api/v1/cells/{name}" },
	{ ADMIN, "PUT", "/api/v1/cells/{name}" },
	{ OPERATOR, "PATCH", "/api/v1/cells/{name}" },
	{ ADMIN, "DELETE", "/api/v1/cells/{name}" },
	{ OPERATOR, "POST", "/api/v1/cells/{name}/start" },
	{ OPERATOR, "POST", "/api/v1/cells/{name}/stop" },
	{ OPERATOR, "POST", "/api/v1/cells/{name}/restart" },
	{ OPERATOR, "POST", "/api/v1/cells/{name}/destroy" },
	{ VIEWER, "GET", "/api/v1/cells/{name}/versions" },
	{ VIEWER, "GET", "/api/v1/cells/{name}/versions/{number}" },
	{ VIEWER, "GET", "/api/v1/cells/{name}/stats" },
	{ OPERATOR, "POST", "/api/v1/cells/{name}/console" },
	{ VIEWER, "GET", "/api/v1/cells/{name}/console" },
	{ VIEWER, "GET", "/api/v1/cells/{name}/console/stream" },
	{ VIEWER, "GET", "/api/v1/operations" },
	{ VIEWER, "GET", "/api/v1/operations/{number}" },
	{ OPERATOR, "POST", "/api/v1/operations/{number}/cancel" },
	{ VIEWER, "GET", "/api/v1/images" },
	{ ADMIN, "PUT", "/api/v1/images/{name}" },
	{ VIEWER, "GET", "/api/v1/images/{name}" },
	{ ADMIN, "DELETE", "/api/v1/images/{name}" },
	{ VIEWER, "GET", "/api/v1/presets" },
	{ VIEWER, "GET", "/api/v1/presets/{name}" },
	{ ADMIN, "PUT", "/api/v1/presets/{name}" },
	{ ADMIN, "DELETE", "/api/v1/presets/{name}" },
	{ OPERATOR, "POST", "/api/v1/presets/{name}/apply" },
	{ OPERATOR, "POST", "/api/v1/presets/{name}/confirm" },
	{ OPERATOR, "POST", "/api/v1/presets/{name}/rollback" },
	{ VIEWER, "GET", "/api/v1/boot" },
	{ VIEWER, "GET", "/api/v1/events" },
	{ VIEWER, "GET", "/api/v1/events/{number}" },
	{ VIEWER, "GET", "/api/v1/events/stream" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct auth_token tokens[] = {
	{ "v", API_ROLE_VIEWER, "token-of-a-viewer-here" },
	{ "o", API_ROLE_OPERATOR, "token-of-an-operator-here" },
	{ "a", API_ROLE_ADMIN, "token-of-an-admin-here" },
};

static struct db *db;
static struct auth *auth;

static int roles_open(void **state)
{
	if (server_open(state) != 0 || db_open(&db, ":memory:") != 0)
		return -1;
	auth = auth_new(db, NULL);
	agent.auth = auth;
	agent.auth_ops = &auth_ops;
	return auth_provision(auth, "admin", "a long password", tokens, 3);
}

static int roles_close(void **state)
{
	server_close(state);
	auth_free(auth);
	db_close(db);
	return 0;
}

static enum api_role expected_role(const char *method, const char *pattern)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].method, method) == 0 && strcmp(rows[i].pattern, pattern) == 0)
			return rows[i].role;
	print_error("%s %s is not in the table of roles\n", method, pattern);
	fail();
	return API_ROLE_NONE;
}

static void the_table_of_routes_is_the_one_written_here(void **state)
{
	const struct route *routes;
	size_t count;

	(void)state;
	routes = route_table(&count);
	assert_int_equal(count, ROWS);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(routes[i].role, expected_role(routes[i].method, routes[i].pattern));
}

/* The route with things that are not there: what is permitted finds nothing, and changes little. */
static void path_of(const char *pattern, char *path, size_t size)
{
	size_t used = 0;

	for (; *pattern && used + 8 < size; pattern++) {
		if (*pattern != '{') {
			path[used++] = *pattern;
			continue;
		}
		used += (size_t)snprintf(path + used, size - used, "%s", pattern[2] == 'a' ? "none" : "1");
		pattern += strcspn(pattern, "}");
	}
	path[used] = '\0';
}

static int try_route(size_t row, const char *secret)
{
	/* A stream that is permitted would not end. */
	bool stream = strcmp(rows[row].pattern, "/api/v1/events/stream") == 0;
	char path[128], credential[160] = "", request[512];

	path_of(rows[row].pattern, path, sizeof(path));
	if (secret)
		snprintf(credential, sizeof(credential), "Authorization: Bearer %s\r\n", secret);
	snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\n" HOST "%s\r\n", stream ? "HEAD" : rows[row].method, path,
		 credential);
	return ask(request);
}

static void nobody_gets_further_than_the_door(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		int status = try_route(i, NULL);

		if ((status == 401) != (rows[i].role > API_ROLE_NONE))
			print_error("%s %s: %d\n", rows[i].method, rows[i].pattern, status);
		assert_int_equal(status == 401, rows[i].role > API_ROLE_NONE);
	}
}

static void each_role_gets_as_far_as_it_may(void **state)
{
	(void)state;
	for (size_t who = 0; who < 3; who++)
		for (size_t i = 0; i < ROWS; i++) {
			int status = try_route(i, tokens[who].secret);
			bool refused = status == 403 && strstr(answer, "role-too-low");

			if (refused != (tokens[who].role < rows[i].role) || status == 401 || !status)
				print_error("%s: %s %s: %d\n", tokens[who].name, rows[i].method, rows[i].pattern,
					    status);
			assert_int_equal(refused, tokens[who].role < rows[i].role);
			assert_true(status && status != 401);
		}
}

#define ROLES_TEST(test) cmocka_unit_test_setup_teardown(test, roles_open, roles_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_routes_is_the_one_written_here),
		ROLES_TEST(nobody_gets_further_than_the_door),
		ROLES_TEST(each_role_gets_as_far_as_it_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
