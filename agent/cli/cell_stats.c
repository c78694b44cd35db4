// SPDX-License-Identifier: MIT
/* `jailhouse cell stats`: the counters of a cell, once, one per line. */
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cell_ref.h"
#include "problem.h"

static const struct jh_client_cell *cell_find(const struct jh_client_cell *cells, size_t count,
					      const struct cell_ref *ref)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (ref->id >= 0 ? cells[i].id == ref->id : strcmp(cells[i].name, ref->name) == 0)
			return &cells[i];
	return NULL;
}

static void statistics_print(FILE *out, const struct jh_client_cell *cell)
{
	size_t i;

	fprintf(out, "%-32s%20s\n", "COUNTER", "SUM");
	for (i = 0; i < cell->num_statistics; i++)
		fprintf(out, "%-32s%20" PRIu64 "\n", cell->statistics[i].name, cell->statistics[i].value);
}

int cell_stats(struct cli *cli, int argc, char **argv)
{
	static const struct problem problem = { "cell-unknown", "There is no such cell.",
						"See the cells there are: jailhouse cell list" };
	const struct jh_client_cell *cell;
	struct jh_client_cell *cells;
	struct cell_ref ref;
	size_t count;
	int used = cell_ref_parse(&ref, argc, argv);
	int err;

	if (used == 0 || used != argc)
		return CLI_USAGE;
	err = jh_client_cells(cli->paths.sysfs, &cells, &count);
	cell = err ? NULL : cell_find(cells, count, &ref);
	if (cell) {
		statistics_print(cli->out, cell);
		problem_cell(cli, cell);
	}
	free(cells);
	return cell ? CLI_OK : problem_print(cli, "reading statistics", err ? err : -ENOENT, &problem);
}
