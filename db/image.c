// SPDX-License-Identifier: MIT
#include "internal.h"

#define COLUMNS "name, sha256, size, created"

static void image_from_row(struct db_query *query, struct db_image *image)
{
	db_column_text(query, 0, image->name, sizeof(image->name));
	db_column_text(query, 1, image->sha256, sizeof(image->sha256));
	image->size = (uint64_t)sqlite3_column_int64(query->stmt, 2);
	image->created = sqlite3_column_int64(query->stmt, 3);
}

int db_image_get(struct db *db, const char *name, struct db_image *image)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM image WHERE name = ?1");
	db_bind_text(&query, 1, name);
	if (db_found(&query))
		image_from_row(&query, image);
	return db_end(&query);
}

int db_image_each(struct db *db, db_image_each_fn each, void *context)
{
	struct db_query query;
	struct db_image image;

	db_begin(&query, db, "SELECT " COLUMNS " FROM image ORDER BY name");
	while (db_row(&query)) {
		image_from_row(&query, &image);
		query.err = each(context, &image);
	}
	return db_end(&query);
}

int db_image_put(struct db *db, const struct db_image *image)
{
	struct db_query query;

	db_begin(&query, db,
		 "INSERT INTO image (" COLUMNS ") VALUES (?1, ?2, ?3, ?4)"
		 " ON CONFLICT (name) DO UPDATE SET sha256 = ?2, size = ?3, created = ?4");
	db_bind_text(&query, 1, image->name);
	db_bind_text(&query, 2, image->sha256);
	db_bind_int(&query, 3, (int64_t)image->size);
	db_bind_int(&query, 4, image->created);
	db_row(&query);
	return db_end(&query);
}

int db_image_delete(struct db *db, const char *name)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM image WHERE name = ?1");
	db_bind_text(&query, 1, name);
	return db_end_changed(&query);
}
