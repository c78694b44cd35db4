// SPDX-License-Identifier: MIT
#include "internal.h"

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
