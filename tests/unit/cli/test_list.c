// SPDX-License-Identifier: MIT
/* What `cell list` and `cell stats` print of a sysfs tree in a temporary folder. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "cli.h"

static char root[64];

static void folder_make(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(mkdir(full, 0700), 0);
}

static void file_make(const char *folder, const char *name, const char *line)
{
	char full[256];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s/%s", root, folder, name);
	file = fopen(full, "w");
	assert_non_null(file);
	fprintf(file, "%s\n", line);
	fclose(file);
}

static void cell_make(const char *folder, const char *name, const char *cell_state, const char *cpus,
		      const char *failed)
{
	char statistics[64];

	snprintf(statistics, sizeof(statistics), "%s/statistics", folder);
	folder_make(folder);
	folder_make(statistics);
	file_make(folder, "name", name);
	file_make(folder, "state", cell_state);
	file_make(folder, "cpus_assigned_list", cpus);
	file_make(folder, "cpus_failed_list", failed);
	file_make(statistics, "vmexits_total", "18446744073709551615");
	file_make(statistics, "vmexits_mmio", "5");
}

static int tree_make(void **state)
{
	(void)state;
	strcpy(root, "/tmp/jailhouse-list-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int tree_remove(void **state)
{
	(void)state;
	return nftw(root, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static char *output, *errors;

static int run(const char *verb, const char *cell)
{
	size_t out_size, err_size;
	struct cli cli = { .out = open_memstream(&output, &out_size),
			   .err = open_memstream(&errors, &err_size) };
	const char *texts[] = { "jailhouse", "cell", verb, cell };
	int result;

	cli.paths.sysfs = root;
	result = cli_run(&cli, cell ? 4 : 3, (char **)(uintptr_t)texts);
	fclose(cli.out);
	fclose(cli.err);
	return result;
}

static void output_free(void)
{
	free(output);
	free(errors);
}

static void no_driver_lists_nothing(void **state)
{
	(void)state;
	assert_int_equal(run("list", NULL), 0);
	assert_string_equal(output, "");
	assert_string_equal(errors, "");
	output_free();
}

static void no_cell_lists_nothing(void **state)
{
	(void)state;
	folder_make("cells");
	assert_int_equal(run("list", NULL), 0);
	assert_string_equal(output, "");
	output_free();
}

static void cells_make(void)
{
	folder_make("cells");
	cell_make("cells/0", "qemu-virt", "running", "0-1", "");
	cell_make("cells/2", "heartbeat", "failed", "2", "2");
	file_make("cells/2", "failure", "memory-access: CPU 2: read outside the cell.");
	cell_make("cells/10", "inmate-demo", "running/locked", "3", "");
}

/* Columns of 8, 24, 18, 24 and 24 characters, also the last one; 10 sorts before 2. */
static void cells_are_listed_in_fixed_columns(void **state)
{
	(void)state;
	cells_make();
	assert_int_equal(run("list", NULL), 0);
	assert_string_equal(output, "ID      Name                    State             Assigned CPUs         "
				    "  Failed CPUs             \n"
				    "0       qemu-virt               running           0-1                   "
				    "                          \n"
				    "10      inmate-demo             running/locked    3                     "
				    "                          \n"
				    "2       heartbeat               failed            2                     "
				    "  2                       \n");
	assert_int_equal(strcspn(output, "\n"), 8 + 24 + 18 + 24 + 24);
	assert_string_equal(errors, "Cell \"heartbeat\" failed: memory-access: CPU 2: read outside the cell.\n");
	output_free();
}

static void statistics_are_printed_by_id_and_by_name(void **state)
{
	static const char *const expected = "COUNTER                                          SUM\n"
					    "vmexits_mmio                                       5\n"
					    "vmexits_total                   18446744073709551615\n";

	(void)state;
	cells_make();
	assert_int_equal(run("stats", "10"), 0);
	assert_string_equal(output, expected);
	output_free();
	assert_int_equal(run("stats", "inmate-demo"), 0);
	assert_string_equal(output, expected);
	assert_string_equal(errors, "");
	output_free();
	assert_int_equal(run("stats", "2"), 0);
	assert_string_equal(output, expected);
	assert_string_equal(errors, "Cell \"heartbeat\" failed: memory-access: CPU 2: read outside the cell.\n");
	output_free();
}

static void statistics_of_an_unknown_cell_fail(void **state)
{
	(void)state;
	cells_make();
	assert_int_equal(run("stats", "7"), 1);
	assert_string_equal(output, "");
	assert_non_null(strstr(errors, "\ncell-unknown: "));
	output_free();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_driver_lists_nothing, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(no_cell_lists_nothing, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(cells_are_listed_in_fixed_columns, tree_make, tree_remove),
		cmocka_unit_test_setup_teardown(statistics_are_printed_by_id_and_by_name, tree_make,
						tree_remove),
		cmocka_unit_test_setup_teardown(statistics_of_an_unknown_cell_fail, tree_make, tree_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
