// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>
#include <db/db.h>

#include "agent_world.h"
#include "factory.h"
#include "provision.h"

static struct world world;
static struct agent agent;
static struct db *db;
static struct auth *auth;
static char path[128];
static struct json_problem problem;

static int open_all(void **state)
{
	(void)state;
	world_open(&world, &agent);
	snprintf(path, sizeof(path), "%s/file.json", world.data);
	if (db_open(&db, ":memory:") != 0)
		return -1;
	auth = auth_new(db, NULL);
	return auth ? 0 : -1;
}

static int close_all(void **state)
{
	(void)state;
	auth_free(auth);
	db_close(db);
	world_close(&world, &agent);
	return 0;
}

static void put(const char *where, const char *text)
{
	FILE *file = fopen(where, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int apply(const char *text)
{
	memset(&problem, 0, sizeof(problem));
	if (text)
		put(path, text);
	return provision_apply(auth, path, &problem);
}

#define ADMIN "\"admin\":{\"username\":\"admin\",\"password\":\"long enough password\"}"
#define TOKEN(name, role, token) "{\"name\":\"" name "\",\"role\":\"" role "\",\"token\":\"" token "\"}"
#define GOOD_TOKEN TOKEN("fleet", "operator", "0123456789abcdefghij")

static void a_board_is_set_up_by_its_file_once(void **state)
{
	struct api_identity who = { 0 };

	(void)state;
	assert_int_equal(apply(NULL), -ENOENT);
	assert_int_equal(apply("{" ADMIN ",\"tokens\":[" GOOD_TOKEN "]}"), 0);
	assert_int_equal(auth_ops.token(auth, "0123456789abcdefghij", &who), 0);
	assert_int_equal(who.role, API_ROLE_OPERATOR);
	assert_int_equal(apply(NULL), -EALREADY);
}

static void a_wrong_file_names_field_and_reason_and_changes_nothing(void **state)
{
	static const struct {
		const char *text, *code, *pointer;
	} rows[] = {
		{ "", "json-syntax", "" },
		{ "{", "json-syntax", "" },
		{ "{\"admins\":{}}", "json-unknown-member", "/admins" },
		{ "{\"tokens\":[]}", "json-missing", "/admin" },
		{ "{\"admin\":[]}", "json-type", "/admin" },
		{ "{\"admin\":{\"password\":\"long enough password\"}}", "json-missing", "/admin/username" },
		{ "{\"admin\":{\"username\":\"a\",\"password\":\"short\"}}", "weak-password", "/admin/password" },
		{ "{\"admin\":{\"username\":\"a b\",\"password\":\"long enough password\"}}", "bad-name",
		  "/admin/username" },
		{ "{\"admin\":{\"username\":\"a\",\"password\":\"long enough password\",\"role\":\"admin\"}}",
		  "json-unknown-member", "/admin/role" },
		{ "{" ADMIN ",\"tokens\":{}}", "json-type", "/tokens" },
		{ "{" ADMIN ",\"tokens\":[1]}", "json-type", "/tokens/0" },
		{ "{" ADMIN ",\"tokens\":[" GOOD_TOKEN "," TOKEN("f", "king", "1123456789abcdefghij") "]}", "bad-role",
		  "/tokens/1/role" },
		{ "{" ADMIN ",\"tokens\":[" TOKEN("f", "admin", "short") "]}", "weak-token", "/tokens/0/token" },
		{ "{" ADMIN ",\"tokens\":[{\"name\":\"f\",\"token\":\"0123456789abcdefghij\",\"rol\":\"admin\"}]}",
		  "json-unknown-member", "/tokens/0/rol" },
		{ "{" ADMIN ",\"tokens\":[{\"name\":\"f\",\"token\":\"0123456789abcdefghij\"}]}", "json-missing",
		  "/tokens/0/role" },
		{ "{" ADMIN ",\"tokens\":[" GOOD_TOKEN "," TOKEN("fleet", "admin", "1123456789abcdefghij") "]}",
		  "duplicate-token", "/tokens/1/name" },
		{ "{" ADMIN ",\"tokens\":[" GOOD_TOKEN "," TOKEN("f", "admin", "0123456789abcdefghij") "]}",
		  "duplicate-token", "/tokens/1/token" },
	};
	struct api_identity who = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(apply(rows[i].text), -EINVAL);
		assert_string_equal(problem.code, rows[i].code);
		assert_string_equal(problem.pointer, rows[i].pointer);
		assert_true(strlen(problem.detail) > 10);
		assert_null(strstr(problem.detail, "0123456789"));
		assert_true(auth_setup_tick(auth) > 0);
		assert_int_equal(auth_ops.token(auth, "0123456789abcdefghij", &who), -EACCES);
	}
}

static void a_file_that_cannot_be_read_is_said(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s", world.data); /* a folder */
	assert_int_equal(apply(NULL), -EINVAL);
	assert_string_equal(problem.code, "unreadable");
}

static void factory_cells_come_once_with_their_images(void **state)
{
	char image[128], wrong[128];

	(void)state;
	put(path, WORLD_DEFINITION);
	snprintf(image, sizeof(image), "%s/beat.bin.bin", world.data);
	put(image, "code");
	snprintf(wrong, sizeof(wrong), "%s/wrong.json", world.data);
	put(wrong, "{\"name\":\"wrong\"}");
	factory_import(&agent, world.data, world.data);
	assert_int_equal(world.num_cells, 1);
	assert_string_equal(world.cells[0].name, "beat");
	assert_int_equal(world.num_images, 1);
	assert_int_equal(world.images[0].size, 4);
	assert_int_equal(agent.store_ops->cell_delete(agent.store, "beat", -1), 0);
	factory_import(&agent, world.data, world.data);
	assert_int_equal(world.num_cells, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_board_is_set_up_by_its_file_once, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_wrong_file_names_field_and_reason_and_changes_nothing, open_all,
						close_all),
		cmocka_unit_test_setup_teardown(a_file_that_cannot_be_read_is_said, open_all, close_all),
		cmocka_unit_test_setup_teardown(factory_cells_come_once_with_their_images, open_all, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
