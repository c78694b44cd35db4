// SPDX-License-Identifier: MIT
/* Lost updates: every write of a cell or an image says which one it was made for. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "agent_fixture.h"
#include "precondition.h"

#define OTHER_DEFINITION "{\"name\":\"beat\",\"cpu\":3,\"image\":\"beat.bin\"}"
#define ON "{\"start_at_boot\":true}"

static void conditions_are_read_as_http_says(void **state)
{
	static const struct {
		const char *etag, *if_match, *if_none_match;
		int status; /* 0: it holds */
	} rows[] = {
		{ "\"3\"", "\"3\"", NULL, 0 },
		{ "\"3\"", "*", NULL, 0 },
		{ "\"3\"", "\"1\", \"3\"", NULL, 0 },
		{ "\"3\"", "\"1\",\"3\",\"4\"", NULL, 0 },
		{ "\"3\"", "\"1\"", NULL, 412 },
		{ "\"3\"", "\"33\"", NULL, 412 },
		{ "\"3\"", "3", NULL, 412 },
		{ "\"3\"", "\"3", NULL, 412 },
		{ "\"3\"", "", NULL, 412 },
		{ "\"3\"", "W/\"3\"", NULL, 412 },
		{ "\"3\"", "\"a,\"3\"b\"", NULL, 412 },
		{ "\"3\"", NULL, NULL, 428 },
		{ "\"3\"", NULL, "\"1\"", 428 },
		{ "\"3\"", NULL, "*", 412 },
		{ "\"3\"", "\"3\"", "*", 412 },
		{ NULL, NULL, NULL, 0 },
		{ NULL, NULL, "*", 0 },
		{ NULL, "*", NULL, 412 },
		{ NULL, "\"3\"", NULL, 412 },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct api_request request = { .if_match = rows[i].if_match, .if_none_match = rows[i].if_none_match };
		bool holds;

		api_reply_free(&fixture->reply);
		holds = precondition_holds(&request, rows[i].etag, "thing", &fixture->reply);
		if (holds != !rows[i].status || fixture->reply.status != rows[i].status)
			print_error("row %zu: %d\n", i, fixture->reply.status);
		assert_int_equal(fixture->reply.status, rows[i].status);
		assert_int_equal(holds, !rows[i].status);
	}
}

static void a_write_without_a_condition_is_refused(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->no_condition = true;
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 428);
	says(fixture, "version-required");
	assert_non_null(strstr(fixture->reply.headers, "ETag: \"1\"\r\n"));
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", ON), 428);
	assert_int_equal(call(fixture, api_cell_delete), 428);
	assert_int_equal(fixture->world.num_cells, 1);
	assert_string_equal(fixture->world.cells[0].definition, WORLD_DEFINITION);
	assert_false(fixture->world.cells[0].start_at_boot);
}

static void a_race_of_two_writers_is_seen(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->if_match = "\"1\"";
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", ON), 200);
	assert_non_null(strstr(fixture->reply.headers, "ETag: \"2\"\r\n"));
	says(fixture, "\"version\":1,\"revision\":2");
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 412);
	says(fixture, "version-changed");
	assert_int_equal(call(fixture, api_cell_delete), 412);
	fixture->if_match = "\"2\"";
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 200);
	says(fixture, "\"version\":2,\"revision\":3");
	says(fixture, "\"start_at_boot\":true");
	assert_int_equal(call_body(fixture, api_cell_patch, "beat", ON), 412);
	fixture->if_match = "\"3\"";
	assert_int_equal(call(fixture, api_cell_delete), 204);
}

static void a_put_of_something_new_needs_no_condition(void **state)
{
	struct fixture *fixture = *state;

	fixture->no_condition = true;
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 201);
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 428);
	fixture->no_condition = false;
	assert_int_equal(call(fixture, api_cell_delete), 204);
	/* Who wants to change what is gone has not seen that it is gone. */
	assert_int_equal(call_body(fixture, api_cell_put, "beat", WORLD_DEFINITION), 412);
	assert_int_equal(fixture->world.num_cells, 0);
	assert_int_equal(call(fixture, api_cell_delete), 404);
}

/* The store is the judge: somebody writes between a handler's look and its own write. */
static void a_writer_who_comes_in_between_is_seen(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	fixture->world.store_error = -ESTALE;
	assert_int_equal(call_body(fixture, api_cell_put, "beat", OTHER_DEFINITION), 412);
	assert_string_equal(fixture->world.cells[0].definition, WORLD_DEFINITION);
}

static int send_image(struct fixture *fixture, const char *if_match)
{
	struct api_request request = { .name = "beat.bin", .if_match = if_match };
	/* Without a stream: what is refused must be refused before a byte is read. */
	api_reply_free(&fixture->reply);
	api_image_put(&fixture->agent, &request, &fixture->reply);
	return fixture->reply.status;
}

static void an_image_is_not_overwritten_unseen(void **state)
{
	struct fixture *fixture = *state;
	char etag[70];

	assert_int_equal(upload(fixture, "beat.bin", "code", 0), 201);
	snprintf(etag, sizeof(etag), "\"%s\"", fixture->world.images[0].sha256);
	assert_non_null(strstr(fixture->reply.headers, etag));
	assert_int_equal(send_image(fixture, NULL), 428);
	assert_int_equal(send_image(fixture, "\"0000\""), 412);
	fixture->no_condition = true;
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 428);
	fixture->no_condition = false;
	fixture->if_match = "\"0000\"";
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 412);
	assert_int_equal(fixture->world.num_images, 1);
	fixture->if_match = etag;
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 204);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(conditions_are_read_as_http_says),
		FIXTURE_TEST(a_write_without_a_condition_is_refused),
		FIXTURE_TEST(a_race_of_two_writers_is_seen),
		FIXTURE_TEST(a_put_of_something_new_needs_no_condition),
		FIXTURE_TEST(a_writer_who_comes_in_between_is_seen),
		FIXTURE_TEST(an_image_is_not_overwritten_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
