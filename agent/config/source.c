// SPDX-License-Identifier: MIT
#include "source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "tool.h"

bool source_open(struct source *source, const char *path, FILE *out)
{
	struct definition_problems problems;
	struct tool_file file;
	int err;

	*source = (struct source){ .path = path };
	if (!file_take(path, &file))
		return false;
	err = definition_text(file.bytes, file.size, &source->text, &source->length, &source->was_binary, &problems);
	if (err)
		show_problems(out, source, &problems);
	if (err == -ENOMEM)
		fprintf(stderr, "%s: %s\n", path, strerror(ENOMEM));
	definition_problems_free(&problems);
	file_free(&file);
	source->is_system = !err && definition_is_system(source->text, source->length);
	return !err;
}

int source_compile(struct source *source, struct definition_board *board)
{
	definition_result_free(&source->result);
	return source->is_system ? definition_compile_system(source->text, source->length, board, &source->result) :
				   definition_compile_cell(source->text, source->length, board, &source->result);
}

void source_close(struct source *source)
{
	definition_result_free(&source->result);
	free(source->text);
	source->text = NULL;
}
