// SPDX-License-Identifier: MIT
#include "digest.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define BLANKS " \t"
#define KEY_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-.*"
#define BASE64_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
#define SHA256_SIZE 32
#define SHA256_BASE64 44 /* 43 characters and one "=" */

struct member {
	const char *key, *base64;
	size_t key_length, base64_length;
};

/* key=:base64: at *text, which is then behind it. */
static bool take_member(const char **text, struct member *member)
{
	member->key = *text;
	member->key_length = strspn(member->key, KEY_CHARACTERS);
	*text += member->key_length;
	if (!member->key_length || strncmp(*text, "=:", 2) != 0)
		return false;
	*text += 2;
	member->base64 = *text;
	member->base64_length = strspn(*text, BASE64_CHARACTERS);
	member->base64_length += strspn(*text + member->base64_length, "=");
	*text += member->base64_length;
	if (**text != ':')
		return false;
	++*text;
	return true;
}

static bool decode(const struct member *member, char hex[DIGEST_HEX_SIZE])
{
	unsigned char bytes[SHA256_SIZE + 1]; /* EVP_DecodeBlock() counts the padding as a byte */

	if (member->base64_length != SHA256_BASE64 || strcspn(member->base64, "=") != SHA256_BASE64 - 1)
		return false;
	if (EVP_DecodeBlock(bytes, (const unsigned char *)member->base64, SHA256_BASE64) != SHA256_SIZE + 1)
		return false;
	for (int i = 0; i < SHA256_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return true;
}

static bool is_sha256(const struct member *member)
{
	return member->key_length == 7 && memcmp(member->key, "sha-256", 7) == 0;
}

enum digest_demand digest_parse(const char *field, char hex[DIGEST_HEX_SIZE])
{
	enum digest_demand demand = DIGEST_OTHER;
	struct member member;

	if (!field)
		return DIGEST_NONE;
	do {
		field += strspn(field, BLANKS);
		if (!take_member(&field, &member))
			return DIGEST_MALFORMED;
		if (is_sha256(&member)) {
			if (demand == DIGEST_SHA256 || !decode(&member, hex))
				return DIGEST_MALFORMED; /* two of them: which one is meant? */
			demand = DIGEST_SHA256;
		}
		field += strspn(field, BLANKS);
	} while (*field++ == ',');
	return field[-1] ? DIGEST_MALFORMED : demand;
}

bool digest_format(const char *hex, char field[DIGEST_FIELD_SIZE])
{
	unsigned char bytes[SHA256_SIZE], base64[SHA256_BASE64 + 1];

	field[0] = '\0';
	for (int i = 0; i < SHA256_SIZE; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			return false;
	EVP_EncodeBlock(base64, bytes, SHA256_SIZE);
	snprintf(field, DIGEST_FIELD_SIZE, "sha-256=:%s:", base64);
	return true;
}
