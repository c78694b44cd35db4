/* SPDX-License-Identifier: MIT */
/* What auth.c and accounts.c share: how secrets are made, and what of them is stored. */
#ifndef AGENT_AUTH_SECRET_H
#define AGENT_AUTH_SECRET_H

#include "auth.h"

struct db *auth_db(struct auth *auth);
int64_t auth_now(struct auth *auth);

/* argon2id, encoded (libsodium's crypto_pwhash_STRBYTES); one at a time. -ENOMEM. */
int auth_password_hash(struct auth *auth, const char *password, char hash[128]);

/* 256 random bits in hexadecimal, and the SHA-256 that is stored of such a text. */
void auth_secret_make(char secret[AUTH_SECRET_LEN]);
void auth_secret_hash(const char *secret, char text[65]);

#endif
