// SPDX-License-Identifier: MIT
/* The parameters in the query of a GET: what is not here is refused. A route without a line has none. */
#include "route.h"

#include <stdio.h>
#include <string.h>

#define V "/api/v1"
#define PAGED "limit cursor"

static const struct {
	const char *pattern, *parameters;
} queries[] = {
	{ V "/users", PAGED },
	{ V "/tokens", PAGED },
	{ V "/hypervisor/flight-recorder", "life" },
	{ V "/cells", PAGED },
	{ V "/cells/{name}/versions", PAGED },
	{ V "/cells/{name}/console", "since" },
	{ V "/cells/{name}/console/stream", "since take" },
	{ V "/operations", PAGED },
	{ V "/images", PAGED },
	{ V "/presets", PAGED },
	{ V "/events", PAGED " before after since cell kind actor severity" },
	{ V "/events/stream", "since" },
};

const char *route_query(const struct route *route)
{
	for (size_t i = 0; strcmp(route->method, "GET") == 0 && i < sizeof(queries) / sizeof(queries[0]); i++)
		if (strcmp(queries[i].pattern, route->pattern) == 0)
			return queries[i].parameters;
	return NULL;
}

static bool is_listed(const char *names, const char *name, size_t length)
{
	while (names && *names) {
		size_t one = strcspn(names, " ");

		if (one == length && strncmp(names, name, length) == 0)
			return true;
		names += one + strspn(names + one, " ");
	}
	return false;
}

bool route_takes_query(const struct route *route, const char *query, char *unknown, size_t size)
{
	while (query && *query) {
		size_t length = strcspn(query, "&"), name = strcspn(query, "&=");

		if (length && !is_listed(route_query(route), query, name)) {
			/* It goes into an answer: only what a name can be made of. */
			name = strspn(query, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
			snprintf(unknown, size, "%.*s", (int)(name < length ? name : length), query);
			return false;
		}
		query += length + (query[length] == '&');
	}
	return true;
}
