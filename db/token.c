// SPDX-License-Identifier: MIT
#include "internal.h"

int db_token_get(struct db *db, const char *hash, struct db_token *token)
{
	struct db_query query;

	db_begin(&query, db, "SELECT name, role, hash FROM token WHERE hash = ?1");
	db_bind_text(&query, 1, hash);
	if (db_found(&query)) {
		db_column_text(&query, 0, token->name, sizeof(token->name));
		token->role = sqlite3_column_int(query.stmt, 1);
		db_column_text(&query, 2, token->hash, sizeof(token->hash));
	}
	return db_end(&query);
}
