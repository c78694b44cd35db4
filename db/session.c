// SPDX-License-Identifier: MIT
#include "internal.h"

int db_session_add(struct db *db, const char *hash, const char *user, int64_t now)
{
	struct db_query query;

	db_begin(&query, db, "INSERT INTO session (hash, user, used) VALUES (?1, ?2, ?3)");
	db_bind_text(&query, 1, hash);
	db_bind_text(&query, 2, user);
	db_bind_int(&query, 3, now);
	db_row(&query);
	return db_end(&query);
}

int db_session_get(struct db *db, const char *hash, struct db_session *session)
{
	struct db_query query;

	db_begin(&query, db,
		 "SELECT user.name, user.role, session.used FROM session"
		 " JOIN user ON user.name = session.user WHERE session.hash = ?1");
	db_bind_text(&query, 1, hash);
	if (db_found(&query)) {
		db_column_text(&query, 0, session->user, sizeof(session->user));
		session->role = sqlite3_column_int(query.stmt, 1);
		session->used = sqlite3_column_int64(query.stmt, 2);
	}
	return db_end(&query);
}

int db_session_touch(struct db *db, const char *hash, int64_t now)
{
	struct db_query query;

	db_begin(&query, db, "UPDATE session SET used = ?2 WHERE hash = ?1");
	db_bind_text(&query, 1, hash);
	db_bind_int(&query, 2, now);
	return db_end_changed(&query);
}

int db_session_delete(struct db *db, const char *hash)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM session WHERE hash = ?1");
	db_bind_text(&query, 1, hash);
	return db_end_changed(&query);
}

int db_session_delete_unused(struct db *db, int64_t before)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM session WHERE used < ?1");
	db_bind_int(&query, 1, before);
	db_row(&query);
	return db_end(&query);
}
