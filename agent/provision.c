// SPDX-License-Identifier: MIT
#include "provision.h"

#include "role.h"
#include "text_file.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX (64 * 1024)
#define PASSWORD_LEN 256

/* What the file says. */
struct provision {
	char username[API_NAME_LEN], password[PASSWORD_LEN];
	struct auth_token *tokens;
	size_t count;
};

static bool refuse(struct json_problem *problem, const char *code, const char *pointer, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static bool refuse(struct json_problem *problem, const char *code, const char *pointer, const char *format, ...)
{
	va_list arguments;

	problem->code = code;
	snprintf(problem->pointer, sizeof(problem->pointer), "%s", pointer);
	va_start(arguments, format);
	vsnprintf(problem->detail, sizeof(problem->detail), format, arguments);
	va_end(arguments);
	return false;
}

/* The readers of members know pointers from their object on. */
static bool below(struct json_problem *problem, const char *parent)
{
	char pointer[sizeof(problem->pointer)];

	snprintf(pointer, sizeof(pointer), "%s%.80s", parent, problem->pointer);
	memcpy(problem->pointer, pointer, sizeof(pointer));
	return false;
}

static bool read_admin(const cJSON *json, struct provision *file, struct json_problem *problem)
{
	static const char *const names[] = { "username", "password", NULL };

	if (!json)
		return refuse(problem, "json-missing", "/admin", "The member \"admin\" is missing.");
	if (!json_only(json, names, problem) ||
	    !json_get_string(json, "username", file->username, sizeof(file->username), problem) ||
	    !json_get_string(json, "password", file->password, sizeof(file->password), problem))
		return below(problem, "/admin");
	if (!auth_user_acceptable(file->username))
		return refuse(problem, "bad-name", "/admin/username",
			      "A user name has 1 to 31 of a-z A-Z 0-9 . _ -, a letter or digit first.");
	if (!auth_password_acceptable(file->password))
		return refuse(problem, "weak-password", "/admin/password",
			      "The password has %zu characters; it needs at least %d.", strlen(file->password),
			      AUTH_PASSWORD_MIN);
	return true;
}

static bool read_role(const cJSON *json, const char *at, enum api_role *role, struct json_problem *problem)
{
	char pointer[64], name[API_NAME_LEN];

	if (!json_get_string(json, "role", name, sizeof(name), problem))
		return below(problem, at);
	if (role_of(name, role))
		return true;
	snprintf(pointer, sizeof(pointer), "%s/role", at);
	return refuse(problem, "bad-role", pointer, "\"%s\" is no role; roles are viewer, operator and admin.", name);
}

static bool read_token(const cJSON *json, const char *at, struct auth_token *token, struct json_problem *problem)
{
	static const char *const names[] = { "name", "role", "token", NULL };
	char pointer[64];

	if (!json_only(json, names, problem) ||
	    !json_get_string(json, "name", token->name, sizeof(token->name), problem) ||
	    !json_get_string(json, "token", token->secret, sizeof(token->secret), problem))
		return below(problem, at);
	snprintf(pointer, sizeof(pointer), "%s/name", at);
	if (!api_name_valid(token->name))
		return refuse(problem, "bad-name", pointer,
			      "A token's name has 1 to 31 of a-z A-Z 0-9 . _ -, a letter or digit first.");
	snprintf(pointer, sizeof(pointer), "%s/token", at);
	if (!auth_token_acceptable(token->secret))
		return refuse(problem, "weak-token", pointer, "The token has %zu characters; it needs %d to %d.",
			      strlen(token->secret), AUTH_TOKEN_MIN, AUTH_SECRET_LEN - 1);
	return read_role(json, at, &token->role, problem);
}

static bool is_new(const struct provision *file, const char *at, struct json_problem *problem)
{
	const struct auth_token *token = &file->tokens[file->count];
	char pointer[64];

	for (size_t i = 0; i < file->count; i++) {
		bool same_name = strcmp(file->tokens[i].name, token->name) == 0;

		if (!same_name && strcmp(file->tokens[i].secret, token->secret) != 0)
			continue;
		snprintf(pointer, sizeof(pointer), "%s/%s", at, same_name ? "name" : "token");
		return refuse(problem, "duplicate-token", pointer, "Tokens %zu and %zu have the same %s.", i,
			      file->count, same_name ? "name" : "secret");
	}
	return true;
}

static bool read_tokens(const cJSON *json, struct provision *file, struct json_problem *problem)
{
	const cJSON *item;
	char at[32];

	if (!json)
		return true;
	if (!cJSON_IsArray(json))
		return refuse(problem, "json-type", "/tokens", "\"tokens\" must be a list.");
	file->tokens = calloc((size_t)cJSON_GetArraySize(json) + 1, sizeof(*file->tokens));
	if (!file->tokens)
		return refuse(problem, "internal", "", "The agent ran out of memory.");
	cJSON_ArrayForEach(item, json) {
		snprintf(at, sizeof(at), "/tokens/%zu", file->count);
		if (!read_token(item, at, &file->tokens[file->count], problem) || !is_new(file, at, problem))
			return false;
		file->count++;
	}
	return true;
}

static bool read_file(const char *text, size_t size, struct provision *file, struct json_problem *problem)
{
	static const char *const names[] = { "admin", "tokens", NULL };
	cJSON *json = json_parse(text, size, problem);
	bool good = json && json_only(json, names, problem) &&
		    read_admin(cJSON_GetObjectItemCaseSensitive(json, "admin"), file, problem) &&
		    read_tokens(cJSON_GetObjectItemCaseSensitive(json, "tokens"), file, problem);

	cJSON_Delete(json);
	return good;
}

static void provision_wipe(struct provision *file)
{
	if (file->tokens)
		explicit_bzero(file->tokens, file->count * sizeof(*file->tokens));
	free(file->tokens);
	explicit_bzero(file, sizeof(*file));
}

static int apply(struct auth *auth, const char *text, size_t size, struct json_problem *problem)
{
	struct provision file = { 0 };
	int err = -EINVAL;

	if (read_file(text, size, &file, problem)) {
		err = auth_provision(auth, file.username, file.password, file.tokens, file.count);
		if (err && err != -EALREADY)
			refuse(problem, "internal", "", "The database refused it: %s.", strerror(-err));
	}
	provision_wipe(&file);
	return err && err != -EALREADY ? -EINVAL : err;
}

int provision_apply(struct auth *auth, const char *path, struct json_problem *problem)
{
	size_t size;
	char *text;
	int err;

	if (auth_setup_tick(auth) < 0)
		return -EALREADY;
	text = text_file_read(path, FILE_MAX, &size);
	if (!text && errno == ENOENT)
		return -ENOENT;
	if (!text) {
		refuse(problem, "unreadable", "", "The file cannot be read: %s.", strerror(errno));
		return -EINVAL;
	}
	err = apply(auth, text, size, problem);
	explicit_bzero(text, size);
	free(text);
	return err;
}
