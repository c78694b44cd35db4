// SPDX-License-Identifier: MIT
#include "auth.h"

#include <db/db.h>

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IDLE_SECONDS	 (30 * 60)
#define TOUCH_SECONDS	 60 /* a session's use is written once a minute: flash wears out */
#define PASSWORD_MIN	 10
#define FREE_ATTEMPTS	 4
#define LOCK_MAX_SECONDS 300
#define WATCHED_MAX	 64

/* argon2id with 19 MiB and t = 2, OWASP's first choice for it. */
#define HASH_OPS    2
#define HASH_MEMORY ((size_t)19 << 20)

/* Failures of one account or one address. */
struct watched {
	char subject[80];
	int failures;
	int64_t until; /* no attempt before */
};

struct auth {
	struct db *db;
	int64_t (*now)(void);
	pthread_mutex_t hash_lock; /* one password hash at a time: parallel log-ins would eat the memory */
	pthread_mutex_t lock;	   /* everything below */
	struct watched watched[WATCHED_MAX];
	char code[10];
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
	snprintf(auth->code, sizeof(auth->code), "%04u-%04u", randombytes_uniform(10000), randombytes_uniform(10000));
	return auth;
}

void auth_free(struct auth *auth)
{
	if (!auth)
		return;
	pthread_mutex_destroy(&auth->hash_lock);
	pthread_mutex_destroy(&auth->lock);
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

const char *auth_setup_code(struct auth *auth)
{
	return setup_needed(auth) ? auth->code : NULL;
}

/* --- back-off ------------------------------------------------------------------------------------- */

static struct watched *watched_locked(struct auth *auth, const char *subject)
{
	struct watched *oldest = &auth->watched[0];

	for (size_t i = 0; i < WATCHED_MAX; i++) {
		if (strcmp(auth->watched[i].subject, subject) == 0)
			return &auth->watched[i];
		if (auth->watched[i].until < oldest->until)
			oldest = &auth->watched[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	snprintf(oldest->subject, sizeof(oldest->subject), "%s", subject);
	return oldest;
}

static int wait_left(struct auth *auth, const char *subject)
{
	int64_t now = auth->now(), left;

	pthread_mutex_lock(&auth->lock);
	left = watched_locked(auth, subject)->until - now;
	pthread_mutex_unlock(&auth->lock);
	/* A clock that was set back must not lock anybody out for longer than the longest wait. */
	return left > LOCK_MAX_SECONDS ? LOCK_MAX_SECONDS : left > 0 ? (int)left : 0;
}

static void note(struct auth *auth, const char *subject, bool failed)
{
	int64_t now = auth->now(), wait = 0;
	struct watched *watched;

	pthread_mutex_lock(&auth->lock);
	watched = watched_locked(auth, subject);
	watched->failures = failed ? watched->failures + 1 : 0;
	if (watched->failures > FREE_ATTEMPTS) {
		int doublings = watched->failures - FREE_ATTEMPTS;

		wait = doublings > 8 ? LOCK_MAX_SECONDS : 1 << doublings;
	}
	watched->until = now + wait;
	pthread_mutex_unlock(&auth->lock);
}

static int check_wait(struct auth *auth, const char *account, const char *address, int *retry_after)
{
	int first = wait_left(auth, account), second = wait_left(auth, address);

	*retry_after = first > second ? first : second;
	return *retry_after ? -EAGAIN : 0;
}

/* --- passwords ------------------------------------------------------------------------------------ */

static int password_hash(struct auth *auth, const char *password, char hash[crypto_pwhash_STRBYTES])
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
	char stored[crypto_pwhash_STRBYTES] = "";	/* the library may read all of it */
	bool matches;

	snprintf(stored, sizeof(stored), "%s", hash);
	pthread_mutex_lock(&auth->hash_lock);
	matches = crypto_pwhash_str_verify(stored, password, strlen(password)) == 0;
	pthread_mutex_unlock(&auth->hash_lock);
	return matches;
}

int auth_provision_admin(struct auth *auth, const char *username, const char *password)
{
	struct db_user user = { .role = API_ROLE_ADMIN };
	int err;

	_Static_assert(sizeof(user.password) >= crypto_pwhash_STRBYTES, "a hash fits its column");
	if (!api_name_valid(username) || strlen(password) < PASSWORD_MIN)
		return -EINVAL;
	snprintf(user.name, sizeof(user.name), "%s", username);
	err = password_hash(auth, password, user.password);
	if (!err)
		err = db_user_add_first(auth->db, &user);
	return err == -EEXIST ? -EALREADY : err;
}

static int setup(void *context, const char *code, const char *username, const char *password, const char *remote,
		 int *retry_after)
{
	struct auth *auth = context;
	char given[sizeof(auth->code)] = "";
	int err;

	if (!setup_needed(auth))
		return -EALREADY;
	err = check_wait(auth, "set-up", remote, retry_after);
	if (err)
		return err;
	snprintf(given, sizeof(given), "%s", code);
	if (strlen(code) + 1 != sizeof(auth->code) || sodium_memcmp(given, auth->code, sizeof(given)) != 0) {
		note(auth, "set-up", true);
		return -EACCES;
	}
	return auth_provision_admin(auth, username, password);
}

/* --- sessions and tokens -------------------------------------------------------------------------- */

/* What is stored cannot be used: a copy of the database opens no door. Secrets have 256 bits, no salt is needed. */
static void secret_hash(const char *secret, char text[crypto_hash_sha256_BYTES * 2 + 1])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)secret, strlen(secret));
	sodium_bin2hex(text, crypto_hash_sha256_BYTES * 2 + 1, hash, sizeof(hash));
}

static int session_make(struct auth *auth, const char *username, char session[AUTH_SECRET_LEN])
{
	char hash[crypto_hash_sha256_BYTES * 2 + 1];
	unsigned char secret[32];
	int64_t now = auth->now();

	randombytes_buf(secret, sizeof(secret));
	sodium_bin2hex(session, AUTH_SECRET_LEN, secret, sizeof(secret));
	secret_hash(session, hash);
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
	int err = check_wait(auth, username, remote, retry_after);
	bool known;

	if (err)
		return err;
	err = db_user_get(auth->db, username, &user);
	if (err && err != -ENOENT)
		return err;
	known = err == 0;
	if (!password_matches(auth, known ? user.password : nobody, password) || !known) {
		note(auth, username, true);
		note(auth, remote, true);
		return -EACCES;
	}
	note(auth, username, false);
	note(auth, remote, false);
	snprintf(who->username, sizeof(who->username), "%s", user.name);
	who->role = (enum api_role)user.role;
	return session_make(auth, user.name, session);
}

static int session_check(void *context, const char *session, struct api_identity *who)
{
	char hash[crypto_hash_sha256_BYTES * 2 + 1];
	struct auth *auth = context;
	struct db_session row;
	int64_t now = auth->now();
	int err;

	secret_hash(session, hash);
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
	char hash[crypto_hash_sha256_BYTES * 2 + 1];
	struct auth *auth = context;
	struct db_token row;
	int err;

	secret_hash(token, hash);
	err = db_token_get(auth->db, hash, &row);
	if (err)
		return err == -ENOENT ? -EACCES : err;
	snprintf(who->username, sizeof(who->username), "%s", row.name);
	who->role = (enum api_role)row.role;
	return 0;
}

int auth_provision_token(struct auth *auth, const char *name, enum api_role role, const char *token)
{
	char hash[crypto_hash_sha256_BYTES * 2 + 1];
	struct db_token row = { .role = role };

	/* Tokens are not stretched like passwords: a short one could be guessed from its hash. */
	if (!api_name_valid(name) || strlen(token) < 20 || strlen(token) >= AUTH_SECRET_LEN)
		return -EINVAL;
	snprintf(row.name, sizeof(row.name), "%s", name);
	secret_hash(token, hash);
	return db_token_add(auth->db, hash, &row);
}

static int logout(void *context, const char *session)
{
	char hash[crypto_hash_sha256_BYTES * 2 + 1];
	struct auth *auth = context;

	secret_hash(session, hash);
	return db_session_delete(auth->db, hash);
}

const struct auth_ops auth_ops = {
	.setup_needed = setup_needed,
	.setup = setup,
	.login = login,
	.session = session_check,
	.token = token_check,
	.logout = logout,
};
