// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "agent.h"
#include "assets.h"
#include "coding.h"
#include "webui_assets.h"

static const char page[] = "<!doctype html><title>as it was before it was compressed</title>";
static unsigned char member[256];
static size_t member_size;

static int compress_page(void **state)
{
	z_stream stream = { .next_in = (unsigned char *)(uintptr_t)page,
			    .avail_in = sizeof(page) - 1,
			    .next_out = member,
			    .avail_out = sizeof(member) };

	(void)state;
	if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK ||
	    deflate(&stream, Z_FINISH) != Z_STREAM_END)
		return -1;
	member_size = stream.total_out;
	return deflateEnd(&stream);
}

static void gzip_is_sent_to_those_who_want_it(void **state)
{
	static const char *const wanted[] = { "gzip",
					      "GZIP",
					      "br, gzip",
					      "deflate;q=0.5,gzip;q=0.5",
					      "*",
					      "gzip ; q=0.001",
					      "identity;q=0.5, *;q=0.5",
					      "gzip;q=1.0, identity;q=0.9",
					      "*;q=0, gzip" };
	static const char *const unwanted[] = { "",
						"br",
						"identity",
						"gzip;q=0",
						"gzip;q=0.000, *",
						"xgzip",
						"gzipx",
						"*;q=0",
						"gzip;q=0.2, identity;q=0.9",
						"gzip;level=9",
						"gzip;q=",
						"gzip;" };

	(void)state;
	assert_false(coding_wants_gzip(NULL));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!coding_wants_gzip(wanted[i]))
			fail_msg("wanted: %s", wanted[i]);
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		if (coding_wants_gzip(unwanted[i]))
			fail_msg("not wanted: %s", unwanted[i]);
}

static void what_was_compressed_comes_back(void **state)
{
	size_t size = 0;
	char *content = coding_gunzip(member, member_size, &size);

	(void)state;
	assert_non_null(content);
	assert_int_equal(size, sizeof(page) - 1);
	assert_memory_equal(content, page, size);
	free(content);
}

/* Every byte but those that may be anything: time, flags of the compressor, operating system (RFC 1952, 2.3). */
static void a_damaged_member_is_no_content(void **state)
{
	size_t size = 7;

	(void)state;
	for (size_t i = 0; i < member_size; i++) {
		if (i >= 4 && i < 10)
			continue;
		member[i] ^= 0xff;
		assert_null(coding_gunzip(member, member_size, &size));
		member[i] ^= 0xff;
		assert_null(coding_gunzip(member, i, &size));
	}
	assert_int_equal(size, 7);
}

static struct api_reply get(const char *accept, const char *if_none_match)
{
	const struct webui_asset assets[] = { { "/index.html", "text/html", "\"e1\"", member, member_size, true } };
	struct agent agent = { .assets = assets, .num_assets = 1 };
	struct api_reply reply;

	api_reply_init(&reply);
	assert_true(assets_reply(&agent, "GET", "/", if_none_match, accept, &reply));
	assert_non_null(strstr(reply.headers, "Vary: Accept-Encoding\r\n"));
	return reply;
}

static void a_client_without_gzip_gets_the_page(void **state)
{
	struct api_reply reply = get(NULL, NULL);

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_int_equal(reply.size, sizeof(page) - 1);
	assert_memory_equal(reply.body, page, reply.size);
	assert_null(strstr(reply.headers, "Content-Encoding"));
	assert_non_null(strstr(reply.headers, "ETag: \"e1-identity\"\r\n"));
	api_reply_free(&reply);
}

static void a_client_with_gzip_gets_what_is_stored(void **state)
{
	struct api_reply reply = get("gzip, deflate, br", NULL);

	(void)state;
	assert_int_equal(reply.status, 200);
	assert_ptr_equal(reply.constant, member);
	assert_int_equal(reply.size, member_size);
	assert_non_null(strstr(reply.headers, "Content-Encoding: gzip\r\n"));
	assert_non_null(strstr(reply.headers, "ETag: \"e1\"\r\n"));
	api_reply_free(&reply);
}

static void each_representation_has_its_own_etag(void **state)
{
	static const struct {
		const char *accept, *known;
		int status;
	} rows[] = {
		{ "gzip", "\"e1\"", 304 },
		{ NULL, "\"e1-identity\"", 304 },
		{ "gzip", "\"e1-identity\"", 200 },
		{ NULL, "\"e1\"", 200 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct api_reply reply = get(rows[i].accept, rows[i].known);

		assert_int_equal(reply.status, rows[i].status);
		if (reply.status == 304)
			assert_int_equal(reply.size, 0);
		api_reply_free(&reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gzip_is_sent_to_those_who_want_it),
		cmocka_unit_test(what_was_compressed_comes_back),
		cmocka_unit_test(a_damaged_member_is_no_content),
		cmocka_unit_test(a_client_without_gzip_gets_the_page),
		cmocka_unit_test(a_client_with_gzip_gets_what_is_stored),
		cmocka_unit_test(each_representation_has_its_own_etag),
	};

	return cmocka_run_group_tests(tests, compress_page, NULL);
}
