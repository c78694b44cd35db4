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

/* "4821-7730", the code of this start, for the serial console; NULL when the board is set up. */
const char *auth_setup_code(struct auth *auth);

/* For provisioning: as a set-up with the right code, and a token that works at once. 0 or -errno. */
int auth_provision_admin(struct auth *auth, const char *username, const char *password);
int auth_provision_token(struct auth *auth, const char *name, enum api_role role, const char *token);

#endif
