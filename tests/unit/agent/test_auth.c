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
#include "backoff.h"

#define ADDRESS "192.0.2.1"

static struct db *db;
static int64_t now;
static int retry_after;
static char shown[16]; /* at the board */
static int shown_count;

static int64_t test_now(void)
{
	return now;
}

static void show(void *context, const char *code)
{
	(void)context;
	snprintf(shown, sizeof(shown), "%s", code ? code : "");
	shown_count++;
}

static int open_auth(void **state)
{
	now = 1764000000;
	if (db_open(&db, ":memory:") != 0)
		return -1;
	*state = auth_new(db, test_now);
	if (!*state)
		return -1;
	shown_count = 0;
	auth_publish(*state, show, NULL);
	return 0;
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
	snprintf(code, sizeof(code), "%s", shown);
	assert_int_equal(strlen(code), 9);
	assert_int_equal(set_up(*state, "", "long enough password"), -EACCES);
	assert_int_equal(set_up(*state, code, "short"), -EINVAL);
	assert_true(auth_ops.setup_needed(*state));
	assert_int_equal(set_up(*state, code, "long enough password"), 0);
	assert_string_equal(shown, ""); /* worth nothing any more */
	assert_int_equal(auth_setup_tick(*state), -1);
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

	assert_int_equal(auth_provision(*state, "admin", "long enough password", NULL, 0), 0);
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

	assert_int_equal(auth_provision(*state, "admin", "long enough password", NULL, 0), 0);
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
	struct auth_token token = { .name = "fleet", .role = API_ROLE_OPERATOR, .secret = "short" };
	struct api_identity who = { 0 };

	assert_int_equal(auth_provision(*state, "admin", "long enough password", &token, 1), -EINVAL);
	assert_true(auth_ops.setup_needed(*state));
	snprintf(token.secret, sizeof(token.secret), "0123456789abcdefghij");
	assert_int_equal(auth_provision(*state, "admin", "long enough password", &token, 1), 0);
	assert_int_equal(auth_ops.token(*state, "0123456789abcdefghij", &who), 0);
	assert_int_equal(who.role, API_ROLE_OPERATOR);
	assert_int_equal(auth_ops.token(*state, "0123456789abcdefghik", &who), -EACCES);
}

static void a_code_ends_after_half_an_hour(void **state)
{
	char old[16];

	snprintf(old, sizeof(old), "%s", shown);
	assert_int_equal(auth_setup_tick(*state), 30 * 60);
	now += 30 * 60 - 1;
	assert_int_equal(auth_setup_tick(*state), 1);
	assert_string_equal(shown, old);
	now += 1;
	assert_int_equal(set_up(*state, old, "long enough password"), -EKEYEXPIRED);
	assert_int_equal(shown_count, 2); /* the next one was shown with that */
	assert_int_equal(set_up(*state, shown, "long enough password"), 0);
	assert_int_equal(shown_count, 3);
}

static void a_code_ends_by_itself_and_with_a_clock_that_goes_back(void **state)
{
	now += 31 * 60;
	assert_int_equal(auth_setup_tick(*state), 30 * 60);
	assert_int_equal(shown_count, 2);
	now -= 60;
	assert_int_equal(auth_setup_tick(*state), 30 * 60);
	assert_int_equal(shown_count, 3);
	assert_int_equal(set_up(*state, shown, "long enough password"), 0);
}

static void ten_wrong_codes_end_the_right_one(void **state)
{
	char old[16];

	snprintf(old, sizeof(old), "%s", shown);
	for (int failures = 0; failures < 10;) {
		int err = set_up(*state, "0000+0000", "long enough password");

		if (err == -EAGAIN)
			now += retry_after;
		else
			failures += err == -EACCES;
	}
	assert_int_equal(shown_count, 2);
	while (set_up(*state, old, "long enough password") == -EAGAIN)
		now += retry_after;
	assert_true(auth_ops.setup_needed(*state));
}

static void long_names_are_watched_apart(void **state)
{
	struct api_identity who = { 0 };
	char session[AUTH_SECRET_LEN], name[2][256];

	memset(name, 'a', sizeof(name));
	name[0][255] = name[1][255] = '\0';
	name[1][254] = 'b';
	for (int i = 0; i < 5; i++)
		assert_int_equal(auth_ops.login(*state, name[0], "x", "192.0.2.7", session, &who, &retry_after),
				 -EACCES);
	assert_int_equal(auth_ops.login(*state, name[0], "x", "192.0.2.8", session, &who, &retry_after), -EAGAIN);
	assert_int_equal(auth_ops.login(*state, name[1], "x", "192.0.2.8", session, &who, &retry_after), -EACCES);
}

static void a_flood_of_names_does_not_free_the_one_that_is_guessed(void **state)
{
	char name[32], address[32];
	struct backoff backoff;

	(void)state;
	backoff_init(&backoff);
	for (int i = 0; i < 12; i++)
		backoff_note(&backoff, BACKOFF_ACCOUNT, "admin", true, now);
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		snprintf(address, sizeof(address), "192.0.2.%d", i);
		assert_int_equal(backoff_left(&backoff, BACKOFF_ACCOUNT, name, now), 0); /* looking leaves no trace */
		backoff_note(&backoff, BACKOFF_ACCOUNT, name, true, now);
		backoff_note(&backoff, BACKOFF_ADDRESS, address, true, now);
	}
	assert_int_equal(backoff_left(&backoff, BACKOFF_ACCOUNT, "admin", now), 256);
	assert_int_equal(backoff_left(&backoff, BACKOFF_ADDRESS, "admin", now), 0); /* another kind */
	assert_int_equal(backoff_left(&backoff, BACKOFF_ACCOUNT, "admin", now - 100000), 300);
	backoff_destroy(&backoff);
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
		AUTH_TEST(a_code_ends_after_half_an_hour),
		AUTH_TEST(a_code_ends_by_itself_and_with_a_clock_that_goes_back),
		AUTH_TEST(ten_wrong_codes_end_the_right_one),
		AUTH_TEST(long_names_are_watched_apart),
		AUTH_TEST(a_flood_of_names_does_not_free_the_one_that_is_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
