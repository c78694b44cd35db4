// SPDX-License-Identifier: MIT
/* Users and tokens: the handlers over the real store and the real secrets. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

#include "agent_fixture.h"
#include "auth.h"

#define ANN "{\"username\":\"ann\",\"password\":\"correct horse\",\"role\":\"operator\"}"

static struct db *db;
static struct auth *auth;
static int64_t now;

static int64_t test_now(void)
{
	return now;
}

static int accounts_open(void **state)
{
	struct fixture *fixture;

	now = 1764000000;
	fixture_open(state);
	fixture = *state;
	if (db_open(&db, ":memory:") != 0)
		return -1;
	auth = auth_new(db, test_now);
	fixture->agent.auth_ops = &auth_ops;
	fixture->agent.auth = auth;
	return auth_provision(auth, "admin", "a long password", NULL, 0);
}

static int accounts_close(void **state)
{
	fixture_close(state);
	auth_free(auth);
	db_close(db);
	return 0;
}

static int log_in(const char *name, const char *password, char session[AUTH_SECRET_LEN], enum api_role *role)
{
	struct api_identity who = { 0 };
	int retry_after = 0, err = auth_ops.login(auth, name, password, "192.0.2.1", session, &who, &retry_after);

	*role = who.role;
	return err;
}

static void a_user_comes_works_and_goes(void **state)
{
	struct fixture *fixture = *state;
	struct api_identity who = { 0 };
	char session[AUTH_SECRET_LEN];
	enum api_role role;

	assert_int_equal(call_body(fixture, api_user_create, "", ANN), 201);
	assert_non_null(strstr(fixture->reply.headers, "Location: /api/v1/users/ann\r\n"));
	says(fixture, "{\"username\":\"ann\",\"role\":\"operator\",\"created\":");
	assert_null(strstr(fixture->reply.body, "horse"));
	assert_int_equal(call_body(fixture, api_user_create, "", ANN), 409);
	says(fixture, "name-taken");
	assert_int_equal(call_body(fixture, api_users_list, "", NULL), 200);
	says(fixture, "\"username\":\"admin\",\"role\":\"admin\",\"created\":1764000000");
	says(fixture, "\"username\":\"ann\"");
	assert_null(strstr(fixture->reply.body, "argon2"));
	assert_int_equal(log_in("ann", "correct horse", session, &role), 0);
	assert_int_equal(role, API_ROLE_OPERATOR);
	assert_int_equal(call_body(fixture, api_user_delete, "ann", NULL), 204);
	assert_int_equal(auth_ops.session(auth, session, &who), -ENOENT);
	assert_int_equal(log_in("ann", "correct horse", session, &role), -EACCES);
	assert_int_equal(call_body(fixture, api_user_delete, "ann", NULL), 404);
	says(fixture, "account-not-found");
}

static void a_change_ends_the_sessions_of_before(void **state)
{
	struct fixture *fixture = *state;
	struct api_identity who = { 0 };
	char session[AUTH_SECRET_LEN];
	enum api_role role;

	assert_int_equal(call_body(fixture, api_user_create, "", ANN), 201);
	assert_int_equal(log_in("ann", "correct horse", session, &role), 0);
	assert_int_equal(call_body(fixture, api_user_patch, "ann", "{}"), 200);
	assert_int_equal(auth_ops.session(auth, session, &who), 0);
	assert_int_equal(call_body(fixture, api_user_patch, "ann", "{\"role\":\"viewer\"}"), 200);
	says(fixture, "\"role\":\"viewer\"");
	assert_int_equal(auth_ops.session(auth, session, &who), -ENOENT);
	assert_int_equal(log_in("ann", "correct horse", session, &role), 0);
	assert_int_equal(role, API_ROLE_VIEWER);
	assert_int_equal(call_body(fixture, api_user_patch, "ann", "{\"password\":\"battery staple\"}"), 200);
	assert_int_equal(auth_ops.session(auth, session, &who), -ENOENT);
	assert_int_equal(log_in("ann", "correct horse", session, &role), -EACCES);
	assert_int_equal(log_in("ann", "battery staple", session, &role), 0);
	assert_int_equal(role, API_ROLE_VIEWER);
}

static void a_board_keeps_an_administrator(void **state)
{
	struct fixture *fixture = *state;
	char session[AUTH_SECRET_LEN];
	enum api_role role;

	assert_int_equal(call_body(fixture, api_user_delete, "admin", NULL), 409);
	says(fixture, "last-admin");
	assert_int_equal(call_body(fixture, api_user_patch, "admin", "{\"role\":\"viewer\"}"), 409);
	says(fixture, "last-admin");
	assert_int_equal(log_in("admin", "a long password", session, &role), 0);
	assert_int_equal(role, API_ROLE_ADMIN);
	assert_int_equal(call_body(fixture, api_user_create, "", ANN), 201);
	assert_int_equal(call_body(fixture, api_user_delete, "admin", NULL), 409);
	assert_int_equal(call_body(fixture, api_user_patch, "ann", "{\"role\":\"admin\"}"), 200);
	assert_int_equal(call_body(fixture, api_user_delete, "admin", NULL), 204);
}

static void what_is_no_user_is_refused(void **state)
{
	static const struct {
		const char *body, *code;
		int status;
	} rows[] = {
		{ "{\"username\":\"b\",\"password\":\"short\",\"role\":\"admin\"}", "weak-password", 422 },
		{ "{\"username\":\"../b\",\"password\":\"long enough\",\"role\":\"admin\"}", "bad-name", 422 },
		{ "{\"username\":\"b\",\"password\":\"long enough\",\"role\":\"root\"}", "bad-role", 422 },
		{ "{\"username\":\"b\",\"password\":\"long enough\"}", "json-missing", 400 },
		{ "{\"username\":\"b\",\"password\":1,\"role\":\"admin\"}", "json-type", 400 },
		{ "{\"username\":\"b\",\"password\":\"long enough\",\"role\":\"admin\",\"uid\":0}",
		  "json-unknown-member", 400 },
	};
	struct fixture *fixture = *state;
	int count = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(call_body(fixture, api_user_create, "", rows[i].body), rows[i].status);
		says(fixture, rows[i].code);
	}
	assert_int_equal(db_user_count(db, &count), 0);
	assert_int_equal(count, 1);
}

static void secret_in(struct fixture *fixture, char secret[AUTH_SECRET_LEN])
{
	cJSON *json = cJSON_Parse(fixture->reply.body);

	snprintf(secret, AUTH_SECRET_LEN, "%s", cJSON_GetObjectItem(json, "token")->valuestring);
	cJSON_Delete(json);
}

static void a_token_is_shown_once_and_stored_hashed(void **state)
{
	struct fixture *fixture = *state;
	struct api_identity who = { 0 };
	struct db_token row;
	char secret[AUTH_SECRET_LEN];

	assert_int_equal(call_body(fixture, api_token_create, "", "{\"name\":\"fleet\",\"role\":\"operator\"}"), 201);
	says(fixture, "\"expires\":null");
	secret_in(fixture, secret);
	assert_int_equal(strlen(secret), 64);
	assert_int_equal(auth_ops.token(auth, secret, &who), 0);
	assert_string_equal(who.username, "fleet");
	assert_int_equal(who.role, API_ROLE_OPERATOR);
	assert_int_equal(db_token_get(db, secret, &row), -ENOENT);
	assert_int_equal(call_body(fixture, api_tokens_list, "", NULL), 200);
	says(fixture,
	     "{\"items\":[{\"name\":\"fleet\",\"role\":\"operator\",\"created\":1764000000,\"expires\":null}],\"next\":null}");
	assert_int_equal(call_body(fixture, api_token_create, "", "{\"name\":\"fleet\",\"role\":\"viewer\"}"), 409);
	assert_int_equal(call_body(fixture, api_token_delete, "fleet", NULL), 204);
	assert_int_equal(auth_ops.token(auth, secret, &who), -EACCES);
	assert_int_equal(call_body(fixture, api_token_delete, "fleet", NULL), 404);
	for (size_t i = 0; i < fixture->world.num_events; i++)
		assert_null(strstr(fixture->world.events[i].detail, secret));
}

static void a_token_ends_on_its_day(void **state)
{
	static const char *const bad[] = { "0", "-1", "1.5", "3651", "\"7\"", "null" };
	struct fixture *fixture = *state;
	struct api_identity who = { 0 };
	char secret[AUTH_SECRET_LEN], body[96];

	assert_int_equal(call_body(fixture, api_token_create, "",
				   "{\"name\":\"t\",\"role\":\"viewer\",\"expires_in_days\":7}"),
			 201);
	says(fixture, "\"expires\":1764604800");
	secret_in(fixture, secret);
	now += 7 * 24 * 60 * 60 - 1;
	assert_int_equal(auth_ops.token(auth, secret, &who), 0);
	now++;
	assert_int_equal(auth_ops.token(auth, secret, &who), -EKEYEXPIRED);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(body, sizeof(body), "{\"name\":\"u\",\"role\":\"viewer\",\"expires_in_days\":%s}", bad[i]);
		assert_int_equal(call_body(fixture, api_token_create, "", body), 422);
		says(fixture, "bad-expiry");
	}
}

#define ACCOUNTS_TEST(test) cmocka_unit_test_setup_teardown(test, accounts_open, accounts_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ACCOUNTS_TEST(a_user_comes_works_and_goes),
		ACCOUNTS_TEST(a_change_ends_the_sessions_of_before),
		ACCOUNTS_TEST(a_board_keeps_an_administrator),
		ACCOUNTS_TEST(what_is_no_user_is_refused),
		ACCOUNTS_TEST(a_token_is_shown_once_and_stored_hashed),
		ACCOUNTS_TEST(a_token_ends_on_its_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
