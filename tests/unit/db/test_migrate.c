// SPDX-License-Identifier: MIT
/* Files of older and newer agents. What an older one wrote is made with SQLite itself, from the steps as they were shipped. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "db_file.h"

/* user_version 3 */
static const char third[] =
	"CREATE TABLE cell (name TEXT PRIMARY KEY NOT NULL, definition TEXT NOT NULL,"
	" start_at_boot INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;"
	"CREATE TABLE image (name TEXT PRIMARY KEY NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,"
	" created INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, severity TEXT NOT NULL,"
	" kind TEXT NOT NULL, cell TEXT NOT NULL, actor TEXT NOT NULL, detail TEXT NOT NULL);"
	"CREATE INDEX event_of_cell ON event (cell, id);"
	"CREATE TABLE setting (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE user (name TEXT PRIMARY KEY NOT NULL, role INTEGER NOT NULL, password TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE session (hash TEXT PRIMARY KEY NOT NULL, user TEXT NOT NULL REFERENCES user (name)"
	" ON DELETE CASCADE, used INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE token (hash TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE placement (cell TEXT NOT NULL REFERENCES cell (name) ON DELETE CASCADE, position INTEGER NOT NULL,"
	" start INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (cell, position)) WITHOUT ROWID;"
	"INSERT INTO cell VALUES ('beat', '{}', 1, 4);"
	"INSERT INTO placement VALUES ('beat', 0, 4096, 8192);"
	"INSERT INTO event (time, severity, kind, cell, actor, detail) VALUES (5, 'info', 'cell-defined', 'beat', 'admin', 'old');"
	"INSERT INTO user VALUES ('admin', 3, 'hash');"
	"INSERT INTO token VALUES ('00', 'fleet', 2);"
	"PRAGMA user_version = 3;";

static void exec_outside(const char *sql)
{
	sqlite3 *sqlite;

	assert_int_equal(sqlite3_open(db_file_path, &sqlite), SQLITE_OK);
	assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(sqlite);
}

static void begin_anew(void **state, const char *sql)
{
	db_close(*state);
	*state = NULL;
	unlink(db_file_path);
	exec_outside(sql);
}

static void a_file_of_the_third_schema_is_brought_up_to_date(void **state)
{
	struct db_cell cell;
	struct db_cell_version version;
	struct db_token token;

	begin_anew(state, third);
	assert_int_equal(db_open((struct db **)state, db_file_path), 0);
	assert_int_equal(db_cell_get(*state, "beat", &cell), 0);
	assert_true(cell.start_at_boot && cell.version == 4 && cell.revision > 0);
	assert_int_equal(db_cell_put(*state, &cell, cell.revision), 0);
	free(cell.definition);
	assert_int_equal(db_cell_version_get(*state, "beat", 4, &version), 0);
	assert_string_equal(version.definition, "{}");
	assert_int_equal(version.time, 0);
	free(version.definition);
	assert_int_equal(db_token_get(*state, "00", &token), 0);
	assert_string_equal(token.name, "fleet");
}

static int count_placements(void *context, const struct db_placement *placement)
{
	*(int *)context += placement->start == 4096 && placement->size == 8192;
	return 0;
}

static void what_belongs_to_a_cell_comes_along(void **state)
{
	int count = 0;

	begin_anew(state, third);
	assert_int_equal(db_open((struct db **)state, db_file_path), 0);
	assert_int_equal(db_placement_each(*state, count_placements, &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(db_cell_delete(*state, "beat", -1), 0);
	count = 0;
	assert_int_equal(db_placement_each(*state, count_placements, &count), 0);
	assert_int_equal(count, 0);
}

static void newer_schema_is_refused(void **state)
{
	struct db *db = NULL;

	db_close(*state);
	*state = NULL;
	exec_outside("PRAGMA user_version = 1000");
	assert_int_equal(db_open(&db, db_file_path), -EPROTO);
	assert_int_equal(db_open(&db, db_file_path), -EPROTO);
}

#define DB_TEST(test) cmocka_unit_test_setup_teardown(test, db_file_open, db_file_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(a_file_of_the_third_schema_is_brought_up_to_date),
		DB_TEST(what_belongs_to_a_cell_comes_along),
		DB_TEST(newer_schema_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
