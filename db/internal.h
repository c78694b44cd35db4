/* SPDX-License-Identifier: MIT */
/* What the files of this folder offer each other; sqlite3.h goes no further. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H

#include "db/db.h"

#include <pthread.h>
#include <sqlite3.h>

struct db {
	sqlite3 *sqlite;
	pthread_mutex_t lock; /* one statement, or one transaction, at a time */
};

/*
 * Locks the store and prepares a statement; parameters by db_bind_*. Whatever it returns,
 * db_end() must follow: it finalizes, unlocks and turns the outcome into 0 or -errno.
 */
struct db_query {
	struct db *db;
	sqlite3_stmt *stmt;
	int rc; /* last SQLite result */
	int err; /* -errno of a callback; wins over rc */
};

void db_begin(struct db_query *query, struct db *db, const char *sql);
void db_bind_text(struct db_query *query, int index, const char *text);
void db_bind_blob(struct db_query *query, int index, const void *bytes, size_t size);
void db_bind_int(struct db_query *query, int index, int64_t value);
/*
 * A change of several statements, all or none: db_next() ends one and prepares the next; after a failure
 * nothing more runs. db_end_change() commits or takes everything back.
 */
void db_begin_change(struct db_query *query, struct db *db);
void db_next(struct db_query *query, const char *sql);
int db_end_change(struct db_query *query);

bool db_row(struct db_query *query); /* steps; true when there is a row */
bool db_found(struct db_query *query); /* as db_row(), and without a row db_end() says -ENOENT */
int db_end(struct db_query *query);
int db_end_changed(struct db_query *query); /* as db_end(), -ENOENT when no row was changed */

void db_column_text(struct db_query *query, int column, char *buffer, size_t size);

/* cell_version.c: within the change that writes the cell */
void db_cell_version_add(struct db_query *query, const struct db_cell *cell, int64_t version);

int db_errno(int rc);
int db_exec(struct db *db, const char *sql);
int db_migrate(struct db *db);
int db_get_version(struct db *db, int *version);

#endif
