// SPDX-License-Identifier: MIT
/* /api/v1/setup: the first administrator, by the code that the serial console shows. */
#include "session_cookie.h"

#include <errno.h>
#include <string.h>

void api_setup_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	cJSON *json = cJSON_CreateObject();

	(void)request;
	cJSON_AddBoolToObject(json, "needed", agent->auth_ops->setup_needed(agent->auth));
	api_reply_json(reply, 200, json);
}

static void setup_failed(struct api_reply *reply, int err, int retry_after)
{
	if (err == -EALREADY)
		api_problem(reply, 409, "already-set-up", "Log in instead.", "This board is set up already.");
	else if (err == -EACCES)
		api_problem(reply, 403, "wrong-setup-code", "Read the code on the board's serial console.",
			    "The set-up code is wrong.");
	else if (err == -EKEYEXPIRED)
		api_problem(reply, 403, "setup-code-expired", "Read the new code on the board's serial console.",
			    "The set-up code has expired; a new one is shown at the board.");
	else if (err == -EINVAL)
		api_problem(reply, 422, "weak-password",
			    "Choose a password of at least 10 characters, and a user name of letters and digits.",
			    "The user name or the password is not acceptable.");
	else
		session_login_failed(reply, err, retry_after);
}

static void setup(struct agent *agent, const struct api_request *request, const char *code, const char *username,
		  const char *password, struct api_reply *reply)
{
	int retry_after = 0;
	int err = agent->auth_ops->setup(agent->auth, code, username, password, request->remote, &retry_after);

	if (err) {
		agent_event(agent, "warning", "setup-refused", "", "", "A set-up from %s was refused.",
			    request->remote);
		setup_failed(reply, err, retry_after);
		return;
	}
	agent_event(agent, "info", "set-up", "", username, "The board was set up from %s.", request->remote);
	session_login(agent, request, username, password, reply);
}

void api_setup_post(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "code", "username", "password", NULL };
	char code[32], username[API_NAME_LEN], password[256];
	struct json_problem problem = { 0 };
	cJSON *body = api_body(request, reply, names);

	if (!body)
		return;
	if (json_get_string(body, "code", code, sizeof(code), &problem) &&
	    json_get_string(body, "username", username, sizeof(username), &problem) &&
	    json_get_string(body, "password", password, sizeof(password), &problem))
		setup(agent, request, code, username, password, reply);
	else
		api_problem_json(reply, &problem);
	explicit_bzero(password, sizeof(password));
	cJSON_Delete(body);
}
