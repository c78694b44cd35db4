// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "head.h"
#include "route.h"

static void hosts_of_the_board_are_accepted_only(void **state)
{
	static const char *const ours[] = { "localhost",  "localhost:8443", "127.0.0.1", "10.0.2.15:443",
					    "[::1]:8443", "board",	    "BOARD:443", "board.local" };
	static const char *const others[] = { "evil.example",	"boards", "board:",	    "board:x",	  "", "[::1",
					      "localhost.evil", "[x]:1",  "127.0.0.1.evil", "board:80:80" };

	(void)state;
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		assert_true(head_host_is_ours(ours[i], "board"));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(head_host_is_ours(others[i], "board"));
}

static void cookies_are_found_by_their_whole_name(void **state)
{
	struct head_field fields[] = { { "Cookie", "xrotunda=1; rotunda=two; rotunda2=3" } };
	struct head head = { .fields = fields, .num_fields = 1 };
	char value[8];

	(void)state;
	assert_true(head_cookie(&head, "rotunda", value, sizeof(value)));
	assert_string_equal(value, "two");
	assert_false(head_cookie(&head, "rotund", value, sizeof(value)));
	assert_false(head_cookie(&head, "rotunda", value, 3));
}

static void origin_must_be_the_very_host(void **state)
{
	struct head_field fields[] = { { "Host", "board:8443" }, { "Origin", "https://board:8443" } };
	struct head head = { .fields = fields, .num_fields = 2 };

	(void)state;
	assert_true(head_same_origin(&head));
	fields[1].value = "http://board:8443";
	assert_false(head_same_origin(&head));
	fields[1].value = "https://board";
	assert_false(head_same_origin(&head));
	fields[1].value = "null";
	assert_false(head_same_origin(&head));
	head.num_fields = 1;
	assert_false(head_same_origin(&head));
}

#define VERSIONS "/api/v1/cells/beat/versions/"

static void routes_are_found_by_method_and_path(void **state)
{
	static const char *const no_numbers[] = { VERSIONS,	 VERSIONS "0",
						  VERSIONS "01", VERSIONS "-1",
						  VERSIONS "1x", VERSIONS "1/",
						  VERSIONS "+1", VERSIONS "1000000000000000000" };
	const struct route *route = NULL;
	struct api_request request = { 0 };
	char allow[128];

	(void)state;
	assert_int_equal(route_find("GET", "/api/v1/cells/beat/console", &route, &request, allow, 128), ROUTE_FOUND);
	assert_ptr_equal(route->handler, api_console_get);
	assert_string_equal(request.name, "beat");
	assert_int_equal(route_find("GET", "/api/v1/cells/beat/versions/12", &route, &request, allow, 128),
			 ROUTE_FOUND);
	assert_ptr_equal(route->handler, api_version_get);
	assert_string_equal(request.name, "beat");
	assert_int_equal(request.number, 12);
	for (size_t i = 0; i < sizeof(no_numbers) / sizeof(no_numbers[0]); i++)
		assert_int_equal(route_find("GET", no_numbers[i], &route, &request, allow, 128), ROUTE_NO_PATH);
	assert_int_equal(route_find("PATCH", "/api/v1/cells", &route, &request, allow, 128), ROUTE_NO_METHOD);
	assert_string_equal(allow, "GET, POST");
	assert_int_equal(route_find("GET", "/api/v1/cells/", &route, &request, allow, 128), ROUTE_NO_PATH);
	assert_int_equal(route_find("GET", "/api/v1/cells/a/b", &route, &request, allow, 128), ROUTE_NO_PATH);
	assert_int_equal(route_find("GET", "/api/v1/cells/..", &route, &request, allow, 128), ROUTE_NO_PATH);
}

static void only_what_must_be_open_is_open(void **state)
{
	static const char *const open[] = { "/healthz", "/api/v1/setup", "/api/v1/sessions" };
	static const char *const shut[] = { "/api/v1/system", "/api/v1/cells", "/api/v1/events", "/api/v1/images",
					    "/api/v1/hypervisor", "/api/v1/cells/x", "/api/v1/cells/x/console/stream",
					    "/api/v1/sessions/current" };
	const struct route *route = NULL;
	struct api_request request = { 0 };
	char allow[128];

	(void)state;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		const char *method = i == 2 ? "POST" : "GET";

		assert_int_equal(route_find(method, open[i], &route, &request, allow, 128), ROUTE_FOUND);
		assert_int_equal(route->role, API_ROLE_NONE);
	}
	for (size_t i = 0; i < sizeof(shut) / sizeof(shut[0]); i++) {
		assert_int_equal(route_find("GET", shut[i], &route, &request, allow, 128), ROUTE_FOUND);
		assert_true(route->role >= API_ROLE_VIEWER);
	}
}

static void queries_are_decoded(void **state)
{
	struct api_request request = { .query = "a=1&name=x%20y&bad=%zz&ctl=%0a" };
	char value[8];

	(void)state;
	assert_true(api_query(&request, "name", value, sizeof(value)));
	assert_string_equal(value, "x y");
	assert_false(api_query(&request, "bad", value, sizeof(value)));
	assert_false(api_query(&request, "ctl", value, sizeof(value)));
	assert_false(api_query(&request, "none", value, sizeof(value)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_of_the_board_are_accepted_only),
		cmocka_unit_test(cookies_are_found_by_their_whole_name),
		cmocka_unit_test(origin_must_be_the_very_host),
		cmocka_unit_test(routes_are_found_by_method_and_path),
		cmocka_unit_test(only_what_must_be_open_is_open),
		cmocka_unit_test(queries_are_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
