/* SPDX-License-Identifier: MIT */
/* The head of a request, and what about it is refused before anybody looks at its meaning. */
#ifndef AGENT_HEAD_H
#define AGENT_HEAD_H

#include "api.h"

struct head_field {
	const char *name, *value;
};

struct head {
	const char *method, *path, *version;
	const struct head_field *fields;
	size_t num_fields;
	bool exact_lines; /* every line ended in CRLF and became a field: none folded, none left over */
};

/* First value of a field, NULL without; names compare without case. */
const char *head_get(const struct head *head, const char *name);

/* False and a problem reply for what RFC 9112 forbids or what only attackers send. */
bool head_check(const struct head *head, struct api_reply *reply);

/* Host names this board answers to: addresses, localhost, its own name, its own name with a domain. */
bool head_host_is_ours(const char *host, const char *own_name);

/* Content-Length; -1 without, or when chunked. head_check() has seen that it is a number. */
int64_t head_length(const struct head *head);
bool head_chunked(const struct head *head);

/* Value of a cookie, or of "Authorization: Bearer"; false when absent or too long. */
bool head_cookie(const struct head *head, const char *name, char *value, size_t size);
bool head_bearer(const struct head *head, char *value, size_t size);

/* Origin is https:// and the very Host the request was sent to. */
bool head_same_origin(const struct head *head);

#endif
