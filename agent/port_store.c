// SPDX-License-Identifier: MIT
#include "port_store.h"

#include <db/db.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(API_NAME_LEN == DB_NAME_LEN, "names are copied whole");

static void cell_from_db(struct store_cell *cell, const struct db_cell *row)
{
	memcpy(cell->name, row->name, sizeof(cell->name));
	cell->definition = row->definition;
	cell->start_at_boot = row->start_at_boot;
	cell->version = row->version;
	cell->revision = row->revision;
}

static int store_cell_get(void *store, const char *name, struct store_cell *cell)
{
	struct db_cell row;
	int err = db_cell_get(store, name, &row);

	if (!err)
		cell_from_db(cell, &row); /* cJSON uses malloc(), so its free fits this text, too */
	return err;
}

struct cell_walk {
	int (*each)(void *context, const struct store_cell *cell);
	void *context;
};

static int cell_step(void *context, const struct db_cell *row)
{
	struct cell_walk *walk = context;
	struct store_cell cell;

	cell_from_db(&cell, row);
	return walk->each(walk->context, &cell);
}

static int store_cell_each(void *store, int (*each)(void *, const struct store_cell *), void *context)
{
	return db_cell_each(store, cell_step, &(struct cell_walk){ each, context });
}

static int store_cell_put(void *store, struct store_cell *cell, int64_t expected)
{
	struct db_cell row = { .definition = cell->definition, .start_at_boot = cell->start_at_boot };

	int err;

	memcpy(row.name, cell->name, sizeof(row.name));
	memcpy(row.author, cell->author, sizeof(row.author));
	err = db_cell_put(store, &row, expected);
	if (!err) {
		cell->version = row.version;
		cell->revision = row.revision;
	}
	return err;
}

static int store_cell_set_start_at_boot(void *store, const char *name, bool on, int64_t expected)
{
	return db_cell_set_start_at_boot(store, name, on, expected);
}

static int store_cell_delete(void *store, const char *name, int64_t expected)
{
	return db_cell_delete(store, name, expected);
}

static void version_from_db(struct store_version *version, const struct db_cell_version *row)
{
	version->version = row->version;
	version->time = row->time;
	memcpy(version->author, row->author, sizeof(version->author));
	version->definition = row->definition;
}

struct version_walk {
	int (*each)(void *context, const struct store_version *version);
	void *context;
};

static int version_step(void *context, const struct db_cell_version *row)
{
	struct version_walk *walk = context;
	struct store_version version;

	version_from_db(&version, row);
	return walk->each(walk->context, &version);
}

static int store_version_each(void *store, const char *cell, int (*each)(void *, const struct store_version *),
			      void *context)
{
	return db_cell_version_each(store, cell, version_step, &(struct version_walk){ each, context });
}

static int store_version_get(void *store, const char *cell, int64_t number, struct store_version *version)
{
	struct db_cell_version row;
	int err = db_cell_version_get(store, cell, number, &row);

	if (!err)
		version_from_db(version, &row);
	return err;
}

struct placement_walk {
	int (*each)(void *context, const struct store_placement *placement);
	void *context;
};

static int placement_step(void *context, const struct db_placement *row)
{
	struct placement_walk *walk = context;
	struct store_placement placement = { .start = row->start, .size = row->size };

	memcpy(placement.cell, row->cell, sizeof(placement.cell));
	return walk->each(walk->context, &placement);
}

static int store_placement_each(void *store, int (*each)(void *, const struct store_placement *), void *context)
{
	return db_placement_each(store, placement_step, &(struct placement_walk){ each, context });
}

static int store_placement_set(void *store, const char *cell, const struct store_placement *placements, size_t count)
{
	struct db_placement *rows = calloc(count + 1, sizeof(*rows));
	int err = rows ? 0 : -ENOMEM;

	for (size_t i = 0; rows && i < count; i++) {
		rows[i].start = placements[i].start;
		rows[i].size = placements[i].size;
	}
	if (!err)
		err = db_placement_set(store, cell, rows, count);
	free(rows);
	return err;
}

static void image_from_db(struct store_image *image, const struct db_image *row)
{
	memcpy(image->name, row->name, sizeof(image->name));
	memcpy(image->sha256, row->sha256, sizeof(image->sha256));
	image->size = row->size;
	image->created = row->created;
}

static int store_image_get(void *store, const char *name, struct store_image *image)
{
	struct db_image row;
	int err = db_image_get(store, name, &row);

	if (!err)
		image_from_db(image, &row);
	return err;
}

struct image_walk {
	int (*each)(void *context, const struct store_image *image);
	void *context;
};

static int image_step(void *context, const struct db_image *row)
{
	struct image_walk *walk = context;
	struct store_image image;

	image_from_db(&image, row);
	return walk->each(walk->context, &image);
}

static int store_image_each(void *store, int (*each)(void *, const struct store_image *), void *context)
{
	return db_image_each(store, image_step, &(struct image_walk){ each, context });
}

static int store_image_put(void *store, const struct store_image *image)
{
	struct db_image row = { .size = image->size, .created = image->created };

	memcpy(row.name, image->name, sizeof(row.name));
	memcpy(row.sha256, image->sha256, sizeof(row.sha256));
	return db_image_put(store, &row);
}

static int store_image_delete(void *store, const char *name)
{
	return db_image_delete(store, name);
}

static int store_event_add(void *store, const struct store_event *event)
{
	struct db_event row = { 0 };

	memcpy(row.severity, event->severity, sizeof(row.severity));
	memcpy(row.kind, event->kind, sizeof(row.kind));
	memcpy(row.cell, event->cell, sizeof(row.cell));
	memcpy(row.actor, event->actor, sizeof(row.actor));
	memcpy(row.detail, event->detail, sizeof(row.detail));
	memcpy(row.request, event->request, sizeof(row.request));
	row.words = event->words;
	return db_event_add(store, &row);
}

struct event_walk {
	int (*each)(void *context, const struct store_event *event);
	void *context;
};

static void event_in(struct store_event *event, const struct db_event *row)
{
	*event = (struct store_event){ .id = row->id, .time = row->time };
	memcpy(event->severity, row->severity, sizeof(event->severity));
	memcpy(event->kind, row->kind, sizeof(event->kind));
	memcpy(event->cell, row->cell, sizeof(event->cell));
	memcpy(event->actor, row->actor, sizeof(event->actor));
	memcpy(event->detail, row->detail, sizeof(event->detail));
	memcpy(event->request, row->request, sizeof(event->request));
}

static int store_event_get(void *store, int64_t id, struct store_event *event, char **words)
{
	struct db_event row;
	int err = db_event_get(store, id, &row, words);

	if (!err)
		event_in(event, &row);
	return err;
}

static int event_step(void *context, const struct db_event *row)
{
	struct event_walk *walk = context;
	struct store_event event;

	event_in(&event, row);
	return walk->each(walk->context, &event);
}

static int store_event_each(void *store, const struct store_event_filter *filter,
			    int (*each)(void *, const struct store_event *), void *context)
{
	const struct db_event_filter rows = { .cell = filter->cell,
					      .kind = filter->kind,
					      .actor = filter->actor,
					      .requests = filter->requests,
					      .since = filter->since,
					      .severity = filter->severity,
					      .before = filter->before,
					      .after = filter->after,
					      .limit = filter->limit,
					      .oldest_first = filter->oldest_first };

	return db_event_each(store, &rows, event_step, &(struct event_walk){ each, context });
}

static void preset_in(struct store_preset *preset, const struct db_preset *row)
{
	memcpy(preset->name, row->name, sizeof(preset->name));
	preset->body = row->body;
	preset->version = row->version;
	preset->revision = row->revision;
}

static int store_preset_get(void *store, const char *name, struct store_preset *preset)
{
	struct db_preset row;
	int err = db_preset_get(store, name, &row);

	if (!err)
		preset_in(preset, &row);
	return err;
}

struct preset_walk {
	int (*each)(void *context, const struct store_preset *preset);
	void *context;
};

static int preset_step(void *context, const struct db_preset *row)
{
	struct preset_walk *walk = context;
	struct store_preset preset;

	preset_in(&preset, row);
	return walk->each(walk->context, &preset);
}

static int store_preset_each(void *store, int (*each)(void *, const struct store_preset *), void *context)
{
	return db_preset_each(store, preset_step, &(struct preset_walk){ each, context });
}

static int store_preset_put(void *store, struct store_preset *preset, int64_t expected)
{
	struct db_preset row = { .body = preset->body };
	int err;

	memcpy(row.name, preset->name, sizeof(row.name));
	err = db_preset_put(store, &row, expected);
	if (!err) {
		preset->version = row.version;
		preset->revision = row.revision;
	}
	return err;
}

static int store_preset_delete(void *store, const char *name, int64_t expected)
{
	return db_preset_delete(store, name, expected);
}

static void replay_to_db(struct db_replay *row, const struct store_replay *replay)
{
	memset(row, 0, sizeof(*row));
	memcpy(row->actor, replay->actor, sizeof(row->actor));
	memcpy(row->key, replay->key, sizeof(row->key));
	memcpy(row->digest, replay->digest, sizeof(row->digest));
	memcpy(row->type, replay->type, sizeof(row->type));
	memcpy(row->headers, replay->headers, sizeof(row->headers));
	row->status = replay->status;
	row->body = replay->body;
	row->size = replay->size;
}

static int store_replay_begin(void *store, const struct store_replay *wanted, struct store_replay *found)
{
	struct db_replay row, known = { 0 };
	int err;

	replay_to_db(&row, wanted);
	err = db_replay_begin(store, &row, &known);
	memcpy(found->digest, known.digest, sizeof(found->digest));
	memcpy(found->type, known.type, sizeof(found->type));
	memcpy(found->headers, known.headers, sizeof(found->headers));
	found->status = known.status;
	found->body = known.body;
	found->size = known.size;
	return err;
}

static int store_replay_end(void *store, const struct store_replay *replay)
{
	struct db_replay row;

	replay_to_db(&row, replay);
	return db_replay_end(store, &row);
}

static int store_replay_forget(void *store, const struct store_replay *replay)
{
	struct db_replay row;

	replay_to_db(&row, replay);
	return db_replay_forget(store, &row);
}

static int store_setting_get(void *store, const char *key, char *value, size_t size)
{
	return db_setting_get(store, key, value, size);
}

static int store_setting_put(void *store, const char *key, const char *value)
{
	return db_setting_put(store, key, value);
}

const struct store_ops port_store_ops = {
	.cell_get = store_cell_get,
	.cell_each = store_cell_each,
	.cell_put = store_cell_put,
	.cell_set_start_at_boot = store_cell_set_start_at_boot,
	.cell_delete = store_cell_delete,
	.version_each = store_version_each,
	.version_get = store_version_get,
	.placement_each = store_placement_each,
	.placement_set = store_placement_set,
	.preset_get = store_preset_get,
	.preset_each = store_preset_each,
	.preset_put = store_preset_put,
	.preset_delete = store_preset_delete,
	.image_get = store_image_get,
	.image_each = store_image_each,
	.image_put = store_image_put,
	.image_delete = store_image_delete,
	.event_add = store_event_add,
	.event_get = store_event_get,
	.event_each = store_event_each,
	.replay_begin = store_replay_begin,
	.replay_end = store_replay_end,
	.replay_forget = store_replay_forget,
	.setting_get = store_setting_get,
	.setting_put = store_setting_put,
};
