// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool too_slow(struct exchange *exchange)
{
	struct timespec now;
	int64_t elapsed_ms, allowed_ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	elapsed_ms = (now.tv_sec - exchange->began.tv_sec) * 1000 + (now.tv_nsec - exchange->began.tv_nsec) / 1000000;
	allowed_ms = exchange->http->agent->options.body_deadline_ms + exchange->body_read / 65536 * 1000;
	return elapsed_ms > allowed_ms;
}

/* Bytes, 0 at the end, or -errno; struct api_stream's read. */
long body_read(void *context, void *buffer, size_t size)
{
	struct exchange *exchange = context;
	int64_t length = head_length(&exchange->head);
	int count;

	if (length >= 0 && exchange->body_read >= length)
		return 0;
	count = mg_read(exchange->connection, buffer, size);
	if (count > 0)
		exchange->body_read += count;
	if (too_slow(exchange))
		return -ETIMEDOUT;
	if (count < 0)
		return -EPROTO;
	if (count == 0 && length >= 0)
		return -ECONNRESET;
	if (count == 0)
		exchange->close = false;
	return count;
}

/* Streams have no limit here: their handler has. */
static int64_t limit_of(const struct exchange *exchange)
{
	static const int64_t limits[] = { [ROUTE_BODY_NONE] = ROUTE_NONE_MAX,
					  [ROUTE_BODY_JSON] = ROUTE_JSON_MAX,
					  [ROUTE_BODY_BYTES] = ROUTE_BYTES_MAX,
					  [ROUTE_BODY_STREAM] = INT64_MAX };

	return limits[exchange->route->body];
}

static void body_failed(struct exchange *exchange, long err)
{
	struct api_reply *reply = &exchange->reply;

	if (err == -ETIMEDOUT)
		api_problem(reply, 408, "body-too-slow", "Try again over a better connection.",
			    "The body came in too slowly.");
	else if (err == -EFBIG)
		api_problem(reply, 413, "body-too-large", "Send less.", "A body has at most %lld bytes here.",
			    (long long)(exchange->route->body == ROUTE_BODY_NONE ? 0 : limit_of(exchange)));
	else
		api_problem(reply, 400, "bad-length", "Send as many bytes as the head declares.",
			    "The body was cut off or malformed.");
}

static long body_collect(struct exchange *exchange, size_t limit)
{
	size_t used = 0;
	long count = 0;

	/* One byte more than allowed shows that there is more. */
	exchange->body = malloc(limit + 2);
	if (!exchange->body)
		return -ENOMEM;
	while (used <= limit) {
		count = body_read(exchange, exchange->body + used, limit + 1 - used);
		if (count <= 0)
			break;
		used += (size_t)count;
	}
	if (count < 0)
		return count;
	if (used > limit)
		return -EFBIG;
	exchange->body[used] = '\0';
	exchange->request.body = exchange->body;
	exchange->request.body_size = used;
	return 0;
}

static bool body_type_ok(struct exchange *exchange)
{
	const char *type = head_get(&exchange->head, "Content-Type");

	if (type && strncasecmp(type, "application/json", 16) == 0 && (!type[16] || type[16] == ';'))
		return true;
	api_problem(&exchange->reply, 415, "wrong-content-type", "Send Content-Type: application/json.",
		    "The body is not declared as JSON.");
	return false;
}

static bool body_size_ok(struct exchange *exchange)
{
	int64_t length = head_length(&exchange->head);

	if (exchange->route->body != ROUTE_BODY_NONE && length < 0 && !head_chunked(&exchange->head)) {
		api_problem(&exchange->reply, 411, "length-required", "Send Content-Length, or chunked.",
			    "The request has no body.");
		return false;
	}
	if (length > limit_of(exchange)) {
		body_failed(exchange, -EFBIG);
		return false;
	}
	return true;
}

static void continue_if_expected(struct exchange *exchange)
{
	const char *expect = head_get(&exchange->head, "Expect");
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	if (expect && strcasecmp(expect, "100-continue") == 0)
		mg_write(exchange->connection, go_on, sizeof(go_on) - 1);
}

bool body_take(struct exchange *exchange)
{
	int64_t length = head_length(&exchange->head);
	long err;

	exchange->close = length > 0 || head_chunked(&exchange->head);
	if (!body_size_ok(exchange) || (exchange->route->body == ROUTE_BODY_JSON && !body_type_ok(exchange)))
		return false;
	if (!exchange->close && exchange->route->body == ROUTE_BODY_NONE)
		return true;
	continue_if_expected(exchange);
	if (exchange->route->body == ROUTE_BODY_STREAM)
		return true;
	err = body_collect(exchange, (size_t)limit_of(exchange));
	if (err)
		body_failed(exchange, err);
	else if (length >= 0)
		exchange->close = false;
	return !err;
}
