// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COLUMNS "version, time, author, definition"

static int version_from_row(struct db_query *query, struct db_cell_version *version)
{
	const unsigned char *definition = sqlite3_column_text(query->stmt, 3);

	version->version = sqlite3_column_int64(query->stmt, 0);
	version->time = sqlite3_column_int64(query->stmt, 1);
	db_column_text(query, 2, version->author, sizeof(version->author));
	version->definition = strdup(definition ? (const char *)definition : "");
	return version->definition ? 0 : -ENOMEM;
}

int db_cell_version_each(struct db *db, const char *cell, db_cell_version_each_fn each, void *context)
{
	struct db_cell_version version;
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM cell_version WHERE cell = ?1 ORDER BY version DESC");
	db_bind_text(&query, 1, cell);
	while (db_row(&query)) {
		query.err = version_from_row(&query, &version);
		if (!query.err) {
			query.err = each(context, &version);
			free(version.definition);
		}
	}
	return db_end(&query);
}

int db_cell_version_get(struct db *db, const char *cell, int64_t number, struct db_cell_version *version)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM cell_version WHERE cell = ?1 AND version = ?2");
	db_bind_text(&query, 1, cell);
	db_bind_int(&query, 2, number);
	if (db_found(&query))
		query.err = version_from_row(&query, version);
	return db_end(&query);
}

void db_cell_version_add(struct db_query *query, const struct db_cell *cell, int64_t version)
{
	db_next(query, "INSERT INTO cell_version (cell, " COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)");
	db_bind_text(query, 1, cell->name);
	db_bind_int(query, 2, version);
	db_bind_int(query, 3, (int64_t)time(NULL));
	db_bind_text(query, 4, cell->author);
	db_bind_text(query, 5, cell->definition);
	db_row(query);
	db_next(query, "DELETE FROM cell_version WHERE cell = ?1 AND version <= ?2");
	db_bind_text(query, 1, cell->name);
	db_bind_int(query, 2, version - DB_VERSIONS_KEPT);
	db_row(query);
}
