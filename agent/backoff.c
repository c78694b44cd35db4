// SPDX-License-Identifier: MIT
#include "backoff.h"

#include <sodium.h>
#include <string.h>

#define FREE_ATTEMPTS 4
#define WAIT_MAX 300 /* seconds */

_Static_assert(sizeof(((struct backoff_watched *)0)->subject) == crypto_hash_sha256_BYTES, "a subject is a SHA-256");

void backoff_init(struct backoff *backoff)
{
	memset(backoff, 0, sizeof(*backoff));
	pthread_mutex_init(&backoff->lock, NULL);
}

void backoff_destroy(struct backoff *backoff)
{
	pthread_mutex_destroy(&backoff->lock);
}

static void hash(enum backoff_kind kind, const char *subject, unsigned char text[crypto_hash_sha256_BYTES])
{
	const unsigned char prefix = (unsigned char)kind;
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, &prefix, 1); /* an account may be called like an address */
	crypto_hash_sha256_update(&state, (const unsigned char *)subject, strlen(subject));
	crypto_hash_sha256_final(&state, text);
}

static struct backoff_watched *find_locked(struct backoff *backoff, enum backoff_kind kind, const char *subject)
{
	unsigned char wanted[crypto_hash_sha256_BYTES];

	hash(kind, subject, wanted);
	for (size_t i = 0; i < BACKOFF_WATCHED; i++)
		if (backoff->watched[i].failures && memcmp(backoff->watched[i].subject, wanted, sizeof(wanted)) == 0)
			return &backoff->watched[i];
	return NULL;
}

/* Who waits longest is forgotten last: a flood of other names must not wash away the one that is being guessed. */
static struct backoff_watched *make_locked(struct backoff *backoff, enum backoff_kind kind, const char *subject)
{
	struct backoff_watched *slot = &backoff->watched[0];

	for (size_t i = 0; i < BACKOFF_WATCHED; i++) {
		struct backoff_watched *other = &backoff->watched[i];

		if (!other->failures || (slot->failures && other->until < slot->until))
			slot = other;
		if (!slot->failures)
			break;
	}
	*slot = (struct backoff_watched){ 0 };
	hash(kind, subject, slot->subject);
	return slot;
}

int backoff_left(struct backoff *backoff, enum backoff_kind kind, const char *subject, int64_t now)
{
	struct backoff_watched *watched;
	int64_t left;

	pthread_mutex_lock(&backoff->lock);
	watched = find_locked(backoff, kind, subject);
	left = watched ? watched->until - now : 0;
	pthread_mutex_unlock(&backoff->lock);
	/* A clock that was set back must not lock anybody out for longer than the longest wait. */
	return left > WAIT_MAX ? WAIT_MAX : left > 0 ? (int)left : 0;
}

static int wait_after(int failures)
{
	int doublings = failures - FREE_ATTEMPTS;

	if (doublings <= 0)
		return 0;
	return doublings > 8 ? WAIT_MAX : 1 << doublings;
}

void backoff_note(struct backoff *backoff, enum backoff_kind kind, const char *subject, bool failed, int64_t now)
{
	struct backoff_watched *watched;

	pthread_mutex_lock(&backoff->lock);
	watched = find_locked(backoff, kind, subject);
	if (!watched && failed)
		watched = make_locked(backoff, kind, subject);
	if (watched) {
		watched->failures = failed ? watched->failures + 1 : 0;
		watched->until = now + wait_after(watched->failures);
	}
	pthread_mutex_unlock(&backoff->lock);
}
