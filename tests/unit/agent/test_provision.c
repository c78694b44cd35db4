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
#include "provision.h"

static struct world world;
static struct agent agent;
static struct db *db;
static struct auth *auth;
static char path[128];

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

static void a_board_is_set_up_by_its_file_once(void **state)
{
	struct api_identity who = { 0 };

	(void)state;
	assert_int_equal(provision_apply(auth, path), -ENOENT);
	put(path, "{\"admin\":{\"username\":\"admin\",\"password\":\"long enough password\"},"
		  "\"tokens\":[{\"name\":\"fleet\",\"role\":\"admin\",\"token\":\"0123456789abcdefghij\"}]}");
	assert_int_equal(provision_apply(auth, path), 0);
	assert_int_equal(auth_ops.token(auth, "0123456789abcdefghij", &who), 0);
	assert_int_equal(who.role, API_ROLE_ADMIN);
	assert_int_equal(provision_apply(auth, path), -EALREADY);
}

static void a_wrong_file_leaves_the_board_as_it_is(void **state)
{
	static const char *const texts[] = {
		"", "{", "{\"admin\":{}}", "{\"admins\":{}}",
		"{\"admin\":{\"username\":\"admin\",\"password\":\"short\"}}",
		"{\"admin\":{\"username\":\"admin\",\"password\":\"long enough password\"},"
		"\"tokens\":[{\"name\":\"f\",\"role\":\"king\",\"token\":\"0123456789abcdefghij\"}]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		put(path, texts[i]);
		assert_int_equal(provision_apply(auth, path), -EINVAL);
		assert_non_null(auth_setup_code(auth));
	}
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
	provision_factory(&agent, world.data, world.data);
	assert_int_equal(world.num_cells, 1);
	assert_string_equal(world.cells[0].name, "beat");
	assert_int_equal(world.num_images, 1);
	assert_int_equal(world.images[0].size, 4);
	assert_int_equal(agent.store_ops->cell_delete(agent.store, "beat"), 0);
	provision_factory(&agent, world.data, world.data);
	assert_int_equal(world.num_cells, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_board_is_set_up_by_its_file_once, open_all, close_all),
		cmocka_unit_test_setup_teardown(a_wrong_file_leaves_the_board_as_it_is, open_all, close_all),
		cmocka_unit_test_setup_teardown(factory_cells_come_once_with_their_images, open_all, close_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
