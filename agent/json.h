/* SPDX-License-Identifier: MIT */
/*
 * Strict JSON. cJSON alone takes trailing garbage, `01`, 1e999 and repeated keys; this refuses them
 * before a handler sees the document.
 */
#ifndef AGENT_JSON_H
#define AGENT_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_DEPTH 32

struct json_problem {
	const char *code; /* stable, kebab-case; NULL: no problem */
	char detail[256];
	char pointer[128]; /* JSON pointer (RFC 6901) of the member */
};

/* NULL and a filled problem when the text is not exactly one strict document. Free with cJSON_Delete(). */
cJSON *json_parse(const char *text, size_t length, struct json_problem *problem);

/* Every member of the object is in the NULL-terminated list. */
bool json_only(const cJSON *object, const char *const *names, struct json_problem *problem);

/* Copies a string member; false when it is missing, no string, empty or too long for the buffer. */
bool json_get_string(const cJSON *object, const char *name, char *buffer, size_t size,
		     struct json_problem *problem);

/* A boolean member; leaves *value alone when it is absent. False when it is something else. */
bool json_get_bool(const cJSON *object, const char *name, bool *value, struct json_problem *problem);

/* 64-bit values travel as hexadecimal strings: a double would lose bits. */
void json_add_hex(cJSON *object, const char *name, uint64_t value);

#endif
