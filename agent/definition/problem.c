// SPDX-License-Identifier: MIT
/* The list of what is wrong with a definition, in the order of its text. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "record.h"
#include "scan.h"
#include "together.h"

#define PROBLEMS_MAX 1000 /* more nobody reads, and each takes half a kilobyte */

/* Words of the definition stand in the sentence: nothing in them may move a terminal's cursor, or be cut in a character's middle. */
static void tidy(char *text, size_t size)
{
	size_t length = strlen(text), start = length;

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
			text[i] = '?';
	if (length + 1 < size || !length)
		return;
	while (start && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start && (unsigned char)text[start - 1] >= 0xc0)
		text[start - 1] = '\0';
}

static struct definition_problem *problem_add(struct compiler *compiler)
{
	struct definition_problems *list = compiler->problems;
	struct definition_problem *items;

	if (list->count >= PROBLEMS_MAX)
		return NULL;
	if ((list->count & (list->count - 1)) == 0) {
		items = realloc(list->items, (list->count ? 2 * list->count : 1) * sizeof(*items));
		if (!items) {
			compiler->no_memory = true;
			return NULL;
		}
		list->items = items;
	}
	return memset(&list->items[list->count++], 0, sizeof(*list->items));
}

__attribute__((format(printf, 6, 0))) static void add(struct compiler *compiler, const char *pointer, const char *code,
						      const char *remedy, bool warning, const char *format,
						      va_list arguments)
{
	struct definition_problem *problem = problem_add(compiler);

	/* One that has no place in the list still refuses. */
	compiler->problems->errors += !warning;
	if (!problem)
		return;
	problem->warning = warning;
	snprintf(problem->code, sizeof(problem->code), "%s", code);
	snprintf(problem->pointer, sizeof(problem->pointer), "%s", pointer);
	snprintf(problem->remedy, sizeof(problem->remedy), "%s", remedy);
	vsnprintf(problem->text, sizeof(problem->text), format, arguments);
	tidy(problem->text, sizeof(problem->text));
	tidy(problem->remedy, sizeof(problem->remedy));
	tidy(problem->pointer, sizeof(problem->pointer));
}

void compiler_refuse(struct compiler *compiler, const char *pointer, const char *code, const char *remedy,
		     const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(compiler, pointer, code, remedy, false, format, arguments);
	va_end(arguments);
}

void compiler_warn(struct compiler *compiler, const char *pointer, const char *code, const char *remedy,
		   const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(compiler, pointer, code, remedy, true, format, arguments);
	va_end(arguments);
}

void pointer_append(char pointer[128], const char *base, const char *key)
{
	size_t used = (size_t)snprintf(pointer, 128, "%s/", base);

	for (; *key && used < 125; key++) {
		if (*key == '~' || *key == '/')
			pointer[used++] = '~';
		pointer[used++] = *key == '~' ? '0' : *key == '/' ? '1' : *key;
	}
	pointer[used < 128 ? used : 127] = '\0';
}

/* Bytes of [start, end) that stand on its first line; at least one. */
static unsigned length_on_line(const char *text, uint32_t start, uint32_t end)
{
	size_t length = strcspn(text + start, "\r\n");

	/* A list or an object is meant as a whole: its bracket says so. */
	if (text[start] == '{' || text[start] == '[')
		length = 1;
	length = length < end - start ? length : end - start;
	return length ? (unsigned)length : 1;
}

/* Where the problem is: a key that should not be there, a value, or the nearest parent of what is missing. */
static uint32_t place(const struct scan *scan, struct definition_problem *problem)
{
	const struct scan_node *node;
	uint32_t index, start, end;
	bool found;

	problem->length = 1;
	if (!scan->count)
		return 0;
	found = scan_find(scan, problem->pointer, &index);
	node = &scan->nodes[index];
	start = node->start;
	end = found ? node->end : start + 1;
	if (node->key_end && found && strcmp(problem->code, "unknown-field") == 0) {
		start = node->key;
		end = node->key_end;
	}
	problem->length = length_on_line(scan->text, start, end);
	return start;
}

bool definition_locate(struct definition_words words, const char *pointer, bool name, unsigned *line, unsigned *column,
		       unsigned *length)
{
	struct definition_problem problem = { .code = "" };
	struct scan_error error = { 0 };
	struct scan scan;
	bool good = scan_text(&scan, words.text, words.length, &error) == 0;
	const char *at = words.text, *next;
	uint32_t offset;

	snprintf(problem.pointer, sizeof(problem.pointer), "%s", pointer);
	snprintf(problem.code, sizeof(problem.code), "%s", name ? "unknown-field" : "");
	offset = good ? place(&scan, &problem) : error.start;
	for (*line = 1; (next = memchr(at, '\n', (size_t)(words.text + offset - at))); at = next + 1)
		++*line;
	*column = (unsigned)(words.text + offset - at) + 1;
	*length = good ? problem.length : 1;
	scan_free(&scan);
	return good;
}

struct placed {
	uint32_t offset, index;
};

static int by_place(const void *a, const void *b)
{
	const struct placed *left = a, *right = b;

	if (left->offset != right->offset)
		return left->offset < right->offset ? -1 : 1;
	return left->index < right->index ? -1 : 1;
}

/* One walk through the text for all of them. */
static void number_lines(const char *text, const struct placed *placed, struct definition_problems *list)
{
	const char *line = text, *next;
	unsigned number = 1;

	for (size_t i = 0; i < list->count; i++) {
		while ((next = memchr(line, '\n', (size_t)(text + placed[i].offset - line)))) {
			line = next + 1;
			number++;
		}
		list->items[i].line = number;
		list->items[i].column = (unsigned)(text + placed[i].offset - line) + 1;
	}
}

void problems_settle(struct compiler *compiler, const struct scan *scan)
{
	struct definition_problems *list = compiler->problems;
	struct placed *placed = calloc(list->count + 1, sizeof(*placed));
	struct definition_problem *sorted = calloc(list->count + 1, sizeof(*sorted));

	if (placed && sorted) {
		for (size_t i = 0; i < list->count; i++) {
			bool known = list->items[i].line; /* then it is a byte's offset + 1 */

			placed[i] = (struct placed){ known ? list->items[i].line - 1 : place(scan, &list->items[i]),
						     (uint32_t)i };
		}
		qsort(placed, list->count, sizeof(*placed), by_place);
		for (size_t i = 0; i < list->count; i++)
			sorted[i] = list->items[placed[i].index];
		free(list->items);
		list->items = sorted;
		sorted = NULL;
		number_lines(scan->text, placed, list);
	} else {
		compiler->no_memory = true;
	}
	free(placed);
	free(sorted);
}
