// SPDX-License-Identifier: MIT
/* Answers that are given again to who repeats a request. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS "digest, status, type, headers, body"

static void replay_from_row(struct db_query *query, struct db_replay *replay)
{
	int size = sqlite3_column_bytes(query->stmt, 4);

	db_column_text(query, 0, replay->digest, sizeof(replay->digest));
	replay->status = sqlite3_column_int(query->stmt, 1);
	db_column_text(query, 2, replay->type, sizeof(replay->type));
	db_column_text(query, 3, replay->headers, sizeof(replay->headers));
	replay->size = (size_t)size;
	replay->body = NULL;
	if (!size)
		return;
	replay->body = malloc(replay->size);
	if (replay->body)
		memcpy(replay->body, sqlite3_column_blob(query->stmt, 4), replay->size);
	else
		query->err = -ENOMEM;
}

static int find(struct db *db, const struct db_replay *wanted, struct db_replay *found)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM replay WHERE actor = ?1 AND key = ?2");
	db_bind_text(&query, 1, wanted->actor);
	db_bind_text(&query, 2, wanted->key);
	if (db_found(&query))
		replay_from_row(&query, found);
	return db_end(&query);
}

/* In one change: of two requests with one key one is the first. */
int db_replay_begin(struct db *db, const struct db_replay *wanted, struct db_replay *found)
{
	int64_t now = (int64_t)time(NULL);
	struct db_query query;
	bool added = false;
	int err;

	db_begin_change(&query, db);
	db_next(&query,
		"DELETE FROM replay WHERE time < ?1 OR time > ?2 OR rowid <= (SELECT max(rowid) FROM replay) - ?3");
	db_bind_int(&query, 1, now - DB_REPLAY_SECONDS);
	db_bind_int(&query, 2, now + DB_REPLAY_SECONDS); /* of a clock that was wrong */
	db_bind_int(&query, 3, DB_REPLAYS_KEPT - 1);
	db_row(&query);
	db_next(&query, "INSERT INTO replay (actor, key, digest, time) VALUES (?1, ?2, ?3, ?4)"
			" ON CONFLICT (actor, key) DO NOTHING RETURNING 1");
	db_bind_text(&query, 1, wanted->actor);
	db_bind_text(&query, 2, wanted->key);
	db_bind_text(&query, 3, wanted->digest);
	db_bind_int(&query, 4, now);
	while (db_row(&query))
		added = true;
	err = db_end_change(&query);
	if (err || added)
		return err;
	err = find(db, wanted, found);
	return err ? err : -EEXIST;
}

int db_replay_end(struct db *db, const struct db_replay *replay)
{
	struct db_query query;

	db_begin(&query, db,
		 "UPDATE replay SET status = ?3, type = ?4, headers = ?5, body = ?6 WHERE actor = ?1 AND key = ?2");
	db_bind_text(&query, 1, replay->actor);
	db_bind_text(&query, 2, replay->key);
	db_bind_int(&query, 3, replay->status);
	db_bind_text(&query, 4, replay->type);
	db_bind_text(&query, 5, replay->headers);
	db_bind_blob(&query, 6, replay->body, replay->size);
	db_row(&query);
	return db_end(&query);
}

int db_replay_forget(struct db *db, const struct db_replay *replay)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM replay WHERE actor = ?1 AND key = ?2");
	db_bind_text(&query, 1, replay->actor);
	db_bind_text(&query, 2, replay->key);
	db_row(&query);
	return db_end(&query);
}
