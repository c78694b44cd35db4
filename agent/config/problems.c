// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include "tool.h"

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

void problems_print(const char *path, const char *text, const struct definition_problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct definition_problem *problem = &problems->items[i];

		fputs(path, stderr);
		if (text && problem->line)
			fprintf(stderr, ":%u:%u", problem->line, problem->column);
		else if (*problem->pointer)
			fprintf(stderr, ": %s", problem->pointer);
		fprintf(stderr, ": %s: %s [%s]\n", problem->warning ? "warning" : "error", problem->text,
			problem->code);
		if (text && problem->line)
			print_line(text, problem->line, problem->column);
		fprintf(stderr, "  hint: %s\n", problem->remedy);
	}
}
