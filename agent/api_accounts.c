// SPDX-License-Identifier: MIT
/* /api/v1/users and /api/v1/tokens: who may do what on this board. */
#include "agent.h"
#include "auth.h"
#include "page.h"
#include "role.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD_LEN 256
#define DAYS_MAX 3650

static void add_time(cJSON *json, const char *name, int64_t time)
{
	if (time)
		cJSON_AddNumberToObject(json, name, (double)time);
	else
		cJSON_AddNullToObject(json, name);
}

static cJSON *user_json(const struct auth_account *user)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "username", user->name);
	cJSON_AddStringToObject(json, "role", role_name(user->role));
	add_time(json, "created", user->created);
	return json;
}

static cJSON *token_json(const struct auth_account *token)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", token->name);
	cJSON_AddStringToObject(json, "role", role_name(token->role));
	add_time(json, "created", token->created);
	add_time(json, "expires", token->expires);
	return json;
}

struct listing {
	struct page page;
	cJSON *items;
	cJSON *(*json)(const struct auth_account *account);
};

static int listing_add(void *context, const struct auth_account *account)
{
	struct listing *listing = context;

	if (page_takes_name(&listing->page, account->name))
		cJSON_AddItemToArray(listing->items, listing->json(account));
	return 0;
}

/* what: "user" or "token". */
static void failed(struct api_reply *reply, int err, const char *what, const char *name)
{
	if (err == -EEXIST)
		api_problem(reply, 409, "name-taken", "Choose another name, or delete the other one first.",
			    "There is a %s \"%s\" already.", what, name);
	else if (err == -ENOENT)
		api_problem(reply, 404, "account-not-found", "GET the list to see which there are.",
			    "There is no %s \"%s\".", what, name);
	else if (err == -EPERM)
		api_problem(reply, 409, "last-admin", "Make another user an administrator first.",
			    "\"%s\" is the only administrator of this board.", name);
	else if (err == -ENOSPC)
		api_problem(reply, 507, "disk-full", "Delete images that no cell uses.", "The data disk is full.");
	else
		api_problem(reply, 500, "internal", "Look at the board's log.", "The %s was not stored: %s.", what,
			    strerror(-err));
}

static void list(struct agent *agent, const struct api_request *request,
		 int (*walk)(void *, int (*)(void *, const struct auth_account *), void *),
		 cJSON *(*account_json)(const struct auth_account *), struct api_reply *reply)
{
	struct listing listing = { .json = account_json };
	cJSON *json;
	int err;

	if (!page_by_name(request, &listing.page, reply))
		return;
	json = cJSON_CreateObject();
	listing.items = cJSON_AddArrayToObject(json, "items");
	err = walk(agent->auth, listing_add, &listing);
	page_end(&listing.page, json);
	api_reply_json(reply, 200, json);
	if (err)
		failed(reply, err, "list", "");
}

void api_users_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	list(agent, request, agent->auth_ops->user_each, user_json, reply);
}

void api_tokens_list(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	list(agent, request, agent->auth_ops->token_each, token_json, reply);
}

static bool read_role(const cJSON *body, enum api_role *role, struct api_reply *reply)
{
	struct json_problem problem = { 0 };
	char text[API_NAME_LEN];

	if (!json_get_string(body, "role", text, sizeof(text), &problem)) {
		api_problem_json(reply, &problem);
		return false;
	}
	if (role_of(text, role))
		return true;
	api_problem(reply, 422, "bad-role", "Use viewer, operator or admin.", "\"%s\" is no role.", text);
	return false;
}

static bool read_name(const cJSON *body, const char *member, char name[API_NAME_LEN], struct api_reply *reply)
{
	struct json_problem problem = { 0 };

	if (!json_get_string(body, member, name, API_NAME_LEN, &problem)) {
		api_problem_json(reply, &problem);
		return false;
	}
	if (api_name_valid(name))
		return true;
	api_problem(reply, 422, "bad-name", "Use 1 to 31 of a-z A-Z 0-9 . _ -, a letter or digit first.",
		    "\"%s\" cannot be a name.", name);
	return false;
}

static bool read_password(const cJSON *body, char password[PASSWORD_LEN], struct api_reply *reply)
{
	struct json_problem problem = { 0 };

	if (!json_get_string(body, "password", password, PASSWORD_LEN, &problem)) {
		api_problem_json(reply, &problem);
		return false;
	}
	if (auth_password_acceptable(password))
		return true;
	api_problem(reply, 422, "weak-password", "Use a longer one; a sentence is fine.",
		    "The password has %zu characters; it needs at least %d.", strlen(password), AUTH_PASSWORD_MIN);
	return false;
}

static void create_user(struct agent *agent, const struct api_request *request, const cJSON *body,
			struct api_reply *reply)
{
	struct auth_account user = { .created = (int64_t)time(NULL) };
	char password[PASSWORD_LEN];
	int err;

	if (!read_name(body, "username", user.name, reply) || !read_role(body, &user.role, reply))
		return;
	if (read_password(body, password, reply)) {
		err = agent->auth_ops->user_add(agent->auth, user.name, password, user.role);
		if (err) {
			failed(reply, err, "user", user.name);
		} else {
			agent_event(agent, "info", "user-added", "", request->who.username,
				    "User \"%s\" was added as %s.", user.name, role_name(user.role));
			api_reply_json(reply, 201, user_json(&user));
			api_reply_header(reply, "Location: /api/v1/users/%s", user.name);
		}
	}
	explicit_bzero(password, sizeof(password));
}

void api_user_create(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "username", "password", "role", NULL };
	cJSON *body = api_body(request, reply, names);

	if (body)
		create_user(agent, request, body, reply);
	cJSON_Delete(body);
}

struct wanted {
	const char *name;
	struct auth_account found;
};

static int find_account(void *context, const struct auth_account *account)
{
	struct wanted *wanted = context;

	if (strcmp(account->name, wanted->name) == 0)
		wanted->found = *account;
	return 0;
}

void api_user_get(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct wanted wanted = { .name = request->name };
	int err = agent->auth_ops->user_each(agent->auth, find_account, &wanted);

	if (err || !wanted.found.name[0])
		failed(reply, err ? err : -ENOENT, "user", request->name);
	else
		api_reply_json(reply, 200, user_json(&wanted.found));
}

static void change_user(struct agent *agent, const struct api_request *request, const cJSON *body,
			struct api_reply *reply)
{
	bool new_password = cJSON_HasObjectItem(body, "password");
	char password[PASSWORD_LEN] = "";
	enum api_role role = API_ROLE_NONE;
	int err;

	if ((cJSON_HasObjectItem(body, "role") && !read_role(body, &role, reply)) ||
	    (new_password && !read_password(body, password, reply)))
		return;
	err = agent->auth_ops->user_change(agent->auth, request->name, new_password ? password : NULL, role);
	explicit_bzero(password, sizeof(password));
	if (err) {
		failed(reply, err, "user", request->name);
		return;
	}
	agent_event(agent, "info", "user-changed", "", request->who.username, "User \"%s\" was changed:%s%s.",
		    request->name, role != API_ROLE_NONE ? " role" : "", new_password ? " password" : "");
	api_user_get(agent, request, reply);
}

void api_user_patch(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "role", "password", NULL };
	cJSON *body = api_body(request, reply, names);

	if (body && !body->child)
		api_user_get(agent, request, reply); /* nothing to change, and nobody to send away */
	else if (body)
		change_user(agent, request, body, reply);
	cJSON_Delete(body);
}

static void delete_account(struct agent *agent, const struct api_request *request, const char *what,
			   int (*delete)(void *, const char *), struct api_reply *reply)
{
	char kind[32];
	int err = delete (agent->auth, request->name);

	if (err) {
		failed(reply, err, what, request->name);
		return;
	}
	snprintf(kind, sizeof(kind), "%s-deleted", what);
	agent_event(agent, "info", kind, "", request->who.username, "The %s \"%s\" was deleted.", what, request->name);
	reply->status = 204;
}

void api_user_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	delete_account(agent, request, "user", agent->auth_ops->user_delete, reply);
}

void api_token_delete(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	delete_account(agent, request, "token", agent->auth_ops->token_delete, reply);
}

/* 0 when it is not there: the token does not expire. */
static bool read_days(const cJSON *body, int *days, struct api_reply *reply)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(body, "expires_in_days");
	double value = item ? cJSON_GetNumberValue(item) : 0;

	*days = 0;
	if (!item)
		return true;
	if (cJSON_IsNumber(item) && value >= 1 && value <= DAYS_MAX && value == (int)value) {
		*days = (int)value;
		return true;
	}
	api_problem(reply, 422, "bad-expiry", "Leave it out for a token that does not expire.",
		    "expires_in_days must be a whole number from 1 to %d.", DAYS_MAX);
	return false;
}

static void create_token(struct agent *agent, const struct api_request *request, const cJSON *body,
			 struct api_reply *reply)
{
	struct auth_account token = { 0 };
	char secret[AUTH_SECRET_LEN];
	int days, err;
	cJSON *json;

	if (!read_name(body, "name", token.name, reply) || !read_role(body, &token.role, reply) ||
	    !read_days(body, &days, reply))
		return;
	err = agent->auth_ops->token_add(agent->auth, &token, days, secret);
	if (err) {
		failed(reply, err, "token", token.name);
		return;
	}
	agent_event(agent, "info", "token-added", "", request->who.username, "The token \"%s\" was made for %s.",
		    token.name, role_name(token.role));
	json = token_json(&token);
	cJSON_AddStringToObject(json, "token", secret);
	explicit_bzero(secret, sizeof(secret));
	reply->secret = true;
	api_reply_json(reply, 201, json);
	api_reply_header(reply, "Location: /api/v1/tokens/%s", token.name);
}

void api_token_create(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	static const char *const names[] = { "name", "role", "expires_in_days", NULL };
	cJSON *body = api_body(request, reply, names);

	if (body)
		create_token(agent, request, body, reply);
	cJSON_Delete(body);
}
