// SPDX-License-Identifier: MIT
/* What holds for every request: a POST that is sent twice, the record of writes, lists in pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

#include "agent_fixture.h"
#include "idempotency.h"
#include "page.h"
#include "port_store.h"
#include "request_log.h"
#include "route.h"

static struct db *db;

static int open_store(void **state)
{
	struct fixture *fixture;

	fixture_open(state);
	fixture = *state;
	if (db_open(&db, ":memory:") != 0)
		return -1;
	fixture->agent.store_ops = &port_store_ops;
	fixture->agent.store = db;
	return 0;
}

static int close_store(void **state)
{
	struct fixture *fixture = *state;

	agent_stop(&fixture->agent);
	fixture_close(state);
	db_close(db);
	return 0;
}

static struct api_request post(const char *key, const char *body)
{
	return (struct api_request){ .method = "POST",
				     .path = "/api/v1/users",
				     .body = body,
				     .body_size = strlen(body),
				     .remote = "192.0.2.1",
				     .idempotency_key = key,
				     .who = { "fleet", API_ROLE_ADMIN, false } };
}

/* The status of what is answered without the handler; 0: the handler is to run. */
static int begin(struct fixture *fixture, const struct api_request *request)
{
	api_reply_free(&fixture->reply);
	return idempotency_begin(&fixture->agent, request, &fixture->reply) ? 0 : fixture->reply.status;
}

static void end(struct fixture *fixture, const struct api_request *request, int status, bool secret)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", "eve");
	api_reply_json(&fixture->reply, status, json);
	api_reply_header(&fixture->reply, "Location: /api/v1/users/eve");
	fixture->reply.secret = secret;
	idempotency_end(&fixture->agent, request, &fixture->reply);
}

static void the_second_gets_the_answer_of_the_first(void **state)
{
	const struct api_request request = post("k", "{}"), other = post("k", "{ }"), unkeyed = post(NULL, "{}");
	struct fixture *fixture = *state;

	assert_int_equal(begin(fixture, &request), 0);
	assert_int_equal(begin(fixture, &request), 409);
	says(fixture, "request-unfinished");
	end(fixture, &request, 201, false);
	assert_int_equal(begin(fixture, &request), 201);
	says(fixture, "{\"name\":\"eve\"}");
	assert_string_equal(fixture->reply.headers, "Location: /api/v1/users/eve\r\nIdempotency-Replayed: true\r\n");
	assert_string_equal(fixture->reply.type, "application/json");
	assert_int_equal(begin(fixture, &other), 422);
	says(fixture, "idempotency-key-reused");
	assert_int_equal(begin(fixture, &unkeyed), 0);
	assert_int_equal(begin(fixture, &unkeyed), 0);
}

static void a_failure_may_be_tried_again_and_a_secret_is_not_kept(void **state)
{
	const struct api_request request = post("k", "{}"), token = post("t", "{}");
	struct fixture *fixture = *state;

	assert_int_equal(begin(fixture, &request), 0);
	end(fixture, &request, 503, false);
	assert_int_equal(begin(fixture, &request), 0);
	assert_int_equal(begin(fixture, &token), 0);
	end(fixture, &token, 201, true);
	assert_int_equal(begin(fixture, &token), 409);
}

static void keys_that_are_none_are_refused(void **state)
{
	const struct api_request empty = post("", "{}"), spaced = post("a b", "{}");
	struct fixture *fixture = *state;

	assert_int_equal(begin(fixture, &empty), 400);
	says(fixture, "bad-idempotency-key");
	assert_int_equal(begin(fixture, &spaced), 400);
}

static int take_event(void *context, const struct store_event *event)
{
	*(struct store_event *)context = *event;
	return 0;
}

static void a_write_is_recorded_and_a_read_is_not(void **state)
{
	struct store_event_filter filter = { .requests = true, .limit = 10 }, others = { .limit = 10 };
	struct api_request request = post(NULL, "{\"password\":\"secret\"}");
	struct store_event event = { 0 };
	struct fixture *fixture = *state;

	api_problem(&fixture->reply, 409, "name-taken", "Take another.", "It is taken.");
	request.method = "GET";
	request_log(&fixture->agent, &request, &fixture->reply);
	port_store_ops.event_each(db, &filter, take_event, &event);
	assert_int_equal(event.id, 0);
	request.method = "POST";
	request_log(&fixture->agent, &request, &fixture->reply);
	port_store_ops.event_each(db, &others, take_event, &event);
	assert_int_equal(event.id, 0);
	port_store_ops.event_each(db, &filter, take_event, &event);
	assert_string_equal(event.actor, "fleet");
	assert_string_equal(event.request, "{\"remote\":\"192.0.2.1\",\"method\":\"POST\",\"path\":\"/api/v1/users\","
					   "\"status\":409,\"code\":\"name-taken\"}");
	assert_string_equal(event.detail, "fleet asked from 192.0.2.1 for POST /api/v1/users: 409 name-taken.");
}

static void a_page_ends_where_the_next_begins(void **state)
{
	static const char *const names[] = { "a", "b", "c" };
	struct api_request request = { .query = "limit=2" };
	struct fixture *fixture = *state;
	struct page page;

	assert_true(page_by_name(&request, &page, &fixture->reply));
	assert_true(page_takes_name(&page, names[0]));
	assert_true(page_takes_name(&page, names[1]));
	assert_false(page_takes_name(&page, names[2]));
	assert_true(page.more);
	assert_string_equal(page.last, "b");
	request.query = "cursor=b&limit=2";
	assert_true(page_by_name(&request, &page, &fixture->reply));
	assert_false(page_takes_name(&page, names[1]));
	assert_true(page_takes_name(&page, names[2]));
	assert_false(page.more);
	request.query = "cursor=%2F";
	assert_false(page_by_name(&request, &page, &fixture->reply));
	says(fixture, "bad-request");
}

static void a_parameter_that_is_spelled_wrong_is_named(void **state)
{
	struct api_request request = { 0 };
	const struct route *route = NULL;
	char text[64];

	(void)state;
	assert_int_equal(route_find("GET", "/api/v1/events", &route, &request, text, sizeof(text)), ROUTE_FOUND);
	assert_true(route_takes_query(route, NULL, text, sizeof(text)));
	assert_true(route_takes_query(route, "limit=1&&kind=x", text, sizeof(text)));
	assert_false(route_takes_query(route, "limit=1&sevrity=error", text, sizeof(text)));
	assert_string_equal(text, "sevrity");
	assert_false(route_takes_query(route, "lim", text, sizeof(text)));
	assert_false(route_takes_query(route, "<b>=1", text, sizeof(text)));
	assert_string_equal(text, "");
}

#define RULES_TEST(test) cmocka_unit_test_setup_teardown(test, open_store, close_store)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULES_TEST(the_second_gets_the_answer_of_the_first),
		RULES_TEST(a_failure_may_be_tried_again_and_a_secret_is_not_kept),
		RULES_TEST(keys_that_are_none_are_refused),
		RULES_TEST(a_write_is_recorded_and_a_read_is_not),
		RULES_TEST(a_page_ends_where_the_next_begins),
		cmocka_unit_test(a_parameter_that_is_spelled_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
