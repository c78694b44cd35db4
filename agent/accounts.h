/* SPDX-License-Identifier: MIT */
/* Users and tokens as an administrator sees them: a part of struct auth_ops (ports.h). */
#ifndef AGENT_ACCOUNTS_H
#define AGENT_ACCOUNTS_H

#include "auth.h"

int accounts_user_each(void *auth, int (*each)(void *context, const struct auth_account *user), void *context);
int accounts_user_add(void *auth, const char *name, const char *password, enum api_role role);
int accounts_user_change(void *auth, const char *name, const char *password, enum api_role role);
int accounts_user_delete(void *auth, const char *name);
int accounts_token_each(void *auth, int (*each)(void *context, const struct auth_account *token), void *context);
int accounts_token_add(void *auth, struct auth_account *token, int days, char secret[AUTH_SECRET_LEN]);
int accounts_token_delete(void *auth, const char *name);

#endif
