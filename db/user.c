// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>

#define COLUMNS "name, role, password, created"

int db_user_count(struct db *db, int *count)
{
	struct db_query query;

	db_begin(&query, db, "SELECT count(*) FROM user");
	if (db_row(&query))
		*count = sqlite3_column_int(query.stmt, 0);
	return db_end(&query);
}

static void user_from_row(struct db_query *query, struct db_user *user)
{
	db_column_text(query, 0, user->name, sizeof(user->name));
	user->role = sqlite3_column_int(query->stmt, 1);
	db_column_text(query, 2, user->password, sizeof(user->password));
	user->created = sqlite3_column_int64(query->stmt, 3);
}

int db_user_get(struct db *db, const char *name, struct db_user *user)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM user WHERE name = ?1");
	db_bind_text(&query, 1, name);
	if (db_found(&query))
		user_from_row(&query, user);
	return db_end(&query);
}

int db_user_each(struct db *db, db_user_each_fn each, void *context)
{
	struct db_query query;
	struct db_user user;

	db_begin(&query, db, "SELECT " COLUMNS " FROM user ORDER BY name");
	while (db_row(&query)) {
		user_from_row(&query, &user);
		query.err = each(context, &user);
	}
	return db_end(&query);
}

int db_user_add(struct db *db, const struct db_user *user)
{
	struct db_query query;

	db_begin(&query, db, "INSERT INTO user (" COLUMNS ") VALUES (?1, ?2, ?3, ?4)");
	db_bind_text(&query, 1, user->name);
	db_bind_int(&query, 2, user->role);
	db_bind_text(&query, 3, user->password);
	db_bind_int(&query, 4, user->created);
	db_row(&query);
	return db_end(&query);
}

static void must_be_there(struct db_query *query, const char *name)
{
	db_next(query, "SELECT 1 FROM user WHERE name = ?1");
	db_bind_text(query, 1, name);
	db_found(query);
}

/* After the change, within it. */
static void must_be_kept(struct db_query *query, int keep)
{
	db_next(query, "SELECT 1 FROM user WHERE role >= ?1");
	db_bind_int(query, 1, keep);
	if (!db_row(query) && query->rc == SQLITE_DONE && !query->err)
		query->err = -EPERM;
}

int db_user_change(struct db *db, const struct db_user *user, int keep)
{
	struct db_query query;

	db_begin_change(&query, db);
	must_be_there(&query, user->name);
	db_next(&query, "UPDATE user SET role = ?2, password = ?3 WHERE name = ?1");
	db_bind_text(&query, 1, user->name);
	db_bind_int(&query, 2, user->role);
	db_bind_text(&query, 3, user->password);
	db_row(&query);
	must_be_kept(&query, keep);
	db_next(&query, "DELETE FROM session WHERE user = ?1");
	db_bind_text(&query, 1, user->name);
	db_row(&query);
	return db_end_change(&query);
}

int db_user_delete(struct db *db, const char *name, int keep)
{
	struct db_query query;

	db_begin_change(&query, db);
	must_be_there(&query, name);
	db_next(&query, "DELETE FROM user WHERE name = ?1");
	db_bind_text(&query, 1, name);
	db_row(&query);
	must_be_kept(&query, keep);
	return db_end_change(&query);
}
