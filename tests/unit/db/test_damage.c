// SPDX-License-Identifier: MIT
/* What a board's disk does to a store: it fills up, it rots, and many threads write at once. */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "db_file.h"
#include "internal.h"

/* max_page_count makes SQLite answer as it does on ENOSPC, sqlite.org/pragma.html#pragma_max_page_count. */
static void limit_to_size_now(struct db *db)
{
	assert_int_equal(db_exec(db, "PRAGMA max_page_count = 1"), 0); /* raised to the pages in use */
}

static void a_full_disk_refuses_the_change_and_keeps_the_rest(void **state)
{
	struct db_cell big = { .name = "big", .revision = 7 }, read;

	assert_int_equal(db_setting_put(*state, "k", "before"), 0);
	limit_to_size_now(*state);
	big.definition = malloc(1 << 20);
	memset(big.definition, ' ', (1 << 20) - 1);
	big.definition[(1 << 20) - 1] = '\0';
	assert_int_equal(db_cell_put(*state, &big, 0), -ENOSPC);
	assert_int_equal(big.revision, 7);
	assert_int_equal(db_cell_get(*state, "big", &read), -ENOENT);
	/* What fits is taken, and with space again the refused change succeeds. */
	assert_int_equal(db_setting_put(*state, "k", "after"), 0);
	assert_int_equal(db_exec(*state, "PRAGMA max_page_count = 100000"), 0);
	assert_int_equal(db_cell_put(*state, &big, 0), 0);
	free(big.definition);
}

static int count_place(void *context, const struct db_placement *placement)
{
	(void)placement;
	++*(int *)context;
	return 0;
}

static void a_change_of_several_rows_is_all_or_nothing(void **state)
{
	static struct db_placement many[5000];
	struct db_cell cell = { .name = "a", .definition = (char[]){ "{}" } };
	int count = 0;

	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	assert_int_equal(db_placement_set(*state, "a", many, 3), 0);
	limit_to_size_now(*state);
	assert_int_equal(db_placement_set(*state, "a", many, 5000), -ENOSPC);
	assert_int_equal(db_placement_each(*state, count_place, &count), 0);
	assert_int_equal(count, 3);
	/* Nothing is left begun. */
	assert_int_equal(db_placement_set(*state, "a", many, 2), 0);
}

static void the_rest_of_an_interrupted_set_up_does_not_stay(void **state)
{
	struct db_user user = { .name = "admin", .password = "-" };
	struct db_token old = { .hash = "h", .name = "fleet" }, again = { .hash = "i", .name = "fleet" }, read;

	/* An agent that wrote tokens first and was cut off before the user. */
	assert_int_equal(db_set_up(*state, &user, &old, 1), 0);
	assert_int_equal(db_exec(*state, "DELETE FROM user"), 0);
	assert_int_equal(db_set_up(*state, &user, &again, 1), 0);
	assert_int_equal(db_token_get(*state, "h", &read), -ENOENT);
	assert_int_equal(db_token_get(*state, "i", &read), 0);
}

static void fill(struct db *db)
{
	struct db_event event = { .severity = "info", .kind = "k", .cell = "c" };

	memset(event.detail, 'x', sizeof(event.detail) - 1);
	for (int i = 0; i < 50; i++)
		assert_int_equal(db_event_add(db, &event), 0);
}

/* Everything behind the first page, which carries the schema: such damage shows only when it is looked for. */
static void damage(void)
{
	FILE *file = fopen(db_file_path, "r+b");

	assert_non_null(file);
	fseek(file, 4096, SEEK_SET);
	for (int i = 0; i < 4 * 4096; i++)
		fputc(0xa5, file);
	fclose(file);
}

static void a_damaged_file_is_found_at_open(void **state)
{
	struct db *db = NULL;

	fill(*state);
	db_close(*state); /* the last connection moves the log into the file */
	*state = NULL;
	damage();
	assert_int_equal(db_open(&db, db_file_path), -EIO);
	assert_null(db);
}

static void a_truncated_file_is_found_at_open(void **state)
{
	struct db *db = NULL;

	fill(*state);
	db_close(*state);
	*state = NULL;
	assert_int_equal(truncate(db_file_path, 3 * 4096), 0);
	assert_int_equal(db_open(&db, db_file_path), -EIO);
}

static void an_unreachable_file_is_an_error(void **state)
{
	struct db *db = NULL;

	(void)state;
	assert_int_not_equal(db_open(&db, "/nonexistent/rotunda.db"), 0);
	assert_null(db);
}

#define THREADS 4
#define WRITES 50

static void *write_cells(void *argument)
{
	struct db *db = argument;
	struct db_cell cell = { .name = "shared", .definition = (char *)(uintptr_t)"{}" };
	intptr_t failures = 0;

	for (int i = 0; i < WRITES; i++)
		failures += db_cell_put(db, &cell, -1) != 0;
	return (void *)failures;
}

static void threads_lose_no_write(void **state)
{
	pthread_t threads[THREADS];
	struct db_cell cell;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_cells, *state), 0);
	for (int i = 0; i < THREADS; i++) {
		void *failures;

		pthread_join(threads[i], &failures);
		assert_null(failures);
	}
	assert_int_equal(db_cell_get(*state, "shared", &cell), 0);
	assert_int_equal(cell.version, 1);
	assert_int_equal(cell.revision, 1 + THREADS * WRITES);
	free(cell.definition);
}

static void threads_agree_on_one_winner_per_revision(void **state)
{
	struct db_cell cell = { .name = "raced", .definition = (char *)(uintptr_t)"{}" };
	struct db *other = NULL;
	int64_t first;

	/* A second process has its own connection: the file's lock decides, not the mutex. */
	assert_int_equal(db_open(&other, db_file_path), 0);
	assert_int_equal(db_cell_put(*state, &cell, 0), 0);
	first = cell.revision;
	assert_int_equal(db_cell_put(other, &cell, first), 0);
	assert_int_equal(db_cell_put(*state, &cell, first), -ESTALE);
	db_close(other);
}

static int text_column(struct db *db, const char *sql, char *text, size_t size)
{
	struct db_query query;

	db_begin(&query, db, sql);
	if (db_row(&query))
		db_column_text(&query, 0, text, size);
	return db_end(&query);
}

static void commits_reach_the_disk_before_they_are_acknowledged(void **state)
{
	char text[16];

	assert_int_equal(text_column(*state, "PRAGMA journal_mode", text, sizeof(text)), 0);
	assert_string_equal(text, "wal");
	assert_int_equal(text_column(*state, "PRAGMA synchronous", text, sizeof(text)), 0);
	assert_string_equal(text, "2"); /* FULL */
	assert_int_equal(text_column(*state, "PRAGMA foreign_keys", text, sizeof(text)), 0);
	assert_string_equal(text, "1");
}

#define DAMAGE_TEST(test) cmocka_unit_test_setup_teardown(test, db_file_open, db_file_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DAMAGE_TEST(a_full_disk_refuses_the_change_and_keeps_the_rest),
		DAMAGE_TEST(a_change_of_several_rows_is_all_or_nothing),
		DAMAGE_TEST(the_rest_of_an_interrupted_set_up_does_not_stay),
		DAMAGE_TEST(a_damaged_file_is_found_at_open),
		DAMAGE_TEST(a_truncated_file_is_found_at_open),
		DAMAGE_TEST(an_unreachable_file_is_an_error),
		DAMAGE_TEST(threads_lose_no_write),
		DAMAGE_TEST(threads_agree_on_one_winner_per_revision),
		DAMAGE_TEST(commits_reach_the_disk_before_they_are_acknowledged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
