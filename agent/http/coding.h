/* SPDX-License-Identifier: MIT */
/* Content codings (RFC 9110, 8.4 and 12.5.3): which one a client takes, and undoing gzip for those that do not take it. */
#ifndef AGENT_CODING_H
#define AGENT_CODING_H

#include <stdbool.h>
#include <stddef.h>

/* True when gzip is welcome, and not less than the plain text. `accept` is the field's value, NULL without one. */
bool coding_wants_gzip(const char *accept);

/*
 * The content of one gzip member, for the caller to free(). NULL without memory, or when the member is damaged or not of the size
 * that it ends with (RFC 1952, 2.3.1: ISIZE).
 */
void *coding_gunzip(const void *member, size_t member_size, size_t *size);

#endif
