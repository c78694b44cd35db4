// SPDX-License-Identifier: MIT
/*
 * jailhouse-config-compile IN.json -o OUT.cell [--board SYSTEM.json] [--unchecked]
 * `jailhouse config compile` runs it; so does the build. A text with a "root" is a system definition. Without a board it is judged by
 * itself; unchecked, it only must be possible to write it: what was decompiled gives the same bytes again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cjson/cJSON.h>
#include "definition.h"

static char *file_read(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	char *text = file ? malloc(DEFINITION_TEXT_MAX + 2) : NULL;

	if (!text)
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
	else
		*length = fread(text, 1, DEFINITION_TEXT_MAX + 1, file);
	if (text)
		text[*length] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int file_fill(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");
	int bad = !file || fwrite(bytes, 1, size, file) != size;

	if (file)
		bad |= fclose(file) != 0;
	return bad;
}

/* /dev/null, a pipe, a link to either: renaming over it would put a file in its place. */
static bool is_special(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

/* To a second name first: a full disk must not leave half a file under the real one. */
static int file_write(const char *path, const void *bytes, size_t size)
{
	char part[4096];
	int bad;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return 1;
	bad = is_special(path) ? file_fill(path, bytes, size) : file_fill(part, bytes, size) || rename(part, path) != 0;
	if (bad) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		remove(part);
	}
	return bad;
}

static void print_line(const char *text, unsigned line, unsigned column)
{
	while (--line && (text = strchr(text, '\n')))
		text++;
	if (!text)
		return;
	fprintf(stderr, "  %.*s\n  ", (int)strcspn(text, "\n"), text);
	for (unsigned i = 1; i < column && text[i - 1]; i++)
		fputc(text[i - 1] == '\t' ? '\t' : ' ', stderr);
	fputs("^\n", stderr);
}

static void print_problems(const char *path, const char *text, const struct definition_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		fprintf(stderr, "%s:%u:%u: %s: %s [%s]\n", path, problem->line, problem->column,
			problem->warning ? "warning" : "error", problem->text, problem->code);
		if (problem->line)
			print_line(text, problem->line, problem->column);
		fprintf(stderr, "  hint: %s\n", problem->remedy);
	}
}

static int report(const char *path, const char *text, int err, const struct definition_result *result)
{
	print_problems(path, text, &result->problems);
	if (err && err != -EINVAL)
		fprintf(stderr, "%s: %s\n", path, strerror(-err));
	return err != 0;
}

static bool is_system(const char *text)
{
	cJSON *json = cJSON_Parse(text);
	bool system = cJSON_HasObjectItem(json, "root");

	cJSON_Delete(json);
	return system;
}

/* *result keeps what the board points to. */
static int board_read(const char *path, struct definition_board *board, struct definition_result *result)
{
	size_t length = 0;
	char *text = file_read(path, &length);
	int bad = 1;

	if (text)
		bad = report(path, text, definition_compile_system(text, length, board, result), result);
	free(text);
	return bad;
}

/* board NULL: unchecked. */
static int compile_file(const char *in, const char *out, const struct definition_board *board)
{
	struct definition_result result;
	struct definition_board own;
	size_t length = 0;
	char *text = file_read(in, &length);
	int bad;

	if (!text)
		return 1;
	bad = report(in, text,
		     is_system(text) ? definition_compile_system(text, length, board ? &own : NULL, &result) :
				       definition_compile_cell(text, length, board, &result),
		     &result);
	if (!bad)
		bad = file_write(out, result.blob, result.size);
	definition_result_free(&result);
	free(text);
	return bad;
}

int main(int argc, char **argv)
{
	struct definition_result system_result = { 0 };
	struct definition_board board = { 0 };
	const char *in = NULL, *out = NULL, *system = NULL;
	bool unchecked = false;
	int bad;

	for (int i = 1; i < argc; i++) {
		if (i + 1 < argc && strcmp(argv[i], "-o") == 0)
			out = argv[++i];
		else if (i + 1 < argc && strcmp(argv[i], "--board") == 0)
			system = argv[++i];
		else if (strcmp(argv[i], "--unchecked") == 0)
			unchecked = true;
		else
			in = argv[i];
	}
	if (!in || !out) {
		fprintf(stderr,
			"Usage: jailhouse config compile IN.json -o OUT.cell [--board SYSTEM.json] [--unchecked]\n");
		return 1;
	}
	bad = (system && board_read(system, &board, &system_result)) ||
	      compile_file(in, out, unchecked ? NULL : &board);
	definition_result_free(&system_result);
	return bad;
}
