// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>

int db_user_count(struct db *db, int *count)
{
	struct db_query query;

	db_begin(&query, db, "SELECT count(*) FROM user");
	if (db_row(&query))
		*count = sqlite3_column_int(query.stmt, 0);
	return db_end(&query);
}

int db_user_get(struct db *db, const char *name, struct db_user *user)
{
	struct db_query query;

	db_begin(&query, db, "SELECT name, role, password FROM user WHERE name = ?1");
	db_bind_text(&query, 1, name);
	if (db_found(&query)) {
		db_column_text(&query, 0, user->name, sizeof(user->name));
		user->role = sqlite3_column_int(query.stmt, 1);
		db_column_text(&query, 2, user->password, sizeof(user->password));
	}
	return db_end(&query);
}

int db_user_add_first(struct db *db, const struct db_user *user)
{
	struct db_query query;
	int err;

	db_begin(&query, db,
		 "INSERT INTO user (name, role, password) SELECT ?1, ?2, ?3"
		 " WHERE NOT EXISTS (SELECT 1 FROM user)");
	db_bind_text(&query, 1, user->name);
	db_bind_int(&query, 2, user->role);
	db_bind_text(&query, 3, user->password);
	err = db_end_changed(&query);
	return err == -ENOENT ? -EEXIST : err;
}
