// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "name, definition, start_at_boot, version, revision"

static int cell_from_row(struct db_query *query, struct db_cell *cell)
{
	const unsigned char *definition = sqlite3_column_text(query->stmt, 1);

	db_column_text(query, 0, cell->name, sizeof(cell->name));
	cell->definition = strdup(definition ? (const char *)definition : "");
	cell->start_at_boot = sqlite3_column_int(query->stmt, 2);
	cell->version = sqlite3_column_int64(query->stmt, 3);
	cell->revision = sqlite3_column_int64(query->stmt, 4);
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

/* What stands under that name; revision 0: nothing. */
struct standing {
	int64_t version, revision;
	bool same; /* its definition is the text it was compared with */
};

/* False when it could not be read: query has the error. */
static bool look(struct db_query *query, const char *name, const char *definition, struct standing *standing)
{
	*standing = (struct standing){ 0 };
	db_next(query, "SELECT version, revision, definition = ?2 FROM cell WHERE name = ?1");
	db_bind_text(query, 1, name);
	db_bind_text(query, 2, definition);
	if (db_row(query)) {
		standing->version = sqlite3_column_int64(query->stmt, 0);
		standing->revision = sqlite3_column_int64(query->stmt, 1);
		standing->same = sqlite3_column_int(query->stmt, 2);
	}
	return !query->err && (query->rc == SQLITE_ROW || query->rc == SQLITE_DONE);
}

static void expect(struct db_query *query, const char *name, int64_t expected)
{
	struct standing standing;

	if (!look(query, name, NULL, &standing))
		return;
	if (!standing.revision)
		query->err = -ENOENT;
	else if (expected > 0 && standing.revision != expected)
		query->err = -ESTALE;
}

static int64_t next_revision(struct db_query *query)
{
	int64_t next = 0;

	db_next(query, "UPDATE counter SET last = last + 1 WHERE name = 'cell' RETURNING last");
	while (db_row(query))
		next = sqlite3_column_int64(query->stmt, 0);
	return next;
}

static void write_cell(struct db_query *query, const struct db_cell *cell, int64_t version, int64_t revision)
{
	db_next(query, "INSERT INTO cell (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO UPDATE"
		       " SET definition = ?2, start_at_boot = ?3, version = ?4, revision = ?5");
	db_bind_text(query, 1, cell->name);
	db_bind_text(query, 2, cell->definition);
	db_bind_int(query, 3, cell->start_at_boot);
	db_bind_int(query, 4, version);
	db_bind_int(query, 5, revision);
	db_row(query);
}

static int refuse_put(const struct standing *standing, int64_t expected)
{
	if (expected == 0 && standing->revision)
		return -EEXIST;
	return expected > 0 && standing->revision != expected ? -ESTALE : 0;
}

int db_cell_put(struct db *db, struct db_cell *cell, int64_t expected)
{
	struct standing standing;
	struct db_query query;
	int64_t revision, version;
	int err;

	db_begin_change(&query, db);
	if (look(&query, cell->name, cell->definition, &standing))
		query.err = refuse_put(&standing, expected);
	version = standing.version + !standing.same;
	revision = next_revision(&query);
	write_cell(&query, cell, version, revision);
	if (!standing.same)
		db_cell_version_add(&query, cell, version);
	err = db_end_change(&query);
	if (!err) {
		cell->version = version;
		cell->revision = revision;
	}
	return err;
}

int db_cell_set_start_at_boot(struct db *db, const char *name, bool on, int64_t expected)
{
	struct db_query query;
	int64_t revision;

	db_begin_change(&query, db);
	expect(&query, name, expected);
	revision = next_revision(&query);
	db_next(&query, "UPDATE cell SET start_at_boot = ?2, revision = ?3 WHERE name = ?1");
	db_bind_text(&query, 1, name);
	db_bind_int(&query, 2, on);
	db_bind_int(&query, 3, revision);
	db_row(&query);
	return db_end_change(&query);
}

int db_cell_delete(struct db *db, const char *name, int64_t expected)
{
	struct db_query query;

	db_begin_change(&query, db);
	expect(&query, name, expected);
	db_next(&query, "DELETE FROM cell WHERE name = ?1");
	db_bind_text(&query, 1, name);
	db_row(&query);
	return db_end_change(&query);
}
