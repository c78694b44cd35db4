/* SPDX-License-Identifier: MIT */
/* Definitions as people read them: a member a line, a list's records a line each. */
#ifndef DEFINITION_TEXT_H
#define DEFINITION_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <cjson/cJSON.h>

/* The caller free()s it. NULL without memory. */
char *text_of(const cJSON *json);
/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool text_is_utf8(const char *text, size_t length);

#endif
