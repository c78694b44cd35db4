// SPDX-License-Identifier: MIT
#include "accounts.h"

#include "auth_secret.h"

#include <db/db.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct walk {
	int (*each)(void *context, const struct auth_account *account);
	void *context;
};

static int user_step(void *context, const struct db_user *user)
{
	struct auth_account account = { .role = (enum api_role)user->role, .created = user->created };
	struct walk *walk = context;

	snprintf(account.name, sizeof(account.name), "%s", user->name);
	return walk->each(walk->context, &account);
}

int accounts_user_each(void *auth, int (*each)(void *, const struct auth_account *), void *context)
{
	return db_user_each(auth_db(auth), user_step, &(struct walk){ each, context });
}

int accounts_user_add(void *auth, const char *name, const char *password, enum api_role role)
{
	struct db_user user = { .role = role, .created = auth_now(auth) };
	int err;

	if (!auth_user_acceptable(name) || !auth_password_acceptable(password))
		return -EINVAL;
	snprintf(user.name, sizeof(user.name), "%s", name);
	err = auth_password_hash(auth, password, user.password);
	return err ? err : db_user_add(auth_db(auth), &user);
}

int accounts_user_change(void *auth, const char *name, const char *password, enum api_role role)
{
	struct db_user user;
	int err;

	if (password && !auth_password_acceptable(password))
		return -EINVAL;
	err = db_user_get(auth_db(auth), name, &user);
	if (!err && password)
		err = auth_password_hash(auth, password, user.password);
	if (err)
		return err;
	if (role != API_ROLE_NONE)
		user.role = role;
	return db_user_change(auth_db(auth), &user, API_ROLE_ADMIN);
}

int accounts_user_delete(void *auth, const char *name)
{
	return db_user_delete(auth_db(auth), name, API_ROLE_ADMIN);
}

static int token_step(void *context, const struct db_token *token)
{
	struct auth_account account = { .role = (enum api_role)token->role,
					.created = token->created,
					.expires = token->expires };
	struct walk *walk = context;

	snprintf(account.name, sizeof(account.name), "%s", token->name);
	return walk->each(walk->context, &account);
}

int accounts_token_each(void *auth, int (*each)(void *, const struct auth_account *), void *context)
{
	return db_token_each(auth_db(auth), token_step, &(struct walk){ each, context });
}

int accounts_token_add(void *auth, struct auth_account *token, int days, char secret[AUTH_SECRET_LEN])
{
	struct db_token row = { .role = token->role, .created = auth_now(auth) };

	if (!api_name_valid(token->name))
		return -EINVAL;
	snprintf(row.name, sizeof(row.name), "%s", token->name);
	if (days)
		row.expires = row.created + (int64_t)days * 24 * 60 * 60;
	token->created = row.created;
	token->expires = row.expires;
	auth_secret_make(secret);
	auth_secret_hash(secret, row.hash);
	return db_token_add(auth_db(auth), &row);
}

int accounts_token_delete(void *auth, const char *name)
{
	return db_token_delete(auth_db(auth), name);
}
