// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdio.h>

/* steps[n] takes user_version n to n + 1. Append; a shipped step never changes. */
static const char *const steps[] = {
	"CREATE TABLE cell (name TEXT PRIMARY KEY NOT NULL, definition TEXT NOT NULL,"
	" start_at_boot INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1) WITHOUT ROWID;"
	"CREATE TABLE image (name TEXT PRIMARY KEY NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,"
	" created INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, severity TEXT NOT NULL,"
	" kind TEXT NOT NULL, cell TEXT NOT NULL, actor TEXT NOT NULL, detail TEXT NOT NULL);"
	"CREATE INDEX event_of_cell ON event (cell, id);"
	"CREATE TABLE setting (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;",
	"CREATE TABLE user (name TEXT PRIMARY KEY NOT NULL, role INTEGER NOT NULL, password TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE session (hash TEXT PRIMARY KEY NOT NULL, user TEXT NOT NULL REFERENCES user (name)"
	" ON DELETE CASCADE, used INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE token (hash TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL UNIQUE, role INTEGER NOT NULL) WITHOUT ROWID;",
	("CREATE TABLE placement (cell TEXT NOT NULL REFERENCES cell (name) ON DELETE CASCADE, position INTEGER NOT NULL,"
	 " start INTEGER NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (cell, position)) WITHOUT ROWID;"),
	/* Revisions come from one counter: a name that is deleted and made again never has an old one again. */
	"CREATE TABLE counter (name TEXT PRIMARY KEY NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;"
	"INSERT INTO counter (name, last) VALUES ('cell', 1);"
	"ALTER TABLE cell ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;",
	/* Who wrote what an older agent stored, and when, is not known: "" and 0. */
	("CREATE TABLE cell_version (cell TEXT NOT NULL REFERENCES cell (name) ON DELETE CASCADE, version INTEGER NOT NULL,"
	 " time INTEGER NOT NULL, author TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (cell, version)) WITHOUT ROWID;"
	 "INSERT INTO cell_version SELECT name, version, 0, '', definition FROM cell;"),
	/* 0: not known when; a token that expires at 0 never does. */
	("ALTER TABLE user ADD COLUMN created INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE token ADD COLUMN created INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE token ADD COLUMN expires INTEGER NOT NULL DEFAULT 0;"),
	("CREATE TABLE preset (name TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, version INTEGER NOT NULL,"
	 " revision INTEGER NOT NULL) WITHOUT ROWID;"
	 "INSERT INTO counter (name, last) VALUES ('preset', 0);"),
	("ALTER TABLE event ADD COLUMN request TEXT NOT NULL DEFAULT '';"
	 "CREATE TABLE request (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, severity TEXT NOT NULL,"
	 " kind TEXT NOT NULL, cell TEXT NOT NULL, actor TEXT NOT NULL, detail TEXT NOT NULL, request TEXT NOT NULL);"
	 "CREATE TABLE replay (actor TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, time INTEGER NOT NULL,"
	 " status INTEGER NOT NULL DEFAULT 0, type TEXT NOT NULL DEFAULT '', headers TEXT NOT NULL DEFAULT '', body BLOB,"
	 " UNIQUE (actor, key));"),
	("CREATE TABLE last_words (event INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,"
	 " words TEXT NOT NULL);"),
};

#define NUM_STEPS ((int)(sizeof(steps) / sizeof(steps[0])))

static int first_integer(struct db *db, const char *sql, int *value)
{
	struct db_query query;

	db_begin(&query, db, sql);
	if (db_row(&query))
		*value = sqlite3_column_int(query.stmt, 0);
	return db_end(&query);
}

int db_get_version(struct db *db, int *version)
{
	return first_integer(db, "PRAGMA user_version", version);
}

static int set_version(struct db *db, int version)
{
	char sql[48];

	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", version);
	return db_exec(db, sql);
}

/* A database of somebody else has tables and no version: adding ours to it would be no service. */
static int check_ours(struct db *db, int version)
{
	int tables = 0, err = 0;

	if (version == 0)
		err = first_integer(db, "SELECT count(*) FROM sqlite_schema", &tables);
	if (err)
		return err;
	return version < 0 || version > NUM_STEPS || tables ? -EPROTO : 0;
}

static int run_steps(struct db *db)
{
	int version = 0, err = db_get_version(db, &version);

	if (!err)
		err = check_ours(db, version);
	if (err || version == NUM_STEPS)
		return err;
	for (; !err && version < NUM_STEPS; version++)
		err = db_exec(db, steps[version]);
	return err ? err : set_version(db, NUM_STEPS);
}

int db_migrate(struct db *db)
{
	/* Write lock before the version is read: a second agent may be starting too. */
	int err = db_exec(db, "BEGIN IMMEDIATE");

	if (err)
		return err;
	err = run_steps(db);
	if (!err)
		err = db_exec(db, "COMMIT");
	if (err)
		db_exec(db, "ROLLBACK");
	return err;
}
