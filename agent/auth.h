/* SPDX-License-Identifier: MIT */
/* Users, sessions, tokens and the first-run code, behind struct auth_ops. */
#ifndef AGENT_AUTH_H
#define AGENT_AUTH_H

#include "ports.h"

struct auth;
struct db;

extern const struct auth_ops auth_ops;

/* NULL when there is no memory or no randomness. now() is seconds since 1970; NULL: the clock. */
struct auth *auth_new(struct db *db, int64_t (*now)(void));
void auth_free(struct auth *auth);

#define AUTH_PASSWORD_MIN 10 /* characters */
#define AUTH_TOKEN_MIN 20

/* The rules of set-up, by file as by hand. */
bool auth_user_acceptable(const char *username);
bool auth_password_acceptable(const char *password);
bool auth_token_acceptable(const char *token);

/*
 * Shows the set-up code to whoever stands at the board: called with each new code, and with NULL when the board is set up. It
 * must not call auth. The first call comes from auth_publish() itself.
 */
typedef void (*auth_publish_fn)(void *context, const char *code);
void auth_publish(struct auth *auth, auth_publish_fn publish, void *context);

/* Publishes a new code when the old one has ended. Seconds until the next one ends, -1 when the board is set up. */
int auth_setup_tick(struct auth *auth);

struct auth_token {
	char name[API_NAME_LEN];
	enum api_role role;
	char secret[AUTH_SECRET_LEN];
};

/* Sets the board up: its administrator and tokens, all or nothing. -EALREADY, -EINVAL, -EEXIST: two tokens alike, or -errno. */
int auth_provision(struct auth *auth, const char *username, const char *password, const struct auth_token *tokens,
		   size_t count);

#endif
