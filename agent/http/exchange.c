// SPDX-License-Identifier: MIT
/* From request to reply. */
#include "exchange.h"

#include "assets.h"
#include "idempotency.h"
#include "request_log.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * civetweb overwrites line ends with NULs as it parses: after a CRLF line there are two of them, after
 * a bare LF one. A head of which something was left over (a folded line, a 65th field) does not go on
 * with the CR of the empty line after the last field.
 */
static bool lines_exact(const struct mg_request_info *info)
{
	const char *line_end = info->http_version + strlen(info->http_version);

	if (info->num_headers < 1)
		return false;
	for (int i = 0; i < info->num_headers; i++) {
		if (info->http_headers[i].name != line_end + 2)
			return false;
		line_end = info->http_headers[i].value + strlen(info->http_headers[i].value);
	}
	return line_end[1] == '\0' && line_end[2] == '\r' && line_end[3] == '\0';
}

static void head_fill(struct exchange *exchange)
{
	const struct mg_request_info *info = exchange->info;

	for (int i = 0; i < info->num_headers; i++)
		exchange->fields[i] = (struct head_field){ info->http_headers[i].name, info->http_headers[i].value };
	exchange->head = (struct head){
		.method = info->request_method,
		.path = info->local_uri_raw,
		.version = info->http_version,
		.fields = exchange->fields,
		.num_fields = (size_t)info->num_headers,
		.exact_lines = lines_exact(info),
	};
}

void exchange_begin(struct exchange *exchange, struct mg_connection *connection)
{
	exchange->info = mg_get_request_info(connection);
	exchange->http = exchange->info->user_data;
	exchange->connection = connection;
	clock_gettime(CLOCK_MONOTONIC, &exchange->began);
	api_reply_init(&exchange->reply);
	head_fill(exchange);
}

static bool find_route(struct exchange *exchange)
{
	const char *method = reply_without_body(exchange) ? "GET" : exchange->head.method;
	char allow[128];

	switch (route_find(method, exchange->head.path, &exchange->route, &exchange->request, allow, sizeof(allow))) {
	case ROUTE_FOUND: return true;
	case ROUTE_NO_METHOD:
		api_problem(&exchange->reply, 405, "method-not-allowed", "Use a method that Allow lists.",
			    "%.16s is not possible here.", exchange->head.method);
		api_reply_header(&exchange->reply, "Allow: %s", allow);
		return false;
	default:
		api_problem(&exchange->reply, 404, "not-found", "agent/README.md lists the paths.",
			    "There is nothing at this path.");
		return false;
	}
}

/* A socket for both families shows IPv4 clients as "::ffff:192.0.2.1" (RFC 4291, 2.5.5.2); people know them without. */
static const char *plain_address(const char *address)
{
	static const char mapped[] = "::ffff:";
	bool is_mapped = strncasecmp(address, mapped, sizeof(mapped) - 1) == 0 && strchr(address, '.');

	return is_mapped ? address + sizeof(mapped) - 1 : address;
}

/* A parameter that is spelled wrong would be one that was not sent. */
static bool parameters_known(struct exchange *exchange)
{
	char unknown[64];

	if (route_takes_query(exchange->route, exchange->request.query, unknown, sizeof(unknown)))
		return true;
	api_problem(&exchange->reply, 400, "unknown-parameter",
		    "Take it out, or spell it as /api/v1/openapi.json does.", "There is no parameter \"%s\" here.",
		    unknown);
	return false;
}

static void request_fill(struct exchange *exchange)
{
	struct api_request *request = &exchange->request;

	request->method = exchange->head.method;
	request->path = exchange->head.path;
	request->query = exchange->info->query_string;
	request->if_match = head_get(&exchange->head, "If-Match");
	request->if_none_match = head_get(&exchange->head, "If-None-Match");
	request->idempotency_key = head_get(&exchange->head, "Idempotency-Key");
	request->prefer = head_get(&exchange->head, "Prefer");
	request->repr_digest = head_get(&exchange->head, "Repr-Digest");
	request->remote = plain_address(exchange->info->remote_addr);
}

/* A streamed body cannot be compared with another before it is used up: it has no key. */
static void call_handler(struct exchange *exchange)
{
	struct agent *agent = exchange->http->agent;

	if (exchange->route->body == ROUTE_BODY_STREAM)
		exchange->request.idempotency_key = NULL;
	if (!idempotency_begin(agent, &exchange->request, &exchange->reply))
		return;
	exchange->route->handler(agent, &exchange->request, &exchange->reply);
	idempotency_end(agent, &exchange->request, &exchange->reply);
}

static void run_handler(struct exchange *exchange)
{
	struct api_stream stream = { body_read, exchange, head_length(&exchange->head) };

	if (!body_take(exchange))
		return;
	exchange->request.stream = &stream;
	call_handler(exchange);
	if (exchange->route->body == ROUTE_BODY_STREAM && stream.declared >= 0)
		exchange->close = exchange->body_read < stream.declared;
}

static bool asset_requested(struct exchange *exchange)
{
	const char *path = exchange->head.path;

	if (strncmp(path, "/api/", 5) == 0 || strcmp(path, "/healthz") == 0 || strcmp(path, "/metrics") == 0)
		return false;
	return assets_reply(exchange->http->agent, exchange->head.method, exchange->head.path,
			    head_get(&exchange->head, "If-None-Match"), head_get(&exchange->head, "Accept-Encoding"),
			    &exchange->reply);
}

static bool host_ok(struct exchange *exchange)
{
	if (head_host_is_ours(head_get(&exchange->head, "Host"), exchange->http->host_name))
		return true;
	api_problem(&exchange->reply, 421, "bad-host", "Use the board's address or its own name.",
		    "This board does not answer to the host name of the request.");
	return false;
}

bool exchange_run(struct exchange *exchange)
{
	exchange->close = true;
	if (!head_check(&exchange->head, &exchange->reply) || !host_ok(exchange))
		return false;
	exchange->close = head_length(&exchange->head) > 0 || head_chunked(&exchange->head);
	if (asset_requested(exchange) || !find_route(exchange))
		return false;
	request_fill(exchange);
	if (!credential_permits(exchange) || !parameters_known(exchange)) {
		request_log(exchange->http->agent, &exchange->request, &exchange->reply);
		return false;
	}
	switch (exchange->route->answer) {
	case ROUTE_ANSWER_SOCKET: return socket_prepare(exchange);
	case ROUTE_ANSWER_EVENTS: event_stream_run(exchange); return false;
	default: run_handler(exchange);
	}
	request_log(exchange->http->agent, &exchange->request, &exchange->reply);
	return false;
}

void exchange_redirect(struct exchange *exchange)
{
	const char *host = head_get(&exchange->head, "Host"), *query = exchange->info->query_string;
	size_t length;
	char port[8] = "";

	exchange->close = true;
	if (!head_check(&exchange->head, &exchange->reply) || !host_ok(exchange))
		return;
	length = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	if (exchange->http->agent->options.public_port != 443)
		snprintf(port, sizeof(port), ":%d", exchange->http->agent->options.public_port);
	exchange->reply.status = 308;
	api_reply_header(&exchange->reply, "Location: https://%.*s%s%s%s%s", (int)length, host, port,
			 exchange->head.path, query ? "?" : "", query ? query : "");
}
