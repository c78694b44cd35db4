// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "scan.h"
#include "scan_token.h"

/* What may come next. */
enum state { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END };

struct scanner {
	struct scan *scan;
	struct scan_error *error;
	enum state state;
	uint32_t at, length, last_end; /* last_end: behind the last token */
	uint32_t parent, previous; /* the open list or object; its last element, 0 = none yet */
	uint32_t key, key_end, depth;
	bool open; /* parent counts */
};

static bool fail(struct scanner *scanner, uint32_t start, uint32_t end, const char *text, const char *remedy)
{
	struct scan_error *error = scanner->error;

	*error = (struct scan_error){ .code = "broken-json", .remedy = remedy, .start = start, .end = end };
	snprintf(error->text, sizeof(error->text), "%s", text);
	return false;
}

static struct scan_node *node_add(struct scanner *scanner, uint32_t *index)
{
	struct scan *scan = scanner->scan;
	size_t count = scan->count;
	struct scan_node *grown;

	/* Room for twice as many whenever their number is a power of two. */
	if ((count & (count - 1)) == 0) {
		grown = realloc(scan->nodes, (count ? 2 * count : 1) * sizeof(*grown));
		if (!grown)
			return NULL;
		scan->nodes = grown;
	}
	*index = (uint32_t)scan->count++;
	return &scan->nodes[*index];
}

static bool out_of_bounds(struct scanner *scanner, const char *code, const char *text, const char *remedy)
{
	fail(scanner, scanner->at, scanner->at + 1, text, remedy);
	scanner->error->code = code;
	return false;
}

static bool value_begin(struct scanner *scanner, uint32_t *index)
{
	struct scan_node *node;

	if (scanner->scan->count >= SCAN_VALUES_MAX)
		return out_of_bounds(scanner, "too-many-values", "The text has more than 100000 values.",
				     "A definition has at most some thousands: take out what is not of it.");
	node = node_add(scanner, index);
	if (!node) {
		scanner->error->code = NULL;
		return false;
	}
	*node = (struct scan_node){ .start = scanner->at, .key = scanner->key, .key_end = scanner->key_end };
	if (scanner->open) {
		node->parent = scanner->parent;
		if (scanner->previous)
			scanner->scan->nodes[scanner->previous].next = *index;
		else
			scanner->scan->nodes[scanner->parent].child = *index;
	}
	scanner->previous = *index;
	scanner->key = scanner->key_end = 0;
	return true;
}

static void value_end(struct scanner *scanner, uint32_t index, uint32_t end)
{
	scanner->scan->nodes[index].end = scanner->at = scanner->last_end = end;
	scanner->state = COMMA_OR_END;
}

static bool container_open(struct scanner *scanner, char bracket)
{
	uint32_t index;

	if (scanner->depth >= SCAN_DEPTH_MAX)
		return out_of_bounds(
			scanner, "too-deep", "Lists and objects are nested more than 32 deep.",
			"No field of a definition is nested deeper than 6: take out the surplus brackets.");
	if (!value_begin(scanner, &index))
		return false;
	scanner->depth++;
	scanner->parent = index;
	scanner->previous = 0;
	scanner->open = true;
	scanner->last_end = ++scanner->at;
	scanner->state = bracket == '{' ? KEY_OR_END : VALUE_OR_END;
	return true;
}

static void container_close(struct scanner *scanner)
{
	uint32_t index = scanner->parent;

	value_end(scanner, index, scanner->at + 1);
	scanner->depth--;
	scanner->open = scanner->depth > 0;
	scanner->previous = index;
	scanner->parent = scanner->scan->nodes[index].parent;
}

/* A string or number or word. */
static bool scalar(struct scanner *scanner)
{
	struct scan_token token = { .text = scanner->scan->text, .start = scanner->at, .length = scanner->length };
	uint32_t index;

	if (!scan_token_read(&token))
		return fail(scanner, token.start, token.end, token.problem, token.remedy);
	if (!value_begin(scanner, &index))
		return false;
	value_end(scanner, index, token.end);
	return true;
}

static bool surplus_comma(struct scanner *scanner)
{
	return fail(scanner, scanner->last_end - 1, scanner->last_end, "There is a comma too many.", "Take it out.");
}

static bool value(struct scanner *scanner, char next)
{
	if (next == '{' || next == '[')
		return container_open(scanner, next);
	if (next == ']' && scanner->state == VALUE_OR_END) {
		container_close(scanner);
		return true;
	}
	if (next == ',' || ((next == ']' || next == '}') && scanner->state == VALUE)) {
		if (scanner->last_end && scanner->scan->text[scanner->last_end - 1] == ',')
			return surplus_comma(scanner);
		return fail(scanner, scanner->at, scanner->at + 1, "Here a value is missing.",
			    "Write a number, a text in double quotes, true, false, a list or an object.");
	}
	return scalar(scanner);
}

static bool key(struct scanner *scanner, char next)
{
	struct scan_token token = { .text = scanner->scan->text, .start = scanner->at, .length = scanner->length };

	if (next == '}' && scanner->state == KEY_OR_END) {
		container_close(scanner);
		return true;
	}
	if (next == '}' || next == ',')
		return scanner->state == KEY ? surplus_comma(scanner) :
					       fail(scanner, scanner->at, scanner->at + 1, "Here a field is missing.",
						    "Write \"name\": value, or close the object with }.");
	if (next != '"' && scan_token_is_word(next))
		return fail(scanner, scanner->at, scan_token_word_end(&token),
			    "The name of a field stands in double quotes.", "Put quotes around it.");
	if (!scan_token_read(&token) || next != '"')
		return fail(scanner, token.start, token.end,
			    token.problem ? token.problem : "An object holds fields with names.",
			    token.remedy ? token.remedy : "Write \"name\": value.");
	scanner->key = scanner->at;
	scanner->key_end = scanner->at = scanner->last_end = token.end;
	scanner->state = COLON;
	return true;
}

static bool colon(struct scanner *scanner, char next)
{
	if (next != ':')
		return fail(scanner, scanner->last_end - 1, scanner->last_end,
			    "The colon behind the field's name is missing.", "Write \"name\": value.");
	scanner->last_end = ++scanner->at;
	scanner->state = VALUE;
	return true;
}

static bool wrong_bracket(struct scanner *scanner, char opened)
{
	return fail(scanner, scanner->at, scanner->at + 1,
		    opened == '{' ? "An object that began with { is closed with ]." :
				    "A list that began with [ is closed with }.",
		    opened == '{' ? "Write }, or look for the { that should be [." :
				    "Write ], or look for the [ that should be {.");
}

static bool comma_or_end(struct scanner *scanner, char next)
{
	char opened = scanner->scan->text[scanner->scan->nodes[scanner->parent].start];

	if (!scanner->open)
		return fail(
			scanner, scanner->at, scanner->at + 1, "Something follows the end of the definition.",
			"A file holds one definition: take out what follows, or look for a bracket closed too early.");
	if (next == ',') {
		scanner->last_end = ++scanner->at;
		scanner->state = opened == '{' ? KEY : VALUE;
		return true;
	}
	if (next == ']' || next == '}') {
		if ((opened == '{') != (next == '}'))
			return wrong_bracket(scanner, opened);
		container_close(scanner);
		return true;
	}
	if (next == ':')
		return fail(scanner, scanner->at, scanner->at + 1, "A colon stands where a comma or closing bracket should.",
			    "Fields with names stand in { }, lists in [ ] have none.");
	if (next == '/' || next == '#')
		return scalar(scanner);
	if (isalpha((unsigned char)next) && scanner->scan->text[scanner->last_end - 1] == '"')
		return fail(scanner, scanner->last_end - 1, scanner->last_end, "Behind this quote a text should have ended.",
			    "Look for a quote that is missing before it.");
	return fail(scanner, scanner->last_end - 1, scanner->last_end, "Behind this a comma is missing.",
		    "Write a comma between two values, or close the list or object.");
}

static bool at_end(struct scanner *scanner)
{
	uint32_t start = scanner->open ? scanner->scan->nodes[scanner->parent].start : 0;

	if (scanner->state == COMMA_OR_END && !scanner->open)
		return true;
	if (!scanner->scan->count)
		return fail(scanner, 0, 1, "The text is empty.", "A definition begins with { and ends with }.");
	return fail(scanner, start, start + 1, "The bracket that opens here is never closed: the text ends before.",
		    "Close it, or look whether the end of the file is missing.");
}

static bool step(struct scanner *scanner)
{
	char next = scanner->scan->text[scanner->at];

	switch (scanner->state) {
	case VALUE:
	case VALUE_OR_END:
		return value(scanner, next);
	case KEY:
	case KEY_OR_END:
		return key(scanner, next);
	case COLON:
		return colon(scanner, next);
	case COMMA_OR_END:
		break;
	}
	return comma_or_end(scanner, next);
}

int scan_text(struct scan *scan, const char *text, size_t length, struct scan_error *error)
{
	struct scanner scanner = { .scan = scan, .error = error, .state = VALUE, .length = (uint32_t)length };

	*scan = (struct scan){ .text = text };
	for (;;) {
		scanner.at += (uint32_t)strspn(text + scanner.at, " \t\r\n");
		if (scanner.at >= length)
			return at_end(&scanner) ? 0 : -EINVAL;
		if (!step(&scanner))
			return error->code ? -EINVAL : -ENOMEM;
	}
}

void scan_free(struct scan *scan)
{
	free(scan->nodes);
	*scan = (struct scan){ 0 };
}

/* One segment of a pointer against a key as it is written; escapes of JSON in keys are not undone: no field has any. */
static bool key_is(const struct scan *scan, const struct scan_node *node, const char *segment, size_t length)
{
	const char *at = scan->text + node->key + 1, *end = scan->text + node->key_end - 1;

	for (size_t i = 0; i < length; i++, at++) {
		char wanted = segment[i];

		if (wanted == '~' && i + 1 < length)
			wanted = segment[++i] == '1' ? '/' : '~';
		if (at >= end || *at != wanted)
			return false;
	}
	return at == end;
}

static uint32_t child_find(const struct scan *scan, uint32_t parent, const char *segment, size_t length)
{
	unsigned long index = strtoul(segment, NULL, 10);
	uint32_t node = scan->nodes[parent].child;

	for (; node; node = scan->nodes[node].next) {
		if (scan->nodes[node].key_end ? key_is(scan, &scan->nodes[node], segment, length) : !index--)
			return node;
	}
	return 0;
}

bool scan_find(const struct scan *scan, const char *pointer, uint32_t *node)
{
	uint32_t next;

	*node = 0;
	while (*pointer == '/') {
		size_t length = strcspn(++pointer, "/");

		next = child_find(scan, *node, pointer, length);
		if (!next)
			return false;
		*node = next;
		pointer += length;
	}
	return true;
}
