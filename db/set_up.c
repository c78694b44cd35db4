// SPDX-License-Identifier: MIT
#include "internal.h"

#include <errno.h>

static void add_user(struct db_query *query, const struct db_user *user)
{
	db_next(query, "SELECT 1 FROM user");
	if (db_row(query))
		query->err = -EALREADY;
	db_next(query, "INSERT INTO user (name, role, password, created) VALUES (?1, ?2, ?3, ?4)");
	db_bind_text(query, 1, user->name);
	db_bind_int(query, 2, user->role);
	db_bind_text(query, 3, user->password);
	db_bind_int(query, 4, user->created);
	db_row(query);
}

static void add_token(struct db_query *query, const struct db_token *token)
{
	db_next(query, "INSERT INTO token (hash, name, role, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)");
	db_bind_text(query, 1, token->hash);
	db_bind_text(query, 2, token->name);
	db_bind_int(query, 3, token->role);
	db_bind_int(query, 4, token->created);
	db_bind_int(query, 5, token->expires);
	db_row(query);
}

int db_set_up(struct db *db, const struct db_user *user, const struct db_token *tokens, size_t count)
{
	struct db_query query;

	db_begin_change(&query, db);
	add_user(&query, user);
	db_next(&query, "DELETE FROM token");
	db_row(&query);
	for (size_t i = 0; i < count; i++)
		add_token(&query, &tokens[i]);
	return db_end_change(&query);
}
