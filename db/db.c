// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int db_errno(int rc)
{
	switch (rc & 0xff) { /* the low byte is the primary code, sqlite.org/rescode.html */
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW: return 0;
	case SQLITE_NOMEM: return -ENOMEM;
	case SQLITE_FULL: return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return -EBUSY;
	case SQLITE_CONSTRAINT: return -EEXIST;
	case SQLITE_NOTADB: return -EPROTO;
	case SQLITE_READONLY: return -EROFS;
	default: return -EIO;
	}
}

int db_exec(struct db *db, const char *sql)
{
	return db_errno(sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL));
}

void db_begin(struct db_query *query, struct db *db, const char *sql)
{
	*query = (struct db_query){ .db = db };
	pthread_mutex_lock(&db->lock);
	query->rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &query->stmt, NULL);
}

void db_bind_text(struct db_query *query, int index, const char *text)
{
	if (query->rc == SQLITE_OK)
		query->rc = sqlite3_bind_text(query->stmt, index, text, -1, SQLITE_TRANSIENT);
}

void db_bind_int(struct db_query *query, int index, int64_t value)
{
	if (query->rc == SQLITE_OK)
		query->rc = sqlite3_bind_int64(query->stmt, index, value);
}

bool db_row(struct db_query *query)
{
	if (query->err || (query->rc != SQLITE_OK && query->rc != SQLITE_ROW))
		return false;
	query->rc = sqlite3_step(query->stmt);
	return query->rc == SQLITE_ROW;
}

bool db_found(struct db_query *query)
{
	bool found = db_row(query);

	if (!found && !query->err && query->rc == SQLITE_DONE)
		query->err = -ENOENT;
	return found;
}

void db_bind_blob(struct db_query *query, int index, const void *bytes, size_t size)
{
	if (query->stmt)
		sqlite3_bind_blob64(query->stmt, index, bytes, size, SQLITE_TRANSIENT);
}

int db_end(struct db_query *query)
{
	int err = query->err ? query->err : db_errno(query->rc);

	sqlite3_finalize(query->stmt);
	pthread_mutex_unlock(&query->db->lock);
	return err;
}

void db_begin_change(struct db_query *query, struct db *db)
{
	/* The write lock before anything is read: what was read must still be so when it is written. */
	db_begin(query, db, "BEGIN IMMEDIATE");
	db_row(query);
}

void db_next(struct db_query *query, const char *sql)
{
	if (!query->err)
		query->err = db_errno(query->rc);
	sqlite3_finalize(query->stmt);
	query->stmt = NULL;
	if (!query->err)
		query->rc = sqlite3_prepare_v2(query->db->sqlite, sql, -1, &query->stmt, NULL);
}

int db_end_change(struct db_query *query)
{
	int err;

	db_next(query, "COMMIT");
	db_row(query);
	err = query->err ? query->err : db_errno(query->rc);
	/* Fails when nothing was begun, or a full disk has ended it already: the state is the old one in any case. */
	if (err)
		db_exec(query->db, "ROLLBACK");
	query->err = err;
	return db_end(query);
}

int db_end_changed(struct db_query *query)
{
	if (!db_row(query) && query->rc == SQLITE_DONE && sqlite3_changes(query->db->sqlite) == 0)
		query->err = -ENOENT;
	return db_end(query);
}

void db_column_text(struct db_query *query, int column, char *buffer, size_t size)
{
	const unsigned char *text = sqlite3_column_text(query->stmt, column);

	snprintf(buffer, size, "%s", text ? (const char *)text : "");
}

/*
 * WAL with synchronous=FULL: a commit is on the disk when it returns, and a power cut at any write leaves
 * the last commit (sqlite.org/wal.html, sqlite.org/pragma.html#pragma_synchronous).
 */
static int configure(struct db *db)
{
	int err;

	sqlite3_busy_timeout(db->sqlite, 5000);
	err = db_exec(db, "PRAGMA foreign_keys = ON");
	if (!err)
		err = db_exec(db, "PRAGMA synchronous = FULL");
	return err;
}

/*
 * Damage must show now and not as a strange answer later. quick_check walks every page but compares no
 * index with its table: a board's few hundred pages cost milliseconds (sqlite.org/pragma.html#pragma_quick_check).
 */
static int check_whole(struct db *db)
{
	struct db_query query;
	char verdict[8] = "";

	db_begin(&query, db, "PRAGMA quick_check(1)");
	if (db_row(&query))
		db_column_text(&query, 0, verdict, sizeof(verdict));
	if (query.rc == SQLITE_ROW && strcmp(verdict, "ok") != 0)
		query.err = -EIO;
	return db_end(&query);
}

int db_open(struct db **db, const char *path)
{
	struct db *opened = calloc(1, sizeof(*opened));
	int err;

	if (!opened)
		return -ENOMEM;
	pthread_mutex_init(&opened->lock, NULL);
	err = db_errno(sqlite3_open_v2(path, &opened->sqlite,
				       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, NULL));
	if (!err)
		err = configure(opened);
	if (!err)
		err = db_migrate(opened);
	/* Only now: the journal mode is written into the file, and a newer agent's file is not ours to write. */
	if (!err)
		err = db_exec(opened, "PRAGMA journal_mode = WAL");
	if (!err)
		err = check_whole(opened);
	if (err)
		db_close(opened);
	else
		*db = opened;
	return err;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	sqlite3_close(db->sqlite);
	pthread_mutex_destroy(&db->lock);
	free(db);
}
