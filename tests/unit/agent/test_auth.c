// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <db/db.h>

#include "auth.h"

#define ADDRESS "192.0.2.1"

static struct db *db;
static int64_t now;
static int retry_after;

static int64_t test_now(void)
{
	return now;
}

static int open_auth(void **state)
{
	now = 1764000000;
	if (db_open(&db, ":memory:") != 0)
		return -1;
	*state = auth_new(db, test_now);
	return *state ? 0 : -1;
}

static int close_auth(void **state)
{
	auth_free(*state);
	db_close(db);
	return 0;
}

static int log_in(struct auth *auth, const char *password, char *session)
{
	struct api_identity who = { 0 };

	return auth_ops.login(auth, "admin", password, ADDRESS, session, &who, &retry_after);
}

static int set_up(struct auth *auth, const char *code, const char *password)
{
	return auth_ops.setup(auth, code, "admin", password, ADDRESS, &retry_after);
}

static void the_code_opens_the_board_once(void **state)
{
	char session[AUTH_SECRET_LEN], code[16];

	assert_true(auth_ops.setup_needed(*state));
	snprintf(code, sizeof(code), "%s", auth_setup_code(*state));
	assert_int_equal(strlen(code), 9);
	assert_int_equal(set_up(*state, "", "long enough password"), -EACCES);
	assert_int_equal(set_up(*state, code, "short"), -EINVAL);
	assert_true(auth_ops.setup_needed(*state));
	assert_int_equal(set_up(*state, code, "long enough password"), 0);
	assert_null(auth_setup_code(*state));
	assert_int_equal(set_up(*state, code, "another long password"), -EALREADY);
	assert_int_equal(log_in(*state, "long enough password", session), 0);
	assert_int_equal(log_in(*state, "another long password", session), -EACCES);
}

static void codes_cannot_be_tried_out(void **state)
{
	int refused = 0;

	for (int i = 0; i < 20; i++)
		refused += set_up(*state, "0000-0000", "long enough password") == -EAGAIN;
	assert_true(refused >= 14);
	assert_true(retry_after > 0);
}

static void sessions_end_when_idle_and_at_log_out(void **state)
{
	struct api_identity who = { 0 };
	char session[AUTH_SECRET_LEN];

	assert_int_equal(auth_provision_admin(*state, "admin", "long enough password"), 0);
	assert_int_equal(log_in(*state, "long enough password", session), 0);
	now += 29 * 60;
	assert_int_equal(auth_ops.session(*state, session, &who), 0);
	assert_string_equal(who.username, "admin");
	assert_int_equal(who.role, API_ROLE_ADMIN);
	now += 29 * 60;
	assert_int_equal(auth_ops.session(*state, session, &who), 0);
	now += 31 * 60;
	assert_int_equal(auth_ops.session(*state, session, &who), -EKEYEXPIRED);
	assert_int_equal(log_in(*state, "long enough password", session), 0);
	assert_int_equal(auth_ops.logout(*state, session), 0);
	assert_int_equal(auth_ops.session(*state, session, &who), -ENOENT);
}

static void passwords_cannot_be_tried_out(void **state)
{
	char session[AUTH_SECRET_LEN];
	int tried = 0;

	assert_int_equal(auth_provision_admin(*state, "admin", "long enough password"), 0);
	while (tried < 20 && log_in(*state, "wrong", session) == -EACCES)
		tried++;
	assert_int_equal(tried, 5);
	assert_int_equal(log_in(*state, "long enough password", session), -EAGAIN);
	now += retry_after;
	assert_int_equal(log_in(*state, "long enough password", session), 0);
}

static void an_unknown_name_is_as_wrong_as_a_password(void **state)
{
	struct api_identity who = { 0 };
	char session[AUTH_SECRET_LEN];

	assert_int_equal(auth_ops.login(*state, "nobody", "", ADDRESS, session, &who, &retry_after), -EACCES);
	assert_int_equal(auth_ops.login(*state, "nobody", "x", ADDRESS, session, &who, &retry_after), -EACCES);
	assert_int_equal(who.role, API_ROLE_NONE);
}

static void tokens_have_their_own_role(void **state)
{
	struct api_identity who = { 0 };

	assert_int_equal(auth_provision_token(*state, "fleet", API_ROLE_OPERATOR, "short"), -EINVAL);
	assert_int_equal(auth_provision_token(*state, "fleet", API_ROLE_OPERATOR, "0123456789abcdefghij"), 0);
	assert_int_equal(auth_ops.token(*state, "0123456789abcdefghij", &who), 0);
	assert_int_equal(who.role, API_ROLE_OPERATOR);
	assert_int_equal(auth_ops.token(*state, "0123456789abcdefghik", &who), -EACCES);
}

#define AUTH_TEST(test) cmocka_unit_test_setup_teardown(test, open_auth, close_auth)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AUTH_TEST(the_code_opens_the_board_once),
		AUTH_TEST(codes_cannot_be_tried_out),
		AUTH_TEST(sessions_end_when_idle_and_at_log_out),
		AUTH_TEST(passwords_cannot_be_tried_out),
		AUTH_TEST(an_unknown_name_is_as_wrong_as_a_password),
		AUTH_TEST(tokens_have_their_own_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
