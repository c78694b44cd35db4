// SPDX-License-Identifier: MIT
#include "show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define WIDTH 110 /* of a line's part that is shown */
#define BEFORE 60 /* of it before the mark */

struct style {
	const char *bold, *error, *warning, *mark, *end;
};

static const struct style plain = { "", "", "", "", "" };
static const struct style colour = { "\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;32m", "\033[0m" };

static const struct style *style_of(FILE *out)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if ((no_color && *no_color) || !term || strcmp(term, "dumb") == 0 || !isatty(fileno(out)))
		return &plain;
	return &colour;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* The part of a line that is shown, as it is printed: no control characters, a tab as a blank. */
struct excerpt {
	size_t start, end; /* bytes of the line */
	size_t mark, marked; /* bytes of the line */
};

static struct excerpt excerpt_of(const char *line, const struct definition_problem *problem)
{
	size_t length = strcspn(line, "\r\n");
	struct excerpt excerpt = { 0, length, problem->column - 1, problem->length };

	if (excerpt.mark > length)
		excerpt.mark = length;
	if (length > WIDTH && excerpt.mark > BEFORE)
		excerpt.start = excerpt.mark - BEFORE;
	while (excerpt.start < excerpt.mark &&
	       (is_continuation(line[excerpt.start]) || strchr(" \t", line[excerpt.start])))
		excerpt.start++;
	if (excerpt.end - excerpt.start > WIDTH)
		excerpt.end = excerpt.start + WIDTH;
	while (excerpt.end < length && is_continuation(line[excerpt.end]))
		excerpt.end++;
	if (excerpt.mark + excerpt.marked > excerpt.end)
		excerpt.marked = excerpt.end - excerpt.mark;
	return excerpt;
}

static void print_excerpt(FILE *out, const struct style *style, const char *line,
			  const struct definition_problem *problem)
{
	struct excerpt excerpt = excerpt_of(line, problem);
	const char *before =
		excerpt.start && line[excerpt.start - 1] != ' ' && line[excerpt.start - 1] != '\t' ? "..." : "";

	fprintf(out, "%5u | %s", problem->line, before);
	for (size_t i = excerpt.start; i < excerpt.end; i++)
		fputc((unsigned char)line[i] < 0x20 || line[i] == 0x7f ? ' ' : line[i], out);
	fprintf(out, "%s\n      | %*s", line[excerpt.end] && !strchr("\r\n", line[excerpt.end]) ? "..." : "",
		(int)strlen(before), "");
	for (size_t i = excerpt.start; i < excerpt.mark; i++)
		if (!is_continuation(line[i]))
			fputc(' ', out);
	fprintf(out, "%s^", style->mark);
	for (size_t i = excerpt.mark + 1; i < excerpt.mark + excerpt.marked; i++)
		if (!is_continuation(line[i]))
			fputc('~', out);
	fprintf(out, "%s\n", style->end);
}

static const char *line_find(const char *text, unsigned line)
{
	while (text && --line) {
		text = strchr(text, '\n');
		text = text ? text + 1 : NULL;
	}
	return text;
}

static void print_problem(FILE *out, const struct style *style, const struct source *source,
			  const struct definition_problem *problem, const char *line)
{
	fprintf(out, "%s%s", style->bold, source->path);
	if (problem->line && source->was_binary)
		fprintf(out, " (decompiled)");
	if (problem->line)
		fprintf(out, ":%u:%u", problem->line, problem->column);
	else if (problem->pointer[0])
		fprintf(out, ": %s", problem->pointer);
	fprintf(out, ": %s%s%s: %s%s%s [%s]\n", style->end, problem->warning ? style->warning : style->error,
		problem->warning ? "warning" : "error", style->end, style->bold, problem->text, problem->code);
	fputs(style->end, out);
	if (line)
		print_excerpt(out, style, line, problem);
	if (problem->remedy[0])
		fprintf(out, "      = %shint:%s %s\n", style->bold, style->end, problem->remedy);
}

static void show(FILE *out, const struct source *source, const struct definition_problems *problems, bool warnings)
{
	const struct style *style = style_of(out);
	const char *line = source->text;
	unsigned number = 1;

	/* They come in the order of the text: each line is searched from the one before. */
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		if (problem->warning && !warnings)
			continue;
		if (line && problem->line >= number) {
			line = line_find(line, problem->line - number + 1);
			number = problem->line;
		}
		print_problem(out, style, source, problem, problem->line ? line : NULL);
	}
	if (problems->errors > problems->count)
		fprintf(out, "%s: and %zu more errors\n", source->path, problems->errors - problems->count);
}

void show_problems(FILE *out, const struct source *source, const struct definition_problems *problems)
{
	show(out, source, problems, true);
}

void show_errors(FILE *out, const struct source *source, const struct definition_problems *problems)
{
	show(out, source, problems, false);
}

size_t show_warnings_of(const struct definition_problems *problems)
{
	size_t count = 0;

	for (size_t i = 0; i < problems->count; i++)
		count += problems->items[i].warning;
	return count;
}

void show_count(FILE *out, size_t errors, size_t warnings)
{
	if (errors)
		fprintf(out, "%zu error%s", errors, errors == 1 ? "" : "s");
	else
		fprintf(out, "no errors");
	if (warnings)
		fprintf(out, ", %zu warning%s", warnings, warnings == 1 ? "" : "s");
}
