// SPDX-License-Identifier: MIT
/* Uploads that say what they must be, and images that are in use. */
#include <dirent.h>
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
#include "digest.h"

#define CODE_HEX "5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b" /* sha256sum of "code" */
#define CODE_BASE64 "VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcCs="
#define CODE_DIGEST "sha-256=:" CODE_BASE64 ":"
#define HELLO_DIGEST "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:"

static void digests_are_read_as_rfc_9530_says(void **state)
{
	static const struct {
		const char *field;
		enum digest_demand demand;
	} rows[] = {
		{ NULL, DIGEST_NONE },
		{ CODE_DIGEST, DIGEST_SHA256 },
		{ "  " CODE_DIGEST "\t", DIGEST_SHA256 },
		{ "sha-512=:AAAA:, " CODE_DIGEST, DIGEST_SHA256 },
		{ CODE_DIGEST ",unixsum=:AA==:", DIGEST_SHA256 },
		{ "sha-512=:AAAA:", DIGEST_OTHER },
		{ "sha-2560=:" CODE_BASE64 ":", DIGEST_OTHER },
		{ "", DIGEST_MALFORMED },
		{ ",", DIGEST_MALFORMED },
		{ "sha-256", DIGEST_MALFORMED },
		{ "sha-256=", DIGEST_MALFORMED },
		{ "sha-256=" CODE_HEX, DIGEST_MALFORMED },
		{ "sha-256=" CODE_BASE64, DIGEST_MALFORMED },
		{ "sha-256=:" CODE_BASE64, DIGEST_MALFORMED },
		{ "sha-256=:AAAA:", DIGEST_MALFORMED },
		{ "sha-256=:" CODE_BASE64 "=:", DIGEST_MALFORMED },
		{ "sha-256=:VpTQii5T/8rgwxA+Wtb2B2q9lg6x+KVldwQLwQKPcC==:", DIGEST_MALFORMED },
		{ "sha-256=:VpTQii5T_8rgwxA-Wtb2B2q9lg6x-KVldwQLwQKPcCs=:", DIGEST_MALFORMED },
		{ "SHA-256=:" CODE_BASE64 ":", DIGEST_MALFORMED },
		{ CODE_DIGEST ",", DIGEST_MALFORMED },
		{ CODE_DIGEST " x", DIGEST_MALFORMED },
		{ CODE_DIGEST ", " HELLO_DIGEST, DIGEST_MALFORMED },
	};
	char hex[DIGEST_HEX_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum digest_demand demand = digest_parse(rows[i].field, hex);

		if (demand != rows[i].demand)
			print_error("row %zu: %d\n", i, demand);
		assert_int_equal(demand, rows[i].demand);
		if (demand == DIGEST_SHA256)
			assert_string_equal(hex, CODE_HEX);
		memset(hex, 0, sizeof(hex));
	}
}

static void a_digest_is_told_as_it_is_read(void **state)
{
	char field[DIGEST_FIELD_SIZE];

	(void)state;
	assert_true(digest_format(CODE_HEX, field));
	assert_string_equal(field, CODE_DIGEST);
	assert_false(digest_format("", field));
	assert_string_equal(field, "");
}

static int files(struct fixture *fixture)
{
	char path[256];
	struct dirent *entry;
	int count = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/images", fixture->world.data);
	folder = opendir(path);
	assert_non_null(folder);
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

static void an_upload_has_the_demanded_digest(void **state)
{
	struct fixture *fixture = *state;

	fixture->repr_digest = CODE_DIGEST;
	assert_int_equal(upload(fixture, "a", "code", 0), 201);
	assert_int_equal(call_body(fixture, api_image_get, "a", NULL), 200);
	assert_non_null(strstr(fixture->reply.headers, "Repr-Digest: " CODE_DIGEST "\r\n"));
}

static void other_bytes_replace_nothing(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(upload(fixture, "a", "code", 0), 201);
	fixture->repr_digest = HELLO_DIGEST;
	assert_int_equal(upload(fixture, "a", "other", 0), 422);
	says(fixture, "digest-wrong");
	assert_int_equal(upload(fixture, "b", "other", 0), 422);
	assert_int_equal(fixture->world.num_images, 1);
	assert_string_equal(fixture->world.images[0].sha256, CODE_HEX);
	assert_int_equal(files(fixture), 1);
}

static void digests_that_cannot_be_checked_are_refused(void **state)
{
	struct fixture *fixture = *state;

	fixture->repr_digest = "sha-512=:AAAA:";
	assert_int_equal(upload(fixture, "a", "code", 0), 400);
	says(fixture, "digest-unsupported");
	assert_non_null(strstr(fixture->reply.headers, "Want-Repr-Digest: sha-256=10\r\n"));
	fixture->repr_digest = CODE_HEX;
	assert_int_equal(upload(fixture, "a", "code", 0), 400);
	says(fixture, "bad-digest");
	assert_int_equal(fixture->world.num_images, 0);
	assert_int_equal(files(fixture), 0);
}

static void a_full_disk_fails_that_upload_alone(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(upload(fixture, "a", "code", 0), 201);
	assert_int_equal(upload(fixture, "a", "other", -ENOSPC), 507);
	says(fixture, "disk-full");
	assert_string_equal(fixture->world.images[0].sha256, CODE_HEX);
	assert_int_equal(files(fixture), 1);
	assert_int_equal(upload(fixture, "b", "other", 0), 201);
}

static void all_cells_that_use_an_image_are_named(void **state)
{
	struct fixture *fixture = *state;

	ready(fixture);
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 409);
	says(fixture, "is used by the cell \\\"beat\\\".");
	assert_int_equal(
		call_body(fixture, api_cell_create, "", "{\"name\":\"second\",\"cpu\":3,\"image\":\"beat.bin\"}"), 201);
	assert_int_equal(call_body(fixture, api_image_delete, "beat.bin", NULL), 409);
	says(fixture, "is used by the cells \\\"beat\\\", \\\"second\\\".");
	assert_int_equal(fixture->world.num_images, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_read_as_rfc_9530_says),
		cmocka_unit_test(a_digest_is_told_as_it_is_read),
		FIXTURE_TEST(an_upload_has_the_demanded_digest),
		FIXTURE_TEST(other_bytes_replace_nothing),
		FIXTURE_TEST(digests_that_cannot_be_checked_are_refused),
		FIXTURE_TEST(a_full_disk_fails_that_upload_alone),
		FIXTURE_TEST(all_cells_that_use_an_image_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
