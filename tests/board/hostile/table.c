// SPDX-License-Identifier: MIT
/* A line an attack: what it was, what came of it, and how the others are. */
#include <stdio.h>
#include <string.h>

#include "watch.h"

static unsigned int passed, failed;

void line_wrong(struct line *line, const char *what)
{
	if (!line->wrong[0])
		snprintf(line->wrong, sizeof(line->wrong), "%s", what);
}

void line_refused(struct line *line)
{
	line_wrong(line, jh_client_reason(client)->code);
}

static const char *first_wrong(const char *before, const char *now, const char *good)
{
	return before && strcmp(before, good) ? before : now;
}

void line_judge(struct line *line)
{
	line->victim = first_wrong(line->victim, victim_verdict(false), "ok");
	if (victim2_is_there())
		line->victim = first_wrong(line->victim, victim_verdict(true), "ok");
	line->root = first_wrong(line->root, root_verdict(), "ok");
	line->audit = first_wrong(line->audit, audit_verdict(), "clean");
}

void table_head(void)
{
	printf("| %-19s | %-58s | %-62s | %-44s | %-6s | %-4s | %-5s | |\n", "attack", "what it tries",
	       "what the cell saw", "outcome", "victim", "root", "audit");
	printf("|---|---|---|---|---|---|---|---|\n");
}

void line_print(const struct line *line)
{
	bool good = !line->wrong[0] && !strcmp(line->victim, "ok") && !strcmp(line->root, "ok") &&
		    !strcmp(line->audit, "clean");

	good ? passed++ : failed++;
	printf("| %-19s | %-58s | %-62s | %-44s | %-6s | %-4s | %-5s | %s%s |\n", line->name, line->what, line->saw,
	       line->outcome, line->victim, line->root, line->audit, good ? "ok" : "NOT OK ", line->wrong);
	fflush(stdout);
}

unsigned int table_end(void)
{
	printf("%u passed, %u failed\n", passed, failed);
	return failed;
}
