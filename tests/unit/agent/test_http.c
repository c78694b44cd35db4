// SPDX-License-Identifier: MIT
/*
 * The real server on loopback, TLS included. Every row of the table is something that civetweb takes by
 * itself and that must be refused.
 */
#include <openssl/ssl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "https.h"

static void what_civetweb_takes_is_refused(void **state)
{
	static const struct {
		const char *request;
		int status;
	} rows[] = {
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH
		  "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		  400 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Length: 4x\r\n\r\n{}  ", 400 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Length: +2\r\n\r\n{}", 400 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: gzip\r\n\r\n", 400 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Transfer-Encoding: identity\r\n\r\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\nHost: localhost\nAuthorization: Bearer " WORLD_ADMIN_TOKEN "\n\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\r\nHost: localhost\nX: y\r\n" AUTH "\r\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "X: a\r\n folded\r\n" AUTH "\r\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "Host: other\r\n" AUTH "\r\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" AUTH "\r\n", 400 },
		{ "GET /api/v1/cells HTTP/1.1\r\nHost: evil.example\r\n" AUTH "\r\n", 421 },
		{ "GET /api/v1/cells%00 HTTP/1.1\r\n" HOST AUTH "\r\n", 400 },
		{ "GET /api/v1%2fcells HTTP/1.1\r\n" HOST AUTH "\r\n", 400 },
		{ "GET /api/v1/../v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 400 },
		{ "GET //api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 400 },
		{ "PROPFIND /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 405 },
		{ "OPTIONS /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 405 },
		{ "MKCOL /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 405 },
		{ "BREW /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 400 },
		{ "GET /api/v1/cells HTTP/2.0\r\n" HOST AUTH "\r\n", 505 },
		{ "GET /api/v1/nothing HTTP/1.1\r\n" HOST AUTH "\r\n", 404 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n", 411 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
		  415 },
		{ "POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Length: 999999999\r\n\r\n", 413 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Length: 4000\r\n\r\n", 413 },
		{ "GET /api/v1/cells/x/console/stream HTTP/1.1\r\n" HOST AUTH "\r\n", 426 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int status = ask(rows[i].request);

		if (status != rows[i].status)
			print_error("row %zu: %d, not %d\n%s\n", i, status, rows[i].status, rows[i].request);
		assert_int_equal(status, rows[i].status);
		assert_non_null(strstr(answer, "application/problem+json"));
		assert_non_null(strstr(answer, "\"remedy\":\""));
	}
	assert_int_equal(world.num_cells, 0);
}

static void more_than_64_headers_are_refused(void **state)
{
	char text[4096] = "GET /api/v1/cells HTTP/1.1\r\n" HOST AUTH;

	(void)state;
	for (int i = 0; i < 70; i++)
		sprintf(text + strlen(text), "X-%d: y\r\n", i);
	strcat(text, "\r\n");
	assert_int_equal(ask(text), 400);
}

static void a_credential_is_asked_for(void **state)
{
	static const struct {
		const char *request, *code;
		int status;
	} rows[] = {
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "\r\n", "no-credential", 401 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "Authorization: Bearer wrong\r\n\r\n", "wrong-credential",
		  401 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "Authorization: Basic YTpi\r\n\r\n", "wrong-credential", 401 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "Cookie: rotunda_session=unknown\r\n\r\n", "wrong-credential",
		  401 },
		{ "GET /api/v1/cells HTTP/1.1\r\n" HOST "Cookie: rotunda_session=session-that-ended\r\n\r\n",
		  "session-ended", 401 },
		{ "POST /api/v1/hypervisor/enable HTTP/1.1\r\n" HOST "Authorization: Bearer " WORLD_VIEWER_TOKEN
		  "\r\n\r\n",
		  "role-too-low", 403 },
		{ "POST /api/v1/hypervisor/enable HTTP/1.1\r\n" HOST "Cookie: rotunda_session=session-of-admin\r\n\r\n",
		  "wrong-origin", 403 },
		{ "POST /api/v1/hypervisor/enable HTTP/1.1\r\n" HOST "Origin: https://evil.example\r\n"
		  "Cookie: rotunda_session=session-of-admin\r\n\r\n",
		  "wrong-origin", 403 },
		{ "GET /api/v1/cells/x/console/stream HTTP/1.1\r\n" HOST "Upgrade: websocket\r\nConnection: Upgrade\r\n"
		  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		  "no-credential", 401 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(ask(rows[i].request), rows[i].status);
		if (!strstr(answer, rows[i].code))
			print_error("row %zu: %s\n", i, answer);
		assert_non_null(strstr(answer, rows[i].code));
	}
	assert_false(world.enabled);
}

static void the_right_credential_is_let_in(void **state)
{
	(void)state;
	assert_int_equal(ask("GET /healthz HTTP/1.1\r\n" HOST "\r\n"), 200);
	assert_int_equal(ask("GET /api/v1/cells HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
	assert_non_null(strstr(answer, "{\"items\":[],\"next\":null}"));
	assert_int_equal(ask("POST /api/v1/hypervisor/enable HTTP/1.1\r\n" HOST "Origin: https://localhost\r\n"
			     "Cookie: rotunda_session=session-of-admin\r\nContent-Length: 0\r\n\r\n"),
			 200);
	assert_true(world.enabled);
}

static const struct store_event *logged(const char *detail)
{
	for (size_t i = 0; i < world.num_events; i++)
		if (strcmp(world.events[i].detail, detail) == 0)
			return &world.events[i];
	return NULL;
}

static void log_in_sets_a_cookie_that_scripts_cannot_read(void **state)
{
	(void)state;
	assert_int_equal(ask("POST /api/v1/sessions HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
			     "Content-Length: 49\r\n\r\n{\"username\":\"admin\",\"password\":\"correct horse\"}  "),
			 201);
	assert_non_null(strstr(answer, "Set-Cookie: rotunda_session=session-of-admin; Path=/; HttpOnly; Secure; "
				       "SameSite=Strict\r\n"));
	assert_null(strstr(answer, "correct horse"));
	assert_non_null(logged("admin logged in from 127.0.0.1."));
	assert_int_equal(ask("POST /api/v1/sessions HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
			     "Content-Length: 49\r\n\r\n{\"username\":\"admin\",\"password\":\"wrong\"}          "),
			 401);
	assert_int_equal(ask("POST /api/v1/sessions HTTP/1.1\r\n" HOST "Content-Type: application/json\r\n"
			     "Content-Length: 49\r\n\r\n{\"username\":\"admin\",\"password\":\"again and again\"}"),
			 429);
	assert_non_null(strstr(answer, "Retry-After: 30\r\n"));
}

static void every_answer_has_the_security_headers(void **state)
{
	static const char *const headers[] = { "Content-Security-Policy: default-src 'none'", "X-Frame-Options: DENY",
					       "X-Content-Type-Options: nosniff",
					       "Strict-Transport-Security: ", "Referrer-Policy: no-referrer" };
	static const char *const requests[] = { "GET / HTTP/1.1\r\n" HOST "\r\n",
						"GET /api/v1/x HTTP/1.1\r\n" HOST "\r\n",
						"BREW / HTTP/1.1\r\n" HOST "\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		ask(requests[i]);
		assert_null(strstr(answer, "Access-Control-Allow-Origin"));
		for (size_t k = 0; k < sizeof(headers) / sizeof(headers[0]); k++)
			assert_non_null(strstr(answer, headers[k]));
	}
}

static void the_dashboard_comes_with_its_etag(void **state)
{
	(void)state;
	assert_int_equal(ask("GET / HTTP/1.1\r\n" HOST "\r\n"), 200);
	assert_non_null(strstr(answer, "<!doctype html>"));
	assert_int_equal(ask("GET /cells/beat HTTP/1.1\r\n" HOST "If-None-Match: \"e1\"\r\n\r\n"), 304);
	assert_int_equal(ask("GET /none.js HTTP/1.1\r\n" HOST "\r\n"), 404);
}

static void a_connection_is_used_again(void **state)
{
	struct client client = client_open();
	static const char request[] = "GET /healthz HTTP/1.1\r\n" HOST "\r\n";

	(void)state;
	for (int i = 0; i < 3; i++) {
		send_bytes(&client, request, sizeof(request) - 1);
		assert_int_equal(receive(&client), 200);
	}
	client_close(&client);
}

static void uploads_come_with_a_length_or_chunked(void **state)
{
	(void)state;
	assert_int_equal(ask("PUT /api/v1/images/a HTTP/1.1\r\n" HOST AUTH "Content-Length: 5\r\n\r\nhello"), 201);
	assert_int_equal(ask("PUT /api/v1/images/b HTTP/1.1\r\n" HOST AUTH
			     "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
			 201);
	assert_string_equal(world.images[0].sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	assert_string_equal(world.images[1].sha256, world.images[0].sha256);
	assert_int_equal(ask("GET /api/v1/images/a HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
	assert_non_null(strstr(answer, "\r\n\r\nhello"));
	assert_int_equal(ask("PUT /api/v1/images/c HTTP/1.1\r\n" HOST AUTH
			     "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n"),
			 400);
	assert_int_equal(world.num_images, 2);
}

#define HELLO_DIGEST "Repr-Digest: sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:\r\n"

static void an_upload_is_held_to_its_digest(void **state)
{
	(void)state;
	assert_int_equal(
		ask("PUT /api/v1/images/d HTTP/1.1\r\n" HOST AUTH HELLO_DIGEST "Content-Length: 5\r\n\r\nhellO"), 422);
	assert_non_null(strstr(answer, "digest-wrong"));
	assert_int_equal(ask("PUT /api/v1/images/d HTTP/1.1\r\n" HOST AUTH HELLO_DIGEST HELLO_DIGEST
			     "Content-Length: 5\r\n\r\nhello"),
			 400);
	assert_int_equal(world.num_images, 0);
	assert_int_equal(
		ask("PUT /api/v1/images/d HTTP/1.1\r\n" HOST AUTH HELLO_DIGEST "Content-Length: 5\r\n\r\nhello"), 201);
	assert_int_equal(ask("GET /api/v1/images/d HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
	assert_non_null(strstr(answer, HELLO_DIGEST));
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void a_dripping_body_is_cut(void **state)
{
	static const char head[] = "PUT /api/v1/images/slow HTTP/1.1\r\n" HOST AUTH "Content-Length: 1000\r\n\r\n";
	struct client client = client_open();
	struct pollfd readable = { .fd = client.fd, .events = POLLIN };
	double began = seconds();

	(void)state;
	send_bytes(&client, head, sizeof(head) - 1);
	while (seconds() - began < 18 && poll(&readable, 1, 300) == 0)
		send_bytes(&client, "x", 1);
	assert_int_equal(receive(&client), 408);
	assert_true(seconds() - began < 14);
	client_close(&client);
	assert_int_equal(world.num_images, 0);
}

static void bytes_have_their_own_limit(void **state)
{
	char text[8192];
	int head = snprintf(text, sizeof(text),
			    "POST /api/v1/cells/x/console HTTP/1.1\r\n" HOST AUTH "Content-Length: 4096\r\n\r\n");

	(void)state;
	memset(text + head, 'x', 4096);
	text[head + 4096] = '\0';
	assert_int_equal(ask(text), 404); /* taken as a whole: there is no such cell */
	assert_int_equal(ask("POST /api/v1/cells/x/console HTTP/1.1\r\n" HOST AUTH "Content-Length: 4097\r\n\r\n"),
			 413);
	assert_non_null(strstr(answer, "at most 4096 bytes"));
	assert_int_equal(ask("POST /api/v1/cells/x/console HTTP/1.1\r\n" HOST
			     "Authorization: Bearer " WORLD_VIEWER_TOKEN "\r\nContent-Length: 1\r\n\r\nx"),
			 403);
}

static void plain_http_only_redirects(void **state)
{
	static const char request[] = "GET /cells/x?since=1 HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
	int fd = connect_to(agent.options.http_port);
	ssize_t count;

	(void)state;
	assert_int_equal(write(fd, request, sizeof(request) - 1), sizeof(request) - 1);
	count = read(fd, answer, sizeof(answer) - 1);
	assert_true(count > 0);
	answer[count] = '\0';
	close(fd);
	assert_non_null(strstr(answer, "HTTP/1.1 308 "));
	assert_non_null(strstr(answer, "Location: https://localhost:8443/cells/x?since=1\r\n"));
}

static void the_key_is_for_its_owner_alone(void **state)
{
	char path[128];
	struct stat status;

	(void)state;
	snprintf(path, sizeof(path), "%s/tls.pem", world.data);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

/* --- WebSocket ------------------------------------------------------------------------------------ */

static struct client socket_open(const char *token)
{
	struct client client = client_open();
	char request[512];

	snprintf(request, sizeof(request),
		 "GET /api/v1/cells/beat/console/stream HTTP/1.1\r\n" HOST "Authorization: Bearer %s\r\n"
		 "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		 token);
	send_bytes(&client, request, strlen(request));
	/* Byte by byte: what follows the head are frames already. */
	for (size_t used = 0; !used || !complete(used); used++)
		assert_int_equal(SSL_read(client.ssl, answer + used, 1), 1);
	assert_int_equal(atoi(answer + 9), 101);
	return client;
}

static void exactly(struct client *client, void *buffer, size_t size)
{
	for (size_t used = 0; used < size;) {
		int count = SSL_read(client->ssl, (char *)buffer + used, (int)(size - used));

		assert_true(count > 0);
		used += (size_t)count;
	}
}

/* Opcode; the payload is in `answer`. */
static int frame(struct client *client)
{
	unsigned char head[4];
	size_t size;

	exactly(client, head, 2);
	size = head[1] & 0x7f;
	if (size == 126) {
		exactly(client, head + 2, 2);
		size = (size_t)head[2] << 8 | head[3];
	}
	exactly(client, answer, size);
	answer[size] = '\0';
	return head[0] & 0xf;
}

static void prepare_beat(void)
{
	assert_int_equal(ask("PUT /api/v1/images/beat.bin HTTP/1.1\r\n" HOST AUTH "Content-Length: 5\r\n\r\nhello"),
			 201);
	assert_int_equal(ask("POST /api/v1/cells HTTP/1.1\r\n" HOST AUTH "Content-Type: application/json\r\n"
			     "Content-Length: 43\r\n\r\n" WORLD_DEFINITION "  "),
			 201);
	assert_int_equal(ask("POST /api/v1/hypervisor/enable HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
	assert_int_equal(ask("POST /api/v1/cells/beat/start HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
}

static void a_watcher_sees_history_live_output_and_the_end(void **state)
{
	struct client client;

	(void)state;
	prepare_beat();
	world_say(&world, "beat", "before\n");
	usleep(100000);
	client = socket_open(WORLD_ADMIN_TOKEN);
	assert_int_equal(frame(&client), 1);
	assert_string_equal(answer, "{\"type\":\"start\",\"offset\":0,\"input\":true}");
	assert_int_equal(frame(&client), 2);
	assert_string_equal(answer, "before\n");
	assert_int_equal(frame(&client), 1);
	assert_string_equal(answer, "{\"type\":\"state\",\"state\":\"running\"}");
	world_say(&world, "beat", "live\n");
	assert_int_equal(frame(&client), 2);
	assert_string_equal(answer, "live\n");
	assert_int_equal(ask("POST /api/v1/cells/beat/stop HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
	assert_int_equal(frame(&client), 1);
	assert_string_equal(
		answer,
		"{\"type\":\"ended\",\"state\":\"defined\",\"code\":\"command\",\"reason\":\"It was stopped by fleet.\"}");
	assert_int_equal(ask("DELETE /api/v1/cells/beat HTTP/1.1\r\n" HOST AUTH "If-Match: *\r\n\r\n"), 204);
	assert_int_equal(frame(&client), 8);
	assert_int_equal((unsigned char)answer[0] << 8 | (unsigned char)answer[1], 4404);
	client_close(&client);
}

static void input_reaches_the_cell(void **state)
{
	static const unsigned char masked[] = { 0x82, 0x82, 0, 0, 0, 0, 'h', 'i' };
	struct client client;
	char input[8];

	(void)state;
	prepare_beat();
	client = socket_open(WORLD_ADMIN_TOKEN);
	send_bytes(&client, masked, sizeof(masked));
	assert_int_equal(read(world.created[0].pipe[1], input, sizeof(input)), 2);
	assert_memory_equal(input, "hi", 2);
	client_close(&client);
}

static int close_code(struct client *client)
{
	while (frame(client) != 8)
		;
	return (unsigned char)answer[0] << 8 | (unsigned char)answer[1];
}

static void a_viewer_may_not_type(void **state)
{
	static const unsigned char masked[] = { 0x82, 0x82, 0, 0, 0, 0, 'h', 'i' };
	struct client client;

	(void)state;
	prepare_beat();
	client = socket_open(WORLD_VIEWER_TOKEN);
	send_bytes(&client, masked, sizeof(masked));
	assert_int_equal(close_code(&client), 1008);
	client_close(&client);
}

static void large_frames_are_refused(void **state)
{
	/* 200 MB declared: cut before anything is allocated. */
	static const unsigned char huge[] = { 0x82, 0xff, 0, 0, 0, 0, 0x0b, 0xeb, 0xc2, 0x00, 0, 0, 0, 0, 'x' };
	unsigned char large[8 + 5000] = { 0x82, 0xfe, 5000 >> 8, 5000 & 0xff };
	struct client client;

	(void)state;
	prepare_beat();
	client = socket_open(WORLD_ADMIN_TOKEN);
	send_bytes(&client, large, sizeof(large));
	assert_int_equal(close_code(&client), 1009);
	client_close(&client);
	client = socket_open(WORLD_ADMIN_TOKEN);
	send_bytes(&client, huge, sizeof(huge));
	while (SSL_read(client.ssl, answer, sizeof(answer)) > 0)
		;
	assert_int_equal(ask("GET /healthz HTTP/1.1\r\n" HOST "\r\n"), 200);
	client_close(&client);
}

#define SERVER_TEST(test) cmocka_unit_test_setup_teardown(test, server_open, server_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVER_TEST(what_civetweb_takes_is_refused),
		SERVER_TEST(more_than_64_headers_are_refused),
		SERVER_TEST(a_credential_is_asked_for),
		SERVER_TEST(the_right_credential_is_let_in),
		SERVER_TEST(log_in_sets_a_cookie_that_scripts_cannot_read),
		SERVER_TEST(every_answer_has_the_security_headers),
		SERVER_TEST(the_dashboard_comes_with_its_etag),
		SERVER_TEST(a_connection_is_used_again),
		SERVER_TEST(uploads_come_with_a_length_or_chunked),
		SERVER_TEST(an_upload_is_held_to_its_digest),
		SERVER_TEST(a_dripping_body_is_cut),
		SERVER_TEST(bytes_have_their_own_limit),
		SERVER_TEST(plain_http_only_redirects),
		SERVER_TEST(the_key_is_for_its_owner_alone),
		SERVER_TEST(a_watcher_sees_history_live_output_and_the_end),
		SERVER_TEST(input_reaches_the_cell),
		SERVER_TEST(a_viewer_may_not_type),
		SERVER_TEST(large_frames_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
