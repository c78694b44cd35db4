// SPDX-License-Identifier: MIT
/* `jailhouse cell list`: a table that scripts cut at fixed columns. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "problem.h"

#define ROW "%-8s%-24s%-18s%-24s%-24s\n"

/* As text, 10 before 2: the order in which the original lists directory names. */
static int id_compare(const void *left, const void *right)
{
	const struct jh_client_cell *a = left, *b = right;
	char a_text[12], b_text[12];

	snprintf(a_text, sizeof(a_text), "%d", a->id);
	snprintf(b_text, sizeof(b_text), "%d", b->id);
	return strcmp(a_text, b_text);
}

static void cell_print(FILE *out, const struct jh_client_cell *cell)
{
	char id[12];

	snprintf(id, sizeof(id), "%d", cell->id);
	fprintf(out, ROW, id, cell->name, cell->state, cell->cpus, cell->failed_cpus);
}

int cell_list(struct cli *cli, int argc, char **argv)
{
	static const struct problem problem = { "cells-unreadable", "The list of cells could not be read.",
						"Run the command as root." };
	struct jh_client_cell *cells;
	size_t count, i;
	int err;

	(void)argv;
	if (argc != 0)
		return CLI_USAGE;
	err = jh_client_cells(cli->paths.sysfs, &cells, &count);
	if (err)
		return problem_print(cli, "reading cells", err, &problem);
	if (count > 0) {
		qsort(cells, count, sizeof(*cells), id_compare);
		fprintf(cli->out, ROW, "ID", "Name", "State", "Assigned CPUs", "Failed CPUs");
	}
	for (i = 0; i < count; i++)
		cell_print(cli->out, &cells[i]);
	for (i = 0; i < count; i++)
		problem_cell(cli, &cells[i]);
	free(cells);
	return CLI_OK;
}
