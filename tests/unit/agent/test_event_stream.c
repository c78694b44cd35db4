// SPDX-License-Identifier: MIT
/* Events as they come, over the real server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cell_table.h"
#include "follow.h"
#include "console.h"
#include "https.h"

struct reader {
	struct client client;
	size_t used;
};

static struct reader stream_open(const char *fields)
{
	struct reader reader = { client_open(), 0 };
	char request[512];

	snprintf(request, sizeof(request), "GET /api/v1/events/stream HTTP/1.1\r\n" HOST AUTH "%s\r\n", fields);
	send_bytes(&reader.client, request, strlen(request));
	answer[0] = '\0';
	return reader;
}

/* Reads until the text has come; false when the server closed before. */
static bool comes(struct reader *reader, const char *text)
{
	while (!strstr(answer, text)) {
		int count =
			SSL_read(reader->client.ssl, answer + reader->used, (int)(sizeof(answer) - 1 - reader->used));

		if (count <= 0)
			return false;
		reader->used += (size_t)count;
		answer[reader->used] = '\0';
	}
	return true;
}

static void happens(const char *detail)
{
	agent_event(&agent, "info", "test", "beat", "tester", "%s", detail);
}

static void an_event_comes_when_it_happens(void **state)
{
	struct reader reader;

	(void)state;
	happens("before anybody listened");
	reader = stream_open("");
	assert_true(comes(&reader, "event: hello\ndata: {\"uptime_seconds\":"));
	assert_non_null(strstr(answer, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(answer, "Content-Type: text/event-stream\r\n"));
	assert_non_null(strstr(answer, "Cache-Control: no-store\r\n"));
	assert_null(strstr(answer, "Content-Length:"));
	happens("now\nand here");
	assert_true(comes(&reader, "id: 2\ndata: {\"id\":2,"));
	assert_true(comes(&reader, "now\\nand here"));
	assert_true(comes(&reader, "event: changed\ndata: {}\n\n"));
	assert_null(strstr(answer, "before anybody"));
	assert_true(comes(&reader, "event: tick\ndata: {\"uptime_seconds\":"));
	client_close(&reader.client);
}

static void who_comes_back_misses_nothing(void **state)
{
	struct reader reader;
	char detail[16];

	(void)state;
	for (int i = 1; i <= 150; i++) {
		snprintf(detail, sizeof(detail), "number %d.", i);
		happens(detail);
	}
	reader = stream_open("Last-Event-ID: 20\r\n");
	assert_true(comes(&reader, "number 150."));
	assert_non_null(strstr(answer, "number 21."));
	assert_null(strstr(answer, "number 20."));
	assert_null(strstr(answer, "event: lost"));
	assert_true(strstr(answer, "number 21.") < strstr(answer, "number 22."));
	client_close(&reader.client);
}

static void what_was_removed_meanwhile_is_told(void **state)
{
	struct reader reader;

	(void)state;
	happens("one");
	happens("two");
	world.events[1].id = 9; /* 2 to 8 were removed to make room */
	reader = stream_open("Last-Event-ID: 1\r\n");
	assert_true(comes(&reader, "event: lost\ndata: {\"events\":7}\n\nid: 9\n"));
	client_close(&reader.client);
}

static void an_id_of_another_database_starts_from_now(void **state)
{
	struct reader reader;

	(void)state;
	happens("one");
	reader = stream_open("Last-Event-ID: 9000\r\n");
	assert_true(comes(&reader, "event: hello"));
	happens("two");
	assert_true(comes(&reader, "id: 2\n"));
	client_close(&reader.client);
}

static void a_state_and_a_last_line_come_without_being_asked_for(void **state)
{
	struct reader reader = stream_open("");
	struct console *console = follow_take(&agent, "beat");

	(void)state;
	assert_true(comes(&reader, "event: hello"));
	console_append(console, "beat 1\nbeat 2\n", 14);
	console_release(console);
	assert_true(comes(&reader, "event: consoles\ndata: {\"items\":[{\"cell\":\"beat\",\"start\":0,\"end\":14,"
				   "\"last_line\":\"beat 2\"}]}\n\n"));
	assert_null(strstr(answer, "event: changed"));
	assert_int_equal(cell_table_claim(agent.cells, "beat", "starting"), 0);
	assert_true(comes(&reader, "event: changed\ndata: {}\n\n"));
	client_close(&reader.client);
}

static void a_stream_needs_a_credential_and_a_number(void **state)
{
	(void)state;
	assert_int_equal(ask("GET /api/v1/events/stream HTTP/1.1\r\n" HOST "\r\n"), 401);
	assert_int_equal(ask("GET /api/v1/events/stream HTTP/1.1\r\n" HOST AUTH "Last-Event-ID: x\r\n\r\n"), 400);
	assert_int_equal(ask("GET /api/v1/events/stream?since=-1 HTTP/1.1\r\n" HOST AUTH "\r\n"), 400);
	assert_int_equal(ask("POST /api/v1/events/stream HTTP/1.1\r\n" HOST AUTH "\r\n"), 405);
	assert_int_equal(ask("HEAD /api/v1/events/stream HTTP/1.1\r\n" HOST AUTH "\r\n"), 200);
}

static void streams_leave_threads_for_everybody_else(void **state)
{
	struct reader readers[6];

	(void)state;
	/* The test's server has 8 threads. */
	for (int i = 0; i < 6; i++) {
		readers[i] = stream_open("");
		assert_true(comes(&readers[i], "event: hello"));
	}
	assert_int_equal(ask("GET /healthz HTTP/1.1\r\n" HOST "\r\n"), 200);
	for (int i = 0; i < 6; i++)
		client_close(&readers[i].client);
}

static struct reader late;

static void a_server_that_stops_ends_its_streams(void **state)
{
	(void)state;
	late = stream_open("");
	assert_true(comes(&late, "event: hello"));
}

/* It returns when every thread of the server has ended, with the client still there. */
static int server_close_first(void **state)
{
	int err = server_close(state);

	client_close(&late.client);
	return err;
}

#define STREAM_TEST(test) cmocka_unit_test_setup_teardown(test, server_open, server_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(an_event_comes_when_it_happens),
		STREAM_TEST(who_comes_back_misses_nothing),
		STREAM_TEST(what_was_removed_meanwhile_is_told),
		STREAM_TEST(an_id_of_another_database_starts_from_now),
		STREAM_TEST(a_state_and_a_last_line_come_without_being_asked_for),
		STREAM_TEST(a_stream_needs_a_credential_and_a_number),
		STREAM_TEST(streams_leave_threads_for_everybody_else),
		cmocka_unit_test_setup_teardown(a_server_that_stops_ends_its_streams, server_open, server_close_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
