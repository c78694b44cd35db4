/* SPDX-License-Identifier: MIT */
/*
 * Waiting times for those who guess: five attempts are free, then each failure doubles the wait, up to five minutes. Accounts and
 * addresses are watched apart. Subjects are kept as hashes: whatever a client sends as a name has 32 bytes here.
 */
#ifndef AGENT_BACKOFF_H
#define AGENT_BACKOFF_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define BACKOFF_WATCHED 64

struct backoff {
	pthread_mutex_t lock; /* the rest */
	struct backoff_watched {
		unsigned char subject[32];
		int failures; /* 0: free */
		int64_t until; /* no attempt before, in seconds since 1970 */
	} watched[BACKOFF_WATCHED];
};

enum backoff_kind { BACKOFF_ACCOUNT, BACKOFF_ADDRESS, BACKOFF_SETUP };

void backoff_init(struct backoff *backoff);
void backoff_destroy(struct backoff *backoff);

/* Seconds until the next attempt may be made; 0 = now. */
int backoff_left(struct backoff *backoff, enum backoff_kind kind, const char *subject, int64_t now);
void backoff_note(struct backoff *backoff, enum backoff_kind kind, const char *subject, bool failed, int64_t now);

#endif
