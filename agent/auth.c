// SPDX-License-Identifier: MIT
#include "auth.h"

#include "accounts.h"
#include "auth_secret.h"
#include "backoff.h"
#include "setup_code.h"

#include <db/db.h>

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IDLE_SECONDS (30 * 60)
#define TOUCH_SECONDS 60 /* a session's use is written once a minute: flash wears out */

/* argon2id with 19 MiB and t = 2, OWASP's first choice for it. */
#define HASH_OPS 2
#define HASH_MEMORY ((size_t)19 << 20)

struct auth {
	struct db *db;
	int64_t (*now)(void);
	pthread_mutex_t hash_lock; /* one password hash at a time: parallel log-ins would eat the memory */
	struct backoff backoff;
	pthread_mutex_t lock; /* everything below */
	struct setup_code code;
	auth_publish_fn publish;
	void *publish_context;
};

static int64_t clock_now(void)
{
	return (int64_t)time(NULL);
}

struct auth *auth_new(struct db *db, int64_t (*now)(void))
{
	struct auth *auth = sodium_init() >= 0 ? calloc(1, sizeof(*auth)) : NULL;

	if (!auth)
		return NULL;
	auth->db = db;
	auth->now = now ? now : clock_now;
	pthread_mutex_init(&auth->hash_lock, NULL);
	pthread_mutex_init(&auth->lock, NULL);
	backoff_init(&auth->backoff);
	setup_code_make(&auth->code, auth->now());
	return auth;
}

void auth_free(struct auth *auth)
{
	if (!auth)
		return;
	pthread_mutex_destroy(&auth->hash_lock);
	pthread_mutex_destroy(&auth->lock);
	backoff_destroy(&auth->backoff);
	sodium_memzero(auth, sizeof(*auth));
	free(auth);
}

static bool setup_needed(void *context)
{
	struct auth *auth = context;
	int count = 0;

	/* A store that cannot be read must not open the set-up to everybody. */
	return db_user_count(auth->db, &count) == 0 && count == 0;
}

static void publish_locked(struct auth *auth, const char *code)
{
	if (auth->publish)
		auth->publish(auth->publish_context, code);
}

/* Seconds that the code has left; a new one when the old one has ended. */
static int renew_locked(struct auth *auth)
{
	int left = setup_code_left(&auth->code, auth->now());

	if (left)
		return left;
	setup_code_make(&auth->code, auth->now());
	publish_locked(auth, auth->code.text);
	return SETUP_CODE_SECONDS;
}

void auth_publish(struct auth *auth, auth_publish_fn publish, void *context)
{
	bool needed = setup_needed(auth);

	pthread_mutex_lock(&auth->lock);
	auth->publish = publish;
	auth->publish_context = context;
	/* What nobody could read has not begun to age. */
	if (needed)
		setup_code_make(&auth->code, auth->now());
	publish_locked(auth, needed ? auth->code.text : NULL);
	pthread_mutex_unlock(&auth->lock);
}

int auth_setup_tick(struct auth *auth)
{
	int left;

	if (!setup_needed(auth))
		return -1;
	pthread_mutex_lock(&auth->lock);
	left = renew_locked(auth);
	pthread_mutex_unlock(&auth->lock);
	return left;
}

static int check_wait(struct auth *auth, enum backoff_kind kind, const char *account, const char *address,
		      int *retry_after)
{
	int first = backoff_left(&auth->backoff, kind, account, auth->now());
	int second = backoff_left(&auth->backoff, BACKOFF_ADDRESS, address, auth->now());

	*retry_after = first > second ? first : second;
	return *retry_after ? -EAGAIN : 0;
}

static void note(struct auth *auth, enum backoff_kind kind, const char *account, const char *address, bool failed)
{
	backoff_note(&auth->backoff, kind, account, failed, auth->now());
	backoff_note(&auth->backoff, BACKOFF_ADDRESS, address, failed, auth->now());
}

/* --- passwords ------------------------------------------------------------------------------------ */

int auth_password_hash(struct auth *auth, const char *password, char hash[crypto_pwhash_STRBYTES])
{
	int failed;

	pthread_mutex_lock(&auth->hash_lock);
	failed = crypto_pwhash_str_alg(hash, password, strlen(password), HASH_OPS, HASH_MEMORY,
				       crypto_pwhash_ALG_ARGON2ID13);
	pthread_mutex_unlock(&auth->hash_lock);
	return failed ? -ENOMEM : 0;
}

static bool password_matches(struct auth *auth, const char *hash, const char *password)
{
	char stored[crypto_pwhash_STRBYTES] = ""; /* the library may read all of it */
	bool matches;

	snprintf(stored, sizeof(stored), "%s", hash);
	pthread_mutex_lock(&auth->hash_lock);
	matches = crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
	pthread_mutex_unlock(&auth->hash_lock);
	return matches;
}

/* What is stored cannot be used: a copy of the database opens no door. Secrets have 256 bits, no salt is needed. */
void auth_secret_hash(const char *secret, char text[65])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)secret, strlen(secret));
	sodium_bin2hex(text, crypto_hash_sha256_BYTES * 2 + 1, hash, sizeof(hash));
}

void auth_secret_make(char secret[AUTH_SECRET_LEN])
{
	unsigned char bytes[32];

	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2hex(secret, AUTH_SECRET_LEN, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
}

struct db *auth_db(struct auth *auth)
{
	return auth->db;
}

int64_t auth_now(struct auth *auth)
{
	return auth->now();
}

bool auth_user_acceptable(const char *username)
{
	return api_name_valid(username);
}

bool auth_password_acceptable(const char *password)
{
	return strlen(password) >= AUTH_PASSWORD_MIN;
}

bool auth_token_acceptable(const char *token)
{
	/* Tokens are not stretched like passwords: a short one could be guessed from its hash. */
	return strlen(token) >= AUTH_TOKEN_MIN && strlen(token) < AUTH_SECRET_LEN;
}

static int user_make(struct auth *auth, const char *username, const char *password, struct db_user *user)
{
	_Static_assert(sizeof(user->password) >= crypto_pwhash_STRBYTES, "a hash fits its column");
	if (!auth_user_acceptable(username) || !auth_password_acceptable(password))
		return -EINVAL;
	*user = (struct db_user){ .role = API_ROLE_ADMIN, .created = auth->now() };
	snprintf(user->name, sizeof(user->name), "%s", username);
	return auth_password_hash(auth, password, user->password);
}

static int token_make(struct auth *auth, const struct auth_token *token, struct db_token *row)
{
	if (!api_name_valid(token->name) || !auth_token_acceptable(token->secret))
		return -EINVAL;
	*row = (struct db_token){ .role = token->role, .created = auth->now() };
	snprintf(row->name, sizeof(row->name), "%s", token->name);
	auth_secret_hash(token->secret, row->hash);
	return 0;
}

int auth_provision(struct auth *auth, const char *username, const char *password, const struct auth_token *tokens,
		   size_t count)
{
	struct db_token *rows = calloc(count + 1, sizeof(*rows));
	struct db_user user;
	int err = rows ? user_make(auth, username, password, &user) : -ENOMEM;

	for (size_t i = 0; !err && i < count; i++)
		err = token_make(auth, &tokens[i], &rows[i]);
	if (!err)
		err = db_set_up(auth->db, &user, rows, count);
	free(rows);
	if (err)
		return err;
	pthread_mutex_lock(&auth->lock);
	publish_locked(auth, NULL);
	pthread_mutex_unlock(&auth->lock);
	return 0;
}

/* -EKEYEXPIRED: a new one is shown at the board by now. */
static int code_check(struct auth *auth, const char *code)
{
	int err = 0;

	pthread_mutex_lock(&auth->lock);
	if (!setup_code_left(&auth->code, auth->now()))
		err = -EKEYEXPIRED;
	else if (!setup_code_matches(&auth->code, code))
		err = -EACCES;
	renew_locked(auth);
	pthread_mutex_unlock(&auth->lock);
	return err;
}

static int setup(void *context, const char *code, const char *username, const char *password, const char *remote,
		 int *retry_after)
{
	struct auth *auth = context;
	int err;

	if (!setup_needed(auth))
		return -EALREADY;
	err = check_wait(auth, BACKOFF_SETUP, "", remote, retry_after);
	if (err)
		return err;
	err = code_check(auth, code);
	if (err == -EACCES)
		note(auth, BACKOFF_SETUP, "", remote, true);
	return err ? err : auth_provision(auth, username, password, NULL, 0);
}

/* --- sessions and tokens -------------------------------------------------------------------------- */

static int session_make(struct auth *auth, const char *username, char session[AUTH_SECRET_LEN])
{
	char hash[65];
	int64_t now = auth->now();

	auth_secret_make(session);
	auth_secret_hash(session, hash);
	db_session_delete_unused(auth->db, now - IDLE_SECONDS * 48);
	return db_session_add(auth->db, hash, username, now);
}

static int login(void *context, const char *username, const char *password, const char *remote,
		 char session[AUTH_SECRET_LEN], struct api_identity *who, int *retry_after)
{
	/* Verified for unknown names, so that the time of the answer tells nothing; it matches no password. */
	static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
				     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct auth *auth = context;
	struct db_user user = { 0 };
	int err = check_wait(auth, BACKOFF_ACCOUNT, username, remote, retry_after);
	bool known;

	if (err)
		return err;
	err = db_user_get(auth->db, username, &user);
	if (err && err != -ENOENT)
		return err;
	known = err == 0;
	if (!password_matches(auth, known ? user.password : nobody, password) || !known) {
		note(auth, BACKOFF_ACCOUNT, username, remote, true);
		return -EACCES;
	}
	note(auth, BACKOFF_ACCOUNT, username, remote, false);
	snprintf(who->username, sizeof(who->username), "%s", user.name);
	who->role = (enum api_role)user.role;
	return session_make(auth, user.name, session);
}

static int session_check(void *context, const char *session, struct api_identity *who)
{
	char hash[65];
	struct auth *auth = context;
	struct db_session row;
	int64_t now = auth->now();
	int err;

	auth_secret_hash(session, hash);
	err = db_session_get(auth->db, hash, &row);
	if (err)
		return err;
	if (now - row.used > IDLE_SECONDS)
		return -EKEYEXPIRED;
	if (now - row.used >= TOUCH_SECONDS || now < row.used)
		db_session_touch(auth->db, hash, now);
	snprintf(who->username, sizeof(who->username), "%s", row.user);
	who->role = (enum api_role)row.role;
	return 0;
}

static int token_check(void *context, const char *token, struct api_identity *who)
{
	char hash[65];
	struct auth *auth = context;
	struct db_token row;
	int err;

	auth_secret_hash(token, hash);
	err = db_token_get(auth->db, hash, &row);
	if (err)
		return err == -ENOENT ? -EACCES : err;
	if (row.expires && auth->now() >= row.expires)
		return -EKEYEXPIRED;
	snprintf(who->username, sizeof(who->username), "%s", row.name);
	who->role = (enum api_role)row.role;
	return 0;
}

static int logout(void *context, const char *session)
{
	char hash[65];
	struct auth *auth = context;

	auth_secret_hash(session, hash);
	return db_session_delete(auth->db, hash);
}

const struct auth_ops auth_ops = {
	.setup_needed = setup_needed,
	.setup = setup,
	.login = login,
	.session = session_check,
	.token = token_check,
	.logout = logout,
	.user_each = accounts_user_each,
	.user_add = accounts_user_add,
	.user_change = accounts_user_change,
	.user_delete = accounts_user_delete,
	.token_each = accounts_token_each,
	.token_add = accounts_token_add,
	.token_delete = accounts_token_delete,
};
