// SPDX-License-Identifier: MIT
/* Two tokens, one password. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool setup_needed(void *auth)
{
	return !((struct world *)auth)->set_up;
}

static int setup(void *auth, const char *code, const char *username, const char *password, const char *remote,
		 int *retry_after)
{
	struct world *world = auth;

	(void)username;
	(void)remote;
	(void)retry_after;
	if (world->set_up)
		return -EALREADY;
	if (strcmp(code, "4821-7730") != 0)
		return -EACCES;
	if (strlen(password) < 10)
		return -EINVAL;
	world->set_up = true;
	return 0;
}

static int login(void *auth, const char *username, const char *password, const char *remote,
		 char session[AUTH_SECRET_LEN], struct api_identity *who, int *retry_after)
{
	(void)auth;
	(void)remote;
	if (strcmp(password, "again and again") == 0) {
		*retry_after = 30;
		return -EAGAIN;
	}
	if (strcmp(username, "admin") != 0 || strcmp(password, "correct horse") != 0)
		return -EACCES;
	snprintf(session, AUTH_SECRET_LEN, "session-of-admin");
	snprintf(who->username, sizeof(who->username), "admin");
	who->role = API_ROLE_ADMIN;
	return 0;
}

static int session_check(void *auth, const char *session, struct api_identity *who)
{
	(void)auth;
	if (strcmp(session, "session-that-ended") == 0)
		return -EKEYEXPIRED;
	if (strcmp(session, "session-of-admin") != 0)
		return -ENOENT;
	snprintf(who->username, sizeof(who->username), "admin");
	who->role = API_ROLE_ADMIN;
	return 0;
}

static int token_check(void *auth, const char *token, struct api_identity *who)
{
	(void)auth;
	if (strcmp(token, WORLD_ADMIN_TOKEN) == 0)
		who->role = API_ROLE_ADMIN;
	else if (strcmp(token, WORLD_VIEWER_TOKEN) == 0)
		who->role = API_ROLE_VIEWER;
	else
		return -EACCES;
	snprintf(who->username, sizeof(who->username), "fleet");
	return 0;
}

static int logout(void *auth, const char *session)
{
	(void)auth;
	(void)session;
	return 0;
}

/* Accounts are kept by the real one: tests of them take auth_ops. */
const struct auth_ops world_auth_ops = {
	.setup_needed = setup_needed,
	.setup = setup,
	.login = login,
	.session = session_check,
	.token = token_check,
	.logout = logout,
};
