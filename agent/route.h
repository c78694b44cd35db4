/* SPDX-License-Identifier: MIT */
/* Which handler answers which request, who may ask, and how large its body may be. */
#ifndef AGENT_ROUTE_H
#define AGENT_ROUTE_H

#include "api.h"

enum route_body {
	ROUTE_BODY_NONE,
	ROUTE_BODY_JSON,
	ROUTE_BODY_BYTES, /* of any type, in memory */
	ROUTE_BODY_STREAM
};

enum route_answer {
	ROUTE_ANSWER_ONCE,
	ROUTE_ANSWER_SOCKET, /* the WebSocket console, without a handler */
	ROUTE_ANSWER_EVENTS /* the stream of events, without a handler */
};

struct route {
	const char *method;
	const char *pattern; /* "{name}" stands for a segment that is a valid name, "{number}" for one above 0 */
	enum api_role role;
	enum route_body body;
	api_handler handler;
	enum route_answer answer;
};

/* All there are: whoever describes or tests them leaves none out. */
const struct route *route_table(size_t *count);

#define ROUTE_JSON_MAX (256 * 1024)
#define ROUTE_BYTES_MAX 4096
#define ROUTE_NONE_MAX 16 /* a client that sends "{}" where no body belongs is let in */

/* The parameters that the query of a route has, with a space between them; NULL: none. */
const char *route_query(const struct route *route);

/* Whether all parameters of a query are the route's; the first that is not, cut where it is strange, in `unknown`. */
bool route_takes_query(const struct route *route, const char *query, char *unknown, size_t size);

enum route_match { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD };

/* request receives what stood for {name} and {number}; allow the methods that the path has, comma separated. */
enum route_match route_find(const char *method, const char *path, const struct route **route,
			    struct api_request *request, char *allow, size_t allow_size);

#endif
