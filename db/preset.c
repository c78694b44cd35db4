// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS "name, body, version, revision"

static int preset_from_row(struct db_query *query, struct db_preset *preset)
{
	const unsigned char *body = sqlite3_column_text(query->stmt, 1);

	db_column_text(query, 0, preset->name, sizeof(preset->name));
	preset->body = strdup(body ? (const char *)body : "");
	preset->version = sqlite3_column_int64(query->stmt, 2);
	preset->revision = sqlite3_column_int64(query->stmt, 3);
	return preset->body ? 0 : -ENOMEM;
}

int db_preset_get(struct db *db, const char *name, struct db_preset *preset)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM preset WHERE name = ?1");
	db_bind_text(&query, 1, name);
	if (db_found(&query))
		query.err = preset_from_row(&query, preset);
	return db_end(&query);
}

int db_preset_each(struct db *db, db_preset_each_fn each, void *context)
{
	struct db_preset preset;
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM preset ORDER BY name");
	while (db_row(&query)) {
		query.err = preset_from_row(&query, &preset);
		if (!query.err) {
			query.err = each(context, &preset);
			free(preset.body);
		}
	}
	return db_end(&query);
}

/* Version and revision of what stands, 0 when nothing does; and the write is refused that expects something else. */
static void expect(struct db_query *query, const char *name, int64_t expected, int64_t *version)
{
	int64_t revision = 0;

	*version = 0;
	db_next(query, "SELECT version, revision FROM preset WHERE name = ?1");
	db_bind_text(query, 1, name);
	if (db_row(query)) {
		*version = sqlite3_column_int64(query->stmt, 0);
		revision = sqlite3_column_int64(query->stmt, 1);
	}
	if (!query->err && expected == 0 && revision)
		query->err = -EEXIST;
	if (!query->err && expected > 0 && revision != expected)
		query->err = revision ? -ESTALE : -ENOENT;
}

static int64_t next_revision(struct db_query *query)
{
	int64_t next = 0;

	db_next(query, "UPDATE counter SET last = last + 1 WHERE name = 'preset' RETURNING last");
	while (db_row(query))
		next = sqlite3_column_int64(query->stmt, 0);
	return next;
}

int db_preset_put(struct db *db, struct db_preset *preset, int64_t expected)
{
	struct db_query query;
	int64_t version, revision;
	int err;

	db_begin_change(&query, db);
	expect(&query, preset->name, expected, &version);
	revision = next_revision(&query);
	db_next(&query, "INSERT INTO preset (" COLUMNS ") VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE"
			" SET body = ?2, version = ?3, revision = ?4");
	db_bind_text(&query, 1, preset->name);
	db_bind_text(&query, 2, preset->body);
	db_bind_int(&query, 3, version + 1);
	db_bind_int(&query, 4, revision);
	db_row(&query);
	err = db_end_change(&query);
	if (!err) {
		preset->version = version + 1;
		preset->revision = revision;
	}
	return err;
}

int db_preset_delete(struct db *db, const char *name, int64_t expected)
{
	struct db_query query;
	int64_t version;

	db_begin_change(&query, db);
	expect(&query, name, expected, &version);
	if (!query.err && !version)
		query.err = -ENOENT;
	db_next(&query, "DELETE FROM preset WHERE name = ?1");
	db_bind_text(&query, 1, name);
	db_row(&query);
	return db_end_change(&query);
}
