// SPDX-License-Identifier: MIT
/* A store in memory, its next write may fail. */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct store_cell *cell_find(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_cells; i++)
		if (strcmp(world->cells[i].name, name) == 0)
			return &world->cells[i];
	return NULL;
}

static char *text_copy(const char *text)
{
	char *copy = cJSON_malloc(strlen(text) + 1);

	strcpy(copy, text);
	return copy;
}

static int cell_get_locked(struct world *world, const char *name, struct store_cell *cell)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	*cell = *found;
	cell->definition = text_copy(found->definition);
	return 0;
}

static int cell_get(void *store, const char *name, struct store_cell *cell)
{
	LOCKED(cell_get_locked(store, name, cell));
}

static int cell_each(void *store, int (*each)(void *, const struct store_cell *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; !err && i < world->num_cells; i++)
		err = each(context, &world->cells[i]);
	pthread_mutex_unlock(&world_lock);
	return err;
}

static int take_error(struct world *world)
{
	int err = world->store_error;

	world->store_error = 0;
	return err;
}

static void version_add(struct world *world, const struct store_cell *cell)
{
	struct world_version *row = &world->versions[world->num_versions++];

	*row = (struct world_version){ .version = { .version = cell->version, .time = 1764000000 } };
	snprintf(row->cell, sizeof(row->cell), "%s", cell->name);
	snprintf(row->version.author, sizeof(row->version.author), "%s", cell->author);
	row->version.definition = text_copy(cell->definition);
}

static int version_each(void *store, const char *cell, int (*each)(void *, const struct store_version *),
			void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = world->num_versions; !err && i > 0; i--)
		if (strcmp(world->versions[i - 1].cell, cell) == 0)
			err = each(context, &world->versions[i - 1].version);
	pthread_mutex_unlock(&world_lock);
	return err;
}

static int version_get_locked(struct world *world, const char *cell, int64_t number, struct store_version *version)
{
	for (size_t i = 0; i < world->num_versions; i++)
		if (strcmp(world->versions[i].cell, cell) == 0 && world->versions[i].version.version == number) {
			*version = world->versions[i].version;
			version->definition = text_copy(version->definition);
			return 0;
		}
	return -ENOENT;
}

static int version_get(void *store, const char *cell, int64_t number, struct store_version *version)
{
	LOCKED(version_get_locked(store, cell, number, version));
}

static int cell_put_locked(struct world *world, struct store_cell *cell, int64_t expected)
{
	struct store_cell *found = cell_find(world, cell->name);
	int err = take_error(world);

	if (err)
		return err;
	if (found && expected == 0)
		return -EEXIST;
	if (expected > 0 && (!found || found->revision != expected))
		return -ESTALE;
	if (!found) {
		found = &world->cells[world->num_cells++];
		memset(found, 0, sizeof(*found));
	}
	cell->version = found->version + (!found->definition || strcmp(found->definition, cell->definition) != 0);
	cell->revision = ++world->revisions;
	if (cell->version != found->version && world->num_versions < WORLD_MAX)
		version_add(world, cell);
	cJSON_free(found->definition);
	*found = *cell;
	found->definition = text_copy(cell->definition);
	return 0;
}

static int cell_put(void *store, struct store_cell *cell, int64_t expected)
{
	LOCKED(cell_put_locked(store, cell, expected));
}

static int set_boot_locked(struct world *world, const char *name, bool on, int64_t expected)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	if (expected > 0 && found->revision != expected)
		return -ESTALE;
	found->start_at_boot = on;
	found->revision = ++world->revisions;
	return 0;
}

static int cell_set_start_at_boot(void *store, const char *name, bool on, int64_t expected)
{
	LOCKED(set_boot_locked(store, name, on, expected));
}

static void placement_drop(struct world *world, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; i < world->num_placements; i++)
		if (strcmp(world->placements[i].cell, name) != 0)
			world->placements[kept++] = world->placements[i];
	world->num_placements = kept;
}

static int placement_each(void *store, int (*each)(void *, const struct store_placement *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; !err && i < world->num_placements; i++)
		err = each(context, &world->placements[i]);
	pthread_mutex_unlock(&world_lock);
	return err;
}

static int placement_set_locked(struct world *world, const char *cell, const struct store_placement *from, size_t count)
{
	int err = cell_find(world, cell) ? take_error(world) : -ENOENT;

	if (err)
		return err;
	placement_drop(world, cell);
	for (size_t i = 0; i < count && world->num_placements < WORLD_MAX; i++) {
		world->placements[world->num_placements] = from[i];
		snprintf(world->placements[world->num_placements++].cell, API_NAME_LEN, "%s", cell);
	}
	return 0;
}

static int placement_set(void *store, const char *cell, const struct store_placement *from, size_t count)
{
	LOCKED(placement_set_locked(store, cell, from, count));
}

static int cell_delete_locked(struct world *world, const char *name, int64_t expected)
{
	struct store_cell *found = cell_find(world, name);

	if (!found)
		return -ENOENT;
	if (expected > 0 && found->revision != expected)
		return -ESTALE;
	cJSON_free(found->definition);
	placement_drop(world, name);
	*found = world->cells[--world->num_cells];
	return 0;
}

static int cell_delete(void *store, const char *name, int64_t expected)
{
	LOCKED(cell_delete_locked(store, name, expected));
}

static struct store_image *image_find(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_images; i++)
		if (strcmp(world->images[i].name, name) == 0)
			return &world->images[i];
	return NULL;
}

static int image_get_locked(struct world *world, const char *name, struct store_image *image)
{
	struct store_image *found = image_find(world, name);

	if (!found)
		return -ENOENT;
	*image = *found;
	return 0;
}

static int image_get(void *store, const char *name, struct store_image *image)
{
	LOCKED(image_get_locked(store, name, image));
}

static int image_each(void *store, int (*each)(void *, const struct store_image *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; !err && i < world->num_images; i++)
		err = each(context, &world->images[i]);
	pthread_mutex_unlock(&world_lock);
	return err;
}

static int image_put_locked(struct world *world, const struct store_image *image)
{
	struct store_image *found = image_find(world, image->name);
	int err = take_error(world);

	if (err)
		return err;
	*(found ? found : &world->images[world->num_images++]) = *image;
	return 0;
}

static int image_put(void *store, const struct store_image *image)
{
	LOCKED(image_put_locked(store, image));
}

static int image_delete_locked(struct world *world, const char *name)
{
	struct store_image *found = image_find(world, name);

	if (!found)
		return -ENOENT;
	*found = world->images[--world->num_images];
	return 0;
}

static int image_delete(void *store, const char *name)
{
	LOCKED(image_delete_locked(store, name));
}

static int event_add_locked(struct world *world, const struct store_event *event)
{
	if (event->request[0]) {
		world->request = *event;
		world->num_requests++;
		return 0;
	}
	if (world->num_events == 256)
		return -ENOSPC;
	world->events[world->num_events] = *event;
	if (event->words)
		world->events[world->num_events].words = text_copy(event->words);
	world->num_events++;
	world->events[world->num_events - 1].id = (int64_t)world->num_events;
	return 0;
}

static int event_add(void *store, const struct store_event *event)
{
	LOCKED(event_add_locked(store, event));
}

static int event_get_locked(struct world *world, int64_t id, struct store_event *event, char **words)
{
	if (id < 1 || id > (int64_t)world->num_events)
		return -ENOENT;
	*event = world->events[id - 1];
	*words = event->words ? text_copy(event->words) : NULL;
	return 0;
}

static int event_get(void *store, int64_t id, struct store_event *event, char **words)
{
	LOCKED(event_get_locked(store, id, event, words));
}

static bool text_passes(const char *wanted, const char *text)
{
	return !wanted || strcmp(wanted, text) == 0;
}

static bool event_passes(const struct store_event_filter *filter, const struct store_event *event)
{
	int severity = event->severity[0] == 'e' ? 2 : event->severity[0] == 'w';

	return !filter->requests && event->time >= filter->since && (!filter->before || event->id < filter->before) &&
	       event->id > filter->after && severity >= filter->severity && text_passes(filter->cell, event->cell) &&
	       text_passes(filter->kind, event->kind) && text_passes(filter->actor, event->actor);
}

static int event_each(void *store, const struct store_event_filter *filter,
		      int (*each)(void *, const struct store_event *), void *context)
{
	struct world *world = store;
	int err = 0, given = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; !err && i < world->num_events && given < filter->limit; i++) {
		const struct store_event *event =
			&world->events[filter->oldest_first ? i : world->num_events - 1 - i];

		if (!event_passes(filter, event))
			continue;
		err = each(context, event);
		given++;
	}
	pthread_mutex_unlock(&world_lock);
	return err;
}

char *world_setting(struct world *world, const char *key)
{
	size_t i = 0;

	while (world->settings[i].key[0] && strcmp(world->settings[i].key, key) != 0)
		i++;
	snprintf(world->settings[i].key, sizeof(world->settings[i].key), "%s", key);
	return world->settings[i].value;
}

static char *setting_find(struct world *world, const char *key)
{
	if (strcmp(key, "command.unfinished") == 0)
		return world->unfinished;
	return strcmp(key, "hypervisor.wanted") == 0 ? world->wanted : world_setting(world, key);
}

static int setting_get_locked(struct world *world, const char *key, char *value, size_t size)
{
	const char *found = setting_find(world, key);

	if (!*found)
		return -ENOENT;
	snprintf(value, size, "%s", found);
	return 0;
}

static int setting_put_locked(struct world *world, const char *key, const char *value)
{
	char *found = setting_find(world, key);
	size_t size = found == world->wanted	 ? sizeof(world->wanted) :
		      found == world->unfinished ? sizeof(world->unfinished) :
						   sizeof(world->settings[0].value);

	snprintf(found, size, "%s", value);
	return 0;
}

static int setting_get(void *store, const char *key, char *value, size_t size)
{
	LOCKED(setting_get_locked(store, key, value, size));
}

static int setting_put(void *store, const char *key, const char *value)
{
	LOCKED(setting_put_locked(store, key, value));
}

static struct store_preset *preset_find(struct world *world, const char *name)
{
	for (size_t i = 0; i < world->num_presets; i++)
		if (strcmp(world->presets[i].name, name) == 0)
			return &world->presets[i];
	return NULL;
}

static int preset_get_locked(struct world *world, const char *name, struct store_preset *preset)
{
	struct store_preset *found = preset_find(world, name);

	if (!found)
		return -ENOENT;
	*preset = *found;
	preset->body = text_copy(found->body);
	return 0;
}

static int preset_get(void *store, const char *name, struct store_preset *preset)
{
	LOCKED(preset_get_locked(store, name, preset));
}

static int preset_each(void *store, int (*each)(void *, const struct store_preset *), void *context)
{
	struct world *world = store;
	int err = 0;

	pthread_mutex_lock(&world_lock);
	for (size_t i = 0; !err && i < world->num_presets; i++)
		err = each(context, &world->presets[i]);
	pthread_mutex_unlock(&world_lock);
	return err;
}

static int preset_put_locked(struct world *world, struct store_preset *preset, int64_t expected)
{
	struct store_preset *found = preset_find(world, preset->name);

	if (expected > 0 && (!found || found->revision != expected))
		return -ESTALE;
	preset->version = found ? found->version + 1 : 1;
	preset->revision = ++world->revisions;
	if (found)
		cJSON_free(found->body);
	else
		found = &world->presets[world->num_presets++];
	*found = *preset;
	found->body = text_copy(preset->body);
	return 0;
}

static int preset_put(void *store, struct store_preset *preset, int64_t expected)
{
	LOCKED(preset_put_locked(store, preset, expected));
}

static int preset_delete_locked(struct world *world, const char *name)
{
	struct store_preset *found = preset_find(world, name);

	if (!found)
		return -ENOENT;
	cJSON_free(found->body);
	*found = world->presets[--world->num_presets];
	return 0;
}

static int preset_delete(void *store, const char *name, int64_t expected)
{
	(void)expected;
	LOCKED(preset_delete_locked(store, name));
}

const struct store_ops world_store_ops = {
	.cell_get = cell_get,
	.cell_each = cell_each,
	.cell_put = cell_put,
	.cell_set_start_at_boot = cell_set_start_at_boot,
	.cell_delete = cell_delete,
	.version_each = version_each,
	.version_get = version_get,
	.placement_each = placement_each,
	.placement_set = placement_set,
	.preset_get = preset_get,
	.preset_each = preset_each,
	.preset_put = preset_put,
	.preset_delete = preset_delete,
	.image_get = image_get,
	.image_each = image_each,
	.image_put = image_put,
	.image_delete = image_delete,
	.event_add = event_add,
	.event_get = event_get,
	.event_each = event_each,
	.setting_get = setting_get,
	.setting_put = setting_put,
};
