// SPDX-License-Identifier: MIT
#include "exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_CHUNK 65536

/* Trusted Types and no inline style: what the dashboard was measured to run with. */
#define CONTENT_POLICY                                                                                      \
	"default-src 'none'; script-src 'self'; style-src 'self' "                                          \
	"'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; connect-src 'self'; img-src 'self' data:; " \
	"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "                    \
	"require-trusted-types-for 'script'"

#define SECURITY_HEADERS                                  \
	"Strict-Transport-Security: max-age=31536000\r\n" \
	"X-Content-Type-Options: nosniff\r\n"             \
	"X-Frame-Options: DENY\r\n"                       \
	"Referrer-Policy: no-referrer\r\n"                \
	"Cross-Origin-Opener-Policy: same-origin\r\n"     \
	"Cross-Origin-Resource-Policy: same-origin\r\n"   \
	"Content-Security-Policy: " CONTENT_POLICY "\r\n"

bool reply_without_body(const struct exchange *exchange)
{
	return strcmp(exchange->info->request_method, "HEAD") == 0;
}

static int head_print(struct exchange *exchange, char *buffer, size_t size)
{
	const struct api_reply *reply = &exchange->reply;
	char length[48] = "";

	/* RFC 9110 8.6: no Content-Length with 204 and 304. */
	if (reply->status != 204 && reply->status != 304 && !exchange->unbounded)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n", reply->size);
	return snprintf(buffer, size, "HTTP/1.1 %d %s\r\n%s%s%s%s%s" SECURITY_HEADERS "%s%s\r\n", reply->status,
			api_status_title(reply->status), reply->type ? "Content-Type: " : "",
			reply->type ? reply->type : "", reply->type ? "\r\n" : "", length,
			strstr(reply->headers, "Cache-Control:") ? "" : "Cache-Control: no-store\r\n", reply->headers,
			exchange->close ? "Connection: close\r\n" : "");
}

static void send_file(struct exchange *exchange)
{
	char *chunk = malloc(FILE_CHUNK);
	ssize_t count;

	while (chunk && (count = read(exchange->reply.fd, chunk, FILE_CHUNK)) > 0)
		if (mg_write(exchange->connection, chunk, (size_t)count) != count)
			break;
	free(chunk);
}

void reply_send(struct exchange *exchange)
{
	const struct api_reply *reply = &exchange->reply;
	const void *body = reply->body ? reply->body : reply->constant;
	size_t body_size = body && !reply_without_body(exchange) ? reply->size : 0;
	char *buffer = malloc(4096 + body_size);
	int length;

	if (!buffer)
		return;
	length = head_print(exchange, buffer, 4096);
	if (length > 0 && length < 4096) {
		if (body_size)
			memcpy(buffer + length, body, body_size);
		mg_write(exchange->connection, buffer, (size_t)length + body_size);
		if (reply->fd >= 0 && !reply_without_body(exchange))
			send_file(exchange);
	}
	free(buffer);
}
