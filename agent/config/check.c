// SPDX-License-Identifier: MIT
/* jailhouse config check: of each definition alone, and of cells beside each other. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "jailhouse_client.h"
#include "show.h"
#include "tool.h"

struct check {
	bool live, alternatives;
	const char *images, *sysfs, *tree_path;
	struct tool_file tree;
	struct source system, *cells;
	size_t num_cells, errors, warnings;
	struct definition_board board;
	struct definition_neighbour *created;
	size_t num_created;
};

static void count(struct check *check, const struct source *source, const struct definition_problems *problems)
{
	show_problems(stdout, source, problems);
	check->errors += problems->errors;
	check->warnings += show_warnings_of(problems);
}

/* What only the command can tell: of files, and not of their texts. */
static void complain(struct check *check, const char *path, const char *code, const char *sentence, const char *remedy)
{
	const struct source source = { .path = path };
	struct definition_problem problem = { 0 };
	struct definition_problems problems = { &problem, 1, 1 };

	snprintf(problem.code, sizeof(problem.code), "%s", code);
	snprintf(problem.text, sizeof(problem.text), "%s", sentence);
	snprintf(problem.remedy, sizeof(problem.remedy), "%s", remedy);
	count(check, &source, &problems);
}

/* False when the board is not known and no cell can be checked. */
static bool check_system(struct check *check, const char *path)
{
	int err;

	if (!source_open(&check->system, path, stdout)) {
		check->errors++;
		return false;
	}
	if (!check->system.is_system) {
		complain(check, path, "not-a-system", "It has no \"root\": a cell stands where the system definition should.",
			 "Name the system definition first, then its cells.");
		return false;
	}
	err = source_compile(&check->system, &check->board);
	count(check, &check->system, &check->system.result.problems);
	printf("%s: system definition \"%s\": ", path, check->system.result.name);
	show_count(stdout, check->system.result.problems.errors, show_warnings_of(&check->system.result.problems));
	printf("\n");
	if (err)
		printf("The cells were not checked: the board is not known without its system definition.\n");
	return !err;
}

static void take_created(struct check *check, const char *sysfs)
{
	struct jh_client_cell *cells = NULL;
	size_t num_cells = 0, size;
	void *config;

	if (jh_client_cells(sysfs, &cells, &num_cells) != 0 || !num_cells)
		printf("No hypervisor is enabled here: the cells are checked beside no others.\n");
	check->created = calloc(num_cells + 1, sizeof(*check->created));
	for (size_t i = 0; check->created && i < num_cells; i++) {
		if (jh_client_cell_config(sysfs, cells[i].id, &config, &size) != 0)
			continue;
		if (definition_neighbour_read(config, size, &check->created[check->num_created]) == 0)
			check->num_created++;
		free(config);
	}
	free(cells);
}

/* The created cells, but for the one of that name: it would be created anew. */
static size_t others_of(const struct check *check, const char *name, struct definition_neighbour *others)
{
	size_t found = 0;

	for (size_t i = 0; i < check->num_created; i++)
		if (strcmp(check->created[i].name, name) != 0)
			others[found++] = check->created[i];
	return found;
}

/* Its size; 0 and a complaint when it is not there. */
static uint64_t image_size(struct check *check, const struct source *cell, const char *name)
{
	struct stat status;
	char path[4096], sentence[256];

	snprintf(path, sizeof(path), "%s/%s", check->images, name);
	if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
		return (uint64_t)status.st_size;
	snprintf(sentence, sizeof(sentence), "There is no image \"%.60s\" in %.120s.", name, check->images);
	complain(check, cell->path, "image-missing", sentence, "Put it there, or correct its name.");
	return 0;
}

static void check_images(struct check *check, struct source *cell)
{
	const struct definition_linux *boot = &cell->result.boot;
	uint64_t *sizes = calloc(cell->result.num_images + 1, sizeof(*sizes));
	struct definition_problems problems = { 0 };

	for (size_t i = 0; sizes && i < cell->result.num_images; i++)
		sizes[i] = image_size(check, cell, cell->result.images[i].name);
	/* Whether those of a Linux fit is known when the kernel was read: at load. */
	if (boot->wanted)
		image_size(check, cell, boot->kernel);
	if (boot->initrd[0])
		image_size(check, cell, boot->initrd);
	if (sizes)
		definition_check_images(source_words(cell), &cell->result, sizes, &problems);
	count(check, cell, &problems);
	definition_problems_free(&problems);
	free(sizes);
}

static void check_cell(struct check *check, struct source *cell)
{
	struct definition_neighbour *others = calloc(check->num_created + 1, sizeof(*others));
	struct definition_board board = check->board;
	size_t before = check->errors;
	size_t warnings = check->warnings;

	/* By itself first: its name is known then. */
	cell->sound = others && source_compile(cell, &board) == 0;
	if (cell->sound && check->num_created) {
		board.neighbours = others;
		board.num_neighbours = others_of(check, cell->result.name, others);
		source_compile(cell, &board);
	}
	count(check, cell, &cell->result.problems);
	if (check->images && !cell->result.problems.errors)
		check_images(check, cell);
	printf(cell->result.name[0] ? "%s: cell \"%s\": " : "%s: cell: ", cell->path, cell->result.name);
	show_count(stdout, check->errors - before, check->warnings - warnings);
	printf("\n");
	free(others);
}

static bool has_automatic(const struct definition_result *result)
{
	for (size_t i = 0; i < result->num_regions; i++)
		if (result->regions[i].automatic)
			return true;
	return false;
}

/* Creates one more; false when there is no room for it beside the others. */
static bool add_cell(struct source *cell, struct definition_board *board, struct definition_neighbour *beside)
{
	if (source_compile(cell, board) != 0 ||
	    definition_neighbour_read(cell->result.blob, cell->result.size, &beside[board->num_neighbours]) != 0)
		return false;
	board->num_neighbours++;
	return true;
}

/* All at once: each beside all before it, those that can be placed anywhere last. */
static bool all_together(struct check *check, struct source **blamed)
{
	struct definition_neighbour *beside = calloc(check->num_cells + 1, sizeof(*beside));
	struct definition_board board = check->board;
	bool good = beside;

	*blamed = NULL;
	board.neighbours = beside;
	for (size_t i = 0; good && i < 2 * check->num_cells; i++) {
		struct source *cell = &check->cells[i % check->num_cells];

		if (!cell->sound || has_automatic(&cell->result) != (i >= check->num_cells))
			continue;
		*blamed = cell;
		good = add_cell(cell, &board, beside);
	}
	for (size_t i = 0; i < board.num_neighbours; i++)
		definition_neighbour_free(&beside[i]);
	free(beside);
	return good;
}

static bool check_pair(struct check *check, const struct source *a, const struct source *b)
{
	struct definition_problems problems;
	bool never = false;

	if (definition_together(&check->board, source_words(a), source_words(b), &never, &problems) == 0 && never) {
		printf("\"%s\" and \"%s\" can never run at the same time:\n", a->result.name, b->result.name);
		show_errors(stdout, b, &problems);
		check->errors += !check->alternatives;
	} else if (!never) {
		printf("\"%s\" and \"%s\" can run at the same time.\n", a->result.name, b->result.name);
	}
	definition_problems_free(&problems);
	return !never;
}

static void check_together(struct check *check)
{
	struct source *blamed;
	bool pairs = true;
	size_t good = 0;

	for (size_t i = 0; i < check->num_cells; i++)
		good += check->cells[i].sound;
	if (good < 2)
		return;
	if (all_together(check, &blamed)) {
		printf("All %zu cells can run at the same time.\n", good);
		return;
	}
	for (size_t i = 0; i < check->num_cells; i++)
		for (size_t j = i + 1; j < check->num_cells; j++)
			if (check->cells[i].sound && check->cells[j].sound)
				pairs &= check_pair(check, &check->cells[i], &check->cells[j]);
	if (!pairs || !blamed)
		return;
	printf("Each two of them can run at the same time, but not all of them:\n");
	show_errors(stdout, blamed, &blamed->result.problems);
	check->errors += !check->alternatives;
}

static void check_cells(struct check *check, char **paths)
{
	for (size_t i = 0; i < check->num_cells; i++) {
		struct source *cell = &check->cells[i];

		if (!source_open(cell, paths[i], stdout)) {
			check->errors++;
			continue;
		}
		if (!cell->is_system) {
			check_cell(check, cell);
			continue;
		}
		complain(check, paths[i], "not-a-cell", "It has a \"root\": a system definition stands where a cell should.",
			 "There is one system definition, the first file.");
		source_close(cell);
	}
	check_together(check);
}

static int run(struct check *check, char **paths, size_t num_paths)
{
	check->num_cells = num_paths - 1;
	check->cells = calloc(num_paths, sizeof(*check->cells));
	if (!check->cells)
		return 1;
	if (check_system(check, paths[0])) {
		check->errors += !tree_read(check->tree_path, &check->board, &check->tree);
		if (check->live)
			take_created(check, check->sysfs);
		check_cells(check, paths + 1);
	}
	for (size_t i = 0; i < check->num_created; i++)
		definition_neighbour_free(&check->created[i]);
	for (size_t i = 0; i < check->num_cells; i++)
		source_close(&check->cells[i]);
	source_close(&check->system);
	file_free(&check->tree);
	free(check->created);
	free(check->cells);
	return check->errors != 0;
}

/* True when it was an option; *i is moved behind its argument. */
static bool option_read(struct check *check, int argc, char **argv, int *i)
{
	const char *option = argv[*i];

	if (strcmp(option, "--live") == 0)
		check->live = true;
	else if (strcmp(option, "--alternatives") == 0)
		check->alternatives = true;
	else if (strcmp(option, "--images") == 0 && *i + 1 < argc)
		check->images = argv[++*i];
	else if (strcmp(option, "--device-tree") == 0 && *i + 1 < argc)
		check->tree_path = argv[++*i];
	else if (strcmp(option, "--sysfs") == 0 && *i + 1 < argc)
		check->sysfs = argv[++*i];
	else
		return false;
	return true;
}

int config_check(int argc, char **argv)
{
	struct check check = { 0 };
	char **paths = calloc((size_t)argc + 1, sizeof(*paths));
	size_t num_paths = 0;
	bool bad = !paths;
	int status = -1;

	for (int i = 0; !bad && i < argc; i++) {
		if (option_read(&check, argc, argv, &i))
			continue;
		bad = argv[i][0] == '-' && argv[i][1];
		paths[num_paths++] = argv[i];
	}
	if (!bad && num_paths)
		status = run(&check, paths, num_paths);
	free(paths);
	return fflush(stdout) != 0 ? 1 : status;
}
