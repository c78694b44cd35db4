// SPDX-License-Identifier: MIT
/* The document of /api/v1/openapi.json and the table of routes say the same: paths, methods, roles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <openapi.h>

#include "agent_fixture.h"
#include "role.h"
#include "route.h"

static cJSON *document;

static int open_document(void **state)
{
	(void)state;
	document = cJSON_Parse(openapi_document());
	return document ? 0 : -1;
}

static int close_document(void **state)
{
	(void)state;
	cJSON_Delete(document);
	return 0;
}

static const cJSON *member(const cJSON *json, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(json, name);
}

static void lower(const char *method, char text[8])
{
	size_t length = strlen(method);

	assert_true(length < 8);
	for (size_t i = 0; i <= length; i++)
		text[i] = (char)(method[i] >= 'A' && method[i] <= 'Z' ? method[i] + 32 : method[i]);
}

/* Redfish has schemas of its own, by its own standard. */
static bool is_described_here(const char *pattern)
{
	return strncmp(pattern, "/redfish", 8) != 0;
}

static bool route_is_described(const struct route *route)
{
	char method[8];
	const cJSON *operation;
	const char *role;

	lower(route->method, method);
	operation = member(member(member(document, "paths"), route->pattern), method);
	if (!operation) {
		print_error(
			"%s %s is in agent/route.c and in no file of agent/openapi: add \"%s\": {\"%s\": {...}} to `paths` of "
			"its area (agent/README.md, \"The document of the API\")\n",
			route->method, route->pattern, route->pattern, method);
		return false;
	}
	role = cJSON_GetStringValue(member(operation, "x-role"));
	if (!role || strcmp(role, role_name(route->role)) != 0) {
		print_error("%s %s: agent/route.c lets %s in, x-role in agent/openapi says %s\n", route->method,
			    route->pattern, role_name(route->role), role ? role : "nothing");
		return false;
	}
	return true;
}

/* A parameter of the document is one of the query's; those that are shared are referred to. */
static bool is_query(const cJSON *parameter, const char **name)
{
	const char *at = cJSON_GetStringValue(member(parameter, "$ref"));

	if (at)
		parameter = member(member(member(document, "components"), "parameters"), strrchr(at, '/') + 1);
	*name = cJSON_GetStringValue(member(parameter, "name"));
	return strcmp(cJSON_GetStringValue(member(parameter, "in")), "query") == 0;
}

static size_t words(const char *text)
{
	size_t count = 0;

	for (; text && *text; text += strcspn(text, " "), text += strspn(text, " "))
		count++;
	return count;
}

static bool query_is_described(const struct route *route)
{
	const cJSON *item = member(member(document, "paths"), route->pattern), *parameter;
	const char *name;
	char method[8], unknown[64];
	size_t count = 0;

	lower(route->method, method);
	cJSON_ArrayForEach(parameter, member(member(item, method), "parameters")) {
		if (!is_query(parameter, &name))
			continue;
		count++;
		if (!route_takes_query(route, name, unknown, sizeof(unknown))) {
			print_error("%s %s: ?%s is in agent/openapi and not in the table of agent/route_query.c\n",
				    route->method, route->pattern, name);
			return false;
		}
	}
	if (count != words(route_query(route)))
		print_error("%s %s: agent/route_query.c has parameters that agent/openapi does not describe\n",
			    route->method, route->pattern);
	return count == words(route_query(route));
}

static void every_parameter_is_in_the_document(void **state)
{
	size_t count, wrong = 0;
	const struct route *routes = route_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		wrong += is_described_here(routes[i].pattern) && !query_is_described(&routes[i]);
	assert_int_equal(wrong, 0);
}

static void every_route_is_in_the_document_with_its_role(void **state)
{
	size_t count, missing = 0;
	const struct route *routes = route_table(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		missing += is_described_here(routes[i].pattern) && !route_is_described(&routes[i]);
	assert_int_equal(missing, 0);
}

static bool is_route(const char *pattern, const char *method)
{
	size_t count;
	const struct route *routes = route_table(&count);
	char text[8];

	for (size_t i = 0; i < count; i++) {
		lower(routes[i].method, text);
		if (strcmp(routes[i].pattern, pattern) == 0 && strcmp(text, method) == 0)
			return true;
	}
	return false;
}

static void every_operation_of_the_document_is_a_route(void **state)
{
	const cJSON *path, *operation;
	size_t unknown = 0;

	(void)state;
	cJSON_ArrayForEach(path, member(document, "paths"))
		cJSON_ArrayForEach(operation, path) {
			if (strcmp(operation->string, "parameters") == 0 || is_route(path->string, operation->string))
				continue;
			print_error(
				"%s %s is in agent/openapi and no route of agent/route.c: add it there, or take it out here\n",
				operation->string, path->string);
			unknown++;
		}
	assert_int_equal(unknown, 0);
}

static void the_document_is_served(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(call(fixture, api_openapi), 200);
	assert_string_equal(fixture->reply.constant, openapi_document());
	assert_int_equal(fixture->reply.size, strlen(openapi_document()));
}

/* The schema of definitions is in it and leads to itself. */
static void definitions_are_embedded(void **state)
{
	const cJSON *definition = member(member(member(document, "components"), "schemas"), "Definition");

	(void)state;
	assert_non_null(member(member(definition, "$defs"), "cell"));
	assert_null(strstr(openapi_document(), "\"#/$defs/"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_in_the_document_with_its_role),
		cmocka_unit_test(every_parameter_is_in_the_document),
		cmocka_unit_test(every_operation_of_the_document_is_a_route),
		cmocka_unit_test_setup_teardown(the_document_is_served, fixture_open, fixture_close),
		cmocka_unit_test(definitions_are_embedded),
	};

	return cmocka_run_group_tests(tests, open_document, close_document);
}
