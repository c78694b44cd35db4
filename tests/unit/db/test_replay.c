// SPDX-License-Identifier: MIT
/* Answers that are given again. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

static struct db *db;

static int open_db(void **state)
{
	(void)state;
	return db_open(&db, ":memory:");
}

static int close_db(void **state)
{
	(void)state;
	db_close(db);
	return 0;
}

static const struct db_replay asked = { .actor = "fleet", .key = "k", .digest = "d" };

static void the_first_begins_and_the_second_finds_it(void **state)
{
	struct db_replay found = { 0 };

	(void)state;
	assert_int_equal(db_replay_begin(db, &asked, &found), 0);
	assert_int_equal(db_replay_begin(db, &asked, &found), -EEXIST);
	assert_string_equal(found.digest, "d");
	assert_int_equal(found.status, 0);
	assert_null(found.body);
}

static void an_answer_comes_back_as_it_was(void **state)
{
	struct db_replay found = { 0 }, answer = asked;
	char body[] = "{\0}";

	(void)state;
	assert_int_equal(db_replay_begin(db, &asked, &found), 0);
	answer.status = 201;
	answer.body = body;
	answer.size = sizeof(body);
	snprintf(answer.type, sizeof(answer.type), "application/json");
	snprintf(answer.headers, sizeof(answer.headers), "ETag: \"1\"\r\n");
	assert_int_equal(db_replay_end(db, &answer), 0);
	assert_int_equal(db_replay_begin(db, &asked, &found), -EEXIST);
	assert_int_equal(found.status, 201);
	assert_string_equal(found.type, answer.type);
	assert_string_equal(found.headers, answer.headers);
	assert_int_equal(found.size, sizeof(body));
	assert_memory_equal(found.body, body, sizeof(body));
	free(found.body);
}

static void keys_are_their_owners_own(void **state)
{
	struct db_replay found = { 0 }, other = asked;

	(void)state;
	snprintf(other.actor, sizeof(other.actor), "somebody");
	assert_int_equal(db_replay_begin(db, &asked, &found), 0);
	assert_int_equal(db_replay_begin(db, &other, &found), 0);
}

static void what_was_forgotten_begins_again(void **state)
{
	struct db_replay found = { 0 };

	(void)state;
	assert_int_equal(db_replay_begin(db, &asked, &found), 0);
	assert_int_equal(db_replay_forget(db, &asked), 0);
	assert_int_equal(db_replay_begin(db, &asked, &found), 0);
}

static void the_oldest_go(void **state)
{
	struct db_replay found = { 0 }, many = asked;

	(void)state;
	for (int i = 0; i < DB_REPLAYS_KEPT + 1; i++) {
		snprintf(many.key, sizeof(many.key), "%d", i);
		assert_int_equal(db_replay_begin(db, &many, &found), 0);
	}
	snprintf(many.key, sizeof(many.key), "2");
	assert_int_equal(db_replay_begin(db, &many, &found), -EEXIST);
	snprintf(many.key, sizeof(many.key), "0");
	assert_int_equal(db_replay_begin(db, &many, &found), 0);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, open_db, close_db)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(the_first_begins_and_the_second_finds_it),
		DB_TEST(an_answer_comes_back_as_it_was),
		DB_TEST(keys_are_their_owners_own),
		DB_TEST(what_was_forgotten_begins_again),
		DB_TEST(the_oldest_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
