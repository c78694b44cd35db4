// SPDX-License-Identifier: MIT
/* /healthz, /api/v1/setup, /api/v1/sessions */
#include "agent.h"
#include "role.h"
#include "session_cookie.h"

#include <errno.h>
#include <string.h>

static void reply_identity(struct api_reply *reply, int status, const struct api_identity *who)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "username", who->username);
	cJSON_AddStringToObject(json, "role", role_name(who->role));
	api_reply_json(reply, status, json);
}

void session_cookie_set(struct api_reply *reply, const char *session)
{
	/* __Host- would need no Domain and Path=/ as well; the name is what clients were promised. */
	api_reply_header(reply, "Set-Cookie: " SESSION_COOKIE "=%s; Path=/; HttpOnly; Secure; SameSite=Strict",
			 session);
}

void session_login_failed(struct api_reply *reply, int err, int retry_after)
{
	if (err == -EAGAIN) {
		api_problem(reply, 429, "too-many-attempts", "Wait as long as Retry-After says.",
			    "There were too many attempts; the next is possible in %d seconds.", retry_after);
		api_reply_header(reply, "Retry-After: %d", retry_after);
	} else if (err == -EACCES || err == -ENOENT) {
		api_problem(reply, 401, "wrong-credential", "Check both and try again.",
			    "The user name or the password is wrong.");
	} else {
		api_problem(reply, 500, "internal", "Look at the board's log.", "The log-in failed: %s.",
			    strerror(-err));
	}
}

bool session_login(struct agent *agent, const struct api_request *request, const char *username,
		   const char *password, struct api_reply *reply)
{
	char session[AUTH_SECRET_LEN];
	struct api_identity who = { 0 };
	int retry_after = 0;
	int err = agent->auth_ops->login(agent->auth, username, password, request->remote, session, &who, &retry_after);

	if (err) {
		agent_event(agent, "warning", "login-refused", "", "", "A log-in from %s was refused.",
			    request->remote);
		session_login_failed(reply, err, retry_after);
		return false;
	}
	agent_event(agent, "info", "login", "", who.username, "%s logged in from %s.", who.username, request->remote);
	reply_identity(reply, 201, &who);
	session_cookie_set(reply, session);
	return true;
}

void api_session_create(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "username", "password", NULL };
	char username[API_NAME_LEN], password[256];
	struct json_problem problem = { 0 };
	cJSON *body = api_body(request, reply, names);

	if (!body)
		return;
	if (json_get_string(body, "username", username, sizeof(username), &problem) &&
	    json_get_string(body, "password", password, sizeof(password), &problem))
		session_login(agent, request, username, password, reply);
	else
		api_problem_json(reply, &problem);
	explicit_bzero(password, sizeof(password));
	cJSON_Delete(body);
}

void api_session_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	(void)agent;
	reply_identity(reply, 200, &request->who);
}

void api_session_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	if (request->session)
		agent->auth_ops->logout(agent->auth, request->session);
	reply->status = 204;
	api_reply_header(reply, "Set-Cookie: " SESSION_COOKIE
				"=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
}

void api_health(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	cJSON *json = cJSON_CreateObject();

	(void)agent;
	(void)request;
	cJSON_AddStringToObject(json, "status", "ok");
	api_reply_json(reply, 200, json);
}
