// SPDX-License-Identifier: MIT
#include "idempotency.h"

#include <sodium.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_MAX 255

/* Sessions and the set-up have nobody yet whose key it could be. */
static bool has_key(struct agent *agent, const struct api_request *request)
{
	return request->idempotency_key && strcmp(request->method, "POST") == 0 && request->who.username[0] &&
	       agent->store_ops->replay_begin;
}

static bool key_valid(const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < length; i++)
		if (key[i] < 0x21 || key[i] > 0x7e)
			return false;
	return length >= 1 && length <= KEY_MAX;
}

static const unsigned char *bytes(const char *text)
{
	return (const unsigned char *)text;
}

/*
 * A body may have a password in it, of which the store must keep nothing that could be tried out: the digest is keyed with the key,
 * and of the key itself there is a hash only.
 */
static void fill(struct store_replay *replay, const struct api_request *request)
{
	const char *key = request->idempotency_key, *query = request->query ? request->query : "";
	crypto_auth_hmacsha256_state state;
	unsigned char hash[crypto_hash_sha256_BYTES];

	snprintf(replay->actor, sizeof(replay->actor), "%s", request->who.username);
	crypto_hash_sha256(hash, bytes(key), strlen(key));
	sodium_bin2hex(replay->key, sizeof(replay->key), hash, sizeof(hash));
	crypto_auth_hmacsha256_init(&state, bytes(key), strlen(key));
	crypto_auth_hmacsha256_update(&state, bytes(request->path), strlen(request->path) + 1);
	crypto_auth_hmacsha256_update(&state, bytes(query), strlen(query) + 1);
	crypto_auth_hmacsha256_update(&state, bytes(request->body ? request->body : ""), request->body_size);
	crypto_auth_hmacsha256_final(&state, hash);
	sodium_bin2hex(replay->digest, sizeof(replay->digest), hash, sizeof(hash));
}

/* Content types are constants of the handlers: the text of the store does not outlive the reply. */
static const char *type_of(const char *text)
{
	static const char *const types[] = { "application/json", "application/problem+json",
					     "text/plain; charset=utf-8", "application/octet-stream" };

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i], text) == 0)
			return types[i];
	return NULL;
}

/* Takes the body. */
static void answer_again(struct store_replay *found, struct api_reply *reply)
{
	reply->status = found->status;
	reply->type = type_of(found->type);
	reply->body = found->body;
	reply->size = found->size;
	memcpy(reply->headers, found->headers, sizeof(reply->headers));
	api_reply_header(reply, "Idempotency-Replayed: true");
	found->body = NULL;
}

static void answer_known(const struct api_request *request, const struct store_replay *wanted,
			 struct store_replay *found, struct api_reply *reply)
{
	if (strcmp(wanted->digest, found->digest) != 0)
		api_problem(reply, 422, "idempotency-key-reused", "Use a new key for each request.",
			    "The key \"%.64s\" was used for another request.", request->idempotency_key);
	else if (!found->status)
		api_problem(reply, 409, "request-unfinished",
			    "Try again in a moment. If it stays so, GET what was to be changed, and use another key.",
			    "A request with the key \"%.64s\" was begun, and how it was answered is not known.",
			    request->idempotency_key);
	else
		answer_again(found, reply);
}

bool idempotency_begin(struct agent *agent, const struct api_request *request, struct api_reply *reply)
{
	struct store_replay wanted = { 0 }, found = { 0 };
	int err;

	if (!has_key(agent, request))
		return true;
	if (!key_valid(request->idempotency_key)) {
		api_problem(reply, 400, "bad-idempotency-key", "Use a UUID.",
			    "An Idempotency-Key has 1 to %d visible characters of ASCII.", KEY_MAX);
		return false;
	}
	fill(&wanted, request);
	err = agent->store_ops->replay_begin(agent->store, &wanted, &found);
	if (err == -EEXIST)
		answer_known(request, &wanted, &found, reply);
	else if (err)
		api_problem(reply, err == -ENOSPC ? 507 : 500, err == -ENOSPC ? "disk-full" : "internal",
			    "Delete images that no cell uses, or look at the board's log.",
			    "The Idempotency-Key could not be stored: %s.", strerror(-err));
	free(found.body);
	return !err;
}

void idempotency_end(struct agent *agent, const struct api_request *request, const struct api_reply *reply)
{
	const void *body = reply->body ? reply->body : reply->constant;
	struct store_replay replay = { .status = reply->status, .size = body ? reply->size : 0 };
	int err;

	if (!has_key(agent, request))
		return;
	fill(&replay, request);
	replay.body = (char *)(uintptr_t)body;
	snprintf(replay.type, sizeof(replay.type), "%s", reply->type ? reply->type : "");
	snprintf(replay.headers, sizeof(replay.headers), "%s", reply->headers);
	/* What failed may be tried again with the same key; a secret stays unanswered. */
	if (reply->status >= 500)
		err = agent->store_ops->replay_forget(agent->store, &replay);
	else
		err = reply->secret ? 0 : agent->store_ops->replay_end(agent->store, &replay);
	if (err)
		agent_log("error", "the answer to an Idempotency-Key was not stored: %s", strerror(-err));
}
