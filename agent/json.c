// SPDX-License-Identifier: MIT
#include "json.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct scan {
	const unsigned char *at, *end;
	int depth;
};

static void problem_set(struct json_problem *problem, const char *code, const char *pointer, const char *format,
			...)
{
	va_list arguments;

	problem->code = code;
	snprintf(problem->pointer, sizeof(problem->pointer), "%s", pointer);
	va_start(arguments, format);
	vsnprintf(problem->detail, sizeof(problem->detail), format, arguments);
	va_end(arguments);
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Length of the sequence, 0 when bad. */
static size_t utf8_length(const unsigned char *at, const unsigned char *end)
{
	static const struct {
		unsigned char low, high, second_low, second_high, length;
	} rows[] = {
		{ 0x00, 0x7f, 0, 0, 1 },	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length = rows[i].length;

		if (*at < rows[i].low || *at > rows[i].high)
			continue;
		if ((size_t)(end - at) < length)
			return 0;
		if (length > 1 && (at[1] < rows[i].second_low || at[1] > rows[i].second_high))
			return 0;
		for (size_t k = 2; k < length; k++)
			if ((at[k] & 0xc0) != 0x80)
				return 0;
		return length;
	}
	return 0;
}

static bool scan_string(struct scan *scan)
{
	scan->at++;
	while (scan->at < scan->end && *scan->at != '"') {
		size_t length = utf8_length(scan->at, scan->end);

		if (!length || *scan->at < 0x20)
			return false;
		if (*scan->at == '\\') {
			if (scan->end - scan->at >= 6 && memcmp(scan->at, "\\u0000", 6) == 0)
				return false; /* would end the C string early and hide what follows */
			length = 2;
		}
		scan->at += length;
	}
	if (scan->at >= scan->end)
		return false;
	scan->at++;
	return true;
}

static size_t scan_digits(struct scan *scan)
{
	const unsigned char *start = scan->at;

	while (scan->at < scan->end && isdigit(*scan->at))
		scan->at++;
	return (size_t)(scan->at - start);
}

static bool scan_is(const struct scan *scan, const char *set)
{
	return scan->at < scan->end && *scan->at && strchr(set, *scan->at);
}

/* RFC 8259 section 6: no leading zero, digits on both sides of the point. */
static bool scan_number(struct scan *scan)
{
	bool zero;

	if (scan_is(scan, "-"))
		scan->at++;
	zero = scan_is(scan, "0");
	switch (scan_digits(scan)) {
	case 0:
		return false;
	case 1:
		break;
	default:
		if (zero)
			return false;
	}
	if (scan_is(scan, ".")) {
		scan->at++;
		if (!scan_digits(scan))
			return false;
	}
	if (scan_is(scan, "eE")) {
		scan->at++;
		if (scan_is(scan, "+-"))
			scan->at++;
		return scan_digits(scan) > 0;
	}
	return true;
}

/* One token; structure is cJSON's matter, tokens and depth are ours. */
static bool scan_token(struct scan *scan)
{
	if (*scan->at == '"')
		return scan_string(scan);
	if (*scan->at == '-' || isdigit(*scan->at))
		return scan_number(scan);
	if (*scan->at == '{' || *scan->at == '[')
		scan->depth++;
	if (*scan->at == '}' || *scan->at == ']')
		scan->depth--;
	/* cJSON skips a byte order mark and every control character; RFC 8259 knows these alone. */
	if (!*scan->at || !strchr("{}[]:, \t\r\ntruefalsn", *scan->at))
		return false;
	scan->at++;
	return true;
}

static bool scan_document(const char *text, size_t length, struct json_problem *problem)
{
	struct scan scan = { (const unsigned char *)text, (const unsigned char *)text + length, 0 };

	while (scan.at < scan.end) {
		if (!scan_token(&scan)) {
			problem_set(problem, "json-syntax", "", "The JSON text is malformed near byte %zu.",
				    (size_t)(scan.at - (const unsigned char *)text));
			return false;
		}
		if (scan.depth > JSON_MAX_DEPTH) {
			problem_set(problem, "json-too-deep", "", "The JSON text nests deeper than %d levels.",
				    JSON_MAX_DEPTH);
			return false;
		}
	}
	return true;
}

/* cJSON stops at the first value; white space may follow (RFC 8259 section 2), nothing else. */
static bool only_space(const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at) && *at)
		at++;
	return at == end;
}

static bool repeated(const cJSON *member)
{
	for (const cJSON *other = member->next; other; other = other->next)
		if (member->string && other->string && strcmp(member->string, other->string) == 0)
			return true;
	return false;
}

static bool check_tree(const cJSON *node, struct json_problem *problem)
{
	if (cJSON_IsNumber(node) && !isfinite(node->valuedouble)) {
		problem_set(problem, "json-syntax", "", "A number of the JSON text is too large.");
		return false;
	}
	for (const cJSON *child = node->child; child; child = child->next) {
		if (cJSON_IsObject(node) && repeated(child)) {
			char pointer[128];

			snprintf(pointer, sizeof(pointer), "/%.120s", child->string);
			problem_set(problem, "json-duplicate", pointer, "The member \"%.100s\" appears twice.",
				    child->string);
			return false;
		}
		if (!check_tree(child, problem))
			return false;
	}
	return true;
}

cJSON *json_parse(const char *text, size_t length, struct json_problem *problem)
{
	const char *end = NULL;
	cJSON *root;

	memset(problem, 0, sizeof(*problem));
	if (!scan_document(text, length, problem))
		return NULL;
	root = cJSON_ParseWithLengthOpts(text, length, &end, false);
	if (!root || !only_space(end, text + length)) {
		problem_set(problem, "json-syntax", "", "The JSON text is malformed near byte %zu.",
			    end ? (size_t)(end - text) : 0);
		cJSON_Delete(root);
		return NULL;
	}
	if (!check_tree(root, problem)) {
		cJSON_Delete(root);
		return NULL;
	}
	return root;
}

static bool listed(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool json_only(const cJSON *object, const char *const *names, struct json_problem *problem)
{
	if (!cJSON_IsObject(object)) {
		problem_set(problem, "json-type", "", "The body must be a JSON object.");
		return false;
	}
	for (const cJSON *member = object->child; member; member = member->next) {
		char pointer[128];

		if (listed(member->string, names))
			continue;
		snprintf(pointer, sizeof(pointer), "/%.120s", member->string);
		problem_set(problem, "json-unknown-member", pointer, "The member \"%.100s\" is not known here.",
			    member->string);
		return false;
	}
	return true;
}

bool json_get_string(const cJSON *object, const char *name, char *buffer, size_t size,
		     struct json_problem *problem)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	char pointer[128];

	snprintf(pointer, sizeof(pointer), "/%.120s", name);
	if (!member) {
		problem_set(problem, "json-missing", pointer, "The member \"%s\" is missing.", name);
		return false;
	}
	if (!cJSON_IsString(member) || !*member->valuestring || strlen(member->valuestring) >= size) {
		problem_set(problem, "json-type", pointer, "\"%s\" must be a string of 1 to %zu bytes.", name,
			    size - 1);
		return false;
	}
	memcpy(buffer, member->valuestring, strlen(member->valuestring) + 1);
	return true;
}

bool json_get_bool(const cJSON *object, const char *name, bool *value, struct json_problem *problem)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	char pointer[128];

	if (!member)
		return true;
	if (!cJSON_IsBool(member)) {
		snprintf(pointer, sizeof(pointer), "/%.120s", name);
		problem_set(problem, "json-type", pointer, "\"%s\" must be true or false.", name);
		return false;
	}
	*value = cJSON_IsTrue(member);
	return true;
}

void json_add_hex(cJSON *object, const char *name, uint64_t value)
{
	char text[20];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	cJSON_AddStringToObject(object, name, text);
}
