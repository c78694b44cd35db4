// SPDX-License-Identifier: MIT
#include "internal.h"

#define COLUMNS "name, role, hash, created, expires"

static void token_from_row(struct db_query *query, struct db_token *token)
{
	db_column_text(query, 0, token->name, sizeof(token->name));
	token->role = sqlite3_column_int(query->stmt, 1);
	db_column_text(query, 2, token->hash, sizeof(token->hash));
	token->created = sqlite3_column_int64(query->stmt, 3);
	token->expires = sqlite3_column_int64(query->stmt, 4);
}

int db_token_get(struct db *db, const char *hash, struct db_token *token)
{
	struct db_query query;

	db_begin(&query, db, "SELECT " COLUMNS " FROM token WHERE hash = ?1");
	db_bind_text(&query, 1, hash);
	if (db_found(&query))
		token_from_row(&query, token);
	return db_end(&query);
}

int db_token_each(struct db *db, db_token_each_fn each, void *context)
{
	struct db_query query;
	struct db_token token;

	db_begin(&query, db, "SELECT " COLUMNS " FROM token ORDER BY name");
	while (db_row(&query)) {
		token_from_row(&query, &token);
		query.err = each(context, &token);
	}
	return db_end(&query);
}

int db_token_add(struct db *db, const struct db_token *token)
{
	struct db_query query;

	db_begin(&query, db, "INSERT INTO token (" COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5)");
	db_bind_text(&query, 1, token->name);
	db_bind_int(&query, 2, token->role);
	db_bind_text(&query, 3, token->hash);
	db_bind_int(&query, 4, token->created);
	db_bind_int(&query, 5, token->expires);
	db_row(&query);
	return db_end(&query);
}

int db_token_delete(struct db *db, const char *name)
{
	struct db_query query;

	db_begin(&query, db, "DELETE FROM token WHERE name = ?1");
	db_bind_text(&query, 1, name);
	return db_end_changed(&query);
}
