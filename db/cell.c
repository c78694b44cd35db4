// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "name, definition, start_at_boot, version"

static int cell_from_row(struct db_query *query, struct db_cell *cell)
{
	const unsigned char *definition = sqlite3_column_text(query->stmt, 1);

	db_column_text(query, 0, cell->name, sizeof(cell->name));
	cell->definition = strdup(definition ? (const char *)definition : "");
	cell->start_at_boot = sqlite3_column_int(query->stmt, 2);
	cell->version = sqlite3_column_int64(query->stmt, 3);
	return cell->definition ? 0 : -ENOMEM;
}

int db_cell_get(struct db *db, const char *name, struct db_cell *cell)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM cell WHERE name = ?1");
	db_bind_text(&query, 1, name);
	if (db_found(&query))
		query.err = cell_from_row(&query, cell);
	return db_end(&query);
}

int db_cell_each(struct db *db, db_cell_each_fn each, void *context)
{
	struct db_query query;
	struct db_cell cell;

	db_begin(&query, db, "SELECT " COLUMNS " FROM cell ORDER BY name");
	while (db_row(&query)) {
		query.err = cell_from_row(&query, &cell);
		if (!query.err) {
			query.err = each(context, &cell);
			free(cell.definition);
		}
	}
	return db_end(&query);
}

/* Each is one statement, hence one transaction: two writers cannot meet between a check and its write. */
static const char *put_sql(int64_t expected)
{
	if (expected == 0)
		return "INSERT INTO cell (name, definition, start_at_boot) VALUES (?1, ?2, ?3) RETURNING version";
	if (expected > 0)
		return "UPDATE cell SET definition = ?2, start_at_boot = ?3, version = version + 1"
		       " WHERE name = ?1 AND version = ?4 RETURNING version";
	return "INSERT INTO cell (name, definition, start_at_boot) VALUES (?1, ?2, ?3)"
	       " ON CONFLICT (name) DO UPDATE SET definition = ?2, start_at_boot = ?3, version = version + 1"
	       " RETURNING version";
}

int db_cell_put(struct db *db, const struct db_cell *cell, int64_t expected, int64_t *version)
{
	struct db_query query;
	int64_t written = 0;

	db_begin(&query, db, put_sql(expected));
	db_bind_text(&query, 1, cell->name);
	db_bind_text(&query, 2, cell->definition);
	db_bind_int(&query, 3, cell->start_at_boot);
	if (expected > 0)
		db_bind_int(&query, 4, expected);
	while (db_row(&query)) /* to the end: the change is committed with the last step */
		written = sqlite3_column_int64(query.stmt, 0);
	if (query.rc == SQLITE_DONE && !written)
		query.err = -ESTALE;
	else if (query.rc == SQLITE_DONE)
		*version = written;
	return db_end(&query);
}

int db_cell_set_start_at_boot(struct db *db, const char *name, bool on)
{
	struct db_query query;

	db_begin(&query, db, "UPDATE cell SET start_at_boot = ?2 WHERE name = ?1");
	db_bind_text(&query, 1, name);
	db_bind_int(&query, 2, on);
	return db_end_changed(&query);
}

int db_cell_delete(struct db *db, const char *name)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM cell WHERE name = ?1");
	db_bind_text(&query, 1, name);
	return db_end_changed(&query);
}
