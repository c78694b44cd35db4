// SPDX-License-Identifier: MIT
/* jailhouse config diff: what the second says that the first does not, in words. Exit status as diff(1): 0 the same, 1 not, 2 trouble. */
#include <diff.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "tool.h"

#define SAME 0
#define DIFFERENT 1
#define TROUBLE 2

static int compare(struct source *before, struct source *after, const struct definition_board *board)
{
	struct definition_problems problems = { 0 };
	bool blames_after;
	char *text = NULL;
	int status = TROUBLE;

	if (definition_diff(source_words(before), source_words(after), board, &text, &problems, &blames_after) != 0)
		show_problems(stderr, blames_after ? after : before, &problems);
	else
		status = *text ? DIFFERENT : SAME;
	if (text)
		fputs(text, stdout);
	definition_problems_free(&problems);
	free(text);
	return fflush(stdout) != 0 ? TROUBLE : status;
}

static int compare_files(const char *const paths[2], const struct definition_board *board)
{
	struct source before, after = { 0 };
	int status = TROUBLE;

	if (source_open(&before, paths[0], stderr) && source_open(&after, paths[1], stderr))
		status = compare(&before, &after, board);
	source_close(&before);
	source_close(&after);
	return status;
}

int config_diff(int argc, char **argv)
{
	const char *paths[2] = { NULL, NULL }, *system = NULL;
	struct definition_result of_board = { 0 };
	struct definition_board board = { 0 };
	int count = 0, status = TROUBLE;

	for (int i = 0; i < argc; i++) {
		if (i + 1 < argc && strcmp(argv[i], "--board") == 0)
			system = argv[++i];
		else if (count == 2 || (argv[i][0] == '-' && argv[i][1]))
			return -1;
		else
			paths[count++] = argv[i];
	}
	if (count != 2)
		return -1;
	if (!system || board_read(system, &board, &of_board))
		status = compare_files(paths, system ? &board : NULL);
	definition_result_free(&of_board);
	return status;
}
