// SPDX-License-Identifier: MIT
#include "world.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

pthread_mutex_t world_lock = PTHREAD_MUTEX_INITIALIZER;

void world_open(struct world *world, struct agent *agent)
{
	char path[128];
	FILE *file;

	memset(world, 0, sizeof(*world));
	memset(agent, 0, sizeof(*agent));
	world->present = true;
	snprintf(world->audit.result, sizeof(world->audit.result), "clean");
	agent->notice = -1;
	world->news = eventfd(0, EFD_CLOEXEC);
	snprintf(world->data, sizeof(world->data), "/tmp/rotunda-test-XXXXXX");
	if (!mkdtemp(world->data))
		abort();
	snprintf(path, sizeof(path), "%s/system.cell", world->data);
	file = fopen(path, "w");
	fputs("JHSYS", file);
	fclose(file);
	agent->options = (struct agent_options){ .data = world->data,
						 .board_dir = world->data,
						 .device_tree = world->data,
						 .listen = "127.0.0.1",
						 .workers = 8,
						 .body_deadline_ms = 1500 };
	agent->store_ops = &world_store_ops;
	agent->auth_ops = &world_auth_ops;
	agent->driver_ops = &world_driver_ops;
	agent->compiler_ops = &world_compiler_ops;
	agent->store = agent->auth = agent->driver = agent->compiler = world;
	if (agent_start(agent) != 0)
		abort();
}

static void folder_remove(const char *path)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char below[512];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
		if (unlink(below) != 0)
			folder_remove(below);
	}
	if (folder)
		closedir(folder);
	rmdir(path);
}

void world_close(struct world *world, struct agent *agent)
{
	struct driver_reason reason;

	agent_stop(agent);
	while (world->num_created)
		world_driver_ops.destroy(world, world->created[0].cell.name, &reason);
	for (size_t i = 0; i < world->num_cells; i++)
		cJSON_free(world->cells[i].definition);
	for (size_t i = 0; i < world->num_versions; i++)
		store_version_free(&world->versions[i].version);
	for (size_t i = 0; i < world->num_presets; i++)
		store_preset_free(&world->presets[i]);
	for (size_t i = 0; i < world->num_events; i++)
		cJSON_free((void *)(uintptr_t)world->events[i].words);
	close(world->news);
	folder_remove(world->data);
}

void world_state(struct world *world, const char *name, const char *state, const char *code)
{
	struct world_cell *cell;

	pthread_mutex_lock(&world_lock);
	cell = world_created(world, name);
	if (!cell)
		abort();
	snprintf(cell->cell.state, sizeof(cell->cell.state), "%s", state);
	snprintf(cell->cell.failure.code, sizeof(cell->cell.failure.code), "%s", code);
	snprintf(cell->cell.failure.text, sizeof(cell->cell.failure.text), "%s",
		 *code ? "It read what is not its own." : "");
	cell->cell.starts += strcmp(code, "system-reset") == 0;
	world_news_locked(world);
	pthread_mutex_unlock(&world_lock);
}

void world_say(struct world *world, const char *name, const char *text)
{
	struct world_cell *cell;

	pthread_mutex_lock(&world_lock);
	cell = world_created(world, name);
	if (!cell || write(cell->pipe[1], text, strlen(text)) != (ssize_t)strlen(text))
		abort();
	pthread_mutex_unlock(&world_lock);
}
