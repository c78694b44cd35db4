/* SPDX-License-Identifier: MIT */
/* Repr-Digest (RFC 9530, section 3): the SHA-256 that a client demands of the bytes it sends, and that we tell of those we give. */
#ifndef AGENT_DIGEST_H
#define AGENT_DIGEST_H

#include <stdbool.h>

#define DIGEST_HEX_SIZE 65 /* 64 lower-case digits and a NUL */
#define DIGEST_FIELD_SIZE 55 /* "sha-256=:", 44 characters of base64, ":" and a NUL */

enum digest_demand {
	DIGEST_NONE, /* no field: nothing is demanded */
	DIGEST_SHA256,
	DIGEST_OTHER, /* algorithms that we do not compute, and no sha-256 */
	DIGEST_MALFORMED, /* not a dictionary of byte sequences (RFC 8941, 3.2 and 3.3.5), or sha-256 has not 32 bytes */
};

/* field: the header's value or NULL. hex means something for DIGEST_SHA256 only. */
enum digest_demand digest_parse(const char *field, char hex[DIGEST_HEX_SIZE]);

/* The field's value for these 64 hexadecimal digits; false and an empty text when they are not that. */
bool digest_format(const char *hex, char field[DIGEST_FIELD_SIZE]);

#endif
