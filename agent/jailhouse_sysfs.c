// SPDX-License-Identifier: MIT
/* The driver's sysfs tree, read into structs. */
#include "jailhouse_client.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/config.h>

#define PATH_SIZE 512
#define RECORDER_TEXT_MAX 0x20000 /* 200 records, none of which makes 400 bytes of text */

static int path_join(char path[PATH_SIZE], const char *directory, const char *name)
{
	int length = snprintf(path, PATH_SIZE, "%s/%s", directory, name);

	return length < 0 || length >= PATH_SIZE ? -ENAMETOOLONG : 0;
}

/* First line of a file without its newline. Leaves "" when there is none. */
static int line_read(char *line, size_t size, const char *directory, const char *name)
{
	char path[PATH_SIZE];
	FILE *file;
	int err = 0;

	line[0] = 0;
	if (path_join(path, directory, name))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	if (!fgets(line, (int)size, file)) {
		err = ferror(file) ? -EIO : 0;
		line[0] = 0;
	}
	fclose(file);
	line[strcspn(line, "\n")] = 0;
	return err;
}

static uint64_t number_read(const char *directory, const char *name)
{
	char line[32];

	return line_read(line, sizeof(line), directory, name) ? 0 : strtoull(line, NULL, 10);
}

int jh_client_system(const char *sysfs, struct jh_client_system *system)
{
	char line[8];
	int err;

	memset(system, 0, sizeof(*system));
	if (!sysfs)
		sysfs = JH_CLIENT_SYSFS;
	err = line_read(line, sizeof(line), sysfs, "enabled");
	if (err)
		return err == -ENOENT ? 0 : err;
	system->present = true;
	system->enabled = line[0] == '1';
	system->mem_pool_size = number_read(sysfs, "mem_pool_size");
	system->mem_pool_used = number_read(sysfs, "mem_pool_used");
	system->remap_pool_size = number_read(sysfs, "remap_pool_size");
	system->remap_pool_used = number_read(sysfs, "remap_pool_used");
	return 0;
}

static int statistic_compare(const void *left, const void *right)
{
	const struct jh_client_statistic *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* Counters are files; the directories next to them are the CPUs. */
static int statistics_read(const char *path, struct jh_client_statistic *list, size_t *count)
{
	struct dirent *entry;
	DIR *dir = opendir(path);

	*count = 0;
	if (!dir)
		return -errno;
	while (*count < JH_CLIENT_STATISTICS && (entry = readdir(dir))) {
		struct jh_client_statistic *statistic = &list[*count];

		if (entry->d_type == DT_DIR || entry->d_name[0] == '.' ||
		    strlen(entry->d_name) >= sizeof(statistic->name))
			continue;
		memcpy(statistic->name, entry->d_name, strlen(entry->d_name) + 1);
		statistic->value = number_read(path, entry->d_name);
		++*count;
	}
	closedir(dir);
	qsort(list, *count, sizeof(*list), statistic_compare);
	return 0;
}

int jh_client_statistics(const char *sysfs, int id, int cpu, struct jh_client_statistic *list, size_t *count)
{
	char path[PATH_SIZE], leaf[24] = "";
	int length;

	if (cpu >= 0)
		snprintf(leaf, sizeof(leaf), "/cpu%d", cpu);
	length = snprintf(path, sizeof(path), "%s/cells/%d/statistics%s", sysfs ? sysfs : JH_CLIENT_SYSFS, id, leaf);
	if (length < 0 || length >= PATH_SIZE)
		return -ENAMETOOLONG;
	return statistics_read(path, list, count);
}

/* A cell may be destroyed while it is read: without a name it is gone. */
static int cell_read(const char *cells, int id, struct jh_client_cell *cell)
{
	char path[PATH_SIZE], statistics[PATH_SIZE], name[12];
	int err;

	memset(cell, 0, sizeof(*cell));
	cell->id = id;
	snprintf(name, sizeof(name), "%d", id);
	if (path_join(path, cells, name))
		return -ENAMETOOLONG;
	err = line_read(cell->name, sizeof(cell->name), path, "name");
	if (err)
		return err;
	line_read(cell->state, sizeof(cell->state), path, "state");
	line_read(cell->cpus, sizeof(cell->cpus), path, "cpus_assigned_list");
	line_read(cell->failed_cpus, sizeof(cell->failed_cpus), path, "cpus_failed_list");
	line_read(cell->failure, sizeof(cell->failure), path, "failure");
	cell->starts = number_read(path, "starts");
	if (path_join(statistics, path, "statistics") == 0)
		statistics_read(statistics, cell->statistics, &cell->num_statistics);
	return 0;
}

int jh_client_cell_config(const char *sysfs, int id, void **config, size_t *size)
{
	char path[PATH_SIZE];
	FILE *file;
	int err = 0;

	if (snprintf(path, sizeof(path), "%s/cells/%d/config", sysfs ? sysfs : JH_CLIENT_SYSFS, id) >= PATH_SIZE)
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	*config = malloc(JH_CONFIG_MAX_SIZE);
	*size = *config ? fread(*config, 1, JH_CONFIG_MAX_SIZE, file) : 0;
	if (!*size)
		err = *config ? -EIO : -ENOMEM;
	fclose(file);
	if (err)
		free(*config);
	return err;
}

int jh_client_recorder(const char *sysfs, bool previous, char **text, size_t *size)
{
	char path[PATH_SIZE];
	FILE *file;
	int err = 0;

	if (path_join(path, sysfs ? sysfs : JH_CLIENT_SYSFS, previous ? "recorder_previous" : "recorder"))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	*text = malloc(RECORDER_TEXT_MAX);
	*size = *text ? fread(*text, 1, RECORDER_TEXT_MAX, file) : 0;
	if (!*text || ferror(file))
		err = *text ? -EIO : -ENOMEM;
	fclose(file);
	if (err)
		free(*text);
	return err;
}

static void audit_line(char *line, struct jh_client_audit *audit)
{
	static const char *const results[] = { "clean", "violation", "incomplete" };
	char *value = strchr(line, ' ');
	uint64_t number;

	line[strcspn(line, "\n")] = 0;
	if (!value)
		return;
	*value++ = 0;
	number = strtoull(value, NULL, 10);
	if (strcmp(line, "result") == 0)
		for (int i = 0; i < 3; i++)
			audit->result = strcmp(value, results[i]) == 0 ? i : audit->result;
	else if (strcmp(line, "audits") == 0)
		audit->audits = number;
	else if (strcmp(line, "violations") == 0)
		audit->violations = number;
	else if (strcmp(line, "pages") == 0)
		audit->pages = number;
	else if (strcmp(line, "extents") == 0)
		audit->extents = (unsigned int)number;
	else if (strcmp(line, "cells") == 0)
		audit->cells = (unsigned int)number;
	else if (strcmp(line, "duration_us") == 0)
		audit->duration_us = (unsigned int)number;
	else if (line[0] && line[strlen(line) - 1] == ':') { /* "code: A sentence." */
		snprintf(audit->code, sizeof(audit->code), "%.*s", (int)strlen(line) - 1, line);
		snprintf(audit->text, sizeof(audit->text), "%s", value);
	}
}

int jh_client_audit_last(const char *sysfs, struct jh_client_audit *audit)
{
	char path[PATH_SIZE], line[320];
	FILE *file;

	memset(audit, 0, sizeof(*audit));
	audit->result = -1;
	if (path_join(path, sysfs ? sysfs : JH_CLIENT_SYSFS, "audit"))
		return -ENAMETOOLONG;
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file))
		audit_line(line, audit);
	fclose(file);
	return audit->result < 0 ? -ENOTCONN : 0;
}

static int cell_compare(const void *left, const void *right)
{
	const struct jh_client_cell *a = left, *b = right;

	return a->id < b->id ? -1 : a->id > b->id;
}

static int cell_append(struct jh_client_cell **cells, size_t *count, const char *directory, const char *name)
{
	struct jh_client_cell *grown;
	char *end;
	long id = strtol(name, &end, 10);

	if (end == name || *end || id < 0 || id > 255)
		return 0;
	grown = realloc(*cells, (*count + 1) * sizeof(**cells));
	if (!grown)
		return -ENOMEM;
	*cells = grown;
	if (cell_read(directory, (int)id, &grown[*count]) == 0)
		++*count;
	return 0;
}

int jh_client_cells(const char *sysfs, struct jh_client_cell **cells, size_t *count)
{
	char path[PATH_SIZE];
	struct dirent *entry;
	DIR *dir;
	int err = 0;

	*cells = NULL;
	*count = 0;
	if (!sysfs)
		sysfs = JH_CLIENT_SYSFS;
	if (path_join(path, sysfs, "cells"))
		return -ENAMETOOLONG;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (!err && (entry = readdir(dir)))
		err = cell_append(cells, count, path, entry->d_name);
	closedir(dir);
	if (err) {
		free(*cells);
		*cells = NULL;
		*count = 0;
		return err;
	}
	if (*count > 0)
		qsort(*cells, *count, sizeof(**cells), cell_compare);
	return 0;
}
