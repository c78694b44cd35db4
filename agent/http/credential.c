// SPDX-License-Identifier: MIT
/* Who asks, and whether this one may. */
#include "exchange.h"

#include "session_cookie.h"

#include <errno.h>
#include <string.h>

int credential_identify(struct exchange *exchange)
{
	struct agent *agent = exchange->http->agent;
	struct api_identity *who = &exchange->request.who;
	char token[AUTH_SECRET_LEN];

	if (head_get(&exchange->head, "Authorization"))
		return head_bearer(&exchange->head, token, sizeof(token)) ?
			       agent->auth_ops->token(agent->auth, token, who) :
			       -EACCES;
	if (!head_cookie(&exchange->head, SESSION_COOKIE, exchange->session, sizeof(exchange->session)))
		return -ENOENT;
	exchange->request.session = exchange->session;
	who->from_cookie = true;
	return agent->auth_ops->session(agent->auth, exchange->session, who);
}

static bool credential_ok(struct exchange *exchange)
{
	int err = credential_identify(exchange);

	if (!err)
		return true;
	if (err == -ENOENT && !exchange->request.session)
		api_problem(&exchange->reply, 401, "no-credential", "Log in, or send a bearer token.",
			    "This needs a credential.");
	else if (err == -EKEYEXPIRED)
		api_problem(&exchange->reply, 401, "session-ended", "Log in again.", "The credential has expired.");
	else if (err == -EACCES || err == -ENOENT)
		api_problem(&exchange->reply, 401, "wrong-credential", "Log in again, or check the token.",
			    "The credential is not known.");
	else
		api_problem(&exchange->reply, 500, "internal", "Look at the board's log.",
			    "The credential could not be checked.");
	api_reply_header(&exchange->reply, "WWW-Authenticate: Bearer realm=\"rotunda\"");
	return false;
}

/* A browser adds the cookie to whatever page asks; only our own pages may write or open a socket with it. */
static bool origin_ok(struct exchange *exchange)
{
	bool writes = strcmp(exchange->head.method, "GET") != 0 && strcmp(exchange->head.method, "HEAD") != 0;
	bool socket = exchange->route->answer == ROUTE_ANSWER_SOCKET;

	if (!exchange->request.who.from_cookie || !(writes || socket) || head_same_origin(&exchange->head))
		return true;
	api_problem(&exchange->reply, 403, "wrong-origin", "Send Origin, or use a bearer token.",
		    "A write with a session cookie must come from this board's own pages.");
	return false;
}

bool credential_permits(struct exchange *exchange)
{
	if (exchange->route->role == API_ROLE_NONE)
		return true;
	if (!credential_ok(exchange) || !origin_ok(exchange))
		return false;
	if (exchange->request.who.role >= exchange->route->role)
		return true;
	api_problem(&exchange->reply, 403, "role-too-low", "Ask an administrator.",
		    "The role of %s does not allow this.", exchange->request.who.username);
	return false;
}
