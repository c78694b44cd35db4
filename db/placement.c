// SPDX-License-Identifier: MIT
#include "internal.h"

int db_placement_each(struct db *db, db_placement_each_fn each, void *context)
{
	struct db_placement placement;
	struct db_query query;

	db_begin(&query, db, "SELECT cell, start, size FROM placement ORDER BY cell, position");
	while (db_row(&query)) {
		db_column_text(&query, 0, placement.cell, sizeof(placement.cell));
		placement.start = (uint64_t)sqlite3_column_int64(query.stmt, 1);
		placement.size = (uint64_t)sqlite3_column_int64(query.stmt, 2);
		query.err = each(context, &placement);
	}
	return db_end(&query);
}

static void add(struct db_query *query, const char *cell, int64_t position, const struct db_placement *placement)
{
	db_next(query, "INSERT INTO placement (cell, position, start, size) VALUES (?1, ?2, ?3, ?4)");
	db_bind_text(query, 1, cell);
	db_bind_int(query, 2, position);
	db_bind_int(query, 3, (int64_t)placement->start);
	db_bind_int(query, 4, (int64_t)placement->size);
	db_row(query);
}

int db_placement_set(struct db *db, const char *cell, const struct db_placement *placements, size_t count)
{
	struct db_query query;

	db_begin_change(&query, db);
	db_next(&query, "SELECT 1 FROM cell WHERE name = ?1");
	db_bind_text(&query, 1, cell);
	db_found(&query);
	db_next(&query, "DELETE FROM placement WHERE cell = ?1");
	db_bind_text(&query, 1, cell);
	db_row(&query);
	for (size_t i = 0; i < count; i++)
		add(&query, cell, (int64_t)i, &placements[i]);
	return db_end_change(&query);
}
