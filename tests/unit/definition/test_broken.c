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
#include "definition.h"
#include "shipped.h"

#define CASES_LEAST 60
#define NEIGHBOURS 8
#define TEXT_MAX 262144

struct table {
	struct definition_board board;
	struct definition_result system;
	struct definition_neighbour neighbours[NEIGHBOURS];
	bool of_systems; /* the texts are system definitions */
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

/* "@ systems", "@ nothing" or "@ BOARD": what the following definitions are held against. */
static void board_open(struct table *table, const char *name)
{
	char path[128];
	size_t length;
	char *text;

	board_close(table);
	table->of_systems = strcmp(name, "systems") == 0;
	if (table->of_systems || strcmp(name, "nothing") == 0)
		return;
	snprintf(path, sizeof(path), "%.80s/system.json", name);
	text = file_of(path, &length);
	assert_int_equal(definition_compile_system(text, length, &table->board, &table->system), 0);
	table->board.neighbours = table->neighbours;
	free(text);
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

		say(table, "> %u:%u-%u %s %s%s\n>   %s\n>   %s\n", problem->line, problem->column,
		    problem->column + problem->length - 1, *problem->pointer ? problem->pointer : "(text)",
		    problem->code, problem->warning ? " (warning)" : "", problem->text, problem->remedy);
	}
}

/* A JSON text of more than one line; what it means: {{tab}}, {{many}} and the like stand for what a table cannot hold. */
static char *expand(const char *text)
{
	static const struct {
		const char *name, *each;
		unsigned times;
	} words[] = { { "{{bell}}", "\a", 1 },		{ "{{latin1}}", "\xe4", 1 },
		      { "{{deep}}", "[", 40 },		{ "{{values}}", "1,", 100000 },
		      { "{{fields}}", "\"a\":1,", 65 }, { "{{regions}}", "{\"physical\":0,\"size\":0},", 2100 } };
	char *expanded = calloc(1, TEXT_MAX), *out = expanded;

	for (; *text; text++) {
		unsigned found = 0;

		for (unsigned i = 0; !found && i < sizeof(words) / sizeof(words[0]); i++) {
			if (strncmp(text, words[i].name, strlen(words[i].name)) != 0)
				continue;
			for (unsigned n = 0; n < words[i].times; n++)
				out = stpcpy(out, words[i].each);
			text += strlen(words[i].name) - 1;
			found = 1;
		}
		if (!found)
			*out++ = *text;
	}
	return expanded;
}

static void judge(struct table *table, const char *text)
{
	char *expanded = expand(text);
	size_t length = strlen(expanded);
	struct definition_board own;
	struct definition_result result;
	int err;

	err = table->of_systems ? definition_compile_system(expanded, length, &own, &result) :
				  definition_compile_cell(expanded, length, &table->board, &result);
	assert_int_equal(err, result.problems.errors ? -EINVAL : 0);
	assert_int_equal(err != 0, result.blob == NULL);
	assert_true(result.problems.count > 0);
	say_problems(table, &result.problems);
	definition_result_free(&result);
	free(expanded);
	table->cases++;
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
		if (*line == '@')
			board_open(table, line + 2);
		if (*line == '+')
			cell_create(table, line + 2);
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
