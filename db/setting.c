// SPDX-License-Identifier: MIT
#include "internal.h"

int db_setting_get(struct db *db, const char *key, char *value, size_t size)
{
	struct db_query query;

	db_begin(&query, db, "SELECT value FROM setting WHERE key = ?1");
	db_bind_text(&query, 1, key);
	if (db_found(&query))
		db_column_text(&query, 0, value, size);
	return db_end(&query);
}

int db_setting_put(struct db *db, const char *key, const char *value)
{
	struct db_query query;

	db_begin(&query, db,
		 "INSERT INTO setting (key, value) VALUES (?1, ?2)"
		 " ON CONFLICT (key) DO UPDATE SET value = ?2");
	db_bind_text(&query, 1, key);
	db_bind_text(&query, 2, value);
	db_row(&query);
	return db_end(&query);
}
