// SPDX-License-Identifier: MIT
/*
 * broken.txt, a table of broken definitions: everything that is said about each, to the letter. Who changes a sentence changes it there and
 * reads it again. `test_broken --write` prints the table as it is said now.
 */
#include <ctype.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "broken_source.h"
#include "definition.h"
#include "shipped.h"
#include "together.h"

#define CASES_LEAST 60
#define NEIGHBOURS 8
#define IMAGES	   8
#define TEXT_MAX 1500000

struct table {
	struct definition_board board;
	struct definition_result system;
	struct definition_neighbour neighbours[NEIGHBOURS];
	struct tree_file tree; /* that the board runs with */
	bool of_systems; /* the texts are system definitions */
	uint64_t images[IMAGES]; /* sizes of those that the next definition names */
	char *said; /* the table as it is said now */
	size_t used;
	unsigned cases;
};

__attribute__((format(printf, 2, 3))) static void say(struct table *table, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	table->used += (size_t)vsnprintf(table->said + table->used, TEXT_MAX - table->used, format, arguments);
	va_end(arguments);
	assert_true(table->used < TEXT_MAX);
}

static void board_close(struct table *table)
{
	for (size_t i = 0; i < table->board.num_neighbours; i++)
		definition_neighbour_free(&table->neighbours[i]);
	definition_result_free(&table->system);
	free(table->tree.bytes);
	table->tree.bytes = NULL;
	memset(&table->board, 0, sizeof(table->board));
	table->of_systems = false;
}

static char *file_of(const char *name, size_t *length)
{
	char path[512], *text = calloc(1, TEXT_MAX);
	FILE *file;

	snprintf(path, sizeof(path), BOARDS "/%s", name);
	file = fopen(path, "r");
	assert_non_null(file);
	*length = fread(text, 1, TEXT_MAX - 1, file);
	fclose(file);
	return text;
}

/* "^ TREE": the board runs with it. */
static void tree_open(struct table *table, const char *name)
{
	free(table->tree.bytes);
	table->tree = broken_tree(name);
	table->board.device_tree = table->tree.bytes;
	table->board.device_tree_size = table->tree.size;
}

static char *text_of(const char *name)
{
	struct definition_machine machine = { 0 };
	struct definition_problems problems;
	struct tree_file tree;
	char path[128], *text;
	size_t length;

	snprintf(path, sizeof(path), "%.80s/system.json", name);
	if (*name != '&')
		return file_of(path, &length);
	tree = broken_tree(name + 1);
	machine.device_tree = tree.bytes;
	machine.device_tree_size = tree.size;
	assert_int_equal(definition_create(&machine, &text, &problems), 0);
	definition_problems_free(&problems);
	free(tree.bytes);
	return text;
}

/* "@ systems", "@ nothing", "@ BOARD" or "@ &TREE", what config create makes of it: what the following definitions are held against. */
static void board_open(struct table *table, const char *name)
{
	char *text;

	board_close(table);
	table->of_systems = strcmp(name, "systems") == 0;
	if (table->of_systems || strcmp(name, "nothing") == 0)
		return;
	text = text_of(name);
	assert_int_equal(definition_compile_system(text, strlen(text), &table->board, &table->system), 0);
	table->board.neighbours = table->neighbours;
	free(text);
	if (*name == '&')
		tree_open(table, name + 1);
}

/* "* SIZE…": of the images that the next definition names. */
static void images_read(struct table *table, const char *sizes)
{
	char *end = (char *)(uintptr_t)sizes;

	for (size_t i = 0; i < IMAGES && *end; i++)
		table->images[i] = strtoull(end, &end, 0);
}

/* "+ JSON" or "+ FILE": a cell that is created. */
static void cell_create(struct table *table, const char *what)
{
	size_t length = strlen(what);
	char *text = *what == '{' ? strdup(what) : file_of(what, &length);
	struct definition_result result;

	assert_true(table->board.num_neighbours < NEIGHBOURS);
	assert_int_equal(definition_compile_cell(text, length, &table->board, &result), 0);
	assert_int_equal(definition_neighbour_read(result.blob, result.size,
						   &table->neighbours[table->board.num_neighbours]),
			 0);
	table->board.num_neighbours++;
	definition_result_free(&result);
	free(text);
}

static void say_problems(struct table *table, const struct definition_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		if (problem->line)
			say(table, "> %u:%u-%u", problem->line, problem->column, problem->column + problem->length - 1);
		else /* of a binary, or of a board: there is no text */
			say(table, "> -");
		say(table, " %s %s%s\n>   %s\n>   %s\n", *problem->pointer ? problem->pointer : "(text)",
		    problem->code, problem->warning ? " (warning)" : "", problem->text, problem->remedy);
	}
}

/* A JSON text of more than one line; what it means: {{tab}}, {{many}} and the like stand for what a table cannot hold. */
static char *expand(const char *text, size_t *length)
{
	static const struct {
		const char *name, *each;
		unsigned times;
	} words[] = { { "{{bell}}", "\a", 1 },
		      { "{{latin1}}", "\xe4", 1 },
		      { "{{deep}}", "[", 40 },
		      { "{{values}}", "1,", 100000 },
		      { "{{fields}}", "\"a\":1,", 65 },
		      { "{{regions}}", "{\"physical\":0,\"size\":0},", 2100 },
		      { "{{caps}}", "{},", 8300 },
		      { "{{many}}", "1,", 20001 },
		      { "{{long}}", "0123456789", 300 },
		      { "{{blanks}}", "          ", 104900 },
		      { "{{nul}}", "", 0 } };
	char *expanded = calloc(1, TEXT_MAX), *out = expanded;

	for (; *text; text++) {
		unsigned found = 0;

		for (unsigned i = 0; !found && i < sizeof(words) / sizeof(words[0]); i++) {
			if (strncmp(text, words[i].name, strlen(words[i].name)) != 0)
				continue;
			for (unsigned n = 0; n < words[i].times; n++)
				out = stpcpy(out, words[i].each);
			out += !words[i].times; /* a NUL */
			text += strlen(words[i].name) - 1;
			found = 1;
		}
		if (!found)
			*out++ = *text;
	}
	*length = (size_t)(out - expanded);
	return expanded;
}

/* A definition that is in order, and images that do not fit it. */
static void judge_images(struct table *table, const char *text, struct definition_result *result)
{
	struct definition_words words = { text, strlen(text), false };

	assert_int_equal(result->problems.errors, 0);
	definition_problems_free(&result->problems);
	assert_int_equal(definition_check_images(words, result, table->images, &result->problems), -EINVAL);
	memset(table->images, 0, sizeof(table->images));
}

static void judge(struct table *table, const char *text)
{
	size_t length;
	char *expanded = expand(text, &length);
	struct definition_board own;
	struct definition_result result;
	int err;

	err = table->of_systems ? definition_compile_system(expanded, length, &own, &result) :
				  definition_compile_cell(expanded, length, &table->board, &result);
	assert_int_equal(err, result.problems.errors ? -EINVAL : 0);
	assert_int_equal(err != 0, result.blob == NULL);
	if (table->images[0])
		judge_images(table, expanded, &result);
	if (!result.problems.count)
		fail_msg("nothing is said about %.200s", text);
	say_problems(table, &result.problems);
	definition_result_free(&result);
	free(expanded);
	table->cases++;
}

/* Something else than a text. */
static void judge_source(struct table *table, void (*source)(const char *, struct definition_problems *),
			 const char *line)
{
	struct definition_problems problems = { 0 };

	source(line, &problems);
	assert_true(problems.count > 0);
	say_problems(table, &problems);
	definition_problems_free(&problems);
	table->cases++;
}

static void direct(struct table *table, const char *line)
{
	switch (*line) {
	case '@':
		board_open(table, line + 2);
		break;
	case '+':
		cell_create(table, line + 2);
		break;
	case '^':
		tree_open(table, line + 2);
		break;
	case '*':
		images_read(table, line + 2);
		break;
	case '%':
		judge_source(table, broken_binary, line + 2);
		break;
	case '&':
		judge_source(table, broken_board, line + 2);
		break;
	}
}

/* Comments, directives, and definitions with what is expected; what is said goes to table->said, line by line alike. */
static void table_read(struct table *table, const char *text)
{
	static char definition[65536];
	size_t length = 0, line_length;
	char line[8192];

	for (; *text; text += line_length + (text[line_length] == '\n')) {
		line_length = strcspn(text, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)line_length, text);
		if (length || (*line && strchr("{[|", *line))) {
			if (*line && *line != '>') {
				length += (size_t)snprintf(definition + length, sizeof(definition) - length, "%s%s",
							   length ? "\n" : "", line + (*line == '|'));
				say(table, "%s\n", line);
				continue;
			}
			judge(table, definition);
			length = 0;
		}
		if (*line == '>')
			continue;
		say(table, "%s\n", line);
		direct(table, line);
	}
}

static void table_say(struct table *table, char **expected)
{
	size_t length;

	*table = (struct table){ .said = calloc(1, TEXT_MAX) };
	*expected = file_of(BROKEN, &length);
	table_read(table, *expected);
	board_close(table);
}

/* The first line that differs. */
static void compare(const char *said, const char *expected)
{
	for (unsigned line = 1; *said || *expected; line++) {
		size_t a = strcspn(said, "\n"), b = strcspn(expected, "\n");

		if (a != b || memcmp(said, expected, a) != 0)
			fail_msg("broken.txt:%u\nexpected: %.*s\nsaid:     %.*s", line, (int)b, expected, (int)a, said);
		said += a + (said[a] == '\n');
		expected += b + (expected[b] == '\n');
	}
}

static void each_mistake_is_told_to_the_letter(void **state)
{
	struct table table;
	char *expected;

	(void)state;
	table_say(&table, &expected);
	compare(table.said, expected);
	assert_true(table.cases >= CASES_LEAST);
	free(table.said);
	free(expected);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_mistake_is_told_to_the_letter) };
	struct table table;
	char *expected;

	if (argc < 2 || strcmp(argv[1], "--write") != 0)
		return cmocka_run_group_tests(tests, NULL, NULL);
	table_say(&table, &expected);
	fputs(table.said, stdout);
	free(table.said);
	free(expected);
	return 0;
}
